//! Short-lived shared state: one-time codes, counters, pauses, what a failed form held. It may be lost at a restart
//! without harm; what must survive is SQL.
//!
//! Today it lives in the process ([`memory`]); every operation is one atomic step, so that a shared store can do the
//! same for several nodes.

pub mod memory;

use std::time::Duration;

use crate::clock::Clock;
use crate::error::Result;

/// The store, whichever backend holds it.
#[derive(Debug, Clone)]
pub enum Kv {
    /// In this process.
    Memory(memory::Memory),
}

/// What became of an attempt to open something with a one-time code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The right code, accepted this once.
    Right,
    /// Not the code.
    Wrong,
    /// Too many wrong ones; not even the right one counts any more.
    Exhausted,
    /// The right code opened it before.
    Used,
    /// Nothing waits for a code under this key: expired, or never there.
    Missing,
}

/// A keyed hash of a one-time code.
pub type CodeHash = [u8; 32];

impl Kv {
    /// A store in this process.
    #[must_use]
    pub fn in_process(clock: Clock) -> Self {
        Self::Memory(memory::Memory::new(clock))
    }

    /// Keeps a text under a key for a time, replacing what was there.
    ///
    /// # Errors
    /// When the store does not answer. So for all operations.
    pub async fn put(&self, key: &str, value: String, keep: Duration) -> Result<()> {
        match self {
            Self::Memory(memory) => memory.put(key, value, keep),
        }
        Ok(())
    }

    /// Takes a text out of the store; a second call finds nothing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take(&self, key: &str) -> Result<Option<String>> {
        match self {
            Self::Memory(memory) => Ok(memory.take(key)),
        }
    }

    /// Reads a text and leaves it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn get(&self, key: &str) -> Result<Option<String>> {
        match self {
            Self::Memory(memory) => Ok(memory.get(key)),
        }
    }

    /// Begins a pause, unless one is running: `Err` holds what is left of that one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn pause(&self, key: &str, pause: Duration) -> Result<Result<(), Duration>> {
        match self {
            Self::Memory(memory) => Ok(memory.pause(key, pause)),
        }
    }

    /// Puts a code under a key, replacing an older one, to be tried at most `tries` times.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn put_code(&self, key: &str, hash: CodeHash, tries: u32, keep: Duration) -> Result<()> {
        match self {
            Self::Memory(memory) => memory.put_code(key, hash, tries, keep),
        }
        Ok(())
    }

    /// Tries a code. The count of tries, the comparison and "used" are one step.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn try_code(&self, key: &str, hash: CodeHash) -> Result<Attempt> {
        match self {
            Self::Memory(memory) => Ok(memory.try_code(key, hash)),
        }
    }
}
