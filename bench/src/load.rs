//! Load: as much as a server takes, and at a steady rate.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::task::JoinSet;

use crate::report::quantile;
use crate::servers::{LOAD, Server, pinned};

/// Connections that load a server.
pub(crate) const CONNECTIONS: &str = "16";

/// What `wrk` shall send again and again.
#[derive(Debug, Clone)]
pub(crate) struct Calls {
    /// Lines of Lua that set `wrk.method`, `wrk.headers`, or define `request`.
    pub(crate) script: String,
    /// The path of the first call.
    pub(crate) path: String,
}

/// What a server did under as much load as it takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Answers in a second.
    pub(crate) rate: f64,
    /// Milliseconds that half of the answers took at most; each connection waits for its answer before it asks again.
    pub(crate) p50: f64,
    /// The same for 99 of 100.
    pub(crate) p99: f64,
    /// Microseconds of processor time that one took.
    pub(crate) processor: f64,
}

const DONE: &str = r#"
done = function(summary, latency, requests)
  local wrong = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %f %f\n", summary.requests, summary.duration, wrong, latency:percentile(50), latency:percentile(99)))
end
"#;

/// Sends calls as fast as they are answered, on [`CONNECTIONS`].
pub(crate) async fn press(server: &Server, calls: &Calls, time: Duration) -> Result<Load> {
    let script = tempfile::Builder::new().suffix(".lua").tempfile()?;
    fs::write(script.path(), format!("{}{DONE}", calls.script))?;
    let mut wrk = pinned(LOAD, Path::new("wrk"));
    // How late answers come is what is measured; only none at all is a failure.
    wrk.args(["-t1", "--timeout", "30s", "-c", CONNECTIONS, "-d", &format!("{}s", time.as_secs()), "-s"])
        .arg(script.path());
    let before = server.processor_time()?;
    let output = wrk.arg(format!("{}{}", server.url, calls.path)).output().await?;
    let processor = server.processor_time()? - before;
    server.rest().await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let result = said.lines().find_map(|line| line.strip_prefix("RESULT ")).context("wrk tells what it did")?;
    let numbers: Vec<f64> = result.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    let [requests, micros, wrong, p50, p99] = numbers[..] else { anyhow::bail!("wrk tells five numbers") };
    ensure!(wrong == 0.0, "{wrong} of {requests} calls of {} failed: {said}", calls.path);
    Ok(Load {
        rate: requests / micros * 1e6,
        p50: p50 / 1000.0,
        p99: p99 / 1000.0,
        processor: processor / requests * 1e6,
    })
}

/// Milliseconds that answers took at a steady rate, counted from when each call was due: a call that has to wait because
/// the one before it is late counts that wait too (no coordinated omission).
pub(crate) async fn steady(url: &str, token: &str, rate: f64, time: Duration) -> Result<Latency> {
    let client = reqwest::Client::new();
    let (begun, gap) = (Instant::now(), Duration::from_secs_f64(1.0 / rate));
    let mut due = begun;
    let mut running = JoinSet::new();
    while begun.elapsed() < time {
        tokio::time::sleep_until(due.into()).await;
        let call = client.get(url).bearer_auth(token);
        running.spawn(async move {
            let answer = call.send().await?;
            ensure!(answer.status().is_success(), "a call failed: {}", answer.status());
            answer.bytes().await?;
            Ok(due.elapsed().as_secs_f64() * 1e3)
        });
        due += gap;
    }
    let mut took = Vec::new();
    while let Some(one) = running.join_next().await {
        took.push(one??);
    }
    Ok(Latency { p50: quantile(&mut took, 0.5), p99: quantile(&mut took, 0.99) })
}

/// Milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}
