//! Launch tokens, and the names that providers know learners by.

use serde::Serialize;

use super::attempt::LaunchMode;
use super::ids::{AliasId, AttemptId, LaunchId, ProviderId, UserId};
use super::runtime::Scopes;
use super::time::{Entropy, Timestamp};

/// The longest a launch token may live: ten minutes (ADR 0002, "Security").
pub const MAX_LAUNCH_LIFETIME_MS: i64 = 10 * 60 * 1000;

/// What is kept of a launch token: enough to let it count once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaunchToken {
    /// The token's nonce.
    pub nonce: LaunchId,
    /// Which attempt it opens.
    pub attempt: AttemptId,
    /// The one origin it counts for.
    pub audience: String,
    /// What it allows.
    pub scopes: Scopes,
    /// How the course is launched.
    pub mode: LaunchMode,
    /// From when.
    pub issued_at: Timestamp,
    /// Until when; at most [`MAX_LAUNCH_LIFETIME_MS`] after `issued_at`.
    pub expires_at: Timestamp,
    /// When it was redeemed.
    pub used_at: Option<Timestamp>,
}

/// What became of an attempt to redeem a nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redemption {
    /// It counts, now and never again.
    Redeemed(LaunchToken),
    /// It was redeemed before.
    AlreadyUsed,
    /// Its time is over.
    Expired,
    /// No such token was issued.
    Unknown,
}

/// What one provider knows one learner by.
///
/// The alias is chance, not arithmetic: without this row nothing leads from it to the learner, nor from
/// one provider's alias to another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Alias {
    /// Whose name for the learner.
    pub provider: ProviderId,
    /// The learner.
    pub user: UserId,
    /// The name.
    pub alias: AliasId,
    /// Since when.
    pub created_at: Timestamp,
}

impl Alias {
    /// A proposal; [`super::ports::Aliases::ensure`] keeps the first one for ever.
    #[must_use]
    pub fn propose(
        provider: ProviderId,
        user: UserId,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Self {
        Self {
            provider,
            user,
            alias: AliasId::random(entropy),
            created_at: now,
        }
    }
}
