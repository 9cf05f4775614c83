//! One file with everything in it: program, site, migrations, templates.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{output, run, say};
use crate::site::{self, Optimise, Settings};
use crate::tools;

/// Where cargo leaves it.
pub(crate) const PROGRAM: &str = "target/dist/docket";
/// The crates are compiled for size or speed as the profile says, and linked at level 3: linking at that of the profile
/// undoes what makes hashing quick (docs/performance.md).
const BUILD: &[&str] = &[
    "rustc",
    "--profile",
    "dist",
    "--locked",
    "--package",
    "server",
    "--features",
    "embed",
    "--bin",
    "docket",
    "--",
    "-C",
    "opt-level=3",
];
/// Its budget, in bytes.
const BUDGET: u64 = 25_000_000;
const PATIENCE: Duration = Duration::from_secs(30);

/// Builds it, and tells its size.
pub(crate) fn build() -> Result<()> {
    tools::wasm_target()?;
    tools::npm_packages(tools::END2END)?;
    say("building the front end");
    site::build(Optimise::Always)?;
    say("building the program with the front end inside; the first time takes some minutes");
    run("cargo", BUILD)?;
    let size = Path::new(PROGRAM).metadata()?.len();
    say(&format!("{PROGRAM}: {size} bytes, of at most {BUDGET}"));
    ensure!(
        size <= BUDGET,
        "the program is beyond its budget: look for a new dependency (`cargo tree --package server`)"
    );
    Ok(())
}

/// Runs it alone in an empty folder and asks for a page and everything the page needs.
pub(crate) fn test() -> Result<()> {
    tools::curl_and_jq()?;
    say("trying the program alone in an empty folder");
    let folder = std::env::temp_dir().join(format!("docket-dist-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let tried = try_in(&folder);
    fs::remove_dir_all(&folder)?;
    tried
}

fn try_in(folder: &Path) -> Result<()> {
    let program = folder.join("docket");
    fs::copy(PROGRAM, &program)?;
    let log = folder.join("log");
    let mut server = Command::new(&program)
        .current_dir(folder)
        .env_clear()
        .envs([("DOCKET_ADDR", "127.0.0.1:0"), ("DOCKET_LOG_FORMAT", "json")])
        .stdin(Stdio::null())
        .stderr(fs::File::create(&log)?)
        .spawn()?;
    let tried = url(&log).and_then(|url| ask(&url));
    server.kill()?;
    server.wait()?;
    tried.with_context(|| format!("the program said: {}", fs::read_to_string(&log).unwrap_or_default()))
}

fn url(log: &Path) -> Result<String> {
    let begun = std::time::Instant::now();
    while begun.elapsed() < PATIENCE {
        let said = fs::read_to_string(log)?;
        if let Some(line) = said.lines().find(|line| line.contains("Docket is ready")) {
            let line: serde_json::Value = serde_json::from_str(line)?;
            return Ok(line["fields"]["url"].as_str().context("it tells its address")?.to_owned());
        }
        #[expect(clippy::disallowed_methods, reason = "a task may wait for a server to start")]
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!("the program is not ready after {PATIENCE:?}")
}

fn ask(url: &str) -> Result<()> {
    let get = |path: &str, more: &[&str]| {
        let mut arguments = vec!["--silent", "--show-error", "--fail-with-body", "--include"];
        arguments.extend(more);
        let address = format!("{url}{path}");
        arguments.push(&address);
        output("curl", &arguments).with_context(|| format!("{path} is not answered well"))
    };
    get("/readyz", &[])?;
    let page = get("/log-in", &[])?;
    let pkg = Settings::read()?.pkg();
    for entry in fs::read_dir(pkg)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let path = format!("/pkg/{name}");
        // A page that loads no WebAssembly names the style sheet only.
        ensure!(!name.ends_with(".css") || page.contains(&path), "the page does not name {path}");
        let head = get(&path, &["--head", "--header", "Accept-Encoding: gzip, br"])?.to_lowercase();
        for line in ["content-encoding: br", "immutable", "vary: accept-encoding", "x-content-type-options: nosniff"] {
            ensure!(head.contains(line), "{path} is answered without {line}: {head}");
        }
        let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).context("there is an etag")?;
        let known = format!("If-None-Match: {tag}");
        let again = get(&path, &["--header", "Accept-Encoding: br", "--header", &known])?;
        ensure!(again.starts_with("HTTP/1.1 304"), "{path} is sent again to who has it");
    }
    get("/api/docs/", &[])?;
    Ok(())
}
