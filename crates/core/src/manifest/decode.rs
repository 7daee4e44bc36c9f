//! From bytes to text: BOM, then the look of the first bytes, then the XML declaration (XML 1.0 appendix F).
//!
//! Must never guess from the language of the text: what is declared counts, and UTF-8 where nothing is.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Limits;
use super::error::{ManifestError, Position};

/// How far the XML declaration may reach.
const DECLARATION_BYTES: usize = 1024;

/// A manifest as text, without its BOM.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// The declared encoding, if the bytes contradict it.
    pub(super) overruled: Option<String>,
}

/// Decodes `bytes` and refuses characters that XML does not have.
pub(super) fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Decoded<'a>, ManifestError> {
    if bytes.len() > limits.max_bytes {
        return Err(ManifestError::TooLarge {
            size: bytes.len(),
            limit: limits.max_bytes,
        });
    }
    let (sniffed, body) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (Some(encoding), bytes.get(length..).unwrap_or_default()),
        None => (by_first_bytes(bytes), bytes),
    };
    let declared = declared_label(body, sniffed);
    let (encoding, overruled) = match (sniffed, declared) {
        (Some(encoding), Some(label)) => {
            let agrees = Encoding::for_label(label.as_bytes())
                .is_some_and(|named| same(named, encoding, &label));
            (encoding, (!agrees).then_some(label))
        }
        (Some(encoding), None) => (encoding, None),
        (None, Some(label)) => match Encoding::for_label(label.as_bytes()) {
            // The declaration was readable as single bytes, so the text cannot be UTF-16. Tools that convert a
            // file and leave its first line alone are common.
            Some(named) if named == UTF_16LE || named == UTF_16BE => (UTF_8, Some(label)),
            Some(named) => (named, None),
            None => return Err(ManifestError::UnknownEncoding { label }),
        },
        (None, None) => (UTF_8, None),
    };
    let text = if encoding == UTF_8 {
        utf8(body)?
    } else {
        other(body, encoding)?
    };
    // Tools that join files leave a second mark.
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('\u{FEFF}')),
        Cow::Owned(text) if text.starts_with('\u{FEFF}') => {
            Cow::Owned(text.trim_start_matches('\u{FEFF}').to_owned())
        }
        owned => owned,
    };
    refuse_illegal(&text)?;
    Ok(Decoded { text, overruled })
}

fn by_first_bytes(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// "UTF-16" alone is the label of either order.
fn same(named: &'static Encoding, found: &'static Encoding, label: &str) -> bool {
    named == found
        || (label.eq_ignore_ascii_case("utf-16") && (found == UTF_16LE || found == UTF_16BE))
}

fn declared_label(body: &[u8], sniffed: Option<&'static Encoding>) -> Option<String> {
    let head = body
        .get(..DECLARATION_BYTES.min(body.len()))
        .unwrap_or_default();
    let head: Vec<u8> = match sniffed {
        // The declaration is ASCII, so every other byte of it is all there is.
        Some(e) if e == UTF_16LE => head.iter().copied().step_by(2).collect(),
        Some(e) if e == UTF_16BE => head.iter().copied().skip(1).step_by(2).collect(),
        _ => head.to_vec(),
    };
    let head = String::from_utf8_lossy(&head);
    let declaration = head.trim_start().strip_prefix("<?xml")?;
    let declaration = declaration.get(..declaration.find("?>")?)?;
    let value = declaration.get(declaration.find("encoding")? + "encoding".len()..)?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|&c| c == '"' || c == '\'')?;
    let label = value.split(quote).nth(1)?.trim();
    (!label.is_empty()).then(|| label.to_owned())
}

fn utf8(body: &[u8]) -> Result<Cow<'_, str>, ManifestError> {
    std::str::from_utf8(body)
        .map(Cow::Borrowed)
        .map_err(|error| {
            let valid = body.get(..error.valid_up_to()).unwrap_or_default();
            let text = String::from_utf8_lossy(valid);
            ManifestError::BadEncoding {
                encoding: "UTF-8",
                at: Some(Position::of(&text, text.len())),
            }
        })
}

fn other<'a>(body: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, ManifestError> {
    encoding
        .decode_without_bom_handling_and_without_replacement(body)
        .ok_or(ManifestError::BadEncoding {
            encoding: encoding.name(),
            at: None,
        })
}

/// XML 1.0 section 2.2: below U+0020 only tab, line feed and carriage return; no U+FFFE, no U+FFFF.
pub(super) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

fn refuse_illegal(text: &str) -> Result<(), ManifestError> {
    // Bytes first: the common manifest is clean and this loop is what every manifest pays. It looks at whole chunks
    // without a way out between them, so that many bytes are compared at once.
    let suspicious = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || b == 0xEF;
    let clean = |chunk: &[u8]| !chunk.iter().fold(false, |found, &b| found | suspicious(b));
    if text.as_bytes().chunks(4096).all(clean) {
        return Ok(());
    }
    match text.char_indices().find(|&(_, c)| !is_xml_char(c)) {
        None => Ok(()),
        Some((offset, c)) => Err(ManifestError::IllegalCharacter {
            at: Position::of(text, offset),
            code: u32::from(c),
        }),
    }
}
