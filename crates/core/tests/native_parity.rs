//! The rows of `modscorm::tree` against what mod_scorm's own parser stored for the same manifests.
//!
//! The answers of the real parser come from `tests/corpus/native_tree.php`. Those for our own samples are committed
//! (`tests/golden/{manifests,modscorm}/*/native.json`). Those for mod_scorm's test packages and the ADL test suite are read from
//! `${XDG_CACHE_HOME:-~/.cache}/externalscormbridge/native-trees/<moodle>/<set>/<name>/`, because neither may be
//! committed; where they are absent the test says what it skips.
//!
//! A difference is allowed only if it is one that the head of `modscorm` documents, and each of those is checked by
//! putting mod_scorm's fault into our rows: after that both must be equal.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use scormbridge_core::manifest::{self, Limits};
use scormbridge_core::modscorm;
use serde_json::{Value, json};

/// mod_scorm's faults, each as a change to a manifest or to rows that brings the fault about.
struct Fault {
    name: &'static str,
    manifest: fn(&str) -> String,
    rows: fn(&mut Value),
}

/// Identifiers and references with a visible character for each space, so that none is collapsed.
fn visible_spaces(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('"').enumerate() {
        let name = out
            .trim_end_matches(['"', '=', ' '])
            .rsplit(' ')
            .next()
            .unwrap_or_default();
        let is_identifier = index % 2 == 1
            && [
                "identifier",
                "identifierref",
                "ID",
                "IDRef",
                "ignored",
                "objectiveID",
            ]
            .contains(&name);
        out.push_str(&if is_identifier {
            part.replace(' ', "\u{2423}")
        } else {
            part.to_owned()
        });
        out.push('"');
    }
    out.pop();
    out
}

/// Every `completionThreshold` with `completedByMeasure="true"`, unless it says otherwise.
fn completed_by_measure(text: &str) -> String {
    let mut parts = text.split("<adlcp:completionThreshold");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let tag = part.split('>').next().unwrap();
        let says = tag.contains("completedByMeasure");
        out.push_str("<adlcp:completionThreshold");
        out.push_str(if says {
            ""
        } else {
            " completedByMeasure=\"true\""
        });
        out.push_str(part);
    }
    out
}

fn same_manifest(text: &str) -> String {
    text.to_owned()
}

fn same_rows(_: &mut Value) {}

fn each(tree: &mut Value, list: &str, change: impl Fn(&mut Value)) {
    for sco in tree["scoes"].as_array_mut().unwrap() {
        sco[list]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(&change);
    }
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "satisfiedByMeasure is lost",
        manifest: same_manifest,
        rows: |tree| {
            each(tree, "objectives", |objective| {
                objective["satisfiedbymeasure"] = json!(1)
            })
        },
    },
    Fault {
        name: "referencedObjective is lost",
        manifest: same_manifest,
        rows: |tree| {
            each(tree, "rules", |rule| {
                for condition in rule["conditions"].as_array_mut().unwrap() {
                    condition["refrencedobjective"] = json!("");
                }
            });
        },
    },
    Fault {
        name: "completedByMeasure is not asked for",
        manifest: completed_by_measure,
        rows: same_rows,
    },
    Fault {
        name: "IDRef is ignored",
        manifest: |text| text.replace(" IDRef", " ignored"),
        rows: same_rows,
    },
    Fault {
        name: "white space in identifiers counts",
        manifest: visible_spaces,
        rows: |tree| {
            let text = tree.to_string().replace('\u{2423}', " ");
            *tree = serde_json::from_str(&text).unwrap();
        },
    },
];

fn rows(text: &str) -> Value {
    let parsed = manifest::parse(text.as_bytes(), &Limits::default()).unwrap();
    let mut tree = serde_json::to_value(modscorm::tree(&parsed)).unwrap();
    tree.as_object_mut().unwrap().remove("warnings");
    sorted(&mut tree);
    tree
}

/// `scorm_scoes_data` is looked up by name: its order means nothing.
fn sorted(tree: &mut Value) {
    for sco in tree["scoes"].as_array_mut().unwrap() {
        sco["data"]
            .as_array_mut()
            .unwrap()
            .sort_by_key(ToString::to_string);
    }
}

fn differences(path: &str, native: &Value, ours: &Value, found: &mut Vec<String>) {
    match (native, ours) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, value) in a {
                differences(&format!("{path}.{key}"), value, &b[key], found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{index}]"), a, b, found);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{path}: mod_scorm {a}, here {b}")),
    }
}

