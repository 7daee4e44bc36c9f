//! One go at a course: progress that only grows, a grade that is never taken back, an end that is final.
//!
//! The laws:
//! * progress never goes backwards; a smaller report is accepted and changes nothing, because reports
//!   overtake each other on the way;
//! * of several grades the best one counts, measured as `raw / max`; of equals the first;
//! * after the end a runtime's report is refused ([`AttemptError::Closed`]), whatever it says;
//! * a browse or review launch reports nothing ([`AttemptError::NotForCredit`]).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ids::{AssignmentId, AttemptId, CourseId, EnrollmentId, ProviderId, UserId};
use super::time::Timestamp;

pub use scormbridge_core::cmi::Mode as LaunchMode;

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttemptStatus {
    /// Open: it can be resumed, and takes reports.
    Started,
    /// At its end, without a verdict.
    Completed,
    /// At its end, successfully.
    Passed,
    /// At its end, without success.
    Failed,
    /// Given up.
    Abandoned,
}

impl AttemptStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Started,
        Self::Completed,
        Self::Passed,
        Self::Failed,
        Self::Abandoned,
    ];

    /// The name that stores and wire formats use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Completed => "completed",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Abandoned => "abandoned",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether it takes no more reports.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        !matches!(self, Self::Started)
    }
}

/// How a course was finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// To the end, without a verdict.
    Completed,
    /// Successfully.
    Passed,
    /// Without success.
    Failed,
}

impl Outcome {
    const fn status(self) -> AttemptStatus {
        match self {
            Self::Completed => AttemptStatus::Completed,
            Self::Passed => AttemptStatus::Passed,
            Self::Failed => AttemptStatus::Failed,
        }
    }
}

/// Points out of a maximum: finite, `0 <= raw <= max`, `max > 0`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    raw: f64,
    max: f64,
}

impl Score {
    /// Points out of a maximum.
    ///
    /// # Errors
    /// [`AttemptError::Score`] for anything else.
    pub fn new(raw: f64, max: f64) -> Result<Self, AttemptError> {
        let sane = raw.is_finite() && max.is_finite() && max > 0.0 && (0.0..=max).contains(&raw);
        sane.then_some(Self { raw, max }).ok_or(AttemptError::Score)
    }

    /// The points.
    #[must_use]
    pub const fn raw(&self) -> f64 {
        self.raw
    }

    /// The maximum.
    #[must_use]
    pub const fn max(&self) -> f64 {
        self.max
    }

    /// 0 to 1.
    #[must_use]
    pub fn scaled(&self) -> f64 {
        self.raw / self.max
    }
}

/// Why a report is refused. Nothing changes then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AttemptError {
    /// The attempt is at its end.
    #[error("the attempt is closed ({status}); start a new one", status = .0.name())]
    Closed(AttemptStatus),
    /// It was launched to look around or to look back.
    #[error("a browse or review launch reports nothing")]
    NotForCredit,
    /// Progress is a percentage.
    #[error("progress is a whole number from 0 to 100")]
    Progress,
    /// A score is points out of a maximum.
    #[error("a score needs 0 <= raw <= max and max > 0")]
    Score,
}

impl AttemptError {
    /// A stable code.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Closed(_) => "attempt_closed",
            Self::NotForCredit => "attempt_not_for_credit",
            Self::Progress => "progress_range",
            Self::Score => "score_range",
        }
    }
}

/// What the SCORM data model says about the whole attempt after a commit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// Per cent of the course.
    pub progress: u8,
    /// The verdict so far; absent while the attempt runs.
    pub outcome: Option<Outcome>,
    /// The grade so far.
    pub score: Option<Score>,
}

/// One go of one learner at one course.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attempt {
    /// Which.
    pub id: AttemptId,
    /// In which enrolment.
    pub enrollment: EnrollmentId,
    /// At which course, as in the enrolment.
    pub course: CourseId,
    /// Whose, as in the enrolment.
    pub user: UserId,
    /// With whom; absent for SCORM.
    pub provider: Option<ProviderId>,
    /// At which of the course's assignments; absent for what the course itself launches.
    pub assignment: Option<AssignmentId>,
    /// How it was launched.
    pub mode: LaunchMode,
    /// Where it stands.
    pub status: AttemptStatus,
    /// Per cent, 0 to 100.
    pub progress: u8,
    /// The best grade.
    pub score: Option<Score>,
    /// Since when.
    pub started_at: Timestamp,
    /// When it came to its end; set once.
    pub completed_at: Option<Timestamp>,
    /// Of the last report or launch.
    pub last_activity_at: Timestamp,
}

