//! Start tags: names and namespaces, attributes and their references.

use std::borrow::Cow;

use quick_xml::events::attributes::{self, AttrError};

use super::super::error::ManifestError;
use super::super::model::Version;
use super::super::names::{Ns, Tag, tag, understand, usual_prefix};
use super::super::references::{Reference, resolve};
use super::super::warning::WarningCode;
use super::pieces::Written;
use super::{Attribute, Binding, Element, Source};

impl<'a> Source<'a> {
    /// The inside of the start tag that was just read: name, then attributes.
    fn tag_content(&self, at: usize) -> &'a str {
        let inside = self
            .text
            .get(at + 1..self.offset.saturating_sub(1))
            .unwrap_or_default();
        inside.strip_suffix('/').unwrap_or(inside)
    }

    /// Opens an element that nobody will look into.
    #[inline]
    pub(super) fn open_unread(&mut self, at: usize, name: &'a str) -> Result<(), ManifestError> {
        let starts = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
        if !self.plain && !name.starts_with(starts) {
            return Err(self.syntax(
                at,
                "< starts no element here; the character is written &lt;",
            ));
        }
        self.open.push((at, name));
        if self.open.len() > self.limits.max_depth {
            return Err(ManifestError::TooDeep {
                at: self.position(at),
                limit: self.limits.max_depth,
            });
        }
        Ok(())
    }

    #[inline]
    pub(super) fn close(&mut self) {
        let depth = self.open.len();
        while self
            .bindings
            .last()
            .is_some_and(|binding| binding.depth == depth)
        {
            self.bindings.pop();
            self.known = None;
        }
        self.open.pop();
    }

    pub(super) fn start(&mut self, at: usize, name: &'a str) -> Result<Element<'a>, ManifestError> {
        self.open_unread(at, name)?;
        let mut attributes = std::mem::take(&mut self.attributes);
        attributes.clear();
        self.read_attributes(at, name, &mut attributes)?;
        // Only now, because a namespace may be declared behind the attributes that are in it.
        for attribute in &mut attributes {
            // An attribute without a prefix is in no namespace, whatever the default one is.
            if attribute.ns != Ns::None || attribute.local.len() == attribute.name.len() {
                continue;
            }
            attribute.ns = self.namespace(at, split(attribute.name).0);
            if attribute.ns == Ns::Xsi
                && attribute.local == "schemaLocation"
                && attribute.value.split_ascii_whitespace().count() % 2 == 1
            {
                self.warn(WarningCode::SchemaLocationOdd, at, "");
            }
        }
        self.attributes = attributes;
        self.started = at;
        let tag = match self.known {
            Some((known, tag)) if known == name => tag,
            _ => self.tag(at, name),
        };
        Ok(Element { tag, name, at })
    }

    fn tag(&mut self, at: usize, name: &'a str) -> Tag {
        let (prefix, local) = split(name);
        let ns = self.namespace(at, prefix);
        let (tag, right_case) = tag(ns, local);
        if !right_case {
            self.warn(WarningCode::WrongCase, at, name);
        } else {
            self.known = Some((name, tag));
        }
        if tag == Tag::Manifest && ns == Ns::None {
            self.warn(WarningCode::MissingNamespace, at, "");
            self.known = None;
        }
        tag
    }

    /// The attributes with their names as written.
    fn read_attributes(
        &mut self,
        at: usize,
        name: &'a str,
        found: &mut Vec<Attribute<'a>>,
    ) -> Result<(), ManifestError> {
        if self.plain {
            let written = std::mem::take(&mut self.written);
            for attribute in &written {
                self.read_attribute(at, attribute, found)?;
            }
            self.written = written;
        } else {
            // quick-xml would allocate a list of names for each element to find names that come twice.
            let mut written = attributes::Attributes::new(self.tag_content(at), name.len());
            for attribute in written.with_checks(false) {
                let attribute = attribute.map_err(|error| self.bad_attribute(at, &error))?;
                // Read from a text in memory, no value is a copy.
                if let Cow::Borrowed(value) = attribute.value {
                    let name = attribute.key.into_inner();
                    let refers = value.contains('&');
                    let attribute = Written {
                        name,
                        value,
                        refers,
                    };
                    self.read_attribute(at, &attribute, found)?;
                }
            }
        }
        if self.bindings.len() > self.limits.max_attributes {
            return Err(ManifestError::TooManyAttributes {
                at: self.position(at),
                limit: self.limits.max_attributes,
            });
        }
        Ok(())
    }

    /// One that declares a namespace is bound, and in none that anybody asks for.
    #[inline]
    fn read_attribute(
        &mut self,
        at: usize,
        written: &Written<'a>,
        found: &mut Vec<Attribute<'a>>,
    ) -> Result<(), ManifestError> {
        let name = written.name;
        if let Some(earlier) = found.iter().find(|earlier| earlier.name == name) {
            let content = self.tag_content(at);
            let offset = |name: &str| name.as_ptr().addr() - content.as_ptr().addr();
            let error = AttrError::Duplicated(offset(name), offset(earlier.name));
            return Err(self.bad_attribute(at, &error));
        }
        if found.len() == self.limits.max_attributes {
            return Err(ManifestError::TooManyAttributes {
                at: self.position(at),
                limit: self.limits.max_attributes,
            });
        }
        if written.value.len() > self.limits.max_attribute_length {
            return Err(ManifestError::AttributeTooLong {
                at: self.position(at),
                name: name.chars().take(100).collect(),
                limit: self.limits.max_attribute_length,
            });
        }
        let (prefix, local) = split(name);
        let mut attribute = Attribute {
            // Without a prefix it is in no namespace, whatever the default one is.
            ns: Ns::None,
            name,
            local,
            value: if written.refers {
                Cow::Owned(self.value(at, written.value)?)
            } else {
                Cow::Borrowed(written.value)
            },
        };
        if name == "xmlns" {
            attribute.ns = self.bind(at, "", &attribute.value());
        } else if prefix == "xmlns" {
            attribute.ns = self.bind(at, local, &attribute.value());
        }
        found.push(attribute);
        Ok(())
    }

    fn bad_attribute(&self, at: usize, error: &AttrError) -> ManifestError {
        let (AttrError::ExpectedEq(offset)
        | AttrError::ExpectedValue(offset)
        | AttrError::UnquotedValue(offset)
        | AttrError::ExpectedQuote(offset, _)
        | AttrError::Duplicated(offset, _)) = *error;
        self.syntax(
            at.saturating_add(1).saturating_add(offset),
            &error.to_string(),
        )
    }

    /// A value in which there are references: white space becomes spaces, then they become characters.
    fn value(&mut self, at: usize, raw: &str) -> Result<String, ManifestError> {
        let raw = spaces(raw);
        let mut value = String::with_capacity(raw.len());
        let mut rest = &*raw;
        while let Some(ampersand) = rest.find('&') {
            let (before, after) = rest.split_at(ampersand);
            value.push_str(before);
            let after = after.get(1..).unwrap_or_default();
            // Names of entities are short. A longer search, once for every bare ampersand, would be quadratic.
            let name = after
                .bytes()
                .take(72)
                .position(|b| b == b';')
                .and_then(|end| after.get(..end));
            match name.map_or(Reference::Bare, resolve) {
                Reference::Char(c) => {
                    value.push(c);
                    rest = after
                        .get(name.map_or(0, str::len) + 1..)
                        .unwrap_or_default();
                }
                Reference::Bare => {
                    self.warn(WarningCode::BareAmpersand, at, "");
                    value.push('&');
                    rest = after;
                }
                Reference::Unknown => return Err(self.unknown_entity(at, name.unwrap_or_default())),
                Reference::BadCharacter => {
                    return Err(self.bad_character(at, name.unwrap_or_default()));
                }
            }
        }
        value.push_str(rest);
        Ok(value)
    }

    /// Binds a prefix. Declarations themselves are in a namespace that nothing here reads.
    fn bind(&mut self, at: usize, prefix: &'a str, uri: &str) -> Ns {
        let mut understood = understand(uri.trim());
        if understood.ns == Ns::Other {
            // Some tools invent a URI. What they mean by it shows in the prefix, or in being the root's own.
            let meant = match prefix {
                "" if self.open.len() == 1 => Ns::Cp,
                _ => usual_prefix(prefix),
            };
            if matches!(
                meant,
                Ns::Cp | Ns::Adlcp | Ns::Imsss | Ns::Adlseq | Ns::Adlnav
            ) {
                understood.ns = meant;
                understood.exact = false;
            }
        }
        match understood.version {
            Some(Version::V12) => self.seen.0 = true,
            Some(Version::V2004) => self.seen.1 = true,
            None => {}
        }
        if !understood.exact {
            self.warn(WarningCode::NamespaceVariant, at, uri);
        }
        self.known = None;
        self.bindings.push(Binding {
            depth: self.open.len(),
            prefix,
            ns: understood.ns,
        });
        Ns::Other
    }

    fn namespace(&mut self, at: usize, prefix: &'a str) -> Ns {
        if let Some(binding) = self
            .bindings
            .iter()
            .rev()
            .find(|binding| binding.prefix == prefix)
        {
            return binding.ns;
        }
        if prefix.is_empty() {
            return Ns::None;
        }
        // The list stays short: what is not a usual prefix, nobody reads.
        let ns = usual_prefix(prefix);
        if !matches!(ns, Ns::Xml | Ns::Other) && !self.unbound.contains(&prefix) {
            self.unbound.push(prefix);
            self.warn(WarningCode::UnboundPrefix, at, prefix);
        }
        ns
    }
}

/// White space of a value as spaces (XML 1.0 section 3.3.3).
pub(super) fn spaces(raw: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'\t', b'\n', b'\r', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let spaces = raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
    Cow::Owned(spaces)
}

/// Prefix, empty if there is none, and local name. Names are short: a search by bytes beats a clever one.
fn split(name: &str) -> (&str, &str) {
    let Some(colon) = name.bytes().position(|b| b == b':') else {
        return ("", name);
    };
    let (prefix, local) = name.split_at(colon);
    (prefix, local.get(1..).unwrap_or_default())
}
