//! The rows of sessions.

use uuid::Uuid;

use super::{Client, Identity, Session};
use crate::accounts::{Role, User};
use crate::db::Conn;
use crate::error::Result;
use crate::time::Timestamp;
use crate::{each_engine, execute};

/// A session that is alive, with its user.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Live {
    pub(super) session_id: Uuid,
    pub(super) last_seen_at: Timestamp,
    proven_at: Timestamp,
    id: Uuid,
    email: String,
    username: String,
    #[sqlx(try_from = "String")]
    role: Role,
}

impl Live {
    pub(super) fn into_identity(self) -> Identity {
        let user = User { id: self.id, email: self.email, username: self.username, role: self.role };
        Identity { user, session_id: self.session_id, proven_at: self.proven_at }
    }
}

/// What decides about a refresh.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Rotation {
    pub(super) user_id: Uuid,
    pub(super) refresh_salt: Vec<u8>,
    pub(super) generation: i64,
    pub(super) rotated_at: Timestamp,
    pub(super) last_seen_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) revoked_at: Option<Timestamp>,
}

pub(super) struct New<'a> {
    pub(super) id: Uuid,
    pub(super) user_id: Uuid,
    pub(super) cookie_hash: &'a [u8],
    pub(super) refresh_salt: &'a [u8],
    pub(super) client: &'a Client,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn insert(conn: &mut Conn, new: New<'_>) -> Result<()> {
    const SQL: &str = "insert into sessions (id, user_id, cookie_hash, refresh_salt, rotated_at, user_agent, ip, created_at, last_seen_at, expires_at) \
                       values ($1, $2, $3, $4, $5, $6, $7, $5, $5, $8)";
    execute!(
        conn,
        sqlx::query(SQL)
            .bind(new.id)
            .bind(new.user_id)
            .bind(new.cookie_hash)
            .bind(new.refresh_salt)
            .bind(new.now)
            .bind(&new.client.user_agent)
            .bind(&new.client.ip)
            .bind(new.expires_at)
    )?;
    Ok(())
}

/// By the cookie it has, or one that was replaced since `replaced_since`.
pub(super) async fn live_by_cookie(
    conn: &mut Conn,
    cookie_hash: &[u8],
    now: Timestamp,
    idle_since: Timestamp,
    replaced_since: Timestamp,
) -> Result<Option<Live>> {
    const SQL: &str = "select s.id as session_id, s.last_seen_at, coalesce(s.proven_at, s.created_at) as proven_at, u.id, u.email, u.username, u.role \
                       from sessions s join users u on u.id = s.user_id \
                       where (s.cookie_hash = $1 or (s.previous_cookie_hash = $1 and s.proven_at >= $4)) \
                       and s.revoked_at is null and s.expires_at > $2 and s.last_seen_at > $3 and u.disabled_at is null";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL)
        .bind(cookie_hash)
        .bind(now)
        .bind(idle_since)
        .bind(replaced_since)
        .fetch_optional(c)
        .await)?)
}

pub(super) async fn live_by_id(conn: &mut Conn, id: Uuid, user_id: Uuid, now: Timestamp) -> Result<Option<Live>> {
    const SQL: &str = "select s.id as session_id, s.last_seen_at, coalesce(s.proven_at, s.created_at) as proven_at, u.id, u.email, u.username, u.role \
                       from sessions s join users u on u.id = s.user_id where s.id = $1 and s.user_id = $2 \
                       and s.revoked_at is null and s.expires_at > $3 and u.disabled_at is null";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(id).bind(user_id).bind(now).fetch_optional(c).await)?)
}

pub(super) async fn touch(conn: &mut Conn, id: Uuid, now: Timestamp) -> Result<()> {
    const SQL: &str = "update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2";
    execute!(conn, sqlx::query(SQL).bind(id).bind(now))?;
    Ok(())
}

/// Notes that the person has proven who they are, and gives the session another cookie; `false` when it has ended.
pub(super) async fn set_proven(conn: &mut Conn, id: Uuid, cookie_hash: &[u8], now: Timestamp) -> Result<bool> {
    const SQL: &str = "update sessions set proven_at = $2, previous_cookie_hash = cookie_hash, cookie_hash = $3 \
                       where id = $1 and revoked_at is null and expires_at > $2";
    Ok(execute!(conn, sqlx::query(SQL).bind(id).bind(now).bind(cookie_hash))? == 1)
}

pub(super) async fn rotation(conn: &mut Conn, id: Uuid) -> Result<Option<Rotation>> {
    const SQL: &str = "select user_id, refresh_salt, generation, rotated_at, last_seen_at, expires_at, revoked_at from sessions where id = $1";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?)
}

/// Makes the next generation the current one; `false` when somebody else was faster.
pub(super) async fn rotate(conn: &mut Conn, id: Uuid, from: i64, now: Timestamp) -> Result<bool> {
    const SQL: &str = "update sessions set generation = generation + 1, rotated_at = $3, last_seen_at = $3 \
                       where id = $1 and generation = $2 and revoked_at is null";
    let rows = execute!(conn, sqlx::query(SQL).bind(id).bind(from).bind(now))?;
    Ok(rows == 1)
}

pub(super) async fn revoke(conn: &mut Conn, id: Uuid, now: Timestamp) -> Result<()> {
    const SQL: &str = "update sessions set revoked_at = $2 where id = $1 and revoked_at is null";
    execute!(conn, sqlx::query(SQL).bind(id).bind(now))?;
    Ok(())
}

pub(super) async fn revoke_all(conn: &mut Conn, user_id: Uuid, now: Timestamp) -> Result<()> {
    const SQL: &str = "update sessions set revoked_at = $2 where user_id = $1 and revoked_at is null";
    execute!(conn, sqlx::query(SQL).bind(user_id).bind(now))?;
    Ok(())
}

/// `false` when there is none, or it has ended.
pub(super) async fn revoke_one(conn: &mut Conn, user_id: Uuid, id: Uuid, now: Timestamp) -> Result<bool> {
    const SQL: &str =
        "update sessions set revoked_at = $3 where id = $1 and user_id = $2 and revoked_at is null and expires_at > $3";
    let rows = execute!(conn, sqlx::query(SQL).bind(id).bind(user_id).bind(now))?;
    Ok(rows == 1)
}

pub(super) async fn revoke_others(conn: &mut Conn, user_id: Uuid, but: Uuid, now: Timestamp) -> Result<()> {
    const SQL: &str = "update sessions set revoked_at = $3 where user_id = $1 and id <> $2 and revoked_at is null";
    execute!(conn, sqlx::query(SQL).bind(user_id).bind(but).bind(now))?;
    Ok(())
}

/// A person's sessions that are alive, last used first.
pub(crate) async fn all(conn: &mut Conn, user_id: Uuid, now: Timestamp, idle_since: Timestamp) -> Result<Vec<Session>> {
    const SQL: &str = "select id, user_agent, ip, created_at, last_seen_at from sessions \
                       where user_id = $1 and revoked_at is null and expires_at > $2 and last_seen_at > $3 \
                       order by last_seen_at desc, id desc";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(user_id).bind(now).bind(idle_since).fetch_all(c).await)?)
}

pub(super) async fn purge(conn: &mut Conn, now: Timestamp) -> Result<()> {
    const SQL: &str = "delete from sessions where expires_at <= $1";
    execute!(conn, sqlx::query(SQL).bind(now))?;
    Ok(())
}
