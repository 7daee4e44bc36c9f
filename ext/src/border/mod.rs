//! The border between PHP values and Rust values.
//!
//! Everything that crosses goes through here: [`from_php`] reads PHP arrays and strings under limits,
//! [`to_php`] builds PHP arrays straight from serde values, [`failure`] turns errors into the exception
//! family. Nothing here knows SCORM, and nothing here converts bytes lossily.

pub(crate) mod failure;
pub(crate) mod from_php;
pub(crate) mod read_error;
pub(crate) mod to_php;

pub(crate) use failure::{Failure, Kind};
pub(crate) use from_php::{Limits, Table, Text, read};
pub(crate) use to_php::{PhpArray, array};
