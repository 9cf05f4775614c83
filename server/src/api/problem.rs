//! Failures as programs get them: problem details (RFC 9457) with a stable code and the request's id, whoever made the
//! failure.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use docket::Error;
use docket::error::{Code, CodeProblem, FieldErrors};
use serde::Serialize;
use serde_json::Value;
use tower_http::request_id::RequestId;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer;

/// Whether every failure at this path is a problem.
fn is_api(path: &str) -> bool {
    path.strip_prefix("/api").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Why a call was not carried out (RFC 9457). Go by `code`: it is stable, while the words may change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document {
    /// Names the kind of problem, one for each code.
    #[serde(rename = "type")]
    #[schema(example = "urn:docket:problem:validation_failed")]
    kind: String,
    /// The kind of problem in words.
    #[schema(example = "Some fields are not valid")]
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    status: u16,
    /// The kind of problem for programs.
    #[schema(value_type = String, example = "validation_failed")]
    code: Code,
    /// What to do about it.
    #[schema(example = "See `fields` for what is wrong with each.")]
    detail: String,
    /// The same as the header `x-request-id`: tell it when you ask for help.
    #[schema(example = "0b4a7e5c8d9f4a6b9c1d2e3f40516273")]
    request_id: String,
    /// What is wrong with each field, as codes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false, example = json!({"name": ["too_long"]}))]
    fields: BTreeMap<String, Vec<&'static str>>,
    /// With `version_conflict`: the row as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false)]
    current: Option<Value>,
    /// With `email_not_verified`: the sign-up to go on with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    flow: Option<Uuid>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// Why a call was not carried out, until its document is written.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Document>);

impl Problem {
    /// A problem of a kind that needs no further words.
    pub(crate) fn new(code: Code) -> Self {
        let (title, detail) = words(code);
        Self(Box::new(Document {
            kind: format!("urn:docket:problem:{}", name(code)),
            title,
            status: answer::status(code).as_u16(),
            code,
            detail: detail.to_owned(),
            request_id: String::new(),
            fields: BTreeMap::new(),
            current: None,
            flow: None,
            retry_after: None,
        }))
    }

    /// What is wrong in other words.
    pub(crate) fn detailed(code: Code, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(code);
        problem.0.detail = detail.into();
        problem
    }

    /// Adds the row that the caller did not know of.
    pub(crate) fn with_current(mut self, row: &impl Serialize) -> Self {
        self.0.current = serde_json::to_value(row).ok();
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.0.code
    }

    pub(crate) fn status(&self) -> u16 {
        self.0.status
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let mut problem = Self::new(error.code());
        match error {
            Error::Invalid(fields) => problem.0.fields = codes(&fields),
            Error::UsernameTaken => problem.0.fields = BTreeMap::from([("username".to_owned(), vec!["taken"])]),
            Error::CodeInvalid(why) => problem.0.detail = why_no_code(why).to_owned(),
            Error::EmailNotVerified { flow } => problem.0.flow = Some(flow),
            Error::RateLimited { retry_after } => problem.0.retry_after = Some(retry_after),
            Error::Unavailable(cause) => tracing::error!(%cause, "a part that is needed did not answer"),
            Error::Internal(cause) => tracing::error!(%cause, "a use case failed"),
            _ => {}
        }
        problem
    }
}

// The body is written where the request's id is known.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        answer::challenge(self.0.code, response.headers_mut());
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every failure below `/api/` its body, those of layers and of the router included.
pub(crate) async fn write_problems(request: Request, next: Next) -> Response {
    if !is_api(request.uri().path()) {
        return next.run(request).await;
    }
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    let (id, head) = (id.to_owned(), request.method() == Method::HEAD);
    let response = next.run(request).await;
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let mut problem = parts.extensions.remove::<Problem>().unwrap_or_else(|| Problem::new(code_of(parts.status)));
    problem.0.request_id = id;
    // Of a status that has no code of ours, the status itself counts.
    problem.0.status = parts.status.as_u16();
    if let Some(seconds) = problem.0.retry_after {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let body = serde_json::to_vec(&problem.0).unwrap_or_default();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    Response::from_parts(parts, if head { Body::empty() } else { Body::from(body) })
}

fn code_of(status: StatusCode) -> Code {
    match status {
        StatusCode::UNAUTHORIZED => Code::TokenInvalid,
        StatusCode::FORBIDDEN => Code::Forbidden,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::TOO_MANY_REQUESTS => Code::RateLimited,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        status if status.is_server_error() => Code::Internal,
        _ => Code::MalformedRequest,
    }
}

/// A code as programs see it.
pub(crate) fn name(code: Code) -> String {
    serde_json::to_value(code).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn codes(fields: &FieldErrors) -> BTreeMap<String, Vec<&'static str>> {
    let codes = |problems: &Vec<docket::error::Problem>| problems.iter().map(|problem| problem.code()).collect();
    fields.0.iter().map(|(field, problems)| (field.clone(), codes(problems))).collect()
}

fn why_no_code(why: CodeProblem) -> &'static str {
    match why {
        CodeProblem::Wrong => "It is not the code that was mailed.",
        CodeProblem::Expired => "Its time is over, or it was replaced by a newer one. Ask for another one.",
        CodeProblem::Used => "It has done its work already.",
        CodeProblem::TooManyTries => "Too many wrong codes were tried. Ask for another one.",
    }
}

/// The title of a kind of problem, and what to do about it where nothing better is known.
pub(crate) fn words(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::ValidationFailed => ("Some fields are not valid", "See `fields` for what is wrong with each."),
        Code::PasswordTooCommon => {
            ("The password is too common", "It is among the first that others try. Choose another one.")
        }
        Code::MalformedRequest => {
            ("The request cannot be read", "Send a JSON object in UTF-8, and headers as their standards say.")
        }
        Code::TokenMissing => ("No access token was sent", "Send `Authorization: Bearer` with an access token."),
        Code::TokenExpired => ("The access token has expired", "Get another one with the refresh token."),
        Code::TokenInvalid => {
            ("The token is not valid", "It is not one of ours, or its session has ended. Log in again.")
        }
        Code::CredentialsInvalid => {
            ("Name or password is wrong", "Check both; the address works in place of the name.")
        }
        Code::EmailNotVerified => {
            ("The e-mail address is not confirmed", "Send the mailed code with `flow`, or ask for another one.")
        }
        Code::CodeInvalid => ("The code was not accepted", "Ask for another one."),
        Code::ReauthenticationRequired => ("The log-in is too old for this", "Log in again and repeat the call."),
        Code::Forbidden => ("Not allowed", "Your account, or a page of another site, may not do this."),
        Code::NotFound => ("There is no such thing", "It never was, was deleted, or is somebody else's."),
        Code::MethodNotAllowed => ("This cannot be done here", "The header `Allow` lists what can."),
        Code::UsernameTaken => ("The user name is taken", "Choose another one."),
        Code::IdTaken => ("The id is taken", "Another row has it, perhaps one in the trash. Choose a random one."),
        Code::VersionConflict => (
            "The row has changed meanwhile",
            "See `current`; repeat the call with its version if it still makes sense.",
        ),
        Code::BodyTooLarge => ("The body is too large", "At most 64 KiB are read, for accounts 8 KiB."),
        Code::UnsupportedMediaType => ("The body is not JSON", "Send `Content-Type: application/json`."),
        Code::RateLimited => ("Too many attempts", "Wait for as many seconds as the header `Retry-After` says."),
        Code::Unavailable => (
            "Temporarily not available",
            "Try again in a moment. What names its own id can be sent again without being done twice.",
        ),
        Code::Internal => ("Something went wrong", "This is our mistake, and it has been noted under `request_id`."),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::to_bytes;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    #[expect(clippy::panic, reason = "that is what is tried")]
    async fn panics() {
        panic!("with something secret");
    }

    // R48.
    #[tokio::test]
    async fn a_panic_is_a_problem_that_tells_nothing_of_its_cause() {
        let router = Router::new().route("/api/v1/panics", get(panics)).route("/panics", get(panics));
        let router = router.layer(CatchPanicLayer::new()).layer(from_fn(write_problems));
        for (path, is_problem) in [("/api/v1/panics", true), ("/panics", false)] {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let text = to_bytes(response.into_body(), 10_000).await.unwrap();
            let text = String::from_utf8_lossy(&text);
            assert_eq!(text.contains("urn:docket:problem:internal"), is_problem, "{text}");
            assert!(!text.contains("secret"));
        }
    }
}
