//! PHP values to Rust types through serde, under limits.
//!
//! Types are taken as they are: a numeric string is not a number. The one leniency is PHP's own: `[]`
//! is both the empty list and the empty map, and an integer array key reads as text where text is asked.

use std::cell::Cell;

use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

use super::arguments::{Limits, Table};
use super::read_error::{Cause, NOT_UTF8, ReadError};
use super::{Failure, Kind};

/// Reads an array argument into `T`.
///
/// # Errors
///
/// An exception of `kind` that names the place in the array: `input_value`, `input_encoding`,
/// `input_depth`, `input_items` or `input_bytes`.
pub(crate) fn read<T: DeserializeOwned>(
    table: Table<'_>,
    limits: Limits,
    kind: Kind,
    name: &str,
) -> Result<T, Failure> {
    let budget = Budget {
        depth: Cell::new(limits.depth),
        items: Cell::new(limits.items),
        bytes: Cell::new(limits.bytes),
    };
    T::deserialize(Root {
        table: table.0,
        budget: &budget,
    })
    .map_err(|error| error.into_failure(kind, name))
}

/// What is left of the limits.
struct Budget {
    depth: Cell<usize>,
    items: Cell<usize>,
    bytes: Cell<usize>,
}

fn spend(left: &Cell<usize>, amount: usize, cause: Cause, message: &str) -> Result<(), ReadError> {
    match left.get().checked_sub(amount) {
        Some(rest) => {
            left.set(rest);
            Ok(())
        }
        None => Err(ReadError::new(cause, message)),
    }
}

impl Budget {
    /// Runs `read` one array deeper, after charging for the elements of `table`.
    fn inside<T>(
        &self,
        table: &ZendHashTable,
        read: impl FnOnce() -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        spend(&self.depth, 1, Cause::Depth, "arrays are nested too deeply")?;
        spend(
            &self.items,
            table.len(),
            Cause::Items,
            "there are too many array elements",
        )?;
        let value = read()?;
        self.depth.set(self.depth.get() + 1);
        Ok(value)
    }

    fn text<'a>(&self, text: &'a ZendStr) -> Result<&'a str, ReadError> {
        spend(
            &self.bytes,
            text.len(),
            Cause::Bytes,
            "the text is too long in total",
        )?;
        text.as_str()
            .map_err(|_| ReadError::new(Cause::Encoding, NOT_UTF8))
    }
}

/// The outermost array.
struct Root<'a> {
    table: Option<&'a ZendHashTable>,
    budget: &'a Budget,
}

impl<'de> de::Deserializer<'de> for Root<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visit_map(self.table, self.budget, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visit_seq(self.table, self.budget, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct tuple tuple_struct map struct enum identifier ignored_any
    }
}

fn visit_map<'de, V: Visitor<'de>>(
    table: Option<&ZendHashTable>,
    budget: &Budget,
    visitor: V,
) -> Result<V::Value, ReadError> {
    let Some(table) = table else {
        return visitor.visit_map(de::value::MapDeserializer::<_, ReadError>::new(
            std::iter::empty::<(&str, &str)>(),
        ));
    };
    budget.inside(table, || {
        visitor.visit_map(Elements {
            iter: table.iter(),
            index: 0,
            value: None,
            budget,
        })
    })
}

fn visit_seq<'de, V: Visitor<'de>>(
    table: Option<&ZendHashTable>,
    budget: &Budget,
    visitor: V,
) -> Result<V::Value, ReadError> {
    let Some(table) = table else {
        return visitor.visit_seq(de::value::SeqDeserializer::<_, ReadError>::new(
            std::iter::empty::<&str>(),
        ));
    };
    if !is_list(table) {
        return Err(ReadError::new(
            Cause::Value,
            "expected a list, found an array with keys",
        ));
    }
    budget.inside(table, || {
        visitor.visit_seq(Elements {
            iter: table.iter(),
            index: 0,
            value: None,
            budget,
        })
    })
}

/// Whether the keys are 0, 1, 2 … in this order, as `array_is_list()` asks.
fn is_list(table: &ZendHashTable) -> bool {
    let mut iter = table.iter();
    let mut index = 0_i64;
    while let Some((key, _)) = iter.next_zval() {
        if key.long() != Some(index) {
            return false;
        }
        index += 1;
    }
    true
}

/// The elements of one array, as a map or as a list.
struct Elements<'a> {
    iter: ext_php_rs::types::array::Iter<'a>,
    index: usize,
    value: Option<(String, &'a Zval)>,
    budget: &'a Budget,
}

impl<'de> de::MapAccess<'de> for Elements<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        let Some((key, value)) = self.iter.next_zval() else {
            return Ok(None);
        };
        let name = match (key.long(), key.zend_str()) {
            (Some(number), _) => number.to_string(),
            (None, Some(text)) => self.budget.text(text)?.to_owned(),
            (None, None) => String::new(),
        };
        self.value = Some((name.clone(), value));
        seed.deserialize(IntoDeserializer::<ReadError>::into_deserializer(
            name.as_str(),
        ))
        .map(Some)
        .map_err(|error| error.within(name))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ReadError> {
        let Some((name, value)) = self.value.take() else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        seed.deserialize(Value {
            zval: value.dereference(),
            budget: self.budget,
        })
        .map_err(|error| error.within(name))
    }
}

impl<'de> de::SeqAccess<'de> for Elements<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        let Some((_, value)) = self.iter.next_zval() else {
            return Ok(None);
        };
        let index = self.index;
        self.index += 1;
        seed.deserialize(Value {
            zval: value.dereference(),
            budget: self.budget,
        })
        .map(Some)
        .map_err(|error| error.within(index.to_string()))
    }
}

/// One value inside an array.
struct Value<'a> {
    zval: &'a Zval,
    budget: &'a Budget,
}

impl Value<'_> {
    fn unsupported(&self) -> ReadError {
        ReadError::new(
            Cause::Value,
            if self.zval.is_object() {
                "an object cannot be passed here; pass an array"
            } else {
                "only null, booleans, numbers, text and arrays can be passed here"
            },
        )
    }
}

impl<'de> de::Deserializer<'de> for Value<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if let Some(text) = self.zval.zend_str() {
            visitor.visit_str(self.budget.text(text)?)
        } else if let Some(number) = self.zval.long() {
            visitor.visit_i64(number)
        } else if let Some(number) = self.zval.double() {
            visitor.visit_f64(number)
        } else if let Some(truth) = self.zval.bool() {
            visitor.visit_bool(truth)
        } else if self.zval.is_null() {
            visitor.visit_unit()
        } else if let Some(table) = self.zval.array() {
            if is_list(table) {
                visit_seq(Some(table), self.budget, visitor)
            } else {
                visit_map(Some(table), self.budget, visitor)
            }
        } else {
            Err(self.unsupported())
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.zval.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.zval.array() {
            Some(table) => visit_seq(Some(table), self.budget, visitor),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.zval.array() {
            Some(table) => visit_map(Some(table), self.budget, visitor),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        // Every choice that PHP hands in is a name.
        let Some(text) = self.zval.zend_str() else {
            return Err(ReadError::new(Cause::Value, "expected text"));
        };
        visitor.visit_enum(self.budget.text(text)?.into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple tuple_struct identifier ignored_any
    }
}
