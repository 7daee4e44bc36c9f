//! Buckets in this process, by the monotonic clock.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::{Key, Standing};
use crate::config::{Rate, Rates as RateSettings};

/// Above this many keys in one bucket set, idle ones are swept out.
const SWEEP_ABOVE: usize = 50_000;

type Limiter<C> = RateLimiter<String, DashMapStateStore<String>, C, StateInformationMiddleware>;

/// One set of buckets for each limit.
pub(super) struct InProcess<C: Clock> {
    clock: C,
    address: Limiter<C>,
    user_route: Limiter<C>,
    sign_in: Limiter<C>,
    alias: Limiter<C>,
    course: Limiter<C>,
    provider: Limiter<C>,
}

impl<C: Clock + Clone> InProcess<C> {
    pub(super) fn new(settings: &RateSettings, clock: C) -> Self {
        let limiter = |rate: &Rate| -> Limiter<C> {
            RateLimiter::new(quota(rate), DashMapStateStore::default(), clock.clone())
        };
        Self {
            address: limiter(&settings.address),
            user_route: limiter(&settings.user_route),
            sign_in: limiter(&settings.sign_in),
            alias: limiter(&settings.alias),
            course: limiter(&settings.course),
            provider: limiter(&settings.provider),
            clock,
        }
    }

    fn limiter(&self, key: &Key) -> &Limiter<C> {
        match key {
            Key::Address(_) => &self.address,
            Key::UserRoute(..) => &self.user_route,
            Key::SignIn(..) => &self.sign_in,
            Key::Alias(_) => &self.alias,
            Key::Course(_) => &self.course,
            Key::Provider(_) => &self.provider,
        }
    }

    /// Takes one request out of the bucket of `key`.
    pub(super) fn take(&self, key: &Key) -> Standing {
        let limiter = self.limiter(key);
        if limiter.len() > SWEEP_ABOVE {
            limiter.retain_recent();
        }
        match limiter.check_key(&key.text()) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                let quota = snapshot.quota();
                let wait = if remaining == 0 {
                    quota.replenish_interval()
                } else {
                    Duration::ZERO
                };
                Standing {
                    allowed: true,
                    limit: quota.burst_size().get(),
                    remaining,
                    reset: whole_seconds(wait),
                }
            }
            Err(refused) => {
                let wait = refused.wait_time_from(self.clock.now());
                let limit = refused.quota().burst_size().get();
                Standing {
                    allowed: false,
                    limit,
                    remaining: 0,
                    reset: whole_seconds(wait).max(1),
                }
            }
        }
    }
}

fn quota(rate: &Rate) -> Quota {
    let per_minute = NonZeroU32::new(rate.per_minute).unwrap_or(NonZeroU32::MIN);
    let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(per_minute).allow_burst(burst)
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn buckets(clock: &FakeRelativeClock) -> InProcess<FakeRelativeClock> {
        let rate = Rate {
            per_minute: 60,
            burst: 3,
        };
        let settings = RateSettings {
            provider: rate.clone(),
            alias: rate,
            ..RateSettings::default()
        };
        InProcess::new(&settings, clock.clone())
    }

    #[test]
    fn a_bucket_empties_refuses_with_a_wait_and_fills_again() {
        let clock = FakeRelativeClock::default();
        let buckets = buckets(&clock);
        let key = Key::Provider("p".into());
        let take = || buckets.take(&key);
        assert_eq!(
            take(),
            Standing {
                allowed: true,
                limit: 3,
                remaining: 2,
                reset: 0
            }
        );
        assert_eq!(take().remaining, 1);
        assert_eq!(
            take(),
            Standing {
                allowed: true,
                limit: 3,
                remaining: 0,
                reset: 1
            }
        );
        assert_eq!(
            take(),
            Standing {
                allowed: false,
                limit: 3,
                remaining: 0,
                reset: 1
            }
        );
        clock.advance(Duration::from_secs(1));
        assert!(take().allowed);
        assert!(!take().allowed);
    }

    #[test]
    fn keys_and_families_do_not_share_a_bucket() {
        let clock = FakeRelativeClock::default();
        let buckets = buckets(&clock);
        for _ in 0..4 {
            buckets.take(&Key::Provider("p".into()));
        }
        assert!(!buckets.take(&Key::Provider("p".into())).allowed);
        assert!(buckets.take(&Key::Provider("q".into())).allowed);
        assert!(buckets.take(&Key::Alias("p".into())).allowed);
    }
}
