//! Accounts and their sessions.

use std::fmt;

use serde::Serialize;

use super::actor::Role;
use super::ids::UserId;
use super::time::Timestamp;

/// A password's argon2 hash in PHC form. Neither printed nor serialized.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a hash in PHC form (`$argon2id$…`).
    #[must_use]
    pub const fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC form, for the verifier and the store.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Who an external OpenID provider says this is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Identity {
    /// The issuer, as in the token's `iss`.
    pub issuer: String,
    /// The subject, as in the token's `sub`.
    pub subject: String,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Which.
    pub id: UserId,
    /// What the person types to sign in; unique, compared in lower case.
    pub login: String,
    /// What others read.
    pub display_name: String,
    /// As what they act.
    pub role: Role,
    /// For local sign-in; absent for people an external provider vouches for.
    #[serde(skip)]
    pub password_hash: Option<PasswordHash>,
    /// For external sign-in.
    pub identity: Option<Identity>,
    /// Since when.
    pub created_at: Timestamp,
}

/// SHA-256 of a session's cookie value: what is stored cannot be presented.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Of the cookie's value.
    pub token: TokenHash,
    /// Whose.
    pub user: UserId,
    /// SHA-256 of the value that the double submit compares, bound to this session.
    pub csrf: TokenHash,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Session {
    /// Whether the session still counts.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
