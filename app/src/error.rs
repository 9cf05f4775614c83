//! What a server function answers when it did not do what was asked.

use docket::error::Code;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::pairs::Pairs;
use crate::rpc::form;
use crate::ui::words;

/// A failure in words for the person at the screen, with the code that programs go by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// What kind of failure.
    pub code: Code,
    /// A sentence or two, saying what to do about it.
    pub message: String,
    /// A sentence for each input that is at fault, by its name.
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    pub fields: Pairs,
    /// Where to go on, if not on this page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl ApiError {
    /// An error that is about no input in particular.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fields: Pairs::default(), location: None }
    }

    /// What is wrong with one input.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }

    /// Whether logging in is the way on.
    #[must_use]
    pub fn is_signed_out(&self) -> bool {
        matches!(self.code, Code::TokenMissing | Code::TokenInvalid | Code::TokenExpired)
    }

    // An answer, but not one of ours: a proxy's 413, perhaps.
    #[cfg(feature = "hydrate")]
    pub(crate) fn unreadable() -> Self {
        Self::new(Code::Internal, words::UNREADABLE)
    }

    /// What is wrong with one input.
    pub(crate) fn of_field(name: &str, text: String) -> Self {
        let mut error = Self::new(Code::ValidationFailed, String::new());
        error.fields.insert(name, text);
        error
    }

    // An address that makes no sense.
    pub(crate) fn nowhere() -> Self {
        Self::new(Code::NotFound, words::NOWHERE)
    }

    pub(crate) fn unreachable() -> Self {
        Self::new(Code::Unavailable, words::UNREACHABLE)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Deserialization(reason) | ServerFnErrorErr::Args(reason) if reason == form::MALFORMED => {
                Self::new(Code::MalformedRequest, words::MALFORMED)
            }
            ServerFnErrorErr::Deserialization(reason) if reason.starts_with(form::UNKNOWN_FIELD) => {
                let field = reason.trim_start_matches(form::UNKNOWN_FIELD).to_owned();
                let mut error = Self::new(Code::ValidationFailed, words::UNKNOWN_FIELD_TOLD);
                error.fields.insert(field, words::UNKNOWN_FIELD);
                error
            }
            // No answer, or one from somebody in between (a proxy's 413, 429, 502).
            _ => Self::unreachable(),
        }
    }
}
