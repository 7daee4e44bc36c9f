//! What a batch does, beyond the answers of the golden tables.

use super::super::{Class, CmiError, Mode, Session, StateLimits, Status, Stored, Version, replay};
use super::{journal, launch, run, stored, value_of, written};
use crate::journal::Op;

const BEGIN: (Op, &str, &str) = (Op::Initialize, "", "");
const END: (Op, &str, &str) = (Op::Terminate, "", "");

#[test]
fn a_gap_is_refused_with_the_number_that_is_due() {
    let mut entries = journal(&[BEGIN, (Op::Set, "cmi.location", "a"), END]);
    entries.remove(1);
    let refused = replay(
        &launch(Version::V2004),
        &Stored::new(),
        &Session::default(),
        &entries,
    );
    let error = refused.expect_err("a gap");
    assert_eq!(
        error,
        CmiError::JournalGap {
            expected: 2,
            found: 3
        }
    );
    assert_eq!(error.reason(), "journal_gap");
}

#[test]
fn a_batch_from_the_future_is_a_gap_and_one_from_the_past_is_nothing() {
    let entries = journal(&[BEGIN, (Op::Set, "cmi.location", "a")]);
    let session = Session {
        last_seq: 2,
        status: Status::Running,
        ..Session::default()
    };
    let replayed =
        replay(&launch(Version::V2004), &Stored::new(), &session, &entries).expect("nothing new");
    assert!(replayed.rows.is_empty());
    assert_eq!(replayed.session, session);
    let ahead = Session {
        last_seq: 0,
        status: Status::Ready,
        ..Session::default()
    };
    let error = replay(
        &launch(Version::V2004),
        &Stored::new(),
        &ahead,
        &entries[1..],
    )
    .expect_err("a gap");
    assert_eq!(
        error,
        CmiError::JournalGap {
            expected: 1,
            found: 2
        }
    );
}

#[test]
fn a_terminated_launch_takes_nothing_more() {
    let context = launch(Version::V2004);
    let first = run(&context, &Stored::new(), &journal(&[BEGIN, END]));
    assert_eq!(first.session.status, Status::Terminated);
    let after = written(&Stored::new(), &first);
    let mut more = journal(&[BEGIN, END, (Op::Set, "cmi.location", "late")]);
    more.drain(..2);
    let second = replay(&context, &after, &first.session, &more).expect("no gap");
    assert!(second.rows.is_empty());
    assert_eq!(
        second
            .refused
            .iter()
            .map(|one| (one.seq, one.code, one.reason.as_str()))
            .collect::<Vec<_>>(),
        [(3, 133, "terminated")]
    );
    assert_eq!(
        second.session.last_seq, 3,
        "a refused entry is acknowledged"
    );
}

#[test]
fn session_time_and_navigation_outlast_a_batch_that_does_not_end() {
    for (version, time, total, expected, going) in [
        (
            Version::V12,
            "cmi.core.session_time",
            "cmi.core.total_time",
            "00:00:10.00",
            ("nav.event", "previous"),
        ),
        (
            Version::V2004,
            "cmi.session_time",
            "cmi.total_time",
            "PT10S",
            ("adl.nav.request", "previous"),
        ),
    ] {
        let context = launch(version);
        let span = if version == Version::V12 {
            "00:00:10"
        } else {
            "PT10S"
        };
        let entries = journal(&[
            BEGIN,
            (Op::Set, time, span),
            (Op::Set, going.0, going.1),
            END,
        ]);
        let first =
            replay(&context, &Stored::new(), &Session::default(), &entries[..3]).expect("no gap");
        assert_eq!(first.navigation, "", "not before the end");
        let kept = written(&Stored::new(), &first);
        // What a database gives back: JSON.
        let json = serde_json::to_string(&first.session).expect("JSON");
        let session: Session = serde_json::from_str(&json).expect("a session");
        let second = replay(&context, &kept, &session, &entries[3..]).expect("no gap");
        assert_eq!(
            value_of(&written(&kept, &second), total),
            Some(expected),
            "{version:?}"
        );
        assert_eq!(second.navigation, "previous");
        assert_eq!(
            second.session.carry,
            Session::default().carry,
            "nothing is left to remember"
        );
    }
}

#[test]
fn a_new_attempt_at_old_rows_grows_its_own_collections() {
    let context = launch(Version::V2004);
    let old = stored(&[
        ("cmi.exit", "normal"),
        ("cmi.interactions.0.id", "old-1"),
        ("cmi.interactions.1.id", "old-2"),
        ("cmi.location", "old"),
    ]);
    let entries = journal(&[
        BEGIN,
        (Op::Set, "cmi.interactions.0.id", "new-1"),
        (Op::Set, "cmi.interactions.2.id", "new-3"),
        (Op::Set, "cmi.interactions.1.id", "new-2"),
        (Op::Set, "cmi.location", ""),
    ]);
    let (first, second) = entries.split_at(2);
    let begun = replay(&context, &old, &Session::default(), first).expect("no gap");
    assert_eq!(
        begun.session.carry.stale,
        ["cmi.interactions.1.id", "cmi.exit", "cmi.location"]
    );
    let kept = written(&old, &begun);
    let went_on = replay(&context, &kept, &begun.session, second).expect("no gap");
    assert_eq!(
        went_on
            .refused
            .iter()
            .map(|one| one.seq)
            .collect::<Vec<_>>(),
        [3],
        "old-2 is not there any more"
    );
    let after = written(&kept, &went_on);
    assert_eq!(value_of(&after, "cmi.interactions.1.id"), Some("new-2"));
    assert_eq!(
        value_of(&after, "cmi.location"),
        Some(""),
        "an accepted value is stored, empty or not"
    );
}

