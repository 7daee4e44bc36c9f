//! A batch that comes after a newer launch of the same SCO has reported (`docs/protocol.md`, "Commit").
//!
//! What it holds was promised to a SCO, so it is judged and acknowledged like any other; but it must never replace
//! what the newer launch wrote. What belongs together stays together: half an interaction of one window and half of
//! another would be an answer that nobody gave.

use std::collections::BTreeSet;

use super::error::CmiError;
use super::launch::{LaunchContext, Stored};
use super::outcome::{Replay, Session, Status};
use super::replay::replay;
use super::value::time::Duration;
use crate::journal::{Entry, Op};
use crate::manifest::Version;

/// What grows with each launch instead of being replaced; a replay adds to what is stored.
const ADDED_UP: [&str; 3] = ["cmi.core.total_time", TOTAL_2004, "cmi.comments"];

/// What an LMS decides when a SCO ends.
const DECIDED: [&str; 3] = [
    "cmi.core.lesson_status",
    "cmi.completion_status",
    "cmi.success_status",
];

const TOTAL_2004: &str = "cmi.total_time";

/// The parts of an attempt that newer launches have written: one interaction, one objective, one comment of a
/// learner, the scores; every other element is a part of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    parts: BTreeSet<String>,
    everything: bool,
}

impl Written {
    /// Every part, where it cannot be known which.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            everything: true,
            ..Self::default()
        }
    }

    /// Takes note of accepted entries.
    pub fn add(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.note(entry.op, entry.element.as_deref());
        }
    }

    /// Takes note of one accepted call.
    pub fn note(&mut self, op: Op, element: Option<&str>) {
        match (op, element) {
            (Op::Set, Some(element)) => {
                self.parts.insert(part(element));
            }
            (Op::Terminate, _) => self.parts.extend(DECIDED.map(str::to_owned)),
            _ => {}
        }
    }

    /// Whether a late row would replace something.
    fn holds(&self, element: &str) -> bool {
        !ADDED_UP.contains(&element) && (self.everything || self.parts.contains(&part(element)))
    }
}

/// The part that an element belongs to, by its name in the API or in storage: both say the same of
/// `cmi.interactions.3.id` and `cmi.interactions_3.id`.
fn part(element: &str) -> String {
    let is_index = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut part = String::with_capacity(element.len());
    for segment in element.split('.') {
        let (name, index) = match segment.rsplit_once('_') {
            _ if is_index(segment) => ("", Some(segment)),
            Some((name, index)) if is_index(index) => (name, Some(index)),
            _ => (segment, None),
        };
        for piece in [Some(name), index].into_iter().flatten() {
            if !part.is_empty() && !piece.is_empty() {
                part.push('.');
            }
            part.push_str(piece);
        }
        if index.is_some() {
            return part;
        }
    }
    match part.rsplit_once('.') {
        Some((score, "raw" | "min" | "max" | "scaled")) if score.ends_with(".score") => {
            score.to_owned()
        }
        _ => part,
    }
}

/// Replays a batch like [`replay`], without the rows that newer launches have `written`.
///
/// In SCORM 2004 a launch that did not resume begins its total time from nothing. That must not wipe out the newer
/// launch's, so the two add up, as they do in SCORM 1.2.
///
/// # Errors
/// As [`replay`].
pub fn replay_late(
    context: &LaunchContext,
    stored: &Stored,
    session: &Session,
    entries: &[Entry],
    written: &Written,
) -> Result<Replay, CmiError> {
    let total = find(stored, TOTAL_2004).filter(|_| begins_from_nothing(context, stored, session));
    let mut replayed = match total {
        None => replay(context, stored, session, entries)?,
        Some(_) => {
            let others = stored.iter().filter(|(name, _)| name != TOTAL_2004);
            replay(context, &others.cloned().collect(), session, entries)?
        }
    };
    replayed.rows.retain(|row| !written.holds(&row.element));
    if let Some(total) = total {
        for row in &mut replayed.rows {
            if row.element == TOTAL_2004 {
                let spent = |text: &str| Duration::parse(text).unwrap_or_default();
                row.value = spent(total).plus(spent(&row.value)).write();
            }
        }
    }
    Ok(replayed)
}

fn find<'a>(stored: &'a Stored, element: &str) -> Option<&'a str> {
    let found = stored.iter().find(|(name, _)| name == element);
    found.map(|(_, value)| value.as_str())
}

/// Whether a launch does not go on from the total time that is stored.
fn begins_from_nothing(context: &LaunchContext, stored: &Stored, session: &Session) -> bool {
    context.version == Version::V2004
        && match session.status {
            Status::Ready => find(stored, "cmi.exit") != Some("suspend"),
            Status::Running | Status::Terminated => {
                session.carry.stale.iter().any(|name| name == TOTAL_2004)
            }
        }
}
