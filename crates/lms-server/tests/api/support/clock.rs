//! A clock that the test turns.

use std::sync::atomic::{AtomicI64, Ordering};

use scormbridge_lms::classroom::{Clock, Timestamp};

/// Stands still until it is turned.
pub(crate) struct Turned(AtomicI64);

impl Default for Turned {
    fn default() -> Self {
        Self(AtomicI64::new(1_789_000_000_000))
    }
}

impl Turned {
    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// Seconds since the Unix epoch.
    pub(crate) fn seconds(&self) -> i64 {
        self.now().0 / 1000
    }
}

impl Clock for Turned {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}
