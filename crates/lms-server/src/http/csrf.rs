//! Requests that another site makes in a person's name are refused.
//!
//! Two walls. A changing request whose browser says that it comes from elsewhere (`Origin`, `Sec-Fetch-Site`) stops
//! at the first, signed in or not. One that acts by a session cookie must also repeat the `csrf_token` cookie in
//! the header `x-csrf-token`, and that value must be the session's own: a planted cookie does not help.

use axum::http::{HeaderMap, HeaderName, Method, header};
use ring::digest::{SHA256, digest};
use scormbridge_lms::classroom::{Session, TokenHash};
use subtle::ConstantTimeEq;

use crate::error::AppError;

/// Header that repeats the cookie.
pub const HEADER: HeaderName = HeaderName::from_static("x-csrf-token");

/// Whether a method promises to change nothing.
#[must_use]
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The hash under which tokens are stored.
#[must_use]
pub fn hash(token: &str) -> TokenHash {
    let mut bytes = [0_u8; 32];
    bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    TokenHash(bytes)
}

/// The first wall.
///
/// # Errors
/// 403 `cross_site` when the browser names another origin.
pub fn same_site(headers: &HeaderMap, public_origin: &str) -> Result<(), AppError> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let origin_fits = headers
        .get(header::ORIGIN)
        .is_none_or(|value| value.as_bytes() == public_origin.as_bytes());
    let fetch_fits = text(HeaderName::from_static("sec-fetch-site"))
        .is_none_or(|site| matches!(site, "same-origin" | "none"));
    if origin_fits && fetch_fits {
        return Ok(());
    }
    Err(AppError::forbidden(
        "cross_site",
        "Changes are accepted from this site's own pages only.",
    ))
}

/// The second wall.
///
/// # Errors
/// 403 `csrf_missing` or `csrf_mismatch`.
pub fn double_submit(
    headers: &HeaderMap,
    cookie: Option<&str>,
    session: &Session,
) -> Result<(), AppError> {
    let header = headers.get(HEADER).and_then(|value| value.to_str().ok());
    let (Some(header), Some(cookie)) = (header, cookie) else {
        return Err(AppError::forbidden(
            "csrf_missing",
            "Repeat the value of the cookie csrf_token in the header x-csrf-token.",
        ));
    };
    let repeated = header.as_bytes().ct_eq(cookie.as_bytes());
    let own = hash(header).0.ct_eq(&session.csrf.0);
    if bool::from(repeated & own) {
        return Ok(());
    }
    Err(AppError::forbidden(
        "csrf_mismatch",
        "The header x-csrf-token is not this session's. Load the page again.",
    ))
}
