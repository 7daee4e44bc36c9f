//! Limits on what one request may cost: bytes of its body, and time until its answer begins.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::AppError;
use crate::runtime;
use crate::state::AppState;

/// Layer: gives up a request whose answer has not begun in time. Bodies that stream afterwards are not cut. A learner's
/// file may take as long to arrive as its URL is good for, as long as it keeps coming.
pub async fn time(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let arriving = path.is_some_and(|path| runtime::brings_file(request.method(), path.as_str()));
    let limit = if arriving {
        Duration::from_secs(u64::from(runtime::asset::URL_SECONDS))
    } else {
        Duration::from_millis(state.config.http.request_timeout_ms)
    };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => AppError::timeout().into_response(),
    }
}
