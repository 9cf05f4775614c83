//! Accounts: who someone is, and how they prove it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Problem;
#[cfg(feature = "ssr")]
use crate::time::Timestamp;

#[cfg(feature = "ssr")]
pub mod administration;
#[cfg(feature = "ssr")]
mod codes;
#[cfg(feature = "ssr")]
pub mod email;
#[cfg(feature = "ssr")]
mod mails;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
pub mod profile;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub(crate) mod store;

/// Shortest user name, in characters.
pub const USERNAME_MIN: usize = 3;
/// Longest user name, in characters.
pub const USERNAME_MAX: usize = 32;
/// Longest password, in characters; long enough for any passphrase, short enough to hash.
pub const PASSWORD_MAX: usize = 256;
/// Digits of a one-time code.
pub const CODE_DIGITS: usize = 6;

/// A person with an account, as that person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Never changes.
    pub id: Uuid,
    /// As the person wrote it.
    pub email: String,
    /// As the person wrote it.
    pub username: String,
    /// What the person may do.
    pub role: Role,
}

/// An account with what is kept of it for its owner and for administrators.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The person.
    pub user: User,
    /// Raised by every change.
    pub version: i64,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// An account as whoever runs Docket sees it.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// Never changes.
    pub id: Uuid,
    /// As the person wrote it.
    pub username: String,
    /// As the person wrote it.
    pub email: String,
    /// What the person may do.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Since when the account is closed, if it is.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a person may do beyond their own lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Nothing.
    User,
    /// See who has an account.
    Admin,
}

impl Role {
    /// As it is stored, and as programs see it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

/// As it is stored.
impl TryFrom<String> for Role {
    type Error = String;

    fn try_from(stored: String) -> Result<Self, String> {
        match stored.as_str() {
            "user" => Ok(Self::User),
            "admin" => Ok(Self::Admin),
            _ => Err(format!("{stored} is no role")),
        }
    }
}

/// A user name: 3 to 32 of `A-Z a-z 0-9 _ - .`; two that differ only in case are the same.
///
/// Limited to ASCII because a name identifies people to each other, and look-alike letters would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks a name as typed; space around it is dropped.
    ///
    /// # Errors
    /// Says which rule is broken.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let name = raw.trim();
        if name.is_empty() {
            return Err(Problem::Required);
        }
        if name.chars().any(char::is_control) {
            return Err(Problem::ControlCharacters);
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)) {
            return Err(Problem::Characters);
        }
        match name.len() {
            ..USERNAME_MIN => Err(Problem::TooShort(USERNAME_MIN)),
            USERNAME_MIN..=USERNAME_MAX => Ok(Self(name.to_owned())),
            _ => Err(Problem::TooLong(USERNAME_MAX)),
        }
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is compared.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// What is compared of a name or address that somebody logs in with.
#[cfg(feature = "ssr")]
fn canonical_login(login: &str) -> Option<String> {
    match login.contains('@') {
        true => email::Email::parse(login).ok().map(|email| email.canonical().to_owned()),
        false => Username::parse(login).ok().map(|name| name.canonical()),
    }
}

/// A one-time code as typed: six digits, perhaps with spaces or hyphens between them.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Checks a code as typed.
    ///
    /// # Errors
    /// Says which rule is broken.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let digits: String = raw.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if digits.is_empty() {
            return Err(Problem::Required);
        }
        let fits = digits.len() == CODE_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(digits)) } else { Err(Problem::Malformed) }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_accepted_name_keeps_its_rules(raw in "\\PC{0,40}|[ -~]{0,40}|[a-zA-Z0-9_.-]{1,40}") {
            if let Ok(name) = Username::parse(&raw) {
                prop_assert!((USERNAME_MIN..=USERNAME_MAX).contains(&name.as_str().len()));
                prop_assert_eq!(name.as_str(), raw.trim());
                prop_assert_eq!(Username::parse(&name.canonical()).map(|n| n.canonical()), Ok(name.canonical()));
            }
        }

        #[test]
        fn every_plain_name_is_accepted(raw in "[a-zA-Z0-9_.-]{3,32}") {
            prop_assert!(Username::parse(&raw).is_ok());
        }

        #[test]
        fn a_code_is_read_whatever_stands_between_its_digits(code in "[0-9]{6}", gap in "[ -]{0,2}") {
            let typed = format!(" {}{gap}{} ", &code[..3], &code[3..]);
            let parsed = Code::parse(&typed).unwrap();
            prop_assert_eq!(parsed.as_str(), code);
        }

        #[test]
        fn anything_else_is_no_code(raw in "\\PC{0,12}") {
            let digits = raw.chars().filter(char::is_ascii_digit).count();
            prop_assume!(digits != CODE_DIGITS);
            prop_assert!(Code::parse(&raw).is_err());
        }
    }

    #[test]
    fn line_breaks_and_nul_are_refused_in_names() {
        for raw in ["ab\rcd", "ab\ncd", "ab\0cd"] {
            assert_eq!(Username::parse(raw), Err(Problem::ControlCharacters));
        }
    }
}
