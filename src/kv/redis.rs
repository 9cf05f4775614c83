//! The store that several nodes share: Redis 7 or later. Each operation is one Lua script, which Redis runs in one step.
//!
//! Time is Redis' own, so that the clocks of the nodes need not agree; `ahead` is what tests have set theirs forward.

use std::sync::LazyLock;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig, PubSub};
use redis::{AsyncCommands, Client, FromRedisValue, RedisResult, Script};

use super::{Attempt, CodeHash};
use crate::clock::Clock;
use crate::config::Secret;
use crate::error::{Error, Result};

const CONNECT: Duration = Duration::from_secs(1);
const COMMAND: Duration = Duration::from_millis(500);
/// What all together may take, reconnecting included, before the caller is told that the store does not answer.
const WHOLE: Duration = Duration::from_secs(1);

/// Where ended sessions are announced.
const CHANNEL: &str = "docket:ended";

/// A shared store.
#[derive(Clone)]
pub struct Redis {
    clock: Clock,
    client: Client,
    connection: ConnectionManager,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redis")
    }
}

// Arguments begin with how far the clock is ahead and how long an entry is kept, both in microseconds.
macro_rules! script {
    ($body:literal) => {
        LazyLock::new(|| {
            Script::new(concat!(
                "local time = redis.call('TIME') ",
                "local now = time[1] * 1000000 + time[2] + ARGV[1] ",
                "local key, keep = KEYS[1], tonumber(ARGV[2]) ",
                "local function set(...) redis.call('DEL', key) redis.call('HSET', key, 'until', string.format('%.0f', now + keep), ...) ",
                "redis.call('PEXPIRE', key, math.max(math.ceil(keep / 1000), 1)) end ",
                "local function get(...) local found = redis.call('HMGET', key, 'until', ...) ",
                "if found[1] and tonumber(found[1]) > now then return found end end ",
                $body
            ))
        })
    };
}

static PUT: LazyLock<Script> = script!("set('text', ARGV[3])");
static GET: LazyLock<Script> = script!("local found = get('text') return found and found[2]");
static TAKE: LazyLock<Script> =
    script!("local found = get('text') if found then redis.call('DEL', key) end return found and found[2]");
static PAUSE: LazyLock<Script> =
    script!("local found = get() if found then return math.max(tonumber(found[1]) - now, 1) end set() return 0");
static COUNT: LazyLock<Script> = script!(
    "local found = get('count') if not found then set('count', 1) return 0 end \
     if tonumber(found[2]) >= tonumber(ARGV[3]) then return math.max(tonumber(found[1]) - now, 1) end \
     redis.call('HINCRBY', key, 'count', 1) return 0"
);
static PUT_CODE: LazyLock<Script> = script!("set('hash', ARGV[3], 'tries', ARGV[4])");
static TRY_CODE: LazyLock<Script> = script!(
    "local found = get('hash', 'tries', 'used') if not found or not found[2] then return 'missing' end \
     if found[4] then return 'used' end \
     if tonumber(found[3]) <= 0 then return 'exhausted' end \
     for try = 3, #ARGV do if found[2] == ARGV[try] then redis.call('HSET', key, 'used', 1) return 'right' end end \
     if redis.call('HINCRBY', key, 'tries', -1) <= 0 then return 'exhausted' end return 'wrong'"
);

impl Redis {
    /// Readies a connection, which is made at first use and again whenever it is lost.
    pub(super) fn new(url: &Secret, clock: Clock) -> Result<Self> {
        let client = Client::open(url.expose()).map_err(Error::internal)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(COMMAND))
            // Whoever asks next tries again; nobody shall wait for a row of attempts.
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config).map_err(Error::internal)?;
        Ok(Self { clock, client, connection })
    }

    async fn run<T: FromRedisValue>(&self, script: &Script, key: &str, keep: Duration, more: &[&[u8]]) -> Result<T> {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let mut invocation = script.key(key);
        invocation.arg(micros(self.clock.ahead())).arg(micros(keep)).arg(more);
        let mut connection = self.connection.clone();
        in_time(invocation.invoke_async(&mut connection)).await
    }

    pub(super) async fn put(&self, key: &str, value: &str, keep: Duration) -> Result<()> {
        self.run(&PUT, key, keep, &[value.as_bytes()]).await
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<String>> {
        self.run(&GET, key, Duration::ZERO, &[]).await
    }

    pub(super) async fn take(&self, key: &str) -> Result<Option<String>> {
        self.run(&TAKE, key, Duration::ZERO, &[]).await
    }

    pub(super) async fn pause(&self, key: &str, pause: Duration) -> Result<Result<(), Duration>> {
        self.run(&PAUSE, key, pause, &[]).await.map(left)
    }

    pub(super) async fn count(&self, key: &str, most: u32, period: Duration) -> Result<Result<(), Duration>> {
        self.run(&COUNT, key, period, &[most.to_string().as_bytes()]).await.map(left)
    }

    pub(super) async fn forget(&self, key: &str) -> Result<()> {
        let mut connection = self.connection.clone();
        in_time(connection.del(key)).await
    }

    pub(super) async fn put_code(&self, key: &str, hash: CodeHash, tries: u32, keep: Duration) -> Result<()> {
        self.run(&PUT_CODE, key, keep, &[&hash, tries.to_string().as_bytes()]).await
    }

    pub(super) async fn try_code(&self, key: &str, hashes: &[CodeHash]) -> Result<Attempt> {
        let hashes: Vec<&[u8]> = hashes.iter().map(CodeHash::as_slice).collect();
        let attempt: String = self.run(&TRY_CODE, key, Duration::ZERO, &hashes).await?;
        Ok(match attempt.as_str() {
            "right" => Attempt::Right,
            "wrong" => Attempt::Wrong,
            "exhausted" => Attempt::Exhausted,
            "used" => Attempt::Used,
            _ => Attempt::Missing,
        })
    }

    pub(super) async fn ping(&self) -> Result<()> {
        let mut connection = self.connection.clone();
        in_time(connection.ping()).await
    }

    pub(super) async fn announce(&self, what: &str) -> Result<()> {
        let mut connection = self.connection.clone();
        in_time(connection.publish(CHANNEL, what)).await
    }

    /// A connection of its own that hears what is announced from now on.
    pub(super) async fn listen(&self) -> Result<PubSub> {
        let mut listening = in_time(self.client.get_async_pubsub()).await?;
        in_time(listening.subscribe(CHANNEL)).await?;
        Ok(listening)
    }
}

fn left(micros: u64) -> Result<(), Duration> {
    if micros == 0 { Ok(()) } else { Err(Duration::from_micros(micros)) }
}

async fn in_time<T>(work: impl Future<Output = RedisResult<T>>) -> Result<T> {
    match tokio::time::timeout(WHOLE, work).await {
        Ok(answer) => answer.map_err(|error| Error::Unavailable(error.into())),
        Err(late) => Err(Error::Unavailable(late.into())),
    }
}
