//! The trash for programs.

use axum::extract::State;
use deserr::Deserr;
use docket::paging::Page;
use docket::trash::{Trashed as Record, service};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::answers::{Answer, Done, Rows, Time};
use super::caller::Caller;
use super::input::{Cursor, Id, Limit, Parsed, Query, Refused, wanted};
use crate::state::AppState;

pub(super) fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(see, empty), routes!(restore), routes!(remove)]
}

/// What kind of row was deleted.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    List,
    Todo,
}

/// Something that was deleted and can be restored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trashed {
    id: Uuid,
    kind: Kind,
    /// The name of the list or the title of the todo.
    #[schema(example = "Milk")]
    title: String,
    /// Of a todo, the name of its list; of a list, null.
    #[schema(required = true, example = "Groceries")]
    list_name: Option<String>,
    /// Of a list, how many todos come back with it; of a todo, 0.
    #[schema(minimum = 0)]
    todo_count: i64,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    deleted_at: Time,
}

impl From<Record> for Trashed {
    fn from(record: Record) -> Self {
        let Record { id, is_list, title, list_name, todo_count, deleted_at } = record;
        let kind = if is_list { Kind::List } else { Kind::Todo };
        Self { id, kind, title, list_name, todo_count, deleted_at: Time(deleted_at) }
    }
}

/// A page of the trash.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trash {
    trash: Vec<Trashed>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

impl From<Page<Record>> for Trash {
    fn from(page: Page<Record>) -> Self {
        Self { trash: page.rows.into_iter().map(Trashed::from).collect(), next_cursor: page.next }
    }
}

/// Which part of the trash.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Refused, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    #[deserr(default)]
    cursor: Option<Parsed<Cursor>>,
    /// Most rows of a page; 100 where nothing is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    #[deserr(default)]
    limit: Option<Parsed<Limit>>,
}

/// See the trash
///
/// Last deleted first. Todos of a deleted list come back with it and are not shown.
#[utoipa::path(get, path = "/trash", tag = "trash", operation_id = "listTrash", params(Wanted),
    responses((status = 200, description = "A page of the trash", body = Trash)))]
async fn see(State(state): State<AppState>, caller: Caller, Query(wants): Query<Wanted>) -> Answer<Rows<Trash>> {
    let page = service::page(&state.docket, caller.id(), &wanted(wants.cursor, wants.limit)).await?;
    Ok(page.into())
}

/// Restore something from the trash
///
/// A list comes back with its todos, a todo to its place. A todo whose list is in the trash too comes back only after it.
#[utoipa::path(post, path = "/trash/{id}/restore", tag = "trash", operation_id = "restoreTrashed",
    params(("id" = Uuid, Path, description = "The list or todo")), responses((status = 204, description = "Restored")))]
async fn restore(State(state): State<AppState>, caller: Caller, Id(id): Id) -> Answer<Done> {
    service::restore(&state.docket, caller.id(), id).await?;
    Ok(Done)
}

/// Remove something in the trash for good
///
/// A list goes with all its todos.
#[utoipa::path(delete, path = "/trash/{id}", tag = "trash", operation_id = "removeTrashed",
    params(("id" = Uuid, Path, description = "The list or todo")), responses((status = 204, description = "Gone")))]
async fn remove(State(state): State<AppState>, caller: Caller, Id(id): Id) -> Answer<Done> {
    service::remove(&state.docket, caller.id(), id).await?;
    Ok(Done)
}

/// Empty the trash for good
///
/// There is no way back.
#[utoipa::path(delete, path = "/trash", tag = "trash", operation_id = "emptyTrash",
    responses((status = 204, description = "Empty")))]
async fn empty(State(state): State<AppState>, caller: Caller) -> Answer<Done> {
    service::empty(&state.docket, caller.id()).await?;
    Ok(Done)
}
