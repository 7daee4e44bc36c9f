//! Claims about the data model. The tables under `tests/golden/cmi` are shared with the relay.

mod golden;
mod late;
mod laws;
mod mapping;
mod replaying;
mod seeding;

use std::collections::BTreeMap;

use super::{
    LaunchContext, Learner, Replay, Session, Settings, StateLimits, Stored, Version, replay,
};
use crate::journal::{Entry, Op};

/// A launch of a SCO the manifest says nothing about.
fn launch(version: Version) -> LaunchContext {
    LaunchContext {
        version,
        learner: Learner {
            id: "ana".into(),
            name: "Ana Silva".into(),
        },
        mode: super::Mode::Normal,
        sco: BTreeMap::new(),
        objectives: Vec::new(),
        settings: Settings::default(),
        limits: StateLimits::default(),
    }
}

/// A journal from the first entry on: `("", "")` stands for no element.
fn journal(calls: &[(Op, &str, &str)]) -> Vec<Entry> {
    (1..)
        .zip(calls)
        .map(|(seq, (op, element, value))| {
            let given = |text: &str| (*op == Op::Set).then(|| text.to_owned());
            Entry {
                seq,
                op: *op,
                element: given(element),
                value: given(value),
                at: 0,
            }
        })
        .collect()
}

/// What is stored after the rows were written.
fn written(stored: &Stored, replayed: &Replay) -> Stored {
    let mut after = stored.clone();
    for row in &replayed.rows {
        match after
            .iter_mut()
            .find(|(element, _)| *element == row.element)
        {
            Some((_, value)) => value.clone_from(&row.value),
            None => after.push((row.element.clone(), row.value.clone())),
        }
    }
    after
}

/// Replays a journal in one batch from the start of a launch.
fn run(context: &LaunchContext, stored: &Stored, entries: &[Entry]) -> Replay {
    replay(context, stored, &Session::default(), entries).expect("a journal without gaps")
}

fn stored(pairs: &[(&str, &str)]) -> Stored {
    pairs
        .iter()
        .map(|(element, value)| ((*element).to_owned(), (*value).to_owned()))
        .collect()
}

fn value_of<'a>(pairs: &'a [(String, String)], element: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(name, _)| name == element)
        .map(|(_, value)| value.as_str())
}
