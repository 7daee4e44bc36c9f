//! Laws of seed and replay, for any journal.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::super::model::Model;
use super::super::name::{from_api, from_storage};
use super::super::{LaunchContext, SeqObjective, Session, Stored, Version, replay, seed};
use super::{journal, launch, run, value_of, written};
use crate::journal::{Entry, Op};

/// Calls that go together well enough for collections to grow.
const LIKELY_12: &[(&str, &str)] = &[
    ("cmi.core.lesson_status", "incomplete"),
    ("cmi.core.lesson_status", "passed"),
    ("cmi.core.score.raw", "75"),
    ("cmi.core.exit", "suspend"),
    ("cmi.core.exit", ""),
    ("cmi.core.session_time", "00:01:30.5"),
    ("cmi.comments", "more "),
    ("cmi.suspend_data", "s\0\u{1F600}"),
    ("cmi.objectives.0.id", "o1"),
    ("cmi.objectives.1.id", "o2"),
    ("cmi.objectives.1.status", "failed"),
    ("cmi.interactions.0.id", "q1"),
    ("cmi.interactions.1.id", "q2"),
    ("cmi.interactions.2.type", "choice"),
    ("cmi.interactions.0.objectives.0.id", "o1"),
    ("cmi.interactions.1.correct_responses.0.pattern", "a"),
    ("cmi.evaluation.comments.0.content", ""),
    ("nav.event", "continue"),
];

const LIKELY_2004: &[(&str, &str)] = &[
    ("cmi.completion_status", "incomplete"),
    ("cmi.success_status", "passed"),
    ("cmi.score.scaled", "0.75"),
    ("cmi.progress_measure", "0.5"),
    ("cmi.exit", "suspend"),
    ("cmi.exit", "normal"),
    ("cmi.session_time", "PT1M30.5S"),
    ("cmi.suspend_data", "s\0\u{1F600}"),
    ("cmi.comments_from_learner.0.comment", "one"),
    ("cmi.comments_from_learner.1.location", "p2"),
    ("cmi.objectives.0.id", "o1"),
    ("cmi.objectives.1.id", "o2"),
    ("cmi.objectives.0.success_status", "unknown"),
    ("cmi.interactions.0.id", "q1"),
    ("cmi.interactions.1.id", "q2"),
    ("cmi.interactions.0.type", "choice"),
    ("cmi.interactions.1.type", "numeric"),
    ("cmi.interactions.0.objectives.0.id", "o1"),
    ("cmi.interactions.0.correct_responses.0.pattern", "a[,]b"),
    ("cmi.interactions.1.learner_response", "5"),
    ("adl.nav.request", "exitAll"),
];

const VALUES: &[&str] = &[
    "",
    "incomplete",
    "completed",
    "passed",
    "unknown",
    "not attempted",
    "suspend",
    "normal",
    "0.5",
    "50",
    "-1",
    "1.50",
    "true",
    "choice",
    "true-false",
    "a",
    "b",
    "a[,]b",
    "00:00:10",
    "PT10S",
    "2026-11-20",
    "previous",
    "two words",
    "é",
];

pub(super) fn version() -> impl Strategy<Value = Version> {
    select(&[Version::V12, Version::V2004][..])
}

/// A call as a SCO, or somebody who pretends to be one, might make it.
fn call(version: Version) -> impl Strategy<Value = (Op, String, String)> {
    let likely = if version == Version::V12 {
        LIKELY_12
    } else {
        LIKELY_2004
    };
    let patterns: Vec<&'static str> = Model::of(version)
        .elements()
        .iter()
        .map(|element| element.pattern)
        .collect();
    let any = (select(patterns), 0..4u32, 0..3u32, select(VALUES)).prop_map(
        |(pattern, outer, inner, value)| {
            let name = pattern.replacen(".n", &format!(".{outer}"), 1).replacen(
                ".n",
                &format!(".{inner}"),
                1,
            );
            (Op::Set, name, value.to_owned())
        },
    );
    let plain = |op| Just((op, String::new(), String::new()));
    prop_oneof![
        20 => select(likely).prop_map(|(element, value)| (Op::Set, element.to_owned(), value.to_owned())),
        20 => any,
        3 => plain(Op::Commit),
        1 => plain(Op::Initialize),
        1 => plain(Op::Terminate),
    ]
}

