//! The rows of lists.

use uuid::Uuid;

use super::{List, ListName};
use crate::db::Conn;
use crate::error::Result;
use crate::order::Position;
use crate::time::Timestamp;
use crate::{each_engine, execute};

/// All lists of a person, favourites first.
pub(crate) async fn all(conn: &mut Conn, user: Uuid) -> Result<Vec<List>> {
    const SQL: &str = "select l.id, l.name, l.favourite, l.version, \
                       count(t.id) filter (where t.done_at is null) as open_count, \
                       count(t.id) filter (where t.done_at is not null) as done_count \
                       from lists l left join todos t on t.list_id = l.id and t.deleted_at is null \
                       where l.user_id = $1 and l.deleted_at is null \
                       group by l.id, l.name, l.favourite, l.version, l.position \
                       order by l.favourite desc, l.position, l.id";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?)
}

pub(super) async fn find(conn: &mut Conn, user: Uuid, id: Uuid) -> Result<Option<List>> {
    const SQL: &str = "select l.id, l.name, l.favourite, l.version, \
                       (select count(*) from todos where list_id = l.id and deleted_at is null and done_at is null) as open_count, \
                       (select count(*) from todos where list_id = l.id and deleted_at is null and done_at is not null) as done_count \
                       from lists l where l.id = $1 and l.user_id = $2 and l.deleted_at is null";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(id).bind(user).fetch_optional(c).await)?)
}

pub(super) async fn exists(conn: &mut Conn, user: Uuid, id: Uuid) -> Result<bool> {
    const SQL: &str = "select 1 from lists where id = $1 and user_id = $2 and deleted_at is null";
    Ok(each_engine!(conn, |c| sqlx::query(SQL).bind(id).bind(user).fetch_optional(c).await.map(|row| row.is_some()))?)
}

pub(super) async fn count(conn: &mut Conn, user: Uuid) -> Result<i64> {
    const SQL: &str = "select count(*) from lists where user_id = $1";
    Ok(each_engine!(conn, |c| sqlx::query_scalar(SQL).bind(user).fetch_one(c).await)?)
}

/// `false` when there is a row with this id, whoever's.
pub(super) async fn insert(
    conn: &mut Conn,
    user: Uuid,
    id: Uuid,
    name: &ListName,
    position: &Position,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "insert into lists (id, user_id, name, position, created_at, updated_at) values ($1, $2, $3, $4, $5, $5) \
                       on conflict (id) do nothing";
    let rows = execute!(conn, sqlx::query(SQL).bind(id).bind(user).bind(name.as_str()).bind(position).bind(now))?;
    Ok(rows == 1)
}

pub(super) struct Update<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) favourite: Option<bool>,
    pub(super) position: Option<&'a Position>,
}

pub(super) async fn update(conn: &mut Conn, user: Uuid, id: Uuid, update: Update<'_>, now: Timestamp) -> Result<()> {
    const SQL: &str = "update lists set name = coalesce($3, name), favourite = coalesce($4, favourite), \
                       position = coalesce($5, position), version = version + 1, updated_at = $6 \
                       where id = $1 and user_id = $2 and deleted_at is null";
    execute!(
        conn,
        sqlx::query(SQL).bind(id).bind(user).bind(update.name).bind(update.favourite).bind(update.position).bind(now)
    )?;
    Ok(())
}

/// Into the trash; `false` when it is not there.
pub(super) async fn delete(conn: &mut Conn, user: Uuid, id: Uuid, now: Timestamp) -> Result<bool> {
    const SQL: &str = "update lists set deleted_at = $3, version = version + 1, updated_at = $3 \
                       where id = $1 and user_id = $2 and deleted_at is null";
    let rows = execute!(conn, sqlx::query(SQL).bind(id).bind(user).bind(now))?;
    Ok(rows == 1)
}
