//! Todos for programs.

use axum::extract::State;
use deserr::Deserr;
use docket::accounts::User;
use docket::paging::{Order, Page};
use docket::rows::Place;
use docket::search::Needle;
use docket::todos::service::{self, Change, New as NewRecord, Sort};
use docket::todos::{Notes, Record, Title};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::PREFIX;
use super::answers::{Answer, Done, New, Resource, Row, Rows, Time, place};
use super::caller::Caller;
use super::conditions::{IfMatch, Version, or_current};
use super::input::{Cursor, Id, Json, Limit, Maybe, Parsed, Query, Refused, wanted};
use super::lists::behind;
use super::names::{OrderName, SortName};
use crate::state::AppState;

pub(super) fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(of_list, create), routes!(batch), routes!(all), routes!(get, change, delete)]
}

/// A todo.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Todo {
    id: Uuid,
    /// The list it stands in.
    list_id: Uuid,
    /// Whose it is.
    user_id: Uuid,
    #[schema(min_length = 1, max_length = 500, example = "Milk")]
    title: String,
    #[schema(max_length = 10000, example = "two litres")]
    notes: String,
    done: bool,
    /// When it was done; null while it is to do.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    done_at: Option<Time>,
    /// Its place in the list: todos sort as these texts do.
    #[schema(example = "80")]
    position: String,
    /// Raised by every change.
    #[schema(minimum = 1, example = 1)]
    version: i64,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    created_at: Time,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    updated_at: Time,
}

impl From<Record> for Todo {
    fn from(record: Record) -> Self {
        let Record { id, list_id, user_id, title, notes, version, .. } = record;
        Self {
            id,
            list_id,
            user_id,
            title,
            notes,
            done: record.done_at.is_some(),
            done_at: record.done_at.map(Time),
            position: place(&record.position),
            version,
            created_at: Time(record.created_at),
            updated_at: Time(record.updated_at),
        }
    }
}

impl Resource for Todo {
    fn tag(&self) -> String {
        self.version.to_string()
    }

    fn path(&self) -> String {
        format!("{PREFIX}/todos/{}", self.id)
    }
}

/// A page of todos.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Todos {
    todos: Vec<Todo>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

impl From<Page<Record>> for Todos {
    fn from(page: Page<Record>) -> Self {
        Self { todos: page.rows.into_iter().map(Todo::from).collect(), next_cursor: page.next }
    }
}

/// Which todos of a list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Refused, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedOfList {
    /// `asc` where nothing is said.
    #[param(inline, value_type = Option<OrderName>)]
    #[deserr(default)]
    order: Option<Parsed<Order>>,
    /// `position` where nothing is said.
    #[param(inline, value_type = Option<SortName>)]
    #[deserr(default)]
    sort: Option<Parsed<Sort>>,
    /// Only those that are done, or only those that are not.
    #[param(value_type = Option<bool>)]
    #[deserr(default)]
    done: Option<Parsed<bool>>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    #[deserr(default)]
    cursor: Option<Parsed<Cursor>>,
    /// Most todos of a page; 100 where nothing is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    #[deserr(default)]
    limit: Option<Parsed<Limit>>,
}

/// Which todos.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Refused, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// By when they were made; `asc` where nothing is said.
    #[param(inline, value_type = Option<OrderName>)]
    #[deserr(default)]
    order: Option<Parsed<Order>>,
    /// Only those that are done, or only those that are not.
    #[param(value_type = Option<bool>)]
    #[deserr(default)]
    done: Option<Parsed<bool>>,
    /// Only those whose title or notes hold this text, whatever its case and accents.
    #[param(value_type = Option<String>, max_length = 500)]
    #[deserr(default)]
    q: Option<Parsed<Needle>>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    #[deserr(default)]
    cursor: Option<Parsed<Cursor>>,
    /// Most todos of a page; 100 where nothing is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    #[deserr(default)]
    limit: Option<Parsed<Limit>>,
}

/// A todo to be made.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"title": "Milk", "notes": "two litres"}))]
pub(crate) struct NewTodo {
    /// One line; space around it is dropped.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    title: Parsed<Title>,
    #[schema(value_type = String, required = false, max_length = 10000)]
    #[deserr(default)]
    notes: Maybe<Parsed<Notes>>,
    /// Choose a random one (UUID version 4 or 7) to make repeating the call harmless.
    #[schema(value_type = Uuid, required = false)]
    #[deserr(default)]
    id: Maybe<Parsed<Uuid>>,
    /// The todo to stand behind; null for the top. Without it, the todo comes last.
    #[schema(value_type = Option<Uuid>, required = false)]
    #[deserr(default)]
    after: Maybe<Option<Parsed<Uuid>>>,
}

