//! Who hosts interactive courses.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::ProviderId;
use super::time::Timestamp;

/// A secret as `scormbridge_core::sealing::Vault` sealed it. Neither printed nor serialized.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    /// Takes sealed text. Plain text has no place here.
    #[must_use]
    pub const fn new(sealed: String) -> Self {
        Self(sealed)
    }

    /// The sealed text, for the vault and the store.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// Whether a provider's courses launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderStatus {
    /// They do.
    Active,
    /// They do not; tokens already out are refused as well.
    Disabled,
}

impl ProviderStatus {
    /// The name that stores and wire formats use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Disabled]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// A host of interactive courses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// Which.
    pub id: ProviderId,
    /// What teachers and administrators read.
    pub name: String,
    /// Scheme, host and port its runtimes are served from; unique. Tokens are bound to it.
    pub origin: String,
    /// The domain that is theirs, for people.
    pub domain: String,
    /// Where its webhook's public keys are, if it signs with its own.
    pub jwks_url: Option<String>,
    /// The secret it signs its webhook with, sealed: the signature cannot be checked against a hash.
    #[serde(skip)]
    pub webhook_secret: Option<Sealed>,
    /// Whether its courses launch.
    pub status: ProviderStatus,
    /// Since when.
    pub created_at: Timestamp,
}
