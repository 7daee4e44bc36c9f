//! Buckets in the database, for several processes behind one name.
//!
//! To ask the database for each request of a busy provider would cost more than most requests do. So a process takes
//! a share of a bucket at once, one part in [`SHARES`], and spends that by itself. What it took is gone from the
//! bucket: together the processes never grant more than the limit, and at most one share less for each of them.
//! Buckets below [`SHARES`] requests, such as those of the sign-in, are asked each time.
//!
//! A database that does not answer is no reason to turn people away, nor to stop counting: meanwhile each process
//! counts by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::DefaultClock;
use ring::digest::{SHA256, digest};
use scormbridge_lms::classroom::ports::{Store, StoreError};
use scormbridge_lms::classroom::{BucketRule, Clock, Poured, Timestamp};

use super::local::InProcess;
use super::{Key, Standing};
use crate::config::{Rate, Rates as RateSettings};

/// Into how many shares a bucket is cut.
const SHARES: u32 = 20;

/// How long a share is kept, in milliseconds. What is left of it then is forgotten; it flows back anyway.
const SHARE_MS: i64 = 10_000;

/// Above this many shares, those that are over are swept out.
const SWEEP_ABOVE: usize = 50_000;

/// Microseconds of a minute.
const MINUTE_US: i64 = 60_000_000;

pub(super) struct Shared {
    settings: RateSettings,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    shares: Mutex<HashMap<u128, Share>>,
    alone: InProcess<DefaultClock>,
}

/// What this process has taken out of a bucket and not spent.
struct Share {
    left: u32,
    /// What else was in the bucket when it was taken.
    beyond: u32,
    until: Timestamp,
}

impl Shared {
    pub(super) fn new(
        settings: &RateSettings,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            alone: InProcess::new(settings, DefaultClock::default()),
            settings: settings.clone(),
            store,
            clock,
            shares: Mutex::default(),
        }
    }

    pub(super) async fn take(&self, key: &Key) -> Standing {
        let (id, now) = (hash(key), self.clock.now());
        let rule = rule(key.rate(&self.settings));
        if let Some(remaining) = self.spend(id, now) {
            return standing(
                &rule,
                Poured {
                    allowed: true,
                    remaining,
                    wait_us: 0,
                },
            );
        }
        match self.pour(id, &rule, now).await {
            Ok(poured) => standing(&rule, poured),
            Err(error) => {
                tracing::warn!(
                    reason = error.reason(),
                    "callers are counted by this process alone"
                );
                self.alone.take(key)
            }
        }
    }

    /// One request of this process's share; says what is left in all.
    fn spend(&self, id: u128, now: Timestamp) -> Option<u32> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let share = shares
            .get_mut(&id)
            .filter(|share| share.left > 0 && share.until > now)?;
        share.left -= 1;
        Some(share.left.saturating_add(share.beyond))
    }

    async fn pour(
        &self,
        id: u128,
        rule: &BucketRule,
        now: Timestamp,
    ) -> Result<Poured, StoreError> {
        let share = (rule.burst / SHARES).max(1);
        let mut poured = self.store.pour(id, rule, share, now).await?;
        if share == 1 {
            return Ok(poured);
        }
        if !poured.allowed {
            // Less than a share is left: by ones then.
            return self.store.pour(id, rule, 1, now).await;
        }
        let left = share - 1;
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if shares.len() > SWEEP_ABOVE {
            shares.retain(|_, share| share.until > now);
        }
        shares.insert(
            id,
            Share {
                left,
                beyond: poured.remaining,
                until: now.plus_ms(SHARE_MS),
            },
        );
        poured.remaining = poured.remaining.saturating_add(left);
        poured.wait_us = 0;
        Ok(poured)
    }
}

/// 128 bits of SHA-256: the database never sees a login or an address.
fn hash(key: &Key) -> u128 {
    let text = format!("{}\n{}", key.family(), key.text());
    let mut bits = 0;
    for byte in digest(&SHA256, text.as_bytes()).as_ref().iter().take(16) {
        bits = bits << 8 | u128::from(*byte);
    }
    bits
}

fn rule(rate: &Rate) -> BucketRule {
    let per_minute = i64::from(rate.per_minute.max(1));
    BucketRule {
        // Rounded up: never more than the limit.
        interval_us: (MINUTE_US + per_minute - 1).div_euclid(per_minute),
        burst: rate.burst.max(1),
    }
}

fn standing(rule: &BucketRule, poured: Poured) -> Standing {
    let seconds = poured.wait_us.saturating_add(999_999).div_euclid(1_000_000);
    let reset = u64::try_from(seconds).unwrap_or_default();
    Standing {
        allowed: poured.allowed,
        limit: rule.burst,
        remaining: poured.remaining,
        reset: if poured.allowed { reset } else { reset.max(1) },
    }
}
