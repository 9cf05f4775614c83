//! The rows of accounts and of sign-ups that wait for their code.

use std::time::Duration;

use uuid::Uuid;

use super::email::Email;
use super::{Entry, Profile, Role, User, Username};
use crate::db::{Conn, is_unique_violation};
use crate::error::Result;
use crate::time::Timestamp;
use crate::{each_engine, execute};

/// An account with what only the service may see.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Account {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) username: String,
    #[sqlx(try_from = "String")]
    pub(crate) role: Role,
    pub(crate) password_hash: String,
    pub(crate) version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Account> for User {
    fn from(account: Account) -> Self {
        Self { id: account.id, email: account.email, username: account.username, role: account.role }
    }
}

impl From<Account> for Profile {
    fn from(account: Account) -> Self {
        let (version, created_at, updated_at) = (account.version, account.created_at, account.updated_at);
        Self { user: account.into(), version, created_at, updated_at }
    }
}

/// A sign-up that waits for its code.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct SignUp {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) email_canonical: String,
    pub(super) username: String,
    pub(super) username_canonical: String,
    pub(super) password_hash: String,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl SignUp {
    /// Of somebody who has this password.
    pub(super) fn new(email: &Email, username: &Username, hash: String, now: Timestamp, kept: Duration) -> Self {
        Self {
            id: Uuid::now_v7(),
            email: email.as_str().to_owned(),
            email_canonical: email.canonical().to_owned(),
            username: username.as_str().to_owned(),
            username_canonical: username.canonical(),
            password_hash: hash,
            created_at: now,
            expires_at: now.plus(kept),
        }
    }
}

pub(super) async fn account_by_login(conn: &mut Conn, canonical: &str) -> Result<Option<Account>> {
    const SQL: &str = "select id, email, username, role, password_hash, version, created_at, updated_at from users \
                       where (email_canonical = $1 or username_canonical = $1) and disabled_at is null";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(canonical).fetch_optional(c).await)?)
}

pub(crate) async fn account(conn: &mut Conn, id: Uuid) -> Result<Option<Account>> {
    const SQL: &str = "select id, email, username, role, password_hash, version, created_at, updated_at from users \
                       where id = $1 and disabled_at is null";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?)
}

pub(super) async fn email_is_known(conn: &mut Conn, canonical: &str) -> Result<bool> {
    const SQL: &str = "select 1 from users where email_canonical = $1";
    Ok(each_engine!(conn, |c| sqlx::query(SQL).bind(canonical).fetch_optional(c).await.map(|row| row.is_some()))?)
}

/// Whether somebody else has an address.
pub(super) async fn email_is_others(conn: &mut Conn, canonical: &str, own: Uuid) -> Result<bool> {
    const SQL: &str = "select 1 from users where email_canonical = $1 and id <> $2";
    Ok(each_engine!(conn, |c| sqlx::query(SQL)
        .bind(canonical)
        .bind(own)
        .fetch_optional(c)
        .await
        .map(|row| row.is_some()))?)
}

pub(super) async fn username_is_known(conn: &mut Conn, canonical: &str) -> Result<bool> {
    const SQL: &str = "select 1 from users where username_canonical = $1";
    Ok(each_engine!(conn, |c| sqlx::query(SQL).bind(canonical).fetch_optional(c).await.map(|row| row.is_some()))?)
}

/// A stretch of all accounts, oldest first.
pub(super) async fn accounts(conn: &mut Conn, limit: i64, offset: i64) -> Result<Vec<Account>> {
    const SQL: &str = "select id, email, username, role, password_hash, version, created_at, updated_at from users \
                       order by created_at, id limit $1 offset $2";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(limit).bind(offset).fetch_all(c).await)?)
}

pub(super) async fn count(conn: &mut Conn) -> Result<i64> {
    Ok(each_engine!(conn, |c| sqlx::query_scalar("select count(*) from users").fetch_one(c).await)?)
}

/// Makes an account of a confirmed sign-up; `false` when its address or name is taken meanwhile. The first account there
/// is belongs to an administrator.
pub(super) async fn insert_account(conn: &mut Conn, id: Uuid, sign_up: &SignUp, now: Timestamp) -> Result<bool> {
    const SQL: &str = "insert into users (id, email, email_canonical, username, username_canonical, password_hash, role, created_at, updated_at) \
                       values ($1, $2, $3, $4, $5, $6, case when exists (select 1 from users) then 'user' else 'admin' end, $7, $7) \
                       on conflict do nothing";
    let rows = execute!(
        conn,
        sqlx::query(SQL)
            .bind(id)
            .bind(&sign_up.email)
            .bind(&sign_up.email_canonical)
            .bind(&sign_up.username)
            .bind(&sign_up.username_canonical)
            .bind(&sign_up.password_hash)
            .bind(now)
    )?;
    Ok(rows == 1)
}

pub(super) async fn set_password(conn: &mut Conn, id: Uuid, hash: &str, now: Timestamp) -> Result<()> {
    const SQL: &str = "update users set password_hash = $2, updated_at = $3, version = version + 1 where id = $1";
    execute!(conn, sqlx::query(SQL).bind(id).bind(hash).bind(now))?;
    Ok(())
}

