//! Building the site from the same settings as cargo-leptos (`[[workspace.metadata.leptos]]`), with the libraries that
//! it stands on: WebAssembly, its bindings, the style sheet, hashed names, and compressed copies.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::shell::{has, output, run, say};

/// The server, as `cargo xtask build` leaves it.
pub(crate) const PROGRAM: &str = "target/local/docket";
/// Where the server looks for the hashes: beside itself.
const HASHES: &str = "target/local/hash.txt";
const NPM_WASM_OPT: &str = "end2end/node_modules/.bin/wasm-opt";

/// What of cargo-leptos' settings matters here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Settings {
    name: String,
    site_root: PathBuf,
    site_pkg_dir: PathBuf,
    style_file: PathBuf,
    assets_dir: PathBuf,
    lib_package: String,
    lib_profile_release: String,
}

/// Whether the WebAssembly must be made as small as it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Optimise {
    /// For shipping and measuring.
    Always,
    /// For trying it out.
    IfPossible,
}

impl Settings {
    pub(crate) fn read() -> Result<Self> {
        let text =
            output("cargo", &["metadata", "--no-deps", "--format-version", "1"]).context("cargo metadata failed")?;
        let mut metadata: serde_json::Value = serde_json::from_str(&text)?;
        Ok(serde_json::from_value(metadata["metadata"]["leptos"][0].take())?)
    }

    /// The folder of the files with hashed names.
    pub(crate) fn pkg(&self) -> PathBuf {
        self.site_root.join(&self.site_pkg_dir)
    }
}

/// Builds the whole site into a fresh folder.
pub(crate) fn build(optimise: Optimise) -> Result<()> {
    let settings = Settings::read()?;
    run(
        "cargo",
        &[
            "build",
            "--package",
            &settings.lib_package,
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            &settings.lib_profile_release,
            "--locked",
        ],
    )?;
    let _ = fs::remove_dir_all(&settings.site_root);
    fs::create_dir_all(settings.pkg())?;
    fs::create_dir_all("target/local")?;
    let wasm = bindings(&settings)?;
    shrink(&wasm, optimise)?;
    style(&settings)?;
    copy(&settings.assets_dir, &settings.site_root)?;
    hash(&settings)?;
    compress(&settings.site_root)
}

// Writes <name>.js and <name>.wasm.
fn bindings(settings: &Settings) -> Result<PathBuf> {
    let input = format!("target/wasm32-unknown-unknown/{}/{}.wasm", settings.lib_profile_release, settings.lib_package);
    Bindgen::new().input_path(input).out_name(&settings.name).web(true)?.typescript(false).generate(settings.pkg())?;
    let (made, wanted) = (
        settings.pkg().join(format!("{}_bg.wasm", settings.name)),
        settings.pkg().join(format!("{}.wasm", settings.name)),
    );
    fs::rename(made, &wanted)?;
    Ok(wanted)
}

fn shrink(wasm: &Path, optimise: Optimise) -> Result<()> {
    let program = if has("wasm-opt") { "wasm-opt" } else { NPM_WASM_OPT };
    if !has(program) {
        if optimise == Optimise::Always {
            bail!(
                "wasm-opt is needed for a release. Install binaryen, or run `npm --prefix end2end ci`, which brings it along"
            );
        }
        say("wasm-opt is not there, so the front end stays about twice as large as need be; the rest works the same");
        return Ok(());
    }
    say("making the WebAssembly small");
    let file = wasm.display().to_string();
    run(
        program,
        &[
            "-Oz",
            "--converge",
            "--traps-never-happen",
            "--low-memory-unused",
            "--enable-bulk-memory",
            "--enable-nontrapping-float-to-int",
            "--enable-sign-ext",
            "--enable-mutable-globals",
            "--enable-reference-types",
            "--enable-multivalue",
            &file,
            "-o",
            &file,
        ],
    )
}

fn style(settings: &Settings) -> Result<()> {
    let options = grass::Options::default().style(grass::OutputStyle::Compressed);
    let css = grass::from_path(&settings.style_file, &options).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(fs::write(settings.pkg().join(format!("{}.css", settings.name)), css)?)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

// A file whose name holds its hash can be cached for ever.
fn hash(settings: &Settings) -> Result<()> {
    let mut hashes = String::new();
    for kind in ["js", "wasm", "css"] {
        let plain = settings.pkg().join(format!("{}.{kind}", settings.name));
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(fs::read(&plain)?)[..12]);
        fs::rename(&plain, settings.pkg().join(format!("{}.{hash}.{kind}", settings.name)))?;
        hashes += &format!("{kind}: {hash}\n");
    }
    Ok(fs::write(HASHES, hashes)?)
}

fn compress(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            compress(&path)?;
        } else if path
            .extension()
            .is_some_and(|kind| ["js", "wasm", "css", "svg", "webmanifest", "txt"].iter().any(|k| kind == *k))
        {
            let bytes = fs::read(&path)?;
            let beside = |suffix: &str| PathBuf::from(format!("{}.{suffix}", path.display()));
            fs::write(beside("br"), brotli(&bytes)?)?;
            let mut gzip = flate2::write::GzEncoder::new(fs::File::create(beside("gz"))?, flate2::Compression::best());
            gzip.write_all(&bytes)?;
            gzip.finish()?;
        }
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
    Ok(packed)
}
