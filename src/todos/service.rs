//! The use cases of todos. Every call names the person it is for; what belongs to somebody else does not exist.

use std::collections::HashSet;

use uuid::Uuid;

use super::{Notes, Record, Title, Todo, store};
use crate::Docket;
use crate::db::Conn;
use crate::error::{Error, FieldErrors, Problem, Result};
use crate::lists::{
    self,
    service::{Access, authorize},
};
use crate::order::{Position, Siblings, position_behind_all, position_for};
use crate::paging::{Behind, Cursors, Key, Order, Page, Wanted};
use crate::rows::{Changed, Expected, Made, Place};
use crate::search::{Needle, folded};
use crate::time::Timestamp;

/// Todos that one [`batch`] can change.
pub const BATCH_MAX: usize = 500;

/// What todos are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The place in their list.
    Position,
    /// When they were made.
    CreatedAt,
    /// When they were changed last.
    UpdatedAt,
}

/// Which todos, and in which order.
#[derive(Debug, Clone)]
pub struct Query {
    /// Those of one list.
    pub list: Option<Uuid>,
    /// Only those that are done, or only those that are not.
    pub done: Option<bool>,
    /// Those whose title or notes hold this.
    pub text: Option<Needle>,
    /// What they are sorted by, before their id.
    pub sort: Sort,
    /// Which way.
    pub order: Order,
}

impl Query {
    /// All todos of a list, as it shows them.
    #[must_use]
    pub fn list(list: Uuid) -> Self {
        Self { list: Some(list), done: None, text: None, sort: Sort::Position, order: Order::Ascending }
    }

    /// What holds a text, that changed last first.
    #[must_use]
    pub fn text(text: Needle) -> Self {
        Self { list: None, done: None, text: Some(text), sort: Sort::UpdatedAt, order: Order::Descending }
    }
}

/// Changes to several todos of one list at once; no todo is in two of them.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// These are done.
    pub done: Vec<Uuid>,
    /// These are to do again.
    pub reopen: Vec<Uuid>,
    /// These go to the trash.
    pub delete: Vec<Uuid>,
}

/// A todo to be made.
#[derive(Debug, Clone)]
pub struct New {
    /// Chosen by the caller, so that a repeated call is harmless.
    pub id: Uuid,
    /// Where it goes.
    pub list: Uuid,
    /// What to do.
    pub title: Title,
    /// More about it.
    pub notes: Notes,
    /// Where in the list.
    pub place: Place,
}

impl New {
    fn row<'a>(&'a self, user: Uuid, position: &'a Position, now: Timestamp) -> store::New<'a> {
        store::New { id: self.id, user, list: self.list, title: &self.title, notes: &self.notes, position, now }
    }
}

/// What to change about a todo; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new title.
    pub title: Option<Title>,
    /// New notes.
    pub notes: Option<Notes>,
    /// Done or to do again.
    pub done: Option<bool>,
    /// Another list; without a place, to its end.
    pub list: Option<Uuid>,
    /// Another place.
    pub place: Option<Place>,
}

/// A page of todos.
///
/// # Errors
/// [`Error::NotFound`] when there is no such list; [`Error::Invalid`] for a cursor that is not of this query.
pub async fn page(docket: &Docket, user: Uuid, query: &Query, wanted: &Wanted) -> Result<Page<Record>> {
    let mut conn = docket.db.read().await?;
    let page = page_by(&mut conn, docket, user, query, wanted).await?;
    docket.db.give_back(conn);
    Ok(page)
}

