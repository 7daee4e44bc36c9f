//! The registry: what providers offer, in versions that administrators approve. Teachers read it and link assignments
//! to approved versions (`super::targets`).

pub mod courses;
pub mod export;
pub mod versions;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

/// The operations of this subject.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(courses::search, courses::create))
        .routes(routes!(courses::read, courses::update, courses::delete))
        .routes(routes!(versions::list, versions::create))
        .routes(routes!(versions::read, versions::delete))
        .routes(routes!(versions::approve))
        .routes(routes!(versions::disable))
        .routes(routes!(export::export))
}
