//! One call's unit of work: who it is for is loaded and checked again, a retry is recognised, and what is done and what
//! is answered are kept together or not at all.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use scormbridge_lms::classroom::ports::{StoreError, Tx};
use scormbridge_lms::classroom::{
    Actor, Attempt, AttemptError, AttemptId, Claim, CourseEvent, EventId, IdempotencyKey,
    LaunchMode, Provider, ProviderId, ProviderStatus, ReportCall, ReportOutcome, StoredAnswer,
    Timestamp,
};
use scormbridge_lms::token::Claims;
use serde::Serialize;

use super::body::{Call, IDEMPOTENCY_KEY};
use super::report::Report;
use crate::error::{AppError, FieldFault};
use crate::state::AppState;

/// Says that the answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What a call turned out to be.
pub(super) enum Begun {
    /// New: do the work.
    Fresh(Box<Unit>),
    /// A retry: this was answered the first time.
    Answered(Response),
}

/// An open unit of work on an attempt.
pub(super) struct Unit {
    /// The database.
    pub(super) tx: Box<dyn Tx>,
    /// The attempt, held against others.
    pub(super) attempt: Attempt,
    now: Timestamp,
    key: Option<IdempotencyKey>,
    /// What the log will say.
    lines: Vec<CourseEvent>,
}

impl Unit {
    /// Begins the work of a runtime that may write.
    ///
    /// # Errors
    /// Provider switched off, or moved since the token was issued; browse and review; a key that was used for
    /// another request.
    pub(super) async fn of_runtime(
        state: &AppState,
        claims: &Claims,
        call: &Call,
    ) -> Result<Begun, AppError> {
        if claims.mode != LaunchMode::Normal {
            return Err(refused(AttemptError::NotForCredit));
        }
        let tx = state.store.begin(&Actor::Service).await?;
        let scope = format!("attempt:{}:{}", claims.attempt, call.endpoint.name);
        Self::begin(state, tx, claims.attempt, Some(claims), scope, call).await
    }

    /// Begins the work of a provider's webhook. The id of the message is its key.
    ///
    /// # Errors
    /// A key that was used for another request; 404 for an attempt of another provider.
    pub(super) async fn of_webhook(
        state: &AppState,
        tx: Box<dyn Tx>,
        provider: ProviderId,
        attempt: AttemptId,
        call: &Call,
    ) -> Result<Begun, AppError> {
        let begun = Self::begin(
            state,
            tx,
            attempt,
            None,
            format!("webhook:{provider}"),
            call,
        )
        .await?;
        match &begun {
            Begun::Fresh(unit) if unit.attempt.provider != Some(provider) => {
                Err(AppError::not_found("attempt"))
            }
            _ => Ok(begun),
        }
    }

    /// With `claims`, the provider that they name is looked at too.
    async fn begin(
        state: &AppState,
        mut tx: Box<dyn Tx>,
        attempt: AttemptId,
        claims: Option<&Claims>,
        scope: String,
        call: &Call,
    ) -> Result<Begun, AppError> {
        let now = state.clock.now();
        let key = call.key.clone().map(|key| IdempotencyKey { scope, key });
        let report = ReportCall {
            attempt,
            provider: claims.map(|claims| claims.provider),
            key: key.as_ref().map(|key| (key, &call.digest)),
        };
        let opened = tx.reports().open(&report, now).await?;
        if let Some(claims) = claims {
            let host = opened.host.ok_or(StoreError::NotFound)?;
            check_host(host.status, &host.origin, claims)?;
        }
        match opened.claim {
            Claim::Fresh => {}
            Claim::Replay(answer) => {
                return respond(answer, key.as_ref(), true).map(Begun::Answered);
            }
            Claim::Mismatch => {
                let detail = "This idempotency key was used for another request. Use a new one.";
                return Err(AppError::conflict("idempotency_conflict", detail));
            }
        }
        let attempt = opened.attempt.ok_or(StoreError::NotFound)?;
        Ok(Begun::Fresh(Box::new(Self {
            tx,
            attempt,
            now,
            key,
            lines: Vec::new(),
        })))
    }

