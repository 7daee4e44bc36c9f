//! `POST outcomes`: a provider's server reports what its runtime could not, or should not be trusted to.
//!
//! The message is signed as Standard Webhooks are, with the secret that the provider was told. Its id counts once: the
//! same message again gets the same answer, another one under the same id is refused.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::Response;
use garde::Validate;
use scormbridge_lms::classroom::{
    Actor, AttemptId, LaunchMode, Provider, ProviderId, ProviderStatus,
};
use scormbridge_lms::token::{WebhookError, WebhookKey};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::Raw;
use super::report::{AttemptState, OutcomeName, Report, ScoreBody};
use super::unit::{Begun, Unit};
use crate::error::{AppError, FieldFault, Problem};
use crate::http::ApiJson;
use crate::http::rate::{Key, Ledger};
use crate::launch::webhook_secret;
use crate::state::AppState;

/// Who sends: the provider's id.
const PROVIDER: HeaderName = HeaderName::from_static("webhook-provider");
/// Which message.
const ID: HeaderName = HeaderName::from_static("webhook-id");
/// When it was sent, in seconds since the Unix epoch.
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// Its signatures.
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// What became of an attempt. At least one of `progress`, `score` and `status`.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeMessage {
    /// The attempt, as the runtime's `context` named it.
    #[garde(skip)]
    #[schema(value_type = String)]
    attempt: AttemptId,
    /// Per cent.
    #[garde(inner(range(min = 0, max = 100)))]
    #[schema(minimum = 0, maximum = 100)]
    progress: Option<u8>,
    /// A grade.
    #[garde(skip)]
    score: Option<ScoreBody>,
    /// Ends the attempt.
    #[garde(skip)]
    status: Option<OutcomeName>,
}

/// Take a provider's report of an attempt.
#[utoipa::path(
    post, path = "/api/runtime/outcomes", tag = "runtime", request_body = OutcomeMessage, security(()),
    params(
        ("webhook-provider" = String, Header, description = "The provider's id"),
        ("webhook-id" = String, Header, description = "Which message; the same for a retry"),
        ("webhook-timestamp" = i64, Header, description = "When it was signed, seconds since the Unix epoch"),
        ("webhook-signature" = String, Header, description = "`v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`"),
    ),
    responses(
        (status = 200, description = "Where the attempt stands", body = AttemptState),
        (status = 401, description = "`webhook_unsigned`, `webhook_stale`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`webhook_signature`, `provider_disabled`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`attempt_closed`, `attempt_not_for_credit`, `idempotency_conflict`", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn outcome(State(state): State<AppState>, raw: Raw) -> Result<Response, AppError> {
    let Raw {
        head,
        bytes,
        mut call,
    } = raw;
    let ledger = head.extensions.get::<Ledger>().cloned().unwrap_or_default();
    let sender = text(&head.headers, &PROVIDER)
        .and_then(|id| id.parse::<ProviderId>().ok())
        .ok_or_else(unsigned)?;

    let mut tx = state.store.begin(&Actor::Service).await?;
    // An unknown provider and one without a secret get the answer of a wrong signature: ids are not told.
    let provider = tx
        .providers()
        .get(sender)
        .await
        .map_err(|_| forged(WebhookError::Forged))?;
    let id = verify(&state, &provider, &head.headers, &bytes)?;
    // Only what the provider did send counts: forgeries must not use its limit up.
    state
        .rates
        .take(&ledger, &Key::Provider(sender.to_string()))
        .await?;
    if provider.status != ProviderStatus::Active {
        return Err(AppError::forbidden(
            "provider_disabled",
            "This provider is switched off.",
        ));
    }
    call.key = Some(id);

    let request = axum::extract::Request::from_parts(head, axum::body::Body::from(bytes));
    let ApiJson(message) =
        <ApiJson<OutcomeMessage> as axum::extract::FromRequest<()>>::from_request(request, &())
            .await?;
    let report = Report {
        progress: message.progress,
        score: message.score,
        status: message.status,
    };
    if report.is_empty() {
        let message = "name a progress, a score or a status".to_owned();
        return Err(AppError::invalid_body(vec![FieldFault {
            field: String::new(),
            message,
        }]));
    }
    let mut unit = match Unit::of_webhook(&state, tx, provider.id, message.attempt, &call).await? {
        Begun::Fresh(unit) => unit,
        Begun::Answered(response) => return Ok(response),
    };
    unit.report(&state, &report, &call)?;
    let standing = AttemptState::of(&unit.attempt, LaunchMode::Normal);
    unit.finish(StatusCode::OK, &standing).await
}

/// The id of the message, if it is the provider's and fresh.
fn verify(
    state: &AppState,
    provider: &Provider,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<String, AppError> {
    let part = |name| text(headers, name).ok_or_else(unsigned);
    let (id, timestamp, signature) = (part(&ID)?, part(&TIMESTAMP)?, part(&SIGNATURE)?);
    let sealed = provider
        .webhook_secret
        .as_ref()
        .ok_or_else(|| forged(WebhookError::Forged))?;
    let secret =
        webhook_secret::open(&state.vault, provider.id, sealed).map_err(AppError::internal)?;
    let key = WebhookKey::new(&secret).map_err(AppError::internal)?;
    let now = state.clock.now().0.div_euclid(1000);
    key.verify(id, timestamp, signature, body, now)
        .map_err(forged)?;
    Ok(id.to_owned())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn unsigned() -> AppError {
    let detail = "Send webhook-provider, webhook-id, webhook-timestamp and webhook-signature.";
    AppError::unauthenticated("webhook_unsigned", detail)
}

fn forged(error: WebhookError) -> AppError {
    match error {
        WebhookError::Forged => AppError::forbidden(error.reason(), error.to_string()),
        _ => AppError::unauthenticated(error.reason(), error.to_string()),
    }
}
