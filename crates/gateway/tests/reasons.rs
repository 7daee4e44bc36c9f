//! Every reason that an instructor can be given has words in the Moodle plugin's language file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Families that nobody reads but the log and the programs: tickets and content requests (the page says its own words),
/// keys, sealed values, the wire format, and the border to PHP, whose errors are mistakes of a program.
const UNREAD: [&str; 9] = [
    "ticket_",
    "content_",
    "key_",
    "seal_",
    "journal_",
    "stored_",
    "input_",
    "result_",
    "fetch_other_process",
];

/// The data model answers a SCO by error codes; its reasons stay in the acknowledgement.
const DATA_MODEL: &str = "cmi/error.rs";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The text literals of `code`, without those of its comments.
fn literals(code: &str) -> impl Iterator<Item = &str> {
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
}

/// What stands between `start` and the first line that closes the function it begins.
fn bodies<'a>(code: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    code.split(start)
        .skip(1)
        .map(|rest| rest.split("\n    }\n").next().unwrap_or(rest))
}

/// Reasons as the plugin names their words, from the sources of every crate that PHP calls.
fn reasons() -> BTreeSet<String> {
    let mut files = Vec::new();
    for folder in ["crates/core/src", "crates/gateway/src", "ext/src"] {
        sources(&root().join(folder), &mut files);
    }
    let mut found = BTreeSet::new();
    for file in files {
        let code = fs::read_to_string(&file).unwrap();
        if !file.ends_with(DATA_MODEL) {
            let reasons = bodies(&code, "fn reason(").flat_map(literals);
            found.extend(reasons.map(str::to_owned));
        }
        // The border to PHP has a few of its own: the kind of exception, then the reason.
        let failures = code.split("Failure::new(").skip(1);
        found.extend(failures.filter_map(|rest| {
            let (_, rest) = rest.split(';').next()?.split_once(',')?;
            rest.trim_start()
                .strip_prefix('"')?
                .split('"')
                .next()
                .map(str::to_owned)
        }));
        let obstacles = code.split("Obstacle::new(\"").skip(1);
        found.extend(obstacles.map(|rest| format!("delivery_{}", rest.split('"').next().unwrap())));
        if file.ends_with("probe/page.rs") {
            let troubles = bodies(&code, "fn code(").flat_map(literals);
            found.extend(troubles.map(|code| format!("delivery_{code}")));
        }
    }
    found.retain(|reason| !UNREAD.iter().any(|family| reason.starts_with(family)));
    found
}

/// Names of the plugin's strings.
fn strings() -> BTreeSet<String> {
    let file = root().join("moodle-plugin/lang/en/local_externalscormbridge.php");
    let text = fs::read_to_string(file).unwrap();
    let names = text.split("$string['").skip(1);
    names
        .map(|rest| rest.split('\'').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_reason_has_words() {
    let (reasons, strings) = (reasons(), strings());
    for known in [
        "url_scheme",
        "manifest_truncated",
        "fetch_tls",
        "fetch_runtime",
        "probe_launch_missing",
        "pattern_host",
        "delivery_relay_missing",
        "delivery_sandbox_frames",
    ] {
        assert!(reasons.contains(known), "{known} is not found any more");
    }
    let wordless: Vec<_> = reasons
        .iter()
        .filter(|reason| !strings.contains(&format!("error_{reason}")))
        .collect();
    assert!(wordless.is_empty(), "without words: {wordless:?}");
}

#[test]
fn no_words_are_left_of_reasons_that_are_gone() {
    let reasons = reasons();
    let families = [
        "url_",
        "manifest_",
        "fetch_",
        "probe_",
        "pattern_",
        "delivery_",
    ];
    let orphans: Vec<_> = strings()
        .into_iter()
        .filter_map(|name| name.strip_prefix("error_").map(str::to_owned))
        .filter(|reason| families.iter().any(|family| reason.starts_with(family)))
        .filter(|reason| !reasons.contains(reason) && reason != "delivery_no_content_host")
        .collect();
    assert!(orphans.is_empty(), "nobody says: {orphans:?}");
}
