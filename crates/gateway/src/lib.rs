//! Guarded HTTP for SCORM packages that live on a CDN.
//!
//! Two jobs, both for fronts that bring their own HTTP server or none at all: [`Gateway::probe`] finds out whether a
//! URL leads to a package that can be played, and how; [`Gateway::serve`] hands out one file of a package to whoever
//! holds its ticket. Whatever leaves this machine leaves through one guarded client.
//!
//! This crate keeps no state but idle connections. It must never be given a learner's identity, and never store
//! content. A [`Gateway`] belongs to one asynchronous runtime of one process: make it after a fork, not before.

#![forbid(unsafe_code)]

mod body;
mod error;
mod fetch;
mod html;
mod options;
mod probe;
mod relay;
mod resolve;
mod serve;

use std::sync::Arc;

use scormbridge_core::url_policy::{PatternError, UrlPolicy};

pub use body::Body;
pub use bytes::Bytes;
pub use error::{Details, FetchError, GatewayError, Stage};
pub use options::{ContentOptions, GatewayOptions, Limits, Timeouts};
pub use probe::{Delivery, Probe, ProbeOptions, ProbeWarning, Sco, Usable};
pub use relay::{
    DeliveryMode, MAX_ORIGINS, PROTOCOL, RELAY_FOLDER, RELAY_HTML, RELAY_JS, RELAY_JSON,
    RelayConfig, RelayFile, relay_files,
};
pub use resolve::{Resolve, Resolving, SystemResolver};
pub use serve::{Request, Response, ServeError};

use fetch::Fetcher;

/// The gateway: rules, limits and keys, and the client that obeys them.
pub struct Gateway {
    fetcher: Fetcher,
    limits: Limits,
    timeouts: Timeouts,
    manifest: scormbridge_core::manifest::Limits,
    content: Option<ContentOptions>,
}

impl Gateway {
    /// A gateway that resolves names as the operating system does. Opens nothing and starts nothing.
    ///
    /// # Errors
    /// [`PatternError`] if the allowlist holds something that is no pattern.
    pub fn new(options: GatewayOptions) -> Result<Self, PatternError> {
        Self::with_resolver(options, Arc::new(SystemResolver))
    }

    /// A gateway with its own way to resolve names. Every address is checked all the same.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_resolver(
        options: GatewayOptions,
        resolver: Arc<dyn Resolve>,
    ) -> Result<Self, PatternError> {
        let GatewayOptions {
            policy,
            limits,
            timeouts,
            manifest,
            content,
        } = options;
        let fetcher = Fetcher::new(UrlPolicy::new(policy)?, resolver, limits, timeouts);
        Ok(Self {
            fetcher,
            limits,
            timeouts,
            manifest,
            content,
        })
    }

    fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn content(&self) -> Option<&ContentOptions> {
        self.content.as_ref()
    }
}