pub(super) fn entries(version: Version) -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(call(version), 0..60).prop_map(|calls| {
        let mut all = vec![(Op::Initialize, "", "")];
        all.extend(
            calls
                .iter()
                .map(|(op, element, value)| (*op, element.as_str(), value.as_str())),
        );
        journal(&all)
    })
}

/// A launch with everything that makes an LMS decide.
pub(super) fn context(version: Version) -> impl Strategy<Value = LaunchContext> {
    (
        any::<[bool; 3]>(),
        select(&["", "60", "90"][..]),
        select(&["", "0.4", "0.9"][..]),
    )
        .prop_map(
            move |([masteryoverride, forcecompleted, scormstandard], mastery, threshold)| {
                let mut context = launch(version);
                context.settings.masteryoverride = masteryoverride;
                context.settings.forcecompleted = forcecompleted;
                context.settings.scormstandard = scormstandard;
                context
                    .sco
                    .insert("masteryscore".to_owned(), mastery.to_owned());
                context
                    .sco
                    .insert("threshold".to_owned(), threshold.to_owned());
                context.objectives.push(SeqObjective {
                    objectiveid: "o1".to_owned(),
                    primaryobj: true,
                    satisfiedbymeasure: true,
                    minnormalizedmeasure: threshold.to_owned(),
                });
                context
            },
        )
}

/// A launch, what an earlier launch left behind, and a journal.
fn relaunch() -> impl Strategy<Value = (LaunchContext, Stored, Vec<Entry>)> {
    version()
        .prop_flat_map(|version| (context(version), entries(version), entries(version)))
        .prop_map(|(context, earlier, now)| {
            let left = written(&Stored::new(), &run(&context, &Stored::new(), &earlier));
            (context, left, now)
        })
}

