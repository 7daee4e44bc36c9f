//! What must hold for any bytes at all: one body for each thing that strangers send.
//!
//! `cargo test` runs the bodies on the corpus and on seeded mutations of it (`tests/fuzz.rs`); the targets in `fuzz/`
//! run the same bodies under libFuzzer. A body asserts laws and returns the verdict, so that a corpus file can say in
//! its name which one it stands for. Nothing here may depend on time, place or a previous input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    unreachable_pub,
    reason = "a body fails as a test does, and a target uses one of them"
)]

mod data_model;
mod package;
mod secrets;

/// `accepted`, or the code of the reason to refuse.
pub type Verdict = &'static str;

pub const ACCEPTED: Verdict = "accepted";
/// Bytes that no front would hand on as text.
pub const NOT_TEXT: Verdict = "not_text";

/// One thing to attack.
pub struct Target {
    /// Name of the libFuzzer target and of the corpus folder.
    pub name: &'static str,
    pub body: fn(&[u8]) -> Verdict,
    /// What each reason of its refusals begins with.
    pub reasons: &'static [&'static str],
}

pub const TARGETS: &[Target] = &[
    Target {
        name: "manifest",
        body: package::manifest,
        reasons: &["manifest_"],
    },
    Target {
        name: "url_policy",
        body: package::url_policy,
        reasons: &["url_", "pattern_"],
    },
    Target {
        name: "journal",
        body: data_model::journal,
        reasons: &["journal_"],
    },
    Target {
        name: "replay",
        body: data_model::replay,
        reasons: &["journal_", "stored_", "shape"],
    },
    Target {
        name: "ticket",
        body: secrets::ticket,
        reasons: &["ticket_"],
    },
    Target {
        name: "sealed",
        body: secrets::sealed,
        reasons: &["seal_"],
    },
];

/// Runs the body of `name`, and holds it to its reasons.
pub fn run(name: &str, data: &[u8]) -> Verdict {
    let target = TARGETS
        .iter()
        .find(|target| target.name == name)
        .expect("a target of this name");
    let verdict = (target.body)(data);
    let known = [ACCEPTED, NOT_TEXT].contains(&verdict)
        || target
            .reasons
            .iter()
            .any(|family| verdict.starts_with(family));
    assert!(known, "{name} refuses with {verdict}");
    verdict
}
