//! Keys: parsed once, kept for the life of the server.
//!
//! Rotation needs no pause. A key that is configured but not current is published and verified with: add
//! the next key, wait until every provider has fetched the key document again, make it current, and keep
//! the old one (its public half is enough) until the last token signed with it has expired.

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use ring::rand::SecureRandom;
use ring::rsa::{KeyPair as RsaKeyPair, PublicKeyComponents};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use ring::{hmac, rsa};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};

use super::claims::{Claims, DownloadClaims, TokenType, UploadClaims};
use super::error::{KeyError, TokenError};
use super::jws;

/// Fewest bytes of a shared secret: the output of its hash (RFC 7518, section 3.2).
const MIN_SECRET_BYTES: usize = 32;

/// Whether the public can reach the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It can: shared secrets are refused.
    Production,
    /// A developer's machine.
    Development,
}

/// A key as configuration gives it.
pub enum KeySource {
    /// An RSA private key in PEM (PKCS #8 or PKCS #1): signs and verifies, RS256.
    RsaPem(String),
    /// The public half of a retired RSA key, `n` and `e` as in the key document: verifies.
    RsaPublic {
        /// Modulus, unpadded base64url.
        n: String,
        /// Exponent, unpadded base64url.
        e: String,
    },
    /// A shared secret of at least 32 bytes: signs and verifies, HS256, in development only.
    Secret(Vec<u8>),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RsaPem(_) => "RsaPem(…)",
            Self::RsaPublic { .. } => "RsaPublic(…)",
            Self::Secret(_) => "Secret(…)",
        })
    }
}

/// A public key as providers fetch it (RFC 7517).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Key type, `RSA`.
    pub kty: String,
    /// Use, `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// Algorithm, `RS256`.
    pub alg: String,
    /// Key id, as in the header of a token.
    pub kid: String,
    /// Modulus, unpadded base64url.
    pub n: String,
    /// Exponent, unpadded base64url.
    pub e: String,
}

/// The key document (RFC 7517, section 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// Public keys of every configured RSA key, by key id. Shared secrets are never in it.
    pub keys: Vec<Jwk>,
}

pub(super) enum Key {
    Pair(Box<RsaKeyPair>, PublicKeyComponents<Vec<u8>>),
    Public(PublicKeyComponents<Vec<u8>>),
    Secret(hmac::Key),
}

impl Key {
    fn parse(id: &str, source: KeySource, stage: Stage) -> Result<Self, KeyError> {
        let id = || id.to_owned();
        match source {
            KeySource::RsaPem(pem) => {
                let pair = parse_pair(&pem).ok_or_else(|| KeyError::Rsa { id: id() })?;
                let public = PublicKeyComponents::from(pair.public());
                Ok(Self::Pair(Box::new(pair), public))
            }
            KeySource::RsaPublic { n, e } => {
                let part = |text: &str| {
                    BASE64URL_NOPAD
                        .decode(text.as_bytes())
                        .ok()
                        .filter(|bytes| bytes.first().is_some_and(|first| *first != 0))
                        .ok_or_else(|| KeyError::Public { id: id() })
                };
                let (n, e) = (part(&n)?, part(&e)?);
                if !(256..=512).contains(&n.len()) || e.len() > 4 {
                    return Err(KeyError::Public { id: id() });
                }
                Ok(Self::Public(PublicKeyComponents { n, e }))
            }
            KeySource::Secret(_) if stage == Stage::Production => {
                Err(KeyError::SecretInProduction { id: id() })
            }
            KeySource::Secret(secret) if secret.len() < MIN_SECRET_BYTES => {
                Err(KeyError::Short { id: id() })
            }
            KeySource::Secret(secret) => {
                Ok(Self::Secret(hmac::Key::new(hmac::HMAC_SHA256, &secret)))
            }
        }
    }

    /// The JWS name of the one algorithm this key is for (RFC 7518, section 3.1).
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Pair(..) | Self::Public(_) => "RS256",
            Self::Secret(_) => "HS256",
        }
    }

    pub(super) fn sign(
        &self,
        message: &[u8],
        random: &dyn SecureRandom,
    ) -> Result<Vec<u8>, TokenError> {
        match self {
            Self::Pair(pair, _) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, random, message, &mut signature)
                    .map_err(|_| TokenError::Signing)?;
                Ok(signature)
            }
            Self::Secret(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Self::Public(_) => Err(TokenError::Signing),
        }
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), TokenError> {
        match self {
            Self::Pair(_, public) | Self::Public(public) => {
                public.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Self::Secret(key) => hmac::verify(key, message, signature),
        }
        .map_err(|_| TokenError::Forged)
    }

    fn public(&self) -> Option<&PublicKeyComponents<Vec<u8>>> {
        match self {
            Self::Pair(_, public) | Self::Public(public) => Some(public),
            Self::Secret(_) => None,
        }
    }
}

fn parse_pair(pem: &str) -> Option<rsa::KeyPair> {
    match PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()? {
        PrivateKeyDer::Pkcs8(der) => rsa::KeyPair::from_pkcs8(der.secret_pkcs8_der()).ok(),
        PrivateKeyDer::Pkcs1(der) => rsa::KeyPair::from_der(der.secret_pkcs1_der()).ok(),
        _ => None,
    }
}

