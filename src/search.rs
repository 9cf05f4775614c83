//! Finding text whatever its case and accents: what is searched is stored folded beside what is shown, so that both
//! engines compare plain text.

use std::iter::once;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use uuid::Uuid;

use crate::db::Db;
use crate::error::{Problem, Result};
use crate::todos::TITLE_MAX;
use crate::{each_engine, execute};

/// Rows that get their folded text in one transaction.
const BATCH: i64 = 500;

/// Marks of this class and above are accents; below are signs that make another letter, in Indic scripts and kana.
const ACCENTS: u8 = 200;

/// The folded text of all parts: lower case, compatibility forms made plain (Unicode Standard Annex 15, form KD),
/// accents dropped. The sigma at the end of a Greek word is like any other.
#[must_use]
pub(crate) fn folded(parts: &[&str]) -> String {
    let fold = |part: &&str| {
        let plain = part.nfkd().filter(|c| canonical_combining_class(*c) < ACCENTS).nfc();
        plain.flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
    };
    parts.iter().map(fold).collect::<Vec<String>>().join("\n")
}

/// What somebody looks for, anywhere in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle(String);

impl Needle {
    /// Checks what somebody looks for as typed: one line, no longer than a title.
    ///
    /// # Errors
    /// Says which rule is broken.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        match text.chars().any(char::is_control) {
            true => Err(Problem::ControlCharacters),
            false if text.chars().count() > TITLE_MAX => Err(Problem::TooLong(TITLE_MAX)),
            false => Ok(Self::new(text)),
        }
    }

    /// Looks for this text as it stands; nothing in it is a wildcard. Empty text is found everywhere.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(folded(&[text.trim()]))
    }

    /// As a pattern for `like … escape '\'`.
    pub(crate) fn pattern(&self) -> String {
        let escaped =
            self.0.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain(once(c)));
        once('%').chain(escaped).chain(once('%')).collect()
    }
}

#[derive(sqlx::FromRow)]
struct Unfolded {
    id: Uuid,
    first: String,
    second: String,
}

/// Folds the text of rows that were written before there was anything to search.
pub(crate) async fn fold_old_rows(db: &Db) -> Result<()> {
    for (select, update) in [
        (
            "select id, name as first, '' as second from lists where search is null limit $1",
            "update lists set search = $2 where id = $1 and search is null",
        ),
        (
            "select id, title as first, notes as second from todos where search is null limit $1",
            "update todos set search = $2 where id = $1 and search is null",
        ),
    ] {
        loop {
            let mut tx = db.write().await?;
            let rows: Vec<Unfolded> = each_engine!(tx, |c| sqlx::query_as(select).bind(BATCH).fetch_all(c).await)?;
            for row in &rows {
                execute!(tx, sqlx::query(update).bind(row.id).bind(folded(&[&row.first, &row.second])))?;
            }
            tx.commit().await?;
            if rows.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, needle: &str) -> bool {
        let pattern = Needle::new(needle).pattern();
        let plain = pattern[1..pattern.len() - 1].replace("\\%", "%").replace("\\_", "_").replace("\\\\", "\\");
        folded(&[text]).contains(&plain)
    }

    #[test]
    fn text_is_found_whatever_its_case_and_accents() {
        for (text, needle) in [
            ("Crème brûlée", "creme BRULEE"),
            ("creme", "Crème"),
            ("ΠΛΗΡΩΜΉ", "πληρωμη"),
            ("ﬁle the report", "file"),
            ("ΛΟΓΟΣ", "λόγος"),
            ("がっこう", "がっこう"),
            ("Ελλάδα", "ελλαδα"),
        ] {
            assert!(found(text, needle), "{needle} in {text}");
        }
        assert!(!found("Milk", "silk"));
        assert!(!found("か", "が") && !found("कि", "क्"), "another letter is no accent");
    }

    #[test]
    fn nothing_in_a_needle_is_a_wildcard() {
        assert_eq!(Needle::new("50%_\\").pattern(), "%50\\%\\_\\\\%");
    }
}