/// What is stored, without rows that say no more than no row would.
fn as_map(version: Version, stored: &Stored) -> BTreeMap<&str, &str> {
    let says_nothing = |element: &str, value: &str| {
        let place = from_storage(element)
            .ok()
            .and_then(|name| Model::of(version).place(&name));
        place
            .and_then(|key| Model::of(version).element(key))
            .is_some_and(|line| line.initial == Some(value))
    };
    let said = stored
        .iter()
        .filter(|(element, value)| !says_nothing(element, value));
    said.map(|(element, value)| (element.as_str(), value.as_str()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// However a journal is cut into batches, the same is stored, refused and remembered in the end.
    #[test]
    fn the_cut_of_a_journal_changes_nothing((context, left, entries) in relaunch(), cuts in prop::collection::vec(any::<Index>(), 0..6)) {
        let whole = run(&context, &left, &entries);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(entries.len() + 1)).collect();
        cuts.extend([0, entries.len()]);
        cuts.sort_unstable();
        let (mut stored, mut session, mut refused, mut navigation) = (left.clone(), Session::default(), Vec::new(), String::new());
        for pair in cuts.windows(2) {
            let part = replay(&context, &stored, &session, &entries[pair[0]..pair[1]]).unwrap();
            stored = written(&stored, &part);
            session = part.session;
            refused.extend(part.refused);
            navigation.push_str(&part.navigation);
        }
        let at_once = written(&left, &whole);
        prop_assert_eq!(as_map(context.version, &at_once), as_map(context.version, &stored));
        prop_assert_eq!(whole.refused, refused);
        prop_assert_eq!(whole.session, session);
        prop_assert_eq!(whole.navigation, navigation);
    }

    /// A batch that arrives again, or overlaps one that arrived, changes nothing.
    #[test]
    fn what_the_server_has_is_ignored((context, left, entries) in relaunch(), again in any::<Index>()) {
        let first = run(&context, &left, &entries);
        let stored = written(&left, &first);
        let from = again.index(entries.len());
        let second = replay(&context, &stored, &first.session, &entries[from..]).unwrap();
        prop_assert!(second.rows.is_empty() && second.refused.is_empty() && second.navigation.is_empty());
        prop_assert_eq!(second.session, first.session);
    }

    /// A row says what is not stored yet, once per element.
    #[test]
    fn rows_hold_only_what_differs((context, left, entries) in relaunch()) {
        let replayed = run(&context, &left, &entries);
        let mut seen = BTreeMap::new();
        for row in &replayed.rows {
            let old = value_of(&left, &row.element);
            prop_assert!(old != Some(row.value.as_str()), "{} is stored already", row.element);
            prop_assert!(seen.insert(row.element.clone(), ()).is_none(), "{} twice", row.element);
        }
    }

    /// Feature: external-scorm-bridge, Property 5: what a SetValue stored is what the next launch reads.
    #[test]
    fn a_stored_value_is_read_again((context, left, mut entries) in relaunch()) {
        entries.retain(|entry| entry.op != Op::Terminate);
        let exit = if context.version == Version::V12 { "cmi.core.exit" } else { "cmi.exit" };
        entries.push(journal(&[(Op::Set, exit, "suspend")]).remove(0));
        for (seq, entry) in (1..).zip(entries.iter_mut()) {
            entry.seq = seq;
        }
        let replayed = run(&context, &left, &entries);
        let next = seed(&context, &written(&left, &replayed)).unwrap();
        prop_assert!(next.skipped.is_empty(), "{:?}", next.skipped);
        let refused: Vec<u64> = replayed.refused.iter().map(|refusal| refusal.seq).collect();
        let mut last = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.op == Op::Set && !refused.contains(&entry.seq)) {
            if let (Some(element), Some(value)) = (&entry.element, &entry.value) {
                last.insert(element.as_str(), value.as_str());
            }
        }
        for (element, value) in last {
            // Of the session alone, appended to, or decided over by the site's settings.
            if element.contains("session_time") || element.contains("exit") || element.contains("nav.")
                || element == "cmi.comments" || context.settings.forcecompleted && element == "cmi.core.lesson_status"
            {
                continue;
            }
            let read = value_of(&next.elements, element).unwrap_or("");
            let same_number = read.parse::<f64>().ok().is_some_and(|number| value.parse() == Ok(number));
            // What an earlier session reached is not unsaid by "unknown".
            let reached = value == "unknown" && value_of(&left, element).is_some_and(|earlier| earlier == read);
            let nothing_said = reached || read.is_empty() && value == "unknown" || read == "0" && value.is_empty();
            prop_assert!(read == value || same_number || nothing_said, "{element}: {value:?} became {read:?}");
        }
    }

    /// Feature: external-scorm-bridge, Property 3: a value outside every type is refused and leaves no trace.
    #[test]
    fn a_name_nobody_knows_is_refused(version in version(), name in "[a-z.0-9_]{0,40}", value in ".{0,20}") {
        prop_assume!(!name.starts_with("cmi.") && !name.starts_with("adl.") && !name.starts_with("nav."));
        let entries = journal(&[(Op::Initialize, "", ""), (Op::Set, &name, &value)]);
        let replayed = run(&launch(version), &Stored::new(), &entries);
        prop_assert!(replayed.rows.is_empty());
        prop_assert_eq!(replayed.refused.len(), 1);
        let codes = if version == Version::V12 { [201, 201] } else { [401, 351] };
        prop_assert!(codes.contains(&replayed.refused[0].code));
    }

    /// Feature: external-scorm-bridge, Property 3: a number is taken in its range and refused with its code outside.
    #[test]
    fn numbers_have_ranges(hundredths in -20_000i32..20_000) {
        let (value, number) = (format!("{}", f64::from(hundredths) / 100.0), f64::from(hundredths) / 100.0);
        let code = |version, element: &str, before: &[(Op, &str, &str)]| {
            let mut calls = vec![(Op::Initialize, "", "")];
            calls.extend_from_slice(before);
            calls.push((Op::Set, element, value.as_str()));
            let refused = run(&launch(version), &Stored::new(), &journal(&calls)).refused;
            refused.first().map_or(0, |refusal| refusal.code)
        };
        let within = |min: f64, max: f64| number >= min && number <= max;
        let objective = [(Op::Set, "cmi.objectives.0.id", "o")];
        prop_assert_eq!(code(Version::V12, "cmi.core.score.raw", &[]), if within(0.0, 100.0) { 0 } else { 405 });
        prop_assert_eq!(code(Version::V12, "cmi.interactions.0.weighting", &[]), if within(-100.0, 100.0) { 0 } else { 405 });
        prop_assert_eq!(code(Version::V2004, "cmi.score.scaled", &[]), if within(-1.0, 1.0) { 0 } else { 407 });
        prop_assert_eq!(code(Version::V2004, "cmi.progress_measure", &[]), if within(0.0, 1.0) { 0 } else { 407 });
        prop_assert_eq!(code(Version::V2004, "cmi.objectives.0.score.scaled", &objective), if within(-1.0, 1.0) { 0 } else { 407 });
        prop_assert_eq!(code(Version::V2004, "cmi.score.raw", &[]), 0);
    }

    /// Feature: external-scorm-bridge, Property 3: a word is taken if it is in the vocabulary, in exactly that spelling.
    #[test]
    fn words_have_vocabularies(word in "[a-zA-Z -]{0,12}", known in select(&["passed", "completed", "incomplete", "failed", "browsed"][..]), is_known in any::<bool>()) {
        let word = if is_known { known.to_owned() } else { word };
        let refused = |version, element: &str| {
            let calls = journal(&[(Op::Initialize, "", ""), (Op::Set, element, &word)]);
            run(&launch(version), &Stored::new(), &calls).refused.first().map_or(0, |refusal| refusal.code)
        };
        let expected = |words: &[&str], code| if words.contains(&word.as_str()) { 0 } else { code };
        let lesson = ["passed", "completed", "incomplete", "failed", "browsed"];
        prop_assert_eq!(refused(Version::V12, "cmi.core.lesson_status"), expected(&lesson, 405));
        prop_assert_eq!(refused(Version::V2004, "cmi.completion_status"), expected(&["completed", "incomplete", "unknown", "not attempted"], 406));
        prop_assert_eq!(refused(Version::V2004, "cmi.success_status"), expected(&["passed", "failed", "unknown"], 406));
    }

    /// Whatever is stored, damaged or not, the seed can be set one by one and nothing of it is refused.
    #[test]
    fn a_seed_can_always_be_set((context, mut left, _) in relaunch(), damage in prop::collection::vec((any::<Index>(), any::<bool>(), select(VALUES)), 0..8)) {
        for (at, removes, value) in damage {
            if left.is_empty() {
                break;
            }
            let at = at.index(left.len());
            if removes {
                left.remove(at);
            } else {
                left[at].1 = value.to_owned();
            }
        }
        left.push(("cmi.exit".to_owned(), "suspend".to_owned()));
        let seed = seed(&context, &left).unwrap();
        let settable = |name: &str| {
            let place = from_api(name).ok().and_then(|name| Model::of(context.version).place(&name));
            place.and_then(|key| Model::of(context.version).element(key)).is_some_and(|line| line.is_writable())
        };
        let mut calls = vec![(Op::Initialize, "", "")];
        calls.extend(
            seed.elements
                .iter()
                // Only an LMS may say so; and an answer may be older than the type of its interaction.
                .filter(|(name, value)| settable(name) && (name != "cmi.core.lesson_status" || value != "not attempted"))
                .filter(|(name, _)| context.version == Version::V12 || !(name.ends_with(".pattern") || name.ends_with("_response")))
                .map(|(name, value)| (Op::Set, name.as_str(), value.as_str())),
        );
        let refused = run(&context, &Stored::new(), &journal(&calls)).refused;
        prop_assert!(refused.is_empty(), "{refused:?} of {:?}", seed.elements);
    }

    /// Feature: external-scorm-bridge, Property 6: suspend data comes back character for character.
    #[test]
    fn suspend_data_comes_back(version in version(), text in prop::collection::vec(any::<char>(), 0..2_000)) {
        let text: String = text.into_iter().collect();
        prop_assert_eq!(suspended_and_resumed(version, &text), Some(text));
    }

    /// Feature: external-scorm-bridge, Property 11: what one SCO does changes nothing for another.
    #[test]
    fn scos_are_kept_apart((context, left, entries) in relaunch(), (other_context, other_left, other_entries) in relaunch(), turns in prop::collection::vec(any::<bool>(), 0..120)) {
        let alone = (written(&left, &run(&context, &left, &entries)), written(&other_left, &run(&other_context, &other_left, &other_entries)));
        let mut scos = [(context, left, Session::default(), entries), (other_context, other_left, Session::default(), other_entries)];
        // Interleaved entry by entry, in any order, until one has nothing left; then the rest.
        for turn in turns.into_iter().map(usize::from).chain([0; 61]).chain([1; 61]) {
            let (context, stored, session, waiting) = &mut scos[turn];
            if waiting.is_empty() {
                continue;
            }
            let replayed = replay(context, stored, session, &[waiting.remove(0)]).unwrap();
            *stored = written(stored, &replayed);
            *session = replayed.session;
        }
        prop_assert_eq!(as_map(scos[0].0.version, &scos[0].1), as_map(scos[0].0.version, &alone.0));
        prop_assert_eq!(as_map(scos[1].0.version, &scos[1].1), as_map(scos[1].0.version, &alone.1));
    }
}

