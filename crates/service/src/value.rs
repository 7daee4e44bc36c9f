//! A PHP value that came as JSON.
//!
//! What JSON has no form for is not left out but marked, as a map whose only key is a NUL: so that a call is refused
//! for it by the API's own rules, with the place, instead of being understood differently.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use scormbridge_api::read::{Key, Shape, Source, Table};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// The key of a mark.
const MARK: &str = "\0";

/// Elements of all arrays of one request together; more than any argument may have.
const MAX_ITEMS: usize = 1_000_000;

/// What stands for bytes that are not UTF-8.
const NOT_UTF8: &[u8] = b"\xff";

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    /// Text that is not UTF-8, or an array with such a key.
    NotUtf8,
    /// An object.
    Object,
    /// A resource, or a number without end.
    Other,
}

impl Value {
    /// Reads one value.
    pub(crate) fn parse(json: &[u8]) -> serde_json::Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let value = Any(&Cell::new(MAX_ITEMS)).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(value)
    }
}

/// Reads any value, for as long as there is something left to spend on elements.
#[derive(Clone, Copy)]
struct Any<'b>(&'b Cell<usize>);

impl Any<'_> {
    fn spend<E: de::Error>(self) -> Result<(), E> {
        let left = self.0.get().checked_sub(1);
        self.0
            .set(left.ok_or_else(|| E::custom("there are too many values"))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        // PHP has no larger integers than these.
        Ok(i64::try_from(number).map_or(Value::Other, Value::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(self)? {
            self.spend()?;
            list.push(value);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(key) = map.next_key()? {
            self.spend()?;
            pairs.push((key, map.next_value_seed(self)?));
        }
        match pairs.as_slice() {
            [(key, mark)] if key == MARK => marked(mark),
            _ => Ok(Value::Map(pairs)),
        }
    }
}

fn marked<E: de::Error>(mark: &Value) -> Result<Value, E> {
    match mark {
        Value::Text(mark) if mark == "encoding" => Ok(Value::NotUtf8),
        Value::Text(mark) if mark == "object" => Ok(Value::Object),
        Value::Text(mark) if mark == "other" => Ok(Value::Other),
        _ => Err(E::custom("there is no such mark")),
    }
}

impl<'a> Source<'a> for &'a Value {
    type Table = Elements<'a>;

    fn shape(self) -> Shape<'a, Elements<'a>> {
        match self {
            Value::Null => Shape::Null,
            Value::Bool(truth) => Shape::Bool(*truth),
            Value::Integer(number) => Shape::Integer(*number),
            Value::Number(number) => Shape::Number(*number),
            Value::Text(text) => Shape::Text(text.as_bytes()),
            Value::List(list) => Shape::Table(Elements::List(list)),
            Value::Map(map) => Shape::Table(Elements::Map(map)),
            Value::NotUtf8 => Shape::Text(NOT_UTF8),
            Value::Object => Shape::Object,
            Value::Other => Shape::Other,
        }
    }
}

/// The elements of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Elements<'a> {
    List(&'a [Value]),
    Map(&'a [(String, Value)]),
}

impl<'a> Table<'a> for Elements<'a> {
    type Value = &'a Value;

    fn count(self) -> usize {
        match self {
            Self::List(list) => list.len(),
            Self::Map(map) => map.len(),
        }
    }

    fn entries(self) -> impl Iterator<Item = (Key<'a>, &'a Value)> + 'a {
        let (list, map) = match self {
            Self::List(list) => (list, &[][..]),
            Self::Map(map) => (&[][..], map),
        };
        let indexed = (0..).map(Key::Index).zip(list);
        let named = map
            .iter()
            .map(|(name, value)| (Key::Name(Cow::Borrowed(name.as_bytes())), value));
        indexed.chain(named)
    }
}
