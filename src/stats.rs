//! How busy this Docket is, in numbers, for whoever watches it.

use crate::Docket;
use crate::each_engine;
use crate::error::Result;
use crate::mail::outbox;

/// The numbers of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Passwords that are hashed or wait for their turn.
    pub hashing: u32,
    /// Passwords that were hashed since the start.
    pub hashed: u64,
    /// Mails that wait to be sent.
    pub mails_waiting: i64,
    /// Seconds that the oldest of them has waited.
    pub oldest_mail_seconds: i64,
    /// Mails that were given up within the last week.
    pub mails_given_up: i64,
    /// Sessions that are alive.
    pub sessions: i64,
}

/// The numbers now.
///
/// # Errors
/// When the database fails.
pub async fn now(docket: &Docket) -> Result<Stats> {
    const MAILS: &str =
        "select count(*), coalesce(min(created_at), $1) from outbox where sent_at is null and failed_at is null";
    const SESSIONS: &str =
        "select count(*) from sessions where revoked_at is null and expires_at > $1 and last_seen_at > $2";
    let now = docket.clock.now();
    let idle_since = now.minus(docket.config.refresh_idle);
    let mut conn = docket.db.read().await?;
    let (mails_waiting, oldest): (i64, i64) =
        each_engine!(conn, |c| sqlx::query_as(MAILS).bind(now).fetch_one(c).await)?;
    let mails_given_up = outbox::given_up(&mut conn).await?;
    let sessions = each_engine!(conn, |c| sqlx::query_scalar(SESSIONS).bind(now).bind(idle_since).fetch_one(c).await)?;
    Ok(Stats {
        hashing: docket.hasher.queue(),
        hashed: docket.hasher.done(),
        mails_waiting,
        oldest_mail_seconds: (now.0 - oldest) / 1_000_000,
        mails_given_up,
        sessions,
    })
}