impl NewTodo {
    fn into_record(self, list: Uuid) -> NewRecord {
        NewRecord {
            id: self.id.given().map_or_else(Uuid::now_v7, |id| id.0),
            list,
            title: self.title.0,
            notes: self.notes.given().map_or_else(Notes::default, |notes| notes.0),
            place: self.after.given().map_or(Place::Last, behind),
        }
    }
}

/// What to change about a todo; what is left out stays.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"done": true}))]
pub(crate) struct TodoChange {
    /// One line; space around it is dropped.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 500)]
    #[deserr(default)]
    title: Maybe<Parsed<Title>>,
    #[schema(value_type = String, required = false, max_length = 10000)]
    #[deserr(default)]
    notes: Maybe<Parsed<Notes>>,
    #[schema(value_type = bool, required = false)]
    #[deserr(default)]
    done: Maybe<bool>,
    /// Another list; without `after`, the todo comes last there.
    #[schema(value_type = Uuid, required = false)]
    #[deserr(default)]
    list_id: Maybe<Parsed<Uuid>>,
    /// The todo to stand behind; null for the top.
    #[schema(value_type = Option<Uuid>, required = false)]
    #[deserr(default)]
    after: Maybe<Option<Parsed<Uuid>>>,
}

impl From<TodoChange> for Change {
    fn from(change: TodoChange) -> Self {
        Self {
            title: change.title.given().map(|title| title.0),
            notes: change.notes.given().map(|notes| notes.0),
            done: change.done.given(),
            list: change.list_id.given().map(|list| list.0),
            place: change.after.given().map(behind),
        }
    }
}

/// Changes to several todos of a list, 500 in all; no id may come twice.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"done": ["01936f2e-7a3c-7000-8000-000000000001", "01936f2e-7a3c-7000-8000-000000000002"]}))]
pub(crate) struct Batch {
    /// These are done.
    #[schema(value_type = Vec<Uuid>, required = false, max_items = 500)]
    #[deserr(default)]
    done: Vec<Parsed<Uuid>>,
    /// These are to do again.
    #[schema(value_type = Vec<Uuid>, required = false, max_items = 500)]
    #[deserr(default)]
    reopen: Vec<Parsed<Uuid>>,
    /// These go to the trash.
    #[schema(value_type = Vec<Uuid>, required = false, max_items = 500)]
    #[deserr(default)]
    delete: Vec<Parsed<Uuid>>,
}

impl From<Batch> for service::Batch {
    fn from(batch: Batch) -> Self {
        let ids = |ids: Vec<Parsed<Uuid>>| ids.into_iter().map(|id| id.0).collect();
        Self { done: ids(batch.done), reopen: ids(batch.reopen), delete: ids(batch.delete) }
    }
}

/// What a batch changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Changed {
    /// The todos that were marked as done or to do, as they are now.
    todos: Vec<Todo>,
}

/// See the todos of a list
///
/// To look for text, see the todos of all lists.
#[utoipa::path(get, path = "/lists/{id}/todos", tag = "todos", operation_id = "listTodosOfList",
    params(("id" = Uuid, Path, description = "The list"), WantedOfList),
    responses((status = 200, description = "A page of todos", body = Todos)))]
async fn of_list(
    State(state): State<AppState>,
    caller: Caller,
    Id(list): Id,
    Query(wants): Query<WantedOfList>,
) -> Answer<Rows<Todos>> {
    let query = service::Query {
        done: wants.done.map(|done| done.0),
        sort: wants.sort.map_or(Sort::Position, |sort| sort.0),
        order: wants.order.map_or_else(Order::default, |order| order.0),
        ..service::Query::list(list)
    };
    let page = service::page(&state.docket, caller.id(), &query, &wanted(wants.cursor, wants.limit)).await?;
    Ok(page.into())
}

/// See the todos of all lists
///
/// By when they were made.
#[utoipa::path(get, path = "/todos", tag = "todos", operation_id = "listTodos", params(Wanted),
    responses((status = 200, description = "A page of todos", body = Todos)))]
