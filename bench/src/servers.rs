//! The programs that are measured, each on a processor of its own.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use crate::Arguments;

/// Where servers run; the load comes from the other processor.
pub(crate) const SERVERS: &str = "0";
/// Where the load comes from.
pub(crate) const LOAD: &str = "1";

const PATIENCE: Duration = Duration::from_secs(60);
/// In `/proc`, a hundredth of a second (`man 5 proc`, `sysconf(_SC_CLK_TCK)` on Linux).
const TICKS: f64 = 100.0;

/// A program that answers calls. Ends when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    child: Child,
}

/// A command on one processor, that ends with us.
pub(crate) fn pinned(processor: &str, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", processor]).arg(program).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The settings that Docket is measured with: its own defaults, but for limits, which would refuse the load.
pub(crate) fn settings(folder: &Path, database: Option<&str>) -> Vec<(&'static str, String)> {
    let mut settings = vec![
        ("DOCKET_ADDR", "127.0.0.1:0".to_owned()),
        ("DOCKET_DATA_DIR", folder.display().to_string()),
        ("DOCKET_LOG_FORMAT", "json".to_owned()),
        ("DOCKET_STOP_DELAY", "0ms".to_owned()),
    ];
    settings.extend(testing::LIMITS.iter().map(|limit| (*limit, "off".to_owned())));
    settings.extend(database.map(|url| ("DOCKET_DATABASE_URL", url.to_owned())));
    settings
}

impl Server {
    /// Docket on data that is there.
    pub(crate) async fn docket(arguments: &Arguments, settings: &[(&'static str, String)]) -> Result<Self> {
        let mut command = pinned(SERVERS, &arguments.docket);
        command.env_clear().env("PATH", path()).envs(settings.iter().map(|(name, value)| (name, value)));
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let lines = child.stderr.take().context("it tells its address")?;
        let line = line_with(lines, "Docket is ready").await?;
        let line: serde_json::Value = serde_json::from_str(&line)?;
        let url = line["fields"]["addr"].as_str().context("it tells its address")?;
        Ok(Self { url: format!("http://{url}"), child })
    }

    /// Any other one, which tells its address in a line on standard output.
    pub(crate) async fn other(program: &Path, with: &[&str]) -> Result<Self> {
        let mut command = pinned(SERVERS, program);
        let mut child = command.args(with).stdout(Stdio::piped()).spawn()?;
        let lines = child.stdout.take().context("it tells its address")?;
        let url = line_with(lines, "http://").await?;
        Ok(Self { url, child })
    }

    fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Processor time so far, in seconds.
    pub(crate) fn processor_time(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid()))?;
        // The name, in brackets, may hold anything; utime and stime are the 12th and 13th behind it.
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks: f64 = fields.iter().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
        Ok(ticks / TICKS)
    }

    /// Waits until it has done what it was asked for last, as who asked does not: it would take processor time from who comes
    /// next.
    ///
    /// # Errors
    /// When it does not come to rest.
    pub(crate) async fn rest(&self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let before = self.processor_time()?;
            tokio::time::sleep(Duration::from_millis(200)).await;
            // A tenth of it at most.
            if self.processor_time()? - before <= 0.02 {
                return Ok(());
            }
        }
        bail!("a server goes on working {PATIENCE:?} after the last call")
    }

    /// Resident memory in megabytes: now (`VmRSS`), or at its highest (`VmHWM`).
    pub(crate) fn memory(&self, line: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find(|found| found.starts_with(line)).context("the line is there")?;
        let kib: f64 = line.split_whitespace().nth(1).context("it has a number")?.parse()?;
        Ok(kib * 1024.0 / 1e6)
    }

    /// Ends it, and waits until it has.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let pid = self.pid().to_string();
        std::process::Command::new("kill").args(["-s", "TERM", &pid]).status()?;
        self.child.wait().await?;
        Ok(())
    }
}

/// Runs Docket's program to its end; answers what it prints.
pub(crate) async fn run(
    arguments: &Arguments,
    with: &[&str],
    settings: &[(&'static str, String)],
    input: &str,
) -> Result<()> {
    use tokio::io::AsyncWriteExt;
    let mut command = Command::new(&arguments.docket);
    command.args(with).env_clear().env("PATH", path()).envs(settings.iter().map(|(name, value)| (name, value)));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).await?;
    }
    match child.wait().await?.success() {
        true => Ok(()),
        false => bail!("docket {with:?} failed"),
    }
}

/// A folder on the disk that the project is on: a temporary one may lie in memory, where nothing is durable.
pub(crate) fn folder() -> Result<TempDir> {
    fs::create_dir_all("target/bench")?;
    Ok(TempDir::new_in("target/bench")?)
}

#[expect(clippy::disallowed_methods, reason = "where programs are is no setting of Docket")]
fn path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

// The first line that holds a text. The rest is read too, or the program would block on a full pipe.
async fn line_with(stream: impl AsyncRead + Unpin + Send + 'static, text: &str) -> Result<String> {
    let mut lines = BufReader::new(stream).lines();
    let begun = Instant::now();
    let mut said = String::new();
    while begun.elapsed() < PATIENCE {
        let Some(line) = lines.next_line().await? else { break };
        if line.contains(text) {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(line);
        }
        said += &(line + "\n");
    }
    bail!("a server did not start; it said: {said}")
}
