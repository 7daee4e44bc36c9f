//! What a SCO did while its page was taken away, sent by the relay itself (`docs/protocol.md`, "Beacon").
//!
//! The request comes from the content's origin and brings nothing that says who sends it but a ticket, which names a
//! launch, and the launch its learner. From there on it is a commit like any other, with that learner's rights as they
//! are now. No cookie is looked at, and no other origin is let to read the answer.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use scormbridge_core::journal::{self, BatchLimits};
use scormbridge_core::ticket::{Claims, Scope, TicketError};
use scormbridge_lms::classroom::{Actor, ScormLaunchId};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::commit::no_batch;
use super::take::take;
use crate::auth::CurrentUser;
use crate::error::{AppError, FieldFault, Problem};
use crate::http::RequestId;
use crate::http::rate::{Key, Ledger};
use crate::state::AppState;

/// Bytes of a request: what browsers keep alive beyond their page.
const MAX_BYTES: usize = 64 * 1024;

/// The tail of a journal and the right to deliver it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tail {
    /// A `commit` ticket.
    ticket: String,
    /// Entries, as in docs/protocol.md.
    #[schema(value_type = Vec<Object>)]
    entries: Box<RawValue>,
}

/// Take what a SCO did while its page went away.
#[utoipa::path(
    post, path = "/api/scorm/beacon", tag = "scorm", security(()),
    request_body(content = Tail, content_type = "text/plain", description = "As JSON; browsers send no other type unasked"),
    responses(
        (status = 204, description = "Stored, or stored before"),
        (status = 400, description = "`malformed_json`, `journal_…`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`ticket_…`, `enrollment_suspended`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: the launch is gone", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`journal_gap`, `attempt_closed`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`beacon_type`: not declared as text", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_body`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    request: axum::Extension<RequestId>,
    extensions: Extensions,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, AppError> {
    let Tail { ticket, entries } = read(&headers, body).await?;
    let id = launch(&state, &ticket).inspect_err(|error| {
        tracing::info!(reason = error.code(), "a beacon was refused");
    })?;
    let entries = journal::parse_batch(entries.get(), &BatchLimits::default())
        .map_err(|error| no_batch(&error))?;
    let learner = {
        let mut tx = state.store.read(&Actor::Service).await?;
        let launch = tx.scorm().get_launch(id).await?;
        let attempt = tx.attempts().get(launch.attempt).await?;
        CurrentUser::of(tx.users().get(attempt.user).await?)
    };
    let ledger = extensions.get::<Ledger>().cloned().unwrap_or_default();
    let key = Key::UserRoute(learner.id.to_string(), "POST /api/scorm/beacon".to_owned());
    state.rates.take(&ledger, &key).await?;
    take(&state, &learner, id, &entries, request.as_str()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Tail, AppError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    if !kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/plain")) {
        return Err(AppError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "beacon_type",
            "Send the beacon with the header `content-type: text/plain`.",
        ));
    }
    let text = axum::body::to_bytes(body, MAX_BYTES)
        .await
        .map_err(|_| AppError::body_too_large())?;
    serde_json::from_slice(&text).map_err(|error| {
        if error.is_data() {
            // Its message names members and types; it quotes nothing that the caller did not send.
            let fault = FieldFault {
                field: String::new(),
                message: error.to_string(),
            };
            AppError::invalid_body(vec![fault])
        } else {
            AppError::malformed_json()
        }
    })
}

/// The launch that a ticket is for.
fn launch(state: &AppState, ticket: &str) -> Result<ScormLaunchId, AppError> {
    let refused = |error: TicketError| AppError::forbidden(error.reason(), error.to_string());
    let claims = state
        .scorm
        .tickets()
        .verify(
            ticket,
            Scope::Commit,
            state.scorm.origin(),
            state.clock.now().0.div_euclid(1000),
        )
        .map_err(refused)?;
    match claims {
        Claims::Commit { launch, .. } => {
            launch.parse().map_err(|_| refused(TicketError::Malformed))
        }
        Claims::Content { .. } => Err(refused(TicketError::Malformed)),
    }
}
