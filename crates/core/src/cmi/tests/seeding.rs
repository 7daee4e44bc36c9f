//! What a launch reads from what is stored, however damaged.

use super::super::{CmiError, LaunchContext, Seed, StateLimits, Stored, Version, seed};
use super::{launch, stored, value_of};
use crate::sealing;

fn first(context: &LaunchContext, stored: &Stored) -> Seed {
    seed(context, stored).expect("a seed")
}

fn skipped(seed: &Seed) -> Vec<(&str, &str)> {
    seed.skipped
        .iter()
        .map(|one| (one.element.as_str(), one.reason.as_str()))
        .collect()
}

/// Text of the shape of a sealed value.
fn ciphertext() -> String {
    let sealed = format!("esb1:k1:{}", "A".repeat(64));
    assert!(sealing::is_sealed(&sealed));
    sealed
}

#[test]
fn what_is_still_sealed_is_left_out_and_reported() {
    let sealed = ciphertext();
    let left = stored(&[
        ("cmi.exit", "suspend"),
        ("cmi.suspend_data", &sealed),
        ("cmi.location", "p3"),
        ("cmi.score.raw", &sealed),
        ("cmi.interactions.0.id", &sealed),
        ("cmi.interactions.0.type", "choice"),
        ("cmi.interactions.1.id", "q2"),
    ]);
    let seed = first(&launch(Version::V2004), &left);
    assert_eq!(value_of(&seed.elements, "cmi.suspend_data"), None);
    assert_eq!(value_of(&seed.elements, "cmi.score.raw"), None);
    assert_eq!(value_of(&seed.elements, "cmi.location"), Some("p3"));
    // The others stay where they are.
    assert_eq!(
        value_of(&seed.elements, "cmi.interactions.0.id"),
        Some("urn:scormbridge:missing-0-0")
    );
    assert_eq!(
        value_of(&seed.elements, "cmi.interactions.1.id"),
        Some("q2")
    );
    assert_eq!(
        skipped(&seed),
        [
            ("cmi.interactions.0.id", "sealed"),
            ("cmi.score.raw", "sealed"),
            ("cmi.suspend_data", "sealed"),
            ("cmi.interactions.0.id", "gap"),
        ]
    );
}

#[test]
fn what_is_of_no_use_is_left_out_and_reported() {
    let left = stored(&[
        ("cmi.core.lesson_status", "finished"),
        ("cmi.core.score.raw", "many"),
        ("cmi.core.score.max", "101"),
        ("cmi.objectives_00.id", "o"),
        ("cmi.objectives_1.status", "passed"),
        ("cmi.interactions_4000000000.id", "q"),
        ("cmi.interactions_300.id", "q"),
        ("cmi.core.lesson_location", "p3"),
        ("x.start.time", "1789000000"),
        ("objectiveprogressstatus", "1"),
    ]);
    let seed = first(&launch(Version::V12), &left);
    assert_eq!(
        value_of(&seed.elements, "cmi.core.lesson_status"),
        Some("not attempted")
    );
    assert_eq!(
        value_of(&seed.elements, "cmi.core.lesson_location"),
        Some("p3")
    );
    assert_eq!(
        skipped(&seed),
        [
            ("cmi.objectives_00.id", "index_format"),
            ("cmi.core.score.raw", "type"),
            ("cmi.core.score.max", "range"),
            ("cmi.core.lesson_status", "type"),
            ("cmi.interactions_300.id", "index_order"),
            ("cmi.interactions_4000000000.id", "collection_limit"),
            ("cmi.objectives_0.id", "gap"),
        ]
    );
}

#[test]
fn a_response_without_the_type_of_its_interaction_is_left_out() {
    let left = stored(&[
        ("cmi.exit", "suspend"),
        ("cmi.interactions.0.id", "q"),
        ("cmi.interactions.0.learner_response", "a"),
    ]);
    let seed = first(&launch(Version::V2004), &left);
    assert_eq!(
        skipped(&seed),
        [("cmi.interactions.0.learner_response", "dependency")]
    );
}

#[test]
fn a_smaller_limit_cuts_nothing_off_what_is_stored() {
    let mut context = launch(Version::V12);
    context.settings.scormstandard = true;
    let long = "s".repeat(60_000);
    let seed = first(&context, &stored(&[("cmi.suspend_data", &long)]));
    assert_eq!(
        value_of(&seed.elements, "cmi.suspend_data"),
        Some(long.as_str())
    );
    assert_eq!(seed.limits.get("cmi.suspend_data"), Some(&4096));
}

#[test]
fn elements_come_in_an_order_in_which_they_can_be_set() {
    let left = stored(&[
        ("cmi.exit", "suspend"),
        ("cmi.interactions.10.id", "q10"),
        ("cmi.interactions.2.learner_response", "b"),
        ("cmi.interactions.2.correct_responses.1.pattern", "b"),
        ("cmi.interactions.2.correct_responses.0.pattern", "a"),
        ("cmi.interactions.2.type", "choice"),
        ("cmi.interactions.2.id", "q2"),
        ("cmi.interactions.0.id", "q0"),
        ("cmi.interactions.1.id", "q1"),
    ]);
    let seed = first(&launch(Version::V2004), &left);
    let names: Vec<&str> = seed
        .elements
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| name.starts_with("cmi.interactions."))
        .collect();
    let mut expected = vec![
        "cmi.interactions.0.id",
        "cmi.interactions.1.id",
        "cmi.interactions.2.id",
        "cmi.interactions.2.type",
        "cmi.interactions.2.correct_responses.0.pattern",
        "cmi.interactions.2.correct_responses.1.pattern",
        "cmi.interactions.2.learner_response",
    ];
    let missing: Vec<String> = (3..=10)
        .map(|index| format!("cmi.interactions.{index}.id"))
        .collect();
    expected.extend(missing.iter().map(String::as_str));
    assert_eq!(names, expected);
}

#[test]
fn too_much_is_refused_before_it_is_copied() {
    let mut context = launch(Version::V12);
    context.limits = StateLimits {
        collection: 10,
        elements: 2,
        bytes: 8,
    };
    let five = stored(&[("a", ""), ("b", ""), ("c", ""), ("d", ""), ("e", "")]);
    assert_eq!(
        seed(&context, &five),
        Err(CmiError::StoredItems { found: 5, limit: 4 })
    );
    let long = stored(&[("cmi.suspend_data", "0123456789abcdefg")]);
    assert_eq!(
        seed(&context, &long),
        Err(CmiError::StoredBytes {
            found: 17,
            limit: 16
        })
    );
}

#[test]
fn flags_and_measures_are_read_as_a_database_gives_them() {
    let json = r#"{
        "version": "2004", "learner": {"id": "ana", "name": "Ana"},
        "objectives": [{"objectiveid": "o", "primaryobj": "1", "satisfiedbymeasure": 1, "minnormalizedmeasure": 0.8}],
        "settings": {"masteryoverride": "0", "forcecompleted": 1, "scormstandard": true}
    }"#;
    let context: LaunchContext = serde_json::from_str(json).expect("a context");
    assert!(context.objectives[0].primaryobj && context.objectives[0].satisfiedbymeasure);
    assert_eq!(context.objectives[0].minnormalizedmeasure, "0.8");
    assert!(
        !context.settings.masteryoverride
            && context.settings.forcecompleted
            && context.settings.scormstandard
    );
}
