//! What the two engines do not say with the same words.

use super::Conn;

impl Conn {
    /// Ends a `select` whose rows this transaction takes for itself: those that another one has taken are passed over.
    /// SQLite has one writer at a time, so there are none.
    pub(crate) fn taking(&self) -> &'static str {
        match self {
            Self::SqlitePlain(_) | Self::SqliteTransaction(_) | Self::SqliteWrite(_) => "",
            Self::PostgresPlain(_) | Self::PostgresTransaction(_) => "for update skip locked",
        }
    }
}
