//! Reading the audit log, and forgetting what is old.

use uuid::Uuid;

use super::{Record, store};
use crate::Docket;
use crate::error::Result;

/// The newest records, of everybody or of one person, newest first.
///
/// # Errors
/// When the database fails.
pub async fn newest(docket: &Docket, user: Option<Uuid>, limit: u32) -> Result<Vec<Record>> {
    store::newest(&mut docket.db.read().await?, user, limit.into()).await
}

/// Forgets records whose time is over.
///
/// # Errors
/// When the database fails.
pub async fn purge(docket: &Docket) -> Result<()> {
    let mut tx = docket.db.write().await?;
    store::purge(&mut tx, docket.clock.now().minus(docket.config.audit)).await?;
    tx.commit().await
}
