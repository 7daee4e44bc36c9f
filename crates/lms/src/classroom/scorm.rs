//! SCORM on this server: the package of a course, launches of its SCOs, and what they stored.
//!
//! What is stored is shaped as `scormbridge_core::cmi` takes it; nothing here judges it.

use scormbridge_core::cmi;
use scormbridge_core::modscorm::ScoTree;

use super::attempt::LaunchMode;
use super::ids::{AttemptId, CourseId, ScormLaunchId};
use super::time::Timestamp;

/// The package behind a course, as the last check found it.
#[derive(Debug, Clone, PartialEq)]
pub struct ScormPackage {
    /// Of which course.
    pub course: CourseId,
    /// Where the manifest is.
    pub manifest_url: String,
    /// What the package's paths are relative to.
    pub base_url: String,
    /// SHA-256 of the manifest, 64 hexadecimal digits.
    pub manifest_sha256: String,
    /// Its SCOs and their rules.
    pub tree: ScoTree,
    /// How it reaches learners: `direct`, `host` or `sandbox`.
    pub delivery: String,
    /// When it was looked at.
    pub checked_at: Timestamp,
}

/// One launch of one SCO: the scope of one journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScormLaunch {
    /// Which.
    pub id: ScormLaunchId,
    /// In which attempt.
    pub attempt: AttemptId,
    /// Which SCO, by its identifier in the manifest.
    pub sco: String,
    /// How it was launched.
    pub mode: LaunchMode,
    /// What the data model remembers between two commits.
    pub session: cmi::Session,
    /// Since when.
    pub created_at: Timestamp,
    /// Of the last commit.
    pub updated_at: Timestamp,
}

/// A piece of what one commit of a launch accepted. Rows are added and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScormHistory {
    /// Of which launch.
    pub launch: ScormLaunchId,
    /// Number of the commit's first entry.
    pub first_seq: u64,
    /// Which piece, from 0: a long text is cut.
    pub part: u32,
    /// The piece, sealed.
    pub data: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// One stored element of one SCO in one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScormTrack {
    /// Of which SCO.
    pub sco: String,
    /// Storage name.
    pub element: String,
    /// Value.
    pub value: String,
}
