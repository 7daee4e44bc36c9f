//! Whether traffic is let in. Closed at the start, opened once by the boot, closed for good by the shutdown.

use std::sync::atomic::{AtomicU8, Ordering};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::AppError;
use crate::state::AppState;

const STARTING: u8 = 0;
const OPEN: u8 = 1;
const DRAINING: u8 = 2;

/// The switch.
#[derive(Debug, Default)]
pub struct Readiness(AtomicU8);

impl Readiness {
    /// Lets traffic in, unless the server is already on its way out.
    pub fn open(&self) {
        let _ = self
            .0
            .compare_exchange(STARTING, OPEN, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Tells load balancers to go elsewhere; requests that still come are answered.
    pub fn drain(&self) {
        self.0.store(DRAINING, Ordering::Release);
    }

    /// What keeps load balancers away, if anything.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        match self.0.load(Ordering::Acquire) {
            STARTING => Some("start"),
            DRAINING => Some("shutdown"),
            _ => None,
        }
    }

    fn lets_in(&self) -> bool {
        self.0.load(Ordering::Acquire) != STARTING
    }
}

/// Layer: refuses everything until the boot is done.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if state.readiness.lets_in() {
        return next.run(request).await;
    }
    AppError::unavailable(
        "not_ready",
        "The server is starting. Try again in a moment.",
    )
    .into_response()
}
