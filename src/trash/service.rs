//! The use cases of the trash.

use uuid::Uuid;

use super::{Trashed, store};
use crate::Docket;
use crate::error::{Error, Result};
use crate::paging::{Behind, Cursors, Key, Page, Wanted};

/// A page of what can be restored, newest first.
///
/// # Errors
/// [`Error::Invalid`] for a cursor that is not of this person's trash.
pub async fn page(docket: &Docket, user: Uuid, wanted: &Wanted) -> Result<Page<Trashed>> {
    let text = format!("trash {user}");
    let cursors = Cursors { keys: &docket.keys, query: &text };
    let behind = cursors.open(wanted)?;
    let rows = store::page(&mut docket.db.read().await?, user, behind.as_ref(), wanted.fetched()).await?;
    Ok(cursors.page(rows, wanted.limit, |row| Behind { key: Key::Time(row.deleted_at), id: row.id }))
}

/// Brings a list (with its todos) or a todo back to where it was; answers its version.
///
/// # Errors
/// [`Error::NotFound`] when it is not in the trash, or its list is.
pub async fn restore(docket: &Docket, user: Uuid, id: Uuid) -> Result<i64> {
    let mut tx = docket.db.write_for(user).await?;
    let version = store::restore(&mut tx, user, id, docket.clock.now()).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(version)
}

/// Brings several back, all of them or none; answers which, and their versions. What is not in the trash any more stays as it
/// is.
///
/// # Errors
/// When the database fails.
pub async fn restore_all(docket: &Docket, user: Uuid, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    let mut tx = docket.db.write_for(user).await?;
    let mut restored = Vec::with_capacity(ids.len());
    for id in ids {
        restored.extend(store::restore(&mut tx, user, *id, docket.clock.now()).await?.map(|version| (*id, version)));
    }
    tx.commit().await?;
    Ok(restored)
}

/// Removes something in the trash for good.
///
/// # Errors
/// [`Error::NotFound`] when it is not in the trash.
pub async fn remove(docket: &Docket, user: Uuid, id: Uuid) -> Result<()> {
    let mut tx = docket.db.write_for(user).await?;
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
    let mut tx = docket.db.write_for(user).await?;
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