impl Attempt {
    /// Notes that the runtime wrote something that this attempt does not keep itself: a checkpoint, an event.
    ///
    /// # Errors
    /// [`AttemptError::NotForCredit`] and [`AttemptError::Closed`].
    pub fn accept(&mut self, now: Timestamp) -> Result<(), AttemptError> {
        if self.mode != LaunchMode::Normal {
            return Err(AttemptError::NotForCredit);
        }
        if self.status.is_closed() {
            return Err(AttemptError::Closed(self.status));
        }
        self.touch(now);
        Ok(())
    }

    /// Notes that something happened. Time does not run backwards either.
    pub fn touch(&mut self, now: Timestamp) {
        self.last_activity_at = self.last_activity_at.max(now);
    }

    fn advance(&mut self, percent: u8) {
        self.progress = self.progress.max(percent.min(100));
    }

    fn grade_best(&mut self, score: Score) {
        if self.score.is_none_or(|best| score.scaled() > best.scaled()) {
            self.score = Some(score);
        }
    }

    fn close(&mut self, status: AttemptStatus, now: Timestamp) {
        self.status = status;
        self.completed_at.get_or_insert(now);
    }

    /// Takes a report of progress in per cent. 100 does not end the attempt: only the runtime knows
    /// whether something is left to say.
    ///
    /// # Errors
    /// See [`AttemptError`].
    pub fn report_progress(&mut self, percent: u8, now: Timestamp) -> Result<(), AttemptError> {
        if percent > 100 {
            return Err(AttemptError::Progress);
        }
        self.accept(now)?;
        self.advance(percent);
        Ok(())
    }

    /// Takes a grade.
    ///
    /// # Errors
    /// See [`AttemptError`].
    pub fn report_grade(&mut self, score: Score, now: Timestamp) -> Result<(), AttemptError> {
        self.accept(now)?;
        self.grade_best(score);
        Ok(())
    }

    /// Ends the attempt. Whoever completed or passed a course has seen 100 per cent of it.
    ///
    /// # Errors
    /// See [`AttemptError`].
    pub fn complete(&mut self, outcome: Outcome, now: Timestamp) -> Result<(), AttemptError> {
        self.accept(now)?;
        if outcome != Outcome::Failed {
            self.advance(100);
        }
        self.close(outcome.status(), now);
        Ok(())
    }

    /// Gives the attempt up.
    ///
    /// # Errors
    /// [`AttemptError::Closed`] if it is at its end.
    pub fn abandon(&mut self, now: Timestamp) -> Result<(), AttemptError> {
        if self.status.is_closed() {
            return Err(AttemptError::Closed(self.status));
        }
        self.touch(now);
        self.close(AttemptStatus::Abandoned, now);
        Ok(())
    }

    /// Takes what the SCORM data model made of a commit.
    ///
    /// SCORM lets a learner go on after the end: the data model has judged each call already, so its
    /// verdict may still get better (`failed` or `completed` to `passed`), but it is never taken back.
    ///
    /// # Errors
    /// [`AttemptError::NotForCredit`]; [`AttemptError::Closed`] for an abandoned attempt.
    pub fn observe(&mut self, seen: &Observed, now: Timestamp) -> Result<(), AttemptError> {
        if self.mode != LaunchMode::Normal {
            return Err(AttemptError::NotForCredit);
        }
        if self.status == AttemptStatus::Abandoned {
            return Err(AttemptError::Closed(self.status));
        }
        self.touch(now);
        self.advance(seen.progress);
        if let Some(score) = seen.score {
            self.grade_best(score);
        }
        if let Some(outcome) = seen.outcome {
            let better = match (self.status, outcome) {
                (AttemptStatus::Started, _) | (_, Outcome::Passed) => true,
                (AttemptStatus::Failed, Outcome::Completed | Outcome::Failed) => false,
                (_, Outcome::Failed) => self.status == AttemptStatus::Completed,
                (_, Outcome::Completed) => false,
            };
            if better {
                if outcome != Outcome::Failed {
                    self.advance(100);
                }
                self.close(outcome.status(), now);
            }
        }
        Ok(())
    }
}

/// An attempt as a teacher's list shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttemptListing {
    /// The attempt.
    pub attempt: Attempt,
    /// The learner's name.
    pub learner: String,
}
