//! The server's configuration: one TOML file and environment variables over it.
//!
//! `LMS_HTTP__LISTEN` overrides `listen` of `[http]`, and so on. Every setting has a place in the structs below
//! and in `docs/configuration.md`; an unknown one is a fault. [`load`] finds every fault before it gives up, so
//! that one look at the log repairs them all. Secrets are [`SecretString`]: no log or dump can show them.

mod check;
mod load;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use garde::Validate;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

pub use load::{Fault, Faults, load};

/// Whether mistakes that are only convenient are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// HTTPS, RS256, persistent keys; the default, so that forgetting to choose is safe.
    #[default]
    Production,
    /// HTTP, generated keys and the test sign-in are allowed.
    Development,
}

/// Everything.
#[derive(Debug, Clone, Default, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Production or development.
    #[garde(skip)]
    pub mode: Mode,
    /// Address, limits, proxies.
    #[garde(dive)]
    pub http: Http,
    /// The database.
    #[garde(dive)]
    pub store: Store,
    /// Local accounts and their sessions.
    #[garde(dive)]
    pub sign_in: SignIn,
    /// An external OpenID provider whose bearer tokens are accepted.
    #[garde(dive)]
    pub oidc: Option<Oidc>,
    /// The runtime API and its tokens.
    #[garde(dive)]
    pub runtime: Runtime,
    /// SCORM packages on a CDN.
    #[garde(dive)]
    pub gateway: Gateway,
    /// How often callers may come.
    #[garde(dive)]
    pub rates: Rates,
    /// What is forgotten, and when.
    #[garde(dive)]
    pub jobs: Jobs,
    /// Logs and metrics.
    #[garde(dive)]
    pub telemetry: Telemetry,
}

impl Config {
    /// Whether the strict rules hold.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.mode == Mode::Production
    }

    /// Where callers are counted.
    #[must_use]
    pub fn counted(&self) -> Counted {
        let sqlite = self.store.url.expose_secret().starts_with("sqlite:");
        self.rates.counted.unwrap_or(if sqlite {
            Counted::Process
        } else {
            Counted::Database
        })
    }
}

/// `[http]`
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Address and port to listen on.
    #[garde(skip)]
    pub listen: SocketAddr,
    /// The origin people and runtimes see, `https://lms.example`.
    #[garde(custom(check::origin))]
    pub public_origin: String,
    /// Networks whose `x-forwarded-for` is believed.
    #[garde(skip)]
    pub trusted_proxies: Vec<IpNet>,
    /// Most connections at once; further ones wait.
    #[garde(range(min = 1, max = 100_000))]
    pub connections: usize,
    /// Longest time for the head of a request to arrive, and for a connection to be idle, in milliseconds.
    #[garde(range(min = 100, max = 120_000))]
    pub header_timeout_ms: u64,
    /// Longest request body, in bytes. Endpoints may read less.
    #[garde(range(min = 1_024, max = 16_777_216))]
    pub body_limit_bytes: usize,
    /// Longest time until an answer begins, in milliseconds.
    #[garde(range(min = 100, max = 120_000))]
    pub request_timeout_ms: u64,
    /// How long open requests may finish after a stop signal, in milliseconds.
    #[garde(range(min = 0, max = 300_000))]
    pub shutdown_grace_ms: u64,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_origin: "http://localhost:8080".to_owned(),
            trusted_proxies: Vec::new(),
            connections: 4_096,
            header_timeout_ms: 30_000,
            body_limit_bytes: 1_048_576,
            request_timeout_ms: 15_000,
            shutdown_grace_ms: 10_000,
        }
    }
}

/// `[store]`
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// `sqlite://path`, `sqlite::memory:` or `postgres://role@host/database`. The role is not the tables' owner.
    #[garde(skip)]
    pub url: SecretString,
    /// Most connections at once.
    #[garde(range(min = 1, max = 200))]
    pub connections: u32,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            url: SecretString::from("sqlite://lms.sqlite"),
            connections: 10,
        }
    }
}

/// `[sign_in]`
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Whether people with a password here may sign in.
    #[garde(skip)]
    pub local: bool,
    /// Whether anybody may sign in as anybody, for browser tests. Never in production.
    #[garde(skip)]
    pub test: bool,
    /// How long a session lasts, in minutes.
    #[garde(range(min = 5, max = 43_200))]
    pub session_minutes: u32,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            local: true,
            test: false,
            session_minutes: 720,
        }
    }
}

