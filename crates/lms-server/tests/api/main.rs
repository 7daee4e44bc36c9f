//! The server over HTTP, in process: one program, so that it links once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says where, and stops"
)]

mod beacon;
mod classroom;
mod keeping;
mod layers;
mod openapi;
mod openid;
mod pages;
mod rates;
mod registry;
mod restart;
mod runtime;
mod scorm;
mod sign_in;
mod staff;
mod support;
