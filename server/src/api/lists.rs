//! Lists for programs.

use axum::extract::State;
use deserr::Deserr;
use docket::accounts::User;
use docket::lists::service::{self, Change};
use docket::lists::{ListName, Record};
use docket::paging::{Order, Page};
use docket::rows::Place;
use docket::search::Needle;
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
use super::names::OrderName;
use crate::state::AppState;

pub(super) fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(all, create), routes!(get, change, delete)]
}

/// A list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List {
    id: Uuid,
    /// Whose it is.
    user_id: Uuid,
    #[schema(min_length = 1, max_length = 120, example = "Groceries")]
    name: String,
    /// Whether it stands among the first on the screen.
    favourite: bool,
    /// Its place: lists sort as these texts do.
    #[schema(example = "80")]
    position: String,
    /// Todos still to do.
    #[schema(minimum = 0, example = 3)]
    open_count: i64,
    /// Todos done.
    #[schema(minimum = 0, example = 5)]
    done_count: i64,
    /// Raised by every change of the list itself, not by its todos.
    #[schema(minimum = 1, example = 1)]
    version: i64,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    created_at: Time,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    updated_at: Time,
}

impl From<Record> for List {
    fn from(record: Record) -> Self {
        let Record { id, user_id, name, favourite, position, open_count, done_count, version, .. } = record;
        let (created_at, updated_at) = (Time(record.created_at), Time(record.updated_at));
        let position = place(&position);
        Self { id, user_id, name, favourite, position, open_count, done_count, version, created_at, updated_at }
    }
}

impl Resource for List {
    // The counts change without the list's version.
    fn tag(&self) -> String {
        format!("{}-{}-{}", self.version, self.open_count, self.done_count)
    }

    fn path(&self) -> String {
        format!("{PREFIX}/lists/{}", self.id)
    }
}

/// A page of lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lists {
    lists: Vec<List>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

impl From<Page<Record>> for Lists {
    fn from(page: Page<Record>) -> Self {
        Self { lists: page.rows.into_iter().map(List::from).collect(), next_cursor: page.next }
    }
}

/// Which lists.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Refused, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// By `position`; `asc` where nothing is said.
    #[param(inline, value_type = Option<OrderName>)]
    #[deserr(default)]
    order: Option<Parsed<Order>>,
    /// Only lists whose name holds this text, whatever its case and accents.
    #[param(value_type = Option<String>, max_length = 500)]
    #[deserr(default)]
    name: Option<Parsed<Needle>>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    #[deserr(default)]
    cursor: Option<Parsed<Cursor>>,
    /// Most lists of a page; 100 where nothing is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    #[deserr(default)]
    limit: Option<Parsed<Limit>>,
}

/// A list to be made.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(as = NewList, example = json!({"name": "Groceries"}))]
pub(crate) struct NewList {
    /// One line; space around it is dropped.
    #[schema(value_type = String, min_length = 1, max_length = 120)]
    name: Parsed<ListName>,
    /// Choose a random one (UUID version 4 or 7) to make repeating the call harmless.
    #[schema(value_type = Uuid, required = false)]
    #[deserr(default)]
    id: Maybe<Parsed<Uuid>>,
}

/// What to change about a list; what is left out stays.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"favourite": true}))]
pub(crate) struct ListChange {
    /// One line; space around it is dropped.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 120)]
    #[deserr(default)]
    name: Maybe<Parsed<ListName>>,
    #[schema(value_type = bool, required = false)]
    #[deserr(default)]
    favourite: Maybe<bool>,
    /// The list to stand behind; null for the top.
    #[schema(value_type = Option<Uuid>, required = false)]
    #[deserr(default)]
    after: Maybe<Option<Parsed<Uuid>>>,
}

impl From<ListChange> for Change {
    fn from(change: ListChange) -> Self {
        Self {
            name: change.name.given().map(|name| name.0),
            favourite: change.favourite.given(),
            place: change.after.given().map(behind),
        }
    }
}

/// Where a row with this `after` stands.
pub(super) fn behind(after: Option<Parsed<Uuid>>) -> Place {
    after.map_or(Place::First, |id| Place::After(id.0))
}

/// See your lists
///
/// By `position`, favourites not apart.
#[utoipa::path(get, path = "/lists", tag = "lists", operation_id = "listLists", params(Wanted),
    responses((status = 200, description = "A page of lists", body = Lists)))]
async fn all(State(state): State<AppState>, caller: Caller, Query(wants): Query<Wanted>) -> Answer<Rows<Lists>> {
    let name = wants.name.map(|name| name.0);
    let query = service::Query { name, order: wants.order.map_or_else(Order::default, |order| order.0) };
    let page = service::page(&state.docket, caller.id(), &query, &wanted(wants.cursor, wants.limit)).await?;
    Ok(page.into())
}

/// Make a list
///
/// It comes last. With an `id` that one of your lists has, nothing is made and that list is answered as it is.
#[utoipa::path(post, path = "/lists", tag = "lists", operation_id = "createList", request_body = NewList, responses(
    (status = 201, description = "Made", body = List, headers(("Location", description = "Where it is"), ("ETag", description = "Its version"))),
    (status = 200, description = "It was there already", body = List, headers(("Location", description = "Where it is"), ("ETag", description = "Its version"))),
    (status = 409, description = "`id_taken`")))]
async fn create(State(state): State<AppState>, caller: Caller, Json(new): Json<NewList>) -> Answer<New<List>> {
    let id = new.id.given().map_or_else(Uuid::now_v7, |id| id.0);
    Ok(service::create(&state.docket, caller.id(), id, &new.name.0).await?.into())
}

/// See a list
///
/// With how many of its todos are to do and done.
#[utoipa::path(get, path = "/lists/{id}", tag = "lists", operation_id = "getList", params(("id" = Uuid, Path, description = "The list")),
    responses((status = 200, description = "The list", body = List, headers(("ETag", description = "Its version")))))]
async fn get(State(state): State<AppState>, caller: Caller, Id(id): Id) -> Answer<Row<List>> {
    current(&state, caller.user(), id).await.map(Row).map_err(Into::into)
}

/// Change a list
///
/// What is left out stays as it is. `after` moves it among the other lists.
#[utoipa::path(patch, path = "/lists/{id}", tag = "lists", operation_id = "updateList", request_body = ListChange,
    params(("id" = Uuid, Path, description = "The list"), Version),
    responses((status = 200, description = "The list as it is now", body = List, headers(("ETag", description = "Its version")))))]
async fn change(
    State(state): State<AppState>,
    caller: Caller,
    Id(id): Id,
    IfMatch(expected): IfMatch,
    Json(change): Json<ListChange>,
) -> Answer<Row<List>> {
    let changed = service::change(&state.docket, caller.id(), id, change.into(), &expected).await;
    or_current(changed, current(&state, caller.user(), id)).await.map(|list| Row(list.into()))
}

/// Delete a list
///
/// It goes to the trash with its todos.
#[utoipa::path(delete, path = "/lists/{id}", tag = "lists", operation_id = "deleteList",
    params(("id" = Uuid, Path, description = "The list"), Version),
    responses((status = 204, description = "In the trash")))]
async fn delete(State(state): State<AppState>, caller: Caller, Id(id): Id, IfMatch(expected): IfMatch) -> Answer<Done> {
    let deleted = service::delete(&state.docket, caller.id(), id, &expected).await;
    or_current(deleted, current(&state, caller.user(), id)).await.map(|_| Done)
}

async fn current(state: &AppState, user: &User, id: Uuid) -> docket::Result<List> {
    service::get(&state.docket, user.id, id).await.map(List::from)
}
