//! The rows of todos.

use uuid::Uuid;

use super::{Notes, Title, Todo};
use crate::db::Conn;
use crate::error::Result;
use crate::order::Position;
use crate::time::Timestamp;
use crate::{each_engine, execute};

/// A stretch of a list in its order, behind the todo `after` (or from the start).
pub(super) async fn page(
    conn: &mut Conn,
    user: Uuid,
    list: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Todo>> {
    const FROM_START: &str = "select id, list_id, title, notes, done_at is not null as done, version from todos \
                              where list_id = $1 and user_id = $2 and deleted_at is null order by position, id limit $3";
    const BEHIND: &str = "select id, list_id, title, notes, done_at is not null as done, version from todos \
                          where list_id = $1 and user_id = $2 and deleted_at is null \
                          and (position, id) > (select position, id from todos where id = $4 and list_id = $1) \
                          order by position, id limit $3";
    let rows = match after {
        None => each_engine!(conn, |c| sqlx::query_as(FROM_START).bind(list).bind(user).bind(limit).fetch_all(c).await),
        Some(after) => {
            each_engine!(conn, |c| sqlx::query_as(BEHIND)
                .bind(list)
                .bind(user)
                .bind(limit)
                .bind(after)
                .fetch_all(c)
                .await)
        }
    };
    Ok(rows?)
}

/// A todo that is neither deleted nor in a deleted list.
pub(super) async fn find(conn: &mut Conn, user: Uuid, id: Uuid) -> Result<Option<Todo>> {
    const SQL: &str = "select t.id, t.list_id, t.title, t.notes, t.done_at is not null as done, t.version \
                       from todos t join lists l on l.id = t.list_id \
                       where t.id = $1 and t.user_id = $2 and t.deleted_at is null and l.deleted_at is null";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(id).bind(user).fetch_optional(c).await)?)
}

pub(super) struct New<'a> {
    pub(super) id: Uuid,
    pub(super) user: Uuid,
    pub(super) list: Uuid,
    pub(super) title: &'a Title,
    pub(super) notes: &'a Notes,
    pub(super) position: &'a Position,
    pub(super) now: Timestamp,
}

/// `false` when there is a row with this id, whoever's.
pub(super) async fn insert(conn: &mut Conn, new: New<'_>) -> Result<bool> {
    const SQL: &str = "insert into todos (id, user_id, list_id, title, notes, position, created_at, updated_at) \
                       values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict (id) do nothing";
    let rows = execute!(
        conn,
        sqlx::query(SQL)
            .bind(new.id)
            .bind(new.user)
            .bind(new.list)
            .bind(new.title.as_str())
            .bind(new.notes.as_str())
            .bind(new.position)
            .bind(new.now)
    )?;
    Ok(rows == 1)
}

pub(super) struct Update<'a> {
    pub(super) title: Option<&'a str>,
    pub(super) notes: Option<&'a str>,
    pub(super) done: Option<bool>,
    pub(super) list: Option<Uuid>,
    pub(super) position: Option<&'a Position>,
}

pub(super) async fn update(conn: &mut Conn, user: Uuid, id: Uuid, update: Update<'_>, now: Timestamp) -> Result<()> {
    const SQL: &str = "update todos set title = coalesce($3, title), notes = coalesce($4, notes), \
                       done_at = case when $5 then coalesce(done_at, $8) when not $5 then null else done_at end, \
                       list_id = coalesce($6, list_id), position = coalesce($7, position), \
                       version = version + 1, updated_at = $8 \
                       where id = $1 and user_id = $2 and deleted_at is null";
    execute!(
        conn,
        sqlx::query(SQL)
            .bind(id)
            .bind(user)
            .bind(update.title)
            .bind(update.notes)
            .bind(update.done)
            .bind(update.list)
            .bind(update.position)
            .bind(now)
    )?;
    Ok(())
}

/// Into the trash; `false` when it is not there.
pub(super) async fn delete(conn: &mut Conn, user: Uuid, id: Uuid, now: Timestamp) -> Result<bool> {
    const SQL: &str = "update todos set deleted_at = $3, version = version + 1, updated_at = $3 \
                       where id = $1 and user_id = $2 and deleted_at is null";
    let rows = execute!(conn, sqlx::query(SQL).bind(id).bind(user).bind(now))?;
    Ok(rows == 1)
}

/// All done ones of a list into the trash; answers how many.
pub(super) async fn delete_done(conn: &mut Conn, user: Uuid, list: Uuid, now: Timestamp) -> Result<u64> {
    const SQL: &str = "update todos set deleted_at = $3, version = version + 1, updated_at = $3 \
                       where list_id = $1 and user_id = $2 and done_at is not null and deleted_at is null";
    Ok(execute!(conn, sqlx::query(SQL).bind(list).bind(user).bind(now))?)
}
