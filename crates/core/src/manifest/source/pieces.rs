//! What stands next in the text: a tag, characters, a reference, or an aside.
//!
//! Tags and characters are nearly all of a manifest, and found here. A start tag in its plain form, each attribute
//! in double quotes behind a name of ASCII, is taken apart on the way to its end. Start tags written otherwise,
//! comments, CDATA sections, processing instructions and the DOCTYPE are left to quick-xml, and so is what to say of
//! a tag that is none.

use quick_xml::Reader;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::Event;
use quick_xml::parser::{ElementParser, Parser};

use super::super::error::ManifestError;
use super::Source;

/// The next piece of the text.
pub(super) enum Piece<'a> {
    /// A start tag with this name. `<a/>` is a start and an end, as `<a></a>` is.
    Start(&'a str),
    /// The end of the element that was opened last.
    End,
    /// Characters without a reference.
    Text(&'a str),
    /// What stands between `&` and `;`.
    Reference(&'a str),
    /// `&` without a `;` before the next markup or reference, and what follows it up to there.
    Bare(&'a str),
    /// A comment, CDATA section, processing instruction, declaration or DOCTYPE.
    Aside(Event<'a>),
    /// Nothing follows.
    Eof,
}

/// An attribute of a plain start tag.
pub(super) struct Written<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Whether there is a `&` in the value.
    pub(super) refers: bool,
}

/// A start tag in its plain form.
struct Plain<'a> {
    name: &'a str,
    /// Bytes from `<` to `>`, both included.
    length: usize,
    empty: bool,
}

impl<'a> Source<'a> {
    /// Reads the next piece.
    pub(super) fn piece(&mut self) -> Result<Piece<'a>, ManifestError> {
        if self.empty {
            self.empty = false;
            return Ok(Piece::End);
        }
        let rest = self.text.get(self.offset..).unwrap_or_default();
        match rest.as_bytes() {
            [] => Ok(Piece::Eof),
            [b'<', b'/', ..] => self.end_tag(rest),
            [b'<', b'!' | b'?', ..] => self.aside(rest),
            [b'<', ..] => self.start_tag(rest),
            [b'&', after @ ..] => {
                let end = memchr::memchr3(b';', b'&', b'<', after).unwrap_or(after.len());
                if after.get(end) == Some(&b';') {
                    self.offset += end + 2;
                    return Ok(Piece::Reference(rest.get(1..=end).unwrap_or_default()));
                }
                self.offset += end + 1;
                Ok(Piece::Bare(rest.get(..=end).unwrap_or_default()))
            }
            bytes => {
                let end = memchr::memchr2(b'<', b'&', bytes).unwrap_or(bytes.len());
                self.offset += end;
                Ok(Piece::Text(rest.get(..end).unwrap_or_default()))
            }
        }
    }

    fn start_tag(&mut self, rest: &'a str) -> Result<Piece<'a>, ManifestError> {
        self.written.clear();
        let plain = plain(rest, self.limits.max_attributes, &mut self.written);
        self.plain = plain.is_some();
        if let Some(tag) = plain {
            self.offset += tag.length;
            self.empty = tag.empty;
            return Ok(Piece::Start(tag.name));
        }
        let inside = self.up_to_end(rest)?.get(1..).unwrap_or_default();
        let content = inside.strip_suffix('/');
        self.empty = content.is_some();
        let name = content.unwrap_or(inside).split(is_white).next();
        Ok(Piece::Start(name.unwrap_or_default()))
    }

    fn end_tag(&mut self, rest: &'a str) -> Result<Piece<'a>, ManifestError> {
        let expected = self.open.last().map(|&(_, name)| name);
        let name = rest.get(2..).unwrap_or_default();
        if let Some(expected) = expected
            && let Some(after) = name.strip_prefix(expected)
            && after.starts_with('>')
        {
            self.offset += expected.len() + 3;
            return Ok(Piece::End);
        }
        let at = self.offset;
        let found = self.up_to_end(rest)?.get(2..).unwrap_or_default();
        let found = found.trim_end_matches(is_white);
        if expected == Some(found) {
            return Ok(Piece::End);
        }
        let found = found.to_owned();
        let error = match expected {
            Some(expected) => IllFormedError::MismatchedEndTag {
                expected: expected.to_owned(),
                found,
            },
            None => IllFormedError::UnmatchedEndTag(found),
        };
        Err(self.ill_formed(at, &error.into()))
    }

    /// What stands before the `>` that ends the tag which `rest` starts with; moves behind it.
    fn up_to_end(&mut self, rest: &'a str) -> Result<&'a str, ManifestError> {
        let mut parser = ElementParser::default();
        match parser.feed(rest.as_bytes()) {
            Some(end) => {
                self.offset += end + 1;
                Ok(rest.get(..end).unwrap_or_default())
            }
            None => {
                let error: SyntaxError = parser.eof_error(rest.as_bytes());
                Err(self.ill_formed(self.offset, &error.into()))
            }
        }
    }

    fn aside(&mut self, rest: &'a str) -> Result<Piece<'a>, ManifestError> {
        let bytes = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
        let mut reader = Reader::from_str(rest);
        match reader.read_event() {
            Ok(event) => {
                self.offset += bytes(reader.buffer_position());
                Ok(Piece::Aside(event))
            }
            Err(error) => {
                let at = self.offset.saturating_add(bytes(reader.error_position()));
                Err(self.ill_formed(at, &error))
            }
        }
    }
}

/// Takes a start tag in its plain form apart: name, then names and values of at most `most` attributes into `written`.
fn plain<'a>(rest: &'a str, most: usize, written: &mut Vec<Written<'a>>) -> Option<Plain<'a>> {
    let bytes = rest.as_bytes();
    let end = name_end(bytes, 1)?;
    let name = rest.get(1..end)?;
    let mut at = end;
    loop {
        let behind = at;
        while matches!(bytes.get(at)?, b' ' | b'\t' | b'\n' | b'\r') {
            at += 1;
        }
        let empty = match bytes.get(at..)? {
            [b'>', ..] => false,
            [b'/', b'>', ..] => true,
            _ if at == behind || written.len() == most => return None,
            _ => {
                let end = name_end(bytes, at)?;
                let [b'=', b'"', value @ ..] = bytes.get(end..)? else {
                    return None;
                };
                let mut length = memchr::memchr2(b'"', b'&', value)?;
                let refers = value.get(length) == Some(&b'&');
                if refers {
                    length += memchr::memchr(b'"', value.get(length..)?)?;
                }
                written.push(Written {
                    name: rest.get(at..end)?,
                    value: rest.get(end + 2..end + 2 + length)?,
                    refers,
                });
                at = end + length + 3;
                continue;
            }
        };
        return Some(Plain {
            name,
            length: at + if empty { 2 } else { 1 },
            empty,
        });
    }
}

/// The characters of a plain name: those of ASCII that names may have. A table, because every name is read by byte.
const IN_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut bytes: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:-.";
    while let [first, rest @ ..] = bytes {
        #[allow(clippy::indexing_slicing, reason = "computed by the compiler")]
        {
            table[*first as usize] = true;
        }
        bytes = rest;
    }
    table
};

/// Where the name ends that starts at `start`; `None` if no plain name does.
fn name_end(bytes: &[u8], start: usize) -> Option<usize> {
    let name = bytes.get(start..)?;
    if !name.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let ends = |&b: &u8| !IN_NAME.get(usize::from(b)).is_some_and(|&is| is);
    Some(start + name.iter().position(ends)?)
}

/// White space of XML 1.0 section 2.3.
fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