/// Issues tokens with its current key, verifies them with any of its keys.
pub struct TokenKeys {
    current: String,
    keys: BTreeMap<String, Key>,
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeys")
            .field("current", &self.current)
            .field("keys", &self.keys.keys())
            .finish()
    }
}

impl TokenKeys {
    /// Keys by id; the one that is called `current` signs.
    ///
    /// # Errors
    /// One variant of [`KeyError`] for each way in which a key, or the choice of the current one, is wrong.
    pub fn new(
        sources: Vec<(String, KeySource)>,
        current: &str,
        stage: Stage,
    ) -> Result<Self, KeyError> {
        let mut keys = BTreeMap::new();
        for (id, source) in sources {
            if !is_key_id(&id) {
                return Err(KeyError::Id { id });
            }
            let key = Key::parse(&id, source, stage)?;
            if keys.insert(id.clone(), key).is_some() {
                return Err(KeyError::Duplicate { id });
            }
        }
        match keys.get(current) {
            Some(Key::Pair(..) | Key::Secret(_)) => Ok(Self {
                current: current.to_owned(),
                keys,
            }),
            _ => Err(KeyError::Current {
                id: current.to_owned(),
            }),
        }
    }

    /// Signs a launch or runtime token.
    ///
    /// # Errors
    /// [`TokenError::Claim`] or [`TokenError::Lifetime`] if `claims` break a rule of the type,
    /// [`TokenError::TooLong`] if the token would pass [`MAX_TOKEN_BYTES`](super::MAX_TOKEN_BYTES).
    pub fn issue(
        &self,
        typ: TokenType,
        claims: &Claims,
        random: &dyn SecureRandom,
    ) -> Result<String, TokenError> {
        claims.check(typ)?;
        jws::sign(self, typ.name(), claims, random)
    }

    /// The claims of `token`, if it is a genuine `typ` of `issuer` and valid at `now` (seconds since the
    /// Unix epoch). Whether it counts here is the next question: [`Claims::check_audience`],
    /// [`Claims::check_scope`].
    ///
    /// # Errors
    /// One variant of [`TokenError`] for each way in which it is not. The signature is verified before
    /// anything inside the payload is read.
    pub fn verify(
        &self,
        typ: TokenType,
        token: &str,
        issuer: &str,
        now: i64,
    ) -> Result<Claims, TokenError> {
        let claims: Claims = jws::open(self, typ.name(), token)?;
        claims.check(typ)?;
        claims.check_valid(issuer, now)?;
        Ok(claims)
    }

    /// Signs the permission to upload one file.
    ///
    /// # Errors
    /// As [`issue`](Self::issue).
    pub fn issue_upload(
        &self,
        claims: &UploadClaims,
        random: &dyn SecureRandom,
    ) -> Result<String, TokenError> {
        claims.check()?;
        jws::sign(self, UploadClaims::TYPE, claims, random)
    }

    /// The permission that `token` is, as [`verify`](Self::verify).
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_upload(
        &self,
        token: &str,
        issuer: &str,
        now: i64,
    ) -> Result<UploadClaims, TokenError> {
        let claims: UploadClaims = jws::open(self, UploadClaims::TYPE, token)?;
        claims.check()?;
        claims.check_valid(issuer, now)?;
        Ok(claims)
    }

    /// Issues the permission to fetch one file.
    ///
    /// # Errors
    /// As [`issue`](Self::issue).
    pub fn issue_download(
        &self,
        claims: &DownloadClaims,
        random: &dyn SecureRandom,
    ) -> Result<String, TokenError> {
        claims.check()?;
        jws::sign(self, DownloadClaims::TYPE, claims, random)
    }

    /// The permission that `token` is, as [`verify`](Self::verify).
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_download(
        &self,
        token: &str,
        issuer: &str,
        now: i64,
    ) -> Result<DownloadClaims, TokenError> {
        let claims: DownloadClaims = jws::open(self, DownloadClaims::TYPE, token)?;
        claims.check()?;
        claims.check_valid(issuer, now)?;
        Ok(claims)
    }

    /// The key document: what a provider needs to verify launch tokens.
    #[must_use]
    pub fn jwks(&self) -> Jwks {
        let jwk = |(id, key): (&String, &Key)| {
            key.public().map(|public| Jwk {
                kty: "RSA".to_owned(),
                usage: "sig".to_owned(),
                alg: key.algorithm().to_owned(),
                kid: id.clone(),
                n: BASE64URL_NOPAD.encode(&public.n),
                e: BASE64URL_NOPAD.encode(&public.e),
            })
        };
        Jwks {
            keys: self.keys.iter().filter_map(jwk).collect(),
        }
    }

    pub(super) fn current(&self) -> (&str, Option<&Key>) {
        (&self.current, self.keys.get(&self.current))
    }

    pub(super) fn get(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }
}

fn is_key_id(id: &str) -> bool {
    (1..=32).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
