//! Real servers for tests. Each lives in a throwaway folder, listens on the loopback address on a port of its own, and
//! ends with the test program, however that ends.
//!
//! Every test of use cases and of HTTP can run on the engine that is embedded or on the servers: see [`on_servers`].

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod guarded;
mod postgres;
mod redis;
mod smtp;

use std::sync::OnceLock;

pub use postgres::Postgres;
pub use redis::Redis;
pub use smtp::{Manner, Sink};

/// Says on which backends tests run: `servers` for Postgres and Redis, anything else for what is embedded.
pub const TESTS_ON: &str = "TESTS_ON";

/// The settings that limit how often one address or person may do something.
pub const LIMITS: &[&str] = &[
    "DOCKET_LIMIT_LOG_IN",
    "DOCKET_LIMIT_ACCOUNT",
    "DOCKET_LIMIT_SIGN_UP",
    "DOCKET_LIMIT_FORGOT",
    "DOCKET_LIMIT_VERIFY",
    "DOCKET_LIMIT_REFRESH",
    "DOCKET_LIMIT_ADVISE",
    "DOCKET_LIMIT_USER",
];

/// Whether tests run on Postgres and Redis rather than on SQLite and the store in the process.
#[must_use]
pub fn on_servers() -> bool {
    #[expect(clippy::disallowed_methods, reason = "which backend tests run on is no setting of Docket")]
    std::env::var(TESTS_ON).is_ok_and(|backend| backend == "servers")
}

/// Whether this is a build machine, where nothing is skipped.
#[must_use]
pub fn in_ci() -> bool {
    #[expect(clippy::disallowed_methods, reason = "CI is a convention of build machines, not a setting of Docket")]
    std::env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false")
}

/// Settings for a database and a short-lived store that nobody else uses: none when tests run on what is embedded.
#[must_use]
pub fn backends() -> Vec<(&'static str, String)> {
    match on_servers() {
        true => {
            vec![("DOCKET_DATABASE_URL", postgres().fresh_database()), ("DOCKET_REDIS_URL", redis().fresh_database())]
        }
        false => Vec::new(),
    }
}

/// All that one of the [`backends`] holds; `None` for other settings.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn dump(setting: &str, url: &str) -> Option<Vec<u8>> {
    match setting {
        "DOCKET_DATABASE_URL" => Some(postgres().dump(url)),
        "DOCKET_REDIS_URL" => Some(Redis::dump(url)),
        _ => None,
    }
}

/// The Postgres that all tests of a program share, each with a database of its own.
pub fn postgres() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(Postgres::start)
}

/// The Redis that all tests of a program share, each with a database of its own.
pub fn redis() -> &'static Redis {
    static SHARED: OnceLock<Redis> = OnceLock::new();
    SHARED.get_or_init(Redis::start)
}
