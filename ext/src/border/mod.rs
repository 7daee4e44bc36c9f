//! The border between PHP values and Rust values.
//!
//! Everything that crosses goes through here: [`arguments`] are what PHP may pass, [`from_php`] shows them
//! to the API, [`to_php`] builds PHP arrays straight from serde values, [`failure`] turns errors into
//! the exception family. Nothing here knows SCORM, and nothing here converts bytes lossily.

mod arguments;
mod building;
pub(crate) mod failure;
mod from_php;
mod sharing;
mod to_php;

pub(crate) use arguments::{Table, Text};
pub(crate) use failure::Failure;
pub(crate) use to_php::{PhpArray, array};
