//! `POST progress` and `POST grade`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::RuntimeBearer;
use super::body::{Call, RuntimeJson};
use super::report::{AttemptState, OutcomeName, Report, ScoreBody};
use super::unit::{Begun, Unit};
use crate::error::{AppError, Problem};
use crate::state::AppState;

/// How far the learner is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Per cent. Less than before changes nothing: reports overtake each other.
    #[garde(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    progress: u8,
}

/// How well the learner did, and whether the attempt is over. At least one of the two.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Of several grades the best counts.
    #[garde(skip)]
    score: Option<ScoreBody>,
    /// Ends the attempt; nothing is taken afterwards.
    #[garde(custom(something(&self.score)))]
    status: Option<OutcomeName>,
}

fn something(score: &Option<ScoreBody>) -> impl FnOnce(&Option<OutcomeName>, &()) -> garde::Result {
    let graded = score.is_some();
    move |status, ()| match graded || status.is_some() {
        true => Ok(()),
        false => Err(garde::Error::new(
            "a grade needs a score, a status, or both",
        )),
    }
}

/// Report how far the learner is. 100 does not end the attempt; a status does.
#[utoipa::path(
    post, path = "/api/runtime/progress", tag = "runtime", request_body = Progress,
    params(("idempotency-key" = Option<String>, Header, description = "Recognises a retry; 1 to 128 visible characters")),
    security(("runtime" = ["progress.write"])),
    responses(
        (status = 200, description = "Where the attempt stands", body = AttemptState),
        (status = 401, description = "`bearer_missing`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_scope`, `token_audience`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`attempt_closed`, `attempt_not_for_credit`, `idempotency_conflict`", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn progress(
    State(state): State<AppState>,
    bearer: RuntimeBearer,
    RuntimeJson { value, call }: RuntimeJson<Progress>,
) -> Result<Response, AppError> {
    let report = Report {
        progress: Some(value.progress),
        ..Report::default()
    };
    keep(&state, &bearer, &report, &call).await
}

/// Report a grade, or the end of the attempt, or both.
#[utoipa::path(
    post, path = "/api/runtime/grade", tag = "runtime", request_body = Grade,
    params(("idempotency-key" = Option<String>, Header, description = "Recognises a retry; 1 to 128 visible characters")),
    security(("runtime" = ["grade.write"])),
    responses(
        (status = 200, description = "Where the attempt stands", body = AttemptState),
        (status = 401, description = "`bearer_missing`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_scope`, `token_audience`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`attempt_closed`, `attempt_not_for_credit`, `idempotency_conflict`", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn grade(
    State(state): State<AppState>,
    bearer: RuntimeBearer,
    RuntimeJson { value, call }: RuntimeJson<Grade>,
) -> Result<Response, AppError> {
    let report = Report {
        progress: None,
        score: value.score,
        status: value.status,
    };
    keep(&state, &bearer, &report, &call).await
}

async fn keep(
    state: &AppState,
    bearer: &RuntimeBearer,
    report: &Report,
    call: &Call,
) -> Result<Response, AppError> {
    let mut unit = match Unit::of_runtime(state, &bearer.0, call).await? {
        Begun::Fresh(unit) => unit,
        Begun::Answered(response) => return Ok(response),
    };
    unit.report(state, report, call)?;
    let standing = AttemptState::of(&unit.attempt, bearer.0.mode);
    unit.finish(StatusCode::OK, &standing).await
}
