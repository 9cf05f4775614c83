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

/// 200 when the database answers and the server is not stopping; else 503 and what is wrong.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    let problem = if state.stopping.load(Ordering::Relaxed) {
        Some("stopping")
    } else {
        state.docket.db.ping().await.is_err().then_some("the database does not answer")
    };
    match problem {
        None => Json(json!({"status": "ok"})).into_response(),
        Some(problem) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "unavailable", "problem": problem})))
            .into_response(),
    }
}
