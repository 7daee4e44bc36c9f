//! The SCORM run-time data model: what a SCO may store, what an LMS makes of it, what is written down.
//!
//! * [`seed`] turns what is stored of an attempt into what the SCO reads first.
//! * [`replay`] runs a [journal](crate::journal) on what is stored and returns the rows to write.
//! * [`replay_late`] does so for a launch that a newer one has overtaken.
//! * [`mapping`] carries an attempt from SCORM 1.2 to SCORM 2004 and back.
//!
//! Nothing here trusts the browser: every value is checked again against the tables of the two
//! standards (*SCORM 1.2 Run-Time Environment*, section 3.4; *SCORM 2004 4th Edition Run-Time
//! Environment*, chapter 4). Where a learner would notice a difference, Moodle's mod_scorm is followed
//! instead of the letter of the standard, and the place says so. No clock, no I/O, no global state: the
//! same arguments always give the same answer, and cutting a journal into other batches gives the same
//! rows in the end.
//!
//! # What is supported
//!
//! | SCORM 1.2 | access | SCORM 2004 | access |
//! | --- | --- | --- | --- |
//! | `cmi._version`, every `_children`, every `_count` | r | the same | r |
//! | `cmi.core.student_id`, `student_name` | r | `cmi.learner_id`, `learner_name` | r |
//! | `cmi.core.lesson_location` | rw | `cmi.location` | rw |
//! | `cmi.core.credit`, `entry`, `lesson_mode`, `total_time` | r | `cmi.credit`, `entry`, `mode`, `total_time` | r |
//! | `cmi.core.lesson_status` | rw | `cmi.completion_status`, `cmi.success_status` | rw |
//! | `cmi.core.score.raw`, `min`, `max` | rw | `cmi.score.scaled`, `raw`, `min`, `max`; `cmi.progress_measure` | rw |
//! | `cmi.core.exit`, `session_time` | w | `cmi.exit`, `session_time` | w |
//! | `cmi.suspend_data` | rw | `cmi.suspend_data` | rw |
//! | `cmi.launch_data` | r | `cmi.launch_data` | r |
//! | `cmi.comments` (appended to) | rw | `cmi.comments_from_learner.n.comment`, `location`, `timestamp` | rw |
//! | `cmi.comments_from_lms` | r | `cmi.comments_from_lms.n.*` | r |
//! | `cmi.evaluation.comments.n.content`, `location`, `time` | rw | | |
//! | `cmi.objectives.n.id`, `score.*`, `status` | rw | `cmi.objectives.n.id`, `score.*`, `success_status`, `completion_status`, `progress_measure`, `description` | rw |
//! | `cmi.student_data.mastery_score`, `max_time_allowed`, `time_limit_action` | r | `cmi.scaled_passing_score`, `completion_threshold`, `max_time_allowed`, `time_limit_action` | r |
//! | `cmi.student_preference.audio`, `language`, `speed`, `text` | rw | `cmi.learner_preference.audio_level`, `language`, `delivery_speed`, `audio_captioning` | rw |
//! | `cmi.interactions.n.*` | w | `cmi.interactions.n.*` | rw |
//! | `nav.event` | w | `adl.nav.request` | rw |
//!
//! `adl.data` (SCORM 2004 4th Edition) is answered with "undefined data model", as mod_scorm does.
//!
//! # Where mod_scorm is not followed
//!
//! Its client keeps what differs from the value at launch; a value that was committed and then set back is
//! lost. Here every accepted value is stored. It takes any character for the point of a time, lets a number
//! such as `1e2` pass for a decimal, and after a resume any index in a SCORM 1.2 interaction; the grammars and
//! rules of the standard hold here. It adds `.5` seconds up as five hundredths and writes no time at all as
//! `P`, which is no duration: here 50 hundredths, and `PT0S`. By a slip of a name its client never compares the
//! scaled score with the scaled passing score; here that decides over success where the manifest asks for it.
//! A progress measure of 0 is below a completion threshold here, and no measure at all to mod_scorm.

mod error;
mod finish;
mod late;
mod launch;
mod limits;
mod load;
pub mod mapping;
mod model;
mod name;
mod outcome;
mod replay;
mod scorm12;
mod scorm2004;
mod seed;
mod state;
#[cfg(test)]
mod tests;
mod value;

pub use error::CmiError;
pub use late::{Written, replay_late};
pub use launch::{LaunchContext, Learner, Mode, SeqObjective, Settings, Stored};
pub use limits::StateLimits;
pub use outcome::{Carry, Class, Refusal, Replay, Row, Seed, Session, Skipped, Status};
pub use replay::replay;
pub use seed::seed;

pub use crate::manifest::Version;
