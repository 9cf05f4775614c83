//! What is done with Chromium: the browser tests, with a Redis server where one can be had, and the pictures of the README.

use anyhow::Result;

use crate::{shell, tools};

pub(crate) fn test(program: &str, arguments: &[String]) -> Result<()> {
    playwright(program, arguments.iter().map(String::as_str))
}

pub(crate) fn screenshots(program: &str) -> Result<()> {
    playwright(program, ["--config", "walk.config.ts"].into_iter())?;
    shell::say("the pictures are in docs/screenshots");
    Ok(())
}

fn playwright<'a>(program: &str, arguments: impl Iterator<Item = &'a str>) -> Result<()> {
    let arguments: Vec<_> = arguments.collect();
    let is_seen = arguments.iter().any(|argument| ["--headed", "--ui", "--debug"].contains(argument));
    let chromium = if is_seen { tools::chromium()? } else { tools::headless_chromium()? };
    let mut command = vec!["npm", "--prefix", "end2end", "run", "test", "--"];
    command.extend(arguments);
    if tools::servers()? {
        command.splice(0..0, ["cargo", "run", "--locked", "--quiet", "--package", "testing", "--"]);
    }
    shell::run_with(command[0], &command[1..], &[("CHROMIUM", &chromium), ("PROGRAM", program)])
}
