//! The one connection that writes to an SQLite file, lent to one transaction after the other. Those that wait for it share
//! a commit, as making one durable takes longer than all the rest (group commit): each is told that it is committed only when
//! the file says so, and one that is taken back takes nothing of the others with it. Nobody waits for company.

use sqlx::Transaction;
use sqlx_sqlite::{Sqlite, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::connect::BUSY;
use crate::error::{Error, Result};

/// Transactions that share a commit at most: the first of them waits for all others.
const TOGETHER: usize = 64;

/// Somebody who waits for the connection.
type Wanting = oneshot::Sender<Result<Lease>>;

/// Hands out the connection. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Writer {
    line: mpsc::UnboundedSender<Wanting>,
}

impl Writer {
    /// Sees to the writes of a pool of one connection, as long as somebody may write.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (line, wanting) = mpsc::unbounded_channel();
        tokio::spawn(lend(pool, wanting));
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

async fn lend(pool: SqlitePool, mut line: mpsc::UnboundedReceiver<Wanting>) {
    while let Some(first) = line.recv().await {
        match pool.begin_with("begin immediate; savepoint mine").await {
            Ok(transaction) => together(transaction, first, &mut line).await,
            Err(error) => drop(first.send(Err(error.into()))),
        }
    }
}

// One transaction after the other, as long as somebody waits, and then the commit of them all.
async fn together(
    mut transaction: Transaction<'static, Sqlite>,
    first: Wanting,
    line: &mut mpsc::UnboundedReceiver<Wanting>,
) {
    let mut waiting: Vec<oneshot::Sender<Result<()>>> = Vec::new();
    let mut next = Some(first);
    while let Some(wanting) = next.take() {
        let (back, given_back) = oneshot::channel();
        drop(wanting.send(Ok(Lease { lent: Some(Lent { transaction, back }) })));
        let Ok(Back(returned, told)) = given_back.await else { return };
        transaction = returned;
        // When SQLite has rolled back everything by itself, as on a full disk, the savepoint is gone: then nothing is kept.
        let kept = match told {
            Some(told) => {
                waiting.push(told);
                next = if waiting.len() < TOGETHER { line.try_recv().ok() } else { None };
                if next.is_some() { run(&mut transaction, "release mine; savepoint mine").await } else { Ok(()) }
            }
            None if waiting.is_empty() => return drop(transaction.rollback().await),
            None => {
                next = line.try_recv().ok();
                run(&mut transaction, "rollback to mine").await
            }
        };
        if let Err(error) = kept {
            return tell(waiting, Err(error.into()));
        }
    }
    let committed = transaction.commit().await.map_err(Error::from);
    tell(waiting, committed);
}

async fn run(transaction: &mut Transaction<'static, Sqlite>, statements: &'static str) -> sqlx::Result<()> {
    sqlx::raw_sql(statements).execute(&mut **transaction).await.map(drop)
}

fn tell(waiting: Vec<oneshot::Sender<Result<()>>>, outcome: Result<()>) {
    for told in waiting {
        // Who does not listen any more needs no answer.
        let _ = told.send(match &outcome {
            Ok(()) => Ok(()),
            Err(Error::Unavailable(cause)) => Err(Error::Unavailable(cause.to_string().into())),
            Err(error) => Err(Error::internal(error.reason())),
        });
    }
}
