//! Entities as pages show them.

use chrono::DateTime;
use scormbridge_lms::classroom::ports::{Page, StoreError, Tx};
use scormbridge_lms::classroom::{
    Attempt, AttemptListing, Course, LaunchKind, Provider, Score, Timestamp,
};

use crate::launch::start::ModeName;

/// A point in time, for programs and for people.
pub(super) struct Moment {
    pub(super) machine: String,
    pub(super) human: String,
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        let at = DateTime::from_timestamp_millis(at.0).unwrap_or_default();
        Self {
            machine: at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            human: at.format("%-d %b %Y, %H:%M UTC").to_string(),
        }
    }
}

/// How many providers a form offers at once. `<provider-choice>` finds others by their name.
const OFFERED: u32 = 50;

/// The providers that a form offers.
pub(super) struct Providers {
    pub(super) items: Vec<Provider>,
    /// Whether there are others.
    pub(super) more: bool,
}

impl Providers {
    /// The first of all.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn offered(tx: &mut dyn Tx) -> Result<Self, StoreError> {
        let found = tx.providers().list(&Page::first(OFFERED)).await?;
        Ok(Self {
            items: found.items,
            more: found.next.is_some(),
        })
    }
}

/// A course on a card. `attempt` is the learner's latest.
pub(super) struct Card {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) kind: &'static str,
    pub(super) published: bool,
    /// Whether the learner is in it already.
    pub(super) joined: bool,
    pub(super) attempt: Option<Row>,
}

impl From<Course> for Card {
    fn from(course: Course) -> Self {
        Self {
            id: course.id.to_string(),
            title: course.title,
            description: course.description,
            kind: kind(course.launch_kind),
            published: course.published,
            joined: false,
            attempt: None,
        }
    }
}

/// An attempt in a table.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) learner: String,
    pub(super) status: &'static str,
    /// Whether it is at an assignment, not at what the course itself launches.
    pub(super) assigned: bool,
    pub(super) progress: u8,
    pub(super) score: String,
    pub(super) started: Moment,
    pub(super) active: Moment,
}

impl From<Attempt> for Row {
    fn from(attempt: Attempt) -> Self {
        Self {
            id: attempt.id.to_string(),
            learner: String::new(),
            status: attempt.status.name(),
            assigned: attempt.assignment.is_some(),
            progress: attempt.progress,
            score: attempt.score.map(score).unwrap_or_default(),
            started: attempt.started_at.into(),
            active: attempt.last_activity_at.into(),
        }
    }
}

impl From<AttemptListing> for Row {
    fn from(listing: AttemptListing) -> Self {
        Self {
            learner: listing.learner,
            ..Self::from(listing.attempt)
        }
    }
}

fn score(score: Score) -> String {
    format!("{} of {}", score.raw(), score.max())
}

fn kind(kind: LaunchKind) -> &'static str {
    match kind {
        LaunchKind::None => "lessons",
        LaunchKind::WebEmbed => "interactive",
        LaunchKind::Scorm => "SCORM",
    }
}

/// The wire name of a mode.
pub(super) const fn mode(mode: ModeName) -> &'static str {
    match mode {
        ModeName::Normal => "normal",
        ModeName::Browse => "browse",
        ModeName::Review => "review",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_well_for_both() {
        let moment = Moment::from(Timestamp(1_789_000_000_000));
        assert_eq!(
            (moment.machine.as_str(), moment.human.as_str()),
            ("2026-09-10T00:26:40Z", "10 Sep 2026, 00:26 UTC")
        );
    }
}
