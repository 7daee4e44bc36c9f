//! A JSON body, with what a retry is recognised by.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName};
use garde::Validate;
use ring::digest::{SHA256, digest};
use serde::de::DeserializeOwned;

use super::endpoint::Endpoint;
use crate::error::AppError;
use crate::http::limits::announced;
use crate::http::{ApiJson, RequestId};

/// Names a request that may come again.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Longest `idempotency-key`, in bytes.
const MAX_KEY_BYTES: usize = 128;

/// What a handler knows of a request besides its contents.
#[derive(Debug, Clone)]
pub struct Call {
    /// Where it arrived.
    pub endpoint: &'static Endpoint,
    /// Its id, for the log of events.
    pub request_id: String,
    /// The caller's key, if it wants retries recognised.
    pub key: Option<String>,
    /// SHA-256 of the body as it was sent.
    pub digest: [u8; 32],
}

/// A JSON body of a runtime call, read and validated.
#[derive(Debug)]
pub struct RuntimeJson<T> {
    /// The contents.
    pub value: T,
    /// The rest.
    pub call: Call,
}

impl<S, T> FromRequest<S> for RuntimeJson<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let Raw { head, bytes, call } = Raw::from_request(request, state).await?;
        let again = Request::from_parts(head, Body::from(bytes));
        let ApiJson(value) = ApiJson::<T>::from_request(again, state).await?;
        Ok(Self { value, call })
    }
}

/// A body as it was sent, for signatures.
#[derive(Debug)]
pub struct Raw {
    /// Method, path, headers.
    pub head: axum::http::request::Parts,
    /// The bytes.
    pub bytes: Bytes,
    /// The rest.
    pub call: Call,
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AppError> {
        let (head, body) = request.into_parts();
        let endpoint = head.extensions.get::<&'static Endpoint>().copied();
        let endpoint =
            endpoint.ok_or_else(|| AppError::internal("a runtime route outside the gate"))?;
        let limit = u64::try_from(endpoint.body_bytes).unwrap_or(u64::MAX);
        if announced(&head.headers).is_some_and(|bytes| bytes > limit) {
            return Err(AppError::body_too_large());
        }
        let bytes = axum::body::to_bytes(body, endpoint.body_bytes)
            .await
            .map_err(|_| AppError::body_too_large())?;
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &bytes).as_ref());
        let request_id = head
            .extensions
            .get::<RequestId>()
            .map(|id| id.as_str().to_owned());
        let call = Call {
            endpoint,
            request_id: request_id.unwrap_or_default(),
            key: idempotency_key(&head.headers)?,
            digest: hash,
        };
        Ok(Self { head, bytes, call })
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, AppError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    if (1..=MAX_KEY_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Ok(Some(text.to_owned()));
    }
    Err(AppError::bad_request(
        "idempotency_key",
        "`idempotency-key` has 1 to 128 visible ASCII characters.",
    ))
}
