//! The use cases of lists. Every call names the person it is for; what belongs to somebody else does not exist.

use uuid::Uuid;

use super::{ListName, Record, store};
use crate::Docket;
use crate::db::Conn;
use crate::error::{Error, Problem, Result};
use crate::order::{Siblings, position_for};
use crate::paging::{Behind, Cursors, Key, Order, Page, Wanted};
use crate::rows::{Changed, Expected, Made, Place};
use crate::search::Needle;

/// Lists a person can have, those in the trash included: enough for anybody, few enough to show at once.
pub const LISTS_MAX: i64 = 500;

/// Which lists, and in which order.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Those whose name holds this.
    pub name: Option<Needle>,
    /// By position, whatever is a favourite.
    pub order: Order,
}

/// What to change about a list; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new name.
    pub name: Option<ListName>,
    /// Among the favourites or not.
    pub favourite: Option<bool>,
    /// Another place.
    pub place: Option<Place>,
}

/// What somebody may want to do with a list and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Look.
    See,
    /// Change it or what is in it.
    Edit,
}

/// The one place that decides who may do what with a list: today, who owns it, everything.
///
/// # Errors
/// [`Error::NotFound`], whether it is missing or somebody else's.
pub async fn authorize(conn: &mut Conn, user: Uuid, list: Uuid, _access: Access) -> Result<()> {
    if store::exists(conn, user, list).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// All lists, favourites first, each kind in its order.
///
/// # Errors
/// When the database fails.
pub async fn all(docket: &Docket, user: Uuid) -> Result<Vec<Record>> {
    let mut conn = docket.db.read().await?;
    let all = store::all(&mut conn, user).await?;
    docket.db.give_back(conn);
    Ok(all)
}

/// A page of lists.
///
/// # Errors
/// [`Error::Invalid`] for a cursor that is not of this query.
pub async fn page(docket: &Docket, user: Uuid, query: &Query, wanted: &Wanted) -> Result<Page<Record>> {
    let text = format!("lists {user} {query:?}");
    let cursors = Cursors { keys: &docket.keys, query: &text };
    let behind = cursors.open(wanted)?;
    let mut conn = docket.db.read().await?;
    let rows = store::page(&mut conn, user, query, behind.as_ref(), wanted.fetched()).await?;
    docket.db.give_back(conn);
    Ok(cursors.page(rows, wanted.limit, |list| Behind { key: Key::Position(list.position.clone()), id: list.id }))
}

/// One list.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(docket: &Docket, user: Uuid, id: Uuid) -> Result<Record> {
    let mut conn = docket.db.read().await?;
    let found = store::find(&mut conn, user, id).await?;
    docket.db.give_back(conn);
    found.ok_or(Error::NotFound)
}

/// Makes a list behind the others. Repeating the call with the same id answers the list that is there.
///
/// # Errors
/// [`Error::Invalid`] beyond [`LISTS_MAX`]; [`Error::IdTaken`] when the id belongs to something else.
pub async fn create(docket: &Docket, user: Uuid, id: Uuid, name: &ListName) -> Result<Made<Record>> {
    let now = docket.clock.now();
    let mut tx = docket.db.write_for(user).await?;
    if let Some(there) = store::find(&mut tx, user, id).await? {
        tx.commit().await?;
        return Ok(Made { row: there, is_new: false });
    }
    if store::count(&mut tx, user).await? >= LISTS_MAX {
        return Err(Error::field("name", Problem::TooMany));
    }
    let position = position_for(&mut tx, Siblings::Lists(user), None, Place::Last, now).await?;
    if !store::insert(&mut tx, user, id, name, &position, now).await? {
        return Err(Error::IdTaken);
    }
    let row = store::find(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(Made { row, is_new: true })
}

/// Changes a list.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::VersionConflict`] when the list has another version than expected.
pub async fn change(docket: &Docket, user: Uuid, id: Uuid, change: Change, expected: &Expected) -> Result<Record> {
    Ok(change_telling(docket, user, id, change, expected).await?.now)
}

/// Changes a list, and tells what it was before.
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
    authorize(&mut tx, user, id, Access::Edit).await?;
    let current = store::find(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
    expected.check(current.version)?;
    let position = match change.place {
        Some(place) => Some(position_for(&mut tx, Siblings::Lists(user), Some(id), place, now).await?),
        None => None,
    };
    // What is as it shall be already is no change, and raises no version.
    let update = store::Update {
        name: change.name.as_ref().map(ListName::as_str).filter(|name| *name != current.name),
        favourite: change.favourite.filter(|favourite| *favourite != current.favourite),
        position: position.as_ref().filter(|position| **position != current.position),
    };
    if update.name.is_none() && update.favourite.is_none() && update.position.is_none() {
        tx.commit().await?;
        return Ok(Changed { before: current.clone(), now: current });
    }
    store::update(&mut tx, user, id, update, now).await?;
    let changed = store::find(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(Changed { before: current, now: changed })
}

/// Puts a list with its todos into the trash; answers it as it was.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::VersionConflict`] when the list has another version than expected.
pub async fn delete(docket: &Docket, user: Uuid, id: Uuid, expected: &Expected) -> Result<Record> {
    let mut tx = docket.db.write_for(user).await?;
    authorize(&mut tx, user, id, Access::Edit).await?;
    let current = store::find(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
    expected.check(current.version)?;
    store::delete(&mut tx, user, id, docket.clock.now()).await?;
    tx.commit().await?;
    Ok(current)
}
