//! Whether the server lives, and whether it can serve.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::state::AppState;

/// 200 while the process lives.
pub(crate) async fn alive() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// 200 while the server can serve, though perhaps not everything: its body tells how each part is. 503 while it is stopping
/// or without its database. Without Redis most goes on, and all nodes lack it at once, so no proxy should give them up.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    let (database, store) = tokio::join!(state.docket.db.ping(), state.docket.kv.ping());
    let stopping = state.stopping.load(Ordering::Relaxed);
    let (status, problem) = match (stopping, &database, &store) {
        (true, ..) => ("unavailable", Some("the server is stopping")),
        (_, Err(_), _) => ("unavailable", Some("the database does not answer")),
        (.., Err(_)) => ("degraded", Some("Redis does not answer")),
        _ => ("ok", None),
    };
    let word = |answers: bool| if answers { "ok" } else { "unavailable" };
    let parts = json!({"server": word(!stopping), "database": word(database.is_ok()), "store": word(store.is_ok())});
    let code = if status == "unavailable" { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (code, Json(json!({"status": status, "problem": problem, "parts": parts}))).into_response()
}
