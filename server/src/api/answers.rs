//! What answers of all kinds have in common.

use std::fmt;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use docket::order::Position;
use docket::rows::Made;
use docket::time::Timestamp;
use serde::{Serialize, Serializer};

use super::problem::Problem;

/// What a handler answers.
pub(crate) type Answer<T> = Result<T, Problem>;

/// A point in time as RFC 3339 writes it, in UTC, to the microsecond.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time(pub(crate) Timestamp);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A place as hexadecimal digits: rows sort as these texts do.
pub(crate) fn place(position: &Position) -> String {
    // Digit by digit: a hundred rows are a thousand bytes, and a text for each byte took longer than the rest of the row.
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    position.as_bytes().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A row that has an address and a version of its own.
pub(crate) trait Resource: Serialize {
    /// What changes whenever the row's answer does.
    fn tag(&self) -> String;
    /// The path where it is found.
    fn path(&self) -> String;
}

/// A row with its `ETag`.
pub(crate) struct Row<T>(pub(crate) T);

impl<T: Resource> IntoResponse for Row<T> {
    fn into_response(self) -> Response {
        let tag = HeaderValue::from_str(&format!("\"{}\"", self.0.tag()));
        let mut response = axum::Json(&self.0).into_response();
        response.headers_mut().extend(tag.ok().map(|tag| (header::ETAG, tag)));
        response
    }
}

/// A row that was made (201) or was there already (200).
pub(crate) struct New<T>(T, bool);

impl<R, T: From<R>> From<Made<R>> for New<T> {
    fn from(made: Made<R>) -> Self {
        Self(made.row.into(), made.is_new)
    }
}

impl<T: Resource> IntoResponse for New<T> {
    fn into_response(self) -> Response {
        let Self(row, is_new) = self;
        let location = HeaderValue::from_str(&row.path());
        let mut response = Row(row).into_response();
        response.headers_mut().extend(location.ok().map(|location| (header::LOCATION, location)));
        *response.status_mut() = if is_new { StatusCode::CREATED } else { StatusCode::OK };
        response
    }
}

/// Done, and nothing to say (204).
pub(crate) struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_to_the_microsecond() {
        assert_eq!(Time(Timestamp(0)).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Time(Timestamp(1_790_000_000_123_456)).to_string(), "2026-09-21T14:13:20.123456Z");
    }
}
