//! The texts of the settings, from wherever they come, and how they are understood.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Secret;
use super::settings::{SETTINGS, Setting};

pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// So often within a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Limit {
    pub most: u32,
    pub period: Duration,
}

/// A value that does not fit, told so that it can be mended.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting's value makes no sense.
    #[error("{name} is \"{found}\", but should be {wanted}")]
    Value {
        /// The variable.
        name: &'static str,
        /// What was found; masked for secrets.
        found: String,
        /// What would do.
        wanted: &'static str,
    },
    /// Something that looks like a setting and is none, most likely misspelt.
    #[error("{0} is not a setting; `docket config` lists them")]
    Unknown(String),
    /// A file that cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: String,
    },
}

/// The texts of all settings, before they are understood.
#[derive(Debug, Clone)]
pub struct Values(BTreeMap<&'static str, String>);

impl Values {
    /// Reads `docket.toml` and `.env` from a folder, then the environment, then what was given as flags.
    ///
    /// # Errors
    /// When a file is not readable, or names something that is not a setting.
    pub fn load(folder: &Path, flags: &[(&str, String)]) -> Result<Self, ConfigError> {
        let mut values = Self::defaults();
        values.read_toml(&folder.join("docket.toml"))?;
        let dotenv = folder.join(".env");
        if dotenv.exists() {
            let bad = |cause: dotenvy::Error| ConfigError::File { path: dotenv.clone(), cause: cause.to_string() };
            for pair in dotenvy::from_path_iter(&dotenv).map_err(bad)? {
                let (name, value) = pair.map_err(bad)?;
                values.set_ours(&name, value)?;
            }
        }
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        for (name, value) in std::env::vars() {
            values.set_ours(&name, value)?;
        }
        for (name, value) in flags {
            values.set(name, value.clone())?;
        }
        Ok(values)
    }

    /// Only the defaults, for tests and samples.
    #[must_use]
    pub fn defaults() -> Self {
        Self(SETTINGS.iter().map(|s| (s.name, s.default.to_owned())).collect())
    }

    /// Sets one by its variable name.
    ///
    /// # Errors
    /// When there is no such setting.
    pub fn set(&mut self, name: &str, value: String) -> Result<(), ConfigError> {
        let setting = SETTINGS.iter().find(|s| s.name == name).ok_or_else(|| ConfigError::Unknown(name.to_owned()))?;
        self.0.insert(setting.name, value);
        Ok(())
    }

    // Other programs' variables are none of our business.
    fn set_ours(&mut self, name: &str, value: String) -> Result<(), ConfigError> {
        if name.starts_with("DOCKET_") { self.set(name, value) } else { Ok(()) }
    }

    fn read_toml(&mut self, path: &Path) -> Result<(), ConfigError> {
        let file = |cause: String| ConfigError::File { path: path.to_owned(), cause };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(other) => return Err(file(other.to_string())),
        };
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| file(e.to_string()))?;
        for (key, value) in table {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.set(&format!("DOCKET_{}", key.to_uppercase()), value)?;
        }
        Ok(())
    }

    /// The effective settings, a line each as in `.env`, with secrets masked.
    #[must_use]
    pub fn masked(&self) -> String {
        let line = |s: &Setting| {
            let value = &self.0[s.name];
            let shown = if s.secret && !value.is_empty() { "(set, not shown)" } else { value };
            format!("# {}\n{}=\"{shown}\"\n", s.meaning, s.name)
        };
        SETTINGS.iter().map(line).collect()
    }

    /// Whether a setting has a value.
    #[must_use]
    pub fn is_set(&self, name: &'static str) -> bool {
        self.text(name).is_some()
    }

    /// The data folder.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.text("DOCKET_DATA_DIR").unwrap_or("./data").into()
    }

    pub(super) fn text(&self, name: &'static str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    pub(super) fn parse<T>(
        &self,
        name: &'static str,
        wanted: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigError> {
        let found = self.text(name).unwrap_or_default();
        parse(found).ok_or_else(|| {
            let hidden = SETTINGS.iter().any(|s| s.name == name && s.secret);
            ConfigError::Value { name, found: if hidden { "(hidden)".into() } else { found.to_owned() }, wanted }
        })
    }

    // Unset is none.
    pub(super) fn url(
        &self,
        name: &'static str,
        wanted: &'static str,
        schemes: &[&str],
    ) -> Result<Option<Secret>, ConfigError> {
        match self.text(name) {
            Some(_) => self
                .parse(name, wanted, |url| schemes.iter().any(|s| url.starts_with(s)).then(|| Secret::new(url)))
                .map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn duration(&self, name: &'static str) -> Result<Duration, ConfigError> {
        self.parse(name, "a duration such as 500ms, 60s, 10m, 12h or 30d", parse_duration)
    }

    pub(super) fn limit(&self, name: &'static str) -> Result<Option<Limit>, ConfigError> {
        self.parse(name, "a count and a period such as 30/5m, or off", |text| match text {
            "off" => Some(None),
            limit => {
                let (most, period) = limit.split_once('/')?;
                let limit = Limit { most: most.parse().ok()?, period: parse_duration(period)? };
                (limit.most > 0 && !limit.period.is_zero()).then_some(Some(limit))
            }
        })
    }

    pub(super) fn number<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, ConfigError> {
        self.parse(name, "a whole number", |text| text.parse().ok())
    }
}

fn parse_duration(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = (text[..unit].parse::<u32>().ok()?, &text[unit..]);
    Some(match unit {
        "ms" => Duration::from_millis(count.into()),
        "s" => Duration::from_secs(count.into()),
        "m" => Duration::from_secs(60) * count,
        "h" => Duration::from_secs(60 * 60) * count,
        "d" => DAY * count,
        _ => return None,
    })
}
