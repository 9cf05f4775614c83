//! Server functions over HTTP: guarded, with right statuses, and for plain forms too.
//!
//! A plain form (sent by the browser itself, before WebAssembly has loaded or without it) is answered with a redirect
//! (303): to where the function leads, or back to the page it came from. What failed and what was typed waits for that
//! page in the short-lived store; the cookie holds only its key, the URL nothing.

use std::time::Duration;

use app::error::ApiError;
use app::flash::Flash;
use app::pairs::Pairs;
use app::paths;
use app::request::{Credentials, Outcome, RequestScope};
use app::todos::Act;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use docket::Error;
use docket::error::Code;
use docket::limits::{self, Limited};
use serde::{Deserialize, Serialize};
use server_fn::ServerFn;
use server_fn::axum::server_fn_paths;

use crate::protection::wants_page;
use crate::state::AppState;
use crate::{answer, body, scope};

/// The server functions that nobody has to be logged in for, and what limits them. All others are guarded.
pub const OPEN: &[(&str, Limited)] = &[
    ("/rpc/app/accounts/sign_up", Limited::SignUp),
    ("/rpc/app/accounts/advise", Limited::Advise),
    ("/rpc/app/accounts/resend", Limited::Forgot),
    ("/rpc/app/accounts/verify", Limited::Verify),
    ("/rpc/app/accounts/forgot", Limited::Forgot),
    ("/rpc/app/accounts/reset", Limited::Verify),
    ("/rpc/app/sessions/log_in", Limited::LogIn),
    ("/rpc/app/sessions/log_out", Limited::Refresh),
    ("/rpc/app/sessions/refresh", Limited::Refresh),
];

/// What somebody who is logged in can guess or have mailed, limited like the same for strangers.
const LIMITED: &[(&str, Limited)] = &[
    ("/rpc/app/settings/change_password", Limited::LogIn),
    ("/rpc/app/settings/delete_account", Limited::LogIn),
    ("/rpc/app/settings/confirm", Limited::LogIn),
    ("/rpc/app/settings/change_email", Limited::Forgot),
    ("/rpc/app/settings/confirm_email", Limited::Verify),
];

/// Below this are the server functions about one's own account.
const SETTINGS: &str = "/rpc/app/settings/";

const FLASH_KEPT: Duration = Duration::from_secs(5 * 60);

/// Runs a server function and answers as its caller expects.
pub(crate) async fn call(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = PlainForm::detect(&state, &parts);
    let about_accounts = open(&parts).is_some() || parts.uri.path().starts_with(SETTINGS);
    let limit = if about_accounts { body::SHORT } else { body::LONG };
    let Ok(body) = body::read(&parts.headers, body, limit).await else { return too_large(form.is_some()) };
    let (response, outcome) = match guarded(&state, &parts).await {
        Ok(scope) => run(scope, &parts, body.clone()).await,
        Err(error) => (answer::json(&error), Outcome::default()),
    };
    finish(&state, form, &parts, &body, response, outcome).await
}

/// Answers a form that names no path, so is sent to the page it stands on: that of a todo's row.
pub(crate) async fn act(State(state): State<AppState>, mut request: Request) -> Response {
    let page = std::mem::replace(request.uri_mut(), Uri::from_static(Act::PATH));
    // It goes back there, whether its browser says where it comes from or not.
    let page = state.docket.config.public_url.as_str().trim_end_matches('/').to_owned() + page.path();
    if let Ok(page) = page.parse() {
        request.headers_mut().entry(header::REFERER).or_insert(page);
    }
    call(State(state), request).await
}

/// Whether nobody has to be logged in for a server function.
#[must_use]
pub fn is_open(path: &str) -> bool {
    OPEN.iter().any(|(open, _)| *open == path)
}

fn open(parts: &Parts) -> Option<Limited> {
    OPEN.iter().find(|(path, _)| *path == parts.uri.path()).map(|(_, limited)| *limited)
}

fn too_large(plain: bool) -> Response {
    match plain {
        true => answer::bare_page(StatusCode::PAYLOAD_TOO_LARGE),
        false => answer::json(&ApiError::new(
            Code::BodyTooLarge,
            "This is more text than can be kept. Shorten it and try again.",
        )),
    }
}

