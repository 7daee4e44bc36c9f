//! Why a token or a key was refused.

/// Why a token was refused, or could not be issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Longer than [`MAX_TOKEN_BYTES`](super::MAX_TOKEN_BYTES).
    #[error("A token may have at most {limit} bytes.")]
    TooLong {
        /// Limit in bytes.
        limit: usize,
    },
    /// Not three base64url fields, or a header that is no JSON object.
    #[error("This is not a token; launch the course again.")]
    Malformed,
    /// The header names another type than the one expected, or none.
    #[error("This is not a token of the type {expected:?}.")]
    Type {
        /// Type that was needed.
        expected: &'static str,
    },
    /// The header names another algorithm than the one of its key, or critical extensions.
    #[error("The token is signed in a way that is not accepted.")]
    Algorithm,
    /// Signed with a key that is not configured.
    #[error("The token was signed with a key that is not configured; launch the course again.")]
    UnknownKey,
    /// The signature does not fit.
    #[error("The token was changed or forged; launch the course again.")]
    Forged,
    /// Signed by us, but the payload is not the JSON object of its type.
    #[error("The token does not hold readable claims; launch the course again.")]
    Payload,
    /// A claim has not its required form.
    #[error("The claim {claim:?} of the token is not of the required form.")]
    Claim {
        /// Name of the claim.
        claim: &'static str,
    },
    /// A genuine token of another site.
    #[error("The token was issued by another site.")]
    Issuer,
    /// A genuine token for another origin.
    #[error("The token was issued for another origin.")]
    Audience,
    /// A genuine token that does not permit this.
    #[error(
        "The token does not permit {needed:?}; give the course this scope and launch it again."
    )]
    Scope {
        /// Scope that was needed.
        needed: &'static str,
    },
    /// Issued in the future.
    #[error("The token is not valid yet; check the clocks of the servers.")]
    NotYetValid,
    /// A genuine token that is no longer valid.
    #[error("The token has expired; launch the course again.")]
    Expired,
    /// Valid for longer than its type may be.
    #[error("The token is valid for longer than {limit} seconds.")]
    Lifetime {
        /// Longest lifetime of the type, in seconds.
        limit: i64,
    },
    /// The current key cannot sign.
    #[error("The current key cannot sign.")]
    Signing,
}

impl TokenError {
    /// Stable code of the reason, for front ends to localise by.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "token_too_long",
            Self::Malformed => "token_malformed",
            Self::Type { .. } => "token_type",
            Self::Algorithm => "token_algorithm",
            Self::UnknownKey => "token_unknown_key",
            Self::Forged => "token_forged",
            Self::Payload => "token_payload",
            Self::Claim { .. } => "token_claim",
            Self::Issuer => "token_issuer",
            Self::Audience => "token_audience",
            Self::Scope { .. } => "token_scope",
            Self::NotYetValid => "token_not_yet_valid",
            Self::Expired => "token_expired",
            Self::Lifetime { .. } => "token_lifetime",
            Self::Signing => "token_signing",
        }
    }
}

/// Why a set of keys was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A key id is not 1 to 32 letters, digits, `-` or `_`.
    #[error("The key id {id:?} must be 1 to 32 letters, digits, hyphens or underscores.")]
    Id {
        /// The id.
        id: String,
    },
    /// Two keys have the same id.
    #[error("The key id {id:?} is used twice.")]
    Duplicate {
        /// The id.
        id: String,
    },
    /// The current key is not among the keys, or is public only.
    #[error("The current key {id:?} is not among the keys that can sign.")]
    Current {
        /// The id.
        id: String,
    },
    /// Not a PKCS #8 or PKCS #1 RSA private key of 2048 to 4096 bits in PEM.
    #[error(
        "The key {id:?} is not an RSA private key of 2048 to 4096 bits in PEM; make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`."
    )]
    Rsa {
        /// The id.
        id: String,
    },
    /// Not the `n` and `e` of an RSA public key as the key document shows them.
    #[error("The key {id:?} is not an RSA public key; copy its `n` and `e` from the key document.")]
    Public {
        /// The id.
        id: String,
    },
    /// A shared secret below 32 bytes.
    #[error("The secret {id:?} must have at least 32 bytes.")]
    Short {
        /// The id.
        id: String,
    },
    /// A shared secret where the public can reach: whoever can verify could sign.
    #[error("The key {id:?} is a shared secret, which is for development only; use an RSA key.")]
    SecretInProduction {
        /// The id.
        id: String,
    },
}

impl KeyError {
    /// Stable code of the reason.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Id { .. } => "key_id",
            Self::Duplicate { .. } => "key_duplicate",
            Self::Current { .. } => "key_current",
            Self::Rsa { .. } => "key_rsa",
            Self::Public { .. } => "key_public",
            Self::Short { .. } => "key_short",
            Self::SecretInProduction { .. } => "key_secret_in_production",
        }
    }
}
