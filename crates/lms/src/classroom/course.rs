//! Courses, their lessons, and who is in them.

use serde::{Deserialize, Serialize};

use super::ids::{CourseId, EnrollmentId, LessonId, ProviderId, UserId};
use super::runtime::Scopes;
use super::time::Timestamp;

/// How a course starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaunchKind {
    /// It does not: lessons to read.
    None,
    /// An interactive runtime of a provider, in a frame.
    WebEmbed,
    /// A SCORM package on a CDN, through the relay.
    Scorm,
}

impl LaunchKind {
    /// The name that stores and wire formats use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::WebEmbed => "web_embed",
            Self::Scorm => "scorm",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::None, Self::WebEmbed, Self::Scorm]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// A course of this site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Course {
    /// Which.
    pub id: CourseId,
    /// Who owns it: the one teacher who may change it and see its learners.
    pub teacher: UserId,
    /// What learners read in the catalogue.
    pub title: String,
    /// What it is about, in plain text; may be empty.
    pub description: String,
    /// How it starts.
    pub launch_kind: LaunchKind,
    /// The runtime's page or the package's manifest; absent for [`LaunchKind::None`].
    pub launch_url: Option<String>,
    /// What its runtime may do.
    pub scopes: Scopes,
    /// Who hosts it, for [`LaunchKind::WebEmbed`].
    pub provider: Option<ProviderId>,
    /// Whether the catalogue shows it.
    pub published: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// Of the last change.
    pub updated_at: Timestamp,
}

impl Course {
    /// Whether this launches something else than `before`, so that attempts in progress cannot go on with it: another
    /// kind, another provider, or a SCORM package at another address. A provider that moves its runtime on its own
    /// origin is trusted to go on from its own checkpoints.
    #[must_use]
    pub fn launches_otherwise_than(&self, before: &Self) -> bool {
        self.launch_kind != before.launch_kind
            || self.provider != before.provider
            || (self.launch_kind == LaunchKind::Scorm && self.launch_url != before.launch_url)
    }
}

/// The most lessons a course has: they are listed in one piece.
pub const MAX_LESSONS: usize = 200;

/// A static lesson: text beside whatever launches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lesson {
    /// Which.
    pub id: LessonId,
    /// Of which course.
    pub course: CourseId,
    /// Place in the course, from 0; unique within it.
    pub position: u32,
    /// Heading.
    pub title: String,
    /// Plain text.
    pub body: String,
}

/// Whether an enrolment counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnrollmentStatus {
    /// The learner may launch.
    Active,
    /// Kept for its history; the learner may not launch.
    Suspended,
}

impl EnrollmentStatus {
    /// The name that stores and wire formats use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Suspended]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// An enrolment as a teacher's list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnrollmentListing {
    /// The enrolment.
    pub enrollment: Enrollment,
    /// The learner's name.
    pub learner: String,
    /// What the learner signs in with.
    pub login: String,
}

/// One learner's place in one course; at most one for a pair of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enrollment {
    /// Which.
    pub id: EnrollmentId,
    /// In which course.
    pub course: CourseId,
    /// Who.
    pub user: UserId,
    /// Whether it counts.
    pub status: EnrollmentStatus,
    /// Since when.
    pub created_at: Timestamp,
}