/// Suspend data as the next launch reads it.
fn suspended_and_resumed(version: Version, text: &str) -> Option<String> {
    let context = launch(version);
    let exit = if version == Version::V12 {
        "cmi.core.exit"
    } else {
        "cmi.exit"
    };
    let status = if version == Version::V12 {
        "cmi.core.lesson_status"
    } else {
        "cmi.completion_status"
    };
    let entries = journal(&[
        (Op::Initialize, "", ""),
        (Op::Set, status, "incomplete"),
        (Op::Set, "cmi.suspend_data", text),
        (Op::Set, exit, "suspend"),
        (Op::Terminate, "", ""),
    ]);
    let replayed = run(&context, &Stored::new(), &entries);
    assert!(replayed.refused.is_empty(), "{:?}", replayed.refused);
    let next = seed(&context, &written(&Stored::new(), &replayed)).expect("a seed");
    let entry = if version == Version::V12 {
        "cmi.core.entry"
    } else {
        "cmi.entry"
    };
    assert_eq!(value_of(&next.elements, entry), Some("resume"));
    Some(
        value_of(&next.elements, "cmi.suspend_data")
            .unwrap_or("")
            .to_owned(),
    )
}

/// Feature: external-scorm-bridge, Property 6: 60,000 characters of every plane, NUL and noncharacters included.
#[test]
fn sixty_thousand_characters_of_every_plane_come_back() {
    let planes = (0..=16u32).map(|plane| plane << 16);
    let of_each: String = planes
        .flat_map(|plane| [plane, plane + 0x41, plane + 0xFFFD])
        .filter_map(char::from_u32)
        .collect();
    let text: String = of_each.chars().cycle().take(60_000).collect();
    for version in [Version::V12, Version::V2004] {
        assert_eq!(
            suspended_and_resumed(version, &text).as_deref(),
            Some(text.as_str()),
            "{version:?}"
        );
    }
}
