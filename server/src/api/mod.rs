//! The REST API, version 1: everything a person can do, for programs, on the same use cases as the pages.
//!
//! A module for each kind of thing holds its bodies and its handlers, and describes both for OpenAPI; each handler reads
//! what was sent (`input`, `conditions`), calls one use case and turns its answer into a body (`answers`). What fails is
//! a `problem`. `caller` guards every call that is not on its list of open ones.

pub(crate) mod answers;
mod auth;
mod caller;
mod conditions;
mod description;
mod documentation;
mod input;
mod lists;
mod names;
pub(crate) mod problem;
mod sessions;
mod todos;
mod trash;
pub(crate) mod users;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use docket::error::Code;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};

pub use caller::OPEN;
pub use description::description;

use self::problem::Problem;
use crate::state::AppState;

/// Under which all calls are.
const PREFIX: &str = "/api/v1";

// Everything there is to call. What is not here is neither served nor described.
fn routes() -> impl Iterator<Item = UtoipaMethodRouter<AppState>> {
    let all = [auth::routes(), users::routes(), sessions::routes(), lists::routes(), todos::routes(), trash::routes()];
    all.into_iter().flatten()
}

async fn not_found() -> Problem {
    Problem::new(Code::NotFound)
}

/// All calls, guarded, and their documentation.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let guarded = |routes: UtoipaMethodRouter<AppState>| {
        routes.map(|router| router.route_layer(from_fn_with_state(state.clone(), caller::guard)))
    };
    let calls = routes().map(guarded).fold(OpenApiRouter::default(), OpenApiRouter::routes);
    Router::new()
        .nest(PREFIX, calls.layer(from_fn(conditions::answer_conditionally)).into())
        .merge(documentation::router())
        .route("/api", any(not_found))
        .route("/api/{*path}", any(not_found))
}
