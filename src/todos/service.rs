//! The use cases of todos. Every call names the person it is for; what belongs to somebody else does not exist.

use uuid::Uuid;

use super::{Notes, Title, Todo, store};
use crate::Docket;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::lists::Place;
use crate::lists::service::{Access, authorize};
use crate::order::{Siblings, position_for};

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

/// A stretch of a list, at most `limit` todos behind the one with the id `after`, or from the start.
///
/// # Errors
/// [`Error::NotFound`] when there is no such list.
pub async fn page(docket: &Docket, user: Uuid, list: Uuid, after: Option<Uuid>, limit: i64) -> Result<Vec<Todo>> {
    let mut conn = docket.db.read().await?;
    authorize(&mut conn, user, list, Access::See).await?;
    store::page(&mut conn, user, list, after, limit).await
}

/// Makes a todo. Repeating the call with the same id answers the todo that is there.
///
/// # Errors
/// [`Error::NotFound`] when there is no such list; [`Error::IdTaken`] when the id belongs to something else.
pub async fn create(docket: &Docket, user: Uuid, new: New) -> Result<Todo> {
    let now = docket.clock.now();
    let mut tx = docket.db.write().await?;
    authorize(&mut tx, user, new.list, Access::Edit).await?;
    if let Some(there) = store::find(&mut tx, user, new.id).await? {
        return Ok(there);
    }
    let position = position_for(&mut tx, Siblings::Todos(new.list), None, new.place, now).await?;
    let row =
        store::New { id: new.id, user, list: new.list, title: &new.title, notes: &new.notes, position: &position, now };
    if !store::insert(&mut tx, row).await? {
        return Err(Error::IdTaken);
    }
    committed(tx, user, new.id).await
}

/// Changes a todo.
///
/// # Errors
/// [`Error::NotFound`] when there is no such todo or target list; [`Error::VersionConflict`] when `expected` is given
/// and the todo has another version.
pub async fn change(docket: &Docket, user: Uuid, id: Uuid, change: Change, expected: Option<i64>) -> Result<Todo> {
    let now = docket.clock.now();
    let mut tx = docket.db.write().await?;
    let current = editable(&mut tx, user, id).await?;
    if expected.is_some_and(|version| version != current.version) {
        return Err(Error::VersionConflict);
    }
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
    let update = store::Update {
        title: change.title.as_ref().map(Title::as_str),
        notes: change.notes.as_ref().map(Notes::as_str),
        done: change.done,
        list: elsewhere,
        position: position.as_ref(),
    };
    store::update(&mut tx, user, id, update, now).await?;
    committed(tx, user, id).await
}

/// Puts a todo into the trash.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(docket: &Docket, user: Uuid, id: Uuid) -> Result<()> {
    let mut tx = docket.db.write().await?;
    editable(&mut tx, user, id).await?;
    store::delete(&mut tx, user, id, docket.clock.now()).await?;
    tx.commit().await
}

/// Puts all done todos of a list into the trash; answers how many.
///
/// # Errors
/// [`Error::NotFound`] when there is no such list.
pub async fn clear_done(docket: &Docket, user: Uuid, list: Uuid) -> Result<u64> {
    let mut tx = docket.db.write().await?;
    authorize(&mut tx, user, list, Access::Edit).await?;
    let count = store::delete_done(&mut tx, user, list, docket.clock.now()).await?;
    tx.commit().await?;
    Ok(count)
}

async fn editable(tx: &mut Conn, user: Uuid, id: Uuid) -> Result<Todo> {
    let todo = store::find(tx, user, id).await?.ok_or(Error::NotFound)?;
    authorize(tx, user, todo.list_id, Access::Edit).await?;
    Ok(todo)
}

async fn committed(mut tx: Conn, user: Uuid, id: Uuid) -> Result<Todo> {
    let todo = store::find(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(todo)
}
