//! The journal: what a SCO did, in the order it did it, as relay, controller and server write it down.
//!
//! A call that the run-time answered with `"true"` becomes one [`Entry`]. Sequence numbers start at 1
//! for each launch and have no gaps, so that a batch can be sent twice, or late, and still count once.
//!
//! [`parse_batch`] is the only way in for text that a browser sent. It judges form alone; what an entry
//! means, and whether it may be stored, is for [`crate::cmi`] to say. It must never drop an entry
//! silently: a batch is taken as a whole or refused as a whole.
//!
//! U+0000 is the one character JSON can carry and the databases below cannot (PostgreSQL has no text
//! with NUL). Like a lone surrogate it becomes U+FFFD: refusing it would hold up every later entry of
//! the launch for the sake of one character that mod_scorm itself would strip.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Largest sequence number and time: what a JavaScript number holds exactly (2^53 - 1).
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// What one journal entry did. The names are the wire names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// `LMSInitialize("")` or `Initialize("")`.
    Initialize,
    /// `LMSSetValue` or `SetValue`; the only operation with `element` and `value`.
    Set,
    /// `LMSCommit("")` or `Commit("")`.
    Commit,
    /// `LMSFinish("")` or `Terminate("")`.
    Terminate,
}

/// One accepted call of the SCO.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 1 for the first entry of a launch, then one more each time.
    pub seq: u64,
    /// What was called.
    pub op: Op,
    /// Data model element, for [`Op::Set`] only.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub element: Option<String>,
    /// Value as the SCO passed it, for [`Op::Set`] only.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub value: Option<String>,
    /// When, in milliseconds since the Unix epoch by the learner's clock. Informative: never trusted.
    pub at: i64,
}

/// A string that is present, so that `null` is an error instead of an absence.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// An entry written as an object. Derived code alone would also take an array of its members.
struct Object(Entry);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an entry object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object, A::Error> {
                Entry::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// What one batch may hold at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchLimits {
    /// Bytes of the JSON text.
    pub bytes: usize,
    /// Entries.
    pub entries: usize,
    /// Bytes of one element name.
    pub element_bytes: usize,
    /// Bytes of one value.
    pub value_bytes: usize,
}

impl Default for BatchLimits {
    /// Room for the longest value of any element (64,000 characters of four bytes each) several times
    /// over, and for a learner who was offline for an hour.
    fn default() -> Self {
        Self {
            bytes: 4 << 20,
            entries: 10_000,
            element_bytes: 255,
            value_bytes: 256 << 10,
        }
    }
}

/// Reads a batch: a JSON array of entries, whose sequence numbers follow one another without a gap. An
/// empty array is a batch, of nothing.
///
/// # Errors
/// One variant of [`JournalError`] for each way in which `json` is not a batch within `limits`.
pub fn parse_batch(json: &str, limits: &BatchLimits) -> Result<Vec<Entry>, JournalError> {
    if json.len() > limits.bytes {
        return Err(JournalError::TooLarge {
            limit: limits.bytes,
        });
    }
    let entries: Vec<Object> = serde_json::from_str(json).map_err(|e| JournalError::from(&e))?;
    if entries.len() > limits.entries {
        return Err(JournalError::TooMany {
            limit: limits.entries,
        });
    }
    let mut entries: Vec<Entry> = entries.into_iter().map(|Object(entry)| entry).collect();
    let mut expected = None;
    for entry in &mut entries {
        // Before anything is measured: the replacement is longer than what it replaces.
        for text in [&mut entry.element, &mut entry.value].into_iter().flatten() {
            if text.contains('\0') {
                *text = text.replace('\0', "\u{FFFD}");
            }
        }
        check(entry, limits)?;
        if let Some(expected) = expected.filter(|&expected| expected != entry.seq) {
            return Err(JournalError::Order {
                expected,
                found: entry.seq,
            });
        }
        expected = Some(entry.seq + 1);
    }
    Ok(entries)
}

fn check(entry: &Entry, limits: &BatchLimits) -> Result<(), JournalError> {
    let seq = entry.seq;
    if !(1..=MAX_SAFE_INTEGER).contains(&seq) {
        return Err(JournalError::Seq { seq });
    }
    if entry.at.unsigned_abs() > MAX_SAFE_INTEGER {
        return Err(JournalError::Time { seq });
    }
    match (entry.op, &entry.element, &entry.value) {
        (Op::Set, Some(element), Some(value)) => {
            if element.len() > limits.element_bytes {
                return Err(JournalError::ElementTooLong {
                    seq,
                    limit: limits.element_bytes,
                });
            }
            if value.len() > limits.value_bytes {
                return Err(JournalError::ValueTooLong {
                    seq,
                    limit: limits.value_bytes,
                });
            }
            Ok(())
        }
        (Op::Set, _, _) => Err(JournalError::Incomplete { seq }),
        (_, None, None) => Ok(()),
        _ => Err(JournalError::Surplus { seq }),
    }
}