    /// When the work began.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// Notes that the runtime wrote something that the attempt itself does not keep.
    ///
    /// # Errors
    /// 409 when the attempt is at its end.
    pub(super) fn accept(&mut self) -> Result<(), AppError> {
        self.attempt.accept(self.now).map_err(refused)
    }

    /// Lets the attempt take a report, and logs it.
    ///
    /// # Errors
    /// 409 when the attempt is at its end, 422 for numbers out of range.
    pub(super) fn report(
        &mut self,
        state: &AppState,
        report: &Report,
        call: &Call,
    ) -> Result<(), AppError> {
        report.apply(&mut self.attempt, self.now).map_err(refused)?;
        for (kind, payload) in report.events() {
            let id = EventId::random(&*state.entropy);
            self.log(id, kind, payload.to_string(), call);
        }
        Ok(())
    }

    /// Adds a line to the course's log.
    pub(super) fn log(&mut self, id: EventId, kind: &str, payload: String, call: &Call) {
        self.lines.push(CourseEvent {
            id,
            course: self.attempt.course,
            attempt: Some(self.attempt.id),
            kind: kind.to_owned(),
            payload,
            at: self.now,
            request_id: call.request_id.clone(),
        });
    }

    /// Keeps the work and its answer.
    ///
    /// # Errors
    /// The store's; nothing is kept then.
    pub(super) async fn finish<T: Serialize>(
        mut self,
        status: StatusCode,
        body: &T,
    ) -> Result<Response, AppError> {
        let body = serde_json::to_string(body).map_err(AppError::internal)?;
        let answer = StoredAnswer {
            status: status.as_u16(),
            body,
        };
        // A report has one line, as a rule.
        let last = self.lines.pop();
        for line in &self.lines {
            self.tx.events().append(line).await?;
        }
        let outcome = ReportOutcome {
            attempt: &self.attempt,
            event: last.as_ref(),
            answer: self.key.as_ref().map(|key| (key, &answer)),
        };
        self.tx.reports().keep(&outcome).await?;
        self.tx.commit().await?;
        respond(answer, self.key.as_ref(), false)
    }
}

/// Whether the provider of a token is still there, at the same origin, and switched on.
///
/// # Errors
/// 403 if not.
pub(super) async fn check_provider(tx: &mut dyn Tx, claims: &Claims) -> Result<Provider, AppError> {
    let provider = tx.providers().get(claims.provider).await?;
    check_host(provider.status, &provider.origin, claims)?;
    Ok(provider)
}

fn check_host(status: ProviderStatus, origin: &str, claims: &Claims) -> Result<(), AppError> {
    if status != ProviderStatus::Active {
        return Err(AppError::forbidden(
            "provider_disabled",
            "The provider of this course is switched off.",
        ));
    }
    claims.check_audience(origin).map_err(super::gate::refused)
}

fn respond(
    answer: StoredAnswer,
    key: Option<&IdempotencyKey>,
    replayed: bool,
) -> Result<Response, AppError> {
    let status = StatusCode::from_u16(answer.status).map_err(AppError::internal)?;
    let mut response = (status, Body::from(answer.body)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    if let Some(key) = key {
        headers.insert(
            IDEMPOTENCY_KEY,
            HeaderValue::from_str(&key.key).map_err(AppError::internal)?,
        );
    }
    if replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// What a refused report is answered with.
pub(super) fn refused(error: AttemptError) -> AppError {
    let field = |field: &str| {
        let fault = FieldFault {
            field: field.to_owned(),
            message: error.to_string(),
        };
        AppError::invalid_body(vec![fault])
    };
    match error {
        AttemptError::Progress => field("progress"),
        AttemptError::Score => field("score"),
        _ => AppError::conflict(error.reason(), error.to_string()),
    }
}
