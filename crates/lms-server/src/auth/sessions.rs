//! Signing in with a local account, and out.

use axum::Json;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode};
use garde::Validate;
use scormbridge_lms::classroom::{Actor, Session, User};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accounts::{self, Account, RoleName};
use super::{CurrentUser, cookies};
use crate::error::{AppError, Problem};
use crate::http::rate::{Key, Ledger};
use crate::http::{ApiJson, address, csrf};
use crate::random;
use crate::state::AppState;

/// Who wants to sign in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's login.
    #[garde(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    login: String,
    /// The account's password.
    #[garde(custom(accounts::password_length))]
    #[schema(value_type = String, min_length = 1, max_length = 1000)]
    password: SecretString,
}

/// Whom a test wants to be.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestSignIn {
    /// A login; the account is made if there is none.
    #[garde(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    login: String,
    /// The role of a new account.
    #[garde(skip)]
    role: RoleName,
}

/// A fresh session.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    /// Who is signed in.
    user: Account,
    /// What changing requests repeat in the header `x-csrf-token`; also in the cookie `csrf_token`.
    csrf_token: String,
}

/// Sign in with a login and a password. Sets the session cookie, always a new one.
#[utoipa::path(
    post, path = "/api/auth/sign-in", tag = "auth", request_body = SignIn, security(()),
    responses(
        (status = 200, description = "Signed in", body = SignedIn),
        (status = 401, description = "`wrong_credentials`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    ApiJson(SignIn { login, password }): ApiJson<SignIn>,
) -> Result<(HeaderMap, Json<SignedIn>), AppError> {
    if !state.config.sign_in.local {
        return Err(AppError::forbidden(
            "local_sign_in_off",
            "This site signs people in elsewhere.",
        ));
    }
    // Counted before the password is looked at, so that guesses in parallel are counted too.
    let client = address::client(&headers, &extensions, &state.config.http.trusted_proxies);
    let ledger = extensions.get::<Ledger>().cloned().unwrap_or_default();
    state
        .rates
        .take(&ledger, &Key::SignIn(login.to_lowercase(), client))
        .await?;
    let user = {
        let mut tx = state.store.read(&Actor::Service).await?;
        tx.users().find_by_login(&login).await?
    };
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let fits = state
        .passwords
        .check(password, hash)
        .await
        .map_err(AppError::internal)?;
    match user.filter(|_| fits) {
        Some(user) => start(&state, &headers, user).await,
        None => {
            metrics::counter!("sign_in_failures_total").increment(1);
            Err(AppError::unauthenticated(
                "wrong_credentials",
                "The login or the password is wrong.",
            ))
        }
    }
}

/// Be anybody, for browser tests. Refused unless the configuration allows it, and never in production.
#[utoipa::path(
    post, path = "/api/auth/test-sign-in", tag = "auth", request_body = TestSignIn, security(()),
    responses(
        (status = 200, description = "Signed in", body = SignedIn),
    ),
)]
pub async fn test_sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    ApiJson(TestSignIn { login, role }): ApiJson<TestSignIn>,
) -> Result<(HeaderMap, Json<SignedIn>), AppError> {
    if !state.config.sign_in.test || state.config.is_production() {
        return Err(AppError::forbidden(
            "test_sign_in_off",
            "The test sign-in is switched off.",
        ));
    }
    let user = accounts::ensure(&state, &login, role).await?;
    start(&state, &headers, user).await
}

/// Sign out. The session is gone at once, here and everywhere the cookie was copied to.
#[utoipa::path(
    post, path = "/api/auth/sign-out", tag = "auth", security(("session" = [])),
    responses(
        (status = 204, description = "Signed out"),
    ),
)]
pub async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
    _: CurrentUser,
) -> Result<(StatusCode, HeaderMap), AppError> {
    forget(&state, &headers).await?;
    Ok((StatusCode::NO_CONTENT, cookies::clear(&state.config)))
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/api/auth/session", tag = "auth", security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "The caller's account", body = Account),
    ),
)]
pub async fn current(
    State(state): State<AppState>,
    user: CurrentUser,
) -> Result<Json<Account>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let account = tx.users().get(user.id).await?;
    Ok(Json(Account::of(account)))
}

/// Begins a session and ends the one the browser came with: a token planted before is worth nothing after.
async fn start(
    state: &AppState,
    headers: &HeaderMap,
    user: User,
) -> Result<(HeaderMap, Json<SignedIn>), AppError> {
    forget(state, headers).await?;
    let (token, csrf_token) = (random::secret(), random::secret());
    let now = state.clock.now();
    let lifetime = i64::from(state.config.sign_in.session_minutes) * 60_000;
    let session = Session {
        token: csrf::hash(&token),
        user: user.id,
        csrf: csrf::hash(&csrf_token),
        created_at: now,
        expires_at: now.plus_ms(lifetime),
    };
    let mut tx = state.store.begin(&Actor::Service).await?;
    tx.sessions().insert(&session).await?;
    tx.commit().await?;
    let cookies = cookies::set(&state.config, &token, &csrf_token);
    Ok((
        cookies,
        Json(SignedIn {
            user: Account::of(user),
            csrf_token,
        }),
    ))
}

async fn forget(state: &AppState, headers: &HeaderMap) -> Result<(), AppError> {
    let Some(token) = cookies::read(headers, cookies::session_name(&state.config)) else {
        return Ok(());
    };
    let mut tx = state.store.begin(&Actor::Service).await?;
    tx.sessions().delete(&csrf::hash(token)).await?;
    tx.commit().await?;
    Ok(())
}
