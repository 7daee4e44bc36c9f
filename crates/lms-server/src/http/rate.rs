//! How often one caller may come: token buckets per address, user and route, alias, course and provider.
//!
//! Every answer that was counted says where the caller stands (`x-rate-limit-limit`, `-remaining`, `-reset`);
//! of several buckets the fullest one speaks. A refusal adds `retry-after`, in whole seconds.
//!
//! The buckets live behind [`Buckets`]. The default keeps them in this process; several processes behind one
//! name each grant the whole limit.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::address;
use crate::config::{Rate, Rates as RateSettings};
use crate::error::AppError;
use crate::state::AppState;

/// Requests that the bucket holds when full.
pub const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
/// Requests left at once.
pub const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
/// Seconds until a request is free again, 0 if one is.
pub const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// Above this many keys in one bucket set, idle ones are swept out.
const SWEEP_ABOVE: usize = 50_000;

/// What is counted under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// Everything from one address.
    Address(IpAddr),
    /// One route as used by one user; ids in text form.
    UserRoute(String, String),
    /// Attempts to sign in as one login from one address.
    SignIn(String, Option<IpAddr>),
    /// Runtime calls for one alias of a learner at a provider.
    Alias(String),
    /// Runtime calls for one course.
    Course(String),
    /// Runtime calls of one provider.
    Provider(String),
}

/// Where a caller stands with one bucket after a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether the request may go on.
    pub allowed: bool,
    /// Size of the bucket.
    pub limit: u32,
    /// What is left in it.
    pub remaining: u32,
    /// Whole seconds until a request is free again.
    pub reset: u64,
}

impl Standing {
    /// Writes the headers.
    pub fn write(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset));
        if !self.allowed {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(self.reset.max(1)));
        }
    }
}

/// A store of buckets.
pub trait Buckets: Send + Sync {
    /// Takes one request out of the bucket of `key`.
    fn take(&self, key: &Key) -> Standing;
}

/// The limits of one server.
#[derive(Clone)]
pub struct Rates(Arc<dyn Buckets>);

impl Rates {
    /// Limits on buckets in this process, by the wall clock.
    #[must_use]
    pub fn in_process(settings: &RateSettings) -> Self {
        Self::on(InProcess::new(settings, DefaultClock::default()))
    }

    /// Limits on the given buckets.
    #[must_use]
    pub fn on(buckets: impl Buckets + 'static) -> Self {
        Self(Arc::new(buckets))
    }

    /// Counts the request under `key` and notes the standing for the answer's headers.
    ///
    /// # Errors
    /// 429 `rate_limited` when the bucket is empty.
    pub fn take(&self, ledger: &Ledger, key: &Key) -> Result<(), AppError> {
        let standing = self.0.take(key);
        ledger.note(&standing);
        if standing.allowed {
            return Ok(());
        }
        metrics::counter!("rate_limit_hit_total", "key" => key.family()).increment(1);
        Err(AppError::rate_limited(&standing))
    }
}

/// The tightest standing seen during one request; a request extension.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<Option<Standing>>>);

impl Ledger {
    fn note(&self, standing: &Standing) {
        let mut tightest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tightest
            .as_ref()
            .is_none_or(|seen| standing.remaining < seen.remaining)
        {
            *tightest = Some(standing.clone());
        }
    }

    fn read(&self) -> Option<Standing> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Layer: opens the ledger, counts the address, and writes the headers on the way out.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let ledger = Ledger::default();
    request.extensions_mut().insert(ledger.clone());
    let client = address::client(
        request.headers(),
        request.extensions(),
        &state.config.http.trusted_proxies,
    );
    let counted = client.map_or(Ok(()), |address| {
        state.rates.take(&ledger, &Key::Address(address))
    });
    let mut response = match counted {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    // A refusal carries the headers of the bucket that refused.
    if !response.headers().contains_key(LIMIT)
        && let Some(standing) = ledger.read()
    {
        standing.write(response.headers_mut());
    }
    response
}

impl Key {
    /// The name of the limit, as in the configuration.
    #[must_use]
    pub fn family(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::UserRoute(..) => "user_route",
            Self::SignIn(..) => "sign_in",
            Self::Alias(_) => "alias",
            Self::Course(_) => "course",
            Self::Provider(_) => "provider",
        }
    }

    fn text(&self) -> String {
        match self {
            // One IPv6 subscriber owns a /64 at least; single addresses would be no limit.
            Self::Address(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            Self::Address(address) => address.to_string(),
            Self::UserRoute(user, route) => format!("{user} {route}"),
            Self::SignIn(login, address) => match address {
                Some(address) => format!("{} {login}", Self::Address(*address).text()),
                None => format!("- {login}"),
            },
            Self::Alias(id) | Self::Course(id) | Self::Provider(id) => id.clone(),
        }
    }
}

type Limiter<C> = RateLimiter<String, DashMapStateStore<String>, C, StateInformationMiddleware>;

struct InProcess<C: Clock> {
    clock: C,
    address: Limiter<C>,
    user_route: Limiter<C>,
    sign_in: Limiter<C>,
    alias: Limiter<C>,
    course: Limiter<C>,
    provider: Limiter<C>,
}

impl<C: Clock + Clone> InProcess<C> {
    fn new(settings: &RateSettings, clock: C) -> Self {
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
}

fn quota(rate: &Rate) -> Quota {
    let per_minute = NonZeroU32::new(rate.per_minute).unwrap_or(NonZeroU32::MIN);
    let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(per_minute).allow_burst(burst)
}

impl<C> Buckets for InProcess<C>
where
    C: Clock + Clone + Send + Sync,
    C::Instant: Send + Sync,
{
    fn take(&self, key: &Key) -> Standing {
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

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_bucket() {
        let key = |text: &str| Key::Address(text.parse().unwrap()).text();
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
    }

    #[test]
    fn the_tightest_bucket_speaks() {
        let ledger = Ledger::default();
        for remaining in [5, 2, 9] {
            ledger.note(&Standing {
                allowed: true,
                limit: 10,
                remaining,
                reset: 0,
            });
        }
        assert_eq!(ledger.read().map(|standing| standing.remaining), Some(2));
    }
}
