//! `cargo xtask test`: everything that has to hold: what fails soonest first, what takes longest beside it.

use std::fs;
use std::thread;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::shell::{run, run_with, say};
use crate::site::{self, Optimise, Settings};
use crate::{api, browser, build, dist, tools};

/// The front end's budget: WASM and JS together, compressed with brotli, in bytes.
const BUDGET: u64 = 260 * 1024;

/// What runs on the server, as cargo selects it: always the same, as features of libraries follow from it, and with them what has
/// to be built anew.
pub(crate) const SERVER_SIDE: &str = "--package docket --package app --package server --package testing --package bench --package limit --features docket/ssr,app/ssr";

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Formatting and lints, warnings denied.
    Lint,
    /// Domain and HTTP tests.
    Rust,
    /// The REST API, by a linter, a generator of clients and a fuzzer.
    Api,
    /// The front end's size.
    Sizes,
    /// The one file with everything in it.
    Dist,
    /// The flows, in Chromium.
    Browser,
}

pub(crate) fn run_parts(part: Option<Part>, deep: bool, arguments: &[String]) -> Result<()> {
    if let Some(part) = part {
        return run_part(part, deep, arguments);
    }
    lint()?;
    // What is shipped is linked by one processor for minutes, which leaves the others to the tests. Two cannot install packages
    // at a time.
    tools::npm_packages(tools::END2END)?;
    thread::scope(|scope| {
        let tell = |error: &anyhow::Error| say(&format!("this failed, and ends when the other side does: {error:#}"));
        let built = scope.spawn(move || dist::build().inspect_err(tell));
        let tested = rust().and_then(|()| api::test(deep)).inspect_err(tell);
        let built = built.join().unwrap_or_else(|_| bail!("building what would be shipped panicked"));
        tested.and(built)
    })?;
    dist::test()?;
    // Of what was built for that.
    sizes()?;
    say("testing in the browser what would be shipped");
    browser::test(dist::PROGRAM, arguments)?;
    say("everything holds");
    Ok(())
}

fn run_part(part: Part, deep: bool, arguments: &[String]) -> Result<()> {
    match part {
        Part::Lint => lint(),
        Part::Rust => rust(),
        Part::Api => api::test(deep),
        Part::Sizes => {
            tools::wasm_target()?;
            tools::npm_packages(tools::END2END)?;
            site::build(Optimise::Always)?;
            sizes()
        }
        Part::Dist => {
            dist::build()?;
            dist::test()
        }
        Part::Browser => {
            tools::npm_packages(tools::END2END)?;
            if !std::path::Path::new(site::PROGRAM).exists() {
                build(Optimise::Always)?;
            }
            say("testing in the browser");
            browser::test(site::PROGRAM, arguments)
        }
    }
}

fn lint() -> Result<()> {
    tools::wasm_target()?;
    say("checking formatting and lints");
    run("cargo", &["fmt", "--all", "--check"])?;
    // `ssr` and `hydrate` exclude each other, so the two sides are never built in one command.
    cargo(&format!("clippy --locked {SERVER_SIDE} --package xtask --all-targets -- -D warnings"), &[])?;
    // What is embedded has to be there to be looked at.
    fs::create_dir_all("target/site")?;
    cargo(&format!("clippy --locked {SERVER_SIDE},server/embed --package xtask --all-targets -- -D warnings"), &[])?;
    cargo(
        "clippy --locked --package frontend --package app --features app/hydrate --target wasm32-unknown-unknown -- -D warnings",
        &[],
    )?;
    cargo(&format!("doc --locked --no-deps --lib {SERVER_SIDE}"), &[("RUSTDOCFLAGS", "-D warnings")])
}

fn rust() -> Result<()> {
    tools::curl_and_jq()?;
    say("testing domain and HTTP on what is embedded: SQLite, and the store in the process");
    cargo(&format!("test --locked {SERVER_SIDE}"), &[])?;
    if tools::servers()? {
        say("testing domain and HTTP on Postgres and Redis");
        cargo(&format!("test --locked {SERVER_SIDE} --test *"), &[("TESTS_ON", "servers")])?;
    }
    Ok(())
}

pub(crate) fn cargo(arguments: &str, environment: &[(&str, &str)]) -> Result<()> {
    run_with("cargo", &arguments.split_whitespace().collect::<Vec<_>>(), environment)
}

// Sizes do not vary from run to run, so they are a test.
fn sizes() -> Result<()> {
    let mut total = 0;
    for entry in fs::read_dir(Settings::read()?.pkg())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let plain = path.with_extension("");
        if name.ends_with(".br") {
            let (packed, unpacked) = (path.metadata()?.len(), plain.metadata()?.len());
            say(&format!(
                "{} {unpacked} bytes, {packed} in brotli",
                plain.file_name().unwrap_or_default().to_string_lossy()
            ));
            if !name.ends_with(".css.br") {
                total += packed;
            }
        }
    }
    say(&format!("WASM and JS: {total} bytes in brotli, of at most {BUDGET}"));
    if total == 0 || total > BUDGET {
        bail!(
            "the front end is beyond its budget: look for a new dependency or feature (`cargo tree -e features -p frontend`)"
        );
    }
    Ok(())
}
