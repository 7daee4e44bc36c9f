//! What a report says, however it arrives: by an endpoint of its own, as a standard event, or by webhook.

use scormbridge_lms::classroom::{
    Attempt, AttemptError, AttemptId, LaunchMode, Outcome, Scope, Score, Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::launch::start::ModeName;

/// The standard event of progress.
pub(super) const PROGRESS: &str = "course.progress";
/// The standard event of the end of an attempt.
pub(super) const COMPLETED: &str = "course.attempt.completed";
/// What the log calls a grade.
const GRADED: &str = "course.graded";

/// Points out of a maximum: `0 <= raw <= max`, `max > 0`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreBody {
    /// The points.
    pub raw: f64,
    /// The maximum.
    pub max: f64,
}

/// How a course was finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeName {
    /// To the end, without a verdict.
    Completed,
    /// Successfully.
    Passed,
    /// Without success.
    Failed,
}

impl From<OutcomeName> for Outcome {
    fn from(name: OutcomeName) -> Self {
        match name {
            OutcomeName::Completed => Self::Completed,
            OutcomeName::Passed => Self::Passed,
            OutcomeName::Failed => Self::Failed,
        }
    }
}

/// A report of one thing or several; what is left out is not reported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Per cent, 0 to 100.
    pub progress: Option<u8>,
    /// A grade.
    pub score: Option<ScoreBody>,
    /// The end of the attempt.
    pub status: Option<OutcomeName>,
}

impl Report {
    /// What a standard event reports; `None` for every other event.
    ///
    /// # Errors
    /// What serde says about a payload that is not the event's.
    pub(super) fn of_event(kind: &str, payload: &Value) -> Result<Option<Self>, serde_json::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Progress {
            progress: u8,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Completed {
            status: OutcomeName,
            score: Option<ScoreBody>,
        }
        Ok(match kind {
            PROGRESS => {
                let Progress { progress } = Progress::deserialize(payload)?;
                Some(Self {
                    progress: Some(progress),
                    ..Self::default()
                })
            }
            COMPLETED => {
                let Completed { status, score } = Completed::deserialize(payload)?;
                Some(Self {
                    progress: None,
                    score,
                    status: Some(status),
                })
            }
            _ => None,
        })
    }

    /// Whether it says nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The scopes it takes.
    pub(super) fn scopes(&self) -> impl Iterator<Item = Scope> {
        let progress = self.progress.map(|_| Scope::ProgressWrite);
        let grade = (self.score.is_some() || self.status.is_some()).then_some(Scope::GradeWrite);
        progress.into_iter().chain(grade)
    }

    /// Lets the attempt take it: all of it, or nothing.
    ///
    /// # Errors
    /// The attempt's; it is unchanged then.
    pub(super) fn apply(&self, attempt: &mut Attempt, now: Timestamp) -> Result<(), AttemptError> {
        let mut next = attempt.clone();
        if let Some(progress) = self.progress {
            next.report_progress(progress, now)?;
        }
        if let Some(ScoreBody { raw, max }) = self.score {
            next.report_grade(Score::new(raw, max)?, now)?;
        }
        if let Some(status) = self.status {
            next.complete(status.into(), now)?;
        }
        *attempt = next;
        Ok(())
    }

    /// The lines it leaves in the log.
    pub(super) fn events(&self) -> Vec<(&'static str, Value)> {
        let progress = self
            .progress
            .map(|progress| (PROGRESS, json!({ "progress": progress })));
        let end = match (self.status, self.score) {
            (Some(status), score) => Some((COMPLETED, json!({ "status": status, "score": score }))),
            (None, Some(score)) => Some((GRADED, json!({ "score": score }))),
            (None, None) => None,
        };
        progress.into_iter().chain(end).collect()
    }
}

/// Where an attempt stands after a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttemptState {
    /// The attempt.
    #[schema(value_type = String)]
    pub attempt: AttemptId,
    /// How it was opened.
    pub mode: ModeName,
    /// `started`, `completed`, `passed`, `failed` or `abandoned`.
    pub status: &'static str,
    /// Per cent; never less than before.
    pub progress: u8,
    /// The best grade so far.
    pub score: Option<ScoreBody>,
}

impl AttemptState {
    pub(super) fn of(attempt: &Attempt, mode: LaunchMode) -> Self {
        Self {
            attempt: attempt.id,
            mode: mode.into(),
            status: attempt.status.name(),
            progress: attempt.progress,
            score: attempt.score.map(|score| ScoreBody {
                raw: score.raw(),
                max: score.max(),
            }),
        }
    }
}
