//! Why a manifest is refused.

use std::fmt;

use serde::Serialize;

/// Where in the manifest, counted from 1. Columns are characters of the decoded text, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl Position {
    /// The position of a byte offset of `text`; past the end counts as the end.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
        let line = before.iter().filter(|&&b| b == b'\n').count();
        let start = before
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(0, |at| at + 1);
        // A character starts at every byte that is no UTF-8 continuation byte.
        let column = before
            .get(start..)
            .unwrap_or_default()
            .iter()
            .filter(|&&b| b & 0xC0 != 0x80)
            .count();
        Self {
            line: clamp(line),
            column: clamp(column),
        }
    }
}

fn clamp(count: usize) -> u32 {
    u32::try_from(count.saturating_add(1)).unwrap_or(u32::MAX)
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a manifest was refused. Each message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// No byte, or only white space and comments.
    #[error("The manifest is empty. Export the package again and publish its imsmanifest.xml.")]
    Empty,
    /// Larger than [`Limits::max_bytes`](super::Limits::max_bytes).
    #[error(
        "The manifest has {size} bytes, more than the {limit} allowed. Split the package or raise the limit."
    )]
    TooLarge {
        /// Bytes found.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The XML declaration names an encoding that nobody knows.
    #[error("The manifest declares the unknown encoding \"{label}\". Save it as UTF-8.")]
    UnknownEncoding {
        /// The declared label.
        label: String,
    },
    /// Bytes that the encoding cannot hold.
    #[error("The manifest is not valid {encoding}{}. Save it as UTF-8, or correct the encoding in its first line.",
        at.map(|at| format!(" at {at}")).unwrap_or_default())]
    BadEncoding {
        /// Name of the encoding that was tried.
        encoding: &'static str,
        /// First bad byte, where it is known.
        at: Option<Position>,
    },
    /// A character that XML 1.0 forbids (section 2.2).
    #[error("The manifest holds the forbidden control character U+{code:04X} at {at}. Remove it.")]
    IllegalCharacter {
        /// Where.
        at: Position,
        /// The code point.
        code: u32,
    },
    /// Not XML, or XML that is not well-formed.
    #[error(
        "The manifest is not well-formed XML at {at}: {detail}. Correct it there, or export the package again."
    )]
    Syntax {
        /// Where the trouble was noticed.
        at: Position,
        /// What is wrong.
        detail: String,
    },
    /// An entity other than the five of XML.
    #[error(
        "The manifest uses the entity &{name}; at {at}, which XML does not know. Write the character itself."
    )]
    UnknownEntity {
        /// Where.
        at: Position,
        /// Name of the entity.
        name: String,
    },
    /// `&#…;` that names no character XML allows.
    #[error(
        "The character reference &{reference}; at {at} names no character. Write the character itself."
    )]
    BadCharacterReference {
        /// Where.
        at: Position,
        /// What stands between `&` and `;`.
        reference: String,
    },
    /// XML whose root is something else, an HTML page for example.
    #[error(
        "The file is XML, but it starts with <{found}> at {at}, not with <manifest>. Give the address of imsmanifest.xml."
    )]
    NotManifest {
        /// Where.
        at: Position,
        /// Name of the root element.
        found: String,
    },
    /// The file ends inside an element.
    #[error(
        "The manifest ends before <{element}> of {at} is closed. It was cut off: upload it again."
    )]
    Truncated {
        /// Where the innermost open element starts.
        at: Position,
        /// Its name.
        element: String,
    },
    /// A second root, or text after the first.
    #[error(
        "Something follows the end of the manifest at {at}. Remove what stands after </manifest>."
    )]
    ContentAfterManifest {
        /// Where.
        at: Position,
    },
    /// Elements inside elements beyond [`Limits::max_depth`](super::Limits::max_depth).
    #[error(
        "Elements are nested deeper than {limit} at {at}. Flatten the organization or raise the limit."
    )]
    TooDeep {
        /// Where.
        at: Position,
        /// Depth allowed.
        limit: usize,
    },
    /// More than [`Limits::max_items`](super::Limits::max_items).
    #[error(
        "The manifest has more than {limit} items and organizations (at {at}). Split the package or raise the limit."
    )]
    TooManyItems {
        /// The first one too many.
        at: Position,
        /// How many are allowed.
        limit: usize,
    },
    /// More than [`Limits::max_resources`](super::Limits::max_resources).
    #[error(
        "The manifest has more than {limit} resources (at {at}). Split the package or raise the limit."
    )]
    TooManyResources {
        /// The first one too many.
        at: Position,
        /// How many are allowed.
        limit: usize,
    },
    /// More than [`Limits::max_files`](super::Limits::max_files).
    #[error(
        "The manifest lists more than {limit} files and dependencies (at {at}). Split the package or raise the limit."
    )]
    TooManyFiles {
        /// The first one too many.
        at: Position,
        /// How many are allowed.
        limit: usize,
    },
    /// More than [`Limits::max_sequencing`](super::Limits::max_sequencing).
    #[error(
        "The manifest has more than {limit} sequencing rules and objectives (at {at}). Split the package or raise the limit."
    )]
    TooMuchSequencing {
        /// The activity or rule at which it was noticed.
        at: Position,
        /// How many are allowed.
        limit: usize,
    },
    /// More than [`Limits::max_resolved_bytes`](super::Limits::max_resolved_bytes).
    #[error(
        "The launch URLs of the manifest have more than {limit} bytes together (at {at}). Shorten xml:base and href."
    )]
    ResolvedTooLong {
        /// The item or resource at which it was noticed.
        at: Position,
        /// Bytes allowed.
        limit: usize,
    },
    /// More than [`Limits::max_attributes`](super::Limits::max_attributes), or as many namespace prefixes in force.
    #[error(
        "The element at {at} has more than {limit} attributes. Remove those that nothing reads."
    )]
    TooManyAttributes {
        /// The element.
        at: Position,
        /// How many are allowed.
        limit: usize,
    },
    /// A value beyond [`Limits::max_attribute_length`](super::Limits::max_attribute_length).
    #[error("The attribute {name} at {at} is longer than {limit} bytes. Shorten it.")]
    AttributeTooLong {
        /// The element it belongs to.
        at: Position,
        /// Name of the attribute, with its prefix.
        name: String,
        /// Bytes allowed.
        limit: usize,
    },
    /// Text beyond [`Limits::max_text_length`](super::Limits::max_text_length).
    #[error("The text at {at} is longer than {limit} bytes. Shorten it.")]
    TextTooLong {
        /// Where the text starts.
        at: Position,
        /// Bytes allowed.
        limit: usize,
    },
}

