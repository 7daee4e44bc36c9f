//! What the ports promise, on every engine; by aggregate. One program, so that it links once.

mod attempts;
#[path = "../common/mod.rs"]
mod common;
mod courses;
mod lists;
mod runtime;
mod scorm;
mod units;
