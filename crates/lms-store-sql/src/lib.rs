//! The LMS's stores in SQL.
//!
//! [`SqlStore`] implements `scormbridge_lms::classroom::ports` on SQLite and on PostgreSQL, with one SQL text
//! for both. It decides nothing: every call asks `classroom::policy`, and tells it what ties the actor to the
//! row. On PostgreSQL, row level security says the same again (`migrations/postgres`).
//!
//! Nothing outside this crate writes SQL, and no SQL here is put together from data, but for the identity that a
//! transaction of PostgreSQL begins with.

#![forbid(unsafe_code)]

mod assets;
mod attempts;
mod buckets;
mod connect;
mod connections;
mod courses;
mod enrollments;
mod error;
mod launches;
mod link;
#[cfg(feature = "test-support")]
pub mod lists;
mod page;
mod postgres;
mod providers;
mod registry;
mod reports;
mod runtime;
mod scorm;
#[cfg(feature = "test-support")]
pub mod test_support;
mod tx;
mod users;

pub use connect::{ConnectError, PostgresOptions, SqlStore, SqliteOptions, migrate_postgres};
