//! Sealing: stored values that cannot be read, moved or changed without a key.
//!
//! A sealed value is text, `esb1:<kid>:<data>`, so that it fits wherever the plain value did. AES-256-GCM
//! with a random nonce protects the value; the *context* (for a track: scorm id, learner id, SCO id,
//! attempt, element) is authenticated with it, so a value copied to another learner's row does not open.
//! The format is fixed in `docs/protocol.md`, section "Sealed value"; ring does all cryptography.
//!
//! This module must never return any part of a value that did not authenticate, and never say more about
//! a failure than its kind.
//!
//! A table may hold sealed and plain values side by side, told apart by [`is_sealed`]. Whoever writes a
//! plain value must therefore seal it if `is_sealed` already says yes of it: otherwise a learner could
//! store text that later fails to open.

use data_encoding::BASE64URL_NOPAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroize;

use crate::keys::{Key, KeyError, KeyRing, Keys, is_key_id};

/// Longest plain value, in bytes of UTF-8. Four times what the longest SCORM element may hold
/// (64,000 characters of four bytes each).
pub const MAX_PLAIN_BYTES: usize = 1 << 20;

/// Longest context, in bytes, all fields together.
pub const MAX_CONTEXT_BYTES: usize = 4096;

/// Format version; also the first field of the associated data.
const VERSION: &str = "esb1";

/// Length of the AES-GCM tag in bytes (NIST SP 800-38D, section 5.2.1.2).
const TAG_LEN: usize = 16;

/// Longest `data` part: nonce, value and tag in base64url.
const MAX_DATA_CHARS: usize = (NONCE_LEN + MAX_PLAIN_BYTES + TAG_LEN).div_ceil(3) * 4;

/// Shortest `data` part: nonce and tag of the empty value in unpadded base64url.
const MIN_DATA_CHARS: usize = ((NONCE_LEN + TAG_LEN) * 4).div_ceil(3);

/// Seals with its current key, opens with any of its keys.
#[derive(Debug)]
pub struct Vault {
    ring: KeyRing,
}

impl Vault {
    /// A vault of `keys`, sealing with the one called `current`.
    ///
    /// # Errors
    /// [`KeyError`] if a key id is not well-formed or `current` is not among the keys.
    pub fn new(keys: Keys, current: &str) -> Result<Self, KeyError> {
        Ok(Self {
            ring: KeyRing::new(keys, current)?,
        })
    }

    /// Seals `plain` for `context`. Two seals of one value differ, because the nonce is random.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] and [`SealError::ContextTooLarge`] above the limits of this module,
    /// [`SealError::Random`] if the system gives no nonce.
    pub fn seal(&self, plain: &str, context: &[&str]) -> Result<String, SealError> {
        if plain.len() > MAX_PLAIN_BYTES {
            return Err(SealError::TooLarge {
                limit: MAX_PLAIN_BYTES,
            });
        }
        let kid = self.ring.current_id();
        let key = self.key(kid)?;
        let aad = associated_data(kid, context)?;
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new()
            .fill(&mut nonce)
            .map_err(|_| SealError::Random)?;

        let mut value = plain.as_bytes().to_vec();
        let tag = cipher(key)?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(aad),
                &mut value,
            )
            .map_err(|_| SealError::TooLarge {
                limit: MAX_PLAIN_BYTES,
            })?;

        let data = [nonce.as_slice(), &value, tag.as_ref()].concat();
        Ok(format!("{VERSION}:{kid}:{}", BASE64URL_NOPAD.encode(&data)))
    }

    /// Opens a sealed value that was sealed for exactly this `context`.
    ///
    /// # Errors
    /// One variant of [`SealError`] for each way in which `sealed` is not such a value.
    pub fn open(&self, sealed: &str, context: &[&str]) -> Result<String, SealError> {
        let (kid, data) = split(sealed)?;
        let key = self.key(kid)?;
        let aad = associated_data(kid, context)?;
        if data.len() > MAX_DATA_CHARS {
            return Err(SealError::TooLarge {
                limit: MAX_PLAIN_BYTES,
            });
        }
        let mut data = BASE64URL_NOPAD
            .decode(data.as_bytes())
            .map_err(|_| SealError::Encoding)?;
        if data.len() < NONCE_LEN + TAG_LEN {
            return Err(SealError::Truncated);
        }
        let (nonce, value) = data
            .split_first_chunk_mut::<NONCE_LEN>()
            .ok_or(SealError::Truncated)?;
        let plain = cipher(key)?
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), value)
            .map_err(|_| SealError::Forged)?;
        let text = std::str::from_utf8(plain)
            .map(str::to_owned)
            .map_err(|_| SealError::NotText);
        data.zeroize();
        text
    }

    /// Whether `sealed` is a sealed value of another key than the current one, so that it should be
    /// opened and sealed again. False for anything that is not sealed.
    #[must_use]
    pub fn needs_reseal(&self, sealed: &str) -> bool {
        is_sealed(sealed) && split(sealed).is_ok_and(|(kid, _)| kid != self.ring.current_id())
    }

    fn key(&self, kid: &str) -> Result<&Key, SealError> {
        self.ring
            .get(kid)
            .ok_or_else(|| SealError::UnknownKey { id: kid.to_owned() })
    }
}

