//! `POST checkpoint/save` and `GET checkpoint/load`: where a runtime goes on from.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use garde::Validate;
use scormbridge_lms::classroom::{Actor, Checkpoint, CheckpointError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::RuntimeBearer;
use super::body::RuntimeJson;
use super::unit::{Begun, Unit, check_provider};
use crate::error::{AppError, FieldFault, Problem};
use crate::http::ApiQuery;
use crate::state::AppState;

/// A state to save.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Save {
    /// Which of the attempt's states: 1 to 64 characters of a-z, 0-9, `.`, `_` and `-`.
    #[garde(skip)]
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9._-]+$")]
    key: String,
    /// Any JSON, kept byte for byte, up to the size that `context` names.
    #[garde(skip)]
    #[schema(value_type = Value)]
    data: Box<RawValue>,
}

/// What was saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct Saved {
    /// Its key.
    key: String,
    /// When, in milliseconds since the Unix epoch.
    updated_at: i64,
}

/// Which state to load.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Its key.
    #[garde(length(min = 1, max = 64))]
    key: String,
}

/// A saved state.
#[derive(Debug, Serialize, ToSchema)]
pub struct Loaded {
    /// Its key.
    key: String,
    /// What was saved, byte for byte.
    #[schema(value_type = Value)]
    data: Box<RawValue>,
    /// When it was saved, in milliseconds since the Unix epoch.
    updated_at: i64,
}

/// Save a state, over the one of the same key.
#[utoipa::path(
    post, path = "/api/runtime/checkpoint/save", tag = "runtime", request_body = Save,
    params(("idempotency-key" = Option<String>, Header, description = "Recognises a retry; 1 to 128 visible characters")),
    security(("runtime" = ["checkpoint.write"])),
    responses(
        (status = 200, description = "Saved", body = Saved),
        (status = 401, description = "`bearer_missing`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_scope`, `token_audience`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`attempt_closed`, `attempt_not_for_credit`, `idempotency_conflict`", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "`checkpoint_too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn save(
    State(state): State<AppState>,
    bearer: RuntimeBearer,
    RuntimeJson { value, call }: RuntimeJson<Save>,
) -> Result<Response, AppError> {
    let cap = state.config.runtime.checkpoint_bytes;
    let text = value.data.get().to_owned();
    let checkpoint = Checkpoint::new(bearer.0.attempt, &value.key, text, cap, state.clock.now())
        .map_err(refused)?;
    let mut unit = match Unit::of_runtime(&state, &bearer.0, &call).await? {
        Begun::Fresh(unit) => unit,
        Begun::Answered(response) => return Ok(response),
    };
    unit.accept()?;
    unit.tx.checkpoints().save(&checkpoint).await?;
    let saved = Saved {
        key: checkpoint.key,
        updated_at: checkpoint.updated_at.0,
    };
    unit.finish(StatusCode::OK, &saved).await
}

/// Load a saved state, in any mode and after the end too.
#[utoipa::path(
    get, path = "/api/runtime/checkpoint/load", tag = "runtime", params(Which),
    security(("runtime" = ["checkpoint.read"])),
    responses(
        (status = 200, description = "The state", body = Loaded),
        (status = 401, description = "`bearer_missing`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_scope`, `token_audience`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn load(
    State(state): State<AppState>,
    bearer: RuntimeBearer,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<Json<Loaded>, AppError> {
    let mut tx = state.store.read(&Actor::Service).await?;
    check_provider(tx.as_mut(), &bearer.0).await?;
    let found = tx.checkpoints().find(bearer.0.attempt, &which.key).await?;
    let checkpoint = found.ok_or_else(|| AppError::not_found("checkpoint"))?;
    Ok(Json(Loaded {
        data: RawValue::from_string(checkpoint.data).map_err(AppError::internal)?,
        key: checkpoint.key,
        updated_at: checkpoint.updated_at.0,
    }))
}

fn refused(error: CheckpointError) -> AppError {
    match error {
        CheckpointError::TooLarge { .. } => AppError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            error.reason(),
            error.to_string(),
        ),
        _ => AppError::invalid_body(vec![FieldFault {
            field: "key".to_owned(),
            message: error.to_string(),
        }]),
    }
}
