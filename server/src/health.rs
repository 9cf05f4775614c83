//! Whether the server lives, and whether it can serve.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::application::AppState;

/// 200 while the process lives.
pub(crate) async fn alive() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// 200 when all parts answer and the server is not stopping; else 503. Either way it tells how each part is.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    let (database, store) = tokio::join!(state.docket.db.ping(), state.docket.kv.ping());
    let stopping = state.stopping.load(Ordering::Relaxed);
    let problem = match (stopping, &database, &store) {
        (true, ..) => Some("the server is stopping"),
        (_, Err(_), _) => Some("the database does not answer"),
        (.., Err(_)) => Some("Redis does not answer"),
        _ => None,
    };
    let word = |answers: bool| if answers { "ok" } else { "unavailable" };
    let parts = json!({"server": word(!stopping), "database": word(database.is_ok()), "store": word(store.is_ok())});
    match problem {
        None => Json(json!({"status": "ok", "parts": parts})).into_response(),
        Some(problem) => {
            let body = json!({"status": "unavailable", "problem": problem, "parts": parts});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
