//! Runs a program on Postgres and Redis servers of its own: `cargo run --package testing -- target/debug/docket serve`.
//!
//! The program finds them in `DOCKET_DATABASE_URL` and `DOCKET_REDIS_URL`; they end with it.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("tell which program to run, with its arguments");
        return ExitCode::FAILURE;
    };
    let ended = Command::new(&program)
        .args(arguments)
        .env("DOCKET_DATABASE_URL", testing::postgres().fresh_database())
        .env("DOCKET_REDIS_URL", testing::redis().fresh_database())
        .status();
    match ended {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot start {program}: {error}");
            ExitCode::FAILURE
        }
    }
}
