//! Deleted rows.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::Trashed;
use crate::db::{Conn, limited};
use crate::error::Result;
use crate::paging::{Behind, bind_behind};
use crate::time::Timestamp;
use crate::{each_engine, execute};

/// What a person can restore, newest first. Todos of a deleted list come back with it and are not shown.
pub(super) async fn page(conn: &mut Conn, user: Uuid, behind: Option<&Behind>, limit: i64) -> Result<Vec<Trashed>> {
    let sql = format!(
        "select id, is_list, title, list_name, todo_count, deleted_at from (\
         select l.id, true as is_list, l.name as title, null as list_name, \
         (select count(*) from todos where list_id = l.id and deleted_at is null) as todo_count, l.deleted_at \
         from lists l where l.user_id = $1 and l.deleted_at is not null \
         union all \
         select t.id, false, t.title, l.name, 0, t.deleted_at \
         from todos t join lists l on l.id = t.list_id \
         where t.user_id = $1 and t.deleted_at is not null and l.deleted_at is null\
         ) as trashed {} order by deleted_at desc, id desc{}",
        if behind.is_some() { "where (deleted_at, id) < ($3, $4)" } else { "" },
        limited(2),
    );
    Ok(each_engine!(conn, |c| {
        let found = sqlx::query_as(AssertSqlSafe(sql)).bind(user).bind(limit);
        bind_behind!(found, behind).fetch_all(c).await
    })?)
}

/// Answers the version that it has now; `None` when there is nothing to restore.
pub(super) async fn restore(conn: &mut Conn, user: Uuid, id: Uuid, now: Timestamp) -> Result<Option<i64>> {
    const LIST: &str = "update lists set deleted_at = null, version = version + 1, updated_at = $3 \
                        where id = $1 and user_id = $2 and deleted_at is not null returning version";
    const TODO: &str = "update todos set deleted_at = null, version = version + 1, updated_at = $3 \
                        where id = $1 and user_id = $2 and deleted_at is not null \
                        and exists (select 1 from lists l where l.id = todos.list_id and l.deleted_at is null) \
                        returning version";
    for sql in [LIST, TODO] {
        let version: Option<i64> =
            each_engine!(conn, |c| sqlx::query_scalar(sql).bind(id).bind(user).bind(now).fetch_optional(c).await)?;
        if version.is_some() {
            return Ok(version);
        }
    }
    Ok(None)
}

pub(super) async fn remove(conn: &mut Conn, user: Uuid, id: Uuid) -> Result<bool> {
    const LIST: &str = "delete from lists where id = $1 and user_id = $2 and deleted_at is not null";
    const TODO: &str = "delete from todos where id = $1 and user_id = $2 and deleted_at is not null";
    for sql in [LIST, TODO] {
        let rows = execute!(conn, sqlx::query(sql).bind(id).bind(user))?;
        if rows == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn empty(conn: &mut Conn, user: Uuid) -> Result<()> {
    for sql in [
        "delete from todos where user_id = $1 and deleted_at is not null",
        "delete from lists where user_id = $1 and deleted_at is not null",
    ] {
        execute!(conn, sqlx::query(sql).bind(user))?;
    }
    Ok(())
}

pub(super) async fn purge(conn: &mut Conn, deleted_before: Timestamp) -> Result<()> {
    for sql in ["delete from todos where deleted_at < $1", "delete from lists where deleted_at < $1"] {
        execute!(conn, sqlx::query(sql).bind(deleted_before))?;
    }
    Ok(())
}
