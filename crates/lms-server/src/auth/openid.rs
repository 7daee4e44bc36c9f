//! Bearer tokens of one external OpenID provider, checked against the keys it publishes.
//!
//! Keys are fetched when first needed, again when they are old, and once more when a token names a key that is
//! unknown (the provider has rotated) — but not more often than every [`MIN_INTERVAL_MS`], so that forged key
//! ids cannot make this server hammer the provider. While the provider is away the known keys go on counting.

use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use scormbridge_lms::classroom::Timestamp;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::config::Oidc;
use crate::error::AppError;

/// Shortest time between two fetches, in milliseconds.
const MIN_INTERVAL_MS: i64 = 10_000;
/// Longest key set that is read, in bytes.
const MAX_SET_BYTES: usize = 262_144;
/// Longest token, in bytes.
const MAX_TOKEN_BYTES: usize = 8_192;
/// How far clocks may differ, in seconds.
const LEEWAY_SECONDS: i64 = 30;
/// Time for one fetch.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// What of a verified token is used.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) name: Option<String>,
    exp: i64,
    nbf: Option<i64>,
}

/// The provider, and what is known of its keys.
pub struct Openid {
    settings: Oidc,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    keys: Option<JwkSet>,
    fetched_at: Option<i64>,
    tried_at: Option<i64>,
}

/// Why a key set could not be had.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("the key set cannot be fetched")]
    Http(#[source] reqwest::Error),
    #[error("the key set is longer than {MAX_SET_BYTES} bytes")]
    TooLong,
    #[error("the answer is no key set")]
    Form(#[source] serde_json::Error),
}

impl Openid {
    /// A provider of which nothing is known yet.
    #[must_use]
    pub fn new(settings: Oidc) -> Self {
        Self {
            settings,
            known: Mutex::default(),
        }
    }

    /// Whether its keys are known, after trying to fetch them if they are not.
    pub async fn has_keys(&self) -> bool {
        let mut known = self.known.lock().await;
        if known.keys.is_none() {
            self.refresh(&mut known, chrono::Utc::now().timestamp_millis())
                .await;
        }
        known.keys.is_some()
    }

    /// The claims of a token that is genuine, for us, and in force.
    pub(super) async fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, AppError> {
        let refused = |reason: &'static str| {
            AppError::unauthenticated("bearer_refused", "The bearer token is not accepted here.")
                .caused_by(reason)
        };
        if token.len() > MAX_TOKEN_BYTES {
            return Err(refused("too long"));
        }
        let header = decode_header(token).map_err(|_| refused("no token"))?;
        if !matches!(
            header.alg,
            Algorithm::RS256 | Algorithm::PS256 | Algorithm::ES256
        ) {
            return Err(refused("algorithm"));
        }
        let kid = header.kid.ok_or_else(|| refused("no key id"))?;
        let key = self
            .key(&kid, header.alg, now.0)
            .await?
            .ok_or_else(|| refused("unknown key"))?;
        let mut rules = Validation::new(header.alg);
        rules.set_issuer(&[&self.settings.issuer]);
        rules.set_audience(&[&self.settings.audience]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Time is judged below, by this server's clock.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let claims = decode::<Claims>(token, &key, &rules)
            .map_err(|_| refused("signature or claims"))?
            .claims;
        let seconds = now.0.div_euclid(1_000);
        if claims.exp.saturating_add(LEEWAY_SECONDS) <= seconds {
            return Err(AppError::unauthenticated(
                "bearer_expired",
                "The bearer token has expired. Get a new one.",
            ));
        }
        if claims
            .nbf
            .is_some_and(|from| from.saturating_sub(LEEWAY_SECONDS) > seconds)
        {
            return Err(refused("not yet valid"));
        }
        if claims.sub.is_empty() || claims.sub.len() > 255 {
            return Err(refused("subject"));
        }
        Ok(claims)
    }

    async fn key(
        &self,
        kid: &str,
        algorithm: Algorithm,
        now: i64,
    ) -> Result<Option<DecodingKey>, AppError> {
        let mut known = self.known.lock().await;
        let age = i64::from(self.settings.cache_seconds).saturating_mul(1_000);
        let stale = known
            .fetched_at
            .is_none_or(|at| now.saturating_sub(at) >= age);
        let unknown = known
            .keys
            .as_ref()
            .is_none_or(|keys| keys.find(kid).is_none());
        if stale || unknown {
            self.refresh(&mut known, now).await;
        }
        let Some(keys) = known.keys.as_ref() else {
            return Err(AppError::unavailable(
                "openid_keys",
                "The OpenID provider's keys cannot be fetched.",
            ));
        };
        let fits = |parameters: &AlgorithmParameters| match algorithm {
            Algorithm::ES256 => matches!(parameters, AlgorithmParameters::EllipticCurve(_)),
            _ => matches!(parameters, AlgorithmParameters::RSA(_)),
        };
        Ok(keys
            .find(kid)
            .filter(|jwk| fits(&jwk.algorithm))
            .and_then(|jwk| DecodingKey::from_jwk(jwk).ok()))
    }

    async fn refresh(&self, known: &mut Known, now: i64) {
        if known
            .tried_at
            .is_some_and(|at| now.saturating_sub(at) < MIN_INTERVAL_MS)
        {
            return;
        }
        known.tried_at = Some(now);
        match self.fetch().await {
            Ok(keys) => {
                known.keys = Some(keys);
                known.fetched_at = Some(now);
            }
            Err(error) => tracing::warn!(%error, "the OpenID provider's keys could not be fetched"),
        }
    }

    async fn fetch(&self) -> Result<JwkSet, FetchError> {
        let mut response = client()?
            .get(&self.settings.jwks_url)
            .send()
            .await
            .map_err(http)?;
        response.error_for_status_ref().map_err(http)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(http)? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_SET_BYTES {
                return Err(FetchError::TooLong);
            }
        }
        serde_json::from_slice(&body).map_err(FetchError::Form)
    }
}

fn http(error: reqwest::Error) -> FetchError {
    FetchError::Http(error.without_url())
}

/// A client of its own per fetch: fetches are minutes apart.
fn client() -> Result<reqwest::Client, FetchError> {
    // Fails only where somebody has installed a provider already, which is then as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        let none = reqwest::redirect::Policy::none();
        reqwest::Client::builder()
            .no_proxy()
            .redirect(none)
            .timeout(FETCH_TIMEOUT)
    };
    // The system's own certificates first; a container without any gets Mozilla's list.
    let bundled = || {
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        builder()
            .tls_certs_only(roots.filter_map(|der| reqwest::Certificate::from_der(der).ok()))
            .build()
    };
    builder().build().or_else(|_| bundled()).map_err(http)
}
