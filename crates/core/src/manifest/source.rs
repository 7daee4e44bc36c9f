//! The manifest as a stream of elements: quick-xml below, positions, limits, namespaces and references on top.
//!
//! Callers walk it by recursion: [`Source::child`] gives the next child of the element that is open, and must be
//! followed by reading that child to its end ([`Source::text`], [`Source::skip`] or further [`Source::child`] calls).

mod tags;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesEnd, Event};

use super::Limits;
use super::error::{ManifestError, Position};
use super::model::Version;
use super::names::{Ns, Tag};
use super::references::{Reference, resolve};
use super::warning::{Warning, WarningCode, Warnings};

/// One attribute, its value unescaped.
#[derive(Debug)]
struct Attribute<'a> {
    ns: Ns,
    local: &'a str,
    value: Cow<'a, str>,
}

/// A start tag. Its attributes can be asked for until the next child is read.
#[derive(Debug)]
pub(super) struct Element<'a> {
    /// What it is.
    pub(super) tag: Tag,
    /// Its name as written, prefix included.
    pub(super) name: &'a str,
    /// Byte offset of its `<`.
    pub(super) at: usize,
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
    /// Of the element that was started last: one list for all elements, as each would need one of its own.
    attributes: Vec<Attribute<'a>>,
    /// Offset of that element.
    started: usize,
    bindings: Vec<Binding<'a>>,
    unbound: Vec<&'a str>,
    warnings: Warnings,
    /// Whether namespaces of SCORM 1.2 and of SCORM 2004 were declared.
    seen: (bool, bool),
    /// Whether the element that was opened last is an empty one, whose end nothing in the text announces.
    empty: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        Self {
            reader,
            text,
            limits,
            open: Vec::new(),
            attributes: Vec::new(),
            started: 0,
            bindings: Vec::new(),
            unbound: Vec::new(),
            warnings: Warnings::default(),
            seen: (false, false),
            empty: false,
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
                Event::Start(tag) => {
                    let element = self.start(at, tag.name().as_ref().len())?;
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
                Event::Start(tag) => return self.start(at, tag.name().as_ref().len()).map(Some),
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
                Event::Start(tag) => {
                    self.open_unread(at, tag.name().as_ref().len())?;
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
                Event::Start(tag) => self.open_unread(at, tag.name().as_ref().len())?,
                Event::End(_) => self.close(),
                Event::Eof => return Err(self.truncated()),
                _ => {}
            }
        }
        Ok(())
    }

    /// An attribute's value. `name` is the standard's; the wrong case is accepted with a warning.
    pub(super) fn attribute(
        &mut self,
        element: &Element<'a>,
        ns: Ns,
        name: &str,
    ) -> Option<Cow<'a, str>> {
        debug_assert_eq!(self.started, element.at, "its attributes are gone");
        let of = |a: &&Attribute<'a>| a.ns == ns;
        if let Some(found) = self.attributes.iter().filter(of).find(|a| a.local == name) {
            return Some(found.value.clone());
        }
        let found = self
            .attributes
            .iter()
            .filter(of)
            .find(|a| a.local.eq_ignore_ascii_case(name))?;
        let (local, value) = (found.local, found.value.clone());
        // SCORM 1.2 and 2004 write these two differently.
        if !matches!(
            local,
            "scormtype" | "scormType" | "persistState" | "persiststate"
        ) {
            self.warn(WarningCode::WrongCase, element.at, local);
        }
        Some(value)
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The next event. `<a/>` is a start and an end, as `<a></a>` is: quick-xml would do the same, but allocates the
    /// name for each, and the files of a large manifest are all of that kind.
    fn event(&mut self) -> Result<Event<'a>, ManifestError> {
        if std::mem::take(&mut self.empty) {
            return Ok(Event::End(BytesEnd::new("")));
        }
        match self.reader.read_event() {
            Ok(Event::Empty(start)) => {
                self.empty = true;
                Ok(Event::Start(start))
            }
            Ok(event) => Ok(event),
            Err(error) => Err(self.ill_formed(&error)),
        }
    }

    fn ill_formed(&self, error: &quick_xml::Error) -> ManifestError {
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
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_whitespace())
}