/// A page of a list as it shows its todos, and all lists of that person: what stands on a list's page.
///
/// # Errors
/// When the lists cannot be read; what is wrong with the page stands in its place.
pub async fn page_beside_lists(
    docket: &Docket,
    user: Uuid,
    list: Uuid,
    wanted: &Wanted,
) -> Result<(Vec<lists::Record>, Result<Page<Todo>>)> {
    let mut conn = docket.db.read().await?;
    let text = cursors_of(user, &Query::list(list));
    let cursors = Cursors { keys: &docket.keys, query: &text };
    let behind = match cursors.open(wanted) {
        Ok(behind) => behind,
        Err(error) => return Ok((lists::store::all(&mut conn, user).await?, Err(error))),
    };
    let (lists, rows) = store::page_beside_lists(&mut conn, user, list, behind.as_ref(), wanted.fetched()).await?;
    if rows.is_empty()
        && let Err(error) = authorize(&mut conn, user, list, Access::See).await
    {
        return Ok((lists, Err(error)));
    }
    docket.db.give_back(conn);
    let behind = |row: &store::Shown| Behind { key: Key::Position(row.position.clone()), id: row.todo.id };
    let Page { rows, next } = cursors.page(rows, wanted.limit, behind);
    Ok((lists, Ok(Page { rows: rows.into_iter().map(|row| row.todo).collect(), next })))
}

// What the cursors of a query are good for.
fn cursors_of(user: Uuid, query: &Query) -> String {
    format!("todos {user} {query:?}")
}

async fn page_by(conn: &mut Conn, docket: &Docket, user: Uuid, query: &Query, wanted: &Wanted) -> Result<Page<Record>> {
    let text = cursors_of(user, query);
    let cursors = Cursors { keys: &docket.keys, query: &text };
    let behind = cursors.open(wanted)?;
    let rows = store::page(conn, user, query, behind.as_ref(), wanted.fetched()).await?;
    // Where there are rows, there is the list.
    if let Some(list) = query.list.filter(|_| rows.is_empty()) {
        authorize(conn, user, list, Access::See).await?;
    }
    let key = |todo: &Record| match query.sort {
        Sort::Position => Key::Position(todo.position.clone()),
        Sort::CreatedAt => Key::Time(todo.created_at),
        Sort::UpdatedAt => Key::Time(todo.updated_at),
    };
    Ok(cursors.page(rows, wanted.limit, |todo| Behind { key: key(todo), id: todo.id }))
}

/// One todo.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(docket: &Docket, user: Uuid, id: Uuid) -> Result<Record> {
    let mut conn = docket.db.read().await?;
    let found = store::find(&mut conn, user, id).await?;
    docket.db.give_back(conn);
    found.ok_or(Error::NotFound)
}

/// Makes a todo. Repeating the call with the same id answers the todo that is there.
///
/// # Errors
/// [`Error::NotFound`] when there is no such list; [`Error::IdTaken`] when the id belongs to something else.
pub async fn create(docket: &Docket, user: Uuid, new: New) -> Result<Made<Record>> {
    let now = docket.clock.now();
    if let Some(row) = append(docket, user, &new, now).await? {
        return Ok(Made { row, is_new: true });
    }
    let mut tx = docket.db.write_for(user).await?;
    let made = insert(&mut tx, user, &new, now).await?;
    tx.commit().await?;
    Ok(made)
}

// What people do most, in two statements: to the end of a list. `None` when it is something else, or did not make anything:
// then the long way tells why. On Postgres it does not wait for its owner's turn: two that are added at the very same moment
// may get the same key, and then stand in the order of their ids, which is that of time.
async fn append(docket: &Docket, user: Uuid, new: &New, now: Timestamp) -> Result<Option<Record>> {
    if new.place != Place::Last {
        return Ok(None);
    }
    let mut conn = docket.db.write_once().await?;
    let Some(position) = position_behind_all(&mut conn, Siblings::Todos(new.list)).await? else { return Ok(None) };
    let made = store::insert(&mut conn, new.row(user, &position, now), true).await?;
    if made.is_some() {
        docket.db.commit_once(conn).await?;
    }
    Ok(made)
}

// Answers the one that is there already, if it is.
async fn insert(tx: &mut Conn, user: Uuid, new: &New, now: Timestamp) -> Result<Made<Record>> {
    authorize(tx, user, new.list, Access::Edit).await?;
    if let Some(row) = store::find(tx, user, new.id).await? {
        return Ok(Made { row, is_new: false });
    }
    let position = position_for(tx, Siblings::Todos(new.list), None, new.place, now).await?;
    let row = store::insert(tx, new.row(user, &position, now), false).await?.ok_or(Error::IdTaken)?;
    Ok(Made { row, is_new: true })
}

