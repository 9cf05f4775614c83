//! The two database engines behind one face.
//!
//! [`Db`] hands out a [`Conn`]: for reading ([`Db::read`]) or as a write transaction ([`Db::write`]). Every query is
//! written once and runs on whichever engine the connection belongs to through [`each_engine!`](crate::each_engine):
//!
//! ```ignore
//! each_engine!(conn, |c| sqlx::query("delete from lists where id = $1").bind(id).execute(c).await)?;
//! ```
//!
//! `$1`, `returning`, `on conflict … do update` and `coalesce($2, col)` mean the same in both.

mod connect;

use sqlx::Transaction;
use sqlx::pool::PoolConnection;
use sqlx_postgres::{PgConnection, PgPool, Postgres};
use sqlx_sqlite::{Sqlite, SqliteConnection, SqlitePool};

use crate::error::{Error, Result};

/// A database: an SQLite file (one writer, several readers) or a Postgres server.
#[derive(Debug, Clone)]
pub enum Db {
    /// The embedded default.
    Sqlite {
        /// Connections that only read.
        readers: SqlitePool,
        /// The one connection that writes.
        writer: SqlitePool,
    },
    /// A server shared by several nodes.
    Postgres(PgPool),
}

impl Db {
    /// A connection for reading. Statements see each other's writes only through [`write`](Self::write).
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is free in time.
    pub async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Conn::SqliteRead(readers.acquire().await?),
            Self::Postgres(pool) => Conn::PostgresRead(pool.acquire().await?),
        })
    }

    /// A write transaction; [`Conn::commit`] makes it durable, dropping it rolls back. On SQLite it waits for the
    /// writer before it (`begin immediate`), so what it reads cannot change until it commits.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is free in time.
    pub async fn write(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Conn::SqliteWrite(writer.begin_with("begin immediate").await?),
            Self::Postgres(pool) => Conn::PostgresWrite(pool.begin().await?),
        })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<()> {
        let mut conn = self.read().await?;
        crate::execute!(conn, sqlx::query("select 1"))?;
        Ok(())
    }

    /// Closes all connections once they are idle; on SQLite this folds the write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A connection in use, reading or within a write transaction.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Conn {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// The driver's own connection, for [`each_engine!`](crate::each_engine).
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Engine<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Conn {
    /// The driver's own connection.
    pub fn engine(&mut self) -> Engine<'_> {
        match self {
            Self::SqliteRead(c) => Engine::Sqlite(c),
            Self::SqliteWrite(c) => Engine::Sqlite(c),
            Self::PostgresRead(c) => Engine::Postgres(c),
            Self::PostgresWrite(c) => Engine::Postgres(c),
        }
    }

    /// Makes a write transaction durable; nothing to do after reading.
    ///
    /// # Errors
    /// When the engine could not commit; then nothing was changed.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::SqliteWrite(tx) => tx.commit().await?,
            Self::PostgresWrite(tx) => tx.commit().await?,
            Self::SqliteRead(_) | Self::PostgresRead(_) => {}
        }
        Ok(())
    }
}

/// Runs one query text on whichever engine a [`Conn`] belongs to: `each_engine!(conn, |c| query.execute(c).await)`.
#[macro_export]
macro_rules! each_engine {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn.engine() {
            $crate::db::Engine::Sqlite($c) => $body,
            $crate::db::Engine::Postgres($c) => $body,
        }
    };
}

/// Executes a query that gives no rows; answers how many rows it changed: `execute!(conn, sqlx::query(SQL).bind(id))`.
#[macro_export]
macro_rules! execute {
    ($conn:expr, $query:expr) => {
        $crate::each_engine!($conn, |c| $query.execute(c).await.map(|done| done.rows_affected()))
    };
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Unavailable(error.into()),
            sqlx::Error::Database(cause) if is_busy(cause.code().as_deref()) => Self::Unavailable(error.into()),
            _ => Self::Internal(error.into()),
        }
    }
}

// SQLITE_BUSY (5) and SQLITE_FULL (13) with their extended codes.
fn is_busy(code: Option<&str>) -> bool {
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xff, 5 | 13) && code < 10_000)
}

/// Whether a write failed because another row has this value already.
#[must_use]
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
