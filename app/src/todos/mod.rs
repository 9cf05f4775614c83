//! Todos: their server functions and what is on the screen of them.

#![expect(missing_docs, reason = "the fields are those of the arguments of the server functions")]

pub mod line;
pub(crate) mod rehearsal;
pub mod rows;
pub mod view;
mod words;

use docket::lists::List;
use docket::todos::Todo;
use leptos::prelude::*;
use serde::{Deserialize, Serialize, Serializer};
#[cfg(feature = "ssr")]
use server_fn::ServerFn;
use uuid::Uuid;

use crate::error::ApiError;
use crate::rpc::Guarded;
#[cfg(feature = "ssr")]
use crate::{paths, request::signed_in, trash::Restore};
#[cfg(feature = "ssr")]
use docket::{
    Docket, Error,
    error::{FieldErrors, Problem},
    lists,
    paging::{Page, Wanted},
    rows::{Changed, Expected, Place},
    search::Needle,
    todos::{Notes, Title, service},
};

/// Todos shown on one page of a list; the rest follows on further pages.
pub const PAGE: usize = 500;

/// A list and a stretch of its todos.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Packed")]
pub struct ListPage {
    /// The list.
    pub list: List,
    /// Todos in their order.
    pub todos: Vec<Todo>,
    /// What to ask for the todos that follow with, if there are more.
    pub next: Option<String>,
}

/// How a [`ListPage`] travels: its todos (id, title, notes, whether it is done as 1 or 0, version) without names, and without the
/// list that all are of, as they are most of what a page hands over to the browser.
#[derive(Deserialize)]
struct Packed(List, Vec<(Uuid, String, String, i64, i64)>, Option<String>);

impl Serialize for ListPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn packed(todo: &Todo) -> (Uuid, &str, &str, i64, i64) {
            (todo.id, &todo.title, &todo.notes, i64::from(todo.done), todo.version)
        }
        let todos: Vec<_> = self.todos.iter().map(packed).collect();
        (&self.list, todos, &self.next).serialize(serializer)
    }
}

impl From<Packed> for ListPage {
    fn from(Packed(list, todos, next): Packed) -> Self {
        let list_id = list.id;
        let todo = |(id, title, notes, done, version)| Todo { id, list_id, title, notes, done: done != 0, version };
        Self { list, todos: todos.into_iter().map(todo).collect(), next }
    }
}

/// A list with a page of its todos: the one that an earlier page named as next, or the first.
///
/// # Errors
/// What the use case says; so below.
#[server(protocol = Guarded)]
pub async fn see_list(list_id: Uuid, #[server(default)] page: Option<String>) -> Result<ListPage, ApiError> {
    let (scope, user) = signed_in()?;
    let list = lists::service::get(&scope.docket, user, list_id).await?.into();
    let page = service::page(&scope.docket, user, &service::Query::list(list_id), &wanted(page)).await?;
    Ok(ListPage { list, todos: page.rows.into_iter().map(Todo::from).collect(), next: page.next })
}

/// What [`see_list`] answers, with all lists beside it.
#[cfg(feature = "ssr")]
pub(crate) async fn see_list_beside_all(
    docket: &Docket,
    user: Uuid,
    list_id: Uuid,
    page: Option<String>,
) -> Result<(Vec<List>, Result<ListPage, ApiError>), Error> {
    let (lists, page) = service::page_beside_lists(docket, user, list_id, &wanted(page)).await?;
    let lists: Vec<List> = lists.into_iter().map(List::from).collect();
    let list = lists.iter().find(|list| list.id == list_id).cloned().ok_or(Error::NotFound);
    let page = page.and_then(|Page { rows: todos, next }| Ok(ListPage { list: list?, todos, next }));
    Ok((lists, page.map_err(ApiError::from)))
}

#[cfg(feature = "ssr")]
fn wanted(page: Option<String>) -> Wanted {
    Wanted { cursor: page.filter(|page| !page.is_empty()), limit: PAGE }
}

/// How many todos are found at most.
#[cfg(feature = "ssr")]
pub(crate) const FOUND_MAX: usize = 20;

/// Todos that hold a text in title or notes: of those that changed last what is to do comes first, and what begins with the
/// text. Of notes there is the line that holds it, where the title does not.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn find_todos(text: String) -> Result<Vec<Todo>, ApiError> {
    let (scope, user) = signed_in()?;
    let needle = Needle::parse(&text).map_err(|problem| Error::field("text", problem))?;
    let page = service::page(&scope.docket, user, &service::Query::text(needle), &Wanted::first(FOUND_MAX)).await?;
    let mut found: Vec<Todo> = page.rows.into_iter().map(Todo::from).collect();
    let sought = text.trim().to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&sought);
    for todo in &mut found {
        let why = todo.notes.lines().find(|line| holds(line) && !holds(&todo.title));
        todo.notes = why.unwrap_or_default().trim().to_owned();
    }
    found.sort_by_key(|todo| {
        let title = todo.title.to_lowercase();
        (todo.done, title != sought, !title.starts_with(&sought))
    });
    Ok(found)
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
    let todo = service::create(&scope.docket, user, new).await?.row;
    scope.then(|outcome| {
        outcome.undoable(words::added(&[&todo.title]), Act::PATH, &[("id", &id.to_string()), ("act", "delete")]);
    });
    Ok(todo.into())
}

/// Most todos that one call adds.
pub(crate) const ADDED_MAX: usize = 200;

