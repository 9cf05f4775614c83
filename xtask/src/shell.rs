//! Running other programs, and saying what happens.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Tells what begins now, and when: minutes and seconds since the task began.
pub(crate) fn say(what: &str) {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let seconds = BEGUN.elapsed().as_secs();
    eprintln!("\u{1b}[1mdocket {}:{:02}\u{1b}[0m {what}", seconds / 60, seconds % 60);
}

/// All tasks work from the root of the workspace, wherever they are called.
pub(crate) fn go_to_root() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has a root")?;
    std::env::set_current_dir(root).with_context(|| format!("cannot go to {}", root.display()))
}

/// Runs a program to its end, showing what it prints.
pub(crate) fn run<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Result<()> {
    run_with(program, arguments, &[])
}

/// The same, in other surroundings.
pub(crate) fn run_with<S: AsRef<OsStr>>(program: &str, arguments: &[S], env: &[(&str, &str)]) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).envs(env.iter().copied());
    let status =
        command.status().with_context(|| format!("cannot start {program}: is it installed and on the PATH?"))?;
    if !status.success() {
        bail!("{command:?} failed ({status}); what it printed is above");
    }
    Ok(())
}

/// Becomes another program.
pub(crate) fn exec(program: &str, arguments: &[String]) -> Result<()> {
    let failure = Command::new(program).args(arguments).exec();
    Err(failure).with_context(|| format!("cannot start {program}"))
}

/// What a program prints; `None` when it is missing or fails.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program is there.
pub(crate) fn has(program: &str) -> bool {
    output(program, &["--version"]).is_some()
}
