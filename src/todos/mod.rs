//! Todos: what there is to do, in a list.

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

/// Longest title, in characters.
pub const TITLE_MAX: usize = 500;
/// Longest notes, in characters.
pub const NOTES_MAX: usize = 10_000;

/// A todo as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Todo {
    /// Chosen by whoever made it.
    pub id: Uuid,
    /// The list it stands in.
    pub list_id: Uuid,
    /// What to do.
    pub title: String,
    /// What else there is to say.
    pub notes: String,
    /// Whether it is done.
    pub done: bool,
    /// Raised by every change.
    pub version: i64,
}

/// A todo with all that is kept of it, as programs see it.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Record {
    /// Chosen by whoever made it.
    pub id: Uuid,
    /// The list it stands in.
    pub list_id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// What to do.
    pub title: String,
    /// What else there is to say.
    pub notes: String,
    /// When it was done, if it is.
    pub done_at: Option<Timestamp>,
    /// Where it stands in its list.
    pub position: Position,
    /// Raised by every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

#[cfg(feature = "ssr")]
impl From<Record> for Todo {
    fn from(record: Record) -> Self {
        let Record { id, list_id, title, notes, done_at, version, .. } = record;
        Self { id, list_id, title, notes, done: done_at.is_some(), version }
    }
}

/// A title: one line of 1 to 500 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title(String);

impl Title {
    /// Checks a title as typed.
    ///
    /// # Errors
    /// Says which rule is broken.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        text::single_line(raw, TITLE_MAX).map(Self)
    }

    /// The title.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The titles in text that somebody has pasted: one a line, without what marks lines as items of a list (`-`, `*`, `•`, a
/// number that counts them, `[ ]`); each with whether it was ticked there (`[x]`). A single line is taken as it is.
#[must_use]
pub fn titles_in(text: &str) -> Vec<(&str, bool)> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let are_items = lines.len() > 1;
    // How many of them are numbered.
    let mut numbered = 0;
    let mut index = 0;
    let title = |line| {
        index += 1;
        if !are_items {
            return (line, false);
        }
        let (rest, ticked) = match unnumbered(line, [index, numbered + 1]) {
            Some(rest) => {
                numbered += 1;
                (rest, false)
            }
            None => unmarked(line),
        };
        // A box may stand behind another mark.
        let (title, ticked_behind) = unmarked(rest);
        (title, ticked || ticked_behind)
    };
    lines.into_iter().map(title).collect()
}

// A line's own number, or that of the item among those that are numbered.
fn unnumbered(line: &str, counts: [usize; 2]) -> Option<&str> {
    let (mark, rest) = line.split_once(' ')?;
    let number = mark.strip_suffix(['.', ')'])?.parse().ok()?;
    counts.contains(&number).then(|| rest.trim_start())
}

// With whether its mark was a ticked box.
fn unmarked(line: &str) -> (&str, bool) {
    match line.split_once(' ') {
        Some(("-" | "*" | "+" | "•" | "–", rest)) => (rest.trim_start(), false),
        Some(("[x]" | "[X]", rest)) => (rest.trim_start(), true),
        Some(("[", rest)) if rest.starts_with("] ") => (rest[2..].trim_start(), false),
        _ => (line, false),
    }
}

/// Notes: up to 10,000 characters on any number of lines, perhaps none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes(String);

impl Notes {
    /// Checks notes as typed.
    ///
    /// # Errors
    /// Says which rule is broken.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        text::several_lines(raw, NOTES_MAX).map(Self)
    }

    /// The text.
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
        fn an_accepted_title_is_one_trimmed_line(raw in "\\PC{0,600}|.{0,40}") {
            if let Ok(title) = Title::parse(&raw) {
                prop_assert_eq!(title.as_str().trim(), title.as_str());
                prop_assert!((1..=TITLE_MAX).contains(&title.as_str().chars().count()));
                prop_assert!(!title.as_str().chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn pasted_lines_lose_the_marks_of_a_list_and_nothing_else() {
        let pasted =
            "- Milk\n * [ ] Eggs\r\n\n[x] Bread\n4. Salt\n5) Tea\n24. December: tree\n-5 degrees\n1.5 l water\n";
        let titles = |text| titles_in(text).into_iter().map(|(title, _)| title).collect::<Vec<_>>();
        assert_eq!(
            titles(pasted),
            ["Milk", "Eggs", "Bread", "Salt", "Tea", "24. December: tree", "-5 degrees", "1.5 l water"]
        );
        assert_eq!(titles("Today:\n1. Milk\n- Bread\n2) Salt\n7. Tea"), ["Today:", "Milk", "Bread", "Salt", "7. Tea"]);
        assert_eq!(titles(" - alone "), ["- alone"]);
    }

    #[test]
    fn pasted_boxes_that_are_ticked_are_done() {
        let pasted = "[x] Bread\n- [X] Milk\n[ ] Eggs\n1. [x] Salt\nTea [x]";
        let done = [("Bread", true), ("Milk", true), ("Eggs", false), ("Salt", true), ("Tea [x]", false)];
        assert_eq!(titles_in(pasted), done);
    }

    #[test]
    fn notes_keep_their_lines_and_nothing_else_that_is_invisible() {
        assert_eq!(Notes::parse(" a\r\n\tb \n").unwrap().as_str(), "a\n\tb");
        assert_eq!(Notes::parse("a\0b"), Err(Problem::ControlCharacters));
        assert_eq!(Notes::parse(&"x".repeat(10_001)), Err(Problem::TooLong(NOTES_MAX)));
    }
}
