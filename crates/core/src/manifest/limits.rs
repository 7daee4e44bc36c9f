//! How much of a manifest is read before it is refused.

use serde::{Deserialize, Serialize};

/// Upper bounds of a manifest. Real ones are far below the defaults: a large course has a few thousand items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of the file as served.
    pub max_bytes: usize,
    /// Items and organizations together, sub-manifests included.
    pub max_items: usize,
    /// Resources, sub-manifests included.
    pub max_resources: usize,
    /// `<file>` and `<dependency>` elements together.
    pub max_files: usize,
    /// Sequencing rules, conditions, objectives and maps together, after `IDRef`s are merged.
    pub max_sequencing: usize,
    /// Bytes of all launch URLs and bases once `xml:base` and references are resolved: many items may refer to one
    /// resource, and many resources stand below one base, so that this can be far more than `max_bytes`.
    pub max_resolved_bytes: usize,
    /// Open elements at one time.
    pub max_depth: usize,
    /// Attributes of one element.
    pub max_attributes: usize,
    /// Bytes of one attribute value as written.
    pub max_attribute_length: usize,
    /// Bytes of the text of one element.
    pub max_text_length: usize,
    /// Warnings kept; further ones are only counted.
    pub max_warnings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 16 * 1024 * 1024,
            max_items: 50_000,
            max_resources: 50_000,
            max_files: 500_000,
            max_sequencing: 200_000,
            max_resolved_bytes: 32 * 1024 * 1024,
            max_depth: 100,
            max_attributes: 128,
            max_attribute_length: 16 * 1024,
            max_text_length: 128 * 1024,
            max_warnings: 200,
        }
    }
}