/// Gives an account another name; `false` when somebody else has it.
pub(super) async fn set_username(conn: &mut Conn, id: Uuid, name: &Username, now: Timestamp) -> Result<bool> {
    const SQL: &str = "update users set username = $2, username_canonical = $3, updated_at = $4, version = version + 1 \
                       where id = $1 and not exists (select 1 from users where username_canonical = $3 and id <> $1)";
    was_free(execute!(conn, sqlx::query(SQL).bind(id).bind(name.as_str()).bind(name.canonical()).bind(now)))
}

/// Gives an account another address; `false` when somebody else has it.
pub(super) async fn set_email(conn: &mut Conn, id: Uuid, email: &Email, now: Timestamp) -> Result<bool> {
    const SQL: &str = "update users set email = $2, email_canonical = $3, updated_at = $4, version = version + 1 \
                       where id = $1 and not exists (select 1 from users where email_canonical = $3 and id <> $1)";
    was_free(execute!(conn, sqlx::query(SQL).bind(id).bind(email.as_str()).bind(email.canonical()).bind(now)))
}

// Somebody else may take it between the look and the change.
fn was_free(changed: Result<u64, sqlx::Error>) -> Result<bool> {
    match changed {
        Err(error) if is_unique_violation(&error) => Ok(false),
        changed => Ok(changed? == 1),
    }
}

/// An account under a name or address, closed or not.
pub(super) async fn entry(conn: &mut Conn, canonical: &str) -> Result<Option<Entry>> {
    const SQL: &str = "select id, username, email, role, disabled_at, created_at from users \
                       where email_canonical = $1 or username_canonical = $1";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(canonical).fetch_optional(c).await)?)
}

/// Accounts, oldest first, behind one.
pub(super) async fn entries(conn: &mut Conn, (created_at, id): (Timestamp, Uuid)) -> Result<Vec<Entry>> {
    const SQL: &str = "select id, username, email, role, disabled_at, created_at from users \
                       where (created_at, id) > ($1, $2) order by created_at, id limit 1000";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(created_at).bind(id).fetch_all(c).await)?)
}

pub(super) async fn set_role(conn: &mut Conn, id: Uuid, role: Role, now: Timestamp) -> Result<()> {
    const SQL: &str = "update users set role = $2, updated_at = $3, version = version + 1 where id = $1";
    execute!(conn, sqlx::query(SQL).bind(id).bind(role.as_str()).bind(now))?;
    Ok(())
}

pub(super) async fn set_disabled(conn: &mut Conn, id: Uuid, since: Option<Timestamp>, now: Timestamp) -> Result<()> {
    const SQL: &str = "update users set disabled_at = $2, updated_at = $3, version = version + 1 where id = $1";
    execute!(conn, sqlx::query(SQL).bind(id).bind(since).bind(now))?;
    Ok(())
}

/// Removes an account with all that is its own.
pub(super) async fn delete(conn: &mut Conn, id: Uuid) -> Result<()> {
    execute!(conn, sqlx::query("delete from users where id = $1").bind(id))?;
    Ok(())
}

pub(super) async fn insert_sign_up(conn: &mut Conn, sign_up: &SignUp) -> Result<()> {
    const SQL: &str = "insert into sign_ups (id, email, email_canonical, username, username_canonical, password_hash, created_at, expires_at) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8)";
    execute!(
        conn,
        sqlx::query(SQL)
            .bind(sign_up.id)
            .bind(&sign_up.email)
            .bind(&sign_up.email_canonical)
            .bind(&sign_up.username)
            .bind(&sign_up.username_canonical)
            .bind(&sign_up.password_hash)
            .bind(sign_up.created_at)
            .bind(sign_up.expires_at)
    )?;
    Ok(())
}

pub(super) async fn sign_up(conn: &mut Conn, id: Uuid, now: Timestamp) -> Result<Option<SignUp>> {
    const SQL: &str = "select id, email, email_canonical, username, username_canonical, password_hash, created_at, expires_at \
                       from sign_ups where id = $1 and expires_at > $2";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(id).bind(now).fetch_optional(c).await)?)
}

/// The newest sign-up under an address or name.
pub(super) async fn sign_up_by_login(conn: &mut Conn, canonical: &str, now: Timestamp) -> Result<Option<SignUp>> {
    const SQL: &str = "select id, email, email_canonical, username, username_canonical, password_hash, created_at, expires_at \
                       from sign_ups where (email_canonical = $1 or username_canonical = $1) and expires_at > $2 \
                       order by created_at desc, id desc limit 1";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(canonical).bind(now).fetch_optional(c).await)?)
}

pub(super) async fn delete_sign_ups(conn: &mut Conn, email_canonical: &str) -> Result<()> {
    const SQL: &str = "delete from sign_ups where email_canonical = $1";
    execute!(conn, sqlx::query(SQL).bind(email_canonical))?;
    Ok(())
}

pub(super) async fn purge_sign_ups(conn: &mut Conn, now: Timestamp) -> Result<()> {
    const SQL: &str = "delete from sign_ups where expires_at <= $1";
    execute!(conn, sqlx::query(SQL).bind(now))?;
    Ok(())
}
