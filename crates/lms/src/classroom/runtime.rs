//! What a runtime leaves behind: events, checkpoints, and answers kept for retries.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use thiserror::Error;

use super::ids::{AttemptId, CourseId, EventId};
use super::time::Timestamp;

/// What a runtime token allows. The names are the wire names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// To report progress and completion.
    ProgressWrite,
    /// To report grades.
    GradeWrite,
    /// To log events.
    EventsWrite,
    /// To read its checkpoints.
    CheckpointRead,
    /// To save checkpoints.
    CheckpointWrite,
    /// To upload files.
    FilesWrite,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [
        Self::ProgressWrite,
        Self::GradeWrite,
        Self::EventsWrite,
        Self::CheckpointRead,
        Self::CheckpointWrite,
        Self::FilesWrite,
    ];

    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProgressWrite => "progress.write",
            Self::GradeWrite => "grade.write",
            Self::EventsWrite => "events.write",
            Self::CheckpointRead => "checkpoint.read",
            Self::CheckpointWrite => "checkpoint.write",
            Self::FilesWrite => "files.write",
        }
    }

    /// The scope of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_name(&name)
            .ok_or_else(|| serde::de::Error::custom(format_args!("there is no scope {name:?}")))
    }
}

/// A set of scopes. Its text is the names with a space between them, as in RFC 6749, section 3.3.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Whether this scope is among them.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// One by one, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }

    /// The scopes of a text; the first name that is none is the error.
    ///
    /// # Errors
    /// The unknown name.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split_ascii_whitespace()
            .map(|name| Scope::from_name(name).ok_or_else(|| name.to_owned()))
            .collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, scope) in self.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.name())?;
        }
        Ok(())
    }
}

/// One line of the log of what happened in a course. Written once, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CourseEvent {
    /// Which.
    pub id: EventId,
    /// In which course.
    pub course: CourseId,
    /// In which attempt, if in one.
    pub attempt: Option<AttemptId>,
    /// What, dotted: `course.progress`.
    pub kind: String,
    /// What the runtime said about it: JSON text.
    pub payload: String,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The request that brought it.
    pub request_id: String,
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// It is larger than the site allows.
    #[error("a checkpoint has at most {cap} bytes, this one has {bytes}")]
    TooLarge {
        /// Bytes of its JSON text.
        bytes: usize,
        /// Bytes allowed.
        cap: usize,
    },
    /// It is not JSON.
    #[error("a checkpoint is JSON")]
    NotJson,
    /// Its name has a form of its own.
    #[error("a checkpoint's key has 1 to 64 characters of a-z, 0-9, '.', '_' and '-'")]
    Key,
}

impl CheckpointError {
    /// A stable code.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "checkpoint_too_large",
            Self::NotJson => "checkpoint_not_json",
            Self::Key => "checkpoint_key",
        }
    }
}

/// Where a runtime wants to go on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkpoint {
    /// In which attempt.
    pub attempt: AttemptId,
    /// Which of the attempt's checkpoints.
    pub key: String,
    /// JSON text, kept byte for byte.
    pub data: String,
    /// Of the last save.
    pub updated_at: Timestamp,
}

impl Checkpoint {
    /// A checkpoint to save, of at most `cap` bytes.
    ///
    /// # Errors
    /// See [`CheckpointError`].
    pub fn new(
        attempt: AttemptId,
        key: &str,
        data: String,
        cap: usize,
        now: Timestamp,
    ) -> Result<Self, CheckpointError> {
        let named = (1..=64).contains(&key.len())
            && key
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
        if !named {
            return Err(CheckpointError::Key);
        }
        if data.len() > cap {
            return Err(CheckpointError::TooLarge {
                bytes: data.len(),
                cap,
            });
        }
        serde_json::from_str::<&RawValue>(&data).map_err(|_| CheckpointError::NotJson)?;
        Ok(Self {
            attempt,
            key: key.to_owned(),
            data,
            updated_at: now,
        })
    }
}

/// Names one request that may come again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// Who chose the key, and for what: two callers never share keys.
    pub scope: String,
    /// The caller's `Idempotency-Key`.
    pub key: String,
}

/// What was answered the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// HTTP status.
    pub status: u16,
    /// The body, as text.
    pub body: String,
}

/// What a key turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nobody had it: do the work, then `finish` it in the same unit of work.
    Fresh,
    /// The same request was answered before.
    Replay(StoredAnswer),
    /// Another request was sent with the same key.
    Mismatch,
}
