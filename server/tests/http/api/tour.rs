//! The tour of `docs/api.md`, done as it is written.

use std::process::Command;

use crate::support::Process;

const TOUR: &str = include_str!("../../../../docs/api.md");

/// All that stands between ```` ```sh ```` and ```` ``` ````, in order.
fn commands() -> String {
    let blocks = TOUR.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    blocks.map(|(block, _)| block).collect()
}

#[test]
fn the_tour_in_the_documentation_works_as_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    // Without a mail server, so that the code is found in the development mailbox.
    let process = Process::start(folder.path(), &[]);
    let script = commands().replace("http://localhost:3000", &process.url);
    assert!(script.contains("curl"));
    let done = Command::new("bash").args(["-euo", "pipefail", "-c", &script]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{out}\n{err}");
    let mut shown = out.lines();
    for (line, expected) in TOUR.lines().filter_map(|line| line.split_once("  # → ")) {
        assert!(
            shown.any(|shown| shown == expected),
            "{line} should have shown {expected}; all that was shown is\n{out}\n{err}"
        );
    }
}
