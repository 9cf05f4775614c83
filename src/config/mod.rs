//! The configuration, read once at start: defaults, then `docket.toml`, then `.env`, then the environment, then flags.
//!
//! [`SETTINGS`] lists every setting once; parsing, the printed configuration and the sample all follow it. In
//! `docket.toml` a setting is written without its prefix and in lower case: `DOCKET_DATA_DIR` is `data_dir`.

pub mod secrets;
mod settings;
mod values;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;

pub use settings::{SETTINGS, Setting};
pub use values::{ConfigError, Limit, Values};

use values::DAY;

/// What the program runs with.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each field is explained in SETTINGS under the variable it is named after")]
pub struct Config {
    pub addr: SocketAddr,
    pub public_url: PublicUrl,
    pub data_dir: PathBuf,
    pub database_url: Secret,
    pub database_connections: u32,
    pub redis_url: Option<Secret>,
    pub smtp_url: Option<Secret>,
    pub smtp_timeout: Duration,
    pub mail_from: lettre::message::Mailbox,
    pub secret: Secret,
    /// Those it has replaced, newest first.
    pub older_secrets: Vec<Secret>,
    /// Whether the secret was generated here, and so is another on each machine.
    pub has_own_secret: bool,
    pub trusted_proxies: Vec<IpNet>,
    pub stop_delay: Duration,
    pub metrics_addr: Option<SocketAddr>,
    pub log: String,
    pub log_json: bool,
    pub access_ttl: Duration,
    pub code_ttl: Duration,
    pub code_resend: Duration,
    pub code_tries: u32,
    pub refresh_idle: Duration,
    pub refresh_max: Duration,
    pub refresh_grace: Duration,
    pub fresh_log_in: Duration,
    pub limit_account: Option<Limit>,
    pub limit_log_in: Option<Limit>,
    pub limit_sign_up: Option<Limit>,
    pub limit_forgot: Option<Limit>,
    pub limit_verify: Option<Limit>,
    pub limit_refresh: Option<Limit>,
    pub limit_advise: Option<Limit>,
    pub limit_user: Option<Limit>,
    pub password_min: usize,
    pub argon2: argon2::Params,
    pub hashing_queue: u32,
    pub audit: Duration,
    pub connections: usize,
    pub header_timeout: Duration,
    pub request_timeout: Duration,
    pub idle_timeout: Duration,
    pub trash: Duration,
}