async fn all(State(state): State<AppState>, caller: Caller, Query(wants): Query<Wanted>) -> Answer<Rows<Todos>> {
    let query = service::Query {
        list: None,
        done: wants.done.map(|done| done.0),
        text: wants.q.map(|text| text.0),
        sort: Sort::CreatedAt,
        order: wants.order.map_or_else(Order::default, |order| order.0),
    };
    let page = service::page(&state.docket, caller.id(), &query, &wanted(wants.cursor, wants.limit)).await?;
    Ok(page.into())
}

/// Make a todo
///
/// With an `id` that one of your todos has, nothing is made and that todo is answered as it is.
#[utoipa::path(post, path = "/lists/{id}/todos", tag = "todos", operation_id = "createTodo", request_body = NewTodo,
    params(("id" = Uuid, Path, description = "The list")), responses(
    (status = 201, description = "Made", body = Todo, headers(("Location", description = "Where it is"), ("ETag", description = "Its version"))),
    (status = 200, description = "It was there already", body = Todo, headers(("Location", description = "Where it is"), ("ETag", description = "Its version"))),
    (status = 409, description = "`id_taken`")))]
async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Id(list): Id,
    Json(new): Json<NewTodo>,
) -> Answer<New<Todo>> {
    Ok(service::create(&state.docket, caller.id(), new.into_record(list)).await?.into())
}

/// Change several todos of a list
///
/// All of it is done, or nothing. The answer holds the todos that were marked, in the order of the list.
#[utoipa::path(post, path = "/lists/{id}/todos/batch", tag = "todos", operation_id = "changeTodos", request_body = Batch,
    params(("id" = Uuid, Path, description = "The list")),
    responses((status = 200, description = "Done", body = Changed)))]
async fn batch(
    State(state): State<AppState>,
    caller: Caller,
    Id(list): Id,
    Json(batch): Json<Batch>,
) -> Answer<Rows<Changed>> {
    let changed = service::batch(&state.docket, caller.id(), list, &batch.into()).await?;
    let count = changed.len();
    Ok(Rows(Changed { todos: changed.into_iter().map(Todo::from).collect() }, count))
}

/// See a todo
///
/// Not while it or its list is in the trash.
#[utoipa::path(get, path = "/todos/{id}", tag = "todos", operation_id = "getTodo", params(("id" = Uuid, Path, description = "The todo")),
    responses((status = 200, description = "The todo", body = Todo, headers(("ETag", description = "Its version")))))]
async fn get(State(state): State<AppState>, caller: Caller, Id(id): Id) -> Answer<Row<Todo>> {
    current(&state, caller.user(), id).await.map(Row).map_err(Into::into)
}

/// Change a todo
///
/// What is left out stays as it is. `list_id` moves it to another list, `after` to a place there, else it comes last.
#[utoipa::path(patch, path = "/todos/{id}", tag = "todos", operation_id = "updateTodo", request_body = TodoChange,
    params(("id" = Uuid, Path, description = "The todo"), Version),
    responses((status = 200, description = "The todo as it is now", body = Todo, headers(("ETag", description = "Its version")))))]
async fn change(
    State(state): State<AppState>,
    caller: Caller,
    Id(id): Id,
    IfMatch(expected): IfMatch,
    Json(change): Json<TodoChange>,
) -> Answer<Row<Todo>> {
    let changed = service::change(&state.docket, caller.id(), id, change.into(), &expected).await;
    or_current(changed, current(&state, caller.user(), id)).await.map(|todo| Row(todo.into()))
}

/// Delete a todo
///
/// It goes to the trash.
#[utoipa::path(delete, path = "/todos/{id}", tag = "todos", operation_id = "deleteTodo",
    params(("id" = Uuid, Path, description = "The todo"), Version),
    responses((status = 204, description = "In the trash")))]
async fn delete(State(state): State<AppState>, caller: Caller, Id(id): Id, IfMatch(expected): IfMatch) -> Answer<Done> {
    let deleted = service::delete(&state.docket, caller.id(), id, &expected).await;
    or_current(deleted, current(&state, caller.user(), id)).await.map(|_| Done)
}

async fn current(state: &AppState, user: &User, id: Uuid) -> docket::Result<Todo> {
    service::get(&state.docket, user.id, id).await.map(Todo::from)
}
