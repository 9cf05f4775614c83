//! Short-lived shared state: one-time codes, counters, pauses, what a failed form held. It may be lost at a restart
//! without harm; what must survive is SQL.
//!
//! It lives in the process ([`memory`]), or in [`redis`] for several nodes. Every operation is one atomic step in both.

pub mod memory;
pub mod redis;

use std::time::Duration;

use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};

/// The store, whichever backend holds it.
#[derive(Debug, Clone)]
pub enum Kv {
    /// In this process.
    Memory(memory::Memory),
    /// Shared by all nodes. Limits are kept in the process too, for when the shared store does not answer.
    Redis(Box<redis::Redis>, memory::Memory),
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
    /// The store as configured. A shared one is connected to when it is used first.
    ///
    /// # Errors
    /// When the store's URL cannot be used.
    pub fn new(config: &Config, clock: &Clock) -> Result<Self> {
        let memory = memory::Memory::new(clock.clone());
        Ok(match &config.redis_url {
            Some(url) => Self::Redis(Box::new(redis::Redis::new(url, clock.clone())?), memory),
            None => Self::Memory(memory),
        })
    }

    /// Keeps a text under a key for a time, replacing what was there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the store does not answer within a second. So for all operations.
    pub async fn put(&self, key: &str, value: String, keep: Duration) -> Result<()> {
        match self {
            Self::Memory(memory) => memory.put(key, value, keep),
            Self::Redis(redis, _) => redis.put(key, &value, keep).await?,
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
            Self::Redis(redis, _) => redis.take(key).await,
        }
    }

    /// Reads a text and leaves it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn get(&self, key: &str) -> Result<Option<String>> {
        match self {
            Self::Memory(memory) => Ok(memory.get(key)),
            Self::Redis(redis, _) => redis.get(key).await,
        }
    }

    /// Begins a pause, unless one is running: `Err` holds what is left of that one. Of several nodes exactly one begins
    /// it, so that it also decides who does what is to be done once.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn pause(&self, key: &str, pause: Duration) -> Result<Result<(), Duration>> {
        match self {
            Self::Memory(memory) => Ok(memory.pause(key, pause)),
            Self::Redis(redis, _) => redis.pause(key, pause).await,
        }
    }

    /// Counts one more; beyond `most` within a period that begins with the first, `Err` holds what is left of it.
    ///
    /// Never fails and never lets everything pass: while the shared store does not answer, each node counts for itself,
    /// up to half as many.
    pub async fn count(&self, key: &str, most: u32, period: Duration) -> Result<(), Duration> {
        match self {
            Self::Memory(memory) => memory.count(key, most, period),
            Self::Redis(redis, memory) => match redis.count(key, most, period).await {
                Ok(counted) => counted,
                Err(error) => {
                    tracing::warn!(%error, "limits are counted in this process only");
                    memory.count(key, (most / 2).max(1), period)
                }
            },
        }
    }

    /// The same for this node alone.
    pub fn count_here(&self, key: &str, most: u32, period: Duration) -> Result<(), Duration> {
        let (Self::Memory(memory) | Self::Redis(_, memory)) = self;
        memory.count(key, most, period)
    }

    /// Forgets what was counted.
    pub async fn forget_count(&self, key: &str) {
        if let Self::Redis(redis, _) = self
            && let Err(error) = redis.forget(key).await
        {
            tracing::warn!(%error, "what was counted stays until its time is over");
        }
        let (Self::Memory(memory) | Self::Redis(_, memory)) = self;
        memory.forget(key);
    }

    /// Puts a code under a key, replacing an older one, to be tried at most `tries` times.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn put_code(&self, key: &str, hash: CodeHash, tries: u32, keep: Duration) -> Result<()> {
        match self {
            Self::Memory(memory) => memory.put_code(key, hash, tries, keep),
            Self::Redis(redis, _) => redis.put_code(key, hash, tries, keep).await?,
        }
        Ok(())
    }

    /// Tries a code, which may be kept under any of these hashes. The count of tries, the comparison and "used" are one step.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn try_code(&self, key: &str, hashes: &[CodeHash]) -> Result<Attempt> {
        match self {
            Self::Memory(memory) => Ok(memory.try_code(key, hashes)),
            Self::Redis(redis, _) => redis.try_code(key, hashes).await,
        }
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<()> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis, _) => redis.ping().await,
        }
    }

    /// Tells the other nodes something.
    ///
    /// # Errors
    /// When the store does not answer; then nobody hears it.
    pub async fn announce(&self, what: &str) -> Result<()> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis, _) => redis.announce(what).await,
        }
    }

    /// Hears what nodes tell each other until the connection is lost, which is the answer. Alone there is nothing to
    /// hear, and no end.
    pub async fn hear(&self, mut heard: impl FnMut(&str)) -> Error {
        use futures_util::StreamExt;
        let Self::Redis(redis, _) = self else { return std::future::pending().await };
        let mut listening = match redis.listen().await {
            Ok(listening) => listening,
            Err(error) => return error,
        };
        let mut messages = listening.on_message();
        while let Some(message) = messages.next().await {
            if let Ok(what) = message.get_payload::<String>() {
                heard(&what);
            }
        }
        Error::Unavailable("the connection to Redis was lost".into())
    }
}