impl Config {
    /// Understands all settings; creates the data folder and the secret where they are missing.
    ///
    /// # Errors
    /// The first value that does not fit, or a folder that cannot be used.
    pub fn from_values(values: &Values) -> Result<Self, ConfigError> {
        let addr: SocketAddr =
            values.parse("DOCKET_ADDR", "an address and port such as 127.0.0.1:3000", |text| text.parse().ok())?;
        let public_url = values.parse(
            "DOCKET_PUBLIC_URL",
            "an address such as https://todo.example.org, without a path",
            |text| match text {
                "" => PublicUrl::parse(&format!("http://localhost:{}", addr.port())),
                text => PublicUrl::parse(text),
            },
        )?;
        let allow_http: bool = values.parse("DOCKET_ALLOW_HTTP", "true or false", |text| text.parse().ok())?;
        if !public_url.is_https() && !public_url.is_loopback() && !allow_http {
            return Err(ConfigError::Value {
                name: "DOCKET_PUBLIC_URL",
                found: public_url.as_str().to_owned(),
                wanted: "an https:// address (or set DOCKET_ALLOW_HTTP=true if you accept that others can read along)",
            });
        }
        let data_dir = values.data_dir();
        std::fs::create_dir_all(&data_dir)
            .map_err(|e| ConfigError::File { path: data_dir.clone(), cause: e.to_string() })?;
        let database_url = values
            .url("DOCKET_DATABASE_URL", "sqlite:<path> or postgres://…", &["sqlite:", "postgres://", "postgresql://"])?
            .unwrap_or_else(|| Secret::new(format!("sqlite:{}", data_dir.join("docket.db").display())));
        let mut secrets = match values.text("DOCKET_SECRET") {
            Some(_) => values.parse("DOCKET_SECRET", "at least 32 characters, best random ones", secrets::parse)?,
            None => secrets::read(&secret_file(&data_dir))?,
        };
        Ok(Self {
            addr,
            public_url,
            data_dir,
            database_url,
            database_connections: values.parse("DOCKET_DATABASE_CONNECTIONS", "a number from 1 to 1000", |text| {
                text.parse().ok().filter(|count| (1..=1000).contains(count))
            })?,
            redis_url: values.url("DOCKET_REDIS_URL", "redis://… or rediss://…", &["redis://", "rediss://"])?,
            smtp_url: values.url("DOCKET_SMTP_URL", "smtp://… or smtps://…", &["smtp://", "smtps://"])?,
            smtp_timeout: values.duration("DOCKET_SMTP_TIMEOUT")?,
            mail_from: values.parse("DOCKET_MAIL_FROM", "an address such as Docket <docket@example.org>", |text| {
                text.parse().ok()
            })?,
            has_own_secret: !values.is_set("DOCKET_SECRET"),
            secret: secrets.remove(0),
            older_secrets: secrets,
            trusted_proxies: values.parse(
                "DOCKET_TRUSTED_PROXIES",
                "addresses or networks such as 127.0.0.1 or 10.0.0.0/8, with commas between",
                parse_networks,
            )?,
            stop_delay: values.duration("DOCKET_STOP_DELAY")?,
            metrics_addr: values.parse(
                "DOCKET_METRICS_ADDR",
                "an address and port such as 127.0.0.1:9100",
                |text| {
                    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
                },
            )?,
            log: values.text("DOCKET_LOG").unwrap_or("info").to_owned(),
            log_json: values.parse("DOCKET_LOG_FORMAT", "pretty or json", |text| match text {
                "json" => Some(true),
                "pretty" => Some(false),
                _ => None,
            })?,
            access_ttl: values.duration("DOCKET_ACCESS_TTL")?,
            code_ttl: values.duration("DOCKET_CODE_TTL")?,
            code_resend: values.duration("DOCKET_CODE_RESEND")?,
            code_tries: values.number("DOCKET_CODE_TRIES")?,
            refresh_idle: values.duration("DOCKET_REFRESH_IDLE")?,
            refresh_max: values.duration("DOCKET_REFRESH_MAX")?,
            refresh_grace: values.duration("DOCKET_REFRESH_GRACE")?,
            fresh_log_in: values.duration("DOCKET_FRESH_LOG_IN")?,
            limit_account: values.limit("DOCKET_LIMIT_ACCOUNT")?,
            limit_log_in: values.limit("DOCKET_LIMIT_LOG_IN")?,
            limit_sign_up: values.limit("DOCKET_LIMIT_SIGN_UP")?,
            limit_forgot: values.limit("DOCKET_LIMIT_FORGOT")?,
            limit_verify: values.limit("DOCKET_LIMIT_VERIFY")?,
            limit_refresh: values.limit("DOCKET_LIMIT_REFRESH")?,
            limit_advise: values.limit("DOCKET_LIMIT_ADVISE")?,
            limit_user: values.limit("DOCKET_LIMIT_USER")?,
            password_min: values.parse("DOCKET_PASSWORD_MIN", "a number from 8 to 64", |text| {
                text.parse().ok().filter(|min| (8..=64).contains(min))
            })?,
            argon2: values.parse("DOCKET_ARGON2", "parameters such as m=19456,t=2,p=1", parse_argon2)?,
            hashing_queue: values.number("DOCKET_HASHING_QUEUE")?,
            audit: values.number("DOCKET_AUDIT_DAYS").map(|days: u32| DAY * days)?,
            connections: values.parse("DOCKET_CONNECTIONS", "a number from 16 to 1000000", |text| {
                text.parse().ok().filter(|count| (16..=1_000_000).contains(count))
            })?,
            header_timeout: values.duration("DOCKET_HEADER_TIMEOUT")?,
            request_timeout: values.duration("DOCKET_REQUEST_TIMEOUT")?,
            idle_timeout: values.duration("DOCKET_IDLE_TIMEOUT")?,
            trash: values.number("DOCKET_TRASH_DAYS").map(|days: u32| DAY * days)?,
        })
    }
}

