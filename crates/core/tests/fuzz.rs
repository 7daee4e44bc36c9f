//! The fuzz bodies in an ordinary test run: on the committed corpus, and on seeded mutations of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod fuzz_bodies;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use fuzz_bodies::{ACCEPTED, TARGETS, run};
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};

/// Mutated inputs for each target.
const CASES: u32 = 600;
/// Longest mutated input, in bytes.
const MAX_BYTES: usize = 64 * 1024;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

/// Past the test runner's capture, and in one piece.
fn say(line: &str) {
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Name and bytes of each file in the corpus of `target`, in order of name.
fn seeds(target: &str) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(corpus().join(target))
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Manifests as authoring tools write them.
fn golden_manifests() -> impl Iterator<Item = Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/manifests");
    let mut folders: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    folders.sort();
    folders
        .into_iter()
        .map(|folder| fs::read(folder.join("imsmanifest.xml")).unwrap())
}

#[test]
fn every_corpus_file_gets_the_verdict_in_its_name() {
    let (mut files, mut wrong) = (0, Vec::new());
    for target in TARGETS {
        for (name, data) in seeds(target.name) {
            files += 1;
            let (told, _) = name.split_once("--").unwrap_or_default();
            let found = run(target.name, &data);
            if told != found {
                wrong.push(format!("{}/{name}: {found}", target.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    say(&format!(
        "fuzz: corpus: {files} files, each with its verdict"
    ));
}

/// A corpus without the one or the other would let a body pass that accepts or refuses everything.
#[test]
fn every_corpus_has_what_is_accepted_and_what_is_refused() {
    for target in TARGETS {
        let told: BTreeSet<_> = seeds(target.name)
            .into_keys()
            .map(|name| name.split("--").next().unwrap().to_owned())
            .collect();
        // Nothing opens a sealed value but its key.
        assert!(told.contains(ACCEPTED) || target.name == "sealed");
        assert!(told.len() > 2, "{}: {told:?}", target.name);
    }
    let folders = fs::read_dir(corpus()).unwrap().count();
    assert_eq!(folders, TARGETS.len(), "a folder without a target");
}

/// What may happen to an input.
#[derive(Debug, Clone)]
enum Change {
    Flip(Index, u8),
    Cut(Index, Index),
    Repeat(Index, Index, u8),
    Insert(Index, Vec<u8>),
    /// Brings in a piece of another seed.
    Splice(Index, Index, Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        (at(), at()).prop_map(|(from, to)| Change::Cut(from, to)),
        (at(), at(), 1..40_u8).prop_map(|(from, to, times)| Change::Repeat(from, to, times)),
        (at(), prop::collection::vec(any::<u8>(), 1..6))
            .prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), prop::sample::select(TOKENS))
            .prop_map(|(at, token)| Change::Insert(at, token.as_bytes().to_vec())),
        (at(), at(), at(), at())
            .prop_map(|(at, seed, from, to)| Change::Splice(at, seed, from, to)),
    ]
}

/// Pieces that decide something in one of the formats.
const TOKENS: &[&str] = &[
    "<!DOCTYPE m [<!ENTITY a 'b'>]>",
    "&a;",
    "&#0;",
    "&#x110000;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "</",
    "/>",
    "<item>",
    "xml:base=\"//x/\"",
    "xmlns:a=\"\"",
    "\u{FEFF}",
    "\0",
    "..",
    "%2e",
    "%2f",
    "@",
    ":",
    "\\",
    "[::ffff:127.0.0.1]",
    "0x7f.1",
    "xn--",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    "null",
    "1e999",
    "-1",
    "9007199254740992",
    "\\ud800",
    "\\u0000",
    "cmi.interactions.0.id",
    "cmi.objectives.4294967296.id",
    "cmi.suspend_data",
    "adl.nav.request",
    "P1Y",
    "esb1:a:",
    "v1.a.",
    "\n",
];

fn range(from: Index, to: Index, length: usize) -> std::ops::Range<usize> {
    let (from, to) = (from.index(length + 1), to.index(length + 1));
    from.min(to)..from.max(to)
}

fn changed(mut data: Vec<u8>, changes: &[Change], seeds: &[Vec<u8>]) -> Vec<u8> {
    for change in changes {
        let length = data.len();
        match change {
            Change::Flip(..) if data.is_empty() => {}
            Change::Flip(at, byte) => data[at.index(length)] ^= byte,
            Change::Cut(from, to) => drop(data.drain(range(*from, *to, length))),
            Change::Repeat(from, to, times) => {
                let range = range(*from, *to, length);
                let end = range.end;
                let piece = data[range].repeat(usize::from(*times));
                data.splice(end..end, piece);
            }
            Change::Insert(at, bytes) => {
                let at = at.index(length + 1);
                data.splice(at..at, bytes.iter().copied());
            }
            Change::Splice(at, seed, from, to) => {
                let other = &seeds[seed.index(seeds.len())];
                let at = at.index(length + 1);
                let piece = other[range(*from, *to, other.len())].to_vec();
                data.splice(at..at, piece);
            }
        }
        data.truncate(MAX_BYTES);
    }
    data
}

#[test]
fn the_laws_hold_for_mutations_of_the_corpus() {
    for target in TARGETS {
        let mut seeds: Vec<_> = seeds(target.name).into_values().collect();
        if target.name == "manifest" {
            seeds.extend(golden_manifests());
        }
        let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
        let input = (any::<Index>(), prop::collection::vec(change(), 0..5));
        let outcome = runner.run(&input, |(seed, changes)| {
            let data = changed(seeds[seed.index(seeds.len())].clone(), &changes, &seeds);
            run(target.name, &data);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", target.name));
        say(&format!(
            "fuzz: {}: {CASES} mutated inputs, no law broken",
            target.name
        ));
    }
}