// The one place that lets a request through to a server function.
async fn guarded(state: &AppState, parts: &Parts) -> Result<RequestScope, ApiError> {
    match server_fn_paths().find(|(path, _)| *path == parts.uri.path()) {
        None => return Err(Error::NotFound.into()),
        Some((_, method)) if method != parts.method => {
            return Err(ApiError::new(Code::MethodNotAllowed, "Server functions are called with POST."));
        }
        Some(_) => {}
    }
    if let Some(limited) = open(parts) {
        limits::count(&state.docket, limited, scope::ip(state, parts)).await?;
        return Ok(scope::of_anybody(state, parts).await?);
    }
    let scope = scope::of(state, parts).await?;
    if let Some((_, limited)) = LIMITED.iter().find(|(path, _)| *path == parts.uri.path()) {
        limits::count(&state.docket, *limited, scope::ip(state, parts)).await?;
    }
    limits::count_user(&state.docket, scope.user()?.id)?;
    Ok(scope)
}

async fn run(scope: RequestScope, parts: &Parts, body: Bytes) -> (Response, Outcome) {
    let mut request = Request::from_parts(parts.clone(), Body::from(body));
    request.extensions_mut().insert(scope.clone());
    // What a plain form expects is decided here, not by the library, which would redirect wherever it is told.
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let response = leptos_axum::handle_server_fns(request).await.into_response();
    (response, scope.take_outcome())
}

async fn finish(
    state: &AppState,
    form: Option<PlainForm>,
    parts: &Parts,
    body: &Bytes,
    response: Response,
    outcome: Outcome,
) -> Response {
    let (response, error) = with_status(response).await;
    let mut response = match form {
        None => response,
        Some(form) => form.answer(state, parts, body, error, &outcome).await,
    };
    if let Some(theme) = outcome.theme {
        state.cookies.set_theme(response.headers_mut(), theme);
    }
    match &outcome.credentials {
        Some(Credentials::Set(opened)) => state.cookies.set_session(response.headers_mut(), opened),
        Some(Credentials::Cookie(cookie)) => state.cookies.set_cookie(response.headers_mut(), cookie),
        Some(Credentials::Remove) => state.cookies.remove_session(response.headers_mut()),
        None => {}
    }
    response
}

// The library answers every failure with 500; its code says what it should be.
async fn with_status(response: Response) -> (Response, Option<ApiError>) {
    if response.status().is_success() {
        return (response, None);
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let error = serde_json::from_slice(&body).unwrap_or_else(|_| app::words::internal());
    parts.status = answer::status(error.code);
    answer::challenge(error.code, &mut parts.headers);
    (Response::from_parts(parts, Body::from(body)), Some(error))
}

/// A form that the browser sent by itself.
struct PlainForm {
    /// The page it stands on.
    back: String,
}

impl PlainForm {
    fn detect(state: &AppState, parts: &Parts) -> Option<Self> {
        let is_form = parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        let plain = is_form && wants_page(&parts.headers) && scope::bearer(&parts.headers).is_none();
        plain.then(|| Self {
            back: page_before(&parts.headers, state.docket.config.public_url.as_str())
                .unwrap_or_else(|| "/".to_owned()),
        })
    }

    async fn answer(
        self,
        state: &AppState,
        parts: &Parts,
        body: &[u8],
        error: Option<ApiError>,
        outcome: &Outcome,
    ) -> Response {
        let signed_out = error.as_ref().is_some_and(ApiError::is_signed_out);
        let confirms = error.as_ref().is_some_and(|error| error.code == Code::ReauthenticationRequired);
        let location = match &outcome.location {
            Some(location) => location.clone(),
            None if signed_out => paths::log_in(&self.back),
            None if confirms => paths::confirm(&self.back),
            None => self.back.clone(),
        };
        // What waits while the password is asked for is for the page it comes from.
        let page = if confirms { self.back } else { location.clone() };
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
        let elsewhere = outcome.location.is_some() || signed_out;
        let notice = match &error {
            Some(error) if elsewhere => Some(error.message.clone()),
            _ => outcome.notice.clone(),
        };
        // What worked need not be typed again.
        let tells_sent = error.is_some() || outcome.tells_sent;
        let values = if tells_sent { typed(body) } else { Pairs::default() };
        // What is asked next is the password, not what was wrong.
        let error = error.filter(|_| !confirms);
        let flash = Flash { action: parts.uri.path().to_owned(), error, values, notice, undo: outcome.undo.clone() };
        if let Some(waiting) = &outcome.waiting {
            state.cookies.set_flash(response.headers_mut(), waiting);
        } else if confirms || tells_sent || flash.notice.is_some() {
            self::keep(state, &page, flash, response.headers_mut()).await;
        }
        response
    }
}

/// What a plain form left, and the path of the page it is for.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    page: String,
    flash: Flash,
}