/// Adds several todos to the end of a list: one a line, each with its id on the same line of `ids`.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn add_todos(list_id: Uuid, ids: String, titles: String) -> Result<Vec<Todo>, ApiError> {
    let (scope, user) = signed_in()?;
    let news = news(list_id, &ids, &titles)?;
    Ok(service::create_all(&scope.docket, user, news).await?.into_iter().map(Todo::from).collect())
}

#[cfg(feature = "ssr")]
fn news(list: Uuid, ids: &str, titles: &str) -> Result<Vec<service::New>, ApiError> {
    let (ids, titles): (Vec<_>, Vec<_>) = (ids.lines().collect(), titles.lines().collect());
    if ids.len() != titles.len() || ids.len() > ADDED_MAX {
        return Err(Error::field("ids", Problem::OutOfRange).into());
    }
    let new = |(id, title): (&str, &str)| {
        let id = id.parse().map_err(|_| Error::field("ids", Problem::Malformed))?;
        let title = Title::parse(title).map_err(|problem| Error::field("title", problem))?;
        Ok(service::New { id, list, title, notes: Notes::default(), place: Place::Last })
    };
    ids.into_iter().zip(titles).map(new).collect()
}

/// Puts several todos of a list into the trash, a line each; those that are not there any more are left alone.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn delete_todos(list_id: Uuid, ids: String) -> Result<(), ApiError> {
    let (scope, user) = signed_in()?;
    Ok(service::delete_all(&scope.docket, user, list_id, &parse_ids(&ids)?).await?)
}

/// Reads ids, one a line.
#[cfg(feature = "ssr")]
pub(crate) fn parse_ids(ids: &str) -> Result<Vec<Uuid>, Error> {
    let parsed: Result<Vec<_>, _> = ids.lines().map(str::parse).collect();
    parsed.ok().filter(|ids| ids.len() <= service::BATCH_MAX).ok_or(Error::field("ids", Problem::Malformed))
}

/// Changes title and notes, unless the todo has another version than the one that is named.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn edit_todo(
    id: Uuid,
    title: String,
    notes: String,
    #[server(default)] version: Option<i64>,
) -> Result<Todo, ApiError> {
    let (scope, user) = signed_in()?;
    let mut fields = FieldErrors::default();
    let (title, notes) = (fields.check("title", Title::parse(&title)), fields.check("notes", Notes::parse(&notes)));
    if !fields.0.is_empty() {
        return Err(fields.into_error().into());
    }
    let change = service::Change { title, notes, ..Default::default() };
    let expected = version.map_or(Expected::Any, Expected::version);
    let Changed { before, now: todo } = service::change_telling(&scope.docket, user, id, change, &expected).await?;
    scope.then(|outcome| {
        outcome.location = Some(paths::list(todo.list_id));
        let (id, version) = (id.to_string(), todo.version.to_string());
        let back = [("id", &*id), ("title", &before.title), ("notes", &before.notes), ("version", &version)];
        outcome.undoable(words::saved(&todo.title), EditTodo::PATH, &back);
    });
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
    let Changed { before, now: todo } =
        service::change_telling(&scope.docket, user, id, change, &Expected::Any).await?;
    let list = lists::service::get(&scope.docket, user, list_id).await?;
    scope.then(|outcome| {
        let back = [("id", &*id.to_string()), ("list_id", &before.list_id.to_string())];
        outcome.undoable(words::moved_to(&list.name), MoveTodo::PATH, &back);
    });
    Ok(todo.into())
}

/// Puts a todo into the trash.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn delete_todo(id: Uuid) -> Result<(), ApiError> {
    let (scope, user) = signed_in()?;
    let todo = service::delete(&scope.docket, user, id, &Expected::Any).await?;
    scope.then(|outcome| outcome.undoable(words::deleted(&todo.title), Restore::PATH, &[("id", &id.to_string())]));
    Ok(())
}

/// How a form says that it opens a menu: [`Action::Menu`].
const MENU: &str = "menu";

/// What a button of a todo's row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Done,
    Reopen,
    Edit,
    Menu,
    Up,
    Down,
    Delete,
}

/// Presses a button of a todo's row, where no WebAssembly runs: one path for all of them keeps rows short.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn act(id: Uuid, act: Action) -> Result<(), ApiError> {
    let (scope, user) = signed_in()?;
    let (told, back) = match act {
        Action::Done => (words::done(&set_done(id, true).await?.title, true), "reopen"),
        Action::Reopen => (words::done(&set_done(id, false).await?.title, false), "done"),
        Action::Up => (words::moved(&place_todo(id, "up".into()).await?.title), "down"),
        Action::Down => (words::moved(&place_todo(id, "down".into()).await?.title), "up"),
        Action::Delete => return delete_todo(id).await,
        Action::Edit => {
            let todo = service::get(&scope.docket, user, id).await?.into();
            scope.then(|outcome| outcome.location = Some(paths::todo(&todo)));
            return Ok(());
        }
        Action::Menu => {
            service::get(&scope.docket, user, id).await?;
            scope.then(|outcome| outcome.tells_sent = true);
            return Ok(());
        }
    };
    scope.then(|outcome| outcome.undoable(told, Act::PATH, &[("id", &id.to_string()), ("act", back)]));
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
    scope.then(|outcome| outcome.notice = Some(words::DONE_DELETED.into()));
    Ok(count)
}
