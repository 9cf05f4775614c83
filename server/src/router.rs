//! Which path leads where, and what every request passes through.

use std::any::Any;
use std::sync::OnceLock;

use app::documents::Documents;
use app::{App, paths};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get, post};
use leptos_axum::generate_route_list;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tracing::info_span;

use crate::compression::packed;
use crate::state::AppState;
use crate::{answer, api, development, export, health, metrics, pages, protection, rpc, site};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

pub(crate) fn build(state: AppState) -> Router {
    let mut router = Router::new()
        .route("/rpc/{*function}", any(rpc::call).layer(packed()))
        .route("/lists/{id}", post(rpc::act))
        .route(paths::EXPORT, get(export::download))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(api::router(&state));
    for path in page_paths() {
        router = router.route(path, get(pages::page).layer(packed()));
    }
    if development::is_on(&state) {
        router = router.route("/dev/mail", get(development::mailbox));
    }
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, FreshId))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(from_fn(api::problem::write_problems))
        .layer(from_fn_with_state(state.clone(), protection::set_headers))
        .layer(from_fn(cache_static_files))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, state.docket.config.request_timeout))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(protection::refuse_without_path))
        .layer(from_fn_with_state(state.clone(), protection::refuse_other_sites));
    let measured = state.metrics.is_some();
    let router = site::serve(router, &state);
    // Within the others, or the route would not be known yet.
    let router = if measured { router.layer(from_fn(metrics::measure)) } else { router };
    router.layer(layers).with_state(state)
}

/// The paths of the app's pages.
///
/// They are listed once in a process: while the library lists them, it keeps the data of every page in the process from
/// loading, so that a page which another server renders meanwhile would never come to an end.
fn page_paths() -> &'static [String] {
    static PATHS: OnceLock<Vec<String>> = OnceLock::new();
    PATHS.get_or_init(|| {
        let (pages, documents) = (generate_route_list(App), generate_route_list(Documents));
        pages.iter().chain(&documents).map(|route| route.path().to_owned()).collect()
    })
}

/// Always our own: a caller's id could hold anything.
#[derive(Clone, Copy)]
struct FreshId;

impl MakeRequestId for FreshId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&uuid::Uuid::new_v4().simple().to_string()).ok().map(RequestId::new)
    }
}

// The path without its query, which may hold what is nobody's business.
fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    info_span!("request", id, method = %request.method(), path = request.uri().path())
}

// Files in /pkg have their content's hash in their names, so they never change.
async fn cache_static_files(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let is_file = response.headers().contains_key(header::LAST_MODIFIED);
    if is_file && matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED) {
        response.headers_mut().insert(header::CACHE_CONTROL, if hashed { FOREVER } else { AN_HOUR });
    }
    response
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("of unknown kind"), "a request panicked");
    answer::bare_page(StatusCode::INTERNAL_SERVER_ERROR)
}
