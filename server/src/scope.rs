//! Who sends a request, as far as pages and server functions need to know.

use std::net::{IpAddr, SocketAddr};

use app::request::RequestScope;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use docket::error::{Error, Result};
use docket::limits;
use docket::sessions::{Client, service as sessions};

use crate::state::AppState;

/// Longest name a program gives itself that is kept.
const USER_AGENT_MAX: usize = 200;
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What a request that may change something says of its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A page of ours, or a program with a token.
    Ours,
    /// Not a browser: it sent neither fetch metadata nor an origin. It may do what needs no session cookie.
    NotABrowser,
}

/// The scope of a request, with whoever is logged in. A `Bearer` token counts before the cookie; the cookie of a
/// sender that is no browser does not count where something would change.
pub(crate) async fn of(state: &AppState, parts: &Parts) -> Result<RequestScope> {
    let mut scope = of_nobody(state, parts);
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
        Err(Error::TokenExpired | Error::TokenInvalid) => Ok(of_nobody(state, parts)),
        found => found,
    }
}

/// Counts a page or file for whoever is logged in, as calls are counted.
pub(crate) fn count(state: &AppState, scope: &RequestScope) -> Result<()> {
    scope.identity.as_ref().map_or(Ok(()), |who| limits::count_user(&state.docket, who.user.id))
}

fn of_nobody(state: &AppState, parts: &Parts) -> RequestScope {
    let mut scope = RequestScope::new(state.docket.asked_by(client(state, parts)), state.site.clone());
    scope.refresh_token = state.cookies.refresh(&parts.headers);
    scope.theme = state.cookies.theme(&parts.headers).unwrap_or_default();
    scope
}

/// The token of an `Authorization: Bearer` header (RFC 6750, 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub(crate) fn client(state: &AppState, parts: &Parts) -> Client {
    let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ip = ip(state, parts).map(|ip| ip.to_string()).unwrap_or_default();
    let device = state.cookies.device(&parts.headers);
    Client { ip, user_agent: user_agent.chars().take(USER_AGENT_MAX).collect(), device }
}

/// From where a request comes: who is connected, or, when that is a proxy we trust, the last address in
/// `X-Forwarded-For` that is none of ours. What stands before that could be anybody's invention.
pub(crate) fn ip(state: &AppState, parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let is_ours = |ip: &IpAddr| state.docket.config.trusted_proxies.iter().any(|network| network.contains(ip));
    let mut client = peer;
    let headers: Vec<_> = parts.headers.get_all(&FORWARDED_FOR).iter().collect();
    let mut hops = headers.iter().rev().flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    while is_ours(&client)
        && let Some(Ok(hop)) = hops.next().map(|hop| hop.trim().parse::<IpAddr>())
    {
        client = hop.to_canonical();
    }
    Some(client)
}
