//! The journal of a launch comes in: checked, replayed on what is stored, stored, and put together for the attempt.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use garde::Validate;
use scormbridge_core::cmi::{self, CmiError, Refusal, Status};
use scormbridge_core::journal::{self, BatchLimits, JournalError};
use scormbridge_lms::classroom::ports::Tx;
use scormbridge_lms::classroom::{
    Actor, Attempt, AttemptError, AttemptStatus, CourseEvent, EnrollmentStatus, EventId,
    LaunchMode, ScormLaunch, ScormLaunchId, ScormPackage, Timestamp, grading,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{launch, tracks};
use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, RequestId};
use crate::state::AppState;

/// What the server made of a batch (`docs/protocol.md`, "Commit").
#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledgement {
    /// The server has every entry up to here.
    ack: u64,
    /// `ready`, `running` or `terminated`.
    #[schema(value_type = String)]
    status: Status,
    /// Entries that will never be stored, each with a SCORM error code.
    #[schema(value_type = Vec<Object>)]
    refused: Vec<Refusal>,
    /// Where the SCO wants to go; empty if nowhere.
    navigation: String,
}

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
    let now = state.clock.now();
    // As the server: people read attempts, only the server writes them. Whose launch it is, is asked here.
    let mut tx = state.store.begin(&Actor::Service).await?;
    let mut launch = tx.scorm().lock_launch(id).await?;
    let mut attempt = tx.attempts().lock(launch.attempt).await?;
    if attempt.user != user.id {
        return Err(AppError::not_found("launch"));
    }
    let enrollment = tx.enrollments().get(attempt.enrollment).await?;
    if enrollment.status != EnrollmentStatus::Active {
        return Err(AppError::forbidden(
            "enrollment_suspended",
            "This enrolment is suspended. Ask the teacher.",
        ));
    }
    // Given up since: the course launches another package, and what this one says has no place there.
    if attempt.status == AttemptStatus::Abandoned {
        let closed = AttemptError::Closed(attempt.status);
        return Err(AppError::conflict(closed.reason(), closed.to_string()));
    }
    let package = tx
        .scorm()
        .find_package(attempt.course)
        .await?
        .ok_or_else(|| AppError::not_found("package"))?;
    let replay = {
        let row = launch::activity(&package.tree, &launch.sco).ok_or_else(|| {
            AppError::conflict(
                "sco_gone",
                "The package no longer has this SCO. Open the course again.",
            )
        })?;
        let stored = tx.scorm().tracks(attempt.id, Some(&launch.sco)).await?;
        let stored = tracks::opened(&state.vault, attempt.id, stored);
        let context = launch::context(&package.tree, row, launch.mode, &user);
        cmi::replay(&context, &stored, &launch.session, &entries).map_err(refused)?
    };
    let answer = Acknowledgement {
        ack: replay.session.last_seq,
        status: replay.session.status,
        refused: replay.refused,
        navigation: replay.navigation,
    };
    let rows = tracks::closed(&state.vault, attempt.id, &launch.sco, replay.rows)
        .map_err(AppError::internal)?;
    tx.scorm().save_tracks(attempt.id, &rows, now).await?;
    launch.session = replay.session;
    launch.updated_at = now;
    tx.scorm().update_launch(&launch).await?;
    if launch.mode == LaunchMode::Normal {
        let facts = Standing {
            package: &package,
            launch: &launch,
            request: request.as_str(),
            now,
        };
        settle(&state, tx.as_mut(), &mut attempt, &facts).await?;
    }
    tx.commit().await?;
    Ok(Json(answer))
}

struct Standing<'a> {
    package: &'a ScormPackage,
    launch: &'a ScormLaunch,
    request: &'a str,
    now: Timestamp,
}

/// Puts the SCOs together for the attempt, and notes in the course's log that it came to its end.
async fn settle(
    state: &AppState,
    tx: &mut dyn Tx,
    attempt: &mut Attempt,
    facts: &Standing<'_>,
) -> Result<(), AppError> {
    let before = attempt.status;
    let all = tx.scorm().tracks(attempt.id, None).await?;
    let seen = grading::observe(&facts.package.tree, &all);
    attempt
        .observe(&seen, facts.now)
        .map_err(|error| AppError::conflict(error.reason(), error.to_string()))?;
    tx.attempts().update(attempt).await?;
    if attempt.status != before {
        let payload = serde_json::json!({
            "status": attempt.status.name(), "progress": attempt.progress, "sco": facts.launch.sco,
        });
        tx.events()
            .append(&CourseEvent {
                id: EventId::random(state.entropy.as_ref()),
                course: attempt.course,
                attempt: Some(attempt.id),
                kind: "course.attempt.completed".to_owned(),
                payload: payload.to_string(),
                at: facts.now,
                request_id: facts.request.to_owned(),
            })
            .await?;
    }
    Ok(())
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

fn no_batch(error: &JournalError) -> AppError {
    AppError::bad_request(error.reason(), error.to_string())
}

fn refused(error: CmiError) -> AppError {
    match error {
        CmiError::JournalGap { .. } => AppError::conflict(error.reason(), error.to_string()),
        other => AppError::internal(other),
    }
}
