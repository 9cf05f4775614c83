//! How failures are answered: the status of each code, and bodies for those that no page and no server function made.

use app::error::ApiError;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use docket::error::{Code, Error};

/// The status that goes with a code.
pub(crate) fn status(code: Code) -> StatusCode {
    match code {
        Code::MalformedRequest | Code::CodeInvalid => StatusCode::BAD_REQUEST,
        Code::TokenMissing | Code::TokenExpired | Code::TokenInvalid | Code::CredentialsInvalid => {
            StatusCode::UNAUTHORIZED
        }
        Code::EmailNotVerified | Code::Forbidden | Code::ReauthenticationRequired => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::UsernameTaken | Code::IdTaken => StatusCode::CONFLICT,
        Code::VersionConflict => StatusCode::PRECONDITION_FAILED,
        Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::ValidationFailed | Code::PasswordTooCommon => StatusCode::UNPROCESSABLE_ENTITY,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An error as server functions answer it, all of which are called with POST.
pub(crate) fn json(error: &ApiError) -> Response {
    let body = serde_json::to_vec(error).unwrap_or_default();
    let mut response = (status(error.code), [(header::CONTENT_TYPE, "application/json")], body).into_response();
    challenge(error.code, response.headers_mut());
    if error.code == Code::MethodNotAllowed {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// Says on a 401 how to authenticate (RFC 6750, 3).
pub(crate) fn challenge(code: Code, headers: &mut HeaderMap) {
    let challenge = match code {
        Code::TokenMissing | Code::CredentialsInvalid => "Bearer realm=\"docket\"",
        Code::TokenExpired | Code::TokenInvalid => "Bearer realm=\"docket\", error=\"invalid_token\"",
        _ => return,
    };
    headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
}

/// A page for a failure so early or so deep that no page could be rendered. Tells nothing of the cause.
pub(crate) fn bare_page(status: StatusCode) -> Response {
    let (title, text) = match status {
        StatusCode::FORBIDDEN => (
            "Not allowed from here",
            "The form came from another site, so nothing was done. Open Docket itself and try again.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "Too much text",
            "The form holds more than can be kept. Go back, shorten it and send it again; what you typed should still be there.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => {
            ("Docket is busy", "Wait a moment, look whether it was done, and try again if not.")
        }
        StatusCode::TOO_MANY_REQUESTS => {
            ("Too often", "That was often in a short time. Wait some seconds and try again.")
        }
        _ => ("Something went wrong", "This is our mistake, and it has been noted. Go back and try again."),
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p><p><a href=\"/\">Go to Docket</a></p></main></body></html>"
    );
    (status, Html(page)).into_response()
}

/// The same for an error, whose cause is noted.
pub(crate) fn failed(error: &Error) -> Response {
    let mut response = bare_page(status(error.code()));
    match error {
        Error::RateLimited { retry_after } => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
        }
        error => tracing::error!(error = %error.reason(), "a page could not be made"),
    }
    response
}
