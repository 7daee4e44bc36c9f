//! Journal batches: the golden vectors, and the laws behind them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use proptest::prelude::*;
use scormbridge_core::journal::{BatchLimits, Entry, JournalError, Op, parse_batch};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Golden {
    limits: Map<String, Value>,
    accept: Vec<Accepted>,
    replaced: Vec<Accepted>,
    refuse: Vec<Refused>,
}

#[derive(Deserialize)]
struct Accepted {
    name: String,
    json: String,
    #[serde(default)]
    limits: Map<String, Value>,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Refused {
    name: String,
    json: String,
    #[serde(default)]
    limits: Map<String, Value>,
    reason: String,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../../tests/golden/journal.json")).unwrap()
}

/// The golden file's own limits, overridden by those of one case.
fn limits(golden: &Golden, of_case: &Map<String, Value>) -> BatchLimits {
    let mut limits = golden.limits.clone();
    limits.extend(of_case.clone());
    serde_json::from_value(Value::Object(limits)).unwrap()
}

#[test]
fn the_default_limits_are_those_of_the_golden_file() {
    let golden = golden();
    assert_eq!(limits(&golden, &Map::new()), BatchLimits::default());
}

#[test]
fn every_accepted_vector_gives_its_entries() {
    let golden = golden();
    for case in golden.accept.iter().chain(&golden.replaced) {
        let entries = parse_batch(&case.json, &limits(&golden, &case.limits));
        assert_eq!(
            entries.as_deref(),
            Ok(case.entries.as_slice()),
            "{}",
            case.name
        );
    }
}

#[test]
fn every_refused_vector_gives_its_reason() {
    let golden = golden();
    for case in &golden.refuse {
        let refusal = parse_batch(&case.json, &limits(&golden, &case.limits)).unwrap_err();
        assert_eq!(refusal.reason(), case.reason, "{}: {refusal}", case.name);
    }
}

#[test]
fn a_refusal_names_the_entry_and_what_was_due() {
    let json = r#"[{"seq":7,"op":"commit","at":0},{"seq":9,"op":"commit","at":0}]"#;
    let refusal = parse_batch(json, &BatchLimits::default()).unwrap_err();
    assert_eq!(
        refusal,
        JournalError::Order {
            expected: 8,
            found: 9
        }
    );
    assert_eq!(
        refusal.details(),
        [("expected", "8".to_owned()), ("found", "9".to_owned())]
    );
}

/// A batch of at least `min` entries, in order.
fn entries(min: usize) -> impl Strategy<Value = Vec<Entry>> {
    let operation = prop_oneof![
        Just((Op::Initialize, None, None)),
        Just((Op::Commit, None, None)),
        Just((Op::Terminate, None, None)),
        ("(?s).{0,40}", any::<String>()).prop_map(|(e, v)| (Op::Set, Some(e), Some(v))),
    ];
    let timed = (operation, -1_000_000_000_000_000_i64..1_000_000_000_000_000);
    (1_u64..1 << 52, prop::collection::vec(timed, min..20)).prop_map(|(first, operations)| {
        (first..)
            .zip(operations)
            .map(|(seq, ((op, element, value), at))| Entry {
                seq,
                op,
                element,
                value,
                at,
            })
            .collect()
    })
}

fn without_nul(text: Option<String>) -> Option<String> {
    text.map(|text| text.replace('\0', "\u{FFFD}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Feature: external-scorm-bridge, Property 4: what was serialised arrives as it was,
    /// entry by entry.
    #[test]
    fn a_batch_arrives_as_it_was_sent(sent in entries(0)) {
        let limits = BatchLimits::default();
        let arrived = parse_batch(&serde_json::to_string(&sent).unwrap(), &limits).unwrap();
        let expected: Vec<Entry> = sent
            .into_iter()
            .map(|e| Entry { element: without_nul(e.element), value: without_nul(e.value), ..e })
            .collect();
        prop_assert_eq!(arrived, expected);
    }

    /// A batch with one entry missing, doubled or moved is refused as a whole.
    #[test]
    fn a_batch_out_of_order_is_refused(
        sent in entries(3), at in any::<prop::sample::Index>(), how in 0..3,
    ) {
        let limits = BatchLimits::default();
        let mut sent = sent;
        // Never the first or last of the batch: losing those leaves a shorter batch in good order.
        let at = 1 + at.index(sent.len() - 2);
        match how {
            0 => drop(sent.remove(at)),
            1 => sent.insert(at, sent[at].clone()),
            _ => sent.swap(at - 1, at),
        }
        let refusal = parse_batch(&serde_json::to_string(&sent).unwrap(), &limits).unwrap_err();
        prop_assert_eq!(refusal.reason(), "journal_order");
    }

    /// Whatever a browser sends, there is an answer; and what is accepted is in order and complete.
    #[test]
    fn any_text_is_judged(text in r#"[\[\]{}:,"a-z0-9\\u\-. ]{0,60}|.{0,60}"#) {
        if let Ok(entries) = parse_batch(&text, &BatchLimits::default()) {
            prop_assert!(entries.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq));
            for entry in entries {
                prop_assert_eq!(entry.op == Op::Set, entry.element.is_some());
                prop_assert_eq!(entry.op == Op::Set, entry.value.is_some());
            }
        }
    }
}
