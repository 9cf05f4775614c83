//! The front end's files in the folder where the build leaves them: for developing.

use axum::Router;
use axum::routing::get;
use leptos::config::LeptosOptions;
use tower_http::services::ServeDir;

use crate::pages;
use crate::state::AppState;

/// What the build wrote beside the program: a line with the hash of each kind of file.
pub(super) fn hashes(options: &LeptosOptions) -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let file = program.parent()?.join(options.hash_file.as_ref());
    options.hash_files.then(|| std::fs::read_to_string(file).ok()).flatten()
}

/// Serves the files; what is none of them is a page that does not exist.
pub(crate) fn serve(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let files = ServeDir::new(state.options.site_root.as_ref())
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(get(pages::not_found).with_state(state.clone()));
    router.fallback_service(files)
}
