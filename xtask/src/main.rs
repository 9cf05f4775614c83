//! Tasks for people who build Docket: `cargo xtask run`, `cargo xtask test`, `cargo xtask build`, `cargo xtask dist`,
//! `cargo xtask bench`.
//!
//! Nobody needs make, just or cargo-leptos. What a task needs and the machine lacks it fetches or installs, says so, and
//! fails with a sentence that tells what to do.

mod api;
mod bench;
mod browser;
mod dist;
mod shell;
mod site;
mod test;
mod tools;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Docket's tasks")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build site and server and serve on http://localhost:3000. Arguments after `--` go to the server.
    Run {
        /// For the server.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Build site and server.
    Build,
    /// Build one file with everything in it, for running elsewhere.
    Dist,
    /// Measure how fast it is, beside what it could be at most and beside others.
    Bench(bench::What),
    /// Take the pictures of the README anew.
    Screenshots,
    /// Run all tests: formatting, lints, domain, HTTP, API, sizes, browser.
    Test {
        /// Only one part: lint, rust, api, sizes, dist or browser.
        part: Option<test::Part>,
        /// Try the API with many more generated calls.
        #[arg(long)]
        deep: bool,
        /// For the browser tests, such as a file or `--headed`.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
}

fn main() -> Result<()> {
    shell::go_to_root()?;
    match Arguments::parse().task {
        Task::Run { arguments } => {
            build(site::Optimise::IfPossible)?;
            shell::exec(site::PROGRAM, &arguments)
        }
        Task::Build => build(site::Optimise::Always),
        Task::Dist => dist::build(),
        Task::Bench(what) => bench::measure(&what),
        Task::Screenshots => {
            tools::npm_packages(tools::END2END)?;
            build(site::Optimise::Always)?;
            browser::screenshots(site::PROGRAM)
        }
        Task::Test { part, deep, arguments } => test::run_parts(part, deep, &arguments),
    }
}

/// Both at once: the front end ends in a long step on one processor, which leaves the others to the server.
fn build(optimise: site::Optimise) -> Result<()> {
    tools::wasm_target()?;
    shell::say("building the front end and the server; the first time takes some minutes");
    std::thread::scope(|scope| {
        let server =
            scope.spawn(|| shell::run("cargo", &["build", "--profile", "local", "--package", "server", "--locked"]));
        site::build(optimise)?;
        server.join().unwrap_or_else(|_| anyhow::bail!("building the server panicked"))
    })
}
