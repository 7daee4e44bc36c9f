//! What every request passes before a handler sees it, and every answer before it leaves.
//!
//! Outermost first: request id · trace and metrics · security headers · problem documents · panics · readiness ·
//! time limit · address rate · identity and CSRF · user rate. All of it is applied once, in [`crate::router`],
//! around every route: a route cannot forget a layer, and cannot opt out of one.

pub mod address;
pub mod cors;
pub mod csrf;
pub mod extract;
pub mod headers;
pub mod limits;
pub mod problem;
pub mod rate;
pub mod request_id;
pub mod trace;

pub use extract::{ApiJson, ApiPath, ApiQuery};
pub use headers::{FrameSources, Framing, Verbatim};
pub use request_id::RequestId;
