//! Signatures of provider webhooks, as the Standard Webhooks specification has them: `webhook-id`,
//! `webhook-timestamp` and `webhook-signature: v1,<base64>` over `<id>.<timestamp>.<body>` with
//! HMAC-SHA-256. The signature proves who sent it and when; that an id counts once is for the store to say.

use std::fmt;

use data_encoding::BASE64;
use ring::hmac;

/// How far the sender's clock may be from ours, in seconds, in either direction.
pub const MAX_CLOCK_SKEW_SECONDS: i64 = 300;

/// Most signatures looked at in one header; a sender that rotates its secret sends two.
const MAX_SIGNATURES: usize = 4;

/// Longest `webhook-id`, in bytes.
const MAX_ID_BYTES: usize = 64;

/// What the text form of a secret begins with.
const PREFIX: &str = "whsec_";

/// The secret shared with one provider.
pub struct WebhookKey(hmac::Key);

impl fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookKey(…)")
    }
}

impl WebhookKey {
    /// The key of a secret as providers are given it.
    ///
    /// # Errors
    /// [`WebhookError::Secret`] if `secret` is not `whsec_` and the base64 of 24 to 64 bytes.
    pub fn new(secret: &str) -> Result<Self, WebhookError> {
        let bytes = secret
            .strip_prefix(PREFIX)
            .and_then(|text| BASE64.decode(text.as_bytes()).ok())
            .filter(|bytes| (24..=64).contains(&bytes.len()))
            .ok_or(WebhookError::Secret)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The text form of a fresh secret, made of 32 random bytes.
    #[must_use]
    pub fn secret(random: &[u8; 32]) -> String {
        format!("{PREFIX}{}", BASE64.encode(random))
    }

    /// The value of `webhook-signature` for a message.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(format!("{id}.{timestamp}.").as_bytes());
        context.update(body);
        format!("v1,{}", BASE64.encode(context.sign().as_ref()))
    }

    /// Whether one of the space-separated `signatures` is ours for this message, sent near `now` (seconds
    /// since the Unix epoch).
    ///
    /// # Errors
    /// One variant of [`WebhookError`] for each way in which it is not. Signatures are compared in
    /// constant time.
    pub fn verify(
        &self,
        id: &str,
        timestamp: &str,
        signatures: &str,
        body: &[u8],
        now: i64,
    ) -> Result<(), WebhookError> {
        let plain = |b: u8| b.is_ascii_graphic() && b != b'.';
        if id.is_empty() || id.len() > MAX_ID_BYTES || !id.bytes().all(plain) {
            return Err(WebhookError::Id);
        }
        let sent: i64 = timestamp.parse().map_err(|_| WebhookError::Timestamp)?;
        if now.abs_diff(sent) > MAX_CLOCK_SKEW_SECONDS.unsigned_abs() {
            return Err(WebhookError::Stale);
        }
        let mut signed = format!("{id}.{timestamp}.").into_bytes();
        signed.extend_from_slice(body);
        signatures
            .split(' ')
            .take(MAX_SIGNATURES)
            .filter_map(|signature| signature.strip_prefix("v1,"))
            .filter_map(|tag| BASE64.decode(tag.as_bytes()).ok())
            .any(|tag| hmac::verify(&self.0, &signed, &tag).is_ok())
            .then_some(())
            .ok_or(WebhookError::Forged)
    }
}

/// Why a webhook was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// A secret is not `whsec_` and the base64 of 24 to 64 bytes.
    #[error("A webhook secret is whsec_ and the base64 of 24 to 64 bytes.")]
    Secret,
    /// `webhook-id` is missing or not 1 to 64 visible ASCII characters without a full stop.
    #[error("webhook-id must be 1 to 64 visible ASCII characters without a full stop.")]
    Id,
    /// `webhook-timestamp` is not a number of seconds.
    #[error("webhook-timestamp must be the time of sending, in seconds since the Unix epoch.")]
    Timestamp,
    /// Sent too long ago, or in the future.
    #[error(
        "webhook-timestamp is more than five minutes from the server's clock; sign the message again."
    )]
    Stale,
    /// No signature fits.
    #[error(
        "No signature in webhook-signature fits; check the secret and sign the body as it is sent."
    )]
    Forged,
}

impl WebhookError {
    /// Stable code of the reason.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Secret => "webhook_secret",
            Self::Id => "webhook_id",
            Self::Timestamp => "webhook_timestamp",
            Self::Stale => "webhook_stale",
            Self::Forged => "webhook_signature",
        }
    }
}
