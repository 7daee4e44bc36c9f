//! What a request gets when it fails: one problem document (RFC 9457) with a stable code.
//!
//! Handlers return [`AppError`], made by a constructor that names the reason. The text that leaves the server
//! is written here and by the callers for people outside; causes (`source`) go to the log only, never into a body.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use scormbridge_lms::classroom::ports::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rate::Standing;

/// The body of every failed request, `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:scormbridge:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The reason phrase of the status.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable snake_case reason, for programs.
    pub code: String,
    /// One sentence that says what to do, for people.
    pub detail: String,
    /// The `x-request-id` of the request, to quote when asking for help.
    pub request_id: String,
    /// The members of the body, or the parameters of the URL, that are wrong, where the fault lies there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldFault>,
    /// Milliseconds to wait before the same request is worth another try: `retry-after`, for scripts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again_ms: Option<u64>,
}

/// One wrong member of a request body, or parameter of a URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldFault {
    /// Path of the member, `a.b[0]`; empty where the whole is meant.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// Why a request failed.
#[derive(Debug, Clone)]
pub struct AppError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    errors: Vec<FieldFault>,
    headers: HeaderMap,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl AppError {
    /// Any refusal that has no constructor of its own.
    #[must_use]
    pub fn new(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Arc::new(Inner {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            headers: HeaderMap::new(),
            source: None,
        }))
    }

    /// 400: what was sent is not what the endpoint reads.
    #[must_use]
    pub fn bad_request(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 400: the body is not JSON.
    #[must_use]
    pub fn malformed_json() -> Self {
        Self::bad_request(
            "malformed_json",
            "The body is not JSON. Send one JSON object.",
        )
    }

    /// 422: the body is JSON, but members are missing, of the wrong type or out of range.
    #[must_use]
    pub fn invalid_body(errors: Vec<FieldFault>) -> Self {
        let detail = "The body is JSON but not as documented. See `errors` and /api/openapi.json.";
        Self::with(
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", detail),
            |inner| {
                inner.errors = errors;
            },
        )
    }

    /// 400: parameters in the URL are missing, unknown, of the wrong type or out of range.
    #[must_use]
    pub fn invalid_query(errors: Vec<FieldFault>) -> Self {
        let detail =
            "The URL's parameters are not as documented. See `errors` and /api/openapi.json.";
        Self::with(Self::bad_request("invalid_query", detail), |inner| {
            inner.errors = errors;
        })
    }

    /// 415: the body is not declared as JSON.
    #[must_use]
    pub fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "Send the body with the header `content-type: application/json`.",
        )
    }

    /// 413: the body is longer than the endpoint reads.
    #[must_use]
    pub fn body_too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "The body is longer than this endpoint accepts. Send less at once.",
        )
    }

    /// 401: nobody is signed in, or the proof is no longer valid.
    #[must_use]
    pub fn unauthenticated(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::with(Self::new(StatusCode::UNAUTHORIZED, code, detail), |inner| {
            inner
                .headers
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        })
    }

    /// 403: the caller is known, and may not.
    #[must_use]
    pub fn forbidden(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    /// 403: the role or the relation to the thing does not permit it.
    #[must_use]
    pub fn denied() -> Self {
        Self::forbidden("denied", "Your account may not do this.")
    }

    /// 404: there is none, or none that the caller may know of.
    #[must_use]
    pub fn not_found(what: &'static str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no such {what}, or you may not see it."),
        )
    }

    /// 405: the resource exists, the method does not.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This resource does not answer that method. The `allow` header names those it does.",
        )
    }

    /// 409: the request contradicts what is stored.
    #[must_use]
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 429: too many requests under one key.
    #[must_use]
    pub fn rate_limited(standing: &Standing) -> Self {
        let detail = "Too many requests. Wait as many seconds as the `retry-after` header says.";
        Self::with(
            Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail),
            |inner| {
                standing.write(&mut inner.headers);
            },
        )
    }

    /// 503: the request took longer than the server allows itself.
    #[must_use]
    pub fn timeout() -> Self {
        Self::unavailable(
            "timeout",
            "The request took too long and was given up. Try again.",
        )
    }

    /// 503: something the server needs is missing for now.
    #[must_use]
    pub fn unavailable(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::with(
            Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail),
            |inner| {
                inner
                    .headers
                    .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            },
        )
    }

    /// 500: the server's own fault. The cause goes to the log.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The server failed. Quote the request id when you report it.",
        )
        .caused_by(source)
    }

    /// Keeps a cause for the log.
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::with(self, |inner| inner.source = Some(source.into()))
    }

    /// The status the caller gets.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The sentence for people.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The cause, for the log.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.source.as_deref()
    }

    /// The sentence and the wrong members, for a terminal.
    #[must_use]
    pub fn explain(&self) -> String {
        let members = self
            .0
            .errors
            .iter()
            .map(|fault| format!("; {}: {}", fault.field, fault.message));
        std::iter::once(self.0.detail.clone().into_owned())
            .chain(members)
            .collect()
    }

    /// The document that leaves the server.
    #[must_use]
    pub fn problem(&self, request_id: &str) -> Problem {
        Problem {
            kind: format!("urn:scormbridge:problem:{}", self.0.code),
            title: self
                .0
                .status
                .canonical_reason()
                .unwrap_or("Error")
                .to_owned(),
            status: self.0.status.as_u16(),
            code: self.0.code.to_owned(),
            detail: self.0.detail.clone().into_owned(),
            request_id: request_id.to_owned(),
            errors: self.0.errors.clone(),
            again_ms: self.again_ms(),
        }
    }

    fn again_ms(&self) -> Option<u64> {
        let seconds = self.0.headers.get(header::RETRY_AFTER)?.to_str().ok()?;
        seconds.parse::<u64>().ok()?.checked_mul(1_000)
    }

    // A fresh error is held once, so the change always lands; a shared one stays as it is.
    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }
}

/// What a store refuses, in the words of HTTP. Causes go to the log.
impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found("thing"),
            StoreError::Denied => Self::denied(),
            StoreError::Conflict => Self::conflict("conflict", "There is one already."),
            StoreError::Reference => Self::conflict(
                "reference",
                "It refers to something that does not exist, or something else still refers to it.",
            ),
            StoreError::Invalid => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid_value",
                "A value breaks a rule of the data model.",
            ),
            StoreError::Cursor => Self::bad_request(
                "invalid_cursor",
                "`after` takes the `next` of the page before, unchanged.",
            ),
            StoreError::Busy => {
                Self::unavailable("busy", "Somebody else was faster. Try again.").caused_by(error)
            }
            StoreError::Unavailable(_) => Self::unavailable(
                "store_unavailable",
                "The database cannot be reached. Try again.",
            )
            .caused_by(error),
            _ => Self::internal(error),
        }
    }
}

/// Hands the error to the layer that renders it, which alone knows the request id.
impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        *response.headers_mut() = self.0.headers.clone();
        response.extensions_mut().insert(self);
        response
    }
}
