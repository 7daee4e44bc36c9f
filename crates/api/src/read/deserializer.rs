//! Values to Rust types through serde, under limits.

use std::cell::Cell;

use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

use super::error::{Cause, NOT_UTF8, ReadError};
use super::{Key, Limits, Shape, Source, Table};
use crate::{Failure, Kind};

/// Reads an argument into `T`.
///
/// # Errors
///
/// An exception of `kind` that names the place in the argument: `input_value`, `input_encoding`,
/// `input_depth`, `input_items` or `input_bytes`.
pub fn read<'a, T: DeserializeOwned>(
    source: impl Source<'a>,
    limits: Limits,
    kind: Kind,
    name: &str,
) -> Result<T, Failure> {
    let budget = Budget {
        depth: Cell::new(limits.depth),
        items: Cell::new(limits.items),
        bytes: Cell::new(limits.bytes),
    };
    T::deserialize(Value {
        source,
        root: true,
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
    /// Runs `read` one array deeper, after charging for its elements.
    fn inside<T>(
        &self,
        len: usize,
        read: impl FnOnce() -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        spend(&self.depth, 1, Cause::Depth, "arrays are nested too deeply")?;
        spend(
            &self.items,
            len,
            Cause::Items,
            "there are too many array elements",
        )?;
        let value = read()?;
        self.depth.set(self.depth.get() + 1);
        Ok(value)
    }

    fn text<'a>(&self, text: &'a [u8]) -> Result<&'a str, ReadError> {
        spend(
            &self.bytes,
            text.len(),
            Cause::Bytes,
            "the text is too long in total",
        )?;
        std::str::from_utf8(text).map_err(|_| ReadError::new(Cause::Encoding, NOT_UTF8))
    }
}

fn visit_map<'a, 'de, T: Table<'a>, V: Visitor<'de>>(
    table: T,
    budget: &Budget,
    visitor: V,
) -> Result<V::Value, ReadError> {
    budget.inside(table.count(), || {
        visitor.visit_map(Elements {
            entries: table.entries(),
            index: 0,
            value: None,
            budget,
        })
    })
}

fn visit_seq<'a, 'de, T: Table<'a>, V: Visitor<'de>>(
    table: T,
    budget: &Budget,
    visitor: V,
) -> Result<V::Value, ReadError> {
    if !is_list(table) {
        return Err(ReadError::new(
            Cause::Value,
            "expected a list, found an array with keys",
        ));
    }
    budget.inside(table.count(), || {
        visitor.visit_seq(Elements {
            entries: table.entries(),
            index: 0,
            value: None,
            budget,
        })
    })
}

/// Whether the keys are 0, 1, 2 … in this order, as `array_is_list()` asks.
fn is_list<'a>(table: impl Table<'a>) -> bool {
    table
        .entries()
        .zip(0_i64..)
        .all(|((key, _), index)| key == Key::Index(index))
}

/// The elements of one array, as a map or as a list.
struct Elements<'b, I, S> {
    entries: I,
    index: usize,
    value: Option<(String, S)>,
    budget: &'b Budget,
}

impl<'a, 'de, I: Iterator<Item = (Key<'a>, S)>, S: Source<'a>> de::MapAccess<'de>
    for Elements<'_, I, S>
{
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        let name = match key {
            Key::Index(number) => number.to_string(),
            Key::Name(bytes) => self.budget.text(&bytes)?.to_owned(),
        };
        let (name, _) = self.value.insert((name, value));
        seed.deserialize(IntoDeserializer::<ReadError>::into_deserializer(
            name.as_str(),
        ))
        .map(Some)
        .map_err(|error| error.within(name.clone()))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ReadError> {
        let Some((name, source)) = self.value.take() else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        seed.deserialize(Value {
            source,
            root: false,
            budget: self.budget,
        })
        .map_err(|error| error.within(name))
    }
}

impl<'a, 'de, I: Iterator<Item = (Key<'a>, S)>, S: Source<'a>> de::SeqAccess<'de>
    for Elements<'_, I, S>
{
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        let Some((_, source)) = self.entries.next() else {
            return Ok(None);
        };
        let index = self.index;
        self.index += 1;
        seed.deserialize(Value {
            source,
            root: false,
            budget: self.budget,
        })
        .map(Some)
        .map_err(|error| error.within(index.to_string()))
    }
}

/// One value.
struct Value<'b, S> {
    source: S,
    /// The argument itself. An empty one is a map with nothing in it, so that what is missing has its name.
    root: bool,
    budget: &'b Budget,
}

impl<'a, 'de, S: Source<'a>> de::Deserializer<'de> for Value<'_, S> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.source.shape() {
            Shape::Text(text) => visitor.visit_str(self.budget.text(text)?),
            Shape::Integer(number) => visitor.visit_i64(number),
            Shape::Number(number) => visitor.visit_f64(number),
            Shape::Bool(truth) => visitor.visit_bool(truth),
            Shape::Null => visitor.visit_unit(),
            Shape::Table(table) if !self.root && is_list(table) => {
                visit_seq(table, self.budget, visitor)
            }
            Shape::Table(table) => visit_map(table, self.budget, visitor),
            Shape::Object => Err(ReadError::new(
                Cause::Value,
                "an object cannot be passed here; pass an array",
            )),
            Shape::Other => Err(ReadError::new(
                Cause::Value,
                "only null, booleans, numbers, text and arrays can be passed here",
            )),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if matches!(self.source.shape(), Shape::Null) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.source.shape() {
            Shape::Table(table) => visit_seq(table, self.budget, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.source.shape() {
            Shape::Table(table) => visit_map(table, self.budget, visitor),
            _ => self.deserialize_any(visitor),
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
        match self.source.shape() {
            Shape::Text(text) => visitor.visit_enum(self.budget.text(text)?.into_deserializer()),
            _ => Err(ReadError::new(Cause::Value, "expected text")),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple tuple_struct identifier ignored_any
    }
}