/// `[oidc]`
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// `iss` of the tokens, exactly.
    #[garde(custom(check::http_url))]
    pub issuer: String,
    /// What `aud` of the tokens must contain.
    #[garde(length(min = 1, max = 200))]
    pub audience: String,
    /// Where the provider publishes its keys.
    #[garde(custom(check::http_url))]
    pub jwks_url: String,
    /// How long fetched keys are used before they are fetched again, in seconds.
    #[serde(default = "Oidc::default_cache_seconds")]
    #[garde(range(min = 30, max = 86_400))]
    pub cache_seconds: u32,
    /// How long the last keys go on counting while the provider cannot be reached, in seconds.
    #[serde(default = "Oidc::default_keep_seconds")]
    #[garde(range(min = 30, max = 604_800))]
    pub keep_seconds: u32,
}

impl Oidc {
    fn default_cache_seconds() -> u32 {
        600
    }

    fn default_keep_seconds() -> u32 {
        86_400
    }
}

/// How runtime tokens are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Algorithm {
    /// RSA, verified by providers through the key set.
    #[default]
    RS256,
    /// A shared secret; development only.
    HS256,
}

/// `[runtime]`
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Runtime {
    /// Whether the runtime API answers at all.
    #[garde(skip)]
    pub enabled: bool,
    /// How tokens are signed.
    #[garde(skip)]
    pub algorithm: Algorithm,
    /// RSA private keys in PEM by key id, or of a retired key its entry in the key document. All of them verify and
    /// are published; `current` signs.
    #[garde(custom(check::key_ids))]
    pub keys: BTreeMap<String, SecretString>,
    /// Id of the key that signs.
    #[garde(skip)]
    pub current: Option<String>,
    /// The shared secret of HS256, 32 bytes or more.
    #[garde(skip)]
    pub hs256_secret: Option<SecretString>,
    /// How long a launch token is valid, in seconds; 600 at most.
    #[garde(range(min = 30, max = 600))]
    pub token_seconds: u32,
    /// How long a runtime token is valid, in seconds; twelve hours at most.
    #[garde(range(min = 60, max = 43_200))]
    pub bearer_seconds: u32,
    /// Folder of the files that learners upload.
    #[garde(skip)]
    pub assets: PathBuf,
    /// Largest such file, in bytes.
    #[garde(range(min = 1, max = 1_073_741_824))]
    pub asset_bytes: u64,
    /// Most files of one attempt.
    #[garde(range(min = 1, max = 1_000))]
    pub asset_files: u64,
    /// Most bytes of one attempt's files together.
    #[garde(range(min = 1, max = 1_099_511_627_776))]
    pub asset_attempt_bytes: u64,
    /// Most bytes of one learner's files together.
    #[garde(range(min = 1, max = 1_099_511_627_776))]
    pub asset_user_bytes: u64,
    /// Longest checkpoint, in bytes.
    #[garde(range(min = 1_024, max = 1_048_576))]
    pub checkpoint_bytes: usize,
    /// Origins that may call the runtime API from a browser.
    #[garde(inner(custom(check::origin)))]
    pub cors_allow: Vec<String>,
}

impl Default for Runtime {
    fn default() -> Self {
        Self {
            enabled: true,
            algorithm: Algorithm::RS256,
            keys: BTreeMap::new(),
            current: None,
            hs256_secret: None,
            token_seconds: 600,
            bearer_seconds: 14_400,
            assets: PathBuf::from("lms-assets"),
            asset_bytes: 10_485_760,
            asset_files: 100,
            asset_attempt_bytes: 104_857_600,
            asset_user_bytes: 1_073_741_824,
            checkpoint_bytes: 32_768,
            cors_allow: Vec::new(),
        }
    }
}

/// Symmetric keys by key id: 64 hexadecimal digits each.
#[derive(Debug, Clone, Default, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct KeySet {
    /// The keys.
    #[garde(custom(check::key_ids), custom(check::hex_keys))]
    pub keys: BTreeMap<String, SecretString>,
    /// Id of the key that makes new things; the others still open old ones.
    #[garde(skip)]
    pub current: Option<String>,
}

