//! What a SCO reads before it has said anything.

use std::collections::BTreeMap;

use super::error::CmiError;
use super::launch::{LaunchContext, Mode, Stored};
use super::load::{self, Loaded, Start};
use super::model::Key;
use super::outcome::{Seed, Skipped};
use super::state::State;
use crate::manifest::Version;

/// Computes the first state of a launch from what is stored of the attempt.
///
/// Stored values that cannot be used (still sealed, of a wrong type) are left out and reported in
/// [`Seed::skipped`]; the rest is as mod_scorm's own player would give it.
///
/// # Errors
/// [`CmiError::StoredItems`] and [`CmiError::StoredBytes`] if there is more than a launch may carry.
pub fn seed(context: &LaunchContext, stored: &Stored) -> Result<Seed, CmiError> {
    let Loaded {
        state,
        stored: raw,
        mut skipped,
        ..
    } = load::load(context, stored, &Start::New)?;
    let model = state.model();
    let mut values: BTreeMap<Key, String> = BTreeMap::new();
    let given = match context.version {
        Version::V12 => given_12(context, &state, &raw),
        Version::V2004 => given_2004(context, &state),
    };
    for (pattern, value) in given {
        if let Some(key) = model.fixed(pattern) {
            values.insert(key, value);
        }
    }
    for (key, value) in state.iter() {
        // Write-only, and its own affair of each session.
        if !matches!(
            model.element(key).map(|element| element.pattern),
            Some("cmi.core.exit" | "cmi.exit")
        ) {
            values.insert(key, value.to_owned());
        }
    }
    stand_in(&state, &mut values, &mut skipped);
    let limits = model
        .elements()
        .iter()
        .filter_map(|element| {
            Some((
                element.pattern.to_owned(),
                element.kind.characters(&context.settings)?,
            ))
        })
        .collect();
    let elements = values
        .into_iter()
        .map(|(key, value)| (model.api_name(key), value))
        .collect();
    Ok(Seed {
        version: context.version,
        mode: context.mode,
        elements,
        limits,
        last_seq: 0,
        skipped,
    })
}

fn credit(mode: Mode) -> &'static str {
    if mode == Mode::Normal {
        "credit"
    } else {
        "no-credit"
    }
}

/// SCORM 1.2: every element has a value, if an empty one (mod_scorm, `scorm_12lib.php`).
fn given_12(
    context: &LaunchContext,
    state: &State,
    raw: &BTreeMap<Key, String>,
) -> Vec<(&'static str, String)> {
    let stored = |pattern| {
        state
            .model()
            .fixed(pattern)
            .and_then(|key| raw.get(&key))
            .map_or("", String::as_str)
    };
    // An attempt without a status has not begun, whatever else is stored.
    let entry = match (stored("cmi.core.lesson_status"), stored("cmi.core.exit")) {
        ("", _) => "ab-initio",
        (_, "suspend") => "resume",
        _ => "",
    };
    [
        ("cmi.core.student_id", context.learner.id.as_str()),
        ("cmi.core.student_name", context.learner.name.as_str()),
        ("cmi.core.lesson_location", ""),
        ("cmi.core.credit", credit(context.mode)),
        ("cmi.core.lesson_status", "not attempted"),
        ("cmi.core.entry", entry),
        ("cmi.core.score.raw", ""),
        ("cmi.core.score.max", ""),
        ("cmi.core.score.min", ""),
        ("cmi.core.total_time", "00:00:00"),
        ("cmi.core.lesson_mode", context.mode.word()),
        ("cmi.suspend_data", ""),
        ("cmi.launch_data", context.sco_data("datafromlms")),
        ("cmi.comments", ""),
        ("cmi.comments_from_lms", ""),
        (
            "cmi.student_data.mastery_score",
            context.sco_data("masteryscore"),
        ),
        (
            "cmi.student_data.max_time_allowed",
            context.sco_data("maxtimeallowed"),
        ),
        (
            "cmi.student_data.time_limit_action",
            context.sco_data("timelimitaction"),
        ),
        ("cmi.student_preference.audio", "0"),
        ("cmi.student_preference.language", ""),
        ("cmi.student_preference.speed", "0"),
        ("cmi.student_preference.text", "0"),
    ]
    .map(|(pattern, value)| (pattern, value.to_owned()))
    .into()
}

