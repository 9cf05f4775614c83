//! What the tasks need besides Rust, fetched or installed where it is missing.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::shell::{has, output, run, say};

const WASM: &str = "wasm32-unknown-unknown";
/// Chromium's names, as distributions have them.
const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/// Chromium without what shows windows, which takes half as long for the browser tests.
const HEADLESS: &str = "chromium-headless-shell";

/// The compiler's target for the front end.
pub(crate) fn wasm_target() -> Result<()> {
    let installed = output("rustc", &["--print", "sysroot"])
        .is_some_and(|root| Path::new(root.trim()).join("lib/rustlib").join(WASM).exists());
    if installed {
        return Ok(());
    }
    say("adding the compiler's target for WebAssembly");
    if !has("rustup") {
        bail!(
            "this Rust has no target {WASM}, and rustup is not there to add it. Install Rust with rustup, or the target with your package manager"
        );
    }
    run("rustup", &["target", "add", WASM])
}

/// What the browser tests need of npm, wasm-opt among it.
pub(crate) const END2END: &str = "end2end";

/// The npm packages that a folder names.
pub(crate) fn npm_packages(folder: &str) -> Result<()> {
    if !has("npm") {
        install("Node.js with npm", &["nodejs", "npm"])?;
    }
    // npm writes this file last, so it tells a complete installation.
    let installed = Path::new(folder).join("node_modules/.package-lock.json");
    let lock = Path::new(folder).join("package-lock.json");
    let fresh =
        installed.metadata().and_then(|m| m.modified()).ok().zip(lock.metadata().and_then(|m| m.modified()).ok());
    if fresh.is_some_and(|(installed, lock)| installed >= lock) {
        return Ok(());
    }
    say(&format!("fetching the npm packages of {folder}"));
    run("npm", &["--prefix", folder, "ci", "--no-audit", "--no-fund"])
}

/// Postgres and Redis, for the tests that need them. Answers whether they are there: who builds on a machine of their own
/// can do without, and is told what is not tested then.
pub(crate) fn servers() -> Result<bool> {
    let postgres =
        || has("initdb") || std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut found| found.next().is_some());
    if postgres() && has("redis-server") {
        return Ok(true);
    }
    match install("Postgres and Redis", &["postgresql", "redis-server"]) {
        Err(missing) if !in_ci() => {
            say(&format!("SKIPPED, nothing is tested on Postgres and Redis: {missing}"));
            Ok(false)
        }
        installed => installed.map(|()| true),
    }
}

/// What puts servers under load.
pub(crate) fn wrk() -> Result<()> {
    // It tells its version with the status of a failure.
    if output("which", &["wrk"]).is_some() { Ok(()) } else { install("wrk", &["wrk"]) }
}

/// What the tour of the API is done with.
pub(crate) fn curl_and_jq() -> Result<()> {
    if has("curl") && has("jq") { Ok(()) } else { install("curl and jq", &["curl", "jq"]) }
}

/// Python packages in an environment of their own: the path of its interpreter.
pub(crate) fn python_packages(folder: &str, requirements: &str) -> Result<String> {
    let (python, installed) = (format!("{folder}/bin/python"), format!("{folder}/installed.txt"));
    let wanted = std::fs::read_to_string(requirements)?;
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    if output("python3", &["-c", "import ensurepip, venv"]).is_none() {
        install("Python with venv", &["python3", "python3-venv"])?;
    }
    say(&format!("fetching the Python packages of {requirements}"));
    run("python3", &["-m", "venv", "--clear", folder])?;
    run(&python, &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements])?;
    std::fs::write(installed, wanted)?;
    Ok(python)
}

/// The path of a Chromium as people use it.
pub(crate) fn chromium() -> Result<String> {
    match find_chromium(CHROMIUM) {
        Some(path) => Ok(path),
        None => install_chromium("chromium", CHROMIUM),
    }
}

/// The path of a Chromium for tests: the one without windows, where there is one or can be had.
pub(crate) fn headless_chromium() -> Result<String> {
    let found = find_chromium(&[HEADLESS]).or_else(|| install_chromium(HEADLESS, &[HEADLESS]).ok());
    found.map_or_else(chromium, Ok)
}

fn find_chromium(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| output("which", &[name])).map(|path| path.trim().to_owned())
}

fn install_chromium(package: &str, names: &[&str]) -> Result<String> {
    install("Chromium", &[package])?;
    find_chromium(names).with_context(|| {
        format!("Chromium was installed but is not on the PATH under any of these names: {}", names.join(", "))
    })
}

// Changes the machine by itself only in CI; a person is told what to do.
fn install(what: &str, packages: &[&str]) -> Result<()> {
    let packages = packages.join(" ");
    let is_root = output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !(in_ci() && is_root && has("apt-get")) {
        bail!("{what} is needed and missing. Install it first; on Debian or Ubuntu: sudo apt-get install {packages}");
    }
    say(&format!("installing {what} with apt-get"));
    run("sh", &["-c", "apt-get update -qq || { sleep 5; apt-get update -qq; }"])?;
    // Whatever is a service is only installed, not started: tests start their own.
    let deny = "/usr/sbin/policy-rc.d";
    let install = format!(
        "[ -e {deny} ] || {{ printf '#!/bin/sh\\nexit 101\\n' >{deny}; chmod +x {deny}; trap 'rm {deny}' EXIT; }}; \
         DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {packages}"
    );
    run("sh", &["-c", &install])
}

fn in_ci() -> bool {
    #[expect(clippy::disallowed_methods, reason = "CI is a convention of build machines, not a setting of Docket")]
    std::env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false")
}
