//! Who calls: every call is guarded unless it is on the list of open ones.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use docket::Docket;
use docket::accounts::User;
use docket::error::Error;
use docket::limits::{self, Limited};
use docket::sessions::{Identity, service as sessions};
use uuid::Uuid;

use super::problem::Problem;
use crate::scope;
use crate::state::AppState;

/// The calls that nobody has to be logged in for, and what limits them. All others are guarded.
pub const OPEN: &[(Method, &str, Limited)] = &[
    (Method::POST, "/api/v1/auth/sign-up", Limited::SignUp),
    (Method::POST, "/api/v1/auth/verify", Limited::Verify),
    (Method::POST, "/api/v1/auth/resend", Limited::Forgot),
    (Method::POST, "/api/v1/auth/log-in", Limited::LogIn),
    (Method::POST, "/api/v1/auth/refresh", Limited::Refresh),
    (Method::POST, "/api/v1/auth/password/forgot", Limited::Forgot),
    (Method::POST, "/api/v1/auth/password/reset", Limited::Verify),
];

/// What somebody who is logged in can guess or have mailed, limited like the same for strangers.
const LIMITED: &[(Method, &str, Limited)] = &[
    (Method::POST, "/api/v1/me/password", Limited::LogIn),
    (Method::DELETE, "/api/v1/me", Limited::LogIn),
    (Method::POST, "/api/v1/me/email", Limited::Forgot),
    (Method::POST, "/api/v1/me/email/verify", Limited::Verify),
];

/// Whoever is logged in with the access token that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub(crate) Identity);

impl Caller {
    pub(crate) fn id(&self) -> Uuid {
        self.0.user.id
    }

    pub(crate) fn user(&self) -> &User {
        &self.0.user
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Error::TokenMissing.into())
    }
}

/// The use cases, told from where the call comes: for what is written down in the audit log.
#[derive(Debug, Clone)]
pub(crate) struct Asked(pub(crate) Docket);

impl FromRequestParts<AppState> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(state.docket.asked_by(scope::client(state, parts))))
    }
}

/// The one place that lets a call through to its handler. Only a `Bearer` token counts, never a cookie, so that no page
/// of another site can make a browser call.
pub(crate) async fn guard(State(state): State<AppState>, path: MatchedPath, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match let_in(&state, &mut parts, path.as_str()).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn let_in(state: &AppState, parts: &mut Parts, path: &str) -> Result<(), Error> {
    let of = |calls: &[(Method, &str, Limited)]| {
        calls.iter().find(|(method, at, _)| *method == parts.method && *at == path).map(|(_, _, limited)| *limited)
    };
    let (open, limited) = (of(OPEN), of(LIMITED));
    if let Some(limited) = open.or(limited) {
        limits::count(&state.docket, limited, scope::ip(state, parts)).await?;
    }
    if open.is_some() {
        return Ok(());
    }
    let token = scope::bearer(&parts.headers).ok_or(Error::TokenMissing)?;
    let identity = sessions::by_access_token(&state.docket, token).await?;
    limits::count_user(&state.docket, identity.user.id)?;
    parts.extensions.insert(Caller(identity));
    Ok(())
}
