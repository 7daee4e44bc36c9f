//! The API that PHP programs see, as a local service: for hosts where the PHP extension cannot be loaded.
//!
//! HTTP/1.1 on a Unix socket or a loopback address, for callers that know a shared secret. One path for each function
//! of `ext/stubs/scormbridge.stub.php`; `docs/protocol.md` has the form of requests and answers. Nothing is kept but
//! idle connections to CDNs: keys come with each call that needs them, from whoever holds them.
//!
//! It must never listen where another machine could reach it, write a caller's values to a log or a disk, or answer
//! anybody without the secret.

#![forbid(unsafe_code)]

mod arguments;
mod calls;
mod content;
mod http;
mod listener;
mod secret;
mod value;

use std::future::Future;
use std::time::Duration;

pub use listener::{ListenError, Listener};
pub use secret::{Secret, SecretError};

/// What a caller may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections open at once. Further ones wait.
    pub connections: usize,
    /// Bytes of one request.
    pub request_bytes: usize,
    /// Bytes of all requests that are being read or worked on. Further ones wait.
    pub held_bytes: usize,
    /// For the headers of a request, and between two requests on one connection.
    pub header_time: Duration,
    /// For the rest of a request, from its headers on.
    pub request_time: Duration,
    /// For an answer that is under way when the service is told to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            // The largest manifest that a site may allow, with room for what goes with it.
            request_bytes: 72 << 20,
            held_bytes: 256 << 20,
            header_time: Duration::from_secs(60),
            request_time: Duration::from_secs(30),
            grace: Duration::from_secs(20),
        }
    }
}

/// Answers calls until `stop` resolves, then takes no more and lets those under way finish within the grace.
pub async fn run(
    listener: Listener,
    secret: Secret,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    http::run(listener, secret, limits, stop).await;
}
