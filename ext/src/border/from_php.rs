//! PHP values as the API reads them.

use std::borrow::Cow;

use ext_php_rs::types::array::Iter;
use ext_php_rs::types::{ZendHashTable, Zval};
use scormbridge_api::read::{self, Key, Shape, Source};

/// A value that PHP passed.
#[derive(Clone, Copy)]
pub(crate) enum PhpValue<'a> {
    /// An array argument; none stands for `[]`.
    Argument(Option<&'a ZendHashTable>),
    /// A value inside an array.
    Element(&'a Zval),
}

impl<'a> Source<'a> for PhpValue<'a> {
    type Table = PhpTable<'a>;

    fn shape(self) -> Shape<'a, PhpTable<'a>> {
        let zval = match self {
            Self::Argument(table) => return Shape::Table(PhpTable(table)),
            Self::Element(zval) => zval,
        };
        if let Some(text) = zval.zend_str() {
            Shape::Text(text.as_bytes())
        } else if let Some(number) = zval.long() {
            Shape::Integer(number)
        } else if let Some(number) = zval.double() {
            Shape::Number(number)
        } else if let Some(truth) = zval.bool() {
            Shape::Bool(truth)
        } else if zval.is_null() {
            Shape::Null
        } else if let Some(table) = zval.array() {
            Shape::Table(PhpTable(Some(table)))
        } else if zval.is_object() {
            Shape::Object
        } else {
            Shape::Other
        }
    }
}

/// A PHP array, or `[]`.
#[derive(Clone, Copy)]
pub(crate) struct PhpTable<'a>(Option<&'a ZendHashTable>);

impl<'a> read::Table<'a> for PhpTable<'a> {
    type Value = PhpValue<'a>;

    fn count(self) -> usize {
        self.0.map_or(0, ZendHashTable::len)
    }

    fn entries(self) -> impl Iterator<Item = (Key<'a>, PhpValue<'a>)> + 'a {
        Entries(self.0.map(ZendHashTable::iter))
    }
}

struct Entries<'a>(Option<Iter<'a>>);

impl<'a> Iterator for Entries<'a> {
    type Item = (Key<'a>, PhpValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = self.0.as_mut()?.next_zval()?;
        let key = match (key.long(), key.zend_str()) {
            (Some(number), _) => Key::Index(number),
            (None, Some(text)) => Key::Name(Cow::Owned(text.as_bytes().to_vec())),
            (None, None) => Key::Name(Cow::Borrowed(b"")),
        };
        Some((key, PhpValue::Element(value.dereference())))
    }
}