/// Which faults must be put into our rows to get mod_scorm's; an error lists what stays different.
fn explain(text: &str, native: &Value) -> Result<Vec<&'static str>, Vec<String>> {
    let mut reasons = Vec::new();
    let mut native = native.clone();
    if native.get("error").is_some() {
        assert!(
            native["error"].as_str().unwrap().contains("mapinfos"),
            "{}",
            native["error"]
        );
        native = native["without_mapinfo"].clone();
        reasons.push("mapInfo stops mod_scorm");
    }
    sorted(&mut native);
    each(&mut native, "rollup_rules", |rule| {
        // mod_scorm never writes conditions of rollup rules; neither do we.
        assert_eq!(
            rule.as_object_mut().unwrap().remove("conditions"),
            Some(json!(0))
        );
    });
    let mut manifest = text.to_owned();
    let mut ours = rows(&manifest);
    let mut found = Vec::new();
    differences("", &native, &ours, &mut found);
    for fault in FAULTS {
        if found.is_empty() {
            break;
        }
        manifest = (fault.manifest)(&manifest);
        let mut faulty = rows(&manifest);
        FAULTS
            .iter()
            .take_while(|f| f.name != fault.name)
            .for_each(|f| (f.rows)(&mut faulty));
        (fault.rows)(&mut faulty);
        if faulty != ours {
            reasons.push(fault.name);
        }
        ours = faulty;
        found.clear();
        differences("", &native, &ours, &mut found);
    }
    if found.is_empty() {
        Ok(reasons)
    } else {
        Err(found)
    }
}

fn read(folder: &Path) -> (String, Value) {
    let manifest = std::fs::read_to_string(folder.join("imsmanifest.xml")).unwrap();
    let native = std::fs::read_to_string(folder.join("native.json")).unwrap();
    (manifest, serde_json::from_str(&native).unwrap())
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(of)
        .map(|entries| {
            entries
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.is_dir())
                .collect()
        })
        .unwrap_or_default();
    folders.sort();
    folders
}

fn cache() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    base.unwrap_or_default()
        .join("externalscormbridge/native-trees")
}

/// Straight to the terminal: the test harness keeps what a passing test prints to itself.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// What the samples of `tests/golden/<set>` take to be explained, by name.
fn explained(set: &str) -> BTreeMap<String, Vec<&'static str>> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/golden")
        .join(set);
    let samples = folders(&golden).into_iter();
    let samples = samples.filter(|folder| folder.join("native.json").exists());
    samples
        .map(|folder| {
            let (text, native) = read(&folder);
            let reasons = explain(&text, &native)
                .unwrap_or_else(|found| panic!("{}: {found:#?}", folder.display()));
            (
                folder.file_name().unwrap().to_str().unwrap().to_owned(),
                reasons,
            )
        })
        .collect()
}

#[test]
fn the_rows_of_our_own_samples_are_those_of_mod_scorm() {
    let mut samples = explained("manifests");
    assert_eq!(
        samples.remove("scorm2004-4th-collection"),
        Some(vec![
            "satisfiedByMeasure is lost",
            "referencedObjective is lost",
            "IDRef is ignored"
        ])
    );
    assert_eq!(samples.len(), 5);
    samples.retain(|_, reasons| !reasons.is_empty());
    assert_eq!(samples, BTreeMap::new());
}

#[test]
fn the_rows_of_odd_manifests_are_those_of_mod_scorm() {
    let mut samples = explained("modscorm");
    assert!(samples.len() >= 25);
    samples.retain(|_, reasons| !reasons.is_empty());
    assert_eq!(samples, BTreeMap::new());
}

#[test]
fn the_rows_of_other_peoples_packages_are_those_of_mod_scorm() {
    let sets: Vec<PathBuf> = folders(&cache())
        .iter()
        .flat_map(|moodle| folders(moodle))
        .collect();
    if sets.is_empty() {
        say(&format!(
            "SKIPPED 196 comparisons per Moodle: no answers of mod_scorm in {}, see tests/corpus/native_tree.php",
            cache().display()
        ));
        return;
    }
    let mut unexplained = Vec::new();
    for set in sets {
        let (mut equal, mut explained) = (0, BTreeMap::<String, usize>::new());
        for folder in folders(&set) {
            let (text, native) = read(&folder);
            // A file without any element: mod_scorm stores an activity without a SCO, we refuse it.
            if native["scoes"].as_array().is_some_and(Vec::is_empty) {
                let refused = manifest::parse(text.as_bytes(), &Limits::default()).unwrap_err();
                assert_eq!(refused.reason(), "manifest_empty");
                *explained.entry("refused as empty".to_owned()).or_default() += 1;
                continue;
            }
            match explain(&text, &native) {
                Ok(reasons) if reasons.is_empty() => equal += 1,
                Ok(reasons) => *explained.entry(reasons.join(" + ")).or_default() += 1,
                Err(found) => {
                    unexplained.push(format!("{}\n  {}", folder.display(), found.join("\n  ")))
                }
            }
        }
        say(&format!(
            "{}: {equal} equal to mod_scorm, with documented differences {explained:#?}",
            set.display()
        ));
    }
    assert!(
        unexplained.is_empty(),
        "{} differ:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
}
