//! The one gate of the runtime API: is it on, is the bearer genuine, is it for the origin that calls, does it permit
//! this, and does the caller come too often.

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use scormbridge_lms::token::{Claims, TokenError, TokenType};

use super::endpoint::{self, Endpoint, Proof};
use crate::error::AppError;
use crate::http::rate::{Key, Ledger};
use crate::state::AppState;

/// A verified runtime token; an extension of the request, put there by [`layer`] alone.
#[derive(Debug, Clone)]
pub struct RuntimeBearer(pub Claims);

impl<S: Sync> FromRequestParts<S> for RuntimeBearer {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(missing)
    }
}

/// Layer.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match enter(&state, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn enter(state: &AppState, request: &mut Request) -> Result<(), AppError> {
    let matched = request
        .extensions()
        .get::<MatchedPath>()
        .map(MatchedPath::as_str);
    let endpoint: &'static Endpoint = matched
        .and_then(|path| endpoint::find(request.method(), path))
        .ok_or_else(AppError::method_not_allowed)?;
    if !state.config.runtime.enabled {
        return Err(AppError::forbidden(
            "runtime_disabled",
            "The runtime API is switched off on this site.",
        ));
    }
    if let Proof::Runtime(scope) = endpoint.proof {
        let token = bearer(request.headers())?;
        let claims = verify(state, TokenType::Runtime, token, request.headers())?;
        if let Some(scope) = scope {
            claims.check_scope(scope).map_err(refused)?;
        }
        let ledger = request
            .extensions()
            .get::<Ledger>()
            .cloned()
            .unwrap_or_default();
        count(state, &ledger, &claims).await?;
        request.extensions_mut().insert(RuntimeBearer(claims));
    }
    request.extensions_mut().insert(endpoint);
    Ok(())
}

/// The claims of a token of ours, if it is for the origin that the request comes from. A browser always says which
/// that is; a provider's server has none to say, and the token's audience is then compared with the provider alone.
///
/// # Errors
/// 401 for what is no token or no longer one, 403 for one that does not count here.
pub(super) fn verify(
    state: &AppState,
    typ: TokenType,
    token: &str,
    headers: &HeaderMap,
) -> Result<Claims, AppError> {
    let now = state.clock.now().0.div_euclid(1000);
    let claims = state
        .tokens
        .verify(typ, token, &state.config.http.public_origin, now)
        .map_err(refused)?;
    if let Some(origin) = headers.get(header::ORIGIN) {
        claims
            .check_audience(origin.to_str().unwrap_or_default())
            .map_err(refused)?;
    }
    Ok(claims)
}

/// Counts the call for the learner's alias, the course and the provider.
///
/// # Errors
/// 429 when one of them has come too often.
pub(super) async fn count(
    state: &AppState,
    ledger: &Ledger,
    claims: &Claims,
) -> Result<(), AppError> {
    for key in [
        Key::Alias(claims.sub.to_string()),
        Key::Course(claims.course.to_string()),
        Key::Provider(claims.provider.to_string()),
    ] {
        state.rates.take(ledger, &key).await?;
    }
    Ok(())
}

fn bearer(headers: &HeaderMap) -> Result<&str, AppError> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(missing)
}

fn missing() -> AppError {
    AppError::unauthenticated(
        "bearer_missing",
        "Send the header `authorization: Bearer <runtime token>`.",
    )
}

/// What a refused token is answered with: 401 where a new one would help, 403 where this one is wrong here.
pub(super) fn refused(error: TokenError) -> AppError {
    let status = match error {
        TokenError::TooLong { .. } | TokenError::Malformed | TokenError::Expired => {
            StatusCode::UNAUTHORIZED
        }
        _ => StatusCode::FORBIDDEN,
    };
    if status == StatusCode::UNAUTHORIZED {
        return AppError::unauthenticated(error.reason(), error.to_string());
    }
    AppError::forbidden(error.reason(), error.to_string())
}
