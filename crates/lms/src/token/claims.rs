//! What tokens say, and what makes it well-formed and valid.

use serde::{Deserialize, Serialize};

use super::error::TokenError;
use crate::classroom::{
    AliasId, AssetId, AttemptId, CourseId, LaunchId, LaunchMode, ProviderId, Scope, Scopes,
};

/// Longest life of a launch token, in seconds.
pub const MAX_LAUNCH_SECONDS: i64 = crate::classroom::MAX_LAUNCH_LIFETIME_MS / 1000;

/// Longest life of a runtime token, in seconds: a long working day with one course.
pub const MAX_RUNTIME_SECONDS: i64 = 12 * 3600;

/// Longest life of the permission to upload or fetch one file, in seconds.
const MAX_FILE_SECONDS: i64 = 600;

/// How far the clocks of two of our own servers may be apart, in seconds.
const SKEW_SECONDS: i64 = 30;

/// The two tokens that speak for an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// What the course's frame is given, good for one exchange.
    Launch,
    /// What the exchange answers, good for the runtime API.
    Runtime,
}

impl TokenType {
    /// The value of the header `typ`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Launch => "launch+jwt",
            Self::Runtime => "runtime+jwt",
        }
    }

    /// Longest life, in seconds.
    #[must_use]
    pub fn max_seconds(self) -> i64 {
        match self {
            Self::Launch => MAX_LAUNCH_SECONDS,
            Self::Runtime => MAX_RUNTIME_SECONDS,
        }
    }
}

/// The claims of a launch or runtime token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Issuer: origin of the LMS.
    pub iss: String,
    /// Audience: origin of the provider.
    pub aud: String,
    /// Subject: the learner's alias at this provider, never the learner.
    pub sub: AliasId,
    /// The launch this token comes from; usable once for an exchange, and what ties log lines together.
    pub nonce: LaunchId,
    /// Time of issue, in seconds since the Unix epoch.
    pub iat: i64,
    /// End of validity, in seconds since the Unix epoch; the token is no longer valid at that second.
    pub exp: i64,
    /// The attempt.
    pub attempt: AttemptId,
    /// Its course.
    pub course: CourseId,
    /// Its provider.
    pub provider: ProviderId,
    /// What the runtime may do.
    pub scopes: Scopes,
    /// How the course is played.
    pub mode: LaunchMode,
}

impl Claims {
    pub(super) fn check(&self, typ: TokenType) -> Result<(), TokenError> {
        for (claim, origin) in [("iss", &self.iss), ("aud", &self.aud)] {
            if !is_origin(origin) {
                return Err(TokenError::Claim { claim });
            }
        }
        check_lifetime(self.iat, self.exp, typ.max_seconds())
    }

    pub(super) fn check_valid(&self, issuer: &str, now: i64) -> Result<(), TokenError> {
        check_valid(&self.iss, issuer, self.iat, self.exp, now)
    }

    /// Whether the token counts for `origin`.
    ///
    /// # Errors
    /// [`TokenError::Audience`] if it was issued for another.
    pub fn check_audience(&self, origin: &str) -> Result<(), TokenError> {
        if self.aud == origin {
            Ok(())
        } else {
            Err(TokenError::Audience)
        }
    }

    /// Whether the token permits `needed`.
    ///
    /// # Errors
    /// [`TokenError::Scope`] if it does not.
    pub fn check_scope(&self, needed: Scope) -> Result<(), TokenError> {
        if self.scopes.allows(needed) {
            Ok(())
        } else {
            Err(TokenError::Scope {
                needed: needed.name(),
            })
        }
    }
}

/// The permission to upload one file, exactly as it was announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadClaims {
    /// Issuer, and the only place where it counts: origin of the LMS.
    pub iss: String,
    /// Time of issue, in seconds since the Unix epoch.
    pub iat: i64,
    /// End of validity, in seconds since the Unix epoch.
    pub exp: i64,
    /// The attempt the file belongs to.
    pub attempt: AttemptId,
    /// The file.
    pub asset: AssetId,
    /// Media type it must be sent with.
    pub content_type: String,
    /// Length it must have, in bytes.
    pub bytes: u64,
}

impl UploadClaims {
    /// The value of the header `typ`.
    pub(super) const TYPE: &str = "upload+jwt";

    pub(super) fn check(&self) -> Result<(), TokenError> {
        if !is_origin(&self.iss) {
            return Err(TokenError::Claim { claim: "iss" });
        }
        check_lifetime(self.iat, self.exp, MAX_FILE_SECONDS)
    }

    pub(super) fn check_valid(&self, issuer: &str, now: i64) -> Result<(), TokenError> {
        check_valid(&self.iss, issuer, self.iat, self.exp, now)
    }
}

/// The permission to fetch one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DownloadClaims {
    /// Issuer, and the only place where it counts: origin of the LMS.
    pub iss: String,
    /// Time of issue, in seconds since the Unix epoch.
    pub iat: i64,
    /// End of validity, in seconds since the Unix epoch.
    pub exp: i64,
    /// The attempt the file belongs to.
    pub attempt: AttemptId,
    /// The file.
    pub asset: AssetId,
}

impl DownloadClaims {
    /// The value of the header `typ`.
    pub(super) const TYPE: &str = "download+jwt";

    pub(super) fn check(&self) -> Result<(), TokenError> {
        if !is_origin(&self.iss) {
            return Err(TokenError::Claim { claim: "iss" });
        }
        check_lifetime(self.iat, self.exp, MAX_FILE_SECONDS)
    }

    pub(super) fn check_valid(&self, issuer: &str, now: i64) -> Result<(), TokenError> {
        check_valid(&self.iss, issuer, self.iat, self.exp, now)
    }
}

fn check_lifetime(iat: i64, exp: i64, limit: i64) -> Result<(), TokenError> {
    match exp.checked_sub(iat) {
        Some(seconds) if seconds <= 0 => Err(TokenError::Claim { claim: "exp" }),
        Some(seconds) if seconds <= limit => Ok(()),
        _ => Err(TokenError::Lifetime { limit }),
    }
}

fn check_valid(iss: &str, issuer: &str, iat: i64, exp: i64, now: i64) -> Result<(), TokenError> {
    if iss != issuer {
        return Err(TokenError::Issuer);
    }
    if iat.saturating_sub(now) > SKEW_SECONDS {
        return Err(TokenError::NotYetValid);
    }
    if now >= exp {
        return Err(TokenError::Expired);
    }
    Ok(())
}

/// An http(s) origin in its ASCII serialisation (HTML, section 7.1.1).
fn is_origin(origin: &str) -> bool {
    url::Url::parse(origin).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == origin
    })
}
