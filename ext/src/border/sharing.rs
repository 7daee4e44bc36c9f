//! Values that one result holds again and again, made once.
//!
//! A PHP array is a value: who writes to one that somebody else holds too gets a copy. So a short text and a short
//! list may stand in many places of a result and lie in memory once, which nobody can tell from the outside. In the
//! rows of a large manifest that is more than half of everything.

use ext_php_rs::types::{ZendStr, Zval};

use super::building::{Shaped, finish, table};

/// Slots of each cache. What lands in a taken one takes its place: a collision costs memory, never a wrong value.
const SLOTS: usize = 128;

/// Longer texts hardly come twice.
const MAX_TEXT: usize = 32;

/// Longer lists hardly come twice.
pub(super) const MAX_LIST: usize = 8;

/// Where the strings and arrays of a short list lie; zero behind its end.
type Places = [usize; MAX_LIST];

/// What was made for this result and may stand in it once more.
pub(super) struct Shared {
    texts: Vec<Option<Zval>>,
    lists: Vec<Option<(Places, Zval)>>,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            texts: free(),
            lists: free(),
        }
    }
}

fn free<T>() -> Vec<Option<T>> {
    let mut slots = Vec::with_capacity(SLOTS);
    slots.resize_with(SLOTS, || None);
    slots
}

impl Shared {
    /// A string.
    pub(super) fn text(&mut self, value: &str) -> Shaped<Zval> {
        if value.len() > MAX_TEXT {
            return string(value);
        }
        let hash = value
            .bytes()
            .fold(value.len(), |hash, byte| mix(hash, usize::from(byte)));
        let Some(slot) = self.texts.get_mut(slot_of(hash)) else {
            return string(value);
        };
        let same = |known: &&Zval| {
            let known = known.zend_str().map(ZendStr::as_bytes);
            known == Some(value.as_bytes())
        };
        if let Some(known) = slot.as_ref().filter(same) {
            return Ok(known.shallow_clone());
        }
        let made = string(value)?;
        *slot = Some(made.shallow_clone());
        Ok(made)
    }

    /// A list of at most [`MAX_LIST`] elements. It is the one made earlier if the elements are the very same strings
    /// and arrays: those of a list in the cache are alive, so the same address is the same value.
    pub(super) fn list(&mut self, elements: &mut [Zval]) -> Shaped<Zval> {
        let Some((hash, places)) = fingerprint(elements) else {
            return build(elements);
        };
        let Some(slot) = self.lists.get_mut(slot_of(hash)) else {
            return build(elements);
        };
        if let Some((known, list)) = slot.as_ref()
            && *known == places
        {
            return Ok(list.shallow_clone());
        }
        let made = build(elements)?;
        *slot = Some((places, made.shallow_clone()));
        Ok(made)
    }
}

fn string(value: &str) -> Shaped<Zval> {
    let mut zval = Zval::new();
    if value.is_empty() {
        zval.set_interned_string("", false)?;
    } else {
        zval.set_string(value, false)?;
    }
    Ok(zval)
}

fn build(elements: &mut [Zval]) -> Shaped<Zval> {
    let mut list = table(Some(elements.len()));
    for element in elements {
        list.push(std::mem::take(element))?;
    }
    finish(list)
}

/// `None` for an empty list, and for one that holds what is a value of its own and lies nowhere else.
fn fingerprint(elements: &[Zval]) -> Option<(usize, Places)> {
    let mut places = Places::default();
    let mut hash = 0;
    for (place, element) in places.iter_mut().zip(elements) {
        *place = address(element)?;
        hash = mix(hash, *place >> 3);
    }
    (!elements.is_empty() && elements.len() <= MAX_LIST).then_some((hash, places))
}

fn address(value: &Zval) -> Option<usize> {
    let string = value.zend_str().map(|text| std::ptr::from_ref(text).addr());
    string.or_else(|| value.array().map(|array| std::ptr::from_ref(array).addr()))
}

fn mix(hash: usize, part: usize) -> usize {
    (hash ^ part).wrapping_mul(0x9E37_79B1)
}

fn slot_of(hash: usize) -> usize {
    (hash ^ (hash >> 16)) % SLOTS
}
