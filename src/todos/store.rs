//! The rows of todos.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::service::{Query, Sort};
use super::{Notes, Record, Title, Todo};
use crate::db::packed::{Hex, unpack};
use crate::db::{Conn, Engine, limited, turn_of};
use crate::error::Result;
use crate::lists;
use crate::order::Position;
use crate::paging::{Behind, bind_behind};
use crate::search::folded;
use crate::time::Timestamp;
use crate::{each_engine, execute};

const COLUMNS: &str =
    "t.id, t.list_id, t.user_id, t.title, t.notes, t.done_at, t.position, t.version, t.created_at, t.updated_at";

/// The same, of the one table of a statement that writes.
const WRITTEN: &str = "id, list_id, user_id, title, notes, done_at, position, version, created_at, updated_at";

/// Binds the parameters of [`stretch`].
macro_rules! bind_stretch {
    ($sql:expr, $user:expr, $query:expr, $behind:expr, $limit:expr) => {{
        let mut found = $sql.bind($user).bind($limit);
        if let Some(list) = $query.list {
            found = found.bind(list);
        }
        if let Some(text) = &$query.text {
            found = found.bind(text.pattern());
        }
        bind_behind!(found, $behind)
    }};
}

/// A stretch of the todos that a query means: none where the list is not there, or somebody else's.
pub(super) async fn page(
    conn: &mut Conn,
    user: Uuid,
    query: &Query,
    behind: Option<&Behind>,
    limit: i64,
) -> Result<Vec<Record>> {
    let sql = stretch(query, behind);
    match conn.engine() {
        Engine::Postgres(c) => {
            let found = bind_stretch!(sqlx::query_as(AssertSqlSafe(sql)), user, query, behind, limit);
            let rows: Vec<Columns<Position>> = found.fetch_all(c).await?;
            Ok(rows.into_iter().map(record).collect())
        }
        Engine::Sqlite(c) => {
            let sql = AssertSqlSafe(format!("select {PACKED} from ({sql}) t"));
            let found = bind_stretch!(sqlx::query_scalar(sql), user, query, behind, limit);
            let packed: String = found.fetch_one(c).await?;
            let rows: Vec<Columns<Hex>> = unpack(&packed)?;
            Ok(rows.into_iter().map(record).collect())
        }
    }
}

/// All lists of a person, and the same stretch of the todos of one of them, as its page shows it. On SQLite in one statement, and
/// no more of a todo than that: most of what it takes to answer is to hand over what was found.
pub(super) async fn page_beside_lists(
    conn: &mut Conn,
    user: Uuid,
    list: Uuid,
    behind: Option<&Behind>,
    limit: i64,
) -> Result<(Vec<lists::Record>, Vec<Shown>)> {
    let query = &Query::list(list);
    if let Engine::Sqlite(c) = conn.engine() {
        let sql = format!("select ({}), {SHOWN} from ({}) t", lists::store::PACKED, stretch(query, behind));
        let found = bind_stretch!(sqlx::query_as(AssertSqlSafe(sql)), user, query, behind, limit);
        let (lists, todos): (String, String) = found.fetch_one(c).await?;
        let shown = |(id, title, notes, done, position, version): (_, _, _, i64, Hex, _)| Shown {
            todo: Todo { id, list_id: list, title, notes, done: done != 0, version },
            position: position.into(),
        };
        return Ok((lists::store::unpacked(&lists)?, unpack(&todos)?.into_iter().map(shown).collect()));
    }
    let lists = lists::store::all(conn, user).await?;
    let shown = |row: Record| Shown { position: row.position.clone(), todo: row.into() };
    Ok((lists, page(conn, user, query, behind, limit).await?.into_iter().map(shown).collect()))
}

/// A todo as its list's page shows it, and where it stands.
pub(super) struct Shown {
    pub(super) todo: Todo,
    pub(super) position: Position,
}

const SHOWN: &str = "json_group_array(json_array(hex(id), title, notes, done_at is not null, hex(position), version))";

