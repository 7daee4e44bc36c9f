//! The keys of tokens, out of the configuration: parsed once, when the server starts.

use ring::rand::SystemRandom;
use scormbridge_lms::token::{Jwk, KeyError, KeySource, Stage, TokenKeys};
use secrecy::ExposeSecret;

use crate::config::{Algorithm, Config, Fault};
use crate::random;

/// Id of what a developer's machine signs with.
const DEVELOPMENT_KEY: &str = "development";

/// The source of randomness for signatures.
#[must_use]
pub fn signing_random() -> SystemRandom {
    SystemRandom::new()
}

/// The keys that `config` names. Where it names none, a developer's machine gets a secret that lives as long as the
/// process; a production configuration without keys is a fault that was found before.
///
/// # Errors
/// The fault, if a key cannot be used.
pub fn token_keys(config: &Config) -> Result<TokenKeys, Fault> {
    let settings = &config.runtime;
    let wrong = |error: KeyError| Fault {
        setting: "runtime.keys".to_owned(),
        message: error.to_string(),
    };
    // A server whose runtime API is off needs no persistent key; what it holds then signs nothing.
    let strict = config.is_production() && settings.enabled;
    let stage = if strict {
        Stage::Production
    } else {
        Stage::Development
    };
    if settings.algorithm == Algorithm::RS256 && !settings.keys.is_empty() {
        let sources = settings
            .keys
            .iter()
            .map(|(id, text)| (id.clone(), source(text.expose_secret())))
            .collect();
        return TokenKeys::new(
            sources,
            settings.current.as_deref().unwrap_or_default(),
            stage,
        )
        .map_err(wrong);
    }
    let secret = match &settings.hs256_secret {
        Some(secret) => secret.expose_secret().as_bytes().to_vec(),
        None => random::bytes::<32>().to_vec(),
    };
    let sources = vec![(DEVELOPMENT_KEY.to_owned(), KeySource::Secret(secret))];
    TokenKeys::new(sources, DEVELOPMENT_KEY, stage).map_err(wrong)
}

/// A private key in PEM, or what the key document showed of a retired one.
fn source(text: &str) -> KeySource {
    match serde_json::from_str::<Jwk>(text) {
        Ok(Jwk { n, e, .. }) => KeySource::RsaPublic { n, e },
        Err(_) => KeySource::RsaPem(text.to_owned()),
    }
}
