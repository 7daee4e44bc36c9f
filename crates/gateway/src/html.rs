//! Just enough HTML: which encoding a document is in, and which start tags it has.
//!
//! This reads tags as the HTML standard's tokenizer does (section 13.2.5) in all that decides where a tag begins and
//! ends: comments, quoted attributes, and elements whose content is text. It builds no tree and changes nothing.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far into a document its own declaration of encoding may be (HTML, section 13.2.3.2).
const PRESCAN_BYTES: usize = 1024;
/// Attributes kept of one tag; the rest is skipped.
const MAX_ATTRIBUTES: usize = 64;

/// The text of a document and the encoding it was in, found as a browser finds it: byte order mark, HTTP, `meta`; and
/// where all are silent, UTF-8 if it is that, else Windows-1252.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    http_charset: Option<&str>,
) -> (Cow<'a, str>, &'static Encoding) {
    let told = http_charset
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .or_else(|| declared(bytes));
    let encoding = told.unwrap_or(if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    });
    // A byte order mark beats them all; it is found and removed in here.
    let (text, encoding, _) = encoding.decode(bytes);
    (text, encoding)
}

/// What `meta` says (HTML, section 13.2.3.2, "prescan a byte stream").
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..PRESCAN_BYTES).unwrap_or(bytes);
    let encoding = Tags::new(start)
        .filter(|tag| tag.name == "meta")
        .find_map(|tag| {
            let label = match tag.attribute("charset") {
                Some(label) => label.to_owned(),
                None if tag
                    .attribute("http-equiv")
                    .is_some_and(|v| v.eq_ignore_ascii_case("content-type")) =>
                {
                    let content = tag.attribute("content")?.to_ascii_lowercase();
                    let (_, label) = content.split_once("charset")?;
                    let label = label.trim_start().strip_prefix('=')?;
                    label
                        .split(';')
                        .next()?
                        .trim()
                        .trim_matches(['"', '\''])
                        .to_owned()
                }
                None => return None,
            };
            Encoding::for_label(label.as_bytes())
        })?;
    // Read as ASCII to get here, so it can be neither of these.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    })
}

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// In lower case.
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    /// What is between start and end tag, of elements that hold text only.
    pub(crate) text: &'a [u8],
}

impl Tag<'_> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}

/// All start tags of a document, in order.
pub(crate) struct Tags<'a> {
    rest: &'a [u8],
}

impl<'a> Tags<'a> {
    pub(crate) fn new(document: &'a [u8]) -> Self {
        Self { rest: document }
    }

    fn skip_past(&mut self, end: &[u8]) {
        let at = find(self.rest, end).map_or(self.rest.len(), |at| at + end.len());
        self.rest = self.rest.get(at..).unwrap_or_default();
    }

    fn take_while(&mut self, keep: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self
            .rest
            .iter()
            .position(|&byte| !keep(byte))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        self.rest = rest;
        taken
    }

    /// The attributes up to and including the `>` that ends the tag.
    fn attributes(&mut self) -> Vec<(String, String)> {
        let mut attributes = Vec::new();
        loop {
            self.take_while(|byte| byte.is_ascii_whitespace() || byte == b'/');
            match self.rest.split_first() {
                None => return attributes,
                Some((b'>', rest)) => {
                    self.rest = rest;
                    return attributes;
                }
                Some(_) => {}
            }
            let mut name = self.take_while(|byte| {
                !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'=')
            });
            if name.is_empty() {
                // An equals sign with nothing before it begins a name.
                name = self.take_while(|byte| byte == b'=');
            }
            self.take_while(|byte| byte.is_ascii_whitespace());
            let value = match self.rest.split_first() {
                Some((b'=', rest)) => {
                    self.rest = rest;
                    self.value()
                }
                _ => &[],
            };
            if attributes.len() < MAX_ATTRIBUTES {
                attributes.push((lower(name), String::from_utf8_lossy(value).into_owned()));
            }
        }
    }

    fn value(&mut self) -> &'a [u8] {
        self.take_while(|byte| byte.is_ascii_whitespace());
        match self.rest.split_first() {
            Some((quote @ (b'"' | b'\''), rest)) => {
                self.rest = rest;
                let value = self.take_while(|byte| byte != *quote);
                self.rest = self.rest.get(1..).unwrap_or_default();
                value
            }
            _ => self.take_while(|byte| !byte.is_ascii_whitespace() && byte != b'>'),
        }
    }

    /// The text up to the end tag of `name`, which stays in place.
    fn text(&mut self, name: &str) -> &'a [u8] {
        let mut from = 0;
        while let Some(at) = self.rest.get(from..).and_then(|rest| find(rest, b"</")) {
            let start = from + at;
            let after = self.rest.get(start + 2..).unwrap_or_default();
            let ends = after
                .get(..name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
                && after
                    .get(name.len())
                    .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
            if ends {
                let (text, rest) = self.rest.split_at_checked(start).unwrap_or_default();
                self.rest = rest;
                return text;
            }
            from = start + 2;
        }
        std::mem::take(&mut self.rest)
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            self.skip_past(b"<");
            match self.rest {
                [] => return None,
                [b'!', b'-', b'-', rest @ ..] => {
                    // `<!-->` and `<!--->` are whole comments.
                    self.rest = rest;
                    if let [b'>', rest @ ..] | [b'-', b'>', rest @ ..] = rest {
                        self.rest = rest;
                    } else {
                        self.skip_past(b"-->");
                    }
                }
                [b'!' | b'?' | b'/', ..] => self.skip_past(b">"),
                [letter, ..] if letter.is_ascii_alphabetic() => {
                    let name = lower(self.take_while(|byte| {
                        !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>')
                    }));
                    let attributes = self.attributes();
                    let text = if holds_text(&name) {
                        self.text(&name)
                    } else {
                        &[]
                    };
                    return Some(Tag {
                        name,
                        attributes,
                        text,
                    });
                }
                _ => {}
            }
        }
    }
}

