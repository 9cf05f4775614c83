//! `cargo xtask bench`: builds what is compared, and lets it run.

use anyhow::{Result, bail};

use crate::shell::{output, run, say};
use crate::{dist, tools};

const SCENARIOS: [&str; 9] = ["list", "create", "toggle", "page", "log-in", "growth", "start", "size", "browser"];

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct What {
    /// Fewer and shorter runs: for a first look.
    #[arg(long)]
    quick: bool,
    /// Beside others that do the same: a FastAPI service.
    #[arg(long)]
    peers: bool,
    /// Only this, instead of all.
    #[arg(long, value_parser = SCENARIOS)]
    only: Option<String>,
    /// Measure this program, and build none.
    #[arg(long)]
    program: Option<String>,
}

const LIMIT: &str = "target/release/limit";

pub(crate) fn measure(what: &What) -> Result<()> {
    if std::thread::available_parallelism()?.get() < 2 {
        bail!("the load comes from a second processor, and this machine has one: measure on another");
    }
    tools::wrk()?;
    let program = match &what.program {
        Some(program) => program,
        None => {
            dist::build()?;
            dist::PROGRAM
        }
    };
    say("building what it is compared with");
    let build = ["build", "--release", "--locked", "--package", "bench", "--package", "limit"];
    run("cargo", &build)?;
    let results = format!("bench/results/{}.json", name()?);
    let only = what.only.as_deref().unwrap_or_default();
    let mut with = vec!["-c", "1", "target/release/bench", "--docket", program, "--limit", LIMIT, "--only", only];
    with.extend(["--results", &results]);
    let python = match what.peers {
        true => Some(tools::python_packages("target/python-peers", "bench/peers/fastapi/requirements.txt")?),
        false => None,
    };
    if let Some(python) = &python {
        with.extend(["--fastapi", python]);
    }
    let chromium = match "browser".contains(only) {
        true => {
            tools::npm_packages("bench/browser")?;
            Some(tools::chromium()?)
        }
        false => None,
    };
    if let Some(chromium) = &chromium {
        with.extend(["--chromium", chromium]);
    }
    if tools::servers()? {
        with.push("--postgres");
    }
    if what.quick {
        with.push("--quick");
    }
    say("measuring: servers on the first processor, load from the second. Leave the machine alone meanwhile");
    run("taskset", &with)?;
    say(&format!("the results are in {results}"));
    Ok(())
}

// The day and the state of the code, so that results line up.
fn name() -> Result<String> {
    let day = output("date", &["+%Y-%m-%d-%H%M"]).unwrap_or_default();
    let commit = output("git", &["rev-parse", "--short", "HEAD"]).unwrap_or_default();
    Ok(format!("{}-{}", day.trim(), commit.trim()))
}
