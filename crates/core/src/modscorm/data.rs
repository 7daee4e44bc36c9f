//! Rows of `scorm_scoes_data`: what an activity says, by the names that mod_scorm gives it.

use std::borrow::Cow;
use std::ops::Deref;

use crate::manifest::{CompletionThreshold, Edition, Item, Sequencing, Text};

/// Names and values.
type Data<S> = Vec<(S, S)>;

fn put<'m, S: Text<'m>>(data: &mut Data<S>, name: &'static str, value: &'m str) {
    data.push((Cow::Borrowed(name).into(), Cow::Borrowed(value).into()));
}

fn put_text<'m, S: Text<'m>>(data: &mut Data<S>, name: &'static str, value: Option<&'m str>) {
    if let Some(value) = value {
        put(data, name, value);
    }
}

fn put_flag<'m, S: Text<'m>>(data: &mut Data<S>, name: &'static str, value: Option<bool>) {
    if let Some(value) = value {
        put(data, name, if value { "1" } else { "0" });
    }
}

pub(super) fn item<'m, S: Text<'m>, T: Deref<Target = str>>(
    data: &mut Data<S>,
    item: &'m Item<T>,
    edition: Option<Edition>,
) {
    put(
        data,
        "isvisible",
        if item.is_visible { "true" } else { "false" },
    );
    put(
        data,
        "parameters",
        item.parameters.as_deref().unwrap_or_default(),
    );
    if let Some(prerequisites) = item
        .prerequisites
        .as_ref()
        .filter(|p| *p.kind == *"aicc_script")
    {
        put(data, "prerequisites", &prerequisites.expression);
    }
    put_text(data, "maxtimeallowed", item.max_time_allowed.as_deref());
    put_text(data, "timelimitaction", item.time_limit_action.as_deref());
    put_text(data, "datafromlms", item.data_from_lms.as_deref());
    put_text(data, "masteryscore", item.mastery_score.as_deref());
    threshold(data, item.completion_threshold.as_deref(), edition);
}

/// SCORM 2004 4th Ed. CAM section 3.4.1.13: the measure decides only with `completedByMeasure`, which is false by
/// default. Earlier editions do not have that attribute.
pub(super) fn threshold<'m, S: Text<'m>, T: Deref<Target = str>>(
    data: &mut Data<S>,
    threshold: Option<&'m CompletionThreshold<T>>,
    edition: Option<Edition>,
) {
    let Some(threshold) = threshold else { return };
    if threshold
        .completed_by_measure
        .unwrap_or(edition != Some(Edition::Fourth))
    {
        let measure = threshold.min_progress_measure.as_deref().unwrap_or("1.0");
        put(data, "threshold", measure);
    }
}

pub(super) fn hidden_controls<'m, S: Text<'m>, T: Deref<Target = str>>(
    data: &mut Data<S>,
    hidden: &[T],
) {
    for word in hidden {
        let name = match &**word {
            "continue" => "hidecontinue",
            "previous" => "hideprevious",
            "exit" => "hideexit",
            "exitAll" => "hideexitall",
            "abandon" => "hideabandon",
            "abandonAll" => "hideabandonall",
            "suspendAll" => "hidesuspendall",
            _ => continue,
        };
        if !data.iter().any(|(known, _)| **known == *name) {
            put(data, name, "1");
        }
    }
}

/// The names are mod_scorm's, in its mixture of cases. `useCurrentAttemptObjectiveInfo` is not among them: it looks
/// for an attribute that the standard does not have, and nothing reads the result.
pub(super) fn sequencing<'m, S: Text<'m>, T: Deref<Target = str>>(
    data: &mut Data<S>,
    sequencing: &'m Sequencing<T>,
) {
    if let Some(control) = &sequencing.control_mode {
        put_flag(data, "choice", control.choice);
        put_flag(data, "choiceexit", control.choice_exit);
        put_flag(data, "flow", control.flow);
        put_flag(data, "forwardonly", control.forward_only);
        put_flag(
            data,
            "usecurrentattemptprogressinfo",
            control.use_current_attempt_progress_info,
        );
    }
    if let Some(limits) = &sequencing.limit_conditions {
        put_text(data, "attemptLimit", limits.attempt_limit.as_deref());
        put_text(
            data,
            "attemptAbsoluteDurationLimit",
            limits.attempt_absolute_duration_limit.as_deref(),
        );
    }
    if let Some(rollup) = &sequencing.rollup_rules {
        put_flag(
            data,
            "rollupobjectivesatisfied",
            rollup.rollup_objective_satisfied,
        );
        put_flag(
            data,
            "rollupprogresscompletion",
            rollup.rollup_progress_completion,
        );
        put_text(
            data,
            "objectivemeasureweight",
            rollup.objective_measure_weight.as_deref(),
        );
    }
    if let Some(delivery) = &sequencing.delivery_controls {
        put_flag(data, "tracked", delivery.tracked);
        put_flag(
            data,
            "completionsetbycontent",
            delivery.completion_set_by_content,
        );
        put_flag(
            data,
            "objectivesetbycontent",
            delivery.objective_set_by_content,
        );
    }
    if let Some(choice) = &sequencing.constrained_choice {
        put_flag(data, "constrainChoice", choice.constrain_choice);
        put_flag(data, "preventactivation", choice.prevent_activation);
    }
}
