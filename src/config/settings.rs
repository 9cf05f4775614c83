//! Every setting there is.

/// One setting: its variable, its default as text, and what it means.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// Used when nothing else is said; empty means unset.
    pub default: &'static str,
    /// For people.
    pub meaning: &'static str,
    /// Never printed.
    pub secret: bool,
}

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default, meaning, secret: false }
}

const fn secret(name: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default: "", meaning, secret: true }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting("DOCKET_ADDR", "127.0.0.1:3000", "where it listens; port 0 picks a free one and logs it"),
    setting(
        "DOCKET_PUBLIC_URL",
        "",
        "as browsers see it; decides cookies, links and the origin check; unset: http://localhost with the port of DOCKET_ADDR",
    ),
    setting("DOCKET_DATA_DIR", "./data", "folder of the SQLite file and the generated secret"),
    secret("DOCKET_DATABASE_URL", "sqlite:<path> or postgres://…; unset: docket.db in the data folder"),
    setting("DOCKET_DATABASE_CONNECTIONS", "10", "connections to Postgres that are open at most"),
    secret("DOCKET_REDIS_URL", "redis://… or rediss://…, shared by all nodes; unset: kept in the process"),
    secret("DOCKET_SMTP_URL", "smtp://… or smtps://…; unset: mail is logged and shown at /dev/mail on a loopback URL"),
    setting("DOCKET_SMTP_TIMEOUT", "30s", "what handing over one mail may take"),
    setting("DOCKET_MAIL_FROM", "Docket <docket@localhost>", "sender of the mails"),
    secret(
        "DOCKET_SECRET",
        "at least 32 characters, signs tokens; older ones behind it, with commas between, are still accepted; unset: generated once and kept in the data folder",
    ),
    setting(
        "DOCKET_TRUSTED_PROXIES",
        "",
        "addresses of proxies whose X-Forwarded-For is believed, such as 127.0.0.1 or 10.0.0.0/8, with commas between",
    ),
    setting(
        "DOCKET_ALLOW_HTTP",
        "false",
        "true: serve a public http:// URL that is not loopback, where anyone between can read along",
    ),
    setting(
        "DOCKET_STOP_DELAY",
        "1s",
        "told to stop, it goes on accepting requests for this long while /readyz says 503, so that proxies go elsewhere",
    ),
    setting("DOCKET_METRICS_ADDR", "", "where metrics are told to Prometheus, such as 127.0.0.1:9100; unset: nowhere"),
    setting("DOCKET_LOG", "info", "what is logged, as a tracing filter"),
    setting("DOCKET_LOG_FORMAT", "pretty", "pretty or json"),
    setting("DOCKET_ACCESS_TTL", "10m", "life of an access token"),
    setting("DOCKET_CODE_TTL", "10m", "life of a one-time code"),
    setting("DOCKET_CODE_RESEND", "60s", "pause before a code is mailed again"),
    setting("DOCKET_CODE_TRIES", "5", "wrong codes after which only a new code helps"),
    setting("DOCKET_REFRESH_IDLE", "30d", "a session ends when not used for this long"),
    setting("DOCKET_REFRESH_MAX", "180d", "a session ends after this long in any case"),
    setting(
        "DOCKET_REFRESH_GRACE",
        "10s",
        "a replaced refresh token is still answered for this long, for lost answers and parallel tabs",
    ),
    setting(
        "DOCKET_FRESH_LOG_IN",
        "10m",
        "changing the address of an account and getting all data need a password entered within this time",
    ),
    setting("DOCKET_LIMIT_LOG_IN", "30/5m", "log-ins from one address in a period, or off; so for all limits"),
    setting(
        "DOCKET_LIMIT_ACCOUNT",
        "10/15m",
        "wrong passwords for one account; a device that has logged in to it before is counted for itself",
    ),
    setting("DOCKET_LIMIT_SIGN_UP", "10/1h", "accounts begun from one address"),
    setting("DOCKET_LIMIT_FORGOT", "10/15m", "mails asked for from one address"),
    setting("DOCKET_LIMIT_VERIFY", "30/5m", "codes tried from one address"),
    setting("DOCKET_LIMIT_REFRESH", "150/5m", "sessions renewed or ended from one address"),
    setting("DOCKET_LIMIT_ADVISE", "60/5m", "passwords looked at for one address while they are typed"),
    setting("DOCKET_LIMIT_USER", "300/10s", "calls and pages of one person on one node"),
    setting("DOCKET_PASSWORD_MIN", "8", "shortest password, in characters"),
    setting("DOCKET_ARGON2", "m=19456,t=2,p=1", "memory in KiB, passes and lanes of Argon2id"),
    setting("DOCKET_HASHING_QUEUE", "64", "passwords that wait to be hashed at most; more are told to come back"),
    setting("DOCKET_CONNECTIONS", "10000", "connections at most; more wait to be accepted"),
    setting("DOCKET_HEADER_TIMEOUT", "10s", "time to send the head of a request"),
    setting("DOCKET_REQUEST_TIMEOUT", "15s", "time to send the body of a request, and to answer it"),
    setting("DOCKET_IDLE_TIMEOUT", "60s", "a connection without a request is closed after this"),
    setting("DOCKET_AUDIT_DAYS", "365", "days after which what happened to accounts is forgotten"),
    setting("DOCKET_TRASH_DAYS", "30", "days after which the trash is emptied"),
];
