//! The values of one attempt at one SCO.

use std::collections::{BTreeMap, HashMap};

use super::error::Reason;
use super::model::{Key, Model};
use super::value::{patterns_are_unique, patterns_at_most};
use crate::manifest::Version;

/// Values in an order in which they can be set one by one.
pub(super) struct State {
    model: &'static Model,
    values: BTreeMap<Key, String>,
    bytes: usize,
    /// How often a value that may have to be unique is there: by element, by the member it is inside of.
    holders: HashMap<(usize, u32, String), u32>,
}

impl State {
    pub(super) fn new(version: Version) -> Self {
        Self {
            model: Model::of(version),
            values: BTreeMap::new(),
            bytes: 0,
            holders: HashMap::new(),
        }
    }

    pub(super) fn model(&self) -> &'static Model {
        self.model
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, &str)> {
        self.values
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn at(&self, key: Key) -> Option<&str> {
        self.values.get(&key).map(String::as_str)
    }

    /// Value of an element outside collections, empty if it has none.
    pub(super) fn get(&self, pattern: &str) -> &str {
        self.model
            .fixed(pattern)
            .and_then(|key| self.at(key))
            .unwrap_or("")
    }

    /// Value of a member of a collection.
    pub(super) fn member(&self, pattern: &str, outer: u32, inner: u32) -> Option<&str> {
        self.at(self.model.member(pattern, outer, inner)?)
    }

    pub(super) fn put(&mut self, key: Key, value: String) {
        self.bytes += value.len();
        if let Some(scope) = self.scope(key) {
            *self
                .holders
                .entry((key.element, scope, value.clone()))
                .or_default() += 1;
        }
        if let Some(old) = self.values.insert(key, value) {
            self.bytes -= old.len();
            if let Some(scope) = self.scope(key) {
                let held = self.holders.entry((key.element, scope, old));
                held.and_modify(|count| *count = count.saturating_sub(1));
            }
        }
    }

    /// Among which values a value may have to be unique: those of the whole collection, or of one member.
    fn scope(&self, key: Key) -> Option<u32> {
        match self.model.element(key)?.pattern {
            "cmi.objectives.n.id" => Some(0),
            "cmi.interactions.n.objectives.n.id"
            | "cmi.interactions.n.correct_responses.n.pattern" => Some(key.outer),
            _ => None,
        }
    }

    /// Whether another member says the same.
    fn is_taken(&self, key: Key, value: &str) -> bool {
        let Some(scope) = self.scope(key) else {
            return false;
        };
        let held = self
            .holders
            .get(&(key.element, scope, value.to_owned()))
            .copied()
            .unwrap_or(0);
        held > u32::from(self.at(key) == Some(value))
    }

    /// `_count` of the collection a place belongs to.
    pub(super) fn count(&self, key: Key) -> u32 {
        let from = Key {
            outer: 0,
            rank: 0,
            inner: 0,
            element: 0,
            ..key
        };
        let to = Key {
            group: key.group + 1,
            ..from
        };
        self.values
            .range(from..to)
            .next_back()
            .map_or(0, |(last, _)| last.outer.saturating_add(1))
    }

    /// Whether the collection a place belongs to has anything at that index.
    pub(super) fn has_member(&self, key: Key) -> bool {
        let from = Key {
            rank: 0,
            inner: 0,
            element: 0,
            ..key
        };
        self.values
            .range(from..)
            .next()
            .is_some_and(|(found, _)| found.group == key.group && found.outer == key.outer)
    }

    /// `_count` of the inner collection a place belongs to.
    pub(super) fn inner_count(&self, key: Key) -> u32 {
        let from = Key {
            inner: 0,
            element: 0,
            ..key
        };
        let to = Key {
            rank: key.rank + 1,
            ..from
        };
        self.values
            .range(from..to)
            .next_back()
            .map_or(0, |(last, _)| last.inner.saturating_add(1))
    }

    /// What must be unique, or may be said only once (SCORM 2004 4th Ed. RTE, 4.2.9 and 4.2.17).
    pub(super) fn check_identity(&self, key: Key, value: &str) -> Result<(), Reason> {
        let Some(line) = self.model.element(key) else {
            return Ok(());
        };
        match line.pattern {
            "cmi.objectives.n.id" => {
                if self.at(key).is_some_and(|old| old != value) {
                    return Err(Reason::WriteOnce);
                }
                if self.is_taken(key, value) {
                    return Err(Reason::DuplicateId);
                }
            }
            "cmi.interactions.n.objectives.n.id" if self.is_taken(key, value) => {
                return Err(Reason::DuplicateId);
            }
            "cmi.interactions.n.correct_responses.n.pattern" => {
                let interaction = self
                    .member("cmi.interactions.n.type", key.outer, 0)
                    .unwrap_or("");
                if patterns_at_most(interaction).is_some_and(|most| key.inner >= most) {
                    return Err(Reason::PatternLimit);
                }
                if patterns_are_unique(interaction) && self.is_taken(key, value) {
                    return Err(Reason::DuplicatePattern);
                }
            }
            _ => {}
        }
        Ok(())
    }
}
