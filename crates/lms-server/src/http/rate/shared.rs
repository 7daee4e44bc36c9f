//! Buckets in the database, for several processes behind one name.
//!
//! To ask the database for each request of a busy provider would cost more than most requests do. So a process takes
//! a share of a bucket at once, one part in [`SHARES`], and spends that by itself. What it took is gone from the
//! bucket: together the processes never grant more than the limit, and at most one share less for each of them.
//! Buckets below [`SHARES`] requests, such as those of the sign-in, are asked each time. Of requests that find a share
//! spent at the same moment one takes the next share and the others wait for it: were each to take one, they would
//! empty the bucket between them.
//!
//! A database that does not answer is no reason to turn people away, nor to stop counting: meanwhile each process
//! counts by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::DefaultClock;
use ring::digest::{SHA256, digest};
use scormbridge_lms::classroom::ports::{Store, StoreError};
use scormbridge_lms::classroom::{BucketRule, Clock, Poured, Timestamp};
use tokio::sync::MutexGuard;

use super::local::InProcess;
use super::{Key, Standing};
use crate::config::{Rate, Rates as RateSettings};

/// Into how many shares a bucket is cut.
const SHARES: u32 = 20;

/// How long a share is kept, in milliseconds. What is left of it then is forgotten; it flows back anyway.
const SHARE_MS: i64 = 10_000;

/// How long a request waits for another to take the share of both, before it takes one itself.
const PATIENCE: Duration = Duration::from_millis(250);

/// How many takings of shares may be under way; a bucket's number says which of them is its own.
const TURNS: u128 = 64;

/// Above this many shares, those that are over are swept out.
const SWEEP_ABOVE: usize = 50_000;

/// Microseconds of a minute.
const MINUTE_US: i64 = 60_000_000;

pub(super) struct Shared {
    settings: RateSettings,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    shares: Mutex<HashMap<u128, Share>>,
    turns: Vec<tokio::sync::Mutex<()>>,
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
            turns: (0..TURNS).map(|_| tokio::sync::Mutex::default()).collect(),
        }
    }

    pub(super) async fn take(&self, key: &Key) -> Standing {
        let (id, now) = (hash(key), self.clock.now());
        let rule = rule(key.rate(&self.settings));
        if let Some(kept) = self.spend(id, now) {
            return standing(&rule, kept);
        }
        let _turn = self.turn(id, &rule).await;
        // Whoever was waited for may have taken enough for both.
        if let Some(kept) = self.spend(id, now) {
            return standing(&rule, kept);
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

    /// The right to take a share of this bucket; nothing where there are no shares, or after some patience.
    async fn turn(&self, id: u128, rule: &BucketRule) -> Option<MutexGuard<'_, ()>> {
        if share(rule) == 1 {
            return None;
        }
        let turn = self.turns.get(usize::try_from(id % TURNS).ok()?)?;
        tokio::time::timeout(PATIENCE, turn.lock()).await.ok()
    }

    /// One request of this process's share, if there is one.
    fn spend(&self, id: u128, now: Timestamp) -> Option<Poured> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let share = shares
            .get_mut(&id)
            .filter(|share| share.left > 0 && share.until > now)?;
        share.left -= 1;
        Some(Poured {
            allowed: true,
            remaining: share.left.saturating_add(share.beyond),
            wait_us: 0,
        })
    }

    async fn pour(
        &self,
        id: u128,
        rule: &BucketRule,
        now: Timestamp,
    ) -> Result<Poured, StoreError> {
        let share = share(rule);
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

/// How many requests are taken at once.
fn share(rule: &BucketRule) -> u32 {
    (rule.burst / SHARES).max(1)
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
