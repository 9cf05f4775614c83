//! Rules shared by everything that people type.

use crate::error::Problem;

/// One line of text: trimmed, in normal form C, 1 to `max` characters, no control characters.
///
/// # Errors
/// Says which of these rules is broken.
pub fn single_line(raw: &str, max: usize) -> Result<String, Problem> {
    let text = normalise(raw);
    if text.is_empty() {
        return Err(Problem::Required);
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::ControlCharacters);
    }
    within(text, max)
}

/// Text of several lines, perhaps none: like [`single_line`], but line breaks (stored as `\n`) and tabs are kept.
///
/// # Errors
/// Says which of these rules is broken.
pub fn several_lines(raw: &str, max: usize) -> Result<String, Problem> {
    let text = normalise(&raw.replace("\r\n", "\n"));
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Problem::ControlCharacters);
    }
    within(text, max)
}

fn normalise(raw: &str) -> String {
    normal::form(raw.trim())
}

/// Normal form C (Unicode Standard Annex 15), so that what looks the same is the same.
#[cfg(feature = "ssr")]
mod normal {
    use unicode_normalization::UnicodeNormalization;

    pub(super) fn form(text: &str) -> String {
        text.nfc().collect()
    }
}

/// The browser leaves it to the server, whose word counts: the tables would be a fifth of what has to be loaded.
#[cfg(not(feature = "ssr"))]
mod normal {
    pub(super) fn form(text: &str) -> String {
        text.to_owned()
    }
}

fn within(text: String, max: usize) -> Result<String, Problem> {
    if text.chars().count() > max { Err(Problem::TooLong(max)) } else { Ok(text) }
}
