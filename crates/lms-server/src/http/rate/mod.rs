//! How often one caller may come: token buckets per address, user and route, alias, course and provider.
//!
//! Every answer that was counted says where the caller stands (`x-rate-limit-limit`, `-remaining`, `-reset`);
//! of several buckets the fullest one speaks. A refusal adds `retry-after`, in whole seconds.
//!
//! The buckets are kept in this process ([`local`]), where each process grants the whole limit, or in the database
//! ([`shared`]), where all processes count together. The configuration says which.

mod local;
mod shared;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::DefaultClock;
use scormbridge_lms::classroom::Clock;
use scormbridge_lms::classroom::ports::Store;

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

/// The limits of one server.
#[derive(Clone)]
pub struct Rates(Arc<Kept>);

/// Where the buckets are.
enum Kept {
    InProcess(local::InProcess<DefaultClock>),
    Shared(shared::Shared),
}

impl Rates {
    /// Limits on buckets in this process.
    #[must_use]
    pub fn in_process(settings: &RateSettings) -> Self {
        Self(Arc::new(Kept::InProcess(local::InProcess::new(
            settings,
            DefaultClock::default(),
        ))))
    }

    /// Limits on buckets that every process on this database shares.
    #[must_use]
    pub fn shared(settings: &RateSettings, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Kept::Shared(shared::Shared::new(
            settings, store, clock,
        ))))
    }

    /// Counts the request under `key` and notes the standing for the answer's headers.
    ///
    /// # Errors
    /// 429 `rate_limited` when the bucket is empty.
    pub async fn take(&self, ledger: &Ledger, key: &Key) -> Result<(), AppError> {
        let standing = match &*self.0 {
            Kept::InProcess(buckets) => buckets.take(key),
            Kept::Shared(buckets) => buckets.take(key).await,
        };
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
    let counted = match client {
        Some(address) => state.rates.take(&ledger, &Key::Address(address)).await,
        None => Ok(()),
    };
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

    /// The limit that it counts against.
    fn rate<'a>(&self, settings: &'a RateSettings) -> &'a Rate {
        match self {
            Self::Address(_) => &settings.address,
            Self::UserRoute(..) => &settings.user_route,
            Self::SignIn(..) => &settings.sign_in,
            Self::Alias(_) => &settings.alias,
            Self::Course(_) => &settings.course,
            Self::Provider(_) => &settings.provider,
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

#[cfg(test)]
mod tests {
    use super::*;

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