/// SCORM 2004: what has no value is left out and reads as "not initialized" (mod_scorm, `scorm_13lib.php`).
fn given_2004(context: &LaunchContext, state: &State) -> Vec<(&'static str, String)> {
    let entry = if state.get("cmi.exit") == "suspend" {
        "resume"
    } else {
        "ab-initio"
    };
    let mut given = vec![
        ("cmi.learner_id", context.learner.id.as_str()),
        ("cmi.learner_name", context.learner.name.as_str()),
        ("cmi.mode", context.mode.word()),
        ("cmi.entry", entry),
        ("cmi.credit", credit(context.mode)),
        ("cmi.completion_status", "unknown"),
        ("cmi.success_status", "unknown"),
        ("cmi.completion_threshold", context.sco_data("threshold")),
        ("cmi.scaled_passing_score", passing_score(context)),
        ("cmi.learner_preference.audio_level", "1"),
        ("cmi.learner_preference.audio_captioning", "0"),
        (
            "cmi.max_time_allowed",
            context.sco_data("attemptAbsoluteDurationLimit"),
        ),
        ("cmi.time_limit_action", context.sco_data("timelimitaction")),
        ("cmi.launch_data", context.sco_data("datafromlms")),
        ("cmi.total_time", "PT0H0M0S"),
    ];
    given.retain(|(_, value)| !value.is_empty());
    given
        .into_iter()
        .map(|(pattern, value)| (pattern, value.to_owned()))
        .collect()
}

/// `cmi.scaled_passing_score` as mod_scorm gives it: of the last objective that has one.
fn passing_score(context: &LaunchContext) -> &str {
    let mut measures = context
        .objectives
        .iter()
        .map(|objective| objective.minnormalizedmeasure.as_str());
    measures
        .rfind(|measure| !matches!(*measure, "" | "0"))
        .unwrap_or("")
}

/// Keeps the members of a collection where they are when one before them cannot be used.
fn stand_in(state: &State, values: &mut BTreeMap<Key, String>, skipped: &mut Vec<Skipped>) {
    let model = state.model();
    let mut missing = Vec::new();
    for element in model.elements() {
        let Some(first) = model
            .fixed(element.pattern)
            .filter(|_| makes_member(element.pattern))
        else {
            continue;
        };
        for outer in 0..state.count(first) {
            let key = Key { outer, ..first };
            if element.collections().1.is_none() {
                // SCORM 2004 knows an objective or interaction by its id; other members need only be there.
                let needs_id = model.version == Version::V2004 && element.pattern.ends_with(".id");
                missing.extend((needs_id || !state.has_member(key)).then_some(key));
            } else {
                missing.extend((0..state.inner_count(key)).map(|inner| Key { inner, ..key }));
            }
        }
    }
    for key in missing.into_iter().filter(|key| state.at(*key).is_none()) {
        let is_id = model
            .element(key)
            .is_some_and(|element| element.pattern.ends_with(".id"));
        let value = if is_id {
            format!("urn:scormbridge:missing-{}-{}", key.outer, key.inner)
        } else {
            String::new()
        };
        values.insert(key, value);
        skipped.push(Skipped {
            element: model.storage_name(key),
            reason: "gap".to_owned(),
        });
    }
}

/// The elements that make a new member of their collection.
fn makes_member(pattern: &str) -> bool {
    matches!(
        pattern,
        "cmi.objectives.n.id"
            | "cmi.interactions.n.id"
            | "cmi.interactions.n.objectives.n.id"
            | "cmi.interactions.n.correct_responses.n.pattern"
            | "cmi.comments_from_learner.n.comment"
            | "cmi.evaluation.comments.n.content"
    )
}
