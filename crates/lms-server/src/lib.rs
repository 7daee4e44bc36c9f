//! The LMS server: sign-in, courses, launches and the runtime API over HTTP.
//!
//! The rules live in `scormbridge-lms` (who may do what, what an attempt accepts) and `scormbridge-core` (SCORM);
//! this crate turns HTTP into calls of theirs and their answers into HTTP. It must never decide about a learner by
//! itself, and never answer around the layers of [`http`].
//!
//! * [`config`] reads and checks the settings, [`state`] is what handlers share.
//! * [`http`] is what every request passes; [`error`] what a failed one gets.
//! * [`auth`] finds out who is calling; [`classroom`] is the API of courses and who is in them.
//! * [`launch`] hands out launch tokens; [`runtime`] is what courses' runtimes call with them.
//! * [`scorm`] launches packages on a CDN; [`pages`] is what people see.
//! * [`jobs`] forgets what is no longer needed; [`telemetry`] is logs, metrics, health.

#![forbid(unsafe_code)]

pub mod auth;
pub mod classroom;
pub mod config;
pub mod database;
pub mod error;
pub mod http;
pub mod jobs;
mod keys;
pub mod launch;
pub mod openapi;
pub mod pages;
pub mod random;
mod routes;
pub mod runtime;
pub mod scorm;
pub mod serve;
pub mod state;
pub mod telemetry;

pub use error::AppError;
pub use routes::{openapi, router};
pub use state::AppState;
