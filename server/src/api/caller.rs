//! Who calls: every call is guarded unless it is on the list of open ones.

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use docket::accounts::User;
use docket::error::Error;
use docket::sessions::service::{self as sessions, Client, Identity};
use uuid::Uuid;

use super::problem::Problem;
use crate::application::AppState;
use crate::scope;

/// The calls that nobody has to be logged in for. All others are guarded.
pub const OPEN: &[(Method, &str)] = &[
    (Method::POST, "/api/v1/auth/sign-up"),
    (Method::POST, "/api/v1/auth/verify"),
    (Method::POST, "/api/v1/auth/resend"),
    (Method::POST, "/api/v1/auth/log-in"),
    (Method::POST, "/api/v1/auth/refresh"),
    (Method::POST, "/api/v1/auth/password/forgot"),
    (Method::POST, "/api/v1/auth/password/reset"),
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

/// From where the call comes.
#[derive(Debug, Clone)]
pub(crate) struct Origin(pub(crate) Client);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(scope::client(parts)))
    }
}

/// The one place that lets a call through to its handler. Only a `Bearer` token counts, never a cookie, so that no page
/// of another site can make a browser call.
pub(crate) async fn guard(
    State(state): State<AppState>,
    path: MatchedPath,
    mut request: Request,
    next: Next,
) -> Response {
    let is_open = OPEN.iter().any(|(method, open)| method == request.method() && *open == path.as_str());
    if !is_open {
        let identity = match scope::bearer(request.headers()) {
            Some(token) => sessions::by_access_token(&state.docket, token).await,
            None => Err(Error::TokenMissing),
        };
        match identity {
            Ok(identity) => drop(request.extensions_mut().insert(Caller(identity))),
            Err(error) => return Problem::from(error).into_response(),
        }
    }
    next.run(request).await
}
