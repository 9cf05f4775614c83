//! What can go wrong, in the domain's terms.
//!
//! - [`Error`] is what every use case answers. `server` turns its [`Code`] into a status, `app` into words.
//! - [`FieldErrors`] collects what is wrong with single inputs, by field name.
//! - Causes nobody can do anything about (a broken disk, a lost database) travel inside [`Error::Unavailable`] and
//!   [`Error::Internal`]; they are logged where the answer is made and never shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The answer of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A cause for the log.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Inputs that break a rule.
    #[error("some inputs are not valid: {0:?}")]
    Invalid(FieldErrors),
    /// The request could not be read at all.
    #[error("the request cannot be read")]
    Malformed,
    /// Nobody is logged in and somebody has to be.
    #[error("no credentials were given")]
    TokenMissing,
    /// The access token was good once.
    #[error("the access token has expired")]
    TokenExpired,
    /// The token or cookie is not one of ours, or its session has ended.
    #[error("the credentials are not valid")]
    TokenInvalid,
    /// No account with this name and password.
    #[error("name or password is wrong")]
    CredentialsInvalid,
    /// The password is right, but the address was never confirmed.
    #[error("the e-mail address has not been confirmed")]
    EmailNotVerified {
        /// The sign-up to continue.
        flow: Uuid,
    },
    /// A one-time code that does not open anything.
    #[error("the code was not accepted: {0:?}")]
    CodeInvalid(CodeProblem),
    /// Logged in too long ago for this.
    #[error("the log-in is not fresh enough")]
    ReauthenticationRequired,
    /// Not allowed, whoever asks from there.
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing, or it is somebody else's.
    #[error("not found")]
    NotFound,
    /// Somebody else has this user name.
    #[error("the user name is taken")]
    UsernameTaken,
    /// Somebody else has a row with this id.
    #[error("the id is taken")]
    IdTaken,
    /// The row was changed since the caller read it.
    #[error("the row has changed meanwhile")]
    VersionConflict,
    /// Too many attempts; try again later.
    #[error("too many attempts")]
    RateLimited {
        /// Seconds after which it makes sense to try again.
        retry_after: u64,
    },
    /// A part that is needed does not answer at the moment.
    #[error("temporarily unavailable: {0}")]
    Unavailable(Cause),
    /// A mistake of ours.
    #[error("internal error: {0}")]
    Internal(Cause),
}

impl Error {
    /// The stable code that programs see.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(fields) if fields.are_all(Problem::TooCommon) => Code::PasswordTooCommon,
            Self::Invalid(_) => Code::ValidationFailed,
            Self::Malformed => Code::MalformedRequest,
            Self::TokenMissing => Code::TokenMissing,
            Self::TokenExpired => Code::TokenExpired,
            Self::TokenInvalid => Code::TokenInvalid,
            Self::CredentialsInvalid => Code::CredentialsInvalid,
            Self::EmailNotVerified { .. } => Code::EmailNotVerified,
            Self::CodeInvalid(_) => Code::CodeInvalid,
            Self::ReauthenticationRequired => Code::ReauthenticationRequired,
            Self::Forbidden => Code::Forbidden,
            Self::NotFound => Code::NotFound,
            Self::UsernameTaken => Code::UsernameTaken,
            Self::IdTaken => Code::IdTaken,
            Self::VersionConflict => Code::VersionConflict,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal(_) => Code::Internal,
        }
    }

    /// What happened, for whoever runs Docket: the cause where there is one. Not for those who use it.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => cause.to_string(),
            other => other.to_string(),
        }
    }

    /// A mistake of ours, from whatever caused it.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// One field that breaks one rule.
    #[must_use]
    pub fn field(name: &str, problem: Problem) -> Self {
        let mut fields = FieldErrors::default();
        fields.add(name, problem);
        Self::Invalid(fields)
    }
}

/// The stable error codes of pages and REST API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named like the variant of `Error` that explains it")]
pub enum Code {
    ValidationFailed,
    PasswordTooCommon,
    MalformedRequest,
    TokenMissing,
    TokenExpired,
    TokenInvalid,
    CredentialsInvalid,
    EmailNotVerified,
    CodeInvalid,
    ReauthenticationRequired,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    UsernameTaken,
    IdTaken,
    VersionConflict,
    BodyTooLarge,
    UnsupportedMediaType,
    RateLimited,
    Unavailable,
    Internal,
}

/// What is wrong with one input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was given.
    Required,
    /// Fewer characters than this.
    TooShort(usize),
    /// More characters than this.
    TooLong(usize),
    /// Contains characters that no keyboard types, such as NUL.
    ControlCharacters,
    /// Contains characters that are not allowed here.
    Characters,
    /// Not an e-mail address.
    NotAnAddress,
    /// Not of the expected form.
    Malformed,
    /// There are as many as there can be.
    TooMany,
    /// Somebody else has it.
    Taken,
    /// There is no such field, or no such row to refer to.
    Unknown,
    /// Not what it should be the same as.
    Wrong,
    /// Of another type than expected, such as a number for a text.
    WrongType,
    /// Given more than once.
    Duplicate,
    /// A number below or above what is allowed.
    OutOfRange,
    /// A password that others try first.
    TooCommon,
}

impl Problem {
    /// The stable code that programs see.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooShort(_) => "too_short",
            Self::TooLong(_) => "too_long",
            Self::ControlCharacters => "control_characters",
            Self::Characters => "characters",
            Self::NotAnAddress => "not_an_address",
            Self::Malformed => "malformed",
            Self::TooMany => "too_many",
            Self::Taken => "taken",
            Self::Unknown => "unknown",
            Self::Wrong => "wrong",
            Self::WrongType => "wrong_type",
            Self::Duplicate => "duplicate",
            Self::OutOfRange => "out_of_range",
            Self::TooCommon => "too_common",
        }
    }
}

/// Why a one-time code was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeProblem {
    /// Not the code that was mailed.
    Wrong,
    /// Its time is over, or it was replaced by a newer one, or there never was one.
    Expired,
    /// It has done its work already.
    Used,
    /// Too many wrong codes: only a new code helps.
    TooManyTries,
}

/// What is wrong, by field name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(pub BTreeMap<String, Vec<Problem>>);

impl FieldErrors {
    /// Notes one problem.
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.entry(field.to_owned()).or_default().push(problem);
    }

    /// Takes the value out of a check, or notes what was wrong with it.
    pub fn check<T>(&mut self, field: &str, checked: Result<T, Problem>) -> Option<T> {
        checked.map_err(|problem| self.add(field, problem)).ok()
    }

    /// Whether nothing else is wrong.
    #[must_use]
    pub fn are_all(&self, problem: Problem) -> bool {
        !self.0.is_empty() && self.0.values().flatten().all(|found| *found == problem)
    }

    /// The error for all that was noted; call it when a [`check`](Self::check) gave nothing.
    #[must_use]
    pub fn into_error(self) -> Error {
        Error::Invalid(self)
    }
}
