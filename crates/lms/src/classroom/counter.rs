//! Buckets that several processes count in together.

use super::time::Timestamp;

/// A bucket of `burst` requests that one request flows back into every `interval_us`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketRule {
    /// Microseconds between two requests in the long run; 1 or more.
    pub interval_us: i64,
    /// Requests at once; 1 or more.
    pub burst: u32,
}

/// What a bucket said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poured {
    /// Whether the requests were in it and have been taken out.
    pub allowed: bool,
    /// Requests left.
    pub remaining: u32,
    /// Microseconds until a request is in it, 0 if one is.
    pub wait_us: i64,
}

impl BucketRule {
    /// What a bucket says that will be full again at `full_at` (microseconds since the Unix epoch). A store keeps
    /// that one number: `count` requests are there while `full_at + count × interval` is no later than
    /// `now + burst × interval`.
    #[must_use]
    pub fn poured(&self, allowed: bool, full_at: i64, now: Timestamp) -> Poured {
        let interval = self.interval_us.max(1);
        let owed = full_at.saturating_sub(micros(now)).max(0);
        let room = interval
            .saturating_mul(i64::from(self.burst))
            .saturating_sub(owed);
        Poured {
            allowed,
            remaining: u32::try_from(room.div_euclid(interval).max(0)).unwrap_or(u32::MAX),
            wait_us: interval.saturating_sub(room).max(0),
        }
    }
}

/// Microseconds since the Unix epoch.
#[must_use]
pub const fn micros(time: Timestamp) -> i64 {
    time.0.saturating_mul(1_000)
}
