//! One log line and one measurement per request.
//!
//! What is logged is chosen here and is all there is: method, route template, status, duration, request id. Never
//! the raw path, the query, a header, a body, a name or an address: those carry tokens and people.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::RequestId;

/// What a request without a route is called, so that scans do not flood the metrics with labels.
const NO_ROUTE: &str = "unmatched";

/// Layer: traces and counts.
pub async fn layer(request: Request, next: Next) -> Response {
    let route = route(&request);
    let method = request.method().clone();
    let id = request
        .extensions()
        .get::<RequestId>()
        .map_or("", RequestId::as_str);
    let span = tracing::info_span!("request", %method, route, request_id = id);
    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status(), started.elapsed());
    span.in_scope(|| {
        tracing::info!(
            status = status.as_u16(),
            millis = took.as_secs_f64() * 1e3,
            "answered"
        );
    });
    let labels = [
        ("method", method.as_str().to_owned()),
        ("route", route),
        ("status", status.as_str().to_owned()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels).record(took.as_secs_f64());
    response
}

/// The route template of a request, `/api/courses/{course}`.
#[must_use]
pub fn route(request: &Request) -> String {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| NO_ROUTE.to_owned(), |path| path.as_str().to_owned())
}
