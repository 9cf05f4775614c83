//! What runs beside the requests: sending mail, and forgetting what has had its time.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::error::Result;
use crate::mail::worker;
use crate::{Docket, accounts, sessions, trash};

const CLEAN_EVERY: Duration = Duration::from_secs(60 * 60);

/// Starts the background tasks; they end when the set is dropped.
#[must_use]
pub fn start(docket: &Docket) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(worker::run(docket.clone()));
    tasks.spawn(clean_regularly(docket.clone()));
    tasks
}

async fn clean_regularly(docket: Docket) {
    loop {
        if let Err(error) = clean(&docket).await {
            tracing::warn!(%error, "cleaning up failed and will be tried again");
        }
        tokio::time::sleep(CLEAN_EVERY).await;
    }
}

/// Forgets unconfirmed sign-ups, ended sessions, old mail, and what has been in the trash long enough.
///
/// # Errors
/// When the database fails.
pub async fn clean(docket: &Docket) -> Result<()> {
    accounts::service::purge(docket).await?;
    sessions::service::purge(docket).await?;
    worker::purge(docket).await?;
    trash::service::purge(docket).await
}
