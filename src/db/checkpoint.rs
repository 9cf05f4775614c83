//! Checkpoints of an SQLite file: its write-ahead log is copied into it beside what is written. By itself, SQLite does that
//! within the commit that makes the log too long, so that whoever waits for that commit waits for the copying, too
//! (<https://www.sqlite.org/wal.html#ckpt>).

use sqlx_sqlite::SqlitePool;
use tokio::sync::mpsc;

/// Turns at the writer after which the log is copied: some 180 pages of 4 KiB where sixteen share a commit, more where each has
/// its own.
const TURNS: usize = 64;
/// Pages of the log from which on commits copy what is left of it (`wal_autocheckpoint`), so that the next write begins it anew:
/// beside the writing that seldom comes about, as more has been written when all is copied. Four times SQLite's own figure, 16 MB.
pub(super) const PAGES: &str = "4000";

/// Counts what is written, and has the log copied after some of it.
#[derive(Debug)]
pub(super) struct Checkpoints {
    due: mpsc::Sender<()>,
    turns: usize,
}

impl Checkpoints {
    /// Copies by a connection of this pool until that is closed, or nobody counts any more.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (due, told) = mpsc::channel(1);
        tokio::spawn(run(pool, told));
        Self { due, turns: 0 }
    }

    /// Counts turns that are over.
    pub(super) fn count(&mut self, turns: usize) {
        self.turns += turns;
        if self.turns >= TURNS {
            self.turns = 0;
            // One that is due already will do.
            let _ = self.due.try_send(());
        }
    }
}

async fn run(pool: SqlitePool, mut due: mpsc::Receiver<()>) {
    while due.recv().await.is_some() {
        // As much as can be copied without anybody waiting for it.
        match sqlx::query("pragma wal_checkpoint(passive)").execute(&pool).await {
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::warn!(%error, "SQLite's log was not copied into its file; that is tried again soon"),
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sqlx::{ConnectOptions, Connection};
    use sqlx_sqlite::SqliteConnectOptions;

    use super::*;
    use crate::db::Db;

    #[tokio::test]
    async fn what_is_written_comes_into_the_file_while_the_database_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("docket.db");
        let db = Db::open(&format!("sqlite:{}", path.display()), 1).await.unwrap();
        for _ in 0..TURNS {
            let mut conn = db.write().await.unwrap();
            crate::execute!(conn, sqlx::query("create table if not exists turns (number integer)")).unwrap();
            crate::execute!(conn, sqlx::query("insert into turns values (1)")).unwrap();
            conn.commit().await.unwrap();
        }
        // What stands in the file itself: who takes it for immutable does not look at its log.
        let file = SqliteConnectOptions::new().filename(path).immutable(true);
        let count = async || {
            let mut conn = file.connect().await.unwrap();
            let count = sqlx::query_scalar("select count(*) from turns").fetch_one(&mut conn).await;
            conn.close().await.unwrap();
            count.unwrap_or(0_i64)
        };
        let all = async {
            while usize::try_from(count().await) != Ok(TURNS) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), all).await.unwrap();
    }
}
