//! Connections to Postgres that have just answered all they were asked. The driver's pool asks each one that comes back whether
//! it still lives, and nobody can have it meanwhile, for as long as it takes to the server and back; these are handed out
//! again without.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::Connection;
use sqlx::pool::PoolConnection;
use sqlx_postgres::{PgConnection, PgPool, Postgres};
use tokio::time::{Instant, timeout};

/// A connection that was idle for longer is asked whether it still lives before it is used.
pub(super) const RESTED: Duration = Duration::from_secs(1);
/// One that has not answered by then does not. Another is opened in what is left of the time that one is waited for.
const ANSWERED: Duration = Duration::from_secs(1);
/// One that the driver's pool has lent for longer is given back to it, which sees to its age; one that was idle for longer is
/// closed when somebody next asks for one.
const LENT: Duration = Duration::from_secs(60);

/// A pool of connections to a Postgres server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pool {
    pub(super) all: PgPool,
    spares: Spares,
}

impl Pool {
    pub(super) fn new(all: PgPool) -> Self {
        Self { all, spares: Spares::default() }
    }

    /// One that lives, as far as is known.
    pub(super) async fn acquire(&self) -> Result<Single, sqlx::Error> {
        match self.spares.pop() {
            Spare::Fresh(single) => Ok(single),
            // In a box: it is seldom come to and large, and would lie in the future of every use case.
            spare => Box::pin(self.ask(spare)).await,
        }
    }

    async fn ask(&self, mut spare: Spare) -> Result<Single, sqlx::Error> {
        loop {
            match spare {
                Spare::Fresh(single) => return Ok(single),
                Spare::Rested(rested) => match rested.ask().await {
                    Some(single) => return Ok(single),
                    // Nor will those that rested for longer.
                    None => self.spares.lock().close_idle_for(RESTED),
                },
                Spare::None(_waiting) => {
                    return Ok(Single { connection: self.all.acquire().await?, lent: Instant::now() });
                }
            }
            spare = self.spares.pop();
        }
    }

    /// Takes one back that has answered all it was asked.
    pub(super) fn give_back(&self, single: Single) {
        if single.lent.elapsed() < LENT && !self.all.is_closed() {
            self.spares.push(single);
        }
    }

    /// How many wait here for somebody to use them.
    pub(super) fn num_idle(&self) -> usize {
        self.spares.lock().idle.len()
    }

    pub(super) async fn close(&self) {
        // The driver's pool waits for all that it has lent.
        let _waiting = self.spares.close();
        self.all.close().await;
    }
}

/// A connection, to begin a transaction with or for statements that are each one of their own. Dropped, it goes back to the
/// driver's pool, which asks it: whoever is dropped while it waits for an answer leaves one that is still busy.
#[derive(Debug)]
pub struct Single {
    pub(super) connection: PoolConnection<Postgres>,
    // Since when the driver's pool has lent it.
    lent: Instant,
}

/// Asks one whether it still lives.
pub(super) async fn ask(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    timeout(ANSWERED, connection.ping()).await.map_err(|_| sqlx::Error::PoolTimedOut)?
}

// What there is for somebody who asks for one.
enum Spare {
    Fresh(Single),
    Rested(Rested),
    None(Waiting),
}

// One of which it is not known whether it still lives. Dropped, perhaps while it is being asked, it is closed: the driver's pool
// would ask it once more, however long that takes.
struct Rested(Option<Single>);

impl Rested {
    // It, if it answers in time.
    async fn ask(mut self) -> Option<Single> {
        ask(&mut self.0.as_mut()?.connection).await.ok()?;
        self.0.take()
    }
}

impl Drop for Rested {
    fn drop(&mut self) {
        if let Some(single) = self.0.take() {
            drop(single.connection.detach());
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Spares(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    // Since when each is, and the one that answered last at the end.
    idle: Vec<(Instant, Single)>,
    // Those who wait for the driver's pool, which knows nothing of these.
    waiting: usize,
}

impl State {
    fn close_idle_for(&mut self, time: Duration) {
        let count = self.idle.partition_point(|(since, _)| since.elapsed() > time);
        self.close(count);
    }

    // So many of those that answered first.
    fn close(&mut self, count: usize) {
        self.idle.drain(..count).for_each(|(_, single)| drop(Rested(Some(single))));
    }
}

impl Spares {
    // The one that answered last; or else a place among those who wait.
    fn pop(&self) -> Spare {
        let mut state = self.lock();
        state.close_idle_for(LENT);
        match state.idle.pop() {
            Some((since, single)) if since.elapsed() <= RESTED => Spare::Fresh(single),
            Some((_, single)) => Spare::Rested(Rested(Some(single))),
            None => Spare::None(self.waiting(&mut state)),
        }
    }

    // None is kept as long as what this answers lives.
    fn close(&self) -> Waiting {
        let mut state = self.lock();
        let count = state.idle.len();
        state.close(count);
        self.waiting(&mut state)
    }

    fn waiting(&self, state: &mut State) -> Waiting {
        state.waiting += 1;
        Waiting(self.clone())
    }

    fn push(&self, single: Single) {
        let mut state = self.lock();
        if state.waiting == 0 {
            state.idle.push((Instant::now(), single));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.close(self.idle.len());
    }
}

/// Somebody who waits for the driver's pool. What is given back meanwhile goes there.
#[derive(Debug)]
pub(super) struct Waiting(Spares);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}
