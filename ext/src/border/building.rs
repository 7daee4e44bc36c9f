//! What building PHP arrays rests on: tables, shared field names, and the ways it can fail.

use std::cell::{Cell, RefCell};
use std::fmt::Display;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ArrayKey, ZendEmptyArray, ZendHashTable, ZendStr, Zval};
use serde::ser;

use super::sharing::Shared;

/// Deepest array that is built. PHP frees arrays by recursion, so depth costs stack on both sides.
const MAX_DEPTH: usize = 512;

/// Slots of the field name cache; more than the field names of any one result.
const NAME_SLOTS: usize = 512;

/// Why a value has no PHP form.
#[derive(Debug)]
pub(super) struct ShapeError(pub(super) String);

impl Display for ShapeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ShapeError {}

impl ser::Error for ShapeError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl From<ext_php_rs::error::Error> for ShapeError {
    fn from(error: ext_php_rs::error::Error) -> Self {
        Self(error.to_string())
    }
}

pub(super) type Shaped<T> = Result<T, ShapeError>;

/// A cached field name: the text it was made from, and the PHP string that is shared.
type NameSlot = Option<(&'static str, ZBox<ZendStr>)>;

/// What one conversion shares: field names and values already made, and how deep it is.
pub(super) struct Conversion {
    names: RefCell<Vec<NameSlot>>,
    values: RefCell<Shared>,
    depth: Cell<usize>,
}

impl Default for Conversion {
    fn default() -> Self {
        let mut names = Vec::with_capacity(NAME_SLOTS);
        names.resize_with(NAME_SLOTS, || None);
        Self {
            names: RefCell::new(names),
            values: RefCell::default(),
            depth: Cell::new(0),
        }
    }
}

impl Conversion {
    pub(super) fn enter(&self) -> Shaped<()> {
        let depth = self.depth.get() + 1;
        if depth > MAX_DEPTH {
            return Err(ShapeError(format!(
                "arrays are nested deeper than {MAX_DEPTH}"
            )));
        }
        self.depth.set(depth);
        Ok(())
    }

    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    pub(super) fn text(&self, value: &str) -> Shaped<Zval> {
        self.values.borrow_mut().text(value)
    }

    pub(super) fn list(&self, elements: &mut [Zval]) -> Shaped<Zval> {
        self.values.borrow_mut().list(elements)
    }

    /// Inserts under a field name. Names are `'static`, so their address tells them apart; a collision
    /// costs one more small string, never a wrong name.
    pub(super) fn insert(
        &self,
        table: &mut ZendHashTable,
        name: &'static str,
        value: Zval,
    ) -> Shaped<()> {
        let slot = ((name.as_ptr().addr() >> 2) ^ name.len()) % NAME_SLOTS;
        let mut names = self.names.borrow_mut();
        let Some(slot) = names.get_mut(slot) else {
            return Ok(table.insert(name, value)?);
        };
        match slot {
            Some((known, key)) if ptr_eq(known, name) => {
                table.insert(ArrayKey::ZendString(key), value)?;
            }
            _ => {
                let key = ZendStr::new(name, false);
                table.insert(ArrayKey::ZendString(&key), value)?;
                *slot = Some((name, key));
            }
        }
        Ok(())
    }
}

fn ptr_eq(left: &'static str, right: &'static str) -> bool {
    std::ptr::eq(left, right)
}

pub(super) fn table(len: Option<usize>) -> ZBox<ZendHashTable> {
    // A length is a hint, never a reason to allocate more than the data will justify.
    ZendHashTable::with_capacity(u32::try_from(len.unwrap_or(0).min(65_536)).unwrap_or(0))
}

pub(super) fn finish(table: ZBox<ZendHashTable>) -> Shaped<Zval> {
    if table.is_empty() {
        return Ok(ZendEmptyArray.into_zval(false)?);
    }
    let mut value = Zval::new();
    value.set_hashtable(table);
    Ok(value)
}
