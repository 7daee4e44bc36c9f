//! What an LMS decides when a SCO ends its session: status, mastery, completion, total time.

use super::launch::{LaunchContext, Mode};
use super::model::Key;
use super::state::State;
use super::value::time::{Duration, Timespan};
use super::value::{leading_number, parse_real};

/// `LMSFinish`, as mod_scorm's client does it (`datamodels/scorm_12.js`, `StoreData`). Returns what it set.
pub(super) fn finish_12(
    context: &LaunchContext,
    state: &mut State,
    session_time: &str,
) -> Vec<Key> {
    let mut set = Setter {
        state,
        keys: Vec::new(),
    };
    if matches!(
        set.state.get("cmi.core.lesson_status"),
        "" | "not attempted"
    ) {
        set.put("cmi.core.lesson_status", "completed");
    }
    let mastery = context.sco_data("masteryscore");
    let raw = set.state.get("cmi.core.score.raw");
    if context.mode == Mode::Normal
        && context.settings.masteryoverride
        && !mastery.is_empty()
        && !raw.is_empty()
    {
        // A mastery score that is no number is never reached.
        let passed =
            leading_number(raw) >= leading_number(mastery) && leading_number(mastery).is_some();
        set.put(
            "cmi.core.lesson_status",
            if passed { "passed" } else { "failed" },
        );
    }
    let spent = |text: &str| Timespan::parse(text).map_or(0, Timespan::total);
    let total = spent(set.state.get("cmi.core.total_time")) + spent(session_time);
    set.put("cmi.core.total_time", &Timespan::write(total));
    set.keys
}

/// mod_scorm's "Force completed": an incomplete attempt with a score is completed (`scorm_insert_track`).
pub(super) fn force_completed(state: &mut State) -> Vec<Key> {
    let mut set = Setter {
        state,
        keys: Vec::new(),
    };
    if set.state.get("cmi.core.lesson_status") == "incomplete"
        && !set.state.get("cmi.core.score.raw").is_empty()
    {
        set.put("cmi.core.lesson_status", "completed");
    }
    set.keys
}

/// `Terminate`. Completion by threshold is SCORM 2004 4th Ed. RTE, 4.2.4.1, and mod_scorm's; success by
/// scaled passing score is 4.2.22.1, which mod_scorm means to follow. Returns what it set.
pub(super) fn finish_2004(
    context: &LaunchContext,
    state: &mut State,
    session_time: &str,
) -> Vec<Key> {
    let mut set = Setter {
        state,
        keys: Vec::new(),
    };
    if context.mode == Mode::Normal {
        let progress = parse_real(set.state.get("cmi.progress_measure"));
        if let (Some(progress), Some(threshold)) =
            (progress, leading_number(context.sco_data("threshold")))
        {
            set.put(
                "cmi.completion_status",
                if progress >= threshold {
                    "completed"
                } else {
                    "incomplete"
                },
            );
        }
        if let (Some(scaled), Some(needed)) = (
            parse_real(set.state.get("cmi.score.scaled")),
            deciding_score(context),
        ) {
            set.put(
                "cmi.success_status",
                if scaled >= needed { "passed" } else { "failed" },
            );
        }
    }
    let spent = |text: &str| Duration::parse(text).unwrap_or_default();
    let total = spent(set.state.get("cmi.total_time")).plus(spent(session_time));
    set.put("cmi.total_time", &total.write());
    set.keys
}

/// The scaled score that decides over success: that of the primary objective, if it is satisfied by measure.
///
/// mod_scorm writes 1 where the manifest names no score, and marks every objective as satisfied by measure;
/// a 1 therefore says nothing, and failing a learner by it would be wrong.
fn deciding_score(context: &LaunchContext) -> Option<f64> {
    let primary = context
        .objectives
        .iter()
        .find(|objective| objective.primaryobj && objective.satisfiedbymeasure)?;
    leading_number(&primary.minnormalizedmeasure).filter(|score| (-1.0..1.0).contains(score))
}

struct Setter<'a> {
    state: &'a mut State,
    keys: Vec<Key>,
}

impl Setter<'_> {
    fn put(&mut self, pattern: &str, value: &str) {
        if let Some(key) = self.state.model().fixed(pattern) {
            self.state.put(key, value.to_owned());
            self.keys.push(key);
        }
    }
}
