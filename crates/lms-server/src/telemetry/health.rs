//! `/healthz`: the process answers. `/readyz`: everything it needs answers too, or which thing does not.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::state::AppState;

/// What `/readyz` says.
#[derive(Debug, Serialize)]
pub struct Report {
    status: &'static str,
    /// The dependencies that are missing; empty when ready.
    missing: Vec<&'static str>,
}

/// The process is alive, whatever it may be waiting for.
pub async fn alive() -> Json<Report> {
    Json(Report {
        status: "ok",
        missing: Vec::new(),
    })
}

/// Asks every dependency.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Report>) {
    let mut missing: Vec<&'static str> = state.readiness.missing().into_iter().collect();
    if let Err(error) = state.store.ping().await {
        tracing::warn!(reason = error.reason(), "the database does not answer");
        missing.push("store");
    }
    if let Some(openid) = &state.openid
        && !openid.has_keys().await
    {
        missing.push("openid_keys");
    }
    if missing.is_empty() {
        (
            StatusCode::OK,
            Json(Report {
                status: "ready",
                missing,
            }),
        )
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(Report {
                status: "not_ready",
                missing,
            }),
        )
    }
}
