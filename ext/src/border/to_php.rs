//! serde values to PHP arrays, without a detour through JSON.
//!
//! A manifest of five megabytes becomes an array of a million values, so this path is kept lean: field
//! names and values that come again are shared instead of copied, and empty strings and arrays take no memory of
//! their own.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::flags::DataType;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use scormbridge_api::Kind;
use serde::ser::{self, Serialize};

use super::Failure;
use super::building::{self, Conversion, ShapeError, Shaped, finish, table};
use super::sharing::MAX_LIST;

/// An array for PHP; a return type of `array` in reflection.
pub(crate) struct PhpArray(Zval);

impl IntoZval for PhpArray {
    const TYPE: DataType = DataType::Array;
    const NULLABLE: bool = false;

    fn set_zval(self, zv: &mut Zval, _persistent: bool) -> ext_php_rs::error::Result<()> {
        *zv = self.0;
        Ok(())
    }
}

/// Converts a struct, map or sequence to a PHP array.
///
/// # Errors
///
/// `result_shape` if the value has no PHP form (an integer above 2^63, an array key that is neither
/// text nor number, arrays nested deeper than 512). The types of this project have one; the error
/// exists so that a mistake is an exception and not a wrong value.
pub(crate) fn array(value: &impl Serialize) -> Result<PhpArray, Failure> {
    let conversion = Conversion::default();
    value
        .serialize(ToPhp {
            conversion: &conversion,
        })
        .map(PhpArray)
        .map_err(|error| Failure::new(Kind::Base, "result_shape", error.to_string()))
}

#[derive(Clone, Copy)]
struct ToPhp<'s> {
    conversion: &'s Conversion,
}

macro_rules! integers {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Shaped<Zval> {
            let mut zval = Zval::new();
            zval.set_long(i64::try_from(value).map_err(|_| {
                ShapeError(format!("{value} is larger than a PHP integer"))
            })?);
            Ok(zval)
        }
    )*};
}

impl<'s> ser::Serializer for ToPhp<'s> {
    type Ok = Zval;
    type Error = ShapeError;
    type SerializeSeq = Sequence<'s>;
    type SerializeTuple = Sequence<'s>;
    type SerializeTupleStruct = Sequence<'s>;
    type SerializeTupleVariant = Sequence<'s>;
    type SerializeMap = Map<'s>;
    type SerializeStruct = Map<'s>;
    type SerializeStructVariant = Map<'s>;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    fn serialize_bool(self, value: bool) -> Shaped<Zval> {
        let mut zval = Zval::new();
        zval.set_bool(value);
        Ok(zval)
    }

    fn serialize_f32(self, value: f32) -> Shaped<Zval> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Shaped<Zval> {
        let mut zval = Zval::new();
        zval.set_double(value);
        Ok(zval)
    }

    fn serialize_char(self, value: char) -> Shaped<Zval> {
        self.conversion.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Shaped<Zval> {
        self.conversion.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Shaped<Zval> {
        let mut zval = Zval::new();
        zval.set_zend_string(ZendStr::new(value, false));
        Ok(zval)
    }

    fn serialize_none(self) -> Shaped<Zval> {
        Ok(Zval::null())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Shaped<Zval> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Shaped<Zval> {
        Ok(Zval::null())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Shaped<Zval> {
        Ok(Zval::null())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Shaped<Zval> {
        self.conversion.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Shaped<Zval> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Shaped<Zval> {
        self.conversion.enter()?;
        let value = value.serialize(self)?;
        self.conversion.leave();
        let mut table = table(Some(1));
        self.conversion.insert(&mut table, variant, value)?;
        finish(table)
    }

    fn serialize_seq(self, len: Option<usize>) -> Shaped<Sequence<'s>> {
        self.conversion.enter()?;
        Ok(Sequence {
            conversion: self.conversion,
            few: Default::default(),
            count: 0,
            table: len
                .filter(|&len| len > MAX_LIST)
                .map(|len| table(Some(len))),
            variant: None,
        })
    }

    fn serialize_tuple(self, len: usize) -> Shaped<Sequence<'s>> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Shaped<Sequence<'s>> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Shaped<Sequence<'s>> {
        let mut sequence = self.serialize_seq(Some(len))?;
        sequence.variant = Some(variant);
        Ok(sequence)
    }

    fn serialize_map(self, len: Option<usize>) -> Shaped<Map<'s>> {
        self.conversion.enter()?;
        Ok(Map {
            conversion: self.conversion,
            table: table(len),
            variant: None,
            key: None,
        })
    }

    fn serialize_struct(self, _name: &'static str, len: usize) -> Shaped<Map<'s>> {
        self.serialize_map(Some(len))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Shaped<Map<'s>> {
        let mut map = self.serialize_map(Some(len))?;
        map.variant = Some(variant);
        Ok(map)
    }
}

/// Closes a compound value; a variant with data is an array with the variant's name as only key.
fn close(conversion: &Conversion, value: Zval, variant: Option<&'static str>) -> Shaped<Zval> {
    conversion.leave();
    let Some(variant) = variant else {
        return Ok(value);
    };
    let mut outer = building::table(Some(1));
    conversion.insert(&mut outer, variant, value)?;
    finish(outer)
}

struct Sequence<'s> {
    conversion: &'s Conversion,
    /// A short list waits here until it is known whether it has to be made.
    few: [Zval; MAX_LIST],
    count: usize,
    table: Option<ZBox<ZendHashTable>>,
    variant: Option<&'static str>,
}

impl Sequence<'_> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Shaped<()> {
        let value = value.serialize(ToPhp {
            conversion: self.conversion,
        })?;
        if let Some(table) = &mut self.table {
            return Ok(table.push(value)?);
        }
        if let Some(free) = self.few.get_mut(self.count) {
            *free = value;
            self.count += 1;
            return Ok(());
        }
        let mut table = table(Some(2 * MAX_LIST));
        for earlier in &mut self.few {
            table.push(std::mem::take(earlier))?;
        }
        table.push(value)?;
        self.table = Some(table);
        Ok(())
    }

    fn finish(mut self) -> Shaped<Zval> {
        let list = match self.table {
            Some(table) => finish(table)?,
            None => {
                let few = self.few.get_mut(..self.count).unwrap_or_default();
                self.conversion.list(few)?
            }
        };
        close(self.conversion, list, self.variant)
    }
}

