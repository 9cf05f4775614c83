//! Sends what waits in the outbox: at once when something is queued, again with growing pauses when that failed.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use uuid::Uuid;

use super::outbox::{self, Queued};
use crate::Docket;
use crate::error::{Error, Result};
use crate::time::Timestamp;

const LOOK: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
const GIVE_UP: Duration = Duration::from_secs(24 * 60 * 60);
/// Mails that are sent at the same time.
const AT_ONCE: i64 = 10;
/// A mail is taken for this much longer than an attempt to send it lasts.
const SPARE: Duration = Duration::from_secs(60);
/// How often it is tried to write down what became of a mail.
const WRITE_TRIES: u32 = 10;
const KEEP: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Sends mail until told to stop; what is being sent then is finished.
pub async fn run(docket: Docket, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match send_some(&docket).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the outbox cannot be worked on"),
        }
        tokio::select! {
            () = docket.mailer.due.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
}

/// Sends everything that is due now.
///
/// # Errors
/// When the database fails; a mail server that fails only postpones its mail.
pub async fn send_due(docket: &Docket) -> Result<()> {
    while send_some(docket).await? {}
    Ok(())
}

// Answers whether there were any.
async fn send_some(docket: &Docket) -> Result<bool> {
    let now = docket.clock.now();
    // Most looks find nothing: those shall not make anybody wait who writes.
    if !outbox::is_due(&mut docket.db.read().await?, now).await? {
        return Ok(false);
    }
    let mut tx = docket.db.write().await?;
    let taken = outbox::take(&mut tx, now, now.plus(docket.config.smtp_timeout + SPARE), AT_ONCE).await?;
    tx.commit().await?;
    let any = !taken.is_empty();
    join_all(taken.into_iter().map(|queued| send(docket, queued))).await.into_iter().collect::<Result<()>>()?;
    Ok(any)
}

/// Forgets what was sent or given up a week ago.
///
/// # Errors
/// When the database fails.
pub async fn purge(docket: &Docket) -> Result<()> {
    let mut tx = docket.db.write().await?;
    outbox::purge(&mut tx, docket.clock.now().minus(KEEP)).await?;
    tx.commit().await
}

// No connection is held while the mail server is spoken to.
async fn send(docket: &Docket, queued: Queued) -> Result<()> {
    let now = docket.clock.now();
    let (id, attempts, created_at, expires_at) = (queued.id, queued.attempts, queued.created_at, queued.expires_at);
    let sent = if now >= expires_at {
        Err(Error::internal("expired before it could be sent"))
    } else {
        docket.mailer.send(&queued.into_mail(), now).await
    };
    // Whoever cannot write down that a mail has left would send it again.
    for _ in 0..WRITE_TRIES {
        match write_down(docket, id, attempts, expires_at.min(created_at.plus(GIVE_UP)), now, &sent).await {
            Err(error) => tracing::warn!(mail = %id, %error, "what became of a mail could not be written down"),
            done => return done,
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

async fn write_down(
    docket: &Docket,
    id: Uuid,
    attempts: i64,
    give_up: Timestamp,
    now: Timestamp,
    sent: &Result<()>,
) -> Result<()> {
    let mut tx = docket.db.write().await?;
    match sent {
        Ok(()) => outbox::close(&mut tx, id, now, None).await?,
        Err(error) => {
            let reason = without_addresses(&error.reason());
            if now >= give_up {
                tracing::error!(mail = %id, reason, "a mail was given up");
                outbox::close(&mut tx, id, now, Some(&reason)).await?;
            } else {
                tracing::warn!(mail = %id, reason, "a mail could not be sent and will be tried again");
                outbox::postpone(&mut tx, id, now.plus(pause(attempts)), &reason).await?;
            }
        }
    }
    tx.commit().await
}

// Mail servers like to repeat whom they refuse; a log is no place for that.
fn without_addresses(text: &str) -> String {
    let mask = |word: &str| if word.contains('@') { "(address)".to_owned() } else { word.to_owned() };
    text.split(' ').map(mask).collect::<Vec<_>>().join(" ")
}

// Doubles from attempt to attempt, with up to a quarter more by chance so that mails do not return in one wave.
fn pause(attempts: i64) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(1 << attempts.clamp(0, 16));
    doubled.min(LONGEST_PAUSE).mul_f64(1.0 + rand::random::<f64>() / 4.0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_reason_names_no_address() {
        let said = "permanent error (550): 5.1.1 <ann@example.org>: Recipient rejected";
        assert_eq!(super::without_addresses(said), "permanent error (550): 5.1.1 (address) Recipient rejected");
    }
}
