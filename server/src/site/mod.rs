//! The front end's files, as they were built: in a folder, or inside the program (feature `embed`).

#[cfg(feature = "embed")]
mod embedded;
#[cfg(not(feature = "embed"))]
mod on_disk;

#[cfg(feature = "embed")]
use embedded as place;
#[cfg(not(feature = "embed"))]
use on_disk as place;

pub(crate) use place::serve;

use app::request::SiteFiles;
use leptos::config::{LeptosOptions, get_configuration};

/// As `cargo leptos` tells through the environment, or else as the workspace's settings say.
pub(crate) fn options() -> LeptosOptions {
    let ours = || LeptosOptions::builder().output_name("docket").site_root("target/site").hash_files(true).build();
    match is_watched() {
        true => get_configuration(None).map_or_else(|_| ours(), |configuration| configuration.leptos_options),
        false => ours(),
    }
}

/// The paths of the files, with their hashes where the build has made them; else plain ones.
pub(crate) fn files(options: &LeptosOptions) -> SiteFiles {
    let hashes = place::hashes(options).unwrap_or_default();
    let hash = |kind: &str| {
        hashes.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(": ")).map(|hash| format!(".{hash}"))
    };
    let path = |kind: &str| {
        format!("/{}/{}{}.{kind}", options.site_pkg_dir, options.output_name, hash(kind).unwrap_or_default())
    };
    SiteFiles { css: path("css"), js: path("js"), wasm: path("wasm") }
}

/// Whether `cargo leptos watch` runs this program.
#[expect(clippy::disallowed_methods, reason = "set by the build tool for this program alone, not a setting of ours")]
pub(crate) fn is_watched() -> bool {
    std::env::var("LEPTOS_WATCH").is_ok()
}
