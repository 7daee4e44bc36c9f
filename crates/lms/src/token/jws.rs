//! Compact JWS (RFC 7515, section 7.1) with exactly the two algorithms this server issues.
//!
//! The key decides the algorithm, never the header: that is what closes "alg: none" and the confusion of
//! a public key with a shared secret (RFC 8725, sections 2.1 and 3.1).

use data_encoding::BASE64URL_NOPAD;
use ring::rand::SecureRandom;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::TokenError;
use super::keys::TokenKeys;

/// Longest token, in bytes. It travels in headers and URLs, where common servers stop at 8 KiB.
pub const MAX_TOKEN_BYTES: usize = 4096;

#[derive(Serialize)]
struct HeaderOut<'a> {
    typ: &'a str,
    alg: &'a str,
    kid: &'a str,
}

/// Only what is acted on is read; `crit` is read to be refused.
#[derive(Deserialize)]
struct HeaderIn {
    typ: Option<String>,
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

/// Signs `claims` as a token of the type `typ` with the current key.
pub(super) fn sign<T: Serialize>(
    keys: &TokenKeys,
    typ: &'static str,
    claims: &T,
    random: &dyn SecureRandom,
) -> Result<String, TokenError> {
    let (kid, key) = keys.current();
    let key = key.ok_or(TokenError::Signing)?;
    let header = HeaderOut {
        typ,
        alg: key.algorithm(),
        kid,
    };
    let signed = format!("{}.{}", encode(&header)?, encode(claims)?);
    let signature = key.sign(signed.as_bytes(), random)?;
    let token = format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature));
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLong {
            limit: MAX_TOKEN_BYTES,
        });
    }
    Ok(token)
}

/// The claims of `token`, if it is of the type `typ` and signed by one of `keys`.
pub(super) fn open<T: DeserializeOwned>(
    keys: &TokenKeys,
    typ: &'static str,
    token: &str,
) -> Result<T, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLong {
            limit: MAX_TOKEN_BYTES,
        });
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(TokenError::Malformed)?;
    let header: HeaderIn =
        serde_json::from_slice(&decode(header)?).map_err(|_| TokenError::Malformed)?;
    if header.typ.as_deref() != Some(typ) {
        return Err(TokenError::Type { expected: typ });
    }
    let kid = header.kid.ok_or(TokenError::UnknownKey)?;
    let key = keys.get(&kid).ok_or(TokenError::UnknownKey)?;
    if header.alg != key.algorithm() || header.crit.is_some() {
        return Err(TokenError::Algorithm);
    }
    key.verify(signed.as_bytes(), &decode(signature)?)?;
    let payload = decode(payload)?;
    serde_json::from_slice(&payload).map_err(|_| TokenError::Payload)
}

fn encode<T: Serialize>(value: &T) -> Result<String, TokenError> {
    serde_json::to_vec(value)
        .map(|json| BASE64URL_NOPAD.encode(&json))
        .map_err(|_| TokenError::Payload)
}

fn decode(field: &str) -> Result<Vec<u8>, TokenError> {
    BASE64URL_NOPAD
        .decode(field.as_bytes())
        .map_err(|_| TokenError::Malformed)
}
