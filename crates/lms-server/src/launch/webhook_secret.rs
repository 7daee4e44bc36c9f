//! The secret that a provider signs its outcomes with: shown once, kept sealed, bound to the provider.

use scormbridge_core::sealing::{SealError, Vault};
use scormbridge_lms::classroom::{ProviderId, Sealed};
use scormbridge_lms::token::WebhookKey;

use crate::random;

/// What the sealed text is bound to: moved to another provider's row, it does not open.
fn context(provider: ProviderId) -> [String; 2] {
    ["webhook".to_owned(), provider.to_string()]
}

/// A fresh secret in the form that the provider is told, and sealed for the store.
///
/// # Errors
/// [`SealError`] if the vault's current key cannot seal.
pub fn fresh(vault: &Vault, provider: ProviderId) -> Result<(String, Sealed), SealError> {
    let secret = WebhookKey::secret(&random::bytes());
    let context = context(provider);
    let sealed = vault.seal(&secret, &context.each_ref().map(String::as_str))?;
    Ok((secret, Sealed::new(sealed)))
}

/// The secret of `provider`, as it was told.
///
/// # Errors
/// [`SealError`] if it was sealed with a key that is gone, or for another provider.
pub fn open(vault: &Vault, provider: ProviderId, sealed: &Sealed) -> Result<String, SealError> {
    let context = context(provider);
    vault.open(sealed.expose(), &context.each_ref().map(String::as_str))
}
