//! What guards every request and every answer, whatever it is for.

use std::sync::atomic::Ordering;

use app::error::ApiError;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use docket::error::Code;

use crate::answer;
use crate::scope::{self, Sender};
use crate::state::AppState;

/// What an answer needs to be allowed to load, left by its handler for [`set_headers`]; without it, styles only.
#[derive(Debug, Clone)]
pub(crate) enum Policy {
    /// A page, with the nonce of its scripts.
    Page {
        /// As it stands in the page.
        nonce: String,
    },
    /// The documentation of the API: files of ours. Its library sets styles on single elements.
    Documentation,
}

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Refuses a request target that names no path, such as those of `GET settings`, `CONNECT host:80` and `OPTIONS *` (RFC 9112,
/// 3.2): we are no proxy, and `leptos_axum` takes a path for granted.
pub(crate) async fn refuse_without_path(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with('/') {
        next.run(request).await
    } else {
        answer::json(&ApiError::new(Code::MalformedRequest, "The address of a request begins with a slash."))
    }
}

/// Refuses what another site makes a browser send (OWASP CSRF Prevention, "Fetch Metadata"): log-in included, and
/// before anything is read.
pub(crate) async fn refuse_other_sites(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if !request.method().is_safe() {
        match sender(request.headers(), state.docket.config.public_url.as_str()) {
            Some(sender) => drop(request.extensions_mut().insert(sender)),
            None if wants_page(request.headers()) => return answer::bare_page(StatusCode::FORBIDDEN),
            None => return answer::json(&ApiError::new(Code::Forbidden, "This is not allowed from another site.")),
        }
    }
    next.run(request).await
}

fn sender(headers: &HeaderMap, public_url: &str) -> Option<Sender> {
    if scope::bearer(headers).is_some() {
        return Some(Sender::Ours);
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => (site == "same-origin").then_some(Sender::Ours),
        (None, Some(origin)) => (origin == public_url).then_some(Sender::Ours),
        (None, None) => Some(Sender::NotABrowser),
    }
}

/// Whether the sender shows what it gets to a person, as a plain form does.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// Sets the security headers of every answer, errors included (OWASP HTTP Headers Cheat Sheet).
pub(crate) async fn set_headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = match response.extensions_mut().remove::<Policy>() {
        Some(Policy::Page { nonce }) => page_policy(&nonce, state.reload_port()),
        Some(Policy::Documentation) => {
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                .to_owned()
        }
        None => "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .to_owned(),
    };
    let status = response.status();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE, HeaderValue::from_static("same-origin"));
    if state.docket.config.public_url.is_https() {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    // Whoever keeps a connection shall not send the next request into its end.
    if state.stopping.load(Ordering::Relaxed) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    // Whatever is not a static file may be somebody's own.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

// `reload_port` is set only while developing, where a script connects to the build tool.
fn page_policy(nonce: &str, reload_port: Option<u32>) -> String {
    let reload = reload_port.map(|port| format!(" ws://localhost:{port} ws://127.0.0.1:{port}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{reload}; form-action 'self'; manifest-src 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}
