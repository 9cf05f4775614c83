//! Points in time as they are stored and sent.

use serde::{Deserialize, Serialize};

/// Whole microseconds since the Unix epoch, in UTC: the same number in both database engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This time plus a duration; stops at the largest representable time.
    #[must_use]
    pub fn plus(self, duration: std::time::Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// This time minus a duration.
    #[must_use]
    pub fn minus(self, duration: std::time::Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
}

/// As RFC 3339 writes it, in UTC.
#[cfg(feature = "ssr")]
impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use ::time::OffsetDateTime;
        use ::time::format_description::well_known::Rfc3339;
        let (seconds, micros) = (self.0.div_euclid(1_000_000), self.0.rem_euclid(1_000_000));
        let nanos = u32::try_from(micros * 1000).map_err(|_| std::fmt::Error)?;
        let time = OffsetDateTime::from_unix_timestamp(seconds).and_then(|time| time.replace_nanosecond(nanos));
        let time = time.map_err(|_| std::fmt::Error)?;
        f.write_str(&time.format(&Rfc3339).map_err(|_| std::fmt::Error)?)
    }
}

fn micros(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
