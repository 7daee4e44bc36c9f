//! What every handler can reach.

use std::ops::Deref;
use std::sync::Arc;

use scormbridge_core::sealing::Vault;
use scormbridge_lms::classroom::ports::Store;
use scormbridge_lms::classroom::{Clock, Entropy, Timestamp};
use scormbridge_lms::token::TokenKeys;

use crate::auth::{Openid, Passwords};
use crate::config::{Config, Counted, Faults};
use crate::http::rate::Rates;
use crate::scorm::Bridge;
use crate::telemetry::{Metrics, Readiness};
use crate::{keys, launch, random};

/// Shared by all requests. Every layer of every request has one of its own, so a clone is one reference count.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What [`AppState`] leads to.
pub struct Shared {
    /// Checked settings.
    pub config: Config,
    /// The database.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids.
    pub entropy: Arc<dyn Entropy>,
    /// Limits on callers.
    pub rates: Rates,
    /// Hashing and checking of passwords.
    pub passwords: Passwords,
    /// The external OpenID provider, if one is configured.
    pub openid: Option<Openid>,
    /// Seals what must not be read in the database.
    pub vault: Vault,
    /// Signs and verifies launch, runtime and upload tokens.
    pub tokens: TokenKeys,
    /// Whether traffic is let in.
    pub readiness: Readiness,
    /// What `/metrics` shows.
    pub metrics: Metrics,
    /// Gateways and tickets of SCORM packages.
    pub scorm: Bridge,
}

impl AppState {
    /// The state of a server on this store, by the system's clock and random source. Not ready yet: see
    /// [`Readiness::open`].
    ///
    /// # Errors
    /// Every setting that turned out to be of no use, such as a key that cannot be read.
    pub fn new(config: Config, store: Arc<dyn Store>) -> Result<Self, Faults> {
        Self::with_clock(config, store, Arc::new(SystemClock))
    }

    /// As [`Self::new`], by another clock.
    ///
    /// # Errors
    /// As there.
    pub fn with_clock(
        config: Config,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Faults> {
        let vault = keys::vault(&config.gateway.sealing).map_err(|fault| Faults(vec![fault]))?;
        let tokens = launch::token_keys(&config).map_err(|fault| Faults(vec![fault]))?;
        let rates = match config.counted() {
            Counted::Process => Rates::in_process(&config.rates),
            Counted::Database => Rates::shared(&config.rates, store.clone(), clock.clone()),
        };
        let scorm = Bridge::new(&config).map_err(|fault| Faults(vec![fault]))?;
        Ok(Self(Arc::new(Shared {
            vault,
            tokens,
            scorm,
            rates,
            passwords: Passwords::default(),
            openid: config.oidc.clone().map(Openid::new),
            readiness: Readiness::default(),
            metrics: Metrics::install(),
            clock,
            entropy: Arc::new(SystemEntropy),
            config,
            store,
        })))
    }
}

/// The wall clock.
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(chrono::Utc::now().timestamp_millis())
    }
}

/// The system's random source.
struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bytes(&self) -> [u8; 16] {
        random::bytes()
    }
}
