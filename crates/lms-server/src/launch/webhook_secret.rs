//! The secret that a provider signs its outcomes with: shown once, kept sealed, bound to the provider.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use scormbridge_core::sealing::{SealError, Vault};
use scormbridge_lms::classroom::{ProviderId, Sealed};
use scormbridge_lms::token::WebhookKey;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::ApiPath;
use crate::random;
use crate::state::AppState;

/// A fresh secret.
#[derive(Serialize, ToSchema)]
pub struct WebhookSecret {
    /// `whsec_` and base64. It is shown this once.
    secret: String,
}

/// Give a provider a new webhook secret. The one before counts no more. For administrators.
#[utoipa::path(
    post, path = "/api/providers/{provider}/webhook-secret", tag = "launch",
    params(("provider" = String, Path, description = "The provider, 32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "The secret, shown this once", body = WebhookSecret),
        (status = 403, description = "`denied`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn renew(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ProviderId>,
) -> Result<(StatusCode, Json<WebhookSecret>), AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let mut provider = tx.providers().get(id).await?;
    let secret = WebhookKey::secret(&random::bytes());
    provider.webhook_secret = Some(seal(&state.vault, id, &secret).map_err(AppError::internal)?);
    tx.providers().update(&provider).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(WebhookSecret { secret })))
}

/// What the sealed text is bound to: moved to another provider's row, it does not open.
fn context(provider: ProviderId) -> [String; 2] {
    ["webhook".to_owned(), provider.to_string()]
}

fn seal(vault: &Vault, provider: ProviderId, secret: &str) -> Result<Sealed, SealError> {
    let context = context(provider);
    let sealed = vault.seal(secret, &context.each_ref().map(String::as_str))?;
    Ok(Sealed::new(sealed))
}

/// The secret of `provider`, as it was told.
///
/// # Errors
/// [`SealError`] if it was sealed with a key that is gone, or for another provider.
pub(crate) fn open(
    vault: &Vault,
    provider: ProviderId,
    sealed: &Sealed,
) -> Result<String, SealError> {
    let context = context(provider);
    vault.open(sealed.expose(), &context.each_ref().map(String::as_str))
}
