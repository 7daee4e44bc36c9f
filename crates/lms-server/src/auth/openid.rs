//! Bearer tokens of one external OpenID provider, checked against the keys it publishes.
//!
//! Keys are fetched when first needed, again when they are old, and once more when a token names a key that is
//! unknown (the provider has rotated) — but not more often than every [`MIN_INTERVAL_MS`], so that forged key
//! ids cannot make this server hammer the provider. While the provider is away the last keys go on counting for
//! `keep_seconds`, and nobody whose key is known waits for a fetch.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse};
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
    known: RwLock<Option<Known>>,
    /// When the last fetch began, in milliseconds since the Unix epoch; held while one is under way.
    tried_at: Mutex<Option<i64>>,
}

/// A key set, and when it was fetched.
#[derive(Clone)]
struct Known {
    keys: Arc<JwkSet>,
    fetched_at: i64,
}

/// Why a key set could not be had.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("the key set cannot be fetched")]
    Http(#[source] reqwest::Error),
    #[error("the key set is answered with {0}")]
    Status(reqwest::StatusCode),
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
            known: RwLock::default(),
            tried_at: Mutex::default(),
        }
    }

    /// Whether its keys are known, after trying to fetch them if they are not.
    pub async fn has_keys(&self) -> bool {
        let now = chrono::Utc::now().timestamp_millis();
        if self.known(now).is_none() {
            self.refresh(&mut *self.tried_at.lock().await, now).await;
        }
        self.known(now).is_some()
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
        let known = self.known(now);
        let has = |known: &Known| known.keys.find(kid).is_some();
        match &known {
            Some(known) if has(known) => {
                let age = i64::from(self.settings.cache_seconds).saturating_mul(1_000);
                // One caller fetches; the others go on with what is known.
                if now.saturating_sub(known.fetched_at) >= age
                    && let Ok(mut tried_at) = self.tried_at.try_lock()
                {
                    self.refresh(&mut tried_at, now).await;
                }
            }
            _ => {
                let mut tried_at = self.tried_at.lock().await;
                // Whoever had the lock before may have brought it.
                if !self.known(now).as_ref().is_some_and(has) {
                    self.refresh(&mut tried_at, now).await;
                }
            }
        }
        let Some(known) = self.known(now) else {
            return Err(AppError::unavailable(
                "openid_keys",
                "The OpenID provider's keys cannot be fetched.",
            ));
        };
        Ok(known
            .keys
            .find(kid)
            .filter(|jwk| signs_with(jwk, algorithm))
            .and_then(|jwk| DecodingKey::from_jwk(jwk).ok()))
    }

    /// The last keys, unless they are older than they may become.
    fn known(&self, now: i64) -> Option<Known> {
        let keep = i64::from(self.settings.keep_seconds).saturating_mul(1_000);
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .filter(|known| now.saturating_sub(known.fetched_at) < keep)
    }

    async fn refresh(&self, tried_at: &mut Option<i64>, now: i64) {
        if tried_at.is_some_and(|at| now.saturating_sub(at) < MIN_INTERVAL_MS) {
            return;
        }
        *tried_at = Some(now);
        match self.fetch().await {
            Ok(keys) => {
                let fetched = Known {
                    keys: Arc::new(keys),
                    fetched_at: now,
                };
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
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
        if response.status() != reqwest::StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
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

/// Whether a published key is one for signatures of this algorithm. The key decides, not the token's header: a public
/// key is never a shared secret.
fn signs_with(jwk: &Jwk, algorithm: Algorithm) -> bool {
    let of_kind = match algorithm {
        Algorithm::ES256 => matches!(jwk.algorithm, AlgorithmParameters::EllipticCurve(_)),
        _ => matches!(jwk.algorithm, AlgorithmParameters::RSA(_)),
    };
    let declared = jwk
        .common
        .key_algorithm
        .is_none_or(|declared| declared.to_string() == format!("{algorithm:?}"));
    let purpose = &jwk.common.public_key_use;
    let for_signatures = purpose
        .as_ref()
        .is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    of_kind && declared && for_signatures
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
