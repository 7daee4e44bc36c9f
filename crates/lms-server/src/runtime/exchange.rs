//! `POST auth/exchange`, which turns a launch token into a runtime token, once; and `GET context`.

use axum::Json;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use garde::Validate;
use scormbridge_lms::classroom::{
    Actor, AliasId, CourseId, EnrollmentStatus, LaunchId, Redemption, Scope,
};
use scormbridge_lms::token::{Claims, MAX_TOKEN_BYTES, TokenType};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RuntimeBearer;
use super::body::RuntimeJson;
use super::gate;
use super::report::AttemptState;
use super::unit::check_provider;
use crate::error::{AppError, Problem};
use crate::http::rate::Ledger;
use crate::launch::signing_random;
use crate::state::AppState;

/// What a launch gave the course.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The launch token.
    #[garde(length(min = 1, max = MAX_TOKEN_BYTES))]
    token: String,
}

/// Access to the runtime API.
#[derive(Serialize, ToSchema)]
pub struct Access {
    /// The runtime token, for `authorization: Bearer`.
    token: String,
    /// How long it is valid, in seconds.
    expires_in: u32,
    /// What it permits.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
}

/// What a runtime may know about its launch.
#[derive(Serialize, ToSchema)]
pub struct Context {
    /// The learner, by the name that this provider alone has for them.
    #[schema(value_type = String)]
    learner: AliasId,
    /// The course.
    #[schema(value_type = String)]
    course: CourseId,
    /// Its title.
    title: String,
    /// The launch, for both sides' logs.
    #[schema(value_type = String)]
    nonce: LaunchId,
    /// What the token permits.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
    /// Where the attempt stands, and in which mode it is played.
    #[serde(flatten)]
    state: AttemptState,
    /// Longest checkpoint, in bytes of JSON.
    checkpoint_bytes: usize,
    /// Largest file, in bytes.
    asset_bytes: u64,
}

/// Exchange a launch token for a runtime token. A launch token counts once.
#[utoipa::path(
    post, path = "/api/runtime/auth/exchange", tag = "runtime", request_body = Exchange, security(()),
    responses(
        (status = 200, description = "A runtime token", body = Access),
        (status = 401, description = "`token_malformed`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`launch_used`, `launch_unknown`, `token_forged`, `token_audience`, `provider_disabled`",
            body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn exchange(
    State(state): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    RuntimeJson { value, .. }: RuntimeJson<Exchange>,
) -> Result<Json<Access>, AppError> {
    let launch = gate::verify(&state, TokenType::Launch, &value.token, &headers)?;
    let ledger = extensions.get::<Ledger>().cloned().unwrap_or_default();
    gate::count(&state, &ledger, &launch).await?;

    let now = state.clock.now();
    let mut tx = state.store.begin(&Actor::Service).await?;
    check_provider(tx.as_mut(), &launch).await?;
    let attempt = tx.attempts().get(launch.attempt).await?;
    if tx.enrollments().get(attempt.enrollment).await?.status != EnrollmentStatus::Active {
        return Err(AppError::forbidden(
            "enrollment_suspended",
            "This enrolment is suspended.",
        ));
    }
    match tx.launches().redeem(launch.nonce, now).await? {
        Redemption::Redeemed(_) => {}
        Redemption::AlreadyUsed => {
            return Err(AppError::forbidden(
                "launch_used",
                "This launch token was exchanged before. Launch again.",
            ));
        }
        Redemption::Expired => {
            return Err(AppError::unauthenticated(
                "token_expired",
                "The launch token has expired. Launch again.",
            ));
        }
        Redemption::Unknown => {
            return Err(AppError::forbidden(
                "launch_unknown",
                "This launch is not known here. Launch again.",
            ));
        }
    }
    let seconds = state.config.runtime.bearer_seconds;
    let issued = now.0.div_euclid(1000);
    let claims = Claims {
        iat: issued,
        exp: issued + i64::from(seconds),
        ..launch
    };
    let token = state
        .tokens
        .issue(TokenType::Runtime, &claims, &signing_random())
        .map_err(AppError::internal)?;
    tx.commit().await?;
    Ok(Json(Access {
        token,
        expires_in: seconds,
        scopes: claims.scopes.iter().collect(),
    }))
}

/// What the runtime was launched for.
#[utoipa::path(
    get, path = "/api/runtime/context", tag = "runtime", security(("runtime" = [])),
    responses(
        (status = 200, description = "The launch and its attempt", body = Context),
        (status = 401, description = "`bearer_missing`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_audience`, `provider_disabled`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn context(
    State(state): State<AppState>,
    RuntimeBearer(claims): RuntimeBearer,
) -> Result<Json<Context>, AppError> {
    let mut tx = state.store.read(&Actor::Service).await?;
    check_provider(tx.as_mut(), &claims).await?;
    let attempt = tx.attempts().get(claims.attempt).await?;
    let course = tx.courses().get(claims.course).await?;
    Ok(Json(Context {
        learner: claims.sub,
        course: course.id,
        title: course.title,
        nonce: claims.nonce,
        scopes: claims.scopes.iter().collect(),
        state: AttemptState::of(&attempt, claims.mode),
        checkpoint_bytes: state.config.runtime.checkpoint_bytes,
        asset_bytes: state.config.runtime.asset_bytes,
    }))
}
