//! The rows of the audit log.

use uuid::Uuid;

use super::{Event, Record, Subject};
use crate::Docket;
use crate::db::Conn;
use crate::error::Result;
use crate::time::Timestamp;
use crate::{each_engine, execute};

pub(super) async fn insert(conn: &mut Conn, docket: &Docket, event: Event, subject: Subject, done: bool) -> Result<()> {
    const SQL: &str =
        "insert into audit (id, at, user_id, session_id, ip, event, done) values ($1, $2, $3, $4, $5, $6, $7)";
    execute!(
        conn,
        sqlx::query(SQL)
            .bind(Uuid::now_v7())
            .bind(docket.clock.now())
            .bind(subject.user)
            .bind(subject.session)
            .bind(docket.client.ip.as_str())
            .bind(event.as_str())
            .bind(done)
    )?;
    Ok(())
}

/// The newest, of everybody or of one person.
pub(crate) async fn newest(conn: &mut Conn, user: Option<Uuid>, limit: i64) -> Result<Vec<Record>> {
    const ALL: &str =
        "select id, at, user_id, session_id, ip, event, done from audit order by at desc, id desc limit $1";
    const ONE: &str = "select id, at, user_id, session_id, ip, event, done from audit where user_id = $2 \
                       order by at desc, id desc limit $1";
    Ok(match user {
        None => each_engine!(conn, |c| sqlx::query_as(ALL).bind(limit).fetch_all(c).await)?,
        Some(user) => each_engine!(conn, |c| sqlx::query_as(ONE).bind(limit).bind(user).fetch_all(c).await)?,
    })
}

pub(super) async fn purge(conn: &mut Conn, before: Timestamp) -> Result<()> {
    execute!(conn, sqlx::query("delete from audit where at < $1").bind(before))?;
    Ok(())
}
