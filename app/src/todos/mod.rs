//! Todos: their server functions and what is on the screen of them.

#![expect(missing_docs, reason = "the fields are those of the arguments of the server functions")]

pub mod rows;
pub mod view;

use docket::lists::List;
use docket::todos::Todo;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::ApiError;
use crate::rpc::Guarded;
#[cfg(feature = "ssr")]
use crate::{paths, request::signed_in};
#[cfg(feature = "ssr")]
use docket::{
    Error,
    error::FieldErrors,
    lists,
    paging::Wanted,
    rows::{Expected, Place},
    todos::{Notes, Title, service},
};

/// Todos shown on one page of a list; the rest follows on further pages.
pub const PAGE: usize = 500;

/// A list and a stretch of its todos.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListPage {
    /// The list.
    pub list: List,
    /// Todos in their order.
    pub todos: Vec<Todo>,
    /// What to ask for the todos that follow with, if there are more.
    pub next: Option<String>,
}

/// A list with a page of its todos: the one that an earlier page named as next, or the first.
///
/// # Errors
/// What the use case says; so below.
#[server(protocol = Guarded)]
pub async fn see_list(list_id: Uuid, #[server(default)] page: Option<String>) -> Result<ListPage, ApiError> {
    let (scope, user) = signed_in()?;
    let list = lists::service::get(&scope.docket, user, list_id).await?;
    let wanted = Wanted { cursor: page.filter(|page| !page.is_empty()), limit: PAGE };
    let page = service::page(&scope.docket, user, &service::Query::list(list_id), &wanted).await?;
    Ok(ListPage { list: list.into(), todos: page.rows.into_iter().map(Todo::from).collect(), next: page.next })
}

/// Adds a todo to the end of a list.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn add_todo(id: Uuid, list_id: Uuid, title: String) -> Result<Todo, ApiError> {
    let (scope, user) = signed_in()?;
    let title = Title::parse(&title).map_err(|problem| Error::field("title", problem))?;
    let new = service::New { id, list: list_id, title, notes: Notes::default(), place: Place::Last };
    Ok(service::create(&scope.docket, user, new).await?.row.into())
}

/// Changes title and notes, unless the todo was changed since the page was made.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn edit_todo(id: Uuid, title: String, notes: String, version: i64) -> Result<Todo, ApiError> {
    let (scope, user) = signed_in()?;
    let mut fields = FieldErrors::default();
    let (title, notes) = (fields.check("title", Title::parse(&title)), fields.check("notes", Notes::parse(&notes)));
    if !fields.0.is_empty() {
        return Err(fields.into_error().into());
    }
    let change = service::Change { title, notes, ..Default::default() };
    let todo = service::change(&scope.docket, user, id, change, &Expected::version(version)).await?;
    scope.then(|outcome| outcome.location = Some(paths::list(todo.list_id)));
    Ok(todo.into())
}

/// Marks a todo as done, or to do again.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn set_done(id: Uuid, done: bool) -> Result<Todo, ApiError> {
    let (scope, user) = signed_in()?;
    let change = service::Change { done: Some(done), ..Default::default() };
    Ok(service::change(&scope.docket, user, id, change, &Expected::Any).await?.into())
}

/// Moves a todo within its list.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn place_todo(id: Uuid, place: String) -> Result<Todo, ApiError> {
    let (scope, user) = signed_in()?;
    let place = place.parse().map_err(|problem| Error::field("place", problem))?;
    let change = service::Change { place: Some(place), ..Default::default() };
    Ok(service::change(&scope.docket, user, id, change, &Expected::Any).await?.into())
}

/// Moves a todo to the end of another list.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn move_todo(id: Uuid, list_id: Uuid) -> Result<Todo, ApiError> {
    let (scope, user) = signed_in()?;
    let change = service::Change { list: Some(list_id), ..Default::default() };
    let todo = service::change(&scope.docket, user, id, change, &Expected::Any).await?;
    scope.then(|outcome| outcome.location = Some(paths::list(todo.list_id)));
    Ok(todo.into())
}

/// Puts a todo into the trash.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn delete_todo(id: Uuid) -> Result<(), ApiError> {
    let (scope, user) = signed_in()?;
    service::delete(&scope.docket, user, id, &Expected::Any).await?;
    scope.then(|outcome| outcome.notice = Some("The todo is in the trash.".into()));
    Ok(())
}

/// Puts all done todos of a list into the trash; answers how many.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn clear_done(list_id: Uuid) -> Result<u64, ApiError> {
    let (scope, user) = signed_in()?;
    let count = service::clear_done(&scope.docket, user, list_id).await?;
    scope.then(|outcome| outcome.notice = Some("The done todos are in the trash.".into()));
    Ok(count)
}
