//! The runtime API: what a course's runtime reports and reads, on behalf of one attempt.
//!
//! [`endpoint::ENDPOINTS`] says for each endpoint which proof and which scope it takes and how long a body may be;
//! [`gate`] enforces that table in one place, and refuses what is not in it. A handler sees a [`RuntimeBearer`] that
//! is already verified, does its work inside one [`unit::Unit`], and answers.
//!
//! Only the attempt decides what it takes (`scormbridge_lms::classroom::Attempt`); nothing here judges a report.

pub mod asset;
mod asset_file;
mod asset_range;
pub(crate) mod asset_store;
pub mod body;
pub mod checkpoint;
pub mod endpoint;
pub mod events;
pub mod exchange;
pub mod gate;
pub mod outcomes;
pub mod report;
pub mod reports;
mod unit;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use gate::RuntimeBearer;

use crate::state::AppState;

/// Whether a request brings a file, which may take longer than a report.
pub(crate) fn brings_file(method: &axum::http::Method, path: &str) -> bool {
    endpoint::find(method, path).is_some_and(|endpoint| endpoint.name == "asset_upload")
}

/// The operations of this subject. Served behind [`gate::layer`] only.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(exchange::exchange))
        .routes(routes!(exchange::context))
        .routes(routes!(reports::progress))
        .routes(routes!(reports::grade))
        .routes(routes!(events::event))
        .routes(routes!(checkpoint::save))
        .routes(routes!(checkpoint::load))
        .routes(routes!(asset::sign_url))
        .routes(routes!(asset_file::upload, asset_file::download))
        .routes(routes!(outcomes::outcome))
}
