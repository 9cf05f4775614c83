//! The use cases of lists. Every call names the person it is for; what belongs to somebody else does not exist.

use uuid::Uuid;

use super::{List, ListName, Place, store};
use crate::Docket;
use crate::db::Conn;
use crate::error::{Error, Problem, Result};
use crate::order::{Siblings, position_for};

/// Lists a person can have, those in the trash included: enough for anybody, few enough to show at once.
pub const LISTS_MAX: i64 = 500;

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
pub async fn all(docket: &Docket, user: Uuid) -> Result<Vec<List>> {
    store::all(&mut docket.db.read().await?, user).await
}

/// One list.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(docket: &Docket, user: Uuid, id: Uuid) -> Result<List> {
    store::find(&mut docket.db.read().await?, user, id).await?.ok_or(Error::NotFound)
}

/// Makes a list behind the others. Repeating the call with the same id answers the list that is there.
///
/// # Errors
/// [`Error::Invalid`] beyond [`LISTS_MAX`]; [`Error::IdTaken`] when the id belongs to something else.
pub async fn create(docket: &Docket, user: Uuid, id: Uuid, name: &ListName) -> Result<List> {
    let now = docket.clock.now();
    let mut tx = docket.db.write().await?;
    if let Some(there) = store::find(&mut tx, user, id).await? {
        return Ok(there);
    }
    if store::count(&mut tx, user).await? >= LISTS_MAX {
        return Err(Error::field("name", Problem::TooMany));
    }
    let position = position_for(&mut tx, Siblings::Lists(user), None, Place::Last, now).await?;
    if !store::insert(&mut tx, user, id, name, &position, now).await? {
        return Err(Error::IdTaken);
    }
    let made = store::find(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a list.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::VersionConflict`] when `expected` is given and the list has another version.
pub async fn change(docket: &Docket, user: Uuid, id: Uuid, change: Change, expected: Option<i64>) -> Result<List> {
    let now = docket.clock.now();
    let mut tx = docket.db.write().await?;
    authorize(&mut tx, user, id, Access::Edit).await?;
    let current = store::find(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
    if expected.is_some_and(|version| version != current.version) {
        return Err(Error::VersionConflict);
    }
    let position = match change.place {
        Some(place) => Some(position_for(&mut tx, Siblings::Lists(user), Some(id), place, now).await?),
        None => None,
    };
    let name = change.name.as_ref().map(ListName::as_str);
    let update = store::Update { name, favourite: change.favourite, position: position.as_ref() };
    store::update(&mut tx, user, id, update, now).await?;
    let changed = store::find(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(changed)
}

/// Puts a list with its todos into the trash.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(docket: &Docket, user: Uuid, id: Uuid) -> Result<()> {
    let mut tx = docket.db.write().await?;
    authorize(&mut tx, user, id, Access::Edit).await?;
    if !store::delete(&mut tx, user, id, docket.clock.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await
}
