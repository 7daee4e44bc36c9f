//! The manifest as a stream of elements: quick-xml below, positions, limits, namespaces and references on top.
//!
//! Callers walk it by recursion: [`Source::child`] gives the next child of the element that is open, and must be
//! followed by reading that child to its end ([`Source::text`], [`Source::skip`] or further [`Source::child`] calls).

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::SyntaxError;
use quick_xml::events::Event;
use quick_xml::events::attributes::{AttrError, Attributes};

use super::Limits;
use super::error::{ManifestError, Position};
use super::model::Version;
use super::names::{Ns, Tag, tag, understand, usual_prefix};
use super::references::{Reference, resolve};
use super::warning::{Warning, WarningCode, Warnings};

/// One attribute, its value unescaped.
#[derive(Debug)]
struct Attribute<'a> {
    ns: Ns,
    local: &'a str,
    value: Cow<'a, str>,
}

/// A start tag.
#[derive(Debug)]
pub(super) struct Element<'a> {
    /// What it is.
    pub(super) tag: Tag,
    /// Its name as written, prefix included.
    pub(super) name: &'a str,
    /// Byte offset of its `<`.
    pub(super) at: usize,
    attributes: Vec<Attribute<'a>>,
}

struct Binding<'a> {
    depth: usize,
    prefix: &'a str,
    ns: Ns,
}

