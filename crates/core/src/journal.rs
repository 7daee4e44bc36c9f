//! The journal: what a SCO did, in the order it did it, as relay, controller and server write it down.
//!
//! A call that the run-time answered with `"true"` becomes one [`Entry`]. Sequence numbers start at 1
//! for each launch and have no gaps, so that a batch can be sent twice, or late, and still count once.

use serde::{Deserialize, Serialize};

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Value as the SCO passed it, for [`Op::Set`] only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// When, in milliseconds since the Unix epoch by the learner's clock. Informative: never trusted.
    pub at: i64,
}
