//! Tokens: what a launch hands to a course's runtime, and what the runtime shows in return.
//!
//! JSON Web Tokens (RFC 7519) in compact JWS form (RFC 7515), signed with RS256, or with HS256 on a
//! developer's machine. Four types, told apart by the `typ` header (RFC 8725, section 3.11), so that
//! none can be taken for another:
//!
//! | type | who holds it | for |
//! | --- | --- | --- |
//! | `launch+jwt` | the course's frame, at most ten minutes | one exchange |
//! | `runtime+jwt` | the course's runtime | the runtime API |
//! | `upload+jwt` | whoever uploads, as part of a URL | one file |
//! | `download+jwt` | whoever fetches, as part of a URL | one file |
//!
//! This module must never read a clock, a file or the network, and never look inside a payload before
//! its signature is verified. No token names a person: `sub` is the alias at one provider.

mod claims;
mod error;
mod jws;
mod keys;
mod webhook;

pub use claims::{
    Claims, DownloadClaims, MAX_LAUNCH_SECONDS, MAX_RUNTIME_SECONDS, TokenType, UploadClaims,
};
pub use error::{KeyError, TokenError};
pub use jws::MAX_TOKEN_BYTES;
pub use keys::{Jwk, Jwks, KeySource, Stage, TokenKeys};
pub use webhook::{MAX_CLOCK_SKEW_SECONDS, WebhookError, WebhookKey};

#[cfg(test)]
mod tests;