impl ManifestError {
    /// A stable code for front ends to look their own wording up by.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "manifest_empty",
            Self::TooLarge { .. } => "manifest_too_large",
            Self::UnknownEncoding { .. } => "manifest_unknown_encoding",
            Self::BadEncoding { .. } => "manifest_bad_encoding",
            Self::IllegalCharacter { .. } => "manifest_illegal_character",
            Self::Syntax { .. } => "manifest_not_xml",
            Self::UnknownEntity { .. } => "manifest_unknown_entity",
            Self::BadCharacterReference { .. } => "manifest_bad_character_reference",
            Self::NotManifest { .. } => "manifest_not_manifest",
            Self::Truncated { .. } => "manifest_truncated",
            Self::ContentAfterManifest { .. } => "manifest_content_after",
            Self::TooDeep { .. } => "manifest_too_deep",
            Self::TooManyItems { .. } => "manifest_too_many_items",
            Self::TooManyResources { .. } => "manifest_too_many_resources",
            Self::TooManyFiles { .. } => "manifest_too_many_files",
            Self::TooMuchSequencing { .. } => "manifest_too_much_sequencing",
            Self::ResolvedTooLong { .. } => "manifest_resolved_too_long",
            Self::TooManyAttributes { .. } => "manifest_too_many_attributes",
            Self::AttributeTooLong { .. } => "manifest_attribute_too_long",
            Self::TextTooLong { .. } => "manifest_text_too_long",
        }
    }

    /// Where the manifest is at fault, if it is at one place.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Empty | Self::TooLarge { .. } | Self::UnknownEncoding { .. } => None,
            Self::BadEncoding { at, .. } => *at,
            Self::IllegalCharacter { at, .. }
            | Self::Syntax { at, .. }
            | Self::UnknownEntity { at, .. }
            | Self::BadCharacterReference { at, .. }
            | Self::NotManifest { at, .. }
            | Self::Truncated { at, .. }
            | Self::ContentAfterManifest { at }
            | Self::TooDeep { at, .. }
            | Self::TooManyItems { at, .. }
            | Self::TooManyResources { at, .. }
            | Self::TooManyFiles { at, .. }
            | Self::TooMuchSequencing { at, .. }
            | Self::ResolvedTooLong { at, .. }
            | Self::TooManyAttributes { at, .. }
            | Self::AttributeTooLong { at, .. }
            | Self::TextTooLong { at, .. } => Some(*at),
        }
    }

    /// What a localised message may want to name, by placeholder: `line` and `column` where there is a position.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let mut details = match self {
            Self::Empty | Self::ContentAfterManifest { .. } => Vec::new(),
            Self::TooLarge { size, limit } => {
                vec![("size", size.to_string()), ("limit", limit.to_string())]
            }
            Self::UnknownEncoding { label } => vec![("encoding", label.clone())],
            Self::BadEncoding { encoding, .. } => vec![("encoding", (*encoding).to_owned())],
            Self::IllegalCharacter { code, .. } => vec![("character", format!("U+{code:04X}"))],
            Self::Syntax { detail, .. } => vec![("detail", detail.clone())],
            Self::UnknownEntity { name, .. } => vec![("name", name.clone())],
            Self::BadCharacterReference { reference, .. } => vec![("name", reference.clone())],
            Self::NotManifest { found, .. } => vec![("found", found.clone())],
            Self::Truncated { element, .. } => vec![("element", element.clone())],
            Self::AttributeTooLong { name, limit, .. } => {
                vec![("name", name.clone()), ("limit", limit.to_string())]
            }
            Self::TooDeep { limit, .. }
            | Self::TooManyItems { limit, .. }
            | Self::TooManyResources { limit, .. }
            | Self::TooManyFiles { limit, .. }
            | Self::TooMuchSequencing { limit, .. }
            | Self::ResolvedTooLong { limit, .. }
            | Self::TooManyAttributes { limit, .. }
            | Self::TextTooLong { limit, .. } => vec![("limit", limit.to_string())],
        };
        if let Some(at) = self.position() {
            details.push(("line", at.line.to_string()));
            details.push(("column", at.column.to_string()));
        }
        details
    }
}