#[test]
fn saying_unknown_anew_does_not_unsay_what_was_reached() {
    let context = launch(Version::V2004);
    let old = stored(&[("cmi.exit", "normal"), ("cmi.success_status", "passed")]);
    let unknown = (Op::Set, "cmi.success_status", "unknown");
    let replayed = run(&context, &old, &journal(&[BEGIN, unknown]));
    assert!(replayed.rows.is_empty() && replayed.refused.is_empty());
    let failed = (Op::Set, "cmi.success_status", "failed");
    let replayed = run(&context, &old, &journal(&[BEGIN, failed, unknown]));
    assert_eq!(
        value_of(&written(&old, &replayed), "cmi.success_status"),
        Some("unknown"),
        "taken back"
    );
}

#[test]
fn every_row_has_its_class() {
    let context = launch(Version::V2004);
    let entries = journal(&[
        BEGIN,
        (Op::Set, "cmi.suspend_data", "s"),
        (Op::Set, "cmi.location", "l"),
        (Op::Set, "cmi.interactions.0.id", "i"),
        (Op::Set, "cmi.objectives.0.id", "o"),
        (Op::Set, "cmi.comments_from_learner.0.comment", "c"),
        (Op::Set, "cmi.score.raw", "1"),
    ]);
    let mut rows = run(&context, &Stored::new(), &entries).rows;
    rows.sort_by(|one, other| one.element.cmp(&other.element));
    let classes: Vec<_> = rows
        .iter()
        .map(|row| (row.element.as_str(), row.class))
        .collect();
    assert_eq!(
        classes,
        [
            ("cmi.comments_from_learner.0.comment", Class::Comment),
            ("cmi.interactions.0.id", Class::Interaction),
            ("cmi.location", Class::Location),
            ("cmi.objectives.0.id", Class::Objective),
            ("cmi.score.raw", Class::Plain),
            ("cmi.suspend_data", Class::Suspend),
        ]
    );
}

#[test]
fn a_preview_still_says_where_the_learner_wants_to_go() {
    let mut context = launch(Version::V12);
    context.mode = Mode::Browse;
    let entries = journal(&[
        BEGIN,
        (Op::Set, "cmi.core.lesson_status", "passed"),
        (Op::Set, "nav.event", "continue"),
        END,
    ]);
    let replayed = run(&context, &Stored::new(), &entries);
    assert!(replayed.rows.is_empty());
    assert_eq!(replayed.navigation, "continue");
}

#[test]
fn a_state_has_an_end() {
    let mut context = launch(Version::V2004);
    context.limits = StateLimits {
        collection: 2,
        elements: 4,
        bytes: 20,
    };
    let entries = journal(&[
        BEGIN,
        (Op::Set, "cmi.suspend_data", "0123456789"),
        (Op::Set, "cmi.location", "01234567890"),
        (Op::Set, "cmi.location", "0123"),
        (Op::Set, "cmi.objectives.0.id", "a"),
        (Op::Set, "cmi.objectives.1.id", "b"),
        (Op::Set, "cmi.objectives.2.id", "c"),
        (Op::Set, "cmi.score.raw", "1"),
        (Op::Set, "cmi.suspend_data", "9876543210"),
    ]);
    let refused: Vec<_> = run(&context, &Stored::new(), &entries)
        .refused
        .into_iter()
        .map(|one| (one.seq, one.code, one.reason))
        .collect();
    let expected = [
        (3, 351, "state_limit"),
        (7, 351, "collection_limit"),
        (8, 351, "state_limit"),
    ];
    assert_eq!(
        refused,
        expected.map(|(seq, code, reason)| (seq, code, reason.to_owned()))
    );
}

#[test]
fn what_an_earlier_session_left_counts_as_well() {
    let mut context = launch(Version::V2004);
    context.limits = StateLimits {
        collection: 5,
        elements: 5,
        bytes: 20,
    };
    let old = stored(&[("cmi.exit", "normal"), ("cmi.suspend_data", "0123456789")]);
    let entries = journal(&[
        BEGIN,
        (Op::Set, "cmi.location", "01234"),
        (Op::Set, "cmi.suspend_data", "01234567890123"),
        (Op::Set, "cmi.suspend_data", ""),
        (Op::Set, "cmi.location", "01234"),
    ]);
    let refused: Vec<u64> = run(&context, &old, &entries)
        .refused
        .iter()
        .map(|one| one.seq)
        .collect();
    assert_eq!(
        refused,
        [2],
        "room is made by writing less over what was there"
    );
}

#[test]
fn an_entry_without_its_parts_is_refused() {
    let mut entries = journal(&[BEGIN, (Op::Set, "cmi.core.lesson_location", "p")]);
    entries[1].value = None;
    let refused = run(&launch(Version::V12), &Stored::new(), &entries).refused;
    assert_eq!(
        refused
            .iter()
            .map(|one| (one.code, one.reason.as_str()))
            .collect::<Vec<_>>(),
        [(201, "malformed")]
    );
}
