//! Building the site from the same settings as cargo-leptos (`[[workspace.metadata.leptos]]`), with the libraries that
//! it stands on: WebAssembly, its bindings, the style sheet, hashed names, and compressed copies.

use std::collections::{HashMap, HashSet};
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
// What the WebAssembly may rely on.
const FEATURES: &[&str] = &[
    "--traps-never-happen",
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];
const NPM_ESBUILD: &str = "end2end/node_modules/.bin/esbuild";

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
    minify(&wasm.with_extension("js"))?;
    style(&settings)?;
    copy(&settings.assets_dir, &settings.site_root)?;
    hash(&settings)?;
    compress(&settings.site_root)
}

// Writes <name>.js and <name>.wasm.
fn bindings(settings: &Settings) -> Result<PathBuf> {
    let input = format!("target/wasm32-unknown-unknown/{}/{}.wasm", settings.lib_profile_release, settings.lib_package);
    let mut output = Bindgen::new()
        .input_path(input)
        .out_name(&settings.name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .generate_output()?;
    // Libraries export these whether anything calls them or not; what is not exported is left out.
    let exports = &mut output.wasm_mut().exports;
    let unused: Vec<_> = exports.iter().filter(|export| is_unused(&export.name)).map(|export| export.id()).collect();
    unused.into_iter().for_each(|export| exports.delete(export));
    let functions = &mut output.wasm_mut().funcs;
    let uncalled: HashSet<_> = functions.iter().filter(|f| is_uncalled(f.name.as_deref())).map(|f| f.id()).collect();
    if uncalled.is_empty() {
        bail!(
            "the functions that nothing calls are not found by their names; was Leptos updated, or does Cargo strip names?"
        );
    }
    for (_, function) in functions.iter_local_mut().filter(|(id, _)| uncalled.contains(id)) {
        let mut body = function.builder_mut().func_body();
        body.instrs_mut().clear();
        body.unreachable();
    }
    output.wasm_mut().customs.remove_raw("__wasm_split_unstable");
    output.emit(settings.pkg())?;
    let (made, wanted) = (
        settings.pkg().join(format!("{}_bg.wasm", settings.name)),
        settings.pkg().join(format!("{}.wasm", settings.name)),
    );
    fs::rename(made, &wanted)?;
    Ok(wanted)
}

// Streams of bodies (wasm-streams), and the mark for splitting the module.
fn is_unused(export: &str) -> bool {
    ["intounderlying", "__wbg_intounderlying", "_WASM_SPLIT_MARKER"].iter().any(|start| export.starts_with(start))
}

// Every view can be taken over asynchronously as well, which only `leptos::mount::hydrate_lazy` does: a view says by address
// how, so that no compiler finds out. It would be a twentieth of what browsers load. What stands within by a name of its own
// stays, for compilers keep one of several functions that are the same, by any of their names.
fn is_uncalled(function: Option<&str>) -> bool {
    let is_hash = |part: &str| part.len() == 17 && part.starts_with('h') && !part.contains('_');
    let mut path = function.unwrap_or_default().rsplit("::").skip_while(|part| is_hash(part) || *part == "{{closure}}");
    path.next() == Some("hydrate_async")
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
    let optimise = |passes: &[&str]| {
        output(program, &[passes, FEATURES, &[&file, "-o", &file]].concat()).context("wasm-opt failed")
    };
    // Again and again from a simpler form, in which it finds what it has passed over.
    let (smaller, simpler) = (["-Oz", "--converge"], ["--flatten", "--rereloop"]);
    optimise(&[smaller, simpler, smaller, smaller, simpler, smaller].concat())?;
    // Browsers compile each function by itself when it is first called, which takes longer than what is in a small one:
    // those go into where they are called, as long as that costs next to nothing to load.
    let renamed = optimise(&[
        "-Oz",
        "--always-inline-max-function-size=7",
        "--minify-imports-and-exports-and-modules",
        "--strip-producers",
    ])?;
    rename(&wasm.with_extension("js"), &renamed)
}

// The names by which WebAssembly and bindings know each other hold hashes, which do not compress: wasm-opt has given each a
// letter or two, says which ("name => a"), and calls the bindings' module "a".
fn rename(bindings: &Path, renamed: &str) -> Result<()> {
    let short: HashMap<&str, &str> = renamed.lines().filter_map(|line| line.split_once(" => ")).collect();
    let script = fs::read_to_string(bindings)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let (mut text, mut rest) = (String::with_capacity(script.len()), script.as_str());
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        text += before;
        // An export is called on the module, an import is named as nothing else is.
        let is_ours = text.ends_with("wasm.") || word.starts_with("__wb");
        text += short.get(word).filter(|_| is_ours).copied().unwrap_or(word);
        rest = after;
    }
    text += rest;
    let module = format!("\"./{}_bg.js\":", wasm_name(bindings));
    if !text.contains(&module) {
        bail!("the bindings do not name their module as expected; was wasm-bindgen updated?");
    }
    Ok(fs::write(bindings, text.replace(&module, "\"a\":"))?)
}

// What nothing calls goes, names become short, and comments go. Comes along with wasm-opt; without it the script is larger.
fn minify(bindings: &Path) -> Result<()> {
    if !has(NPM_ESBUILD) {
        return Ok(());
    }
    let entry = bindings.with_extension("entry.js");
    fs::write(&entry, format!("export {{ default, hydrate }} from \"./{}.js\"", wasm_name(bindings)))?;
    let outfile = format!("--outfile={}", bindings.display());
    let entry_name = entry.display().to_string();
    let arguments =
        [&entry_name, "--bundle", "--minify", "--format=esm", "--target=es2022", "--allow-overwrite", &outfile];
    let minified = output(NPM_ESBUILD, &arguments);
    fs::remove_file(entry)?;
    minified.map(drop).context("esbuild failed")
}

fn wasm_name(bindings: &Path) -> &str {
    bindings.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
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
