//! Who is calling.
//!
//! Two proofs count: a session cookie of a local account, or a bearer token of the configured OpenID provider.
//! [`gate`] looks for both, once per request, in one layer; handlers take a [`CurrentUser`] and have somebody, or
//! the caller gets a 401. The runtime API has a gate of its own, for tokens of its own.

pub mod accounts;
mod cookies;
pub mod gate;
mod openid;
mod passwords;
pub mod sessions;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use scormbridge_lms::classroom::{Actor, Role, User, UserId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use cookies::CSRF as CSRF_COOKIE;
pub use openid::Openid;
pub use passwords::{Passwords, PasswordsError};

use crate::error::AppError;
use crate::state::AppState;

/// The operations of this subject.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(sessions::sign_in))
        .routes(routes!(sessions::test_sign_in))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::current))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::update))
}

/// The signed-in person; an extension of the request, put there by [`gate::layer`] alone.
#[derive(Clone)]
pub struct CurrentUser {
    /// Who.
    pub id: UserId,
    /// As what.
    pub role: Role,
    /// What others read. Not for logs.
    pub display_name: String,
}

impl CurrentUser {
    /// On whose behalf the store acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::person(self.id, self.role)
    }

    /// Somebody whose account was found by a proof.
    pub(crate) fn of(user: User) -> Self {
        Self {
            id: user.id,
            role: user.role,
            display_name: user.display_name,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            AppError::unauthenticated(
                "not_signed_in",
                "Sign in, or send a bearer token of the OpenID provider.",
            )
        })
    }
}
