//! What a data model is made of: elements, their access, type and place in a collection.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::error::Reason;
use super::name;
use super::outcome::Class;
use super::value::Kind;
use super::{scorm12, scorm2004};
use crate::manifest::Version;

/// What a SCO may do with an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// `_children`, `_count`, `_version`: read-only, with a code of its own in SCORM 1.2.
    Keyword,
    Read,
    /// Read-only for a SCO, but the LMS stores it.
    Computed,
    Write,
    ReadWrite,
}

/// One line of a data model's table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    /// Name with `n` for an index.
    pub(super) pattern: &'static str,
    pub(super) access: Access,
    pub(super) kind: Kind,
    /// The value the element has without being set. mod_scorm's client sends no such value, so a row
    /// appears only for another one. `None`: whatever is set gives a row.
    pub(super) initial: Option<&'static str>,
}

impl Element {
    pub(super) const fn keyword(pattern: &'static str) -> Self {
        Self {
            pattern,
            access: Access::Keyword,
            kind: Kind::Given,
            initial: None,
        }
    }

    pub(super) const fn read(pattern: &'static str) -> Self {
        Self {
            pattern,
            access: Access::Read,
            kind: Kind::Given,
            initial: None,
        }
    }

    /// Read-only for a SCO, computed and stored by the LMS.
    pub(super) const fn computed(pattern: &'static str, kind: Kind) -> Self {
        Self {
            pattern,
            access: Access::Computed,
            kind,
            initial: None,
        }
    }

    pub(super) const fn write(pattern: &'static str, kind: Kind) -> Self {
        Self {
            pattern,
            access: Access::Write,
            kind,
            initial: None,
        }
    }

    pub(super) const fn both(pattern: &'static str, kind: Kind) -> Self {
        Self {
            pattern,
            access: Access::ReadWrite,
            kind,
            initial: None,
        }
    }

    pub(super) const fn initially(self, value: &'static str) -> Self {
        Self {
            initial: Some(value),
            ..self
        }
    }

    /// Whether a row of it may exist.
    pub(super) fn is_stored(&self) -> bool {
        self.is_writable() || self.access == Access::Computed
    }

    /// Whether a SCO may set it.
    pub(super) fn is_writable(&self) -> bool {
        matches!(self.access, Access::Write | Access::ReadWrite)
    }

    /// Whether a word only repeats what holds without it ("unknown"). Said anew, it must not unsay what an
    /// earlier session has reached: mod_scorm's client does not send it, and completion stays.
    pub(super) fn says_nothing(&self, value: &str) -> bool {
        matches!(self.kind, Kind::Vocabulary(_)) && self.initial == Some(value)
    }

    /// Why a SCO may not set it, if it may not.
    pub(super) fn write_refusal(&self) -> Reason {
        if self.access == Access::Keyword {
            Reason::Keyword
        } else {
            Reason::ReadOnly
        }
    }

    /// Which kind of data a row of it is.
    pub(super) fn class(&self) -> Class {
        let pattern = self.pattern;
        if pattern == "cmi.suspend_data" {
            Class::Suspend
        } else if pattern == "cmi.location" || pattern == "cmi.core.lesson_location" {
            Class::Location
        } else if pattern.starts_with("cmi.interactions.") {
            Class::Interaction
        } else if pattern.starts_with("cmi.objectives.") {
            Class::Objective
        } else if pattern.starts_with("cmi.comments") || pattern.starts_with("cmi.evaluation.") {
            Class::Comment
        } else {
            Class::Plain
        }
    }

    /// Name of its collection and of the collection inside that, as far as it is in any.
    pub(super) fn collections(&self) -> (Option<&'static str>, Option<&'static str>) {
        let outer = self.pattern.find(".n.");
        let inner = self.pattern.rfind(".n.").filter(|at| Some(*at) != outer);
        (
            outer.and_then(|at| self.pattern.get(..at)),
            inner.and_then(|at| self.pattern.get(..at)),
        )
    }
}

/// Place of a value in a state. Orders values so that they can be set one by one: by collection, member,
/// and in a member as the table has it, the members of an inner collection together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    /// Position of the collection, or of the element itself outside collections.
    pub(super) group: usize,
    pub(super) outer: u32,
    /// Position of the inner collection, or of the element itself.
    pub(super) rank: usize,
    pub(super) inner: u32,
    /// Position in the table.
    pub(super) element: usize,
}

/// The table of one version with an index over it.
pub(super) struct Model {
    pub(super) version: Version,
    elements: &'static [Element],
    places: HashMap<&'static str, Key>,
}

impl Model {
    /// The tables of a version.
    pub(super) fn of(version: Version) -> &'static Self {
        static SCORM_12: LazyLock<Model> =
            LazyLock::new(|| Model::new(Version::V12, scorm12::ELEMENTS));
        static SCORM_2004: LazyLock<Model> =
            LazyLock::new(|| Model::new(Version::V2004, scorm2004::ELEMENTS));
        match version {
            Version::V12 => &SCORM_12,
            Version::V2004 => &SCORM_2004,
        }
    }

    fn new(version: Version, elements: &'static [Element]) -> Self {
        let first = |of: &dyn Fn(&Element) -> bool| elements.iter().position(of);
        let places = elements
            .iter()
            .enumerate()
            .map(|(position, element)| {
                let (outer, inner) = element.collections();
                let group =
                    outer.and_then(|name| first(&|other| other.collections().0 == Some(name)));
                let rank =
                    inner.and_then(|name| first(&|other| other.collections().1 == Some(name)));
                let key = Key {
                    group: group.unwrap_or(position),
                    outer: 0,
                    rank: rank.unwrap_or(position),
                    inner: 0,
                    element: position,
                };
                (element.pattern, key)
            })
            .collect();
        Self {
            version,
            elements,
            places,
        }
    }

    /// The place a name stands for, if it is an element at all.
    pub(super) fn place(&self, name: &name::Name) -> Option<Key> {
        let [outer, inner] = name.indices;
        self.places.get(name.pattern.as_str()).map(|key| Key {
            outer,
            inner,
            ..*key
        })
    }

    /// The place of an element outside collections, by its pattern.
    pub(super) fn fixed(&self, pattern: &str) -> Option<Key> {
        self.places.get(pattern).copied()
    }

    /// The place of a member of a collection.
    pub(super) fn member(&self, pattern: &str, outer: u32, inner: u32) -> Option<Key> {
        self.places.get(pattern).map(|key| Key {
            outer,
            inner,
            ..*key
        })
    }

    /// The table line of a place.
    pub(super) fn element(&self, key: Key) -> Option<&'static Element> {
        self.elements.get(key.element)
    }

    /// The whole table.
    pub(super) fn elements(&self) -> &'static [Element] {
        self.elements
    }

    /// The name a SCO uses.
    pub(super) fn api_name(&self, key: Key) -> String {
        self.element(key).map_or_else(String::new, |element| {
            name::dotted(element.pattern, [key.outer, key.inner])
        })
    }

    /// The name mod_scorm stores it under.
    pub(super) fn storage_name(&self, key: Key) -> String {
        let Some(element) = self.element(key) else {
            return String::new();
        };
        let indices = [key.outer, key.inner];
        match self.version {
            Version::V12 => name::underscored(element.pattern, indices),
            Version::V2004 => name::dotted(element.pattern, indices),
        }
    }
}
