//! The API of courses and who is in them: courses, static lessons, enrolments, providers, attempts.
//!
//! Handlers read the request, call the store as the person who asks, and shape the answer. Who may do what is the
//! store's policy (`scormbridge_lms::classroom::policy`), asked for every row; a handler adds no rule of its own.

pub mod attempts;
pub mod courses;
pub mod enrollments;
mod launchable;
pub mod lessons;
pub mod paging;
pub mod providers;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

/// The operations of this subject.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(courses::catalogue))
        .routes(routes!(courses::list, courses::create))
        .routes(routes!(courses::read, courses::update, courses::delete))
        .routes(routes!(lessons::list, lessons::create))
        .routes(routes!(lessons::read, lessons::update, lessons::delete))
        .routes(routes!(enrollments::of_course, enrollments::create))
        .routes(routes!(enrollments::mine))
        .routes(routes!(
            enrollments::read,
            enrollments::update,
            enrollments::delete
        ))
        .routes(routes!(attempts::of_course))
        .routes(routes!(attempts::mine))
        .routes(routes!(attempts::read))
        .routes(routes!(providers::list, providers::create))
        .routes(routes!(
            providers::read,
            providers::update,
            providers::delete
        ))
}
