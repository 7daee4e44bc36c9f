//! What comes out of a seed and of a replay, and what a launch must remember in between.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::launch::Mode;
use crate::manifest::Version;

/// What the relay needs to answer at once. Wire format: `docs/protocol.md`, "Seed".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// Data model, and so API object, of the SCO.
    pub version: Version,
    /// How the SCO is launched.
    pub mode: Mode,
    /// API names and values, in an order in which they can be set one by one.
    pub elements: Vec<(String, String)>,
    /// Characters that fit into text, by element name with `n` for an index. The relay counts UTF-16 code units,
    /// as mod_scorm does; the server counts characters, and so never refuses what the relay took.
    pub limits: BTreeMap<String, u32>,
    /// Sequence number of the last entry the server has.
    pub last_seq: u64,
    /// Stored values that could not be used. For the log of the server, not for the browser.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// A stored value that was left out of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Storage name.
    pub element: String,
    /// `sealed` (still unreadable), `type`, `range`, `index_format`, `collection_limit` or `gap` (a member
    /// of a collection is missing; a stand-in keeps the others where they are).
    pub reason: String,
}

/// How far a launch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The SCO has not called `Initialize`.
    #[default]
    Ready,
    /// Between `Initialize` and `Terminate`.
    Running,
    /// After `Terminate`: nothing more is accepted.
    Terminated,
}

/// What is remembered between two batches of one launch. Store it whole: what is in it is not in the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Sequence number of the last entry that was replayed, 0 at first.
    pub last_seq: u64,
    /// How far the launch has come.
    pub status: Status,
    /// What mod_scorm's tables have no row for.
    #[serde(skip_serializing_if = "Carry::is_empty")]
    pub carry: Carry,
}

/// What a launch knows that mod_scorm's tables have no row for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Carry {
    /// Session time the SCO has reported so far.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session_time: String,
    /// Navigation the SCO has asked for so far.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub navigation: String,
    /// Storage names of an earlier session that this launch began without and has not written since: in
    /// SCORM 2004 only a suspended attempt is resumed, but mod_scorm leaves the old rows in place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<String>,
}

impl Carry {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Which kind of data a row is, for sealing and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Status, score, time, preferences.
    Plain,
    /// `cmi.suspend_data`.
    Suspend,
    /// Anything of an interaction.
    Interaction,
    /// Anything of an objective.
    Objective,
    /// What the learner wrote.
    Comment,
    /// The bookmark.
    Location,
}

/// One element to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Storage name, as in mod_scorm's `scorm_element`.
    pub element: String,
    /// Plain value.
    pub value: String,
    /// Which kind of data this is.
    pub class: Class,
}

/// One call that was not accepted. It is acknowledged all the same: it will never be accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Sequence number of the entry.
    pub seq: u64,
    /// Element as the SCO named it; empty for calls without one.
    pub element: String,
    /// SCORM error code.
    pub code: u16,
    /// Stable code for logs and messages.
    pub reason: String,
}

/// What a batch did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// Rows to write, scores before statuses. Only what differs from what is stored.
    pub rows: Vec<Row>,
    /// Calls that were not accepted.
    pub refused: Vec<Refusal>,
    /// What to remember for the next batch.
    pub session: Session,
    /// On the batch that holds `Terminate`: where the learner wants to go (`continue`, `previous`, `exit`,
    /// `{target=…}choice` …), else empty.
    pub navigation: String,
}
