//! The rows of lists.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::service::Query;
use super::{ListName, Record};
use crate::db::packed::{Hex, unpack};
use crate::db::{Conn, Engine, limited};
use crate::error::Result;
use crate::order::Position;
use crate::paging::{Behind, bind_behind};
use crate::search::{Needle, folded};
use crate::time::Timestamp;
use crate::{each_engine, execute};

// Counted by sub-selects: each reads only its list's stretch of an index, so a page costs what the page holds.
const SELECT: &str = "select l.id, l.user_id, l.name, l.favourite, l.position, l.version, l.created_at, l.updated_at, \
    (select count(*) from todos where list_id = l.id and deleted_at is null and done_at is null) as open_count, \
    (select count(*) from todos where list_id = l.id and deleted_at is null and done_at is not null) as done_count \
    from lists l where l.user_id = $1 and l.deleted_at is null";

/// All lists of a person, favourites first.
pub(crate) async fn all(conn: &mut Conn, user: Uuid) -> Result<Vec<Record>> {
    match conn.engine() {
        Engine::Postgres(c) => {
            let sql = AssertSqlSafe(format!("{SELECT} order by l.favourite desc, l.position, l.id"));
            Ok(sqlx::query_as(sql).bind(user).fetch_all(c).await?)
        }
        Engine::Sqlite(c) => {
            let packed: String = sqlx::query_scalar(PACKED).bind(user).fetch_one(c).await?;
            unpacked(&packed)
        }
    }
}

/// [`all`] as one text, on SQLite: `$1` is the person. Both counts at once.
pub(crate) const PACKED: &str = "select json_group_array(json_array(hex(id), hex(user_id), name, favourite, hex(position), json(counts), \
    version, created_at, updated_at)) from (\
    select l.*, (select json_array(count(*) - count(done_at), count(done_at)) from todos \
    where list_id = l.id and deleted_at is null) as counts \
    from lists l where l.user_id = $1 and l.deleted_at is null order by l.favourite desc, l.position, l.id)";

/// What [`PACKED`] answered.
pub(crate) fn unpacked(packed: &str) -> Result<Vec<Record>> {
    Ok(unpack(packed)?.into_iter().map(record).collect())
}

type Packed = (Uuid, Uuid, String, i64, Hex, (i64, i64), i64, Timestamp, Timestamp);

fn record(packed: Packed) -> Record {
    let (id, user_id, name, favourite, position, (open_count, done_count), version, created_at, updated_at) = packed;
    let (favourite, position) = (favourite != 0, position.into());
    Record { id, user_id, name, favourite, position, open_count, done_count, version, created_at, updated_at }
}

/// A stretch of the lists that a query means.
pub(super) async fn page(
    conn: &mut Conn,
    user: Uuid,
    query: &Query,
    behind: Option<&Behind>,
    limit: i64,
) -> Result<Vec<Record>> {
    let (compare, direction) = query.order.sql();
    // Rows that wait to be folded are found by nothing, but are there.
    let mut sql = format!("{SELECT} and ($2 is null or l.search like $2 escape '\\')");
    if behind.is_some() {
        sql += &format!(" and (l.position, l.id) {compare} ($4, $5)");
    }
    sql += &format!(" order by l.position {direction}, l.id {direction}{}", limited(3));
    let pattern = query.name.as_ref().map(Needle::pattern);
    Ok(each_engine!(conn, |c| {
        let found = sqlx::query_as(AssertSqlSafe(sql)).bind(user).bind(pattern).bind(limit);
        bind_behind!(found, behind).fetch_all(c).await
    })?)
}

pub(super) async fn find(conn: &mut Conn, user: Uuid, id: Uuid) -> Result<Option<Record>> {
    let sql = AssertSqlSafe(format!("{SELECT} and l.id = $2"));
    Ok(each_engine!(conn, |c| sqlx::query_as(sql).bind(user).bind(id).fetch_optional(c).await)?)
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
    const SQL: &str = "insert into lists (id, user_id, name, search, position, created_at, updated_at) \
                       values ($1, $2, $3, $4, $5, $6, $6) \
                       on conflict (id) do nothing";
    let (name, search) = (name.as_str(), folded(&[name.as_str()]));
    let rows = execute!(conn, sqlx::query(SQL).bind(id).bind(user).bind(name).bind(search).bind(position).bind(now))?;
    Ok(rows == 1)
}

pub(super) struct Update<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) favourite: Option<bool>,
    pub(super) position: Option<&'a Position>,
}

pub(super) async fn update(conn: &mut Conn, user: Uuid, id: Uuid, update: Update<'_>, now: Timestamp) -> Result<()> {
    const SQL: &str = "update lists set name = coalesce($3, name), favourite = coalesce($4, favourite), \
                       position = coalesce($5, position), search = coalesce($7, search), version = version + 1, updated_at = $6 \
                       where id = $1 and user_id = $2 and deleted_at is null";
    execute!(
        conn,
        sqlx::query(SQL)
            .bind(id)
            .bind(user)
            .bind(update.name)
            .bind(update.favourite)
            .bind(update.position)
            .bind(now)
            .bind(update.name.map(|name| folded(&[name])))
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
