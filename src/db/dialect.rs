//! What the two engines do not say with the same words.

use super::Conn;

/// Ends a `select` that answers no more rows than a parameter says. Given the parameter alone, SQLite wants to see how many
/// those are and plans the statement anew each time it is run (`sqlite3ExprIsInteger`).
pub(crate) fn limited(parameter: usize) -> String {
    format!(" limit ${parameter} + 0")
}

impl Conn {
    /// A condition of an `update` of one row that is a transaction of its own, by which it waits for its owner's other writes
    /// ([`turn_of`](super::turn_of), bound to the parameter), and they for it: when it is its turn, Postgres looks again at a row
    /// that has changed meanwhile. Those like it do not wait for each other (the lock is shared): they decide by the row, which
    /// Postgres locks itself, and by its list, which they do not change. Joined as a table, it takes Postgres a tenth longer.
    pub(crate) fn in_turn(&self, parameter: u8) -> String {
        match self {
            // Bound all the same: both engines number parameters without gaps.
            Self::SqlitePlain(_) | Self::SqliteTransaction(_) | Self::SqliteWrite(_) => {
                format!("${parameter} is not null")
            }
            Self::PostgresPlain(_) | Self::PostgresTransaction(_) => {
                format!("pg_advisory_xact_lock_shared(${parameter}) is not null")
            }
        }
    }

    /// Ends a `select` by which a statement writes, so that what it has found stays as it is until that is committed.
    /// SQLite has one writer at a time.
    pub(crate) fn keeping(&self) -> &'static str {
        match self {
            Self::SqlitePlain(_) | Self::SqliteTransaction(_) | Self::SqliteWrite(_) => "",
            Self::PostgresPlain(_) | Self::PostgresTransaction(_) => "for share",
        }
    }

    /// Ends a `select` whose rows this transaction takes for itself: those that another one has taken are passed over.
    /// SQLite has one writer at a time, so there are none.
    pub(crate) fn taking(&self) -> &'static str {
        match self {
            Self::SqlitePlain(_) | Self::SqliteTransaction(_) | Self::SqliteWrite(_) => "",
            Self::PostgresPlain(_) | Self::PostgresTransaction(_) => "for update skip locked",
        }
    }
}
