//! Conditional requests (RFC 9110, 13): what a caller knows of a row decides whether a change is made, and whether a row
//! it knows already is sent again.

use std::future::Future;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use docket::error::Code;
use docket::rows::Expected;
use rapidhash::v3::rapidhash_v3;
use serde::Serialize;
use utoipa::IntoParams;

use super::problem::Problem;

/// A tag of `If-Match` or `If-None-Match`, without its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    weak: bool,
    text: String,
}

/// What a header of tags asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Any,
    These(Vec<Tag>),
}

/// How [`IfMatch`] is described.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is read by the description only")]
pub(crate) struct Version {
    /// The version that this is meant for, as the row's `ETag` names it: when the row has changed since, nothing is done.
    #[param(rename = "If-Match", value_type = String, required = false, pattern = r#"^(\*|(W/)?"[!#-~]*"( ?, ?(W/)?"[!#-~]*")*)?$"#)]
    if_match: (),
}

/// The versions that a change is meant for, from `If-Match`.
#[derive(Debug, Clone)]
pub(crate) struct IfMatch(pub(crate) Expected);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let malformed =
            || Problem::detailed(Code::MalformedRequest, "`If-Match` is neither `*` nor a list of entity tags.");
        Ok(Self(match tags(&parts.headers, &header::IF_MATCH).transpose().ok_or(()) {
            Err(()) | Ok(Ok(Tags::Any)) => Expected::Any,
            // Weak tags never match here (RFC 9110, 13.1.1), nor do tags that are none of ours.
            Ok(Ok(Tags::These(tags))) => {
                Expected::OneOf(tags.iter().filter(|tag| !tag.weak).filter_map(|tag| version(&tag.text)).collect())
            }
            Ok(Err(Malformed)) => return Err(malformed()),
        }))
    }
}

// A list's tag goes on with its counts, which are not what a change is about.
fn version(tag: &str) -> Option<i64> {
    let is_number = |text: &str| !text.is_empty() && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    let version = tag.split('-').next()?;
    is_number(version).then(|| version.parse().ok()).flatten()
}

#[derive(Debug)]
struct Malformed;

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Malformed> {
    let mut all = Vec::new();
    for value in headers.get_all(name) {
        let text = value.to_str().map_err(|_| Malformed)?.trim();
        if text == "*" {
            return Ok(Some(Tags::Any));
        }
        all.extend(parse(text).ok_or(Malformed)?);
    }
    Ok(headers.contains_key(name).then_some(Tags::These(all)))
}

// `"a", W/"b"` (RFC 9110, 8.8.3); a list may be empty, and so may its elements (5.6.1).
fn parse(text: &str) -> Option<Vec<Tag>> {
    let mut tags = Vec::new();
    let mut text = text.trim_start_matches([' ', '\t', ',']);
    while !text.is_empty() {
        let (weak, rest) = text.strip_prefix("W/").map_or((false, text), |rest| (true, rest));
        let (content, rest) = rest.strip_prefix('"')?.split_once('"')?;
        if content.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        tags.push(Tag { weak, text: content.to_owned() });
        let rest = rest.trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
        text = rest.trim_start_matches([' ', '\t', ',']);
    }
    Some(tags)
}

/// Adds the row as it is to the problem of a change that was meant for another version.
pub(crate) async fn or_current<T, R: Serialize>(
    outcome: docket::Result<T>,
    current: impl Future<Output = docket::Result<R>>,
) -> Result<T, Problem> {
    let problem = match outcome {
        Ok(done) => return Ok(done),
        Err(error) => Problem::from(error),
    };
    if problem.code() != Code::VersionConflict {
        return Err(problem);
    }
    Err(problem.with_current(&current.await?))
}

/// Gives every answer to a `GET` (or `HEAD`, which the router answers as one) a tag, and sends 304 in place of what the caller has already. A row's own tag is its
/// version; everything else gets a weak one from its text.
pub(crate) async fn answer_conditionally(request: Request, next: Next) -> Response {
    let head = request.method() == Method::HEAD;
    if !head && request.method() != Method::GET {
        return next.run(request).await;
    }
    let known = tags(request.headers(), &header::IF_NONE_MATCH).ok().flatten();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if !parts.headers.contains_key(header::ETAG) {
        // The same on every node, and quick: a page of todos is some 35,000 bytes.
        let tag = format!("W/\"{:016x}\"", rapidhash_v3(&bytes));
        parts.headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    }
    let tag = parts.headers.get(header::ETAG).and_then(|tag| parse(tag.to_str().ok()?)?.pop());
    let is_known = match (known, tag) {
        (Some(Tags::Any), _) => true,
        // Compared weakly (RFC 9110, 13.1.2).
        (Some(Tags::These(known)), Some(tag)) => known.iter().any(|known| known.text == tag.text),
        _ => false,
    };
    if !is_known {
        return Response::from_parts(parts, Body::from(bytes));
    }
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(header: &str) -> Option<Vec<(bool, String)>> {
        Some(parse(header)?.into_iter().map(|tag| (tag.weak, tag.text)).collect())
    }

    #[test]
    fn tags_are_read_as_the_standard_writes_them() {
        assert_eq!(texts("\"3\""), Some(vec![(false, "3".into())]));
        assert_eq!(texts("\"a,b\" , W/\"\""), Some(vec![(false, "a,b".into()), (true, String::new())]));
        assert_eq!((texts(""), texts(" , \"3\",")), (Some(vec![]), Some(vec![(false, "3".into())])));
        for wrong in ["3", "\"3", "W/3", "w/\"3\"", "\"3\" \"4\"", "\"a b\"", "*, \"3\""] {
            assert_eq!(texts(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_tag_names_a_version() {
        assert_eq!(["3", "3-5-2", "x", "", "+3", "03"].map(version), [Some(3), Some(3), None, None, None, None]);
    }
}
