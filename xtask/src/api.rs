//! The REST API, looked at by tools that nobody here wrote: a linter, a generator of clients, and a fuzzer.

use std::path::Path;

use anyhow::Result;

use crate::shell::{run, run_with, say};
use crate::test::{SERVER_SIDE, cargo};
use crate::tools;

/// The description that is checked in; a test compares it with what the program says.
const DESCRIPTION: &str = "docs/openapi.json";
const CLIENT: &str = "target/api/client.ts";
const PROGRAM: &str = "target/debug/docket";

/// Cases for each call: a look at every commit, and a search where there is time.
const FEW: &str = "20";
const MANY: &str = "300";

pub(crate) fn test(deep: bool) -> Result<()> {
    tools::npm_packages(tools::END2END)?;
    say("checking the API's description");
    npx(&["redocly", "lint", "--extends=recommended", DESCRIPTION])?;
    say("making a client from the API's description");
    std::fs::create_dir_all(Path::new(CLIENT).parent().unwrap_or(Path::new(".")))?;
    npx(&["openapi-typescript", DESCRIPTION, "--output", CLIENT])?;
    npx(&["tsc", "--noEmit", "--strict", "--skipLibCheck", CLIENT])?;
    let python = tools::python_packages("target/python", "end2end/api/requirements.txt")?;
    say("trying the API with generated calls");
    // The program comes with the tests of what it says.
    cargo(&format!("test --locked {SERVER_SIDE} --test http --no-run"), &[])?;
    // The same few at every commit, so that what fails is the change; new ones whenever somebody looks deeper.
    let cases: &[&str] = if deep { &[MANY] } else { &[FEW, "--seed", "1"] };
    let tried = [&["end2end/api/run.py", PROGRAM], cases].concat();
    run(&python, &tried)?;
    if tools::servers()? {
        say("trying the API with generated calls on Postgres and Redis");
        let on_servers = ["run", "--locked", "--package", "testing", "--", &python];
        run("cargo", &[&on_servers[..], &tried].concat())?;
    }
    Ok(())
}

fn npx(arguments: &[&str]) -> Result<()> {
    let program = format!("end2end/node_modules/.bin/{}", arguments[0]);
    // The linter would tell its makers that it was used.
    run_with(&program, &arguments[1..], &[("REDOCLY_TELEMETRY", "off")])
}
