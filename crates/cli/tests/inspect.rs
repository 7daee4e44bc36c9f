//! `scormbridge inspect` on everything a person may point it at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::{
    fs::{self, File},
    io::Write,
    path::PathBuf,
};

use support::{cdn, command, manifest, package, scormbridge, text};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

fn zip_of(entries: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
    (folder, path)
}

#[test]
fn a_folder_a_manifest_and_a_zip_tell_the_same() {
    let folder = package();
    let manifest_file = folder.path().join("imsmanifest.xml");
    let (_keep, zip) = zip_of(&[
        (
            "imsmanifest.xml",
            manifest("pages/the%20lesson.html").as_bytes(),
        ),
        ("pages/the lesson.html", b"<p>Hello"),
    ]);
    for place in [folder.path(), &manifest_file, &zip] {
        let ran = scormbridge(&["inspect", text(place)]);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.out);
        for said in [
            "Fire safety\nSCORM 2004 3rd edition",
            "* O  Fire safety (items: 1)",
            "sco   I  Lesson",
            "pages/the%20lesson.html?lang=en",
            "Sequencing: 1 activities, 1 rules, 0 rollup rules, 0 objectives, choice in 1, flow in 1",
        ] {
            assert!(ran.out.contains(said), "{said} is missing in\n{}", ran.out);
        }
        let json = scormbridge(&["inspect", "--json", text(place)]).json();
        assert_eq!(json["version"], "2004");
        assert_eq!(json["edition"], "3rd");
        assert_eq!(json["organizations"][0]["default"], true);
        assert_eq!(json["scos"][0]["launch"], "pages/the%20lesson.html?lang=en");
        assert_eq!(json["sequencing"]["rules"], 1);
        assert_eq!(json["faults"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn faults_of_a_package_end_in_status_1() {
    for (launch, code) in [
        ("missing.html", "launch_missing"),
        ("pages", "launch_missing"),
        ("../outside.html", "launch_elsewhere"),
        ("%2e%2e/outside.html", "launch_elsewhere"),
        ("https://cdn.example.com/a.html", "launch_elsewhere"),
        ("", "no_launchable_sco"),
    ] {
        let folder = package();
        fs::write(folder.path().join("imsmanifest.xml"), manifest(launch)).unwrap();
        let ran = scormbridge(&["inspect", "--json", text(folder.path())]);
        assert_eq!(
            (ran.status, &ran.json()["faults"][0]["code"]),
            (1, &code.into()),
            "{launch}"
        );
        let ran = scormbridge(&["inspect", text(folder.path())]);
        assert!(
            ran.status == 1 && ran.out.contains("\nFaults (1)\n"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn what_is_no_package_is_told_apart() {
    let folder = package();
    let at = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let empty = TempDir::new().unwrap();
    let (_a, elsewhere) = zip_of(&[
        ("course/imsmanifest.xml", b"<manifest/>"),
        ("course/a/imsmanifest.xml", b""),
    ]);
    let (_b, none) = zip_of(&[("index.html", b"<p>")]);
    for (path, status, code) in [
        (folder.path().join("nowhere"), 2, "not_found"),
        (empty.path().to_owned(), 1, "no_manifest"),
        (at("page.html", b"<!doctype html><p>"), 1, "manifest_"),
        (
            at("broken.xml", b"<manifest><organizations>"),
            1,
            "manifest_truncated",
        ),
        (at("other.xml", b"<rss/>"), 1, "manifest_not_manifest"),
        (at("empty.xml", b""), 1, "manifest_empty"),
        (at("broken.zip", b"PK\x03\x04 and then nothing"), 1, "zip"),
        (elsewhere, 1, "manifest_in_folder"),
        (none, 1, "no_manifest"),
    ] {
        let ran = scormbridge(&["inspect", text(&path)]);
        assert_eq!((ran.status, ran.out.as_str()), (status, ""), "{path:?}");
        assert!(
            ran.err.starts_with("error: ") && ran.err.len() > 20,
            "{}",
            ran.err
        );
        let json = scormbridge(&["inspect", text(&path), "--json"]);
        assert_eq!(json.status, status);
        assert!(
            json.json()["faults"][0]["code"]
                .as_str()
                .unwrap()
                .starts_with(code),
            "{}",
            json.out
        );
    }
}

#[test]
fn a_zip_bomb_is_read_no_further_than_a_manifest_may_be_long() {
    let bomb = vec![b' '; 64 * 1024 * 1024];
    let (_keep, zip) = zip_of(&[("imsmanifest.xml", &bomb)]);
    assert!(fs::metadata(&zip).unwrap().len() < 100_000);
    let ran = scormbridge(&["inspect", "--json", text(&zip)]);
    assert_eq!(
        (ran.status, &ran.json()["faults"][0]["code"]),
        (1, &"manifest_too_large".into())
    );
    assert!(
        ran.out.contains(&format!("{}", 16 * 1024 * 1024 + 1)),
        "it stopped after one byte too many: {}",
        ran.out
    );
}

#[test]
fn a_package_cannot_take_over_the_terminal() {
    let folder = package();
    let evil = manifest("pages/the%20lesson.html").replace("Fire safety", "&#x9b;31mFire\u{85}");
    fs::write(folder.path().join("imsmanifest.xml"), evil).unwrap();
    let ran = scormbridge(&["inspect", text(folder.path())]);
    assert!(
        !ran.out.chars().any(|c| c.is_control() && c != '\n'),
        "{:?}",
        ran.out
    );
    assert!(ran.out.contains("\u{fffd}31mFire"));
}

#[test]
fn a_url_is_looked_at_as_the_learning_site_would() {
    let folder = package();
    let base = format!("http://127.0.0.1:{}", cdn(folder.path(), |stream| stream));
    let lms = "https://moodle.example.org";
    // A proxy that nobody listens at: it is not asked.
    let inspect = |url: &str| {
        command()
            .args(["inspect", "--json", "--dev-loopback", "--lms", lms, url])
            .env("http_proxy", "http://127.0.0.1:1")
            .env("ALL_PROXY", "http://127.0.0.1:1")
            .output()
            .unwrap()
    };
    for url in [
        format!("{base}/"),
        format!("{base}/imsmanifest.xml"),
        format!("{base}/pages/x.html"),
    ] {
        let ran = support::Ran::from(inspect(&url));
        assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
        let json = ran.json();
        assert_eq!(
            json["scos"][0]["launch"],
            format!("{base}/pages/the%20lesson.html?lang=en")
        );
        assert_eq!(json["delivery"]["direct"]["reason"], "relay_missing");
        assert_eq!(json["delivery"]["sandbox"]["usable"], true);
    }

    assert_eq!(
        scormbridge(&["relay", text(folder.path()), "--lms", lms]).status,
        0
    );
    let json = support::Ran::from(inspect(&base)).json();
    assert_eq!(
        json["delivery"]["direct"],
        serde_json::json!({"usable": true, "reason": "", "details": {}})
    );
    let ran = scormbridge(&[
        "inspect",
        "--dev-loopback",
        "--lms",
        "https://other.example",
        &base,
    ]);
    assert!(
        ran.out
            .contains("direct  no: relay_origin (origin https://other.example"),
        "{}",
        ran.out
    );

    fs::remove_file(folder.path().join("pages/the lesson.html")).unwrap();
    let ran = support::Ran::from(inspect(&base));
    assert_eq!(
        (ran.status, &ran.json()["faults"][0]["code"]),
        (1, &"probe_launch_missing".into())
    );
}

#[test]
fn a_url_is_held_to_the_rules() {
    for (url, code) in [
        ("http://127.0.0.1:9/", "url_scheme"),
        ("https://10.0.0.1/", "url_private_address"),
        ("ftp://cdn.example.com/", "url_scheme"),
    ] {
        let ran = scormbridge(&["inspect", "--json", url]);
        assert_eq!(
            (ran.status, &ran.json()["faults"][0]["code"]),
            (1, &code.into()),
            "{url}"
        );
    }
}

#[test]
fn wrong_use_ends_in_status_2_and_help_helps() {
    for arguments in [
        &["inspect"][..],
        &[],
        &["unknown"],
        &["inspect", "a", "b"],
        &["inspect", "--lms", "x", "a"],
    ] {
        let ran = scormbridge(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.err.is_empty());
    }
    let ran = scormbridge(&["--help"]);
    assert!(
        ran.status == 0 && ran.out.contains("inspect") && ran.out.contains("Exit status"),
        "{}",
        ran.out
    );
    assert!(
        scormbridge(&["inspect", "--help"])
            .out
            .contains("--dev-loopback")
    );
}

/// mod_scorm's own packages, from a Moodle in the cache folder; they may not be committed.
#[test]
fn packages_of_mod_scorm_are_understood() {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .unwrap();
    let packages = cache.join("externalscormbridge/moodle-4.5/mod/scorm/tests/packages");
    let expected = [
        ("RuntimeBasicCalls_SCORM20043rdEdition.zip", 0, "2004", 1),
        ("RuntimeMinimumCalls_SCORM12.zip", 0, "1.2", 18),
        ("complexscorm.zip", 0, "1.2", 8),
        ("singlesco_scorm12.zip", 0, "1.2", 1),
        ("singlescobasic.zip", 0, "1.2", 1),
        ("badscorm.zip", 1, "", 0),
        ("invalid.zip", 1, "", 0),
    ];
    if !packages.is_dir() {
        println!(
            "SKIPPED {} packages of mod_scorm: {} is absent",
            expected.len(),
            packages.display()
        );
        return;
    }
    for (name, status, version, scos) in expected {
        let ran = scormbridge(&["inspect", "--json", text(&packages.join(name))]);
        assert_eq!(ran.status, status, "{name}: {}", ran.out);
        let json = ran.json();
        assert_eq!(
            json["version"].as_str().unwrap_or_default(),
            version,
            "{name}"
        );
        assert_eq!(json["scos"].as_array().map_or(0, Vec::len), scos, "{name}");
    }
}
