//! Who sends a request, as far as pages and server functions need to know.

use std::net::SocketAddr;

use app::request::RequestScope;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use docket::error::{Error, Result};
use docket::sessions::service::{self as sessions, Client};

use crate::application::AppState;
use crate::protection::Sender;

/// Longest name a program gives itself that is kept.
const USER_AGENT_MAX: usize = 200;

/// The scope of a request, with whoever is logged in. A `Bearer` token counts before the cookie; the cookie of a
/// sender that is no browser does not count where something would change.
pub(crate) async fn of(state: &AppState, parts: &Parts) -> Result<RequestScope> {
    let mut scope = RequestScope::new(state.docket.clone(), state.site.clone(), client(parts));
    scope.refresh_token = state.cookies.refresh(&parts.headers);
    scope.identity = match (bearer(&parts.headers), state.cookies.session(&parts.headers)) {
        (Some(token), _) => Some(sessions::by_access_token(&state.docket, token).await?),
        (None, Some(cookie)) if parts.extensions.get() != Some(&Sender::NotABrowser) => {
            sessions::by_cookie(&state.docket, &cookie).await?
        }
        _ => None,
    };
    Ok(scope)
}

/// The same, but a token that is no good counts as none: for what nobody has to be logged in for.
pub(crate) async fn of_anybody(state: &AppState, parts: &Parts) -> Result<RequestScope> {
    match of(state, parts).await {
        Err(Error::TokenExpired | Error::TokenInvalid) => {
            let mut scope = RequestScope::new(state.docket.clone(), state.site.clone(), client(parts));
            scope.refresh_token = state.cookies.refresh(&parts.headers);
            Ok(scope)
        }
        found => found,
    }
}

/// The token of an `Authorization: Bearer` header (RFC 6750, 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub(crate) fn client(parts: &Parts) -> Client {
    let ip = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Client { ip: ip.unwrap_or_default(), user_agent: user_agent.chars().take(USER_AGENT_MAX).collect() }
}
