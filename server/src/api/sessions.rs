//! One's own sessions, for programs.

use axum::extract::State;
use docket::sessions::{Session as Record, service};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::answers::{Answer, Done, Time};
use super::caller::{Asked, Caller};
use super::input::Id;
use crate::state::AppState;

pub(super) fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(all, end_others), routes!(end)]
}

/// A log-in that has not ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    id: Uuid,
    /// What the program said of itself.
    #[schema(example = "curl/8.5.0")]
    user_agent: String,
    /// The address it logged in from.
    #[schema(example = "192.0.2.1")]
    ip: String,
    /// Whether this call belongs to it.
    current: bool,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    created_at: Time,
    /// To about ten minutes.
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    last_seen_at: Time,
}

impl Session {
    fn seen_from(record: Record, current: Uuid) -> Self {
        let Record { id, user_agent, ip, created_at, last_seen_at } = record;
        let (created_at, last_seen_at) = (Time(created_at), Time(last_seen_at));
        Self { id, user_agent, ip, current: id == current, created_at, last_seen_at }
    }
}

/// All sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sessions {
    /// Last used first.
    sessions: Vec<Session>,
}

/// See where you are logged in
///
/// Every log-in begins a session. It ends by logging out, or when it was not used for 30 days.
#[utoipa::path(get, path = "/sessions", tag = "sessions", operation_id = "listSessions",
    responses((status = 200, description = "Your sessions", body = Sessions)))]
async fn all(State(state): State<AppState>, caller: Caller) -> Answer<axum::Json<Sessions>> {
    let sessions = service::all(&state.docket, caller.id()).await?;
    let seen = sessions.into_iter().map(|session| Session::seen_from(session, caller.0.session_id));
    Ok(axum::Json(Sessions { sessions: seen.collect() }))
}

/// Log out everywhere else
///
/// Ends all sessions but the one of the access token.
#[utoipa::path(delete, path = "/sessions", tag = "sessions", operation_id = "endOtherSessions",
    responses((status = 204, description = "Only this session is left")))]
async fn end_others(Asked(docket): Asked, caller: Caller) -> Answer<Done> {
    service::end_all_others(&docket, &caller.0).await?;
    Ok(Done)
}

/// End a session
///
/// Its tokens are void at once. It may be the one of the access token.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "sessions", operation_id = "endSession",
    params(("id" = Uuid, Path, description = "The session")), responses((status = 204, description = "Ended")))]
async fn end(Asked(docket): Asked, caller: Caller, Id(id): Id) -> Answer<Done> {
    service::end_one(&docket, caller.id(), id).await?;
    Ok(Done)
}
