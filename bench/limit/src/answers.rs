//! What the calls answer: the same JSON as Docket's.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// A row as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) list_id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) title: String,
    pub(crate) notes: String,
    pub(crate) done_at: Option<i64>,
    pub(crate) position: Vec<u8>,
    pub(crate) version: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Serialize)]
pub(crate) struct Todo {
    id: Uuid,
    list_id: Uuid,
    user_id: Uuid,
    title: String,
    notes: String,
    done: bool,
    done_at: Option<Time>,
    position: String,
    version: i64,
    created_at: Time,
    updated_at: Time,
}

impl From<Row> for Todo {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            list_id: row.list_id,
            user_id: row.user_id,
            title: row.title,
            notes: row.notes,
            done: row.done_at.is_some(),
            done_at: row.done_at.map(Time),
            position: row.position.iter().map(|byte| format!("{byte:02x}")).collect(),
            version: row.version,
            created_at: Time(row.created_at),
            updated_at: Time(row.updated_at),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Todos {
    todos: Vec<Todo>,
    next_cursor: Option<String>,
}

impl From<Vec<Row>> for Todos {
    fn from(rows: Vec<Row>) -> Self {
        Self { todos: rows.into_iter().map(Todo::from).collect(), next_cursor: None }
    }
}

struct Time(i64);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000).unwrap();
        serializer.serialize_str(&time.format(&Rfc3339).unwrap())
    }
}

#[derive(Deserialize)]
pub(crate) struct New {
    pub(crate) title: String,
}

#[derive(Deserialize)]
pub(crate) struct Change {
    pub(crate) done: bool,
}

/// Microseconds since the epoch.
pub(crate) fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
}

/// The place behind the last one.
pub(crate) fn behind(last: Option<Vec<u8>>) -> Vec<u8> {
    use fractional_index::FractionalIndex;
    let last = last.map(|bytes| FractionalIndex::from_bytes(bytes).unwrap());
    FractionalIndex::new(last.as_ref(), None).unwrap().as_bytes().to_vec()
}

pub(crate) const COLUMNS: &str =
    "id, list_id, user_id, title, notes, done_at, position, version, created_at, updated_at";
