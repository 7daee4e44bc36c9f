//! What PHP may pass: text and arrays.

use ext_php_rs::convert::{FromZval, StubLiteral};
use ext_php_rs::flags::DataType;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use super::from_php::PhpValue;

/// A `string` argument, still as bytes.
pub(crate) struct Text<'a>(&'a ZendStr);

impl<'a> Text<'a> {
    /// The bytes as they are; the API says where they must be UTF-8.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.0.as_bytes()
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
pub(crate) struct Table<'a>(Option<&'a ZendHashTable>);

impl<'a> Table<'a> {
    /// What an argument that was left out stands for: `[]`.
    pub(crate) const EMPTY: Self = Self(None);

    /// The array as the API reads it.
    pub(crate) fn value(self) -> PhpValue<'a> {
        PhpValue::Argument(self.0)
    }
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