/// A manifest being read.
pub(super) struct Source<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    limits: &'a Limits,
    /// Offset and name of every open element.
    open: Vec<(usize, &'a str)>,
    bindings: Vec<Binding<'a>>,
    unbound: Vec<&'a str>,
    warnings: Warnings,
    /// Whether namespaces of SCORM 1.2 and of SCORM 2004 were declared.
    seen: (bool, bool),
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self {
            reader,
            text,
            limits,
            open: Vec::new(),
            bindings: Vec::new(),
            unbound: Vec::new(),
            warnings: Warnings::default(),
            seen: (false, false),
        }
    }

    pub(super) fn limits(&self) -> &'a Limits {
        self.limits
    }

    pub(super) fn warn(&mut self, code: WarningCode, at: usize, subject: &str) {
        self.warnings
            .push(self.limits.max_warnings, code, at, subject);
    }

    pub(super) fn position(&self, offset: usize) -> Position {
        Position::of(self.text, offset)
    }

    /// The version that the namespaces speak for; `None` if they are silent or speak for both.
    pub(super) fn version_by_namespace(&self) -> Option<Version> {
        match self.seen {
            (true, false) => Some(Version::V12),
            (false, true) => Some(Version::V2004),
            _ => None,
        }
    }

    pub(super) fn finish(self) -> (Vec<Warning>, u32) {
        self.warnings.finish(self.text)
    }

    /// The root element, if it is a `<manifest>`.
    pub(super) fn root(&mut self) -> Result<Element<'a>, ManifestError> {
        loop {
            let at = self.offset();
            match self.event()? {
                Event::Start(_) => {
                    let element = self.start(at)?;
                    if element.tag == Tag::Manifest {
                        return Ok(element);
                    }
                    let found = element.name.chars().take(100).collect();
                    return Err(ManifestError::NotManifest {
                        at: self.position(at),
                        found,
                    });
                }
                Event::DocType(_) => self.warn(WarningCode::DoctypeIgnored, at, ""),
                Event::Eof => return Err(ManifestError::Empty),
                Event::Text(text) if is_blank(&text) => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) | Event::End(_) => {
                    return Err(self.syntax(at, "text where <manifest> should start"));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
            }
        }
    }

    /// Makes sure that only white space, comments and processing instructions follow the root.
    pub(super) fn end(&mut self) -> Result<(), ManifestError> {
        loop {
            let at = self.offset();
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Text(text) if is_blank(&text) => {}
                Event::Comment(_) | Event::PI(_) => {}
                _ => {
                    return Err(ManifestError::ContentAfterManifest {
                        at: self.position(at),
                    });
                }
            }
        }
    }

    /// The next child of the element that was opened last; `None` when that one is closed.
    pub(super) fn child(&mut self) -> Result<Option<Element<'a>>, ManifestError> {
        loop {
            let at = self.offset();
            match self.event()? {
                Event::Start(_) => return self.start(at).map(Some),
                Event::End(_) => {
                    self.close();
                    return Ok(None);
                }
                Event::Eof => return Err(self.truncated()),
                _ => {}
            }
        }
    }

    /// The text of the element that was opened last, up to its end, as written; empty if it is only white space.
    /// Elements inside are skipped.
    pub(super) fn text(&mut self) -> Result<String, ManifestError> {
        let started = self.offset();
        let mut text = String::new();
        loop {
            let at = self.offset();
            match self.event()? {
                Event::Start(_) => {
                    self.open_unread(at)?;
                    self.skip()?;
                }
                Event::End(_) => {
                    self.close();
                    return Ok(if is_blank(&text) { String::new() } else { text });
                }
                Event::Eof => return Err(self.truncated()),
                Event::Text(part) => {
                    if part.contains('&') {
                        self.warn(WarningCode::BareAmpersand, at, "");
                    }
                    text.push_str(&part.xml10_content());
                }
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name: &str = &reference;
                    match resolve(name) {
                        Reference::Char(c) => text.push(c),
                        // A bare & far before a ; looks like a reference to quick-xml.
                        Reference::Bare => {
                            self.warn(WarningCode::BareAmpersand, at, "");
                            text.push('&');
                            text.push_str(name);
                            text.push(';');
                        }
                        Reference::Unknown => return Err(self.unknown_entity(at, name)),
                        Reference::BadCharacter => return Err(self.bad_character(at, name)),
                    }
                }
                _ => {}
            }
            if text.len() > self.limits.max_text_length {
                return Err(ManifestError::TextTooLong {
                    at: self.position(started),
                    limit: self.limits.max_text_length,
                });
            }
        }
    }

    /// Reads past the end of the element that was opened last.
    pub(super) fn skip(&mut self) -> Result<(), ManifestError> {
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside {
            let at = self.offset();
            match self.event()? {
                Event::Start(_) => self.open_unread(at)?,
                Event::End(_) => self.close(),
                Event::Eof => return Err(self.truncated()),
                _ => {}
            }
        }
        Ok(())
    }

    /// An attribute's value. `name` is the standard's; the wrong case is accepted with a warning.
    pub(super) fn attribute<'e>(
        &mut self,
        element: &'e Element<'a>,
        ns: Ns,
        name: &str,
    ) -> Option<&'e str> {
        if let Some(found) = element
            .attributes
            .iter()
            .find(|a| a.ns == ns && a.local == name)
        {
            return Some(&found.value);
        }
        let found = element
            .attributes
            .iter()
            .find(|a| a.ns == ns && a.local.eq_ignore_ascii_case(name))?;
        // SCORM 1.2 and 2004 write these two differently.
        if !matches!(
            found.local,
            "scormtype" | "scormType" | "persistState" | "persiststate"
        ) {
            self.warn(WarningCode::WrongCase, element.at, found.local);
        }
        Some(&found.value)
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn event(&mut self) -> Result<Event<'a>, ManifestError> {
        self.reader.read_event().map_err(|error| {
            let at = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
            // The file ends inside a tag or comment: it was cut off. Inside a quoted value a forgotten quote is as
            // likely, and the place tells.
            let quoted = matches!(
                error,
                quick_xml::Error::Syntax(
                    SyntaxError::UnclosedSingleQuotedAttributeValue
                        | SyntaxError::UnclosedDoubleQuotedAttributeValue
                )
            );
            if matches!(error, quick_xml::Error::Syntax(_)) && !quoted && !self.open.is_empty() {
                return self.truncated();
            }
            self.syntax(at, &error.to_string())
        })
    }

    fn syntax(&self, at: usize, detail: &str) -> ManifestError {
        ManifestError::Syntax {
            at: self.position(at),
            detail: detail.chars().take(300).collect(),
        }
    }

    fn truncated(&self) -> ManifestError {
        let (at, element) = self.open.last().copied().unwrap_or((0, ""));
        ManifestError::Truncated {
            at: self.position(at),
            element: element.chars().take(100).collect(),
        }
    }

    fn unknown_entity(&self, at: usize, name: &str) -> ManifestError {
        ManifestError::UnknownEntity {
            at: self.position(at),
            name: name.chars().take(100).collect(),
        }
    }

    fn bad_character(&self, at: usize, name: &str) -> ManifestError {
        ManifestError::BadCharacterReference {
            at: self.position(at),
            reference: name.chars().take(100).collect(),
        }
    }

    /// The inside of the start tag that was just read: name, then attributes.
    fn tag_content(&self, at: usize) -> &'a str {
        let inside = self
            .text
            .get(at + 1..self.offset().saturating_sub(1))
            .unwrap_or_default();
        inside.strip_suffix('/').unwrap_or(inside)
    }

    /// Opens an element that nobody will look into.
    fn open_unread(&mut self, at: usize) -> Result<(), ManifestError> {
        let content = self.tag_content(at);
        let length = content
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(content.len());
        let name = content.get(..length).unwrap_or_default();
        if !name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) {
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

    fn close(&mut self) {
        let depth = self.open.len();
        while self
            .bindings
            .last()
            .is_some_and(|binding| binding.depth == depth)
        {
            self.bindings.pop();
        }
        self.open.pop();
    }

    fn start(&mut self, at: usize) -> Result<Element<'a>, ManifestError> {
        self.open_unread(at)?;
        let name = self.open.last().map_or("", |&(_, name)| name);
        let raw = self.attributes(at, name)?;
        for (key, value) in &raw {
            if let Some(prefix) = if *key == "xmlns" {
                Some("")
            } else {
                key.strip_prefix("xmlns:")
            } {
                self.bind(at, prefix, value);
            }
        }
        if self.bindings.len() > self.limits.max_attributes {
            return Err(ManifestError::TooManyAttributes {
                at: self.position(at),
                limit: self.limits.max_attributes,
            });
        }
        let mut attributes = Vec::with_capacity(raw.len());
        for (key, value) in raw {
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            // An attribute without a prefix is in no namespace, whatever the default one is.
            let (ns, local) = match key.split_once(':') {
                Some((prefix, local)) => (self.namespace(at, prefix), local),
                None => (Ns::None, key),
            };
            if ns == Ns::Xsi
                && local == "schemaLocation"
                && value.split_ascii_whitespace().count() % 2 == 1
            {
                self.warn(WarningCode::SchemaLocationOdd, at, "");
            }
            attributes.push(Attribute { ns, local, value });
        }
        let (ns, local) = match name.split_once(':') {
            Some((prefix, local)) => (self.namespace(at, prefix), local),
            None => (self.namespace(at, ""), name),
        };
        let (tag, right_case) = tag(ns, local);
        if !right_case {
            self.warn(WarningCode::WrongCase, at, name);
        }
        if tag == Tag::Manifest && ns == Ns::None {
            self.warn(WarningCode::MissingNamespace, at, "");
        }
        Ok(Element {
            tag,
            name,
            at,
            attributes,
        })
    }

    fn attributes(
        &mut self,
        at: usize,
        name: &'a str,
    ) -> Result<Vec<(&'a str, Cow<'a, str>)>, ManifestError> {
        let mut found = Vec::new();
        for attribute in Attributes::new(self.tag_content(at), name.len()) {
            let attribute = attribute.map_err(|error| self.bad_attribute(at, &error))?;
            let key = attribute.key.into_inner();
            if found.len() == self.limits.max_attributes {
                return Err(ManifestError::TooManyAttributes {
                    at: self.position(at),
                    limit: self.limits.max_attributes,
                });
            }
            if attribute.value.len() > self.limits.max_attribute_length {
                return Err(ManifestError::AttributeTooLong {
                    at: self.position(at),
                    name: key.chars().take(100).collect(),
                    limit: self.limits.max_attribute_length,
                });
            }
            found.push((key, self.value(at, attribute.value)?));
        }
        Ok(found)
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

    /// White space becomes spaces (XML 1.0 section 3.3.3), references become characters.
    fn value(&mut self, at: usize, raw: Cow<'a, str>) -> Result<Cow<'a, str>, ManifestError> {
        if !raw.contains(['&', '\t', '\n', '\r']) {
            return Ok(raw);
        }
        let raw = raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
        let mut value = String::with_capacity(raw.len());
        let mut rest = raw.as_str();
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
        Ok(Cow::Owned(value))
    }

    fn bind(&mut self, at: usize, prefix: &'a str, uri: &str) {
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
        self.bindings.push(Binding {
            depth: self.open.len(),
            prefix,
            ns: understood.ns,
        });
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

fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_whitespace())
}
