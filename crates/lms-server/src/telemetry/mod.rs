//! How the server is watched: logs, metrics, health.

pub mod health;
pub mod log;
pub mod metrics;
pub mod readiness;

use axum::Router;
use axum::routing::get;

pub use self::metrics::Metrics;
pub use readiness::Readiness;

use crate::state::AppState;

/// The pages for operators. They answer before the server is ready and are not rate limited.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::page))
}
