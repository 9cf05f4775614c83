//! Pages of many rows. A page begins right behind the last row of the one before it ("keyset"), so that rows which come
//! or go meanwhile are neither shown twice nor missed, and the last page costs no more than the first.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use uuid::Uuid;

use crate::error::{Error, Problem, Result};
use crate::order::Position;
use crate::sessions::tokens::Keys;
use crate::time::Timestamp;

/// Bytes of a cursor's signature.
const SIGNATURE: usize = 16;

/// Which way rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

impl Order {
    /// The comparison that finds what comes behind, and the direction, in SQL.
    pub(crate) fn sql(self) -> (&'static str, &'static str) {
        match self {
            Self::Ascending => (">", "asc"),
            Self::Descending => ("<", "desc"),
        }
    }
}

/// Which page of something is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where the page before it said that it goes on; none for the first page.
    pub cursor: Option<String>,
    /// Most rows of the page.
    pub limit: usize,
}

impl Wanted {
    /// The first page.
    #[must_use]
    pub fn first(limit: usize) -> Self {
        Self { cursor: None, limit }
    }

    /// One row more than wanted tells whether there is a next page.
    pub(crate) fn fetched(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// What to ask for the next page with, if there is one.
    pub next: Option<String>,
}

/// What rows are sorted by, before their id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    Position(Position),
    Time(Timestamp),
}

/// The row that a page begins behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Behind {
    pub(crate) key: Key,
    pub(crate) id: Uuid,
}

/// Binds a query's last two parameters, the key and the id to begin behind, if there are such.
macro_rules! bind_behind {
    ($query:expr, $behind:expr) => {
        match $behind {
            Some($crate::paging::Behind { key: $crate::paging::Key::Position(key), id }) => $query.bind(key).bind(id),
            Some($crate::paging::Behind { key: $crate::paging::Key::Time(key), id }) => $query.bind(key).bind(id),
            None => $query,
        }
    };
}
pub(crate) use bind_behind;

/// Reads and writes the cursors of one query: a cursor of another query, or of another person, opens nothing here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursors<'a> {
    pub(crate) keys: &'a Keys,
    /// All that decides which rows there are, and in what order.
    pub(crate) query: &'a str,
}

impl Cursors<'_> {
    /// Where the wanted page begins.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that this query did not give.
    pub(crate) fn open(self, wanted: &Wanted) -> Result<Option<Behind>> {
        let open = |cursor: &String| self.read(cursor).ok_or_else(|| Error::field("cursor", Problem::Malformed));
        wanted.cursor.as_ref().map(open).transpose()
    }

    /// Makes a page of rows that were fetched with one more than wanted.
    pub(crate) fn page<T>(self, mut rows: Vec<T>, limit: usize, behind: impl Fn(&T) -> Behind) -> Page<T> {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| self.write(&behind(last)));
        Page { rows, next }
    }

    fn write(self, behind: &Behind) -> String {
        let (kind, key) = match &behind.key {
            Key::Position(position) => (0, position.as_bytes().to_vec()),
            Key::Time(time) => (1, time.0.to_be_bytes().to_vec()),
        };
        let content = [behind.id.as_bytes().as_slice(), &[kind], &key].concat();
        BASE64.encode([&self.keys.cursor_signature(self.query, &content)[..SIGNATURE], &content].concat())
    }

    fn read(self, cursor: &str) -> Option<Behind> {
        let bytes = BASE64.decode(cursor).ok()?;
        let (signature, content) = bytes.split_at_checked(SIGNATURE)?;
        if !self.keys.is_cursor_signature(self.query, content, signature) {
            return None;
        }
        let (id, rest) = content.split_at_checked(16)?;
        let key = match rest.split_first()? {
            (0, key) => Key::Position(Position::from_bytes(key.to_vec())),
            (_, key) => Key::Time(Timestamp(i64::from_be_bytes(key.try_into().ok()?))),
        };
        Some(Behind { key, id: Uuid::from_slice(id).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::Secret;

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_its_row_in_its_query_only(id: u128, time: i64, key: Vec<u8>, query: String, flip: usize) {
            let keys = Keys::derive(&Secret::new("0123456789abcdef0123456789abcdef"), &[]);
            let cursors = Cursors { keys: &keys, query: &query };
            for key in [Key::Time(Timestamp(time)), Key::Position(Position::from_bytes(key.clone()))] {
                let behind = Behind { key, id: Uuid::from_u128(id) };
                let cursor = cursors.write(&behind);
                prop_assert_eq!(cursors.read(&cursor), Some(behind));
                let other = query.clone() + "x";
                prop_assert_eq!(Cursors { keys: &keys, query: &other }.read(&cursor), None);
                let mut bytes = BASE64.decode(&cursor).unwrap();
                let place = flip % bytes.len();
                bytes[place] ^= 1;
                prop_assert_eq!(cursors.read(&BASE64.encode(bytes)), None);
            }
        }

        #[test]
        fn nothing_else_is_a_cursor(text in "\\PC{0,80}|[A-Za-z0-9_-]{0,80}") {
            let keys = Keys::derive(&Secret::new("0123456789abcdef0123456789abcdef"), &[]);
            prop_assert_eq!(Cursors { keys: &keys, query: "" }.read(&text), None);
        }
    }
}
