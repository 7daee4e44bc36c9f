//! Our own sample manifests and what they mean: `tests/golden/manifests/<name>/`.
//!
//! * `imsmanifest.xml` the sample,
//! * `manifest.json` what `manifest::parse` says of it,
//! * `tree.json` its rows by `modscorm::tree`,
//! * `native.json` (where mod_scorm can read it) what mod_scorm's own parser stored, see `native_parity.rs`.
//!
//! `UPDATE_GOLDEN=1` writes the first two anew; read the difference before committing it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::path::{Path, PathBuf};

use scormbridge_core::manifest::{self, Limits};
use scormbridge_core::modscorm;
use serde_json::Value;

fn samples() -> Vec<PathBuf> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/manifests");
    let mut samples: Vec<PathBuf> = std::fs::read_dir(golden)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    samples.sort();
    samples
}

fn compare(path: &Path, actual: &Value) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, serde_json::to_string_pretty(actual).unwrap() + "\n").unwrap();
    }
    let expected =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let expected: Value = serde_json::from_str(&expected).unwrap();
    assert_eq!(*actual, expected, "{}", path.display());
}

#[test]
fn every_sample_means_what_its_golden_files_say() {
    let samples = samples();
    assert!(samples.len() >= 8);
    for sample in samples {
        let bytes = std::fs::read(sample.join("imsmanifest.xml")).unwrap();
        let parsed = manifest::parse(&bytes, &Limits::default())
            .unwrap_or_else(|error| panic!("{}: {error}", sample.display()));
        compare(
            &sample.join("manifest.json"),
            &serde_json::to_value(&parsed).unwrap(),
        );
        compare(
            &sample.join("tree.json"),
            &serde_json::to_value(modscorm::tree(&parsed)).unwrap(),
        );
    }
}
