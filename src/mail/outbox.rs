//! Mail on its way, as rows: written with the change that causes it, so that neither exists without the other.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::Mail;
use crate::Docket;
use crate::db::Conn;
use crate::error::Result;
use crate::time::Timestamp;
use crate::{each_engine, execute};

/// A queued mail.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Queued {
    pub(super) id: Uuid,
    recipient: String,
    subject: String,
    body_text: String,
    body_html: String,
    pub(super) attempts: i64,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl Queued {
    pub(super) fn into_mail(self) -> Mail {
        Mail { recipient: self.recipient, subject: self.subject, text: self.body_text, html: self.body_html }
    }
}

/// Queues a mail, makes the transaction durable, and lets the worker know. The mail is tried for so long.
///
/// # Errors
/// When the database fails; then nothing of the transaction is kept.
pub(crate) async fn queue(docket: &Docket, mut tx: Conn, mail: Mail, tried_for: Duration) -> Result<()> {
    let now = docket.clock.now();
    push(&mut tx, mail, now, now.plus(tried_for)).await?;
    tx.commit().await?;
    docket.mailer.notify();
    Ok(())
}

/// How many mails were given up and not yet forgotten.
///
/// # Errors
/// When the database fails.
pub(crate) async fn given_up(conn: &mut Conn) -> Result<i64> {
    const SQL: &str = "select count(*) from outbox where failed_at is not null";
    Ok(each_engine!(conn, |c| sqlx::query_scalar(SQL).fetch_one(c).await)?)
}

/// Queues a mail within a write transaction. It is not sent after `expires_at`: a dead code helps nobody.
///
/// # Errors
/// When the database fails.
pub async fn push(conn: &mut Conn, mail: Mail, now: Timestamp, expires_at: Timestamp) -> Result<()> {
    const SQL: &str = "insert into outbox (id, recipient, subject, body_text, body_html, next_attempt_at, expires_at, created_at) \
                       values ($1, $2, $3, $4, $5, $6, $7, $6)";
    execute!(
        conn,
        sqlx::query(SQL)
            .bind(Uuid::now_v7())
            .bind(mail.recipient)
            .bind(mail.subject)
            .bind(mail.text)
            .bind(mail.html)
            .bind(now)
            .bind(expires_at)
    )?;
    Ok(())
}

/// Takes mails that are due, so that no other node sends them too. Whoever does not [`close`] or [`postpone`] one until
/// then has died: it is due again.
pub(super) async fn take(conn: &mut Conn, now: Timestamp, until: Timestamp, most: i64) -> Result<Vec<Queued>> {
    let sql = AssertSqlSafe(format!(
        "update outbox set next_attempt_at = $2 where id in (select id from outbox \
         where sent_at is null and failed_at is null and next_attempt_at <= $1 order by next_attempt_at limit $3 {}) \
         returning id, recipient, subject, body_text, body_html, attempts, created_at, expires_at",
        conn.taking()
    ));
    Ok(each_engine!(conn, |c| sqlx::query_as(sql).bind(now).bind(until).bind(most).fetch_all(c).await)?)
}

/// Whether any mail is due.
pub(super) async fn is_due(conn: &mut Conn, now: Timestamp) -> Result<bool> {
    const SQL: &str =
        "select 1 from outbox where sent_at is null and failed_at is null and next_attempt_at <= $1 limit 1";
    Ok(each_engine!(conn, |c| sqlx::query(SQL).bind(now).fetch_optional(c).await.map(|row| row.is_some()))?)
}

/// Sent, or given up with the reason; either way the text, which may hold a code, is emptied.
pub(super) async fn close(conn: &mut Conn, id: Uuid, now: Timestamp, failure: Option<&str>) -> Result<()> {
    const SQL: &str = "update outbox set subject = '', body_text = '', body_html = '', last_error = $3, \
                       sent_at = case when $3 is null then $2 end, failed_at = case when $3 is null then null else $2 end \
                       where id = $1";
    execute!(conn, sqlx::query(SQL).bind(id).bind(now).bind(failure))?;
    Ok(())
}

pub(super) async fn postpone(conn: &mut Conn, id: Uuid, until: Timestamp, failure: &str) -> Result<()> {
    const SQL: &str = "update outbox set attempts = attempts + 1, next_attempt_at = $2, last_error = $3 where id = $1";
    execute!(conn, sqlx::query(SQL).bind(id).bind(until).bind(failure))?;
    Ok(())
}

pub(super) async fn purge(conn: &mut Conn, older_than: Timestamp) -> Result<()> {
    const SQL: &str = "delete from outbox where created_at < $1 and (sent_at is not null or failed_at is not null)";
    execute!(conn, sqlx::query(SQL).bind(older_than))?;
    Ok(())
}
