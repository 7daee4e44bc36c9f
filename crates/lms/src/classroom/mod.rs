//! Courses that run elsewhere: who launches them, what they report, who may read it.
//!
//! Entities are plain data with their laws as methods; [`policy`] is the one place that says who may do
//! what to which table; [`ports`] are the traits a store implements. An entity never loads another one,
//! and no rule about roles lives outside [`policy`].

mod actor;
mod asset;
mod attempt;
mod counter;
mod course;
pub mod grading;
mod ids;
mod launch;
pub mod navigation;
pub mod policy;
pub mod ports;
mod provider;
mod registry;
mod report;
mod runtime;
mod scorm;
mod time;
mod user;

pub use actor::{Actor, Role};
pub use asset::{Asset, AssetQuota, AssetUse, QuotaError};
pub use attempt::{
    Attempt, AttemptError, AttemptListing, AttemptStatus, LaunchMode, Observed, Outcome, Score,
};
pub use counter::{BucketRule, Poured, micros};
pub use course::{
    Course, Enrollment, EnrollmentListing, EnrollmentStatus, LaunchKind, Lesson, MAX_LESSONS,
};
pub use ids::{
    AliasId, AssetId, AssignmentId, AttemptId, CourseId, EnrollmentId, EventId, ExternalCourseId,
    IdError, LaunchId, LessonId, ProviderId, ScormLaunchId, TargetId, UserId, VersionId,
};
pub use launch::{Alias, LaunchToken, MAX_LAUNCH_LIFETIME_MS, Redemption};
pub use provider::{Provider, ProviderStatus, Sealed};
pub use registry::{
    AssignmentTarget, CourseVersion, ExternalCourse, RegistryFilter, VersionError, VersionStatus,
};
pub use report::{ReportCall, ReportHost, ReportOpened, ReportOutcome};
pub use runtime::{
    Checkpoint, CheckpointError, Claim, CourseEvent, IdempotencyKey, Scope, Scopes, StoredAnswer,
};
pub use scorm::{ScormHistory, ScormLaunch, ScormPackage, ScormTrack};
pub use time::{Clock, Entropy, Timestamp};
pub use user::{Identity, PasswordHash, Session, TokenHash, User};
