//! The browser tests: Playwright against the release build, with a Redis server where one can be had.

use anyhow::Result;

use crate::{shell, tools};

pub(crate) fn test(program: &str, arguments: &[String]) -> Result<()> {
    let chromium = tools::chromium()?;
    let mut command = vec!["npm", "--prefix", "end2end", "run", "test", "--"];
    command.extend(arguments.iter().map(String::as_str));
    if tools::servers()? {
        command.splice(0..0, ["cargo", "run", "--locked", "--quiet", "--package", "testing", "--"]);
    }
    shell::run_with(command[0], &command[1..], &[("CHROMIUM", &chromium), ("PROGRAM", program)])
}
