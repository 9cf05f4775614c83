//! What answers of all kinds have in common.

use std::fmt;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use docket::Error;
use docket::order::Position;
use docket::paging::Page;
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

// A row without a long title or notes, in bytes. One that is longer makes room for itself.
const USUAL_ROW: usize = 400;

/// Writes some rows into room for as many: as it grows from nothing, an answer would be copied over and over.
fn json<T: Serialize>(body: &T, rows: usize) -> Response {
    let mut text = Vec::with_capacity((rows + 1) * USUAL_ROW);
    match serde_json::to_writer(&mut text, body) {
        Ok(()) => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response(),
        Err(error) => Problem::from(Error::internal(error)).into_response(),
    }
}

/// Several rows, and how many there are.
pub(crate) struct Rows<T>(pub(crate) T, pub(crate) usize);

impl<R, T: From<Page<R>>> From<Page<R>> for Rows<T> {
    fn from(page: Page<R>) -> Self {
        let count = page.rows.len();
        Self(page.into(), count)
    }
}

impl<T: Serialize> IntoResponse for Rows<T> {
    fn into_response(self) -> Response {
        json(&self.0, self.1)
    }
}

/// A row with its `ETag`.
pub(crate) struct Row<T>(pub(crate) T);

impl<T: Resource> IntoResponse for Row<T> {
    fn into_response(self) -> Response {
        let tag = HeaderValue::from_str(&format!("\"{}\"", self.0.tag()));
        let mut response = json(&self.0, 1);
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
