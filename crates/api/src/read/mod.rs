//! Reading what a PHP program passed, under limits, whichever way it came.
//!
//! A caller's values are looked at through [`Source`]; serde builds the types of this crate from them. Types are taken
//! as they are: a numeric text is not a number. The one leniency is PHP's own: `[]` is both the empty list and the
//! empty map, and an integer key reads as text where text is asked. Nothing here converts bytes lossily.

mod deserializer;
mod error;

use std::borrow::Cow;

pub use deserializer::read;

use crate::{Failure, Kind};
use error::{Cause, NOT_UTF8, ReadError};

/// How much of an array is read before it is refused.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Arrays within arrays.
    pub depth: usize,
    /// Elements of all arrays together.
    pub items: usize,
    /// Bytes of all texts and keys together.
    pub bytes: usize,
}

impl Limits {
    /// Options and claims: small, flat, written by a programmer.
    pub const OPTIONS: Self = Self {
        depth: 8,
        items: 10_000,
        bytes: 1 << 20,
    };

    /// What a site stores about one attempt: many rows, long suspend data.
    pub const STATE: Self = Self {
        depth: 8,
        items: 200_000,
        bytes: 32 << 20,
    };
}

/// A value that has not been read yet.
pub trait Source<'a>: Copy {
    /// What its arrays are.
    type Table: Table<'a, Value = Self>;

    /// What kind of value it is.
    fn shape(self) -> Shape<'a, Self::Table>;
}

/// An array that has not been read yet: PHP's, a list and a map in one.
pub trait Table<'a>: Copy {
    /// What its elements are.
    type Value: Source<'a, Table = Self>;

    /// Number of elements.
    fn count(self) -> usize;

    /// The elements in their order.
    fn entries(self) -> impl Iterator<Item = (Key<'a>, Self::Value)> + 'a;
}

/// Under which key an element stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key<'a> {
    /// A whole number.
    Index(i64),
    /// Bytes, which may not be text.
    Name(Cow<'a, [u8]>),
}

/// The kinds of values.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'a, T> {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// Bytes, which may not be text.
    Text(&'a [u8]),
    /// An array.
    Table(T),
    /// An object. PHP programs have them; no call takes one.
    Object,
    /// Something else that no call takes.
    Other,
}

/// A text argument as text.
///
/// # Errors
/// `input_encoding` as an exception of `kind` if it is not UTF-8.
pub fn text<'a>(bytes: &'a [u8], kind: Kind, name: &str) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes)
        .map_err(|_| ReadError::new(Cause::Encoding, NOT_UTF8).into_failure(kind, name))
}
