//! Launches: a learner's browser asks for a token, the course's runtime turns it into access to the runtime API.
//!
//! The token is made for one attempt and one origin, counts once, and names the learner by an alias that this
//! provider alone knows. Everything else that a runtime may do is `crate::runtime`'s.

pub(crate) mod destination;
pub mod jwks;
mod keys;
pub mod start;
pub mod webhook_secret;

pub use keys::{signing_random, token_keys};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

/// The operations of this subject.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(start::launch_token))
        .routes(routes!(jwks::jwks))
        .routes(routes!(webhook_secret::renew))
}
