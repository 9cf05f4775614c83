//! Connections to Postgres that have just answered all they were asked. The driver's pool asks each one that comes back whether
//! it still lives, and nobody can have it meanwhile, for as long as it takes to the server and back; these are handed out
//! again without.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx_postgres::{PgPool, Postgres};

/// A connection that was idle for longer is asked whether it still lives before it is used.
pub(super) const RESTED: Duration = Duration::from_secs(1);
/// After this time it goes back to the driver's pool all the same, which sees to its age.
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

    /// One for single statements.
    pub(super) async fn acquire(&self) -> Result<Single, sqlx::Error> {
        Ok(match self.spares.pop() {
            Ok(single) => single,
            Err(_waiting) => Single { connection: self.all.acquire().await?, lent: Instant::now() },
        })
    }

    /// Takes one back that has answered all it was asked.
    pub(super) fn give_back(&self, single: Single) {
        if single.lent.elapsed() < LENT {
            self.spares.push(single);
        }
    }

    /// Until this is dropped, whoever asks the driver's pool for a connection is among those who wait for one.
    pub(super) fn wait(&self) -> Waiting {
        self.spares.wait()
    }

    /// How many are not in use.
    pub(super) fn num_idle(&self) -> usize {
        self.all.num_idle() + self.spares.lock().idle.len()
    }

    pub(super) async fn close(&self) {
        // The driver's pool waits for all that it has lent.
        let _waiting = self.wait();
        self.spares.lock().idle.clear();
        self.all.close().await;
    }
}

/// A connection for single statements. Dropped, it goes back to the driver's pool, which asks it: whoever is dropped while it
/// waits for an answer leaves one that is still busy.
#[derive(Debug)]
pub struct Single {
    pub(super) connection: PoolConnection<Postgres>,
    // Since when the driver's pool has lent it.
    lent: Instant,
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

impl Spares {
    // The one that answered last, or else a place among those who wait.
    fn pop(&self) -> Result<Single, Waiting> {
        let mut state = self.lock();
        let rested = state.idle.partition_point(|(since, _)| since.elapsed() > RESTED);
        // The driver's pool asks them.
        state.idle.drain(..rested);
        match state.idle.pop() {
            Some((_, single)) => Ok(single),
            None => Err(self.waiting(&mut state)),
        }
    }

    // Who waits brings one along, if there is one: then nobody waits while one is idle here.
    fn wait(&self) -> Waiting {
        let mut state = self.lock();
        state.idle.pop();
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
    // Not given back: that needs a runtime, which may be gone.
    fn drop(&mut self) {
        self.idle.drain(..).for_each(|(_, single)| drop(single.connection.detach()));
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
