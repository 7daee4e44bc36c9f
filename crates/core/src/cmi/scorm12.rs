//! The SCORM 1.2 run-time data model: *SCORM 1.2 Run-Time Environment*, section 3.4, in the order in which
//! mod_scorm's client sends it (`datamodels/scorm_12.js`, `CollectData`).

use super::model::Element;
use super::value::{Kind, Length};

/// `cmi.core.lesson_status` as a SCO may set it (3.4.4). "not attempted" is the LMS's word alone.
const LESSON_STATUS: &[&str] = &["passed", "completed", "failed", "incomplete", "browsed"];
/// `cmi.objectives.n.status` (3.4.4).
const OBJECTIVE_STATUS: &[&str] = &[
    "passed",
    "completed",
    "failed",
    "incomplete",
    "browsed",
    "not attempted",
];
/// `cmi.core.exit` (3.4.4).
const EXIT: &[&str] = &["time-out", "suspend", "logout", ""];
/// `cmi.interactions.n.type` (3.4.4).
const INTERACTION_TYPE: &[&str] = &[
    "true-false",
    "choice",
    "fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
];
/// `cmi.interactions.n.result` (3.4.4); a CMIDecimal is allowed as well.
const RESULT: &[&str] = &["correct", "wrong", "unanticipated", "neutral"];
/// `nav.event`, as mod_scorm understands it.
const NAVIGATION: &[&str] = &["previous", "continue"];

/// Normalised scores (3.4.4, `cmi.core.score.raw`).
const SCORE: Kind = Kind::Decimal12(0.0, 100.0);
/// CMIString255.
const SHORT: Kind = Kind::Text(Length::Short12);
/// CMIString4096.
const LONG: Kind = Kind::Text(Length::Long12);

/// The table.
pub(super) const ELEMENTS: &[Element] = &[
    Element::keyword("cmi._children"),
    Element::keyword("cmi._version"),
    Element::keyword("cmi.core._children"),
    Element::keyword("cmi.core.score._children"),
    Element::both("cmi.core.score.raw", SCORE),
    Element::both("cmi.core.score.max", SCORE),
    Element::both("cmi.core.score.min", SCORE),
    Element::read("cmi.core.student_id"),
    Element::read("cmi.core.student_name"),
    Element::both("cmi.core.lesson_location", SHORT).initially(""),
    Element::read("cmi.core.credit"),
    Element::both("cmi.core.lesson_status", Kind::Vocabulary(LESSON_STATUS)),
    Element::read("cmi.core.entry"),
    Element::computed("cmi.core.total_time", Kind::Timespan12),
    Element::read("cmi.core.lesson_mode"),
    Element::write("cmi.core.exit", Kind::Vocabulary(EXIT)).initially(""),
    Element::write("cmi.core.session_time", Kind::Timespan12),
    Element::keyword("cmi.objectives._children"),
    Element::keyword("cmi.objectives._count"),
    Element::both("cmi.objectives.n.id", Kind::Identifier12),
    Element::keyword("cmi.objectives.n.score._children"),
    Element::both("cmi.objectives.n.score.raw", SCORE),
    Element::both("cmi.objectives.n.score.min", SCORE),
    Element::both("cmi.objectives.n.score.max", SCORE),
    Element::both(
        "cmi.objectives.n.status",
        Kind::Vocabulary(OBJECTIVE_STATUS),
    ),
    Element::keyword("cmi.student_data._children"),
    Element::read("cmi.student_data.mastery_score"),
    Element::read("cmi.student_data.max_time_allowed"),
    Element::read("cmi.student_data.time_limit_action"),
    Element::keyword("cmi.student_preference._children"),
    Element::both("cmi.student_preference.audio", Kind::Integer(-1, 100)),
    Element::both("cmi.student_preference.language", SHORT).initially(""),
    Element::both("cmi.student_preference.speed", Kind::Integer(-100, 100)),
    Element::both("cmi.student_preference.text", Kind::Integer(-1, 1)),
    Element::keyword("cmi.interactions._children"),
    Element::keyword("cmi.interactions._count"),
    Element::write("cmi.interactions.n.id", Kind::Identifier12),
    Element::keyword("cmi.interactions.n.objectives._count"),
    Element::write("cmi.interactions.n.objectives.n.id", Kind::Identifier12),
    Element::write("cmi.interactions.n.time", Kind::Time12),
    Element::write(
        "cmi.interactions.n.type",
        Kind::Vocabulary(INTERACTION_TYPE),
    ),
    Element::keyword("cmi.interactions.n.correct_responses._count"),
    Element::write("cmi.interactions.n.correct_responses.n.pattern", SHORT),
    Element::write(
        "cmi.interactions.n.weighting",
        Kind::Decimal12(-100.0, 100.0),
    ),
    Element::write("cmi.interactions.n.student_response", SHORT),
    Element::write("cmi.interactions.n.result", Kind::Result12(RESULT)),
    Element::write("cmi.interactions.n.latency", Kind::Timespan12),
    Element::keyword("cmi.evaluation.comments._count"),
    Element::keyword("cmi.evaluation.comments._children"),
    Element::both("cmi.evaluation.comments.n.content", SHORT),
    Element::both("cmi.evaluation.comments.n.location", SHORT),
    Element::both("cmi.evaluation.comments.n.time", Kind::Time12),
    Element::both("cmi.suspend_data", LONG).initially(""),
    Element::read("cmi.launch_data"),
    Element::both("cmi.comments", LONG).initially(""),
    Element::read("cmi.comments_from_lms"),
    Element::write("nav.event", Kind::Vocabulary(NAVIGATION)),
];
