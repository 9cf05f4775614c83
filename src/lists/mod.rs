//! Lists: named, ordered, each one person's own.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Problem;
#[cfg(feature = "ssr")]
use crate::order::Position;
use crate::text;
#[cfg(feature = "ssr")]
use crate::time::Timestamp;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub(crate) mod store;

/// Longest name of a list, in characters.
pub const NAME_MAX: usize = 120;

/// A list as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Chosen by whoever made it.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Whether it stands among the first.
    pub favourite: bool,
    /// Todos still to do.
    pub open_count: i64,
    /// Todos done.
    pub done_count: i64,
    /// Raised by every change.
    pub version: i64,
}

/// A list with all that is kept of it, as programs see it.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Record {
    /// Chosen by whoever made it.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// What it is called.
    pub name: String,
    /// Whether it stands among the first.
    pub favourite: bool,
    /// Where it stands among its like.
    pub position: Position,
    /// Todos still to do.
    pub open_count: i64,
    /// Todos done.
    pub done_count: i64,
    /// Raised by every change of the list itself.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

#[cfg(feature = "ssr")]
impl From<Record> for List {
    fn from(record: Record) -> Self {
        let Record { id, name, favourite, open_count, done_count, version, .. } = record;
        Self { id, name, favourite, open_count, done_count, version }
    }
}

/// The name of a list: one line of 1 to 120 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListName(String);

impl ListName {
    /// Checks a name as typed.
    ///
    /// # Errors
    /// Says which rule is broken.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        text::single_line(raw, NAME_MAX).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_accepted_name_is_one_trimmed_line(raw in "\\PC{0,130}|.{0,130}") {
            if let Ok(name) = ListName::parse(&raw) {
                prop_assert_eq!(name.as_str().trim(), name.as_str());
                prop_assert!((1..=NAME_MAX).contains(&name.as_str().chars().count()));
                prop_assert!(!name.as_str().chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn what_is_no_name_says_why() {
        assert_eq!(ListName::parse("  "), Err(Problem::Required));
        assert_eq!(ListName::parse(&"x".repeat(121)), Err(Problem::TooLong(NAME_MAX)));
        assert_eq!(ListName::parse("a\0b"), Err(Problem::ControlCharacters));
    }
}
