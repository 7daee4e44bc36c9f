//! Secret keys, as [`crate::sealing`] and [`crate::ticket`] hold them.
//!
//! A key is 32 random bytes under a short name, the *key id*, which travels in the open with whatever
//! the key protected. Several keys may be known at once, of which one is current: new values use the
//! current key, old ones stay readable until the last of them is gone. That is all of key rotation.
//!
//! The bytes are wiped when a key is dropped, and never shown: neither by `Debug` nor by an error.
//! What ring derives from them for the length of one call (the expanded AES key, the HMAC state) lies
//! on the stack and is outside our reach.

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Bytes of a key: what AES-256-GCM takes and what HMAC-SHA-256 is strongest with.
pub const KEY_BYTES: usize = 32;

/// Longest key id, in characters.
pub const MAX_KEY_ID: usize = 32;

/// One secret key. Wiped when dropped; cannot be copied or printed.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// A new key from the operating system's random source.
    ///
    /// # Errors
    /// [`KeyError::Random`] if the system has no randomness to give.
    pub fn generate() -> Result<Self, KeyError> {
        let mut key = Self([0; KEY_BYTES]);
        SystemRandom::new()
            .fill(&mut key.0)
            .map_err(|_| KeyError::Random)?;
        Ok(key)
    }

    /// Reads the 64 hexadecimal digits that configuration holds.
    ///
    /// # Errors
    /// [`KeyError::Format`] for anything else; the text is not repeated in the error.
    pub fn from_hex(hex: &str) -> Result<Self, KeyError> {
        let mut key = Self([0; KEY_BYTES]);
        if hex.len() != 2 * KEY_BYTES {
            return Err(KeyError::Format);
        }
        HEXLOWER_PERMISSIVE
            .decode_mut(hex.as_bytes(), &mut key.0)
            .map_err(|_| KeyError::Format)?;
        Ok(key)
    }

    /// The key as 64 lower-case hexadecimal digits, for configuration to keep.
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(HEXLOWER.encode(&self.0))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl From<[u8; KEY_BYTES]> for Key {
    fn from(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(secret)")
    }
}

/// Keys by key id. A `BTreeMap` of plain names, so that every front end can build it from its
/// configuration without knowing this module's insides.
pub type Keys = BTreeMap<String, Key>;

/// A checked set of keys with its current one.
#[derive(Debug)]
pub(crate) struct KeyRing {
    keys: Keys,
    current: String,
}

impl KeyRing {
    pub(crate) fn new(keys: Keys, current: &str) -> Result<Self, KeyError> {
        if let Some(id) = keys.keys().find(|id| !is_key_id(id)) {
            return Err(KeyError::Id { id: id.clone() });
        }
        if !keys.contains_key(current) {
            return Err(KeyError::Current {
                id: current.to_owned(),
            });
        }
        Ok(Self {
            keys,
            current: current.to_owned(),
        })
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }

    /// Id of the key for new values.
    pub(crate) fn current_id(&self) -> &str {
        &self.current
    }
}

/// Whether `id` may name a key: `[A-Za-z0-9_-]{1,32}`. Keeps ids free of every separator of the
/// formats they travel in.
#[must_use]
pub fn is_key_id(id: &str) -> bool {
    (1..=MAX_KEY_ID).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// Why a set of keys is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A key is not 64 hexadecimal digits.
    #[error("A key must be exactly 64 hexadecimal digits; generate a new one.")]
    Format,
    /// A key id has a character or a length that the formats cannot carry.
    #[error("The key id {id:?} must be 1 to 32 characters of A-Z, a-z, 0-9, \"_\" and \"-\".")]
    Id {
        /// The offending id.
        id: String,
    },
    /// The current key is not among the keys.
    #[error("The current key {id:?} is not among the keys; add it or name another one.")]
    Current {
        /// The id that was asked for.
        id: String,
    },
    /// The operating system refused to give random bytes.
    #[error("The operating system gave no random bytes; try again.")]
    Random,
}

impl KeyError {
    /// Stable code of the reason, for front ends to localise by.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Format => "key_format",
            Self::Id { .. } => "key_id",
            Self::Current { .. } => "key_current",
            Self::Random => "key_random",
        }
    }

    /// Values for the placeholders of a localised message.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Id { id } | Self::Current { id } => vec![("id", id.clone())],
            Self::Format | Self::Random => Vec::new(),
        }
    }
}
