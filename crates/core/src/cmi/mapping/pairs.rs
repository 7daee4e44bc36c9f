//! Elements that have a twin in the other standard, and how their values are said there.

use super::super::value::time::{Duration, Timespan};
use super::super::value::{is_decimal_12, parse_real};
use super::answer;

/// How the values of two twins correspond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alike {
    /// Word for word.
    Same,
    /// CMITimespan and ISO 8601 duration.
    Span,
    /// A hundredth of it: 80 and 0.8.
    Percent,
    /// SCORM 2004 has a word for an ordinary exit, SCORM 1.2 has none.
    Exit,
    /// -1 (off), 0 (as it is), 1 … 100 and 0, 1, 0.01 … 1.
    Audio,
    /// Percent slower or faster and a factor: -50 and 0.5.
    Speed,
    /// SCORM 2004 tells long answers from short ones.
    InteractionType,
    /// `wrong` and `incorrect`.
    Result,
    /// What the learner answered, or should have, by type of interaction.
    Answer,
    /// SCORM 1.2 knows the time of day only.
    TimeOfDay,
}

/// SCORM 1.2, SCORM 2004.
pub(super) const ALIKE: &[(&str, &str, Alike)] = &[
    ("cmi.core.student_id", "cmi.learner_id", Alike::Same),
    ("cmi.core.student_name", "cmi.learner_name", Alike::Same),
    ("cmi.core.lesson_location", "cmi.location", Alike::Same),
    ("cmi.core.credit", "cmi.credit", Alike::Same),
    ("cmi.core.entry", "cmi.entry", Alike::Same),
    ("cmi.core.lesson_mode", "cmi.mode", Alike::Same),
    ("cmi.core.exit", "cmi.exit", Alike::Exit),
    ("cmi.core.total_time", "cmi.total_time", Alike::Span),
    ("cmi.core.session_time", "cmi.session_time", Alike::Span),
    ("cmi.core.score.min", "cmi.score.min", Alike::Same),
    ("cmi.core.score.max", "cmi.score.max", Alike::Same),
    ("cmi.suspend_data", "cmi.suspend_data", Alike::Same),
    ("cmi.launch_data", "cmi.launch_data", Alike::Same),
    (
        "cmi.student_data.mastery_score",
        "cmi.scaled_passing_score",
        Alike::Percent,
    ),
    (
        "cmi.student_data.max_time_allowed",
        "cmi.max_time_allowed",
        Alike::Span,
    ),
    (
        "cmi.student_data.time_limit_action",
        "cmi.time_limit_action",
        Alike::Same,
    ),
    (
        "cmi.student_preference.audio",
        "cmi.learner_preference.audio_level",
        Alike::Audio,
    ),
    (
        "cmi.student_preference.language",
        "cmi.learner_preference.language",
        Alike::Same,
    ),
    (
        "cmi.student_preference.speed",
        "cmi.learner_preference.delivery_speed",
        Alike::Speed,
    ),
    (
        "cmi.student_preference.text",
        "cmi.learner_preference.audio_captioning",
        Alike::Same,
    ),
    ("cmi.objectives.n.id", "cmi.objectives.n.id", Alike::Same),
    (
        "cmi.objectives.n.score.min",
        "cmi.objectives.n.score.min",
        Alike::Same,
    ),
    (
        "cmi.objectives.n.score.max",
        "cmi.objectives.n.score.max",
        Alike::Same,
    ),
    (
        "cmi.interactions.n.id",
        "cmi.interactions.n.id",
        Alike::Same,
    ),
    (
        "cmi.interactions.n.objectives.n.id",
        "cmi.interactions.n.objectives.n.id",
        Alike::Same,
    ),
    (
        "cmi.interactions.n.time",
        "cmi.interactions.n.timestamp",
        Alike::TimeOfDay,
    ),
    (
        "cmi.interactions.n.type",
        "cmi.interactions.n.type",
        Alike::InteractionType,
    ),
    (
        "cmi.interactions.n.correct_responses.n.pattern",
        "cmi.interactions.n.correct_responses.n.pattern",
        Alike::Answer,
    ),
    (
        "cmi.interactions.n.weighting",
        "cmi.interactions.n.weighting",
        Alike::Same,
    ),
    (
        "cmi.interactions.n.student_response",
        "cmi.interactions.n.learner_response",
        Alike::Answer,
    ),
    (
        "cmi.interactions.n.result",
        "cmi.interactions.n.result",
        Alike::Result,
    ),
    (
        "cmi.interactions.n.latency",
        "cmi.interactions.n.latency",
        Alike::Span,
    ),
];

impl Alike {
    /// A SCORM 1.2 value in SCORM 2004's words. `interaction` is the type of the interaction it belongs to.
    pub(super) fn to_2004(self, value: &str, interaction: Option<&str>) -> Option<String> {
        match self {
            Self::Same | Self::Exit | Self::InteractionType => Some(value.to_owned()),
            Self::Span => Some(Duration::from_hundredths(Timespan::parse(value)?.total()).write()),
            Self::Percent => Some(decimal(number_12(value)? / 100.0)),
            Self::Audio => match number_12(value)? {
                -1.0 => Some("0".to_owned()),
                0.0 => Some("1".to_owned()),
                level => Some(decimal(level / 100.0)),
            },
            Self::Speed => Some(decimal(1.0 + number_12(value)? / 100.0)),
            Self::Result => Some(if value == "wrong" { "incorrect" } else { value }.to_owned()),
            Self::Answer => answer::to_2004(interaction?, value),
            // Of which day nobody knows.
            Self::TimeOfDay => None,
        }
    }

    /// A SCORM 2004 value in SCORM 1.2's words.
    pub(super) fn to_12(self, value: &str, interaction: Option<&str>) -> Option<String> {
        match self {
            Self::Same => Some(value.to_owned()),
            Self::Exit => Some(if value == "normal" { "" } else { value }.to_owned()),
            Self::InteractionType => Some(
                if value == "long-fill-in" {
                    "fill-in"
                } else {
                    value
                }
                .to_owned(),
            ),
            Self::Span => Some(Timespan::write(Duration::parse(value)?.total())),
            Self::Percent => Some(decimal(parse_real(value)? * 100.0)),
            Self::Audio => match parse_real(value)? {
                0.0 => Some("-1".to_owned()),
                1.0 => Some("0".to_owned()),
                level => Some(decimal(level * 100.0)),
            },
            Self::Speed => Some(decimal((parse_real(value)? - 1.0) * 100.0)),
            Self::Result => Some(if value == "incorrect" { "wrong" } else { value }.to_owned()),
            Self::Answer => answer::to_12(interaction?, value),
            Self::TimeOfDay => value
                .split_once('T')
                .map(|(_, time)| without_zone(time).to_owned()),
        }
    }
}

fn number_12(value: &str) -> Option<f64> {
    is_decimal_12(value).then(|| value.parse().ok()).flatten()
}

/// A number with the seven decimals that real(10,7) promises.
fn decimal(number: f64) -> String {
    ((number * 1e7).round() / 1e7 + 0.0).to_string()
}

fn without_zone(time: &str) -> &str {
    time.split(['Z', '+', '-']).next().unwrap_or(time)
}