fn stretch(query: &Query, behind: Option<&Behind>) -> String {
    let column = match query.sort {
        Sort::Position => "position",
        Sort::CreatedAt => "created_at",
        Sort::UpdatedAt => "updated_at",
    };
    let (compare, direction) = query.order.sql();
    let from = match query.list {
        Some(_) => {
            "todos t where t.list_id = $3 \
             and exists (select 1 from lists where id = $3 and user_id = $1 and deleted_at is null)"
        }
        None => "todos t join lists l on l.id = t.list_id where l.deleted_at is null",
    };
    // Both engines number parameters from 1 without gaps, so each takes the next number.
    let mut last = 2 + usize::from(query.list.is_some());
    let mut next = || {
        last += 1;
        last
    };
    let mut sql = format!("select {COLUMNS} from {from} and t.user_id = $1 and t.deleted_at is null");
    match query.done {
        Some(true) => sql += " and t.done_at is not null",
        Some(false) => sql += " and t.done_at is null",
        None => {}
    }
    if query.text.is_some() {
        sql += &format!(" and t.search like ${} escape '\\'", next());
    }
    if behind.is_some() {
        sql += &format!(" and (t.{column}, t.id) {compare} (${}, ${})", next(), next());
    }
    sql += &format!(" order by t.{column} {direction}, t.id {direction}{}", limited(2));
    sql
}

const PACKED: &str = "json_group_array(json_array(hex(id), hex(list_id), hex(user_id), title, notes, done_at, hex(position), \
                      version, created_at, updated_at))";

/// [`COLUMNS`] by their places: to look each up by its name, in each row, takes longer than to read it.
type Columns<P> = (Uuid, Uuid, Uuid, String, String, Option<Timestamp>, P, i64, Timestamp, Timestamp);

fn record<P: Into<Position>>(columns: Columns<P>) -> Record {
    let (id, list_id, user_id, title, notes, done_at, position, version, created_at, updated_at) = columns;
    let position = position.into();
    Record { id, list_id, user_id, title, notes, done_at, position, version, created_at, updated_at }
}

/// A todo that is neither deleted nor in a deleted list.
pub(super) async fn find(conn: &mut Conn, user: Uuid, id: Uuid) -> Result<Option<Record>> {
    Ok(find_many(conn, user, &[id]).await?.pop())
}

/// The same for several, in their order within their lists.
pub(super) async fn find_many(conn: &mut Conn, user: Uuid, ids: &[Uuid]) -> Result<Vec<Record>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from todos t join lists l on l.id = t.list_id \
         where t.user_id = $1 and t.id in ({}) and t.deleted_at is null and l.deleted_at is null \
         order by t.list_id, t.position, t.id",
        placeholders(2, ids.len())
    ));
    Ok(each_engine!(conn, |c| {
        let found = sqlx::query_as(sql).persistent(ids.len() == 1).bind(user);
        ids.iter().fold(found, |found, id| found.bind(*id)).fetch_all(c).await
    })?)
}

/// What is done to many todos at once.
#[derive(Debug, Clone, Copy)]
pub(super) enum Many {
    /// Marked as done, or to do again.
    Done(bool),
    /// Into the trash.
    Delete,
}

