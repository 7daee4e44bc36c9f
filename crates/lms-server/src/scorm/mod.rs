//! SCORM packages on a CDN, launched from this server.
//!
//! The same relay, controller, gateway and data model as in Moodle; only the store differs. [`package`] looks at what is
//! behind a course, [`launch`] begins a launch of one of its SCOs, [`commit`] takes the journal, [`content`] hands out
//! the package's files. This module must never judge a value itself: `scormbridge_core::cmi` does, and
//! `scormbridge_lms::classroom::grading` says what the values mean for an attempt.

mod bridge;
pub mod commit;
pub mod content;
pub mod launch;
pub mod package;
mod stage;
mod tracks;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use bridge::Bridge;

use crate::state::AppState;

/// The operations of this subject that signed-in people use. [`content`] has a router of its own: a ticket, not a
/// person, opens it.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(package::read, package::check))
        .routes(routes!(launch::create))
        .routes(routes!(commit::create))
        .routes(routes!(commit::report))
}
