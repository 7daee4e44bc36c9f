//! The SCORM 2004 4th Edition run-time data model: *SCORM 2004 4th Ed. Run-Time Environment*, section 4.2, in
//! the order in which mod_scorm's client sends it (`datamodels/scorm_13.js`, `CollectData`).

use super::model::Element;
use super::value::{Kind, Length};

/// `cmi.completion_status` (4.2.4).
const COMPLETION: &[&str] = &["completed", "incomplete", "not attempted", "unknown"];
/// `cmi.success_status` (4.2.22).
const SUCCESS: &[&str] = &["passed", "failed", "unknown"];
/// `cmi.exit` (4.2.8).
const EXIT: &[&str] = &["time-out", "suspend", "logout", "normal", ""];
/// `cmi.interactions.n.type` (4.2.9.2).
const INTERACTION_TYPE: &[&str] = &[
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
];
/// `cmi.interactions.n.result` (4.2.9.8); a real number is allowed as well.
const RESULT: &[&str] = &["correct", "incorrect", "unanticipated", "neutral"];

/// `cmi.score.scaled` and its like (4.2.20.1).
const SCALED: Kind = Kind::RealWithin(-1.0, 1.0);
/// `cmi.progress_measure` (4.2.18).
const PROGRESS: Kind = Kind::RealWithin(0.0, 1.0);
/// `cmi.learner_preference.audio_level`, `delivery_speed` (4.2.14).
const LEVEL: Kind = Kind::RealWithin(0.0, f64::INFINITY);

/// The table.
pub(super) const ELEMENTS: &[Element] = &[
    Element::keyword("cmi._children"),
    Element::keyword("cmi._version"),
    Element::computed("cmi.total_time", Kind::Duration),
    Element::keyword("cmi.comments_from_learner._children"),
    Element::keyword("cmi.comments_from_learner._count"),
    Element::both("cmi.comments_from_learner.n.comment", Kind::Localized(4000)),
    Element::both(
        "cmi.comments_from_learner.n.location",
        Kind::Text(Length::Fixed(250)),
    ),
    Element::both("cmi.comments_from_learner.n.timestamp", Kind::Timestamp),
    Element::keyword("cmi.comments_from_lms._children"),
    Element::keyword("cmi.comments_from_lms._count"),
    Element::read("cmi.comments_from_lms.n.comment"),
    Element::read("cmi.comments_from_lms.n.location"),
    Element::read("cmi.comments_from_lms.n.timestamp"),
    Element::keyword("cmi.interactions._children"),
    Element::keyword("cmi.interactions._count"),
    Element::both("cmi.interactions.n.id", Kind::LongIdentifier),
    Element::both(
        "cmi.interactions.n.type",
        Kind::Vocabulary(INTERACTION_TYPE),
    ),
    Element::keyword("cmi.interactions.n.objectives._count"),
    Element::both("cmi.interactions.n.objectives.n.id", Kind::LongIdentifier),
    Element::both("cmi.interactions.n.timestamp", Kind::Timestamp),
    Element::keyword("cmi.interactions.n.correct_responses._count"),
    Element::both(
        "cmi.interactions.n.correct_responses.n.pattern",
        Kind::Pattern,
    ),
    Element::both("cmi.interactions.n.weighting", Kind::Real),
    Element::both("cmi.interactions.n.learner_response", Kind::Response),
    Element::both("cmi.interactions.n.result", Kind::Result2004(RESULT)),
    Element::both("cmi.interactions.n.latency", Kind::Duration),
    Element::both("cmi.interactions.n.description", Kind::Localized(250)),
    Element::keyword("cmi.learner_preference._children"),
    Element::both("cmi.learner_preference.audio_level", LEVEL).initially("1"),
    Element::both("cmi.learner_preference.language", Kind::Language).initially(""),
    Element::both("cmi.learner_preference.delivery_speed", LEVEL),
    Element::both(
        "cmi.learner_preference.audio_captioning",
        Kind::Integer(-1, 1),
    )
    .initially("0"),
    Element::keyword("cmi.objectives._children"),
    Element::keyword("cmi.objectives._count"),
    Element::both("cmi.objectives.n.id", Kind::LongIdentifier),
    Element::keyword("cmi.objectives.n.score._children"),
    Element::both("cmi.objectives.n.score.scaled", SCALED),
    Element::both("cmi.objectives.n.score.raw", Kind::Real),
    Element::both("cmi.objectives.n.score.min", Kind::Real),
    Element::both("cmi.objectives.n.score.max", Kind::Real),
    Element::both("cmi.objectives.n.success_status", Kind::Vocabulary(SUCCESS))
        .initially("unknown"),
    Element::both(
        "cmi.objectives.n.completion_status",
        Kind::Vocabulary(COMPLETION),
    )
    .initially("unknown"),
    Element::both("cmi.objectives.n.progress_measure", PROGRESS),
    Element::both("cmi.objectives.n.description", Kind::Localized(250)),
    Element::keyword("cmi.score._children"),
    Element::both("cmi.score.scaled", SCALED),
    Element::both("cmi.score.raw", Kind::Real),
    Element::both("cmi.score.min", Kind::Real),
    Element::both("cmi.score.max", Kind::Real),
    Element::both("cmi.completion_status", Kind::Vocabulary(COMPLETION)).initially("unknown"),
    Element::read("cmi.completion_threshold"),
    Element::read("cmi.credit"),
    Element::read("cmi.entry"),
    Element::write("cmi.exit", Kind::Vocabulary(EXIT)).initially(""),
    Element::read("cmi.launch_data"),
    Element::read("cmi.learner_id"),
    Element::read("cmi.learner_name"),
    Element::both("cmi.location", Kind::Text(Length::Fixed(1000))).initially(""),
    Element::read("cmi.max_time_allowed"),
    Element::read("cmi.mode"),
    Element::both("cmi.progress_measure", PROGRESS),
    Element::read("cmi.scaled_passing_score"),
    Element::write("cmi.session_time", Kind::Duration).initially("PT0H0M0S"),
    Element::both("cmi.success_status", Kind::Vocabulary(SUCCESS)).initially("unknown"),
    Element::both("cmi.suspend_data", Kind::Text(Length::Fixed(64_000))).initially(""),
    Element::read("cmi.time_limit_action"),
    Element::both("adl.nav.request", Kind::Navigation),
];