/// Changes todos of one list in one statement; answers how many there were.
pub(super) async fn update_many(
    conn: &mut Conn,
    user: Uuid,
    list: Uuid,
    ids: &[Uuid],
    update: Many,
    now: Timestamp,
) -> Result<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    // What is as it shall be already counts, but is not changed.
    let (set, changes) = match update {
        Many::Done(true) => ("done_at = coalesce(done_at, $3)", "done_at is null"),
        Many::Done(false) => ("done_at = null", "done_at is not null"),
        Many::Delete => ("deleted_at = $3", "true"),
    };
    let sql = AssertSqlSafe(format!(
        "update todos set {set}, version = version + case when {changes} then 1 else 0 end, \
         updated_at = case when {changes} then $3 else updated_at end \
         where user_id = $1 and list_id = $2 and deleted_at is null and id in ({})",
        placeholders(4, ids.len())
    ));
    let rows = each_engine!(conn, |c| {
        let changing = sqlx::query(sql).persistent(false).bind(user).bind(list).bind(now);
        ids.iter().fold(changing, |query, id| query.bind(*id)).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(usize::try_from(rows).unwrap_or(usize::MAX))
}

fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
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

/// Answers the row; `None` when there is one with this id, whoever's, or when the list is not there; with `last`, also when
/// other rows stand at its place or behind it by now.
pub(super) async fn insert(conn: &mut Conn, new: New<'_>, last: bool) -> Result<Option<Record>> {
    let still_last =
        if last { "and not exists (select 1 from todos t where t.list_id = $3 and t.position >= $7)" } else { "" };
    let sql = AssertSqlSafe(format!(
        "insert into todos (id, user_id, list_id, title, notes, search, position, created_at, updated_at) \
         select $1, $2, l.id, $4, $5, $6, $7, $8, $8 from lists l \
         where l.id = $3 and l.user_id = $2 and l.deleted_at is null {still_last} {} \
         on conflict (id) do nothing returning {WRITTEN}",
        conn.keeping()
    ));
    Ok(each_engine!(conn, |c| {
        sqlx::query_as(sql)
            .bind(new.id)
            .bind(new.user)
            .bind(new.list)
            .bind(new.title.as_str())
            .bind(new.notes.as_str())
            .bind(folded(&[new.title.as_str(), new.notes.as_str()]))
            .bind(new.position)
            .bind(new.now)
            .fetch_optional(c)
            .await
    })?)
}

pub(super) struct Update<'a> {
    pub(super) title: Option<&'a str>,
    pub(super) notes: Option<&'a str>,
    /// To be found by, when title or notes change.
    pub(super) search: Option<String>,
    pub(super) done: Option<bool>,
    pub(super) list: Option<Uuid>,
    pub(super) position: Option<&'a Position>,
}

/// Answers the row as it is now; `None` when it is not there.
pub(super) async fn update(
    conn: &mut Conn,
    user: Uuid,
    id: Uuid,
    update: Update<'_>,
    now: Timestamp,
) -> Result<Option<Record>> {
    let sql = AssertSqlSafe(format!(
        "update todos set title = coalesce($3, title), notes = coalesce($4, notes), \
         done_at = case when $5 then coalesce(done_at, $8) when not $5 then null else done_at end, \
         list_id = coalesce($6, list_id), position = coalesce($7, position), \
         search = coalesce($9, search), version = version + 1, updated_at = $8 \
         where id = $1 and user_id = $2 and deleted_at is null returning {WRITTEN}"
    ));
    Ok(each_engine!(conn, |c| {
        sqlx::query_as(sql)
            .bind(id)
            .bind(user)
            .bind(update.title)
            .bind(update.notes)
            .bind(update.done)
            .bind(update.list)
            .bind(update.position)
            .bind(now)
            .bind(update.search)
            .fetch_optional(c)
            .await
    })?)
}

/// Marks a todo as done or to do again, in one statement. `None` when it is not there, is so already, or has another version
/// than the one that is asked for.
pub(super) async fn set_done(
    conn: &mut Conn,
    user: Uuid,
    id: Uuid,
    done: bool,
    version: Option<i64>,
    now: Timestamp,
) -> Result<Option<Record>> {
    // The list is looked up for the one row: Postgres would join `exists`, which takes it a tenth longer.
    let sql = AssertSqlSafe(format!(
        "update todos set done_at = case when $3 then $4 end, version = version + 1, updated_at = $4 \
         where id = $1 and user_id = $2 and deleted_at is null and (done_at is null) = $3 \
         and ($5 is null or version = $5) and {} \
         and (select l.deleted_at is null from lists l where l.id = list_id) returning {WRITTEN}",
        conn.in_turn(6)
    ));
    Ok(each_engine!(conn, |c| {
        sqlx::query_as(sql)
            .bind(id)
            .bind(user)
            .bind(done)
            .bind(now)
            .bind(version)
            .bind(turn_of(user))
            .fetch_optional(c)
            .await
    })?)
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
