//! What a batch does that comes after a newer launch has reported.

use proptest::prelude::*;

use super::super::{Session, Stored, Version, Written, replay_late};
use super::{journal, launch, run, stored, value_of, written};
use crate::journal::{Entry, Op};

const BEGIN: (Op, &str, &str) = (Op::Initialize, "", "");
const END: (Op, &str, &str) = (Op::Terminate, "", "");

fn set<'a>(element: &'a str, value: &'a str) -> (Op, &'a str, &'a str) {
    (Op::Set, element, value)
}

/// What is stored after `newer` came, and then `older`.
fn both(version: Version, before: &Stored, newer: &[Entry], older: &[Entry]) -> Stored {
    let context = launch(version);
    let after = written(before, &run(&context, before, newer));
    let mut parts = Written::default();
    parts.add(newer);
    let late = replay_late(&context, &after, &Session::default(), older, &parts).expect("no gap");
    assert_eq!(
        late.session.last_seq,
        older.last().map_or(0, |entry| entry.seq)
    );
    written(&after, &late)
}

#[test]
fn the_newer_launch_wins_and_the_older_one_fills_the_gaps() {
    let newer = journal(&[
        BEGIN,
        set("cmi.core.lesson_location", "p9"),
        set("cmi.core.score.raw", "80"),
    ]);
    let older = journal(&[
        BEGIN,
        set("cmi.core.lesson_location", "p3"),
        set("cmi.core.score.raw", "20"),
        set("cmi.core.score.max", "50"),
        set("cmi.suspend_data", "of the older"),
    ]);
    let after = both(Version::V12, &Stored::new(), &newer, &older);
    for (element, expected) in [
        ("cmi.core.lesson_location", Some("p9")),
        ("cmi.core.score.raw", Some("80")),
        ("cmi.core.score.max", None),
        ("cmi.suspend_data", Some("of the older")),
    ] {
        assert_eq!(value_of(&after, element), expected, "{element}");
    }
}

#[test]
fn one_interaction_is_of_one_launch() {
    for (version, id, other, stored_id, stored_other) in [
        (
            Version::V12,
            "cmi.interactions.0.id",
            "cmi.interactions.0.type",
            "cmi.interactions_0.id",
            "cmi.interactions_0.type",
        ),
        (
            Version::V2004,
            "cmi.interactions.0.id",
            "cmi.interactions.0.type",
            "cmi.interactions.0.id",
            "cmi.interactions.0.type",
        ),
    ] {
        let newer = journal(&[BEGIN, set(id, "q1")]);
        let older = journal(&[
            BEGIN,
            set(id, "q7"),
            set(other, "choice"),
            set("cmi.interactions.1.id", "q8"),
        ]);
        let after = both(version, &Stored::new(), &newer, &older);
        assert_eq!(value_of(&after, stored_id), Some("q1"));
        assert_eq!(value_of(&after, stored_other), None);
        let second = stored_id.replace('0', "1");
        assert_eq!(
            value_of(&after, &second),
            Some("q8"),
            "the next one is the older launch's own"
        );
    }
}

#[test]
fn what_an_lms_decides_at_the_end_is_decided_by_the_newer_launch() {
    let newer = journal(&[BEGIN, END]);
    let older = journal(&[BEGIN, set("cmi.core.lesson_status", "failed"), END]);
    let after = both(Version::V12, &Stored::new(), &newer, &older);
    assert_ne!(value_of(&after, "cmi.core.lesson_status"), Some("failed"));
}

#[test]
fn where_nothing_is_known_of_the_newer_launch_only_what_adds_up_is_taken() {
    let context = launch(Version::V12);
    let older = journal(&[
        BEGIN,
        set("cmi.suspend_data", "x"),
        set("cmi.comments", "well done"),
        set("cmi.core.session_time", "00:00:05"),
        END,
    ]);
    let late = replay_late(
        &context,
        &Stored::new(),
        &Session::default(),
        &older,
        &Written::everything(),
    );
    let rows = late.expect("no gap").rows;
    let names: Vec<&str> = rows.iter().map(|row| row.element.as_str()).collect();
    assert_eq!(names, ["cmi.core.total_time", "cmi.comments"]);
}

proptest! {
    /// Feature: external-scorm-bridge, Property 10: the time of all launches adds up, whichever of them comes late, in
    /// however many batches.
    #[test]
    fn time_adds_up(
        v2004: bool,
        resumes: bool,
        before in 0_u32..5_000,
        newer in 1_u32..5_000,
        older in 1_u32..5_000,
        cut in 0_usize..=4,
    ) {
        let (version, time, total) = if v2004 {
            (Version::V2004, "cmi.session_time", "cmi.total_time")
        } else {
            (Version::V12, "cmi.core.session_time", "cmi.core.total_time")
        };
        let span = |seconds: u32| if v2004 {
            format!("PT{seconds}S")
        } else {
            format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
        };
        let exit = if v2004 { "cmi.exit" } else { "cmi.core.exit" };
        let calls = |seconds: &str| journal(&[BEGIN, set(time, seconds), set(exit, if resumes { "suspend" } else { "" }), END]);
        let context = launch(version);
        let state = stored(&[(total, span(before).as_str()), (exit, if resumes { "suspend" } else { "" })]);
        let first = calls(&span(newer));
        let done = run(&context, &state, &first);
        let own = value_of(&written(&state, &done), total).map(str::to_owned);
        let mut parts = Written::default();
        parts.add(&first);
        let mut after = written(&state, &done);
        let late = calls(&span(older));
        let mut session = Session::default();
        for batch in [&late[..cut], &late[cut..]] {
            let replayed = replay_late(&context, &after, &session, batch, &parts).expect("no gap");
            after = written(&after, &replayed);
            session = replayed.session;
        }
        let seconds = |text: &str| {
            use super::super::value::time::{Duration, Timespan};
            if v2004 { Duration::parse(text).expect("a duration").total() } else { Timespan::parse(text).expect("a time").total() }
        };
        let newest = seconds(&own.expect("a total time"));
        let all = seconds(value_of(&after, total).expect("a total time"));
        prop_assert_eq!(all, newest + u64::from(older) * 100);
    }
}