macro_rules! sequences {
    ($($trait:ident::$method:ident),*) => {$(
        impl ser::$trait for Sequence<'_> {
            type Ok = Zval;
            type Error = ShapeError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Shaped<()> {
                self.push(value)
            }

            fn end(self) -> Shaped<Zval> {
                self.finish()
            }
        }
    )*};
}

sequences!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

struct Map<'s> {
    conversion: &'s Conversion,
    table: ZBox<ZendHashTable>,
    variant: Option<&'static str>,
    key: Option<Zval>,
}

impl Map<'_> {
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Shaped<()> {
        let value = value.serialize(ToPhp {
            conversion: self.conversion,
        })?;
        self.conversion.insert(&mut self.table, name, value)
    }
}

impl ser::SerializeMap for Map<'_> {
    type Ok = Zval;
    type Error = ShapeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Shaped<()> {
        self.key = Some(key.serialize(ToPhp {
            conversion: self.conversion,
        })?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Shaped<()> {
        let value = value.serialize(ToPhp {
            conversion: self.conversion,
        })?;
        let key = self.key.take().unwrap_or_default();
        if let Some(number) = key.long() {
            self.table.insert_at_index(number, value)?;
        } else if let Some(name) = key.zend_str() {
            // A name like "12" becomes the integer key that PHP code will look up.
            self.table.insert(name, value)?;
        } else {
            return Err(ShapeError("an array key is neither text nor number".into()));
        }
        Ok(())
    }

    fn end(self) -> Shaped<Zval> {
        close(self.conversion, finish(self.table)?, self.variant)
    }
}

macro_rules! structs {
    ($($trait:ident),*) => {$(
        impl ser::$trait for Map<'_> {
            type Ok = Zval;
            type Error = ShapeError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Shaped<()> {
                self.field(name, value)
            }

            fn end(self) -> Shaped<Zval> {
                close(self.conversion, finish(self.table)?, self.variant)
            }
        }
    )*};
}

structs!(SerializeStruct, SerializeStructVariant);
