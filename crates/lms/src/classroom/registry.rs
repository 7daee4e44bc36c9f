//! The registry of external courses, their versions, and which assignment uses which.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ids::{AssignmentId, CourseId, ExternalCourseId, ProviderId, TargetId, VersionId};
use super::runtime::Scopes;
use super::time::Timestamp;

/// A course that a provider offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExternalCourse {
    /// Which.
    pub id: ExternalCourseId,
    /// Whose.
    pub provider: ProviderId,
    /// Its name with the provider; unique there.
    pub slug: String,
    /// What teachers read.
    pub title: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// Where a version stands. `draft → approved → disabled`; a disabled version may be approved again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionStatus {
    /// Not looked at yet.
    Draft,
    /// May be launched.
    Approved,
    /// May not be launched any more.
    Disabled,
}

impl VersionStatus {
    /// The name that stores and wire formats use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Disabled => "disabled",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Draft, Self::Approved, Self::Disabled]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// Why a version's status does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VersionError {
    /// The step is not one that versions take.
    #[error("a version that is {from} does not become {to}", from = .from.name(), to = .to.name())]
    Transition {
        /// Where it stands.
        from: VersionStatus,
        /// Where it was to go.
        to: VersionStatus,
    },
}

impl VersionError {
    /// A stable code.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Transition { .. } => "version_transition",
        }
    }
}

/// One version of an external course. What it launches never changes; only its status does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CourseVersion {
    /// Which.
    pub id: VersionId,
    /// Of which course.
    pub external_course: ExternalCourseId,
    /// Its name; unique within the course.
    pub version: String,
    /// The runtime's page.
    pub launch_url: String,
    /// What its runtime asks for.
    pub scopes: Scopes,
    /// Where it stands.
    pub status: VersionStatus,
    /// Since when.
    pub created_at: Timestamp,
}

impl CourseVersion {
    /// Takes a step.
    ///
    /// # Errors
    /// [`VersionError::Transition`] where versions do not take it; nothing changes then.
    pub fn transition(&mut self, to: VersionStatus) -> Result<(), VersionError> {
        use VersionStatus::{Approved, Disabled, Draft};
        match (self.status, to) {
            (Draft | Disabled, Approved) | (Draft | Approved, Disabled) => {
                self.status = to;
                Ok(())
            }
            (from, to) => Err(VersionError::Transition { from, to }),
        }
    }
}

/// Which version an assignment of a course launches; one per assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssignmentTarget {
    /// Which.
    pub id: TargetId,
    /// In which course.
    pub course: CourseId,
    /// Of which assignment.
    pub assignment: AssignmentId,
    /// What it launches.
    pub version: VersionId,
    /// Since when.
    pub created_at: Timestamp,
}

/// What a search of the registry asks for. Empty asks for everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegistryFilter {
    /// Only this provider's courses.
    pub provider: Option<ProviderId>,
    /// Only titles that contain this, without regard to ASCII case.
    pub title: Option<String>,
}