async fn keep(state: &AppState, page: &str, flash: Flash, headers: &mut HeaderMap) {
    let key = uuid::Uuid::new_v4().simple().to_string();
    let kept = Kept { page: page.split(['?', '#']).next().unwrap_or_default().to_owned(), flash };
    let Ok(text) = serde_json::to_string(&kept) else { return };
    match state.docket.kv.put(&format!("flash:{key}"), text, FLASH_KEPT).await {
        Ok(()) => state.cookies.set_flash(headers, &key),
        Err(error) => tracing::warn!(%error, "what a form held could not be kept"),
    }
}

async fn kept(state: &AppState, headers: &HeaderMap) -> Option<(String, Kept)> {
    let key = state.cookies.flash(headers)?;
    let text = state.docket.kv.get(&format!("flash:{key}")).await.ok()??;
    Some((key, serde_json::from_str(&text).ok()?))
}

/// What the form before this page left for it; it is there once. What is for another page waits for that one.
pub(crate) async fn take_flash(state: &AppState, headers: &HeaderMap, path: &str) -> Option<Flash> {
    let (key, kept) = kept(state, headers).await.filter(|(_, kept)| kept.page == path)?;
    state.docket.kv.take(&format!("flash:{key}")).await.ok()??;
    Some(kept.flash)
}

/// The key of what a form left that waits while this page asks for the password: it is in the cookie, or, after a wrong
/// password, in what this page's own form left.
pub(crate) async fn waiting(state: &AppState, headers: &HeaderMap, own: Option<&Flash>) -> Option<String> {
    match own {
        Some(own) => own.values.get("waiting").filter(|waiting| !waiting.is_empty()).map(str::to_owned),
        None => kept(state, headers).await.map(|(key, _)| key),
    }
}

// Passwords and codes are typed again rather than kept.
fn typed(body: &[u8]) -> Pairs {
    let fields = form_urlencoded::parse(body).filter(|(name, _)| !name.contains("password") && name != "code");
    fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

// Browsers name the page to our own origin (Referrer-Policy: same-origin); anybody else's word does not count.
fn page_before(headers: &HeaderMap, public_url: &str) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let rest = referer.strip_prefix(public_url).or_else(|| {
        let (_, after_scheme) = referer.split_once("://")?;
        after_scheme.strip_prefix(host).filter(|_| !host.is_empty())
    })?;
    paths::local(rest).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(referer: &str) -> HeaderMap {
        let pairs = [(header::REFERER, referer), (header::HOST, "127.0.0.1:3000")];
        pairs.into_iter().map(|(name, value)| (name, HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn the_page_before_is_believed_only_on_this_origin() {
        let page = |referer| page_before(&headers(referer), "http://localhost:3000");
        assert_eq!(page("http://localhost:3000/lists/1?edit=2").as_deref(), Some("/lists/1?edit=2"));
        assert_eq!(page("http://127.0.0.1:3000/trash").as_deref(), Some("/trash"));
        for evil in [
            "https://evil.example/lists",
            "http://localhost:3000.evil.example/",
            "http://localhost:3000//evil.example",
            "about:blank",
        ] {
            assert_eq!(page(evil), None, "{evil}");
        }
    }

    #[test]
    fn passwords_and_codes_are_not_kept() {
        let kept = typed(b"email=a%40b.c&password=secret&current_password=secret&code=123456");
        assert_eq!(serde_json::to_string(&kept).unwrap(), r#"{"email":"a@b.c"}"#);
    }
}
