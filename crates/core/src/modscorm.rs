//! A manifest laid out as the rows that Moodle's mod_scorm stores.
//!
//! [`tree`] gives the rows that `scorm_parse_scorm()` of mod_scorm 4.5 and 5.1 (`datamodels/scormlib.php`) writes to
//! `scorm_scoes`, `scorm_scoes_data`, `scorm_seq_objective`, `scorm_seq_ruleconds`, `scorm_seq_rulecond` and
//! `scorm_seq_rolluprule`, in its order and with its choice of the SCO to launch, so that a package on a CDN and the
//! same package uploaded look alike to every other part of Moodle. This module must never read a manifest itself.
//!
//! # Where the rows differ on purpose
//! mod_scorm's parser has faults that keep a package from playing or from being saved at all. Here:
//!
//! * `xml:base` counts on `<manifest>` and `<resources>` too, also for packages without organizations, and joins by
//!   RFC 3986 (mod_scorm: on `<resource>` only, by concatenation).
//! * Elements are known by namespace (mod_scorm: by the prefixes `adlcp:`, `imsss:`, `adlseq:` and `adlnav:`).
//! * Without a `<schemaversion>` of a known edition the namespaces decide the version, and white space around it does
//!   not matter (mod_scorm: SCORM 1.2).
//! * `IDRef` brings in the sequencing of the collection (mod_scorm: ignored).
//! * White space around identifiers and references does not count (mod_scorm: a reference to nothing).
//! * `identifierref` reaches the resources of sub-manifests (mod_scorm: no launch URL).
//! * A 3rd edition `completionThreshold` is its text (mod_scorm: always 1.0). In the 4th edition it counts only with
//!   `completedByMeasure="true"`, as the standard says (mod_scorm: always).
//! * `satisfiedByMeasure` is stored (mod_scorm misspells the column; the database's default, 1, remains).
//! * `referencedObjective` is stored (mod_scorm misspells the column; it stays empty).
//! * `scormtype` is `sco` or `asset` in lower case, the only ones that the player knows (mod_scorm: as written, and an
//!   error if it has more than 5 characters). `isvisible` is `true` or `false`.
//! * The text `0` is `0` (mod_scorm loses it, as in a mastery score of 0), scores, times and words are trimmed, and
//!   `&#233;` is `é` (mod_scorm: the six characters `&#233;`). So is `&` in a CDATA section `&` (mod_scorm: `&amp;`).
//! * Objectives with `mapInfo` are stored (mod_scorm stops with a PHP error). Their maps are not: the column for the
//!   target is an integer, where targets are words, and nothing in mod_scorm reads it.
//! * A rule whose action or conditions are missing is left out or has its default (mod_scorm: a database error).
//! * What no authoring tool writes because the schema forbids it is read as the schema orders it: a sub-manifest before
//!   the organizations (mod_scorm loses the resources), two `<sequencing>` in one activity (mod_scorm mixes them), a
//!   mastery score or hidden controls of an organization (mod_scorm stores them; nothing launches an organization).
//! * A manifest without any element is refused (mod_scorm stores an activity without SCOs).
//! * What a column cannot hold is shortened and told in [`ScoTree::warnings`] (mod_scorm: a database error).
//!
//! The rollup rules are as mod_scorm writes them: without action and conditions. Its own sequencing code cannot read
//! more of them than that.

mod columns;
mod data;
mod rows;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::manifest::Manifest;

/// All rows of one package; their texts are copies, or borrowed from the manifest (see [`view`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoTree<S = String> {
    /// Column `version` of table `scorm`: `SCORM_1.2` or `SCORM_1.3`.
    pub version: S,
    /// In the order of `sortorder`.
    pub scoes: Vec<ScoRow<S>>,
    /// Identifier of the SCO to launch first; `None` if nothing can be launched.
    pub launch: Option<S>,
    /// `sortorder` of the SCO to launch first: identifiers may repeat, this number does not.
    pub launch_sortorder: Option<u32>,
    /// What had to be shortened.
    pub warnings: Vec<TreeWarning>,
}

/// A value that its column cannot hold as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeWarning {
    /// Identifier of the SCO, as stored.
    pub identifier: String,
    /// Name of the column.
    pub column: String,
    /// How many characters the column holds.
    pub limit: usize,
}

/// A row of `scorm_scoes` with everything that hangs on it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScoRow<S = String> {
    /// Identifier of the manifest.
    pub manifest: S,
    /// Identifier of the organization; empty for the organization's own row.
    pub organization: S,
    /// Identifier of the parent; `/` for an organization.
    pub parent: S,
    /// Identifier of the activity.
    pub identifier: S,
    /// Launch URL relative to the manifest, without parameters; empty if it cannot be launched.
    pub launch: S,
    /// `sco`, `asset`, or empty for an organization.
    pub scormtype: S,
    /// Title.
    pub title: S,
    /// From 1, through all organizations.
    pub sortorder: u32,
    /// Rows of `scorm_scoes_data`: name and value.
    pub data: Vec<(S, S)>,
    /// Rows of `scorm_seq_objective`.
    pub objectives: Vec<ObjectiveRow<S>>,
    /// Rows of `scorm_seq_ruleconds`, each with its rows of `scorm_seq_rulecond`.
    pub rules: Vec<RuleRow<S>>,
    /// Rows of `scorm_seq_rolluprule`.
    pub rollup_rules: Vec<RollupRuleRow<S>>,
}

/// A row of `scorm_seq_objective`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveRow<S = String> {
    /// 1 for the primary objective.
    pub primaryobj: u8,
    /// Identifier; may be empty.
    pub objectiveid: S,
    /// 1 if the measure decides.
    pub satisfiedbymeasure: u8,
    /// -1 to 1.
    pub minnormalizedmeasure: f64,
}

/// A row of `scorm_seq_ruleconds`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleRow<S = String> {
    /// `all` or `any`.
    pub conditioncombination: S,
    /// 0 pre-condition, 1 post-condition, 2 exit.
    pub ruletype: u8,
    /// What happens.
    pub action: S,
    /// Its conditions.
    pub conditions: Vec<ConditionRow<S>>,
}

/// A row of `scorm_seq_rulecond`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConditionRow<S = String> {
    /// Objective; the column's name is misspelt in Moodle.
    pub refrencedobjective: S,
    /// -1 to 1.
    pub measurethreshold: f64,
    /// `noOp` or `not`.
    pub operator: S,
    /// The condition.
    pub cond: S,
}

/// A row of `scorm_seq_rolluprule`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RollupRuleRow<S = String> {
    /// `all`, `any`, `none`, `atLeastCount` or `atLeastPercent`.
    pub childactivityset: S,
    /// For `atLeastCount`.
    pub minimumcount: u32,
    /// For `atLeastPercent`.
    pub minimumpercent: f64,
    /// Always `all`.
    pub conditioncombination: S,
    /// Always empty.
    pub action: S,
}

/// Lays a manifest out as mod_scorm would store it.
#[must_use]
pub fn tree<T: Deref<Target = str>>(manifest: &Manifest<T>) -> ScoTree {
    rows::tree(manifest)
}

/// The same rows, their texts borrowed from the manifest.
#[must_use]
pub fn view<T: Deref<Target = str>>(manifest: &Manifest<T>) -> ScoTree<Cow<'_, str>> {
    rows::tree(manifest)
}
