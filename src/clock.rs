//! Where the domain reads the time, so that tests can turn the clock instead of waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::time::Timestamp;

/// The system's clock, set forward by as much as tests ask for.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(self.ahead.load(Ordering::Relaxed)).plus(since_epoch)
    }

    /// How far it was set forward.
    #[must_use]
    pub fn ahead(&self) -> Duration {
        Duration::from_micros(self.ahead.load(Ordering::Relaxed).unsigned_abs())
    }

    /// Lets time pass for everyone who holds this clock.
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(micros, Ordering::Relaxed);
    }
}
