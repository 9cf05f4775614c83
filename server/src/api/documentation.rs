//! The description at `/api/openapi.json`, and a page at `/api/docs/` to read it and try it out. All of it is in the
//! program; the browser fetches nothing from elsewhere.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use docket::error::{Code, Error};
use tower::ServiceBuilder;
use tower_http::decompression::DecompressionLayer;
use utoipa_swagger_ui::Config;

use super::answers::Answer;
use super::problem::Problem;
use crate::compression::packed;
use crate::protection::Policy;
use crate::state::AppState;

const DESCRIPTION: &str = "/api/openapi.json";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(DESCRIPTION, get(description))
        .route("/api/docs", get(async || Redirect::permanent("/api/docs/")))
        .merge(files())
}

// Most lie packed in the program, and are unpacked for who does not accept that.
fn files() -> Router<AppState> {
    Router::new()
        .route("/api/docs/", get(async || file("")))
        .route("/api/docs/{*file}", get(async |Path(path): Path<String>| file(&path)))
        .layer(ServiceBuilder::new().layer(packed()).layer(DecompressionLayer::new()))
}

async fn description() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(super::description).as_str();
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn file(path: &str) -> Answer<Response> {
    let config =
        Arc::new(Config::from(DESCRIPTION).try_it_out_enabled(true).persist_authorization(false).validator_url("none"));
    let file = utoipa_swagger_ui::serve(path, config)
        .map_err(|error| Error::internal(error.to_string()))?
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let headers: [(HeaderName, String); 1] = [(header::CONTENT_TYPE, file.content_type)];
    let mut response = (StatusCode::OK, headers, file.bytes.into_owned()).into_response();
    if file.gzpipped {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response.extensions_mut().insert(Policy::Documentation);
    Ok(response)
}
