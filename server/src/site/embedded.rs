//! The front end's files inside the program, so that there is nothing to copy beside it.

use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::config::LeptosOptions;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::pages;
use crate::state::AppState;

/// What `cargo xtask dist` built before it built the program, compressed copies included.
#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// A line with the hash of each kind of file, read off the names.
pub(super) fn hashes(options: &LeptosOptions) -> Option<String> {
    let folder = format!("{}/{}.", options.site_pkg_dir, options.output_name);
    let line = |name: &str| name.strip_prefix(&folder)?.split_once('.').map(|(hash, kind)| format!("{kind}: {hash}\n"));
    Some(Site::iter().filter_map(|name| line(&name)).collect())
}

/// Serves the files; what is none of them is a page that does not exist.
pub(crate) fn serve(router: Router<AppState>, _: &AppState) -> Router<AppState> {
    router.fallback(file)
}

async fn file(state: State<AppState>, request: Request) -> Response {
    let name = request.uri().path().trim_start_matches('/').to_owned();
    match Site::get(&name) {
        Some(plain) if matches!(*request.method(), Method::GET | Method::HEAD) => {
            answer(&name, plain, request.headers())
        }
        _ => pages::not_found(state, request).await,
    }
}

fn answer(name: &str, plain: EmbeddedFile, asked: &HeaderMap) -> Response {
    let kind = HeaderValue::from_str(plain.metadata.mimetype()).ok();
    let packed = [("br", "br"), ("gzip", "gz")].into_iter().filter(|(encoding, _)| accepts(asked, encoding));
    let packed =
        packed.filter_map(|(encoding, suffix)| Some((encoding, Site::get(&format!("{name}.{suffix}"))?))).next();
    let (encoding, file) = packed.map_or((None, plain), |(encoding, file)| (Some(encoding), file));
    let tag =
        format!("\"{}\"", file.metadata.sha256_hash()[..16].iter().map(|b| format!("{b:02x}")).collect::<String>());
    let changed = UNIX_EPOCH + Duration::from_secs(file.metadata.last_modified().unwrap_or_default());
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let is_known = known.flat_map(|tags| tags.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag);
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => file.data.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let values = [(header::CONTENT_TYPE, kind), (header::ETAG, HeaderValue::from_str(&tag).ok())];
    let date = HeaderValue::from_str(&httpdate::fmt_http_date(changed)).ok();
    let more = [(header::LAST_MODIFIED, date), (header::CONTENT_ENCODING, encoding.map(HeaderValue::from_static))];
    for (name, value) in values.into_iter().chain(more).filter_map(|(name, value)| Some((name, value?))) {
        headers.insert(name, value);
    }
    response
}

/// Whether an encoding is accepted (RFC 9110, 12.5.3): named, and not with the weight 0.
fn accepts(asked: &HeaderMap, encoding: &str) -> bool {
    let values = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(encoding) && weight != Some(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_only_by_who_accepts_it() {
        for (asked, br) in
            [("gzip, br", true), ("BR;q=0.5", true), ("br;q=0, gzip", false), ("gzip", false), ("", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(asked));
            assert_eq!(accepts(&headers, "br"), br, "{asked}");
        }
    }
}
