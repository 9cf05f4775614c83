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

mod checkpoint;
mod connect;
mod dialect;
pub(crate) mod packed;
mod spares;
mod writer;

use sqlx::error::DatabaseError;
use sqlx::pool::PoolConnection;
use sqlx::{SqlSafeStr, Transaction};
use sqlx_postgres::{PgConnection, PgDatabaseError, Postgres};
use sqlx_sqlite::{Sqlite, SqliteConnection, SqlitePool};
use uuid::Uuid;

pub(crate) use self::dialect::limited;
use self::spares::{Pool, Single};
use self::writer::{Lease, Writer};
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
        /// The one connection that copies the write-ahead log into the file.
        checkpointer: SqlitePool,
        /// Who may write with it next.
        turns: Writer,
    },
    /// A server shared by several nodes.
    Postgres(Pool),
}

impl Db {
    /// A connection for reading. Statements see each other's writes only through [`write`](Self::write).
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is free in time.
    pub async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Conn::SqlitePlain(readers.acquire().await?),
            Self::Postgres(pool) => Conn::PostgresPlain(pool.acquire().await?),
        })
    }

    /// A write transaction; [`Conn::commit`] makes it durable, dropping it rolls back. On Postgres it sees what others
    /// commit meanwhile: whoever decides by what was read wants [`write_for`](Self::write_for).
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is free in time.
    pub async fn write(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { turns, .. } => Conn::SqliteWrite(turns.lease().await?),
            Self::Postgres(pool) => begin(pool, "begin").await?,
        })
    }

    /// A write transaction that waits for the one before it of the same owner, so that what it reads of the owner's
    /// rows cannot change until it commits. SQLite has one writer at a time anyway; Postgres takes an advisory lock. It is
    /// a statement of its own: whoever is dropped while waiting for it, or waits too long, has a transaction that is rolled
    /// back.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is free in time.
    pub async fn write_for(&self, owner: Uuid) -> Result<Conn> {
        let mut conn = self.write().await?;
        if let Conn::PostgresTransaction(tx) = &mut conn {
            sqlx::query("select pg_advisory_xact_lock($1)").bind(turn_of(owner)).execute(&mut **tx).await?;
        }
        Ok(conn)
    }

    /// A connection for one statement that writes, and those that read before it; it is a transaction of its own where the
    /// engine allows. [`commit_once`](Self::commit_once) makes it durable.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is free in time.
    pub async fn write_once(&self) -> Result<Conn> {
        match self {
            Self::Sqlite { .. } => self.write().await,
            Self::Postgres(_) => self.read().await,
        }
    }

    /// Makes what was written once durable.
    ///
    /// # Errors
    /// Those of [`Conn::commit`].
    pub async fn commit_once(&self, conn: Conn) -> Result<()> {
        match conn {
            Conn::PostgresPlain(_) => self.give_back(conn),
            conn => conn.commit().await?,
        }
        Ok(())
    }

    /// Takes a connection for reading back that has answered all it was asked, so that Postgres need not be asked whether it
    /// still lives. One that is dropped comes back too.
    pub fn give_back(&self, conn: Conn) {
        if let (Self::Postgres(pool), Conn::PostgresPlain(single)) = (self, conn) {
            pool.give_back(single);
        }
    }

    /// A read transaction in which all statements see the same moment.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection is free in time.
    pub async fn snapshot(&self) -> Result<Conn> {
        const POSTGRES: &str = "begin isolation level repeatable read read only";
        Ok(match self {
            Self::Sqlite { readers, .. } => Conn::SqliteTransaction(readers.begin().await?),
            Self::Postgres(pool) => begin(pool, POSTGRES).await?,
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

    /// How many connections are open, and how many of those are idle.
    #[must_use]
    pub fn connections(&self) -> (u32, u32) {
        // The driver's own count may be below nothing for a moment, which is a very large one.
        let count = |idle: usize| u32::try_from(idle.cast_signed()).unwrap_or(0);
        match self {
            Self::Sqlite { readers, writer, checkpointer, .. } => {
                let all = [readers, writer, checkpointer];
                (all.map(SqlitePool::size).iter().sum(), all.map(|pool| count(pool.num_idle())).iter().sum())
            }
            Self::Postgres(pool) => (pool.all.size(), count(pool.all.num_idle()) + count(pool.num_idle())),
        }
    }

    /// Closes all connections once they are idle; on SQLite this folds the write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer, checkpointer, .. } => {
                checkpointer.close().await;
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

// In a task of its own: the driver does not roll back what is dropped before it is answered, and the next to use the
// connection would find itself within a transaction that it knows nothing of.
async fn begin(pool: &Pool, statement: &'static str) -> Result<Conn> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move {
        Transaction::begin(pool.acquire().await?.connection, Some(statement.into_sql_str())).await
    });
    Ok(Conn::PostgresTransaction(begun.await.map_err(Error::internal)??))
}

/// The number of the lock that the writes of one owner wait for each other by.
pub(crate) fn turn_of(owner: Uuid) -> i64 {
    let (high, low) = owner.as_u64_pair();
    (high ^ low).cast_signed()
}

/// A connection in use, plain for reading or within a transaction.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Conn {
    SqlitePlain(PoolConnection<Sqlite>),
    SqliteTransaction(Transaction<'static, Sqlite>),
    SqliteWrite(Lease),
    PostgresPlain(Single),
    PostgresTransaction(Transaction<'static, Postgres>),
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
            Self::SqlitePlain(c) => Engine::Sqlite(c),
            Self::SqliteTransaction(c) => Engine::Sqlite(c),
            Self::SqliteWrite(c) => Engine::Sqlite(c.connection()),
            Self::PostgresPlain(c) => Engine::Postgres(&mut c.connection),
            Self::PostgresTransaction(c) => Engine::Postgres(c),
        }
    }

    /// Makes a write transaction durable; nothing to do after reading.
    ///
    /// # Errors
    /// When the engine could not commit, or the connection was lost meanwhile: then it may have committed all the same.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::SqliteWrite(lease) => lease.commit().await?,
            Self::SqliteTransaction(tx) => tx.commit().await?,
            Self::PostgresTransaction(tx) => tx.commit().await?,
            Self::SqlitePlain(_) | Self::PostgresPlain(_) => {}
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
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::BeginFailed | sqlx::Error::Io(_) => {
                Self::Unavailable(error.into())
            }
            sqlx::Error::Database(cause) if is_passing(cause.as_ref()) => Self::Unavailable(error.into()),
            _ => Self::Internal(error.into()),
        }
    }
}

// What is no fault of the statement and may be gone the next time: the machine's, the server's, another transaction's.
fn is_passing(cause: &dyn DatabaseError) -> bool {
    let code = cause.code().unwrap_or_default();
    if cause.try_downcast_ref::<PgDatabaseError>().is_some() {
        // Classes of SQLSTATE: connection, rollback forced by others, resources (disk full too), operator; and
        // lock not available, read-only server (https://www.postgresql.org/docs/15/errcodes-appendix.html).
        return ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
            || code == "55P03"
            || code == "25006";
    }
    // Primary codes: BUSY, LOCKED, IOERR, FULL, CANTOPEN (https://www.sqlite.org/rescode.html).
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

/// Whether a write failed because another row has this value already.
#[must_use]
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(DatabaseError::is_unique_violation)
}