fn parse_networks(text: &str) -> Option<Vec<IpNet>> {
    let network = |text: &str| text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(network).collect()
}

fn parse_argon2(text: &str) -> Option<argon2::Params> {
    let mut params = argon2::ParamsBuilder::new();
    for part in text.split(',') {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().parse().ok()?;
        match name.trim() {
            "m" => params.m_cost(value),
            "t" => params.t_cost(value),
            "p" => params.p_cost(value),
            _ => return None,
        };
    }
    params.build().ok()
}

/// Where the secrets are kept that no setting names.
#[must_use]
pub fn secret_file(data_dir: &Path) -> PathBuf {
    data_dir.join("secret")
}

/// A text that must not be printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The address browsers use: a scheme and an authority, no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Accepts `http://host[:port]` and `https://host[:port]`, with or without a slash at the end.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('/').to_lowercase();
        let authority = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        (!authority.is_empty() && authority.chars().all(plain)).then_some(Self(text))
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether cookies can be limited to encrypted connections.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether only this machine can reach it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let authority = self.0.split("://").nth(1).unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next(),
            None => authority.split(':').next(),
        };
        let host = host.unwrap_or_default();
        host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let mut values = Values::defaults();
        values.set("DOCKET_DATA_DIR", folder.path().display().to_string()).unwrap();
        values.set(name, value.into())?;
        Config::from_values(&values)
    }

    #[test]
    fn a_bad_value_names_its_variable_what_was_found_and_what_would_do() {
        let error = with("DOCKET_ACCESS_TTL", "ten minutes").unwrap_err().to_string();
        assert_eq!(
            error,
            "DOCKET_ACCESS_TTL is \"ten minutes\", but should be a duration such as 500ms, 60s, 10m, 12h or 30d"
        );
    }

    #[test]
    fn a_bad_secret_is_not_shown() {
        assert!(!with("DOCKET_SECRET", "hunter2").unwrap_err().to_string().contains("hunter2"));
    }

    // R46.
    #[test]
    fn an_http_address_that_is_not_loopback_is_refused_unless_allowed() {
        assert!(with("DOCKET_PUBLIC_URL", "http://todo.example.org").is_err());
        assert!(with("DOCKET_PUBLIC_URL", "http://127.0.0.1:8080").is_ok());
        assert!(with("DOCKET_PUBLIC_URL", "https://todo.example.org").is_ok());
        assert!(with("DOCKET_PUBLIC_URL", "http://localhost.example.org").is_err());
    }

    #[test]
    fn browsers_find_it_where_it_listens_unless_told_otherwise() {
        assert_eq!(with("DOCKET_LOG", "info").unwrap().public_url.as_str(), "http://localhost:3000");
        assert_eq!(with("DOCKET_ADDR", "0.0.0.0:8080").unwrap().public_url.as_str(), "http://localhost:8080");
        assert_eq!(with("DOCKET_PUBLIC_URL", "http://127.0.0.1").unwrap().public_url.as_str(), "http://127.0.0.1");
    }

    #[test]
    fn a_misspelt_setting_is_refused() {
        assert!(
            matches!(with("DOCKET_SMPT_URL", "smtp://x"), Err(ConfigError::Unknown(name)) if name == "DOCKET_SMPT_URL")
        );
    }

    #[test]
    fn the_operations_guide_lists_every_setting_with_its_default() {
        let guide = include_str!("../../docs/operations.md");
        for setting in SETTINGS {
            let default =
                if setting.default.is_empty() { "unset".to_owned() } else { format!("`{}`", setting.default) };
            let row = format!("| `{}` | {default} | {} |", setting.name, setting.meaning);
            assert!(guide.contains(&row), "{row}");
        }
    }

    #[test]
    fn the_checked_in_sample_lists_every_setting_with_its_default() {
        assert_eq!(include_str!("../../.env.sample"), Values::defaults().masked());
    }
}