/// Why a batch was refused. Nothing of a refused batch may be stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// More bytes than allowed.
    #[error("The batch may have at most {limit} bytes; send it in parts.")]
    TooLarge {
        /// Limit in bytes.
        limit: usize,
    },
    /// More entries than allowed.
    #[error("The batch may have at most {limit} entries; send it in parts.")]
    TooMany {
        /// Limit in entries.
        limit: usize,
    },
    /// Not JSON, or a string in it is not a sequence of Unicode scalar values.
    #[error("The batch is not JSON (line {line}, column {column}); send a JSON array of entries.")]
    NotJson {
        /// Line of the first error, from 1.
        line: usize,
        /// Column of the first error, from 1.
        column: usize,
    },
    /// JSON, but not an array of entries: a member is missing, unknown, doubled or of the wrong type.
    #[error("The batch is not an array of entries: {problem}.")]
    Shape {
        /// What was wrong and where, in serde's words.
        problem: String,
    },
    /// A sequence number outside 1 to 2^53 - 1.
    #[error("The sequence number {seq} is out of range; the first entry of a launch has number 1.")]
    Seq {
        /// The number found.
        seq: u64,
    },
    /// Sequence numbers that do not follow one another.
    #[error(
        "The entry {found} stands where {expected} is due; send entries in order, without gaps."
    )]
    Order {
        /// The number that was due.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// A time outside what a JavaScript number holds exactly.
    #[error("The time of entry {seq} is out of range; send milliseconds since the Unix epoch.")]
    Time {
        /// Number of the entry.
        seq: u64,
    },
    /// A `set` without `element` or without `value`.
    #[error("The entry {seq} sets a value, so it needs both \"element\" and \"value\".")]
    Incomplete {
        /// Number of the entry.
        seq: u64,
    },
    /// An `element` or a `value` where only `set` has one.
    #[error("The entry {seq} sets nothing, so it must have neither \"element\" nor \"value\".")]
    Surplus {
        /// Number of the entry.
        seq: u64,
    },
    /// An element name longer than allowed.
    #[error("The element of entry {seq} may have at most {limit} bytes.")]
    ElementTooLong {
        /// Number of the entry.
        seq: u64,
        /// Limit in bytes.
        limit: usize,
    },
    /// A value longer than allowed.
    #[error("The value of entry {seq} may have at most {limit} bytes.")]
    ValueTooLong {
        /// Number of the entry.
        seq: u64,
        /// Limit in bytes.
        limit: usize,
    },
}

impl From<&serde_json::Error> for JournalError {
    fn from(error: &serde_json::Error) -> Self {
        if error.is_data() {
            Self::Shape {
                problem: error.to_string(),
            }
        } else {
            Self::NotJson {
                line: error.line(),
                column: error.column(),
            }
        }
    }
}

impl JournalError {
    /// Stable code of the reason, for front ends to localise by.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "journal_too_large",
            Self::TooMany { .. } => "journal_too_many",
            Self::NotJson { .. } => "journal_not_json",
            Self::Shape { .. } => "journal_shape",
            Self::Seq { .. } => "journal_seq",
            Self::Order { .. } => "journal_order",
            Self::Time { .. } => "journal_time",
            Self::Incomplete { .. } => "journal_incomplete",
            Self::Surplus { .. } => "journal_surplus",
            Self::ElementTooLong { .. } => "journal_element_too_long",
            Self::ValueTooLong { .. } => "journal_value_too_long",
        }
    }

    /// Values for the placeholders of a localised message.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { limit } | Self::TooMany { limit } => {
                vec![("limit", limit.to_string())]
            }
            Self::NotJson { line, column } => {
                vec![("line", line.to_string()), ("column", column.to_string())]
            }
            Self::Shape { problem } => vec![("problem", problem.clone())],
            Self::Order { expected, found } => {
                vec![
                    ("expected", expected.to_string()),
                    ("found", found.to_string()),
                ]
            }
            Self::Seq { seq }
            | Self::Time { seq }
            | Self::Incomplete { seq }
            | Self::Surplus { seq } => vec![("seq", seq.to_string())],
            Self::ElementTooLong { seq, limit } | Self::ValueTooLong { seq, limit } => {
                vec![("seq", seq.to_string()), ("limit", limit.to_string())]
            }
        }
    }
}
