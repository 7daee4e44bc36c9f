//! How much one attempt at one SCO may hold. The standards name smallest permitted maxima
//! (250 interactions, 100 objectives, 64,000 characters); these are the largest, far above them.

use serde::{Deserialize, Serialize};

/// Upper bounds of the stored state of one attempt at one SCO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StateLimits {
    /// Members of one collection (interactions, objectives, comments, patterns of one interaction …).
    pub collection: u32,
    /// Elements with a value.
    pub elements: usize,
    /// Bytes of all values together, in UTF-8.
    pub bytes: usize,
}

impl Default for StateLimits {
    fn default() -> Self {
        Self {
            collection: 5_000,
            elements: 100_000,
            bytes: 16 * 1024 * 1024,
        }
    }
}
