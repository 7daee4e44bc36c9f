//! What PHP may pass: text and arrays, and how much of them is read.

use ext_php_rs::convert::{FromZval, StubLiteral};
use ext_php_rs::flags::DataType;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use super::read_error::{Cause, NOT_UTF8, ReadError};
use super::{Failure, Kind};

/// How much of an array is read before it is refused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Arrays within arrays.
    pub(crate) depth: usize,
    /// Elements of all arrays together.
    pub(crate) items: usize,
    /// Bytes of all strings and keys together.
    pub(crate) bytes: usize,
}

impl Limits {
    /// Options and claims: small, flat, written by a programmer.
    pub(crate) const OPTIONS: Self = Self {
        depth: 8,
        items: 10_000,
        bytes: 1 << 20,
    };

    /// What a site stores about one attempt: many rows, long suspend data.
    pub(crate) const STATE: Self = Self {
        depth: 8,
        items: 200_000,
        bytes: 32 << 20,
    };
}

/// A `string` argument, still as bytes.
pub(crate) struct Text<'a>(&'a ZendStr);

impl<'a> Text<'a> {
    /// The bytes as they are, for formats that declare their own encoding.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.0.as_bytes()
    }

    /// The text.
    ///
    /// # Errors
    ///
    /// `input_encoding` as an exception of `kind` if it is not UTF-8.
    pub(crate) fn utf8(&self, kind: Kind, name: &str) -> Result<&'a str, Failure> {
        self.0
            .as_str()
            .map_err(|_| ReadError::new(Cause::Encoding, NOT_UTF8).into_failure(kind, name))
    }
}

impl<'a> FromZval<'a> for Text<'a> {
    const TYPE: DataType = DataType::String;

    fn from_zval(zval: &'a Zval) -> Option<Self> {
        zval.zend_str().map(Self)
    }
}

/// An `array` argument; may be left out where the signature says so.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a>(pub(super) Option<&'a ZendHashTable>);

impl Table<'_> {
    /// What an argument that was left out stands for: `[]`.
    pub(crate) const EMPTY: Self = Self(None);
}

impl<'a> FromZval<'a> for Table<'a> {
    const TYPE: DataType = DataType::Array;

    fn from_zval(zval: &'a Zval) -> Option<Self> {
        zval.array().map(|table| Self(Some(table)))
    }
}

impl StubLiteral for Table<'_> {
    fn stub_literal(&self) -> String {
        "[]".to_owned()
    }
}
