//! Measures Docket: `cargo xtask bench` builds what this needs and calls it.
//!
//! Each server runs on the first processor, alone, on fresh data; the load comes from the second one. Contenders take
//! turns, so that whatever else the machine does hits them alike. What counts is the median of the ratios.

#![expect(clippy::print_stdout, reason = "it is there to print its table")]

mod browser;
mod client;
mod data;
mod load;
mod report;
mod scenarios;
mod servers;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;

use crate::report::Report;
use crate::scenarios::Engine;

/// What is measured, and how long.
#[derive(Debug, Parser)]
struct Arguments {
    /// Docket, as it is shipped.
    #[arg(long)]
    docket: PathBuf,
    /// What it is compared with.
    #[arg(long)]
    limit: PathBuf,
    /// The interpreter of the FastAPI service; without it, that is left out.
    #[arg(long)]
    fastapi: Option<PathBuf>,
    /// The browser to measure with; without it, that is left out.
    #[arg(long)]
    chromium: Option<PathBuf>,
    /// Whether Postgres is there.
    #[arg(long)]
    postgres: bool,
    /// Shorter and fewer runs: for a first look.
    #[arg(long)]
    quick: bool,
    /// Only scenarios whose name holds this.
    #[arg(long, default_value = "")]
    only: String,
    /// Where the results go, as JSON.
    #[arg(long)]
    results: PathBuf,
}

/// How long and how often.
#[derive(Debug, Clone, Copy)]
struct Effort {
    turns: usize,
    time: Duration,
}

impl Effort {
    /// Twice as many turns, for what is so near its budget that the wandering of the machine's speed decides.
    fn twice(self) -> Self {
        Self { turns: 2 * self.turns, ..self }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let effort = match arguments.quick {
        true => Effort { turns: 3, time: Duration::from_secs(2) },
        false => Effort { turns: 5, time: Duration::from_secs(5) },
    };
    let mut report = Report::default();
    let wanted = |name: &str| name.contains(&arguments.only);
    let mut engines = vec![Engine::Sqlite];
    engines.extend(arguments.postgres.then_some(Engine::Postgres));
    for engine in engines {
        for name in ["list", "create", "toggle"] {
            if wanted(name) {
                scenarios::calls(&arguments, effort, engine, name, &mut report).await?;
            }
        }
    }
    if wanted("page") {
        scenarios::page(&arguments, effort.twice(), &mut report).await?;
    }
    if wanted("log-in") {
        scenarios::log_in(&arguments, effort.twice(), &mut report).await?;
        scenarios::flood(&arguments, effort, &mut report).await?;
    }
    if wanted("growth") {
        scenarios::growth(&arguments, effort, &mut report).await?;
    }
    if wanted("start") {
        scenarios::start(&arguments, effort, &mut report).await?;
    }
    if wanted("size") {
        scenarios::sizes(&arguments, &mut report).await?;
    }
    // Should the browser fail, what took minutes to measure is told all the same.
    let browser = match arguments.chromium.as_ref().filter(|_| wanted("browser")) {
        Some(chromium) => browser::measure(&arguments, chromium, &mut report).await,
        None => Ok(()),
    };
    println!("\n{}", report.table());
    report.write(&arguments.results)?;
    browser
}
