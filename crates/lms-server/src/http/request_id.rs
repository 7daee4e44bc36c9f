//! One id per request, in and out (`x-request-id`), so that logs of several services can be laid side by side.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::random;

/// The header.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id taken over from a caller, in bytes.
const MAX_BYTES: usize = 64;

/// The id of the request; an extension of it, and of its response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    // A caller's id ends up in logs and pages, so only harmless characters are taken over.
    fn from_caller(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let fits = !text.is_empty() && text.len() <= MAX_BYTES && text.chars().all(harmless);
        fits.then(|| Self(text.to_owned()))
    }
}

/// Layer: takes a well-formed id over or makes one, and repeats it on the answer.
pub async fn layer(mut request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(HEADER)
        .and_then(RequestId::from_caller)
        .unwrap_or_else(|| RequestId(random::hex128()));
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
