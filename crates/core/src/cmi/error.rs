//! Why a seed or a replay is refused as a whole. One refused call is a [`Refusal`](super::Refusal) instead.

use crate::journal::Op;
use crate::manifest::Version;

/// A journal or a stored state that cannot be worked with. Nothing may be stored after one of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CmiError {
    /// The batch starts, or goes on, beyond the next entry that is due.
    #[error(
        "the journal has a gap: entry {expected} is due, {found} was sent; send again from entry {expected}"
    )]
    JournalGap {
        /// Sequence number the server waits for.
        expected: u64,
        /// Sequence number that came instead.
        found: u64,
    },
    /// More elements are stored for this attempt than a launch may carry.
    #[error("the attempt holds {found} stored elements, at most {limit} are allowed")]
    StoredItems {
        /// Elements found.
        found: usize,
        /// Elements allowed.
        limit: usize,
    },
    /// The stored values of this attempt are larger than a launch may carry.
    #[error("the attempt holds {found} bytes of values, at most {limit} are allowed")]
    StoredBytes {
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
}

impl CmiError {
    /// Stable code for translation by a front end.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::JournalGap { .. } => "journal_gap",
            Self::StoredItems { .. } => "stored_items",
            Self::StoredBytes { .. } => "stored_bytes",
        }
    }

    /// Values for the placeholders of a localised message.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::JournalGap { expected, found } => {
                vec![
                    ("expected", expected.to_string()),
                    ("found", found.to_string()),
                ]
            }
            Self::StoredItems { found, limit } | Self::StoredBytes { found, limit } => {
                vec![("found", found.to_string()), ("limit", limit.to_string())]
            }
        }
    }
}

/// Why one call is refused. [`Reason::code`] is what the SCO would read from `GetLastError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    UnknownElement,
    Keyword,
    ReadOnly,
    Type,
    Range,
    IndexFormat,
    IndexOrder,
    Dependency,
    DuplicateId,
    WriteOnce,
    TooManyParts,
    PatternLimit,
    DuplicatePattern,
    CollectionLimit,
    StateLimit,
    NotInitialized,
    AlreadyInitialized,
    Terminated,
    Malformed,
}

impl Reason {
    /// The word on the wire.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::UnknownElement => "unknown_element",
            Self::Keyword => "keyword",
            Self::ReadOnly => "read_only",
            Self::Type => "type",
            Self::Range => "range",
            Self::IndexFormat => "index_format",
            Self::IndexOrder => "index_order",
            Self::Dependency => "dependency",
            Self::DuplicateId => "duplicate_id",
            Self::WriteOnce => "write_once",
            Self::TooManyParts => "too_many_parts",
            Self::PatternLimit => "pattern_limit",
            Self::DuplicatePattern => "duplicate_pattern",
            Self::CollectionLimit => "collection_limit",
            Self::StateLimit => "state_limit",
            Self::NotInitialized => "not_initialized",
            Self::AlreadyInitialized => "already_initialized",
            Self::Terminated => "terminated",
            Self::Malformed => "malformed",
        }
    }

    /// The error code a refused call leaves behind.
    pub(super) fn code(self, version: Version, op: Op) -> u16 {
        match (version, op, self) {
            (Version::V12, Op::Initialize, _) => 101,
            (Version::V12, _, _) => self.set_code_12(),
            // SCORM 2004 4th Ed. RTE, 3.1.7: every call has its own pair.
            (Version::V2004, Op::Initialize, Self::Terminated) => 104,
            (Version::V2004, Op::Commit, Self::NotInitialized) => 142,
            (Version::V2004, Op::Commit, Self::Terminated) => 143,
            (Version::V2004, Op::Terminate, Self::NotInitialized) => 112,
            (Version::V2004, Op::Terminate, Self::Terminated) => 113,
            (Version::V2004, _, _) => self.set_code_2004(),
        }
    }

    /// Error code of a refused `LMSSetValue`: SCORM 1.2 RTE, table 3.3.7a, as mod_scorm hands them out
    /// (an element it does not know is 201, never 401).
    fn set_code_12(self) -> u16 {
        match self {
            Self::UnknownElement
            | Self::IndexFormat
            | Self::IndexOrder
            | Self::Dependency
            | Self::Malformed => 201,
            Self::NotInitialized | Self::Terminated => 301,
            Self::Keyword => 402,
            Self::ReadOnly => 403,
            Self::CollectionLimit | Self::StateLimit | Self::AlreadyInitialized => 101,
            Self::Type
            | Self::Range
            | Self::DuplicateId
            | Self::WriteOnce
            | Self::TooManyParts
            | Self::PatternLimit
            | Self::DuplicatePattern => 405,
        }
    }

    /// Error code of a refused `SetValue`: SCORM 2004 4th Ed. RTE, section 3.1.7.
    fn set_code_2004(self) -> u16 {
        match self {
            Self::UnknownElement => 401,
            Self::Keyword | Self::ReadOnly => 404,
            Self::Type => 406,
            Self::Range => 407,
            Self::Dependency => 408,
            Self::NotInitialized => 132,
            Self::Terminated => 133,
            Self::AlreadyInitialized => 103,
            Self::IndexFormat
            | Self::IndexOrder
            | Self::DuplicateId
            | Self::WriteOnce
            | Self::TooManyParts
            | Self::PatternLimit
            | Self::DuplicatePattern
            | Self::CollectionLimit
            | Self::StateLimit
            | Self::Malformed => 351,
        }
    }
}
