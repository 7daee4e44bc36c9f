//! The key document, by which a provider may verify launch tokens itself.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::AppState;

/// How long the document may be kept. A new key is published at least this long before it signs.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// A JSON Web Key Set (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct KeyDocument {
    /// Every key that may have signed a token that is still valid, and those that will sign next.
    #[schema(value_type = Vec<Object>)]
    keys: Vec<scormbridge_lms::token::Jwk>,
}

/// The public keys of launch tokens.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "launch", security(()),
    responses((status = 200, description = "The keys, to be kept for five minutes", body = KeyDocument)),
)]
pub async fn jwks(State(state): State<AppState>) -> Response {
    let document = KeyDocument {
        keys: state.tokens.jwks().keys,
    };
    ([(header::CACHE_CONTROL, CACHE)], Json(document)).into_response()
}
