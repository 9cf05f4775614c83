//! The use cases of the trash.

use uuid::Uuid;

use super::{Trashed, store};
use crate::Docket;
use crate::error::{Error, Result};

/// How much of the trash is shown at once, newest first.
pub const SHOWN: i64 = 200;

/// What can be restored, newest first, at most [`SHOWN`].
///
/// # Errors
/// When the database fails.
pub async fn contents(docket: &Docket, user: Uuid) -> Result<Vec<Trashed>> {
    store::contents(&mut docket.db.read().await?, user, SHOWN).await
}

/// Brings a list (with its todos) or a todo back to where it was.
///
/// # Errors
/// [`Error::NotFound`] when it is not in the trash, or its list is.
pub async fn restore(docket: &Docket, user: Uuid, id: Uuid) -> Result<()> {
    let mut tx = docket.db.write().await?;
    if !store::restore(&mut tx, user, id, docket.clock.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await
}

/// Removes something in the trash for good.
///
/// # Errors
/// [`Error::NotFound`] when it is not in the trash.
pub async fn remove(docket: &Docket, user: Uuid, id: Uuid) -> Result<()> {
    let mut tx = docket.db.write().await?;
    if !store::remove(&mut tx, user, id).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await
}

/// Removes everything in the trash for good.
///
/// # Errors
/// When the database fails.
pub async fn empty(docket: &Docket, user: Uuid) -> Result<()> {
    let mut tx = docket.db.write().await?;
    store::empty(&mut tx, user).await?;
    tx.commit().await
}

/// Removes for good, for everyone, what was deleted longer ago than configured.
///
/// # Errors
/// When the database fails.
pub async fn purge(docket: &Docket) -> Result<()> {
    let mut tx = docket.db.write().await?;
    store::purge(&mut tx, docket.clock.now().minus(docket.config.trash)).await?;
    tx.commit().await
}
