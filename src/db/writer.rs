//! The one connection that writes to an SQLite file, lent to one transaction after the other. Those that wait for it share
//! a commit, as making one durable takes longer than all the rest (group commit): each is told that it is committed only when
//! the file says so, and one that is taken back takes nothing of the others with it. Nobody waits for others to come; who
//! is there already goes first.
//!
//! What is read within a turn may be a neighbour's that is not committed yet: an answer that rests on it waits for the
//! commit, too, though it changes nothing itself.

use std::time::{Duration, Instant};

use sqlx::Transaction;
use sqlx_sqlite::{Sqlite, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::checkpoint::Checkpoints;
use super::connect::BUSY;
use crate::error::{Error, Result};

/// Turns that share a commit at most, and the time after which none begins any more: the first of them waits for all others.
const TOGETHER: usize = 64;
const LONGEST: Duration = Duration::from_millis(20);

/// Somebody who waits for the connection.
type Wanting = oneshot::Sender<Result<Lease>>;

/// Hands out the connection. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Writer {
    line: mpsc::UnboundedSender<Wanting>,
}

impl Writer {
    /// Sees to the writes of a pool of one connection, as long as somebody may write.
    pub(super) fn start(pool: SqlitePool, checkpoints: Checkpoints) -> Self {
        let (line, wanting) = mpsc::unbounded_channel();
        tokio::spawn(lend(pool, checkpoints, wanting));
        Self { line }
    }

    /// Waits for its turn.
    pub(super) async fn lease(&self) -> Result<Lease> {
        let (wanting, lease) = oneshot::channel();
        let closed = || Error::Unavailable("the database is closed".into());
        self.line.send(wanting).map_err(|_| closed())?;
        let late = |_| Error::Unavailable("others write for too long".into());
        tokio::time::timeout(BUSY, lease).await.map_err(late)?.map_err(|_| closed())?
    }
}

/// The connection, within a transaction that others may share. Dropping it takes back what was done with it.
#[derive(Debug)]
pub struct Lease {
    // Taken when it is given back.
    lent: Option<Lent>,
}

#[derive(Debug)]
struct Lent {
    transaction: Transaction<'static, Sqlite>,
    back: oneshot::Sender<Back>,
}

/// The connection on its way back, with who waits for the commit; nobody, if it is to be taken back.
#[derive(Debug)]
struct Back(Transaction<'static, Sqlite>, Option<oneshot::Sender<Result<()>>>);

impl Lease {
    /// The connection.
    pub(super) fn connection(&mut self) -> &mut Transaction<'static, Sqlite> {
        #[expect(clippy::expect_used, reason = "it is given back by what consumes the lease")]
        let lent = self.lent.as_mut().expect("a lease is used before it is given back");
        &mut lent.transaction
    }

    /// Waits until what was done with it is durable.
    pub(super) async fn commit(mut self) -> Result<()> {
        let (told, committed) = oneshot::channel();
        self.give_back(Some(told));
        committed.await.map_err(|_| Error::internal("the writer has ended"))?
    }

    fn give_back(&mut self, told: Option<oneshot::Sender<Result<()>>>) {
        if let Some(Lent { transaction, back }) = self.lent.take() {
            // Nobody takes it when the writer has ended: then it is rolled back.
            let _ = back.send(Back(transaction, told));
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.give_back(None);
    }
}

async fn lend(pool: SqlitePool, mut checkpoints: Checkpoints, mut line: mpsc::UnboundedReceiver<Wanting>) {
    let mut next = None;
    loop {
        let Some(first) = (match next.take() {
            Some(wanting) => Some(wanting),
            None => line.recv().await,
        }) else {
            return;
        };
        match pool.begin_with("begin immediate; savepoint mine").await {
            Ok(transaction) => next = together(transaction, first, &mut line, &mut checkpoints).await,
            Err(error) => drop(first.send(Err(error.into()))),
        }
    }
}

// One transaction after the other, as long as somebody waits and it does not take too long, and then the commit of them
// all. Answers who is to begin the next ones.
async fn together(
    mut transaction: Transaction<'static, Sqlite>,
    first: Wanting,
    line: &mut mpsc::UnboundedReceiver<Wanting>,
    checkpoints: &mut Checkpoints,
) -> Option<Wanting> {
    let begun = Instant::now();
    let mut waiting: Vec<oneshot::Sender<Result<()>>> = Vec::new();
    let mut next = Some(first);
    let mut turns = 0;
    while let Some(wanting) = next.take() {
        let (back, given_back) = oneshot::channel();
        drop(wanting.send(Ok(Lease { lent: Some(Lent { transaction, back }) })));
        let Back(returned, told) = given_back.await.ok()?;
        transaction = returned;
        turns += 1;
        let is_kept = told.is_some();
        waiting.extend(told);
        if !is_kept && waiting.is_empty() {
            drop(transaction.rollback().await);
            return None;
        }
        if turns < TOGETHER && begun.elapsed() < LONGEST {
            next = line.try_recv().ok();
        }
        // When SQLite has rolled back everything by itself, as on a full disk, the savepoint is gone: then nothing is kept.
        let kept = match (is_kept, next.is_some()) {
            (true, false) => Ok(()),
            (true, true) => run(&mut transaction, "release mine; savepoint mine").await,
            (false, _) => run(&mut transaction, "rollback to mine").await,
        };
        if let Err(error) = kept {
            tell(waiting, Err(error));
            return next;
        }
    }
    let committed = transaction.commit().await;
    tell(waiting, committed);
    checkpoints.count(turns);
    None
}

async fn run(transaction: &mut Transaction<'static, Sqlite>, statements: &'static str) -> sqlx::Result<()> {
    sqlx::raw_sql(statements).execute(&mut **transaction).await.map(drop)
}

// Whatever it says, it is the machine's fault rather than that of those who wait.
fn tell(waiting: Vec<oneshot::Sender<Result<()>>>, outcome: sqlx::Result<()>) {
    for told in waiting {
        // Who does not listen any more needs no answer.
        let _ = told
            .send(outcome.as_ref().map_or_else(|error| Err(Error::Unavailable(error.to_string().into())), |()| Ok(())));
    }
}
