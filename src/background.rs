//! What runs beside the requests: sending mail, hearing the other nodes, and forgetting what has had its time.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::error::Result;
use crate::mail::worker;
use crate::sessions::checked;
use crate::{Docket, accounts, audit, sessions, trash};

const CLEAN_EVERY: Duration = Duration::from_secs(60 * 60);
/// How often a node looks whether it is time.
const LOOK: Duration = Duration::from_secs(60);

/// Running tasks; dropped, they end at once.
#[derive(Debug)]
pub struct Background {
    mail: JoinHandle<()>,
    stopping: watch::Sender<bool>,
    others: JoinSet<()>,
}

/// Starts the background tasks.
#[must_use]
pub fn start(docket: &Docket) -> Background {
    let (stopping, told) = watch::channel(false);
    let mut others = JoinSet::new();
    others.spawn(clean_regularly(docket.clone()));
    others.spawn(checked::hear(docket.clone()));
    Background { mail: tokio::spawn(worker::run(docket.clone(), told)), stopping, others }
}

impl Background {
    /// Ends all tasks; waits until the mail that is being sent has left, so that nobody sends it again.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        self.others.abort_all();
        if let Err(panic) = (&mut self.mail).await {
            tracing::error!(%panic, "sending mail had failed");
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.mail.abort();
    }
}

async fn clean_regularly(docket: Docket) {
    // Whoever got the turn and failed tries again; nobody else will within the hour.
    let mut owed = false;
    loop {
        let done = if owed { clean(&docket).await } else { clean_if_due(&docket).await.map(drop) };
        owed = done.is_err();
        if let Err(error) = done {
            tracing::warn!(%error, "cleaning up failed and will be tried again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// [`clean`]s unless this node or another did so within the last hour; answers whether it did.
///
/// # Errors
/// When the database or the short-lived store fails.
pub async fn clean_if_due(docket: &Docket) -> Result<bool> {
    if docket.kv.pause("task:clean", CLEAN_EVERY).await?.is_err() {
        return Ok(false);
    }
    clean(docket).await?;
    tracing::info!("cleaned up");
    Ok(true)
}

/// Forgets unconfirmed sign-ups, ended sessions, old mail and records, and what has been in the trash long enough.
///
/// # Errors
/// When the database fails.
pub async fn clean(docket: &Docket) -> Result<()> {
    accounts::service::purge(docket).await?;
    sessions::service::purge(docket).await?;
    worker::purge(docket).await?;
    audit::service::purge(docket).await?;
    trash::service::purge(docket).await
}