/// `[gateway]`
#[derive(Debug, Clone, Default, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Gateway {
    /// Hosts that packages may live on, `*.cdn.example`; empty: any public host.
    #[garde(skip)]
    pub allow: Vec<String>,
    /// Ports besides the scheme's own.
    #[garde(skip)]
    pub ports: Vec<u16>,
    /// Whether packages may come from this machine over http. Never in production.
    #[garde(skip)]
    pub dev_loopback: bool,
    /// An origin of its own for packages, `https://content.example`, that leads to this server too; without it,
    /// only packages of single documents reach learners through this server.
    #[garde(inner(custom(check::origin)))]
    pub content_origin: Option<String>,
    /// Keys of content and commit tickets.
    #[garde(dive)]
    pub tickets: KeySet,
    /// Keys that seal what learners write.
    #[garde(dive)]
    pub sealing: KeySet,
    /// Keys that the keys of what browsers keep for learners are derived from.
    #[garde(dive)]
    pub keeping: KeySet,
}

/// One limit: a bucket of `burst` requests that `per_minute` requests flow back into.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Requests per minute in the long run.
    #[garde(range(min = 1, max = 1_000_000))]
    pub per_minute: u32,
    /// Requests at once.
    #[garde(range(min = 1, max = 100_000))]
    pub burst: u32,
}

/// Where callers are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counted {
    /// In this process; several processes each grant the whole limit.
    Process,
    /// In the database; all processes count together.
    Database,
}

/// `[rates]`
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Rates {
    /// Where callers are counted; in the process on SQLite and in the database on PostgreSQL, if left out.
    #[garde(skip)]
    pub counted: Option<Counted>,
    /// Per client address (IPv6: per /64).
    #[garde(dive)]
    pub address: Rate,
    /// Per user and route.
    #[garde(dive)]
    pub user_route: Rate,
    /// Per login and address, sign-in only.
    #[garde(dive)]
    pub sign_in: Rate,
    /// Runtime API, per alias.
    #[garde(dive)]
    pub alias: Rate,
    /// Runtime API, per course.
    #[garde(dive)]
    pub course: Rate,
    /// Runtime API and webhook, per provider.
    #[garde(dive)]
    pub provider: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        let rate = |per_minute, burst| Rate { per_minute, burst };
        Self {
            counted: None,
            address: rate(1_200, 300),
            user_route: rate(240, 60),
            sign_in: rate(6, 6),
            alias: rate(240, 60),
            course: rate(12_000, 2_000),
            provider: rate(30_000, 5_000),
        }
    }
}

/// `[jobs]`
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Jobs {
    /// Whether this process does them; `lms-server jobs` does them once, whatever this says.
    #[garde(skip)]
    pub enabled: bool,
    /// Minutes between two rounds.
    #[garde(range(min = 1, max = 1_440))]
    pub every_minutes: u32,
    /// Hours that answers are kept for retries.
    #[garde(range(min = 1, max = 8_760))]
    pub idempotency_hours: u32,
    /// Days that a checkpoint is kept after it was last saved.
    #[garde(range(min = 1, max = 36_500))]
    pub checkpoint_days: u32,
    /// Days that lines of the log are kept; for good, if left out.
    #[garde(inner(range(min = 1, max = 36_500)))]
    pub event_days: Option<u32>,
    /// Days that the history of SCOs' commits is kept; for good, if left out. A browser may send what it kept up to 30
    /// days later, and must still find what newer launches wrote.
    #[garde(inner(range(min = 60, max = 36_500)))]
    pub history_days: Option<u32>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            enabled: true,
            every_minutes: 15,
            idempotency_hours: 72,
            checkpoint_days: 400,
            event_days: None,
            history_days: None,
        }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object per line.
    #[default]
    Json,
    /// For people.
    Text,
}

/// `[telemetry]`
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// JSON or text.
    #[garde(skip)]
    pub log_format: LogFormat,
    /// Which lines, in the syntax of `tracing-subscriber`'s `EnvFilter`.
    #[garde(length(max = 500))]
    pub log_filter: String,
    /// Bearer token of `/metrics`; without one the page does not exist.
    #[garde(skip)]
    pub metrics_token: Option<SecretString>,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            log_format: LogFormat::Json,
            log_filter: "info".to_owned(),
            metrics_token: None,
        }
    }
}
