//! Reading bodies, never keeping more than allowed.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use docket::error::Code;
use http_body_util::BodyExt;

/// Largest body of what is about accounts, in bytes.
pub(crate) const SHORT: usize = 8 * 1024;
/// Largest body of everything else, in bytes.
pub(crate) const LONG: usize = 64 * 1024;
/// How much of a body that is too large is read and dropped, in bytes: whoever is still sending when the connection is
/// closed may never see the answer.
const DROPPED: usize = 1024 * 1024;

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is larger than allowed.
    TooLarge,
    /// It is not encoded as HTTP says, or its sender went away.
    Broken,
}

impl Unreadable {
    /// The code that programs see.
    pub(crate) fn code(self) -> Code {
        match self {
            Self::TooLarge => Code::BodyTooLarge,
            Self::Broken => Code::MalformedRequest,
        }
    }
}

/// Reads a body whole. One that says in its head that it is far too large is not read at all.
pub(crate) async fn read(headers: &HeaderMap, mut body: Body, limit: usize) -> Result<Bytes, Unreadable> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|said| said > DROPPED) {
        return Err(Unreadable::TooLarge);
    }
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let data = frame.map_err(|_| Unreadable::Broken)?.into_data().unwrap_or_default();
        seen += data.len();
        if seen <= limit {
            kept.extend_from_slice(&data);
        } else if seen > DROPPED {
            break;
        }
    }
    if seen <= limit { Ok(kept.into()) } else { Err(Unreadable::TooLarge) }
}
