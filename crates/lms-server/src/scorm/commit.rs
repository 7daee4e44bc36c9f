//! The doors through which a launch's journal comes in from its page, and what the page reports of itself.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use garde::Validate;
use scormbridge_core::journal::{self, BatchLimits, JournalError};
use scormbridge_lms::classroom::ScormLaunchId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::take::{Acknowledgement, take};
use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, RequestId};
use crate::state::AppState;

/// What the controller dropped or could not do.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// A stable code.
    #[garde(custom(stable_code))]
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9_]+$")]
    code: String,
}

/// Take a batch of a launch's journal: a JSON array of entries.
#[utoipa::path(
    post, path = "/api/scorm/launches/{launch}/commit", tag = "scorm",
    request_body(content = Vec<Object>, description = "Entries, as in docs/protocol.md"),
    params(("launch" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Stored", body = Acknowledgement),
        (status = 400, description = "`journal_…`: no batch", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`enrollment_suspended`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`journal_gap`, `attempt_closed`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ScormLaunchId>,
    request: axum::Extension<RequestId>,
    headers: HeaderMap,
    body: String,
) -> Result<Json<Acknowledgement>, AppError> {
    if !is_json(&headers) {
        return Err(AppError::unsupported_media_type());
    }
    let entries =
        journal::parse_batch(&body, &BatchLimits::default()).map_err(|error| no_batch(&error))?;
    take(&state, &user, id, &entries, request.as_str())
        .await
        .map(Json)
}

/// Note what the controller of a launch dropped or could not do.
#[utoipa::path(
    post, path = "/api/scorm/launches/{launch}/report", tag = "scorm", request_body = Report,
    params(("launch" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_body`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn report(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ScormLaunchId>,
    ApiJson(Report { code }): ApiJson<Report>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let launch = tx.scorm().get_launch(id).await?;
    tracing::warn!(launch = %launch.id, code, "the player reported trouble");
    metrics::counter!("player_reports_total").increment(1);
    Ok(StatusCode::NO_CONTENT)
}

fn stable_code(text: &str, _: &()) -> garde::Result {
    let fits = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    fits.then_some(())
        .ok_or_else(|| garde::Error::new("must be 1 to 64 of a-z, 0-9 and _"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let told = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    told.split(';')
        .next()
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// A batch that cannot be read.
pub(super) fn no_batch(error: &JournalError) -> AppError {
    AppError::bad_request(error.reason(), error.to_string())
}
