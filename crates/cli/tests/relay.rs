//! `scormbridge relay`: three files beside a package, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use support::{package, scormbridge, text};
use tempfile::TempDir;

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(
                    path.strip_prefix(folder).unwrap().to_owned(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    found
}

fn config(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("scormbridge/relay.json")).unwrap()).unwrap()
}

#[test]
fn the_relay_is_written_once_and_then_left_alone() {
    let folder = package();
    let before = files(folder.path());
    let arguments = [
        "relay",
        text(folder.path()),
        "--lms",
        "https://moodle.example.org",
    ];
    let ran = scormbridge(&arguments);
    assert_eq!(
        (ran.status, ran.out.matches("wrote").count()),
        (0, 3),
        "{}{}",
        ran.out,
        ran.err
    );

    let written = files(folder.path());
    let added: Vec<_> = written
        .keys()
        .filter(|path| !before.contains_key(*path))
        .map(|path| text(path))
        .collect();
    assert_eq!(
        added,
        [
            "scormbridge/relay.html",
            "scormbridge/relay.js",
            "scormbridge/relay.json"
        ]
    );
    assert!(
        before
            .iter()
            .all(|(path, content)| written[path] == *content),
        "the package itself was touched"
    );
    let expected = json!({"relay": env!("CARGO_PKG_VERSION"), "protocol": 1, "origins": ["https://moodle.example.org"]});
    assert_eq!(config(folder.path()), expected);

    // The page carries the same configuration, in its one place.
    let page = String::from_utf8(written[Path::new("scormbridge/relay.html")].clone()).unwrap();
    let (_, rest) = page.split_once("id=\"scormbridge-config\">").unwrap();
    let (inside, _) = rest.split_once("</script>").unwrap();
    assert_eq!(serde_json::from_str::<Value>(inside).unwrap(), expected);

    let again = scormbridge(&arguments);
    assert_eq!(
        (again.status, again.out.matches("unchanged").count()),
        (0, 3),
        "{}",
        again.out
    );
    assert_eq!(files(folder.path()), written);

    let more = [
        "relay",
        text(folder.path()),
        "--lms",
        "https://a.example",
        "--lms",
        "https://b.example",
    ];
    let ran = scormbridge(&more);
    assert_eq!(
        (
            ran.out.matches("wrote").count(),
            ran.out.matches("unchanged").count()
        ),
        (2, 1),
        "{}",
        ran.out
    );
    assert_eq!(
        config(folder.path())["origins"],
        json!(["https://a.example", "https://b.example"])
    );
}

#[test]
fn origins_are_written_as_browsers_compare_them() {
    for (given, origin) in [
        ("https://moodle.example.org", "https://moodle.example.org"),
        ("https://Moodle.Example.ORG/", "https://moodle.example.org"),
        (
            "https://moodle.example.org:443",
            "https://moodle.example.org",
        ),
        (
            "https://moodle.example.org:8443",
            "https://moodle.example.org:8443",
        ),
        ("https://müller.example", "https://xn--mller-kva.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
    ] {
        let folder = package();
        let ran = scormbridge(&["relay", text(folder.path()), "--lms", given, "--lms", given]);
        assert_eq!(ran.status, 0, "{}", ran.err);
        assert_eq!(config(folder.path())["origins"], json!([origin]), "{given}");
    }
}

#[test]
fn what_is_no_origin_writes_nothing() {
    for given in [
        "",
        "*",
        "null",
        "moodle.example.org",
        "http://moodle.example.org",
        "ftp://moodle.example.org",
        "https://moodle.example.org/moodle",
        "https://moodle.example.org/?a",
        "https://moodle.example.org/#a",
        "https://user@moodle.example.org",
        "https://*.example.org",
        "javascript:alert(1)",
    ] {
        let folder = package();
        let before = files(folder.path());
        let ran = scormbridge(&[
            "relay",
            text(folder.path()),
            "--lms",
            "https://good.example",
            "--lms",
            given,
        ]);
        assert_eq!(ran.status, 2, "{given}: {}", ran.out);
        assert!(ran.err.contains("is no origin"), "{}", ran.err);
        assert_eq!(files(folder.path()), before);
    }
    assert_eq!(
        scormbridge(&["relay", "."]).status,
        2,
        "a relay that trusts nobody is of no use"
    );
}

#[test]
fn only_a_package_gets_a_relay() {
    let empty = TempDir::new().unwrap();
    let lms = ["--lms", "https://moodle.example.org"];
    let ran = scormbridge(&[&["relay", text(empty.path())][..], &lms].concat());
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("holds no imsmanifest.xml"), "{}", ran.err);
    assert!(files(empty.path()).is_empty());

    let nowhere = empty.path().join("nowhere");
    assert_eq!(
        scormbridge(&[&["relay", text(&nowhere)][..], &lms].concat()).status,
        2
    );

    let blocked = package();
    fs::write(
        blocked.path().join("scormbridge"),
        "a file where the folder should be",
    )
    .unwrap();
    let ran = scormbridge(&[&["relay", text(blocked.path())][..], &lms].concat());
    assert!(
        ran.status == 1 && ran.err.contains("cannot be written"),
        "{}",
        ran.err
    );
}
