//! What is known about a launch before the SCO says anything.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::limits::StateLimits;
use crate::manifest::Version;

/// Everything an LMS knows about one launch of one SCO.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchContext {
    /// Which data model the SCO speaks.
    pub version: Version,
    /// Who learns.
    pub learner: Learner,
    /// How the SCO is launched. Only [`Mode::Normal`] ever writes rows.
    #[serde(default)]
    pub mode: Mode,
    /// What mod_scorm keeps about the SCO in `scorm_scoes_data`: `masteryscore`, `datafromlms`,
    /// `maxtimeallowed`, `timelimitaction`, `threshold`, `attemptAbsoluteDurationLimit` …
    #[serde(default)]
    pub sco: BTreeMap<String, String>,
    /// What mod_scorm keeps in `scorm_seq_objective`, in order of id.
    #[serde(default)]
    pub objectives: Vec<SeqObjective>,
    /// The activity's and the site's settings.
    #[serde(default)]
    pub settings: Settings,
    /// Upper bounds of the stored state.
    #[serde(default)]
    pub limits: StateLimits,
}

impl LaunchContext {
    /// A value from `scorm_scoes_data`, empty where the manifest said nothing.
    pub(super) fn sco_data(&self, name: &str) -> &str {
        self.sco.get(name).map_or("", String::as_str)
    }
}

/// The learner, as the SCO may know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learner {
    /// `cmi.core.student_id`, `cmi.learner_id`: mod_scorm gives the user name.
    pub id: String,
    /// `cmi.core.student_name`, `cmi.learner_name`.
    pub name: String,
}

/// How a SCO is launched (`cmi.core.lesson_mode`, `cmi.mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// For credit: what the SCO stores is kept.
    #[default]
    Normal,
    /// A preview: nothing is kept.
    Browse,
    /// A look back at a finished attempt: nothing is kept.
    Review,
}

impl Mode {
    /// The name that SCORM and wire formats use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Browse => "browse",
            Self::Review => "review",
        }
    }

    /// The mode of this name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Normal, Self::Browse, Self::Review]
            .into_iter()
            .find(|mode| mode.word() == word)
    }
}

/// A sequencing objective of the manifest (SCORM 2004), as mod_scorm stores it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SeqObjective {
    /// Empty for a primary objective without an id.
    #[serde(deserialize_with = "text")]
    pub objectiveid: String,
    /// Whether this is the activity's primary objective.
    #[serde(deserialize_with = "flag")]
    pub primaryobj: bool,
    /// Whether the measure decides over satisfaction.
    #[serde(deserialize_with = "flag")]
    pub satisfiedbymeasure: bool,
    /// Scaled passing score, -1 to 1, as text.
    #[serde(deserialize_with = "text")]
    pub minnormalizedmeasure: String,
}

/// The settings that change what a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// mod_scorm's "Mastery score overrides status" (SCORM 1.2).
    #[serde(deserialize_with = "flag")]
    pub masteryoverride: bool,
    /// mod_scorm's "Force completed" (SCORM 1.2): a score makes an incomplete attempt completed.
    #[serde(deserialize_with = "flag")]
    pub forcecompleted: bool,
    /// mod_scorm's "SCORM standards mode": 4,096 characters of suspend data in SCORM 1.2 instead of 64,000.
    #[serde(deserialize_with = "flag")]
    pub scormstandard: bool,
}

impl Default for Settings {
    /// mod_scorm's own defaults.
    fn default() -> Self {
        Self {
            masteryoverride: true,
            forcecompleted: false,
            scormstandard: false,
        }
    }
}

/// Stored elements of one attempt at one SCO, by storage name, in plain text.
pub type Stored = Vec<(String, String)>;

/// A database hands out flags as booleans, numbers or text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    Nothing(()),
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Loose::deserialize(deserializer)? {
        Loose::Bool(value) => value,
        Loose::Integer(value) => value != 0,
        Loose::Number(value) => value != 0.0,
        Loose::Text(value) => !matches!(value.as_str(), "" | "0" | "false"),
        Loose::Nothing(()) => false,
    })
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Loose::deserialize(deserializer)? {
        Loose::Bool(value) => value.to_string(),
        Loose::Integer(value) => value.to_string(),
        Loose::Number(value) => value.to_string(),
        Loose::Text(value) => value,
        Loose::Nothing(()) => String::new(),
    })
}
