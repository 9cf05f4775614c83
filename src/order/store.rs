//! Finding the key for a place among the rows there are. The same for lists and todos, but for names.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Position, spread};
use crate::db::Conn;
use crate::error::{Error, Problem, Result};
use crate::rows::Place;
use crate::time::Timestamp;
use crate::{each_engine, execute};

/// Rows that are ordered among each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Siblings {
    /// All lists of a person; favourites are shown apart, so a step up or down is among its like.
    Lists(Uuid),
    /// All todos of a list; done ones are shown apart.
    Todos(Uuid),
}

impl Siblings {
    // The names of table, parent column, and what is shown apart: ours, so safe to put into SQL.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Lists(_) => ("lists", "user_id", "favourite"),
            Self::Todos(_) => ("todos", "list_id", "(done_at is not null)"),
        }
    }

    fn parent(self) -> Uuid {
        match self {
            Self::Lists(id) | Self::Todos(id) => id,
        }
    }
}

/// A row's place: rows are ordered by key, then by id.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Key {
    id: Uuid,
    position: Position,
}

impl Key {
    fn order(&self) -> (&Position, Uuid) {
        (&self.position, self.id)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Towards {
    Start,
    End,
}

/// The key for a place, in a write transaction. `moving` is the row that shall stand there, if it exists already.
///
/// Writes other rows only when keys have grown too long: then all get new ones, at most once in some hundred moves into
/// the same gap.
///
/// # Errors
/// When the row to stand behind is not there.
pub(crate) async fn position_for(
    conn: &mut Conn,
    among: Siblings,
    moving: Option<Uuid>,
    place: Place,
    now: Timestamp,
) -> Result<Position> {
    for _ in 0..2 {
        let (lower, upper) = match gap(conn, among, moving, place).await? {
            Gap::Stay(key) => return Ok(key.position),
            Gap::Between(lower, upper) => (lower, upper),
        };
        // Who stands there already stays.
        if let Some(me) = moving
            && let Some(mine) = key(conn, among, me).await?
            && lower.as_ref().is_none_or(|lower| lower.order() < mine.order())
            && upper.as_ref().is_none_or(|upper| mine.order() < upper.order())
        {
            return Ok(mine.position);
        }
        if let Some(position) =
            Position::between(lower.as_ref().map(|k| &k.position), upper.as_ref().map(|k| &k.position))
        {
            return Ok(position);
        }
        spread_anew(conn, among, now).await?;
    }
    Err(Error::internal("freshly spread rows leave no room"))
}

/// The key behind all rows, in one statement that reads; `None` when [`position_for`] has to make room first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn position_behind_all(conn: &mut Conn, among: Siblings) -> Result<Option<Position>> {
    let last = edge(conn, among, None, Towards::End).await?;
    Ok(Position::between(last.as_ref().map(|last| &last.position), None))
}

enum Gap {
    Between(Option<Key>, Option<Key>),
    Stay(Key),
}

async fn gap(conn: &mut Conn, among: Siblings, moving: Option<Uuid>, place: Place) -> Result<Gap> {
    use Towards::{End, Start};
    let me = moving;
    Ok(match place {
        Place::First => Gap::Between(None, edge(conn, among, me, Start).await?),
        Place::Last => Gap::Between(edge(conn, among, me, End).await?, None),
        Place::After(id) => {
            let lower = key(conn, among, id).await?.ok_or_else(|| Error::field("after", Problem::Unknown))?;
            if Some(id) == me {
                return Ok(Gap::Stay(lower));
            }
            let upper = next(conn, among, me, &lower, End).await?;
            Gap::Between(Some(lower), upper)
        }
        Place::Up | Place::Down => {
            let mine = match me {
                Some(me) => key(conn, among, me).await?.ok_or(Error::NotFound)?,
                None => return Err(Error::NotFound),
            };
            let towards = if place == Place::Up { Start } else { End };
            let Some(passed) = next_alike(conn, among, &mine, towards).await? else { return Ok(Gap::Stay(mine)) };
            let beyond = next(conn, among, me, &passed, towards).await?;
            match towards {
                Start => Gap::Between(beyond, Some(passed)),
                End => Gap::Between(Some(passed), beyond),
            }
        }
    })
}

async fn key(conn: &mut Conn, among: Siblings, id: Uuid) -> Result<Option<Key>> {
    let (table, parent, _) = among.names();
    let sql = AssertSqlSafe(format!(
        "select id, position from {table} where {parent} = $1 and id = $2 and deleted_at is null"
    ));
    Ok(each_engine!(conn, |c| sqlx::query_as(sql).bind(among.parent()).bind(id).fetch_optional(c).await)?)
}

// Deleted rows keep their keys, to come back where they were; so they count as neighbours.
async fn edge(conn: &mut Conn, among: Siblings, me: Option<Uuid>, towards: Towards) -> Result<Option<Key>> {
    let (table, parent, _) = among.names();
    let direction = if towards == Towards::Start { "asc" } else { "desc" };
    let sql = AssertSqlSafe(format!(
        "select id, position from {table} where {parent} = $1 and ($2 is null or id <> $2) order by position {direction}, id {direction} limit 1"
    ));
    Ok(each_engine!(conn, |c| sqlx::query_as(sql).bind(among.parent()).bind(me).fetch_optional(c).await)?)
}

async fn next(conn: &mut Conn, among: Siblings, me: Option<Uuid>, from: &Key, towards: Towards) -> Result<Option<Key>> {
    let (table, parent, _) = among.names();
    let (compare, direction) = if towards == Towards::Start { ("<", "desc") } else { (">", "asc") };
    let sql = AssertSqlSafe(format!(
        "select id, position from {table} where {parent} = $1 and ($2 is null or id <> $2) and (position, id) {compare} ($3, $4) \
         order by position {direction}, id {direction} limit 1"
    ));
    Ok(each_engine!(conn, |c| {
        sqlx::query_as(sql).bind(among.parent()).bind(me).bind(&from.position).bind(from.id).fetch_optional(c).await
    })?)
}

async fn next_alike(conn: &mut Conn, among: Siblings, from: &Key, towards: Towards) -> Result<Option<Key>> {
    let (table, parent, apart) = among.names();
    let (compare, direction) = if towards == Towards::Start { ("<", "desc") } else { (">", "asc") };
    let sql = AssertSqlSafe(format!(
        "select id, position from {table} where {parent} = $1 and deleted_at is null and (position, id) {compare} ($2, $3) \
         and {apart} = (select {apart} from {table} where id = $3) order by position {direction}, id {direction} limit 1"
    ));
    Ok(each_engine!(conn, |c| {
        sqlx::query_as(sql).bind(among.parent()).bind(&from.position).bind(from.id).fetch_optional(c).await
    })?)
}

async fn spread_anew(conn: &mut Conn, among: Siblings, now: Timestamp) -> Result<()> {
    let (table, parent, _) = among.names();
    let select = AssertSqlSafe(format!("select id, position from {table} where {parent} = $1 order by position, id"));
    let rows: Vec<Key> = each_engine!(conn, |c| sqlx::query_as(select).bind(among.parent()).fetch_all(c).await)?;
    let update = format!("update {table} set position = $2, version = version + 1, updated_at = $3 where id = $1");
    for (row, position) in rows.iter().zip(spread(rows.len())) {
        let update = AssertSqlSafe(update.clone());
        execute!(conn, sqlx::query(update).bind(row.id).bind(&position).bind(now))?;
    }
    Ok(())
}
