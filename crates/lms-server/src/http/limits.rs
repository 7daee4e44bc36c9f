//! Limits on what one request may cost: bytes of its body, and time until its answer begins.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::AppError;
use crate::runtime;
use crate::state::AppState;

/// How long the caller says that the body is.
#[must_use]
pub fn announced(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Layer: refuses a body that is announced as too long before any of it is read. One that is not announced is counted
/// while it is read.
pub async fn length(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limit = u64::try_from(state.config.http.body_limit_bytes).unwrap_or(u64::MAX);
    if announced(request.headers()).is_some_and(|bytes| bytes > limit) {
        return AppError::body_too_large().into_response();
    }
    next.run(request).await
}

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
