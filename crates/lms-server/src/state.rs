//! What every handler can reach.

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

/// Shared by all requests; a clone is a handful of reference counts.
#[derive(Clone)]
pub struct AppState {
    /// Checked settings.
    pub config: Arc<Config>,
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
    pub openid: Option<Arc<Openid>>,
    /// Seals what must not be read in the database.
    pub vault: Arc<Vault>,
    /// Signs and verifies launch, runtime and upload tokens.
    pub tokens: Arc<TokenKeys>,
    /// Whether traffic is let in.
    pub readiness: Arc<Readiness>,
    /// What `/metrics` shows.
    pub metrics: Metrics,
    /// Gateways and tickets of SCORM packages.
    pub scorm: Arc<Bridge>,
}

impl AppState {
    /// The state of a server on this store, by the system's clock and random source. Not ready yet: see
    /// [`Readiness::open`].
    ///
    /// # Errors
    /// Every setting that turned out to be of no use, such as a key that cannot be read.
    pub fn new(config: Config, store: Arc<dyn Store>) -> Result<Self, Faults> {
        let vault = keys::vault(&config.gateway.sealing).map_err(|fault| Faults(vec![fault]))?;
        let tokens = launch::token_keys(&config).map_err(|fault| Faults(vec![fault]))?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let rates = match config.counted() {
            Counted::Process => Rates::in_process(&config.rates),
            Counted::Database => Rates::shared(&config.rates, store.clone(), clock.clone()),
        };
        let scorm = Bridge::new(&config).map_err(|fault| Faults(vec![fault]))?;
        Ok(Self {
            vault: Arc::new(vault),
            tokens: Arc::new(tokens),
            scorm: Arc::new(scorm),
            rates,
            passwords: Passwords::default(),
            openid: config
                .oidc
                .clone()
                .map(|settings| Arc::new(Openid::new(settings))),
            readiness: Arc::default(),
            metrics: Metrics::install(),
            clock,
            entropy: Arc::new(SystemEntropy),
            config: Arc::new(config),
            store,
        })
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
