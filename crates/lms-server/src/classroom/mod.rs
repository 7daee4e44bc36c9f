//! The API of courses and who is in them: courses, static lessons, enrolments, providers, the registry, attempts.
//!
//! Handlers read the request, call the store as the person who asks, and shape the answer. Who may do what is the
//! store's policy (`scormbridge_lms::classroom::policy`), asked for every row; a handler adds no rule of its own.

pub mod attempts;
mod audit;
pub mod courses;
pub mod enrollments;
pub mod events;
pub(crate) mod ground;
mod launchable;
pub mod lessons;
pub mod paging;
pub mod providers;
pub mod registry;
pub mod targets;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

/// The operations of this subject.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(courses::catalogue))
        .routes(routes!(courses::list, courses::create))
        .routes(routes!(courses::read, courses::update, courses::delete))
        .routes(routes!(events::of_course))
        .routes(routes!(lessons::list, lessons::create))
        .routes(routes!(lessons::arrange))
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
        .routes(routes!(targets::list, targets::create))
        .routes(routes!(targets::read, targets::update, targets::delete))
        .merge(registry::routes())
}
