//! Pages, rendered by the app: guarded like everything else, with the status the page itself finds right.

use app::paths;
use app::request::RequestScope;
use app::shell::shell;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::protection::Policy;
use crate::state::AppState;
use crate::{answer, rpc, scope};

/// A page that the app has: who is not logged in is led to the log-in page and back, unless the page is open.
pub(crate) async fn page(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match arrive(&state, &parts).await {
        Err(answer) => answer,
        Ok(scope) if scope.identity.is_none() && !paths::OPEN.contains(&parts.uri.path()) => to_log_in(&parts),
        Ok(scope) if scope.identity.is_some() && parts.uri.path() == "/" => redirect(paths::HOME),
        Ok(scope) => render(&state, scope, parts).await,
    }
}

/// Any other path: says so, with the status 404.
pub(crate) async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match arrive(&state, &parts).await {
        Err(answer) => answer,
        Ok(scope) => render(&state, scope, parts).await,
    }
}

/// Who asks for a page or a file, within the limits.
pub(crate) async fn found(state: &AppState, parts: &Parts) -> Result<RequestScope, Response> {
    let found = scope::of_anybody(state, parts).await.and_then(|scope| {
        scope::count(state, &scope)?;
        Ok(scope)
    });
    found.map_err(|error| answer::failed(&error))
}

async fn arrive(state: &AppState, parts: &Parts) -> Result<RequestScope, Response> {
    let mut scope = found(state, parts).await?;
    scope.read_for(&parts.uri).await.map_err(|error| answer::failed(&error))?;
    scope.flash = rpc::take_flash(state, &parts.headers, parts.uri.path()).await;
    if parts.uri.path() == paths::CONFIRM {
        scope.waiting = rpc::waiting(state, &parts.headers, scope.flash.as_ref()).await;
    }
    Ok(scope)
}

async fn render(state: &AppState, scope: RequestScope, mut parts: Parts) -> Response {
    let had_flash = scope.flash.is_some();
    parts.extensions.insert(scope.clone());
    let options = state.options.clone();
    let render = leptos_axum::render_app_async(move || shell(options.clone()));
    let mut response = render(Request::from_parts(parts, axum::body::Body::empty())).await;
    let outcome = scope.take_outcome();
    if let Some(status) = outcome.status.and_then(|status| StatusCode::from_u16(status).ok()) {
        *response.status_mut() = status;
    }
    if let Some(nonce) = outcome.nonce {
        response.extensions_mut().insert(Policy::Page { nonce });
    }
    if had_flash {
        state.cookies.remove_flash(response.headers_mut());
    }
    response
}

fn to_log_in(parts: &Parts) -> Response {
    let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    redirect(&paths::log_in(here))
}

pub(crate) fn redirect(path: &str) -> Response {
    let mut headers = HeaderMap::new();
    headers.extend(path.parse().ok().map(|path| (header::LOCATION, path)));
    (StatusCode::SEE_OTHER, headers).into_response()
}
