//! The shared tables of calls: here, every call but `GetValue` as a journal would bring it.

use serde::Deserialize;
use serde_json::Value;

use super::super::{LaunchContext, Seed, Status, seed};
use super::run;
use crate::journal::{Entry, Op};

#[derive(Deserialize)]
struct Table {
    sessions: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    context: LaunchContext,
    stored: Vec<(String, String)>,
    seed: Seed,
    calls: Vec<Call>,
    rows: Vec<(String, Value, String)>,
    status: Status,
    navigation: String,
}

#[derive(Deserialize)]
struct Call {
    r#fn: String,
    args: Vec<Value>,
    returns: Value,
    error: String,
}

/// A text, or `{"repeat": …, "times": …}` for a long one.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        long => {
            let times = long["times"]
                .as_u64()
                .and_then(|times| usize::try_from(times).ok());
            long["repeat"]
                .as_str()
                .expect("a text")
                .repeat(times.expect("a number"))
        }
    }
}

fn table(name: &str) -> Vec<Case> {
    let path = format!(
        "{}/../../tests/golden/cmi/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let json = std::fs::read_to_string(&path).expect("the golden file");
    let table: Table = serde_json::from_str(&json).expect("a table of sessions");
    assert!(table.sessions.len() >= 25, "{name} has lost its sessions");
    table.sessions
}

/// The journal entry of a call, if the call is one that is ever journalled.
fn entry(seq: u64, call: &Call) -> Option<Entry> {
    let args: Vec<String> = call.args.iter().map(text).collect();
    let op = match call.r#fn.as_str() {
        "Initialize" => Op::Initialize,
        "SetValue" => Op::Set,
        "Commit" => Op::Commit,
        "Terminate" => Op::Terminate,
        "GetValue" => return None,
        other => panic!("unknown call {other}"),
    };
    if op != Op::Set {
        return (args == [""]).then_some(Entry {
            seq,
            op,
            element: None,
            value: None,
            at: 0,
        });
    }
    let [element, value] = <[String; 2]>::try_from(args).expect("an element and a value");
    Some(Entry {
        seq,
        op,
        element: Some(element),
        value: Some(value),
        at: 0,
    })
}

/// Feature: external-scorm-bridge, Property 3: a valid call is accepted, an invalid one refused with its code.
fn check_calls(name: &str) {
    for case in table(name) {
        let mut entries: Vec<Entry> = Vec::new();
        let mut journalled = Vec::new();
        for call in &case.calls {
            if let Some(entry) = entry(entries.len() as u64 + 1, call) {
                entries.push(entry);
                journalled.push(call);
            }
        }
        let replayed = run(&case.context, &case.stored, &entries);
        for (entry, call) in entries.iter().zip(journalled) {
            let refused = replayed
                .refused
                .iter()
                .find(|refusal| refusal.seq == entry.seq);
            let code = refused.map_or("0".to_owned(), |refusal| refusal.code.to_string());
            assert_eq!(
                code, call.error,
                "{}: {} {:?}",
                case.name, call.r#fn, call.args
            );
            assert_eq!(
                refused.is_none(),
                text(&call.returns) == "true",
                "{}: {:?}",
                case.name,
                call.args
            );
        }
        let rows: Vec<_> = replayed
            .rows
            .iter()
            .map(|row| {
                (
                    row.element.clone(),
                    row.value.clone(),
                    serde_json::to_value(row.class).expect("a word"),
                )
            })
            .collect();
        let expected: Vec<_> = case
            .rows
            .iter()
            .map(|(element, value, class)| {
                (element.clone(), text(value), Value::from(class.as_str()))
            })
            .collect();
        assert_eq!(rows, expected, "{}", case.name);
        assert_eq!(replayed.session.status, case.status, "{}", case.name);
        assert_eq!(replayed.navigation, case.navigation, "{}", case.name);
    }
}

fn check_seeds(name: &str) {
    for case in table(name) {
        assert_eq!(
            seed(&case.context, &case.stored).as_ref(),
            Ok(&case.seed),
            "{}",
            case.name
        );
        // What is read before anything is set is what was seeded.
        for call in case
            .calls
            .iter()
            .take_while(|call| call.r#fn != "SetValue")
            .filter(|call| call.r#fn == "GetValue")
        {
            let element = text(&call.args[0]);
            if let Some((_, value)) = case.seed.elements.iter().find(|(name, _)| *name == element)
                && call.error == "0"
            {
                assert_eq!(*value, text(&call.returns), "{}: {element}", case.name);
            }
        }
    }
}

#[test]
fn scorm_12_calls_are_answered_as_the_table_says() {
    check_calls("api-12");
}

#[test]
fn scorm_2004_calls_are_answered_as_the_table_says() {
    check_calls("api-2004");
}

#[test]
fn scorm_12_launches_begin_as_the_table_says() {
    check_seeds("api-12");
}

#[test]
fn scorm_2004_launches_begin_as_the_table_says() {
    check_seeds("api-2004");
}
