//! Checkpoints of an SQLite file: its write-ahead log is copied into it beside what is written. By itself, SQLite does that
//! within the commit that makes the log too long, so that whoever waits for that commit waits for the copying, too
//! (<https://www.sqlite.org/wal.html#ckpt>).

use sqlx_sqlite::SqlitePool;
use tokio::sync::mpsc;

/// Turns at the writer after which the log is copied: some 180 pages of 4 KiB where sixteen share a commit, more where each has
/// its own.
const TURNS: usize = 64;
/// Pages of the log from which on a commit copies what is left of it and begins it anew, as SQLite's `wal_autocheckpoint`.
/// Copying beside the writing can hardly do that, as the next pages have been written when it is done. Four times SQLite's own
/// figure, 16 MB.
pub(super) const PAGES_MAX: &str = "4000";

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
        tokio::spawn(copy(pool, told));
        Self { due, turns: 0 }
    }

    /// Counts turns that have been committed.
    pub(super) fn count(&mut self, turns: usize) {
        self.turns += turns;
        if self.turns >= TURNS {
            self.turns = 0;
            // Where it is being copied or is about to be, that will do.
            let _ = self.due.try_send(());
        }
    }
}

async fn copy(pool: SqlitePool, mut due: mpsc::Receiver<()>) {
    while due.recv().await.is_some() {
        // As much as can be copied without anybody waiting for it.
        match sqlx::query("pragma wal_checkpoint(passive)").execute(&pool).await {
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::warn!(%error, "SQLite's log was not copied into its file; that is tried again"),
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::db::Db;

    #[tokio::test]
    async fn what_is_written_comes_into_the_file_while_the_database_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| folder.path().join(name).to_str().unwrap().to_owned();
        let db = Db::open(&format!("sqlite:{}", path("whole")), 1).await.unwrap();
        for turn in 0..TURNS {
            let mut conn = db.write().await.unwrap();
            crate::execute!(conn, sqlx::query("create table if not exists turns (number integer)")).unwrap();
            crate::execute!(conn, sqlx::query("insert into turns values ($1)").bind(turn as i64)).unwrap();
            conn.commit().await.unwrap();
        }
        // What stands in the file alone, without its log; nothing that can be read while it is being copied.
        let count = async || {
            tokio::fs::copy(path("whole"), path("file")).await.unwrap();
            let file = SqlitePool::connect(&format!("sqlite:{}", path("file"))).await.ok()?;
            sqlx::query_scalar::<_, i64>("select count(*) from turns").fetch_one(&file).await.ok()
        };
        let all = async { while count().await != Some(TURNS as i64) {} };
        tokio::time::timeout(Duration::from_secs(20), all).await.unwrap();
    }
}
