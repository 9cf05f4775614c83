//! What rows of every kind have in common: a place, a version, and a maker who may ask twice.

use uuid::Uuid;

use crate::error::{Error, Problem, Result};

/// Where a row shall stand among the others of its kind. As text: `first`, `last`, `up`, `down`, or the id of the row
/// to stand behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
    /// Before the one that is now before it.
    Up,
    /// Behind the one that is now behind it.
    Down,
    /// Right behind this one.
    After(Uuid),
}

impl std::str::FromStr for Place {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Ok(match text {
            "first" => Self::First,
            "last" => Self::Last,
            "up" => Self::Up,
            "down" => Self::Down,
            id => Self::After(id.parse().map_err(|_| Problem::Malformed)?),
        })
    }
}

/// A row that was asked to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made<T> {
    /// The row as it is.
    pub row: T,
    /// Whether it was made just now; else it was there, and stays as it was.
    pub is_new: bool,
}

/// A row that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed<T> {
    /// What it was right before: nobody has changed it in between.
    pub before: T,
    /// What it is now.
    pub now: T,
}

/// Which version of a row a change is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Whichever it has.
    Any,
    /// One of these.
    OneOf(Vec<i64>),
}

impl Expected {
    /// One version.
    #[must_use]
    pub fn version(version: i64) -> Self {
        Self::OneOf(vec![version])
    }

    /// Refuses a change that was meant for another version.
    ///
    /// # Errors
    /// [`Error::VersionConflict`].
    pub(crate) fn check(&self, version: i64) -> Result<()> {
        match self {
            Self::OneOf(versions) if !versions.contains(&version) => Err(Error::VersionConflict),
            _ => Ok(()),
        }
    }
}
