//! What a [`Gateway`](crate::Gateway) is told when it is made: the rules, the limits, the patience and the keys.

use std::time::Duration;

use scormbridge_core::{manifest, ticket::Tickets, url_policy::PolicyOptions};

/// Everything a gateway needs to know. [`Default`] allows any public host on https and serves nothing.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct GatewayOptions {
    /// Which URLs may be fetched; holds for every redirect too.
    pub policy: PolicyOptions,
    /// Bounds on sizes and counts.
    pub limits: Limits,
    /// Bounds on time.
    pub timeouts: Timeouts,
    /// Bounds on `imsmanifest.xml`, its size included.
    pub manifest: manifest::Limits,
    /// Who may be served. `None`: this gateway only probes, and answers every request for content with 403.
    pub content: Option<ContentOptions>,
}

/// How requests for content prove that they may have it.
#[derive(Debug)]
pub struct ContentOptions {
    /// Keys that tickets are verified with.
    pub tickets: Tickets,
    /// The site that tickets must be made out to (Moodle's `wwwroot`).
    pub audience: String,
}

impl ContentOptions {
    /// Serve content to whoever holds a `content` ticket signed with one of these keys for `audience`.
    #[must_use]
    pub fn new(tickets: Tickets, audience: impl Into<String>) -> Self {
        Self {
            tickets,
            audience: audience.into(),
        }
    }
}

/// Bounds on what is read. All in bytes, after any decompression, unless said otherwise.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Limits {
    /// Redirects followed for one request.
    pub redirects: usize,
    /// Names and values of all response headers together.
    pub header_bytes: usize,
    /// An HTML document that is read whole: looked at by the probe, or wrapped for the sandboxed mode.
    pub document_bytes: u64,
    /// One streamed file, as it comes over the wire.
    pub file_bytes: u64,
    /// Launch files that a probe checks; of a package with more SCOs a sample of this size is checked.
    pub launch_checks: usize,
    /// Requests that a probe has under way at the same time.
    pub concurrency: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            redirects: 5,
            header_bytes: 32 * 1024,
            document_bytes: 5 * 1024 * 1024,
            file_bytes: 4 * 1024 * 1024 * 1024,
            launch_checks: 100,
            concurrency: 8,
        }
    }
}

/// Bounds on how long anything may take.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Timeouts {
    /// Name resolution, TCP and TLS together.
    pub connect: Duration,
    /// From sending a request to the end of its response headers, connecting included.
    pub response: Duration,
    /// Longest silence within a body.
    pub idle: Duration,
    /// A file that is read whole, redirects included. Streamed files have no such end: `idle` and
    /// `minimum_speed` bound them.
    pub total: Duration,
    /// All requests of one probe.
    pub probe: Duration,
    /// A body that comes slower than this (bytes per second) is given up once `speed_grace` has been spent waiting.
    /// Only time spent waiting for the CDN counts, so that a slow reader is never blamed on it.
    pub minimum_speed: u64,
    /// See `minimum_speed`.
    pub speed_grace: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            response: Duration::from_secs(15),
            idle: Duration::from_secs(15),
            total: Duration::from_secs(30),
            probe: Duration::from_secs(60),
            minimum_speed: 1024,
            speed_grace: Duration::from_secs(20),
        }
    }
}
