//! SCORM packages on a CDN, launched from this server.
//!
//! The same relay, controller, gateway and data model as in Moodle; only the store differs. [`package`] looks at what is
//! behind a course, [`launch`] begins a launch of one of its SCOs, [`commit`] and [`beacon`] are the doors through which
//! [`take`] gets its journal, [`signed_in`] says whose session it is, [`content`] hands out the package's files. This module must never judge a value itself: `scormbridge_core::cmi` does, and
//! `scormbridge_lms::classroom::grading` says what the values mean for an attempt.

pub mod beacon;
mod bridge;
pub mod commit;
pub mod content;
mod derived;
mod history;
pub mod launch;
pub mod package;
mod restart;
pub mod signed_in;
mod stage;
mod take;
mod tracks;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use bridge::Bridge;

use crate::state::AppState;

/// The operations of this subject that signed-in people use. [`content`] and [`ticketed`] have routers of their own: a
/// ticket, not a person, opens them.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(package::read, package::check))
        .routes(routes!(launch::create))
        .routes(routes!(commit::create))
        .routes(routes!(commit::report))
        .routes(routes!(signed_in::read))
}

/// What is opened by a ticket in the message, whoever sends it and from wherever.
pub fn ticketed() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(beacon::create))
}
