//! The 189 manifests of the ADL SCORM 2004 4th Edition test suite all parse.
//!
//! They are read from `${XDG_CACHE_HOME:-~/.cache}/externalscormbridge/adl-2004-4ed/<name>/imsmanifest.xml`, where
//! `tests/corpus/adl_manifests.sh` puts them; where they are absent the test says what it skips.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use scormbridge_core::manifest::{self, Edition, Limits, Version};
use scormbridge_core::modscorm;

const COUNT: usize = 189;

fn cache() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    base.unwrap_or_default()
        .join("externalscormbridge/adl-2004-4ed")
}

#[test]
fn every_manifest_of_the_adl_suite_parses_and_can_be_launched() {
    let Ok(folders) = std::fs::read_dir(cache()) else {
        // Straight to the terminal: the test harness keeps what a passing test prints to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED {COUNT} manifests of the ADL suite: {} is absent, see tests/corpus/adl_manifests.sh",
            cache().display()
        );
        return;
    };
    let mut parsed = 0;
    let mut warnings = BTreeMap::new();
    for folder in folders {
        let path = folder.unwrap().path().join("imsmanifest.xml");
        let manifest = manifest::parse(&std::fs::read(&path).unwrap(), &Limits::default())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(manifest.version, Version::V2004, "{}", path.display());
        assert_eq!(
            manifest.edition,
            Some(Edition::Fourth),
            "{}",
            path.display()
        );
        assert!(
            modscorm::tree(&manifest).launch.is_some(),
            "{}",
            path.display()
        );
        for warning in manifest.warnings {
            *warnings.entry(warning.code).or_insert(0) += 1;
        }
        parsed += 1;
    }
    assert_eq!(parsed, COUNT);
    let _ = writeln!(
        std::io::stderr(),
        "ADL suite: {parsed} manifests parsed, warnings {warnings:?}"
    );
}
