//! The store in this process.

use std::time::{Duration, Instant};

use moka::Expiry;
use moka::ops::compute::Op;
use moka::sync::Cache;
use subtle::ConstantTimeEq;

use super::{Attempt, CodeHash};
use crate::clock::Clock;
use crate::time::Timestamp;

/// Bytes kept at most, counting keys and texts; beyond that the least used entries go.
const CAPACITY: u64 = 64 * 1024 * 1024;

#[derive(Debug, Clone)]
struct Entry {
    value: Value,
    keep: Duration,
    // Decided by the domain's clock; the cache's own expiry only frees the memory.
    until: Timestamp,
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Pause,
    Count(u32),
    Code { hash: CodeHash, tries: u32, used: bool },
}

/// Entries in a bounded cache.
#[derive(Debug, Clone)]
pub struct Memory {
    clock: Clock,
    entries: Cache<String, Entry>,
}

struct ByEntry;

impl Expiry<String, Entry> for ByEntry {
    fn expire_after_create(&self, _: &String, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.keep)
    }

    fn expire_after_update(&self, _: &String, entry: &Entry, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(entry.keep)
    }
}

impl Memory {
    pub(super) fn new(clock: Clock) -> Self {
        let weigh = |key: &String, entry: &Entry| {
            let text = if let Value::Text(text) = &entry.value { text.len() } else { 0 };
            u32::try_from(key.len() + text + size_of::<Entry>()).unwrap_or(u32::MAX)
        };
        let entries = Cache::builder().max_capacity(CAPACITY).weigher(weigh).expire_after(ByEntry).build();
        Self { clock, entries }
    }

    pub(super) fn put(&self, key: &str, value: String, keep: Duration) {
        self.insert(key, Value::Text(value), keep);
    }

    pub(super) fn take(&self, key: &str) -> Option<String> {
        self.text(self.entries.remove(key)?)
    }

    pub(super) fn get(&self, key: &str) -> Option<String> {
        self.text(self.entries.get(key)?)
    }

    pub(super) fn pause(&self, key: &str, pause: Duration) -> Result<(), Duration> {
        let now = self.clock.now();
        let mut left = None;
        self.entries.entry_by_ref(key).and_compute_with(|found| {
            left = found.map(|e| e.into_value().until).filter(|until| *until > now);
            if left.is_some() { Op::Nop } else { Op::Put(self.entry(Value::Pause, pause)) }
        });
        match left {
            Some(until) => Err(Duration::from_micros(until.0.abs_diff(now.0))),
            None => Ok(()),
        }
    }

    pub(super) fn count(&self, key: &str, most: u32, period: Duration) -> Result<(), Duration> {
        let now = self.clock.now();
        let mut left = None;
        self.entries.entry_by_ref(key).and_compute_with(|found| {
            match found.map(moka::Entry::into_value).filter(|entry| entry.until > now) {
                Some(Entry { value: Value::Count(count), until, .. }) if count >= most => {
                    left = Some(until);
                    Op::Nop
                }
                // What is kept goes on for as long as the period that has begun.
                Some(entry @ Entry { value: Value::Count(count), .. }) => {
                    let keep = Duration::from_micros(entry.until.0.abs_diff(now.0));
                    Op::Put(Entry { value: Value::Count(count + 1), keep, ..entry })
                }
                _ => Op::Put(self.entry(Value::Count(1), period)),
            }
        });
        match left {
            Some(until) => Err(Duration::from_micros(until.0.abs_diff(now.0))),
            None => Ok(()),
        }
    }

    pub(super) fn forget(&self, key: &str) {
        self.entries.invalidate(key);
    }

    pub(super) fn put_code(&self, key: &str, hash: CodeHash, tries: u32, keep: Duration) {
        self.insert(key, Value::Code { hash, tries, used: false }, keep);
    }

    pub(super) fn try_code(&self, key: &str, hashes: &[CodeHash]) -> Attempt {
        let now = self.clock.now();
        let mut attempt = Attempt::Missing;
        self.entries.entry_by_ref(key).and_compute_with(|found| {
            let Some(mut entry) = found.map(moka::Entry::into_value).filter(|entry| entry.until > now) else {
                return Op::Nop;
            };
            let Value::Code { hash: expected, tries, used } = &mut entry.value else { return Op::Nop };
            let right = hashes.iter().any(|hash| expected.ct_eq(hash).into());
            attempt = match (*used, *tries, right) {
                (true, ..) => Attempt::Used,
                (_, 0, _) => Attempt::Exhausted,
                (_, _, true) => {
                    *used = true;
                    Attempt::Right
                }
                (_, left, false) => {
                    *tries = left - 1;
                    if *tries == 0 { Attempt::Exhausted } else { Attempt::Wrong }
                }
            };
            Op::Put(entry)
        });
        attempt
    }

    fn insert(&self, key: &str, value: Value, keep: Duration) {
        self.entries.insert(key.to_owned(), self.entry(value, keep));
    }

    fn entry(&self, value: Value, keep: Duration) -> Entry {
        Entry { value, keep, until: self.clock.now().plus(keep) }
    }

    fn text(&self, entry: Entry) -> Option<String> {
        match entry.value {
            Value::Text(text) if entry.until > self.clock.now() => Some(text),
            _ => None,
        }
    }
}
