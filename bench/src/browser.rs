//! What is measured in Chromium: by a script of its own, as the libraries for it are JavaScript's.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::Arguments;
use crate::report::Budget::{AtLeast, AtMost};
use crate::report::Report;

/// A line that the script prints.
#[derive(Debug, Deserialize)]
struct Measured {
    what: String,
    value: f64,
    unit: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

/// Lighthouse, a toggle in a long list, and how long a page takes until it can be worked with.
pub(crate) async fn measure(arguments: &Arguments, chromium: &Path, report: &mut Report) -> Result<()> {
    eprintln!("browser");
    // Not on the processor that the load of the other scenarios comes from alone: browser and Docket share both.
    let mut script = tokio::process::Command::new("taskset");
    script.args(["-c", "0,1", "node", "bench/browser/measure.mjs"]).arg(&arguments.docket).arg(chromium);
    // Not by tokio's `output()`, which pipes stderr whatever was set: what is said of a failure shall be seen.
    let script = script.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let output = script.wait_with_output().await?;
    let (ended, told) = (output.status, String::from_utf8_lossy(&output.stdout));
    let last = told.lines().last().unwrap_or("nothing");
    ensure!(
        ended.success(),
        "the browser could not be measured ({ended}); if it said why, that is above, and what it told last is {last}"
    );
    for line in told.lines() {
        let measured: Measured = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let unit: &'static str = match measured.unit.as_str() {
            "ms" => "ms",
            "bytes" => "bytes",
            "of 100" => "of 100",
            _ => "",
        };
        match (measured.at_least, measured.at_most) {
            (Some(least), _) => report.judge(measured.what, measured.value, unit, AtLeast(least)),
            (_, Some(most)) => report.judge(measured.what, measured.value, unit, AtMost(most)),
            _ => report.note(measured.what, measured.value, unit),
        }
    }
    Ok(())
}
