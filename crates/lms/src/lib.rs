//! The domain of the LMS server.
//!
//! This crate decides; it never does I/O. Clock and randomness are handed in, stores stand behind the
//! traits of [`classroom::ports`], and nothing here knows HTTP, SQL or a vendor.
//!
//! * [`classroom`]: providers, launches, attempts, the runtime's records, and who may touch which.
//! * [`token`]: the signed texts that launches, runtimes and webhooks carry.

#![forbid(unsafe_code)]

pub mod classroom;
pub mod token;
