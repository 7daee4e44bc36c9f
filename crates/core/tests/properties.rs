//! The table of `docs/properties.md` against the tags in the tests of every language: a property that loses a test of
//! its row fails here.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const TAG: &str = concat!("Feature: external-scorm-bridge, ", "Property ");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Number of a property and the file that is said to test it.
fn listed() -> BTreeSet<(u32, String)> {
    let page = fs::read_to_string(root().join("docs/properties.md")).unwrap();
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.split('|').skip(1).map(str::trim);
        Some((cells.next()?.parse().ok()?, cells.nth(1)?.to_owned()))
    });
    rows.flat_map(|(number, cell): (u32, String)| {
        let files = cell
            .split(", ")
            .map(|file| file.trim_matches('`').to_owned());
        files.map(|file| (number, file)).collect::<Vec<_>>()
    })
    .collect()
}

/// The same from the tags.
fn tagged(folder: &str, found: &mut BTreeSet<(u32, String)>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{folder}/{name}");
        if entry.file_type().unwrap().is_dir() {
            if !["node_modules", "target", "dist"].contains(&name.as_str()) {
                tagged(&path, found);
            }
        } else if [".rs", ".ts", ".php", ".phpt"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            let text = fs::read_to_string(entry.path()).unwrap();
            for (at, _) in text.match_indices(TAG) {
                let digits: String = text[at + TAG.len()..]
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                found.insert((digits.parse().unwrap(), path.clone()));
            }
        }
    }
}

#[test]
fn every_property_has_the_tests_of_its_row() {
    let mut found = BTreeSet::new();
    for folder in [
        "crates",
        "ext/tests",
        "js",
        "moodle-plugin/tests",
        "tests/e2e",
    ] {
        tagged(folder, &mut found);
    }
    let listed = listed();
    let lost: Vec<_> = listed.difference(&found).collect();
    assert!(lost.is_empty(), "no tag for {lost:?}");
    let numbers: BTreeSet<u32> = listed.iter().map(|&(number, _)| number).collect();
    assert!(numbers.is_superset(&[1, 2, 3, 4, 5, 6, 11, 12, 14, 20, 21].into()));
}