/// Whether `value` has the shape of a sealed value. Says nothing about whether it opens.
#[must_use]
pub fn is_sealed(value: &str) -> bool {
    split(value).is_ok_and(|(_, data)| {
        data.len() >= MIN_DATA_CHARS
            && data
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    })
}

/// Key id and data of a sealed value.
fn split(sealed: &str) -> Result<(&str, &str), SealError> {
    let (kid, data) = sealed
        .strip_prefix(VERSION)
        .and_then(|rest| rest.strip_prefix(':'))
        .and_then(|rest| rest.split_once(':'))
        .ok_or(SealError::NotSealed)?;
    if is_key_id(kid) {
        Ok((kid, data))
    } else {
        Err(SealError::NotSealed)
    }
}

fn cipher(key: &Key) -> Result<LessSafeKey, SealError> {
    // ring refuses a key of the wrong length only, and the type of `Key` rules that out.
    let key = UnboundKey::new(&AES_256_GCM, key.bytes()).map_err(|_| SealError::Forged)?;
    Ok(LessSafeKey::new(key))
}

/// Version, key id and context, each preceded by its length: no two contexts give the same bytes,
/// however a separator may occur inside a field.
fn associated_data(kid: &str, context: &[&str]) -> Result<Vec<u8>, SealError> {
    let length: usize = context.iter().map(|field| field.len()).sum();
    if length > MAX_CONTEXT_BYTES {
        return Err(SealError::ContextTooLarge {
            limit: MAX_CONTEXT_BYTES,
        });
    }
    let mut aad = Vec::with_capacity(length + 4 * (context.len() + 2) + VERSION.len() + kid.len());
    for field in [VERSION, kid].iter().chain(context) {
        let length = u32::try_from(field.len()).map_err(|_| SealError::ContextTooLarge {
            limit: MAX_CONTEXT_BYTES,
        })?;
        aad.extend_from_slice(&length.to_be_bytes());
        aad.extend_from_slice(field.as_bytes());
    }
    Ok(aad)
}

/// Why a value could not be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The text does not begin as a sealed value does.
    #[error("This value is not sealed; read it as it is.")]
    NotSealed,
    /// The value was sealed with a key that this vault does not have.
    #[error("The value was sealed with the key {id:?}, which is not configured; restore that key.")]
    UnknownKey {
        /// Key id written in the value.
        id: String,
    },
    /// The data part is not canonical unpadded base64url.
    #[error(
        "The sealed value is damaged: its text was changed in storage; restore it from a backup."
    )]
    Encoding,
    /// The data part is too short to hold a nonce and a tag.
    #[error("The sealed value is damaged: its end is missing; restore it from a backup.")]
    Truncated,
    /// The value does not authenticate: it was changed, belongs elsewhere, or the key under this id is
    /// not the one that sealed it. Which of the three cannot be told, by design.
    #[error("The sealed value does not belong here or was changed; it cannot be used.")]
    Forged,
    /// The opened bytes are not UTF-8, so this module did not seal them.
    #[error("The sealed value does not hold text; it was not sealed by this software.")]
    NotText,
    /// The value is longer than [`MAX_PLAIN_BYTES`].
    #[error("A value to seal may have at most {limit} bytes.")]
    TooLarge {
        /// Limit in bytes of the plain value.
        limit: usize,
    },
    /// The context is longer than [`MAX_CONTEXT_BYTES`].
    #[error("The context of a sealed value may have at most {limit} bytes.")]
    ContextTooLarge {
        /// Limit in bytes, all fields together.
        limit: usize,
    },
    /// The operating system refused to give random bytes.
    #[error("The operating system gave no random bytes; try again.")]
    Random,
}

impl SealError {
    /// Stable code of the reason, for front ends to localise by.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotSealed => "seal_not_sealed",
            Self::UnknownKey { .. } => "seal_unknown_key",
            Self::Encoding => "seal_encoding",
            Self::Truncated => "seal_truncated",
            Self::Forged => "seal_forged",
            Self::NotText => "seal_not_text",
            Self::TooLarge { .. } => "seal_too_large",
            Self::ContextTooLarge { .. } => "seal_context_too_large",
            Self::Random => "seal_random",
        }
    }

    /// Values for the placeholders of a localised message.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownKey { id } => vec![("id", id.clone())],
            Self::TooLarge { limit } | Self::ContextTooLarge { limit } => {
                vec![("limit", limit.to_string())]
            }
            _ => Vec::new(),
        }
    }
}