/// Makes several todos, all of them or none. Those that are there already stay as they are, so that a repeated call is
/// harmless.
///
/// # Errors
/// Those of [`create`].
pub async fn create_all(docket: &Docket, user: Uuid, news: Vec<New>) -> Result<Vec<Record>> {
    let now = docket.clock.now();
    let mut tx = docket.db.write_for(user).await?;
    let ids: Vec<Uuid> = news.iter().map(|new| new.id).collect();
    for new in news {
        insert(&mut tx, user, &new, now).await?;
    }
    // Read anew: giving one its place may have moved those before it.
    let mut rows = store::find_many(&mut tx, user, &ids).await?;
    tx.commit().await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// Changes a todo.
///
/// # Errors
/// [`Error::NotFound`] when there is no such todo or target list; [`Error::VersionConflict`] when
/// the todo has another version than expected.
pub async fn change(docket: &Docket, user: Uuid, id: Uuid, change: Change, expected: &Expected) -> Result<Record> {
    let now = docket.clock.now();
    if let Some(changed) = set_done(docket, user, id, &change, expected, now).await? {
        return Ok(changed);
    }
    Ok(change_telling(docket, user, id, change, expected).await?.now)
}

/// Changes a todo, and tells what it was before.
///
/// # Errors
/// Those of [`change`].
pub async fn change_telling(
    docket: &Docket,
    user: Uuid,
    id: Uuid,
    change: Change,
    expected: &Expected,
) -> Result<Changed<Record>> {
    let now = docket.clock.now();
    let mut tx = docket.db.write_for(user).await?;
    let current = editable(&mut tx, user, id).await?;
    expected.check(current.version)?;
    let elsewhere = change.list.filter(|list| *list != current.list_id);
    if let Some(list) = elsewhere {
        authorize(&mut tx, user, list, Access::Edit).await?;
    }
    let place = change.place.or(elsewhere.map(|_| Place::Last));
    let position = match place {
        Some(place) => {
            let among = Siblings::Todos(elsewhere.unwrap_or(current.list_id));
            Some(position_for(&mut tx, among, Some(id), place, now).await?)
        }
        None => None,
    };
    // What is as it shall be already is no change, and raises no version.
    let title = change.title.as_ref().map(Title::as_str).filter(|title| *title != current.title);
    let notes = change.notes.as_ref().map(Notes::as_str).filter(|notes| *notes != current.notes);
    let done = change.done.filter(|done| *done != current.done_at.is_some());
    let position = position.filter(|position| *position != current.position);
    let search = (title, notes) != (None, None);
    if !search && done.is_none() && elsewhere.is_none() && position.is_none() {
        tx.commit().await?;
        return Ok(Changed { before: current.clone(), now: current });
    }
    let update = store::Update {
        title,
        notes,
        search: search.then(|| folded(&[title.unwrap_or(&current.title), notes.unwrap_or(&current.notes)])),
        done,
        list: elsewhere,
        position: position.as_ref(),
    };
    let changed = store::update(&mut tx, user, id, update, now).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(Changed { before: current, now: changed })
}

// What people do most, in one statement. `None` when it is something else, or did not change anything: then the long way
// tells why.
async fn set_done(
    docket: &Docket,
    user: Uuid,
    id: Uuid,
    change: &Change,
    expected: &Expected,
    now: Timestamp,
) -> Result<Option<Record>> {
    let Change { title: None, notes: None, done: Some(done), list: None, place: None } = change else {
        return Ok(None);
    };
    let version = match expected {
        Expected::Any => None,
        Expected::OneOf(versions) if versions.len() == 1 => versions.first().copied(),
        Expected::OneOf(_) => return Ok(None),
    };
    let mut conn = docket.db.write_once().await?;
    let changed = store::set_done(&mut conn, user, id, *done, version, now).await?;
    if changed.is_some() {
        docket.db.commit_once(conn).await?;
    }
    Ok(changed)
}

/// Puts a todo into the trash; answers it as it was.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::VersionConflict`] when the todo has another version than expected.
pub async fn delete(docket: &Docket, user: Uuid, id: Uuid, expected: &Expected) -> Result<Record> {
    let mut tx = docket.db.write_for(user).await?;
    let current = editable(&mut tx, user, id).await?;
    expected.check(current.version)?;
    store::delete(&mut tx, user, id, docket.clock.now()).await?;
    tx.commit().await?;
    Ok(current)
}

/// Puts several todos of a list into the trash. Those that are not in it any more are left alone, so that a repeated call is
/// harmless.
///
/// # Errors
/// [`Error::NotFound`] when there is no such list.
pub async fn delete_all(docket: &Docket, user: Uuid, list: Uuid, ids: &[Uuid]) -> Result<()> {
    let mut tx = docket.db.write_for(user).await?;
    authorize(&mut tx, user, list, Access::Edit).await?;
    store::update_many(&mut tx, user, list, ids, store::Many::Delete, docket.clock.now()).await?;
    tx.commit().await
}

/// Puts all done todos of a list into the trash; answers how many.
///
/// # Errors
/// [`Error::NotFound`] when there is no such list.
pub async fn clear_done(docket: &Docket, user: Uuid, list: Uuid) -> Result<u64> {
    let mut tx = docket.db.write_for(user).await?;
    authorize(&mut tx, user, list, Access::Edit).await?;
    let count = store::delete_done(&mut tx, user, list, docket.clock.now()).await?;
    tx.commit().await?;
    Ok(count)
}

/// Changes several todos of a list, all or none. Answers those that were marked as done or to do, as they are now.
///
/// # Errors
/// [`Error::NotFound`] when there is no such list; [`Error::Invalid`] when there are more than [`BATCH_MAX`], when one is
/// named twice, or when one is not in this list.
pub async fn batch(docket: &Docket, user: Uuid, list: Uuid, batch: &Batch) -> Result<Vec<Record>> {
    check(batch)?;
    let now = docket.clock.now();
    let mut tx = docket.db.write_for(user).await?;
    authorize(&mut tx, user, list, Access::Edit).await?;
    let mut fields = FieldErrors::default();
    for (field, ids, update) in [
        ("done", &batch.done, store::Many::Done(true)),
        ("reopen", &batch.reopen, store::Many::Done(false)),
        ("delete", &batch.delete, store::Many::Delete),
    ] {
        if store::update_many(&mut tx, user, list, ids, update, now).await? != ids.len() {
            fields.add(field, Problem::Unknown);
        }
    }
    if !fields.0.is_empty() {
        return Err(fields.into_error());
    }
    let changed = store::find_many(&mut tx, user, &[batch.done.as_slice(), &batch.reopen].concat()).await?;
    tx.commit().await?;
    Ok(changed)
}

fn check(batch: &Batch) -> Result<()> {
    let mut seen: HashSet<Uuid> = HashSet::new();
    let mut fields = FieldErrors::default();
    for (field, ids) in [("done", &batch.done), ("reopen", &batch.reopen), ("delete", &batch.delete)] {
        let before = seen.len();
        seen.extend(ids);
        if seen.len() < before + ids.len() {
            fields.add(field, Problem::Duplicate);
        }
        if seen.len() > BATCH_MAX && seen.len() > before {
            fields.add(field, Problem::TooMany);
        }
    }
    if fields.0.is_empty() { Ok(()) } else { Err(fields.into_error()) }
}

async fn editable(tx: &mut Conn, user: Uuid, id: Uuid) -> Result<Record> {
    let todo = store::find(tx, user, id).await?.ok_or(Error::NotFound)?;
    authorize(tx, user, todo.list_id, Access::Edit).await?;
    Ok(todo)
}
