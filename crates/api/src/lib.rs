//! The API that PHP programs see, whichever way they reach it: `ext/stubs/scormbridge.stub.php`, in Rust.
//!
//! Two fronts stand on it, the PHP extension and the local service. Both hand over what came in as a
//! [`Source`](read::Source), which is read under limits; both get a value to serialize or a [`Failure`], which says
//! under which class it is thrown. So a call means the same, and is refused with the same words, by either way.
//!
//! It must never hold a rule of SCORM (that is `scormbridge-core`'s), nor know how its callers are connected.

#![forbid(unsafe_code)]

mod data_model;
mod failure;
mod gateway;
mod gateway_options;
mod keys;
mod manifest;
pub mod read;
mod tickets;
mod url_policy;
mod vault;

pub use data_model::{replay, replay_late, seed};
pub use failure::{Failure, Kind};
pub use gateway::{fetch_failure, file_request, probe, probe_request};
pub use gateway_options::GatewayOptions;
pub use manifest::{launch_url, parse, sco_tree};
pub use tickets::Tickets;
pub use url_policy::{Checked, UrlPolicy};
pub use vault::{Vault, is_sealed, new_key};

/// Number of the wire formats; changes when one of them does. See `docs/protocol.md`.
pub const PROTOCOL: u32 = 1;

/// What is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    /// Version of the build.
    pub version: &'static str,
    /// Number of the wire formats.
    pub protocol: u32,
}

/// Version of this build and of the wire formats it speaks.
#[must_use]
pub const fn version() -> Version {
    Version {
        version: env!("CARGO_PKG_VERSION"),
        protocol: PROTOCOL,
    }
}
