//! `POST events`: what happened in the course. Two standard events also report to the attempt.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use garde::Validate;
use scormbridge_lms::classroom::EventId;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::RuntimeBearer;
use super::body::RuntimeJson;
use super::gate::refused;
use super::report::{AttemptState, COMPLETED, PROGRESS, Report};
use super::unit::{Begun, Unit};
use crate::error::{AppError, FieldFault, Problem};
use crate::state::AppState;

/// Something that happened.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What: words of a-z, 0-9 and `_`, with dots between them. `course.progress` (payload `{"progress": 40}`) and
    /// `course.attempt.completed` (payload `{"status": "passed", "score": {"raw": 8, "max": 10}}`) report to the
    /// attempt and take the scopes of that; other names that begin with `course.` are the server's own.
    #[garde(length(min = 1, max = 64), custom(dotted))]
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z0-9_]+(\\.[a-z0-9_]+)*$"
    )]
    kind: String,
    /// More about it.
    #[serde(default)]
    #[garde(skip)]
    #[schema(value_type = Object)]
    payload: Map<String, Value>,
}

fn dotted(kind: &str, (): &()) -> garde::Result {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
    };
    if !kind.split('.').all(word) {
        return Err(garde::Error::new(
            "must be words of a-z, 0-9 and _ with dots between them",
        ));
    }
    if kind.starts_with("course.") && ![PROGRESS, COMPLETED].contains(&kind) {
        return Err(garde::Error::new(
            "names that begin with course. are standard events; use a name of your own",
        ));
    }
    Ok(())
}

/// Log something that happened in the course.
#[utoipa::path(
    post, path = "/api/runtime/events", tag = "runtime", request_body = Event,
    params(("idempotency-key" = Option<String>, Header, description = "Recognises a retry; 1 to 128 visible characters")),
    security(("runtime" = ["events.write"])),
    responses(
        (status = 201, description = "Logged", body = AttemptState),
        (status = 401, description = "`bearer_missing`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_scope`, `token_audience`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`attempt_closed`, `attempt_not_for_credit`, `idempotency_conflict`", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn event(
    State(state): State<AppState>,
    bearer: RuntimeBearer,
    RuntimeJson {
        value: Event { kind, payload },
        call,
    }: RuntimeJson<Event>,
) -> Result<Response, AppError> {
    let payload = Value::Object(payload);
    let report = Report::of_event(&kind, &payload).map_err(|error| {
        AppError::invalid_body(vec![FieldFault {
            field: "payload".to_owned(),
            message: error.to_string(),
        }])
    })?;
    for scope in report.iter().flat_map(Report::scopes) {
        bearer.0.check_scope(scope).map_err(refused)?;
    }
    let mut unit = match Unit::of_runtime(&state, &bearer.0, &call).await? {
        Begun::Fresh(unit) => unit,
        Begun::Answered(response) => return Ok(response),
    };
    match &report {
        Some(report) => unit.report(&state, report, &call)?,
        None => {
            unit.accept()?;
            let id = EventId::random(&*state.entropy);
            unit.log(id, &kind, payload.to_string(), &call);
        }
    }
    let standing = AttemptState::of(&unit.attempt, bearer.0.mode);
    unit.finish(StatusCode::CREATED, &standing).await
}
