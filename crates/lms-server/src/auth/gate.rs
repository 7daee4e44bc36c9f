//! Finds out who is calling, refuses forged requests, counts the caller. One layer around every route that people
//! use; without it no handler has a [`CurrentUser`], so that forgetting it locks out instead of letting in.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use scormbridge_lms::classroom::{Actor, Session};

use super::{CurrentUser, cookies};
use crate::error::AppError;
use crate::http::rate::{Key, Ledger};
use crate::http::{csrf, trace};
use crate::state::AppState;

/// Layer.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match enter(&state, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn enter(state: &AppState, request: &mut Request) -> Result<(), AppError> {
    let changes = !csrf::is_safe(request.method());
    let headers = request.headers();
    let session = session(state, headers).await?;
    if changes {
        csrf::same_site(headers, &state.config.http.public_origin)?;
    }
    let user = match session {
        Some((session, user)) => {
            if changes {
                csrf::double_submit(headers, cookies::read(headers, cookies::CSRF), &session)?;
            }
            Some(user)
        }
        None => by_bearer(state, headers).await?,
    };
    if let Some(user) = user {
        let key = Key::UserRoute(
            user.id.to_string(),
            format!("{} {}", request.method(), trace::route(request)),
        );
        let ledger = request
            .extensions()
            .get::<Ledger>()
            .cloned()
            .unwrap_or_default();
        state.rates.take(&ledger, &key).await?;
        request.extensions_mut().insert(user);
    }
    Ok(())
}

/// The live session of the request's cookie and whose it is. A stale cookie is no proof and no fault.
async fn session(
    state: &AppState,
    headers: &HeaderMap,
) -> Result<Option<(Session, CurrentUser)>, AppError> {
    let Some(token) = cookies::read(headers, cookies::session_name(&state.config)) else {
        return Ok(None);
    };
    let mut tx = state.store.read(&Actor::Service).await?;
    let found = tx.sessions().find(&csrf::hash(token)).await?;
    let Some(session) = found.filter(|session| session.is_live(state.clock.now())) else {
        return Ok(None);
    };
    let user = tx.users().get(session.user).await?;
    Ok(Some((session, CurrentUser::of(user))))
}

async fn by_bearer(state: &AppState, headers: &HeaderMap) -> Result<Option<CurrentUser>, AppError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let refused =
        || AppError::unauthenticated("bearer_refused", "The bearer token is not accepted here.");
    let openid = state.openid.as_ref().ok_or_else(refused)?;
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.strip_prefix("Bearer "))
        .ok_or_else(refused)?;
    let claims = openid.verify(token, state.clock.now()).await?;
    super::accounts::of_identity(state, claims)
        .await
        .map(|user| Some(CurrentUser::of(user)))
}
