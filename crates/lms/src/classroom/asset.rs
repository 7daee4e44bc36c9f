//! Files that learners make inside an attempt, and how much room they have for them.

use serde::Serialize;
use thiserror::Error;

use super::ids::{AssetId, AttemptId};
use super::time::Timestamp;

/// A file: announced, and kept once it arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asset {
    /// Which; also its name on disk.
    pub id: AssetId,
    /// In which attempt.
    pub attempt: AttemptId,
    /// What the learner calls it. Never part of a path.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// When its upload was permitted.
    pub announced_at: Timestamp,
    /// When it arrived; absent until then.
    pub kept_at: Option<Timestamp>,
}

/// How much there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssetQuota {
    /// Files of one attempt.
    pub attempt_files: u64,
    /// Bytes of one attempt.
    pub attempt_bytes: u64,
    /// Bytes of one learner, in all attempts.
    pub user_bytes: u64,
}

/// How much there is, announced files included: room that was promised is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AssetUse {
    /// Files of the attempt.
    pub attempt_files: u64,
    /// Bytes of the attempt.
    pub attempt_bytes: u64,
    /// Bytes of its learner.
    pub user_bytes: u64,
}

/// Why a file does not fit any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QuotaError {
    /// Too many files.
    #[error("An attempt has at most {0} files.")]
    AttemptFiles(u64),
    /// Too many bytes in the attempt.
    #[error("The files of an attempt have at most {0} bytes together.")]
    AttemptBytes(u64),
    /// Too many bytes of the learner.
    #[error("The files of a learner have at most {0} bytes together.")]
    UserBytes(u64),
}

impl QuotaError {
    /// A stable code.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::AttemptFiles(_) => "too_many_files",
            Self::AttemptBytes(_) => "attempt_quota",
            Self::UserBytes(_) => "user_quota",
        }
    }
}

impl AssetQuota {
    /// Whether a file of `bytes` fits beside what there is.
    ///
    /// # Errors
    /// The first limit it would break.
    pub const fn admit(&self, used: &AssetUse, bytes: u64) -> Result<(), QuotaError> {
        if used.attempt_files >= self.attempt_files {
            return Err(QuotaError::AttemptFiles(self.attempt_files));
        }
        if used.attempt_bytes.saturating_add(bytes) > self.attempt_bytes {
            return Err(QuotaError::AttemptBytes(self.attempt_bytes));
        }
        if used.user_bytes.saturating_add(bytes) > self.user_bytes {
            return Err(QuotaError::UserBytes(self.user_bytes));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_fits_up_to_each_limit_and_not_beyond() {
        let quota = AssetQuota {
            attempt_files: 2,
            attempt_bytes: 100,
            user_bytes: 150,
        };
        let used = |attempt_files, attempt_bytes, user_bytes| AssetUse {
            attempt_files,
            attempt_bytes,
            user_bytes,
        };
        for (used, bytes, expected) in [
            (used(0, 0, 0), 100, Ok(())),
            (used(1, 40, 90), 60, Ok(())),
            (used(2, 2, 2), 1, Err(QuotaError::AttemptFiles(2))),
            (used(1, 40, 40), 61, Err(QuotaError::AttemptBytes(100))),
            (used(0, 0, 100), 51, Err(QuotaError::UserBytes(150))),
            (used(0, 0, 1), u64::MAX, Err(QuotaError::AttemptBytes(100))),
        ] {
            assert_eq!(quota.admit(&used, bytes), expected, "{used:?} + {bytes}");
        }
    }
}
