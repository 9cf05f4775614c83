//! Opening a database and bringing its schema up to date.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx_postgres::{PgConnectOptions, PgPoolOptions};
use sqlx_sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Db;
use super::checkpoint::{self, Checkpoints};
use super::spares::{self, Pool, RESTED};
use super::writer::Writer;
use crate::error::{Error, Result};
use crate::{each_engine, search};

static SQLITE: Migrator = sqlx_macros::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx_macros::migrate!("migrations/postgres");

const READERS: u32 = 4;
pub(super) const BUSY: Duration = Duration::from_secs(5);
const ACQUIRE: Duration = Duration::from_secs(2);
/// Nobody waits longer for others than for SQLite's writer; what a node that has vanished had begun is ended.
const LIMITS: [(&str, &str); 2] = [("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "30s")];

impl Db {
    /// Opens a database by its URL: `sqlite:<path>` or `postgres://…`. An SQLite file is created if missing, readable
    /// by its owner only. Does not migrate. On Postgres at most so many connections are open at a time.
    ///
    /// # Errors
    /// When the URL is neither, or the database cannot be reached.
    pub async fn open(url: &str, connections: u32) -> Result<Self> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(url)?.application_name("docket").options(LIMITS);
            let pool = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE)
                // Asking before each use would double the round trips: only who has rested may have been disconnected.
                .test_before_acquire(false)
                .before_acquire(|connection, meta| {
                    Box::pin(async move {
                        match meta.idle_for > RESTED {
                            true => spares::ask(connection).await.map(|()| true),
                            false => Ok(true),
                        }
                    })
                });
            return Ok(Self::Postgres(Pool::new(pool.connect_with(options).await?)));
        }
        let path = url
            .strip_prefix("sqlite:")
            .ok_or_else(|| Error::internal("the database URL is not sqlite: or postgres:"))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("wal_autocheckpoint", checkpoint::PAGES);
        let pool = |size| {
            SqlitePoolOptions::new()
                .max_connections(size)
                .acquire_timeout(BUSY)
                // A file cannot hang up. Each time the driver is asked, two threads change places.
                .test_before_acquire(false)
                .after_release(|connection, _| {
                    Box::pin(async move {
                        // On a full disk SQLite rolls back by itself; the driver then fails to, and would think for ever
                        // that a transaction is open. A ping comes back when the driver is done with rolling back.
                        if connection.is_in_transaction() {
                            connection.ping().await?;
                        }
                        Ok(!connection.is_in_transaction())
                    })
                })
        };
        // Bringing SQLite's statistics up to date may write, so it is left to the one that may.
        let writer = pool(1).connect_with(options.clone().optimize_on_close(true, None)).await?;
        keep_private(Path::new(path))?;
        let checkpointer = pool(1).connect_lazy_with(options.clone());
        let readers = pool(READERS).connect_lazy_with(options.read_only(true));
        let turns = Writer::start(writer.clone(), Checkpoints::start(checkpointer.clone()));
        Ok(Self::Sqlite { readers, writer, checkpointer, turns })
    }

    /// Brings the schema up to date; each step runs in a transaction, under a lock on Postgres. Then fills in what only
    /// the program can compute.
    ///
    /// # Errors
    /// When a step fails: it is rolled back and the error names it.
    pub async fn migrate(&self) -> Result<()> {
        let migrated = match self {
            Self::Sqlite { writer, .. } => SQLITE.run(writer).await,
            Self::Postgres(pool) => {
                let mut single = pool.acquire().await?;
                // As `run`, whose future is not known to be `Send` when it is given a connection.
                POSTGRES.run_direct(None, &mut *single.connection, false).await
            }
        };
        migrated.map_err(Error::internal)?;
        search::fold_old_rows(self).await
    }

    fn migrator(&self) -> &'static Migrator {
        match self {
            Self::Sqlite { .. } => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        }
    }

    /// The number of the newest migration that this program knows.
    #[must_use]
    pub fn newest_migration(&self) -> i64 {
        self.migrator().iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    /// How many migrations have yet to be run.
    ///
    /// # Errors
    /// When the database fails, or a newer Docket has migrated it.
    pub async fn pending_migrations(&self) -> Result<usize> {
        let mut conn = self.read().await?;
        let sql = "select version from _sqlx_migrations where success";
        let done: Vec<i64> = match each_engine!(conn, |c| sqlx::query_scalar(sql).fetch_all(c).await) {
            Ok(done) => done,
            // The table is made by the first run.
            Err(sqlx::Error::Database(_)) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        if done.iter().any(|version| !self.migrator().iter().any(|migration| migration.version == *version)) {
            return Err(Error::internal("a newer Docket has migrated the database; use that one"));
        }
        Ok(self.migrator().iter().filter(|migration| !done.contains(&migration.version)).count())
    }

    /// What the engine itself finds wrong with its file; Postgres sees to that by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn damage(&self) -> Result<Vec<String>> {
        let Self::Sqlite { readers, .. } = self else { return Ok(Vec::new()) };
        let found: Vec<String> = sqlx::query_scalar("pragma integrity_check(20)").fetch_all(readers).await?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}

fn keep_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(Error::internal)
}