/// Elements whose content has no tags, in a browser that runs scripts (HTML, section 13.2.6.4).
fn holds_text(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "textarea"
            | "title"
            | "xmp"
            | "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
    )
}

fn lower(name: &[u8]) -> String {
    String::from_utf8_lossy(name).to_ascii_lowercase()
}

/// Where `needle` is in `haystack`.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(document: &str) -> Vec<String> {
        Tags::new(document.as_bytes()).map(|tag| tag.name).collect()
    }

    #[test]
    fn tags_are_those_a_browser_sees() {
        for (document, tags) in [
            ("<!doctype html><HTML><Body>", vec!["html", "body"]),
            ("a < b <1> <p>", vec!["p"]),
            ("<!-- <iframe> --><p>", vec!["p"]),
            ("<!--><iframe>", vec!["iframe"]),
            ("<script>'<iframe>'</script><p>", vec!["script", "p"]),
            ("<script>'</scripts>'<i></SCRIPT ><p>", vec!["script", "p"]),
            (
                "<title><frame></title><p title='<frame>'>",
                vec!["title", "p"],
            ),
            ("<noscript><iframe></noscript>", vec!["noscript"]),
            ("<p title=\"a>b\"><br/>", vec!["p", "br"]),
            ("<p a=b>c><i>", vec!["p", "i"]),
            ("<?php <i> ?><p", vec!["p"]),
            ("</p><p", vec!["p"]),
            ("<script>never closed <p>", vec!["script"]),
        ] {
            assert_eq!(names(document), tags, "{document}");
        }
    }

    #[test]
    fn attributes_are_read_in_every_notation() {
        let tag = Tags::new(b"<A HREF = 'x y' b=c d =\"e\" f/>")
            .next()
            .unwrap();
        for (name, value) in [("href", "x y"), ("b", "c"), ("d", "e"), ("f", "")] {
            assert_eq!(tag.attribute(name), Some(value), "{name}");
        }
        assert_eq!(tag.attribute("g"), None);
    }

    #[test]
    fn the_encoding_is_the_one_a_browser_would_choose() {
        let cases: [(&[u8], Option<&str>, &str, &str); 11] = [
            (b"\xef\xbb\xbf\xc3\xa9", Some("shift_jis"), "é", "UTF-8"),
            (b"\xff\xfee\0", None, "e", "UTF-16LE"),
            (b"\xe9", Some("iso-8859-1"), "é", "windows-1252"),
            (
                b"<meta charset=utf-8>\xe9",
                Some("iso-8859-1"),
                "<meta charset=utf-8>é",
                "windows-1252",
            ),
            (
                b"<meta charset='shift_jis'>\x83\x41",
                None,
                "<meta charset='shift_jis'>ア",
                "Shift_JIS",
            ),
            (
                b"<META http-equiv=Content-Type content='text/html; charset = koi8-r'>\xc1",
                None,
                "<META http-equiv=Content-Type content='text/html; charset = koi8-r'>а",
                "KOI8-R",
            ),
            (
                b"<!--<meta charset=koi8-r>-->\xe9",
                None,
                "<!--<meta charset=koi8-r>-->é",
                "windows-1252",
            ),
            (
                b"<meta charset=utf-16>\xc3\xa9",
                None,
                "<meta charset=utf-16>é",
                "UTF-8",
            ),
            (b"\xc3\xa9", None, "é", "UTF-8"),
            (b"\xe9", None, "é", "windows-1252"),
            (b"\xe9", Some("no such encoding"), "é", "windows-1252"),
        ];
        for (bytes, http, text, encoding) in cases {
            let (found, by) = decode(bytes, http);
            assert_eq!((found.as_ref(), by.name()), (text, encoding));
        }
    }

    proptest! {
        /// Any input is read to its end, and no tag is made of nothing.
        #[test]
        fn reading_always_ends(document in "(<|>|!|-|/|=|'|\"|script|meta|charset| |\\PC){0,64}") {
            for tag in Tags::new(document.as_bytes()) {
                prop_assert!(!tag.name.is_empty());
            }
            let _ = decode(document.as_bytes(), None);
        }
    }
}
