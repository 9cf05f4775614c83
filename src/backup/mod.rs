//! Everything there is in one file, whichever engine it came from and goes to.
//!
//! The file is JSON Lines (<https://jsonlines.org>): a first line with format and migration number; for each table a line
//! with its name and columns, followed by its rows as arrays, sorted by id; a last line with the number of rows and the
//! SHA-256 of all lines before. Ids are texts, times are microseconds since the epoch, bytes are base64. What is not in a
//! database is not in the file: the secret that signs tokens.

mod tables;

use std::io::{BufRead, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use self::tables::Kind::{self, Bytes, Id, Number, Text, Truth};
use self::tables::TABLES;
pub use self::tables::columns;
use crate::db::{Conn, Db};
use crate::error::{Error, Result};
use crate::time::Timestamp;
use crate::{each_engine, search};

/// The format of the file.
const FORMAT: u32 = 1;
/// Rows of one insert; with the columns of the widest table far below what either engine can bind.
const BATCH: usize = 200;
/// Rows after which progress is told.
const TOLD_EVERY: u64 = 10_000;

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    docket_backup: u32,
    migration: i64,
    made_at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct TableHead {
    table: String,
    columns: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Tail {
    rows: u64,
    sha256: String,
}

#[derive(Debug)]
enum Cell {
    Id(Option<Uuid>),
    Text(Option<String>),
    Number(Option<i64>),
    Truth(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

impl Cell {
    fn to_json(&self) -> Value {
        match self {
            Self::Id(id) => id.map(|id| id.to_string()).into(),
            Self::Text(text) => text.clone().into(),
            Self::Number(number) => (*number).into(),
            Self::Truth(truth) => (*truth).into(),
            Self::Bytes(bytes) => bytes.as_ref().map(|bytes| BASE64.encode(bytes)).into(),
        }
    }

    fn from_json(kind: Kind, value: Value) -> Option<Self> {
        Some(match (kind, value) {
            (Id, Value::Null) => Self::Id(None),
            (Id, Value::String(id)) => Self::Id(Some(id.parse().ok()?)),
            (Text, Value::Null) => Self::Text(None),
            (Text, Value::String(text)) => Self::Text(Some(text)),
            (Number, Value::Null) => Self::Number(None),
            (Number, Value::Number(number)) => Self::Number(Some(number.as_i64()?)),
            (Truth, Value::Null) => Self::Truth(None),
            (Truth, Value::Bool(truth)) => Self::Truth(Some(truth)),
            (Bytes, Value::Null) => Self::Bytes(None),
            (Bytes, Value::String(bytes)) => Self::Bytes(Some(BASE64.decode(bytes).ok()?)),
            _ => return None,
        })
    }
}

/// Lines that are counted and hashed as they are written.
struct Lines<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Lines<W> {
    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(value).map_err(Error::internal)?;
        line.push(b'\n');
        self.hash.update(&line);
        self.out.write_all(&line).map_err(Error::internal)
    }
}

/// Writes everything as of one moment, while others go on working; answers how many rows. `told` hears how many so far.
///
/// # Errors
/// When the database or the output fails.
pub async fn write(db: &Db, made_at: Timestamp, out: impl Write, told: impl Fn(u64)) -> Result<u64> {
    let mut conn = db.snapshot().await?;
    let mut lines = Lines { out, hash: Sha256::new() };
    lines.line(&Head { docket_backup: FORMAT, migration: db.newest_migration(), made_at })?;
    let mut rows = 0;
    for (table, columns) in TABLES {
        let names: Vec<_> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let sql = AssertSqlSafe(format!("select {} from {table} order by id", names.join(", ")));
        lines.line(&TableHead { table: (*table).to_owned(), columns: names })?;
        each_engine!(conn, |c| {
            let mut found = sqlx::query(sql).fetch(c);
            while let Some(row) = found.try_next().await? {
                let mut cells = Vec::with_capacity(columns.len());
                for (index, (_, kind)) in columns.iter().enumerate() {
                    let cell = match kind {
                        Id => Cell::Id(row.try_get(index)?),
                        Text => Cell::Text(row.try_get(index)?),
                        Number => Cell::Number(row.try_get(index)?),
                        Truth => Cell::Truth(row.try_get(index)?),
                        Bytes => Cell::Bytes(row.try_get(index)?),
                    };
                    cells.push(cell.to_json());
                }
                lines.line(&cells)?;
                rows += 1;
                if rows % TOLD_EVERY == 0 {
                    told(rows);
                }
            }
        });
    }
    let sha256 = hex(lines.hash.clone());
    lines.line(&Tail { rows, sha256 })?;
    lines.out.flush().map_err(Error::internal)?;
    Ok(rows)
}

/// Fills an empty database, which has all migrations, from a file; answers how many rows. All or nothing.
///
/// # Errors
/// When the database is not empty, or the file is damaged, incomplete, or of a newer Docket: in words for whoever restores.
pub async fn restore(db: &Db, file: impl BufRead, told: impl Fn(u64)) -> Result<u64> {
    let mut tx = db.write().await?;
    for (table, _) in TABLES {
        let sql = AssertSqlSafe(format!("select 1 from {table} limit 1"));
        if each_engine!(tx, |c| sqlx::query(sql).fetch_optional(c).await.map(|row| row.is_some()))? {
            return Err(Error::internal(format!("the database is not empty: there are rows in {table}")));
        }
    }
    let mut reader = Reader { file, hash: Sha256::new(), number: 0 };
    let head: Head = reader.line()?.and_then(|line| serde_json::from_slice(&line).ok()).ok_or_else(|| {
        Error::internal("this is not a backup: its first line is not the one that `docket backup` writes")
    })?;
    if head.docket_backup > FORMAT || head.migration > db.newest_migration() {
        return Err(Error::internal("the backup was made by a newer Docket: restore it with that or a later one"));
    }
    let (mut rows, mut current, mut batch): (u64, Option<Restored>, Vec<Vec<Cell>>) = (0, None, Vec::new());
    loop {
        let hash = hex(reader.hash.clone());
        let line =
            reader.line()?.ok_or_else(|| Error::internal("the backup is incomplete: its last line is missing"))?;
        let damaged = |why: &str| Error::internal(format!("line {} of the backup is damaged: {why}", reader.number));
        let value: Value = serde_json::from_slice(&line).map_err(|error| damaged(&error.to_string()))?;
        match value {
            Value::Array(values) => {
                let table = current.as_ref().ok_or_else(|| damaged("a row of no table"))?;
                batch.push(table.row(values).ok_or_else(|| damaged("a value that does not belong there"))?);
                rows += 1;
                if batch.len() == BATCH {
                    table.insert(&mut tx, &mut batch).await?;
                }
                if rows % TOLD_EVERY == 0 {
                    told(rows);
                }
            }
            other => {
                if let Some(table) = &current {
                    table.insert(&mut tx, &mut batch).await?;
                }
                if let Ok(tail) = serde_json::from_value::<Tail>(other.clone()) {
                    if tail.sha256 != hash || tail.rows != rows {
                        return Err(Error::internal("the backup is damaged: it is not as it was written"));
                    }
                    break;
                }
                let next = serde_json::from_value(other).map_err(|_| damaged("neither a row nor a table"))?;
                current = Some(Restored::of(&next).ok_or_else(|| damaged("a table or column that is not known"))?);
            }
        }
    }
    tx.commit().await?;
    search::fold_old_rows(db).await?;
    Ok(rows)
}

struct Reader<F> {
    file: F,
    hash: Sha256,
    number: u64,
}

impl<F: BufRead> Reader<F> {
    fn line(&mut self) -> Result<Option<Vec<u8>>> {
        // No row comes near this; what does is no backup.
        const LONGEST: u64 = 16 * 1024 * 1024;
        let mut line = Vec::new();
        self.file.by_ref().take(LONGEST).read_until(b'\n', &mut line).map_err(Error::internal)?;
        self.hash.update(&line);
        self.number += 1;
        Ok(line.ends_with(b"\n").then_some(line))
    }
}

/// A table as a file has it: an older one may have fewer columns.
struct Restored {
    table: &'static str,
    columns: Vec<(&'static str, Kind)>,
}

impl Restored {
    fn of(head: &TableHead) -> Option<Self> {
        let (table, known) = TABLES.iter().find(|(table, _)| *table == head.table)?;
        let column = |name: &String| known.iter().find(|(column, _)| column == name).copied();
        Some(Self { table, columns: head.columns.iter().map(column).collect::<Option<_>>()? })
    }

    fn row(&self, values: Vec<Value>) -> Option<Vec<Cell>> {
        (values.len() == self.columns.len()).then(|| {
            self.columns.iter().zip(values).map(|((_, kind), value)| Cell::from_json(*kind, value)).collect()
        })?
    }

    async fn insert(&self, tx: &mut Conn, batch: &mut Vec<Vec<Cell>>) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let width = self.columns.len();
        let row = |row: usize| {
            let numbers: Vec<_> = (row * width + 1..=(row + 1) * width).map(|number| format!("${number}")).collect();
            format!("({})", numbers.join(", "))
        };
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        let values: Vec<_> = (0..batch.len()).map(row).collect();
        let sql = format!("insert into {} ({}) values {}", self.table, names.join(", "), values.join(", "));
        each_engine!(tx, |c| {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for cell in batch.drain(..).flatten() {
                query = match cell {
                    Cell::Id(id) => query.bind(id),
                    Cell::Text(text) => query.bind(text),
                    Cell::Number(number) => query.bind(number),
                    Cell::Truth(truth) => query.bind(truth),
                    Cell::Bytes(bytes) => query.bind(bytes),
                };
            }
            query.execute(c).await.map(drop)
        })?;
        Ok(())
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
