//! The manifest as a stream of elements, with positions, limits, namespaces and references.
//!
//! Callers walk it by recursion: [`Source::child`] gives the next child of the element that is open, and must be
//! followed by reading that child to its end ([`Source::text`], [`Source::skip`] or further [`Source::child`] calls).

mod pieces;
mod tags;

use std::borrow::Cow;

use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesText, Event};

use super::Limits;
use super::error::{ManifestError, Position};
use super::model::Version;
use super::names::{Ns, Tag};
use super::references::{Reference, resolve};
use super::warning::{Warning, WarningCode, Warnings};
use pieces::{Piece, Written};

/// One attribute. Its value is owned where references were resolved; as written otherwise, line ends and tabs included.
#[derive(Debug)]
struct Attribute<'a> {
    ns: Ns,
    /// As written, prefix included.
    name: &'a str,
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
    text: &'a str,
    /// How much of the text was read.
    offset: usize,
    limits: &'a Limits,
    /// Offset and name of every open element.
    open: Vec<(usize, &'a str)>,
    /// Whether the last start tag was a plain one, with these attributes. One list for all elements, as each would
    /// need one of its own.
    plain: bool,
    written: Vec<Written<'a>>,
    /// Of the element that was started last.
    attributes: Vec<Attribute<'a>>,
    /// Offset of that element.
    started: usize,
    bindings: Vec<Binding<'a>>,
    /// The name that was looked up last, and what it means as long as the bindings stay: elements of one kind come
    /// together.
    known: Option<(&'a str, Tag)>,
    unbound: Vec<&'a str>,
    warnings: Warnings,
    /// Whether namespaces of SCORM 1.2 and of SCORM 2004 were declared.
    seen: (bool, bool),
    /// Whether the element that was opened last is an empty one, whose end nothing in the text announces.
    empty: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            text,
            offset: 0,
            limits,
            open: Vec::new(),
            plain: false,
            written: Vec::new(),
            attributes: Vec::new(),
            started: 0,
            bindings: Vec::new(),
            known: None,
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
            let at = self.offset;
            match self.piece()? {
                Piece::Start(name) => {
                    let element = self.start(at, name)?;
                    if element.tag == Tag::Manifest {
                        return Ok(element);
                    }
                    let found = element.name.chars().take(100).collect();
                    return Err(ManifestError::NotManifest {
                        at: self.position(at),
                        found,
                    });
                }
                Piece::Aside(Event::DocType(_)) => self.warn(WarningCode::DoctypeIgnored, at, ""),
                Piece::Eof => return Err(ManifestError::Empty),
                Piece::Text(text) if is_blank(text) => {}
                Piece::Text(_)
                | Piece::Reference(_)
                | Piece::Bare(_)
                | Piece::End
                | Piece::Aside(Event::CData(_)) => {
                    return Err(self.syntax(at, "text where <manifest> should start"));
                }
                Piece::Aside(_) => {}
            }
        }
    }

    /// Makes sure that only white space, comments and processing instructions follow the root.
    pub(super) fn end(&mut self) -> Result<(), ManifestError> {
        loop {
            let at = self.offset;
            match self.piece()? {
                Piece::Eof => return Ok(()),
                Piece::Text(text) if is_blank(text) => {}
                Piece::Aside(Event::Comment(_) | Event::PI(_)) => {}
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
            let at = self.offset;
            match self.piece()? {
                Piece::Start(name) => return self.start(at, name).map(Some),
                Piece::End => {
                    self.close();
                    return Ok(None);
                }
                Piece::Eof => return Err(self.truncated()),
                _ => {}
            }
        }
    }

    /// The text of the element that was opened last, up to its end, as written; empty if it is only white space.
    /// Elements inside are skipped.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>, ManifestError> {
        let started = self.offset;
        let mut text = Cow::Borrowed("");
        loop {
            let at = self.offset;
            match self.piece()? {
                Piece::Start(name) => {
                    self.open_unread(at, name)?;
                    self.skip()?;
                }
                Piece::End => {
                    self.close();
                    return Ok(if is_blank(&text) { "".into() } else { text });
                }
                Piece::Eof => return Err(self.truncated()),
                Piece::Text(part) => self.append(&mut text, line_ends(part)),
                Piece::Bare(part) => {
                    self.warn(WarningCode::BareAmpersand, at, "");
                    self.append(&mut text, line_ends(part));
                }
                Piece::Aside(Event::CData(part)) => self.append(&mut text, part.xml10_content()),
                Piece::Reference(name) => match resolve(name) {
                    Reference::Char(c) => self.append(&mut text, Cow::Owned(c.into())),
                    // A bare & far before a ; looks like a reference.
                    Reference::Bare => {
                        self.warn(WarningCode::BareAmpersand, at, "");
                        for part in ["&", name, ";"] {
                            self.append(&mut text, Cow::Borrowed(part));
                        }
                    }
                    Reference::Unknown => return Err(self.unknown_entity(at, name)),
                    Reference::BadCharacter => return Err(self.bad_character(at, name)),
                },
                Piece::Aside(_) => {}
            }
            if text.len() > self.limits.max_text_length {
                return Err(ManifestError::TextTooLong {
                    at: self.position(started),
                    limit: self.limits.max_text_length,
                });
            }
        }
    }

    fn append(&self, text: &mut Cow<'a, str>, part: Cow<'a, str>) {
        match text {
            _ if text.is_empty() => *text = part,
            Cow::Owned(text) => text.push_str(&part),
            Cow::Borrowed(before) => {
                // Most texts end at the next markup: room for all of it, and no more.
                let ahead = self.text.as_bytes().get(self.offset..).unwrap_or_default();
                let ahead = memchr::memchr(b'<', ahead).unwrap_or(0);
                let mut owned = String::with_capacity(before.len() + part.len() + ahead);
                owned.push_str(before);
                owned.push_str(&part);
                *text = Cow::Owned(owned);
            }
        }
    }

    /// Reads past the end of the element that was opened last.
    pub(super) fn skip(&mut self) -> Result<(), ManifestError> {
        if std::mem::take(&mut self.empty) {
            self.close();
            return Ok(());
        }
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside {
            let at = self.offset;
            match self.piece()? {
                Piece::Start(name) => self.open_unread(at, name)?,
                Piece::End => self.close(),
                Piece::Eof => return Err(self.truncated()),
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
            return Some(found.value());
        }
        let found = self
            .attributes
            .iter()
            .filter(of)
            .find(|a| a.local.eq_ignore_ascii_case(name))?;
        let (local, value) = (found.local, found.value());
        // SCORM 1.2 and 2004 write these two differently.
        if !matches!(
            local,
            "scormtype" | "scormType" | "persistState" | "persiststate"
        ) {
            self.warn(WarningCode::WrongCase, element.at, local);
        }
        Some(value)
    }

    fn ill_formed(&self, at: usize, error: &quick_xml::Error) -> ManifestError {
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

impl<'a> Attribute<'a> {
    /// White space is spaces (XML 1.0 section 3.3.3), unless a character reference brought it in.
    fn value(&self) -> Cow<'a, str> {
        match self.value {
            Cow::Borrowed(raw) => tags::spaces(raw),
            Cow::Owned(_) => self.value.clone(),
        }
    }
}

/// Line ends as XML 1.0 section 2.11 has them.
fn line_ends(text: &str) -> Cow<'_, str> {
    BytesText::from_escaped(text).xml10_content()
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_whitespace())
}
