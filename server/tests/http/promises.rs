//! What `docs/security.md` promises is shown by tests that exist and carry the promise's number, in their name or in a
//! comment before them.

use std::path::{Path, PathBuf};

/// Where tests are.
const PLACES: [&str; 5] = ["src", "app/src", "tests", "server", "end2end/tests"];

fn sources(folder: &Path, found: &mut Vec<String>) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "ts") {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// The lines of a test's attributes and comments, up to its name; `None` when there is no such test.
fn head(sources: &[String], name: &str) -> Option<String> {
    sources.iter().find_map(|text| {
        let lines: Vec<_> = text.lines().collect();
        let at = lines.iter().position(|line| {
            line.contains(&format!("fn {name}(")) || line.trim_start().starts_with(&format!("test(\"{name}\""))
        })?;
        let belongs = |line: &&&str| ["//", "#["].iter().any(|start| line.trim_start().starts_with(start));
        let head = lines[..at].iter().rev().take_while(belongs).copied();
        let is_test =
            lines[at].contains("test(\"") || head.clone().any(|line| line.contains("test]") || line.contains("::test"));
        is_test.then(|| head.collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn every_promise_has_tests_that_carry_its_number() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut all = Vec::new();
    PLACES.iter().for_each(|place| sources(&root.join(place), &mut all));
    let promises = std::fs::read_to_string(root.join("docs/security.md")).unwrap();
    let rows = promises.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit());
    let mut count = 0;
    for (number, row) in (1..).zip(rows) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells[0], number.to_string(), "the rows are counted");
        assert!(cells.len() == 4 && !cells[2].is_empty(), "{row}");
        let tests: Vec<_> = cells[3].split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "promise {number} is not shown by anything");
        for test in tests {
            let head = head(&all, test).unwrap_or_else(|| panic!("promise {number}: there is no test {test}"));
            let named = test.split('_').any(|word| word == format!("r{number}"));
            let noted = head.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == format!("R{number}"));
            assert!(named || noted, "{test} does not say that it shows promise {number}");
        }
        count = number;
    }
    assert_eq!(count, 48);
}
