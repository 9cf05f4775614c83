//! The browser tests: Playwright against the release build.

use anyhow::Result;

use crate::{shell, tools};

pub(crate) fn test(program: &str, arguments: &[String]) -> Result<()> {
    let chromium = tools::chromium()?;
    let mut command = vec!["--prefix".to_owned(), "end2end".into(), "run".into(), "test".into(), "--".into()];
    command.extend_from_slice(arguments);
    shell::run_with("npm", &command, &[("CHROMIUM", &chromium), ("PROGRAM", program)])
}
