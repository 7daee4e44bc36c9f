//! What a manifest gets wrong and players accept all the same.

use std::fmt;

use serde::Serialize;

use super::error::Position;

/// What kind of slip. The serialized name is the stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningCode {
    /// The XML declaration names an encoding that the bytes contradict; the bytes were believed.
    EncodingMismatch,
    /// A `DOCTYPE` was skipped; nothing it declares counts.
    DoctypeIgnored,
    /// `&` that starts no reference; read as itself.
    BareAmpersand,
    /// An element or attribute in the wrong case.
    WrongCase,
    /// A prefix that nothing declares; read as the namespace it usually stands for.
    UnboundPrefix,
    /// `<manifest>` has no namespace.
    MissingNamespace,
    /// A namespace URI that is not the standard's, read as the one it resembles.
    NamespaceVariant,
    /// `xsi:schemaLocation` is not a list of pairs.
    SchemaLocationOdd,
    /// No `<schemaversion>`: the version was taken from the namespaces.
    MissingSchemaVersion,
    /// A `<schemaversion>` of no known edition: the version was taken from the namespaces.
    UnknownSchemaVersion,
    /// `<schemaversion>` and namespaces disagree; `<schemaversion>` was believed.
    VersionMismatch,
    /// An element that needs an identifier has none; one was made from its place in the manifest.
    MissingIdentifier,
    /// An identifier that was there before.
    DuplicateIdentifier,
    /// No organization: every resource with an `href` is launchable.
    MissingOrganizations,
    /// `<organizations>` names no default: the first one is.
    MissingDefaultOrganization,
    /// The default organization does not exist: the first one is.
    UnknownDefaultOrganization,
    /// An organization or item without a title.
    MissingTitle,
    /// An item without children refers to nothing: it cannot be launched.
    EmptyItem,
    /// `identifierref` to nothing.
    UnknownReference,
    /// `identifierref` to a sub-manifest as a whole, which no player merges in.
    ReferenceToManifest,
    /// A `dependency` on nothing.
    UnknownDependency,
    /// An `IDRef` to no sequencing of the collection.
    UnknownSequencing,
    /// An item refers to a resource that has no `href`.
    MissingHref,
    /// `adlcp:scormType` is missing: the resource counts as an asset.
    MissingScormType,
    /// `adlcp:scormType` in the wrong case.
    ScormTypeCase,
    /// `adlcp:scormType` that is neither `sco` nor `asset`: the resource counts as an asset.
    UnknownScormType,
    /// An `href` to another place on the web: the run-time does not reach there.
    AbsoluteHref,
    /// An `href` from the root of the host, outside of the package.
    RootedHref,
    /// An `href` with backslashes.
    BackslashInHref,
    /// An `href` with spaces.
    SpaceInHref,
    /// `xml:base` without a slash at its end: its last segment does not count (RFC 3986 section 5.2.3).
    BaseWithoutSlash,
    /// A value outside of its vocabulary or range; the default counts, or the value stays as it is if it is a word.
    InvalidValue,
}

impl WarningCode {
    /// One sentence for people.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::EncodingMismatch => "The declared encoding is not the one in use",
            Self::DoctypeIgnored => "The DOCTYPE is ignored",
            Self::BareAmpersand => "A bare & should be written &amp;",
            Self::WrongCase => "The name is in the wrong case",
            Self::UnboundPrefix => "The prefix is not declared",
            Self::MissingNamespace => "The manifest has no namespace",
            Self::NamespaceVariant => "The namespace is not the standard's",
            Self::SchemaLocationOdd => "schemaLocation is not a list of pairs",
            Self::MissingSchemaVersion => "The schemaversion is missing",
            Self::UnknownSchemaVersion => "The schemaversion is of no known edition",
            Self::VersionMismatch => "The schemaversion and the namespaces disagree",
            Self::MissingIdentifier => "The identifier is missing",
            Self::DuplicateIdentifier => "The identifier is used twice",
            Self::MissingOrganizations => "There is no organization; each resource can be launched",
            Self::MissingDefaultOrganization => {
                "No default organization is named; the first one counts"
            }
            Self::UnknownDefaultOrganization => {
                "The default organization does not exist; the first one counts"
            }
            Self::MissingTitle => "The title is missing",
            Self::EmptyItem => "The item has no content and no children",
            Self::UnknownReference => "The item refers to a resource that does not exist",
            Self::ReferenceToManifest => "The item refers to a sub-manifest as a whole",
            Self::UnknownDependency => "The resource depends on one that does not exist",
            Self::UnknownSequencing => "The IDRef names no sequencing of the collection",
            Self::MissingHref => "The item refers to a resource without href",
            Self::MissingScormType => "The scormType is missing; the resource counts as an asset",
            Self::ScormTypeCase => "The scormType is in the wrong case",
            Self::UnknownScormType => {
                "The scormType is neither sco nor asset; the resource counts as an asset"
            }
            Self::AbsoluteHref => "The href leads outside of the package",
            Self::RootedHref => "The href starts at the root of the host",
            Self::BackslashInHref => "The href has backslashes",
            Self::SpaceInHref => "The href has spaces",
            Self::BaseWithoutSlash => "xml:base does not end in a slash",
            Self::InvalidValue => "The value is not allowed here",
        }
    }
}

/// One slip, where it is, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What kind.
    pub code: WarningCode,
    /// Where.
    pub at: Position,
    /// The name or value it is about, cut at 200 characters.
    pub subject: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.code.message())?;
        if self.subject.is_empty() {
            Ok(())
        } else {
            write!(f, " ({})", self.subject)
        }
    }
}

/// Warnings as they are found: by offset, in any order, turned into positions once at the end.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    found: Vec<(usize, WarningCode, String)>,
    left_off: u32,
}

impl Warnings {
    pub(super) fn push(&mut self, limit: usize, code: WarningCode, offset: usize, subject: &str) {
        if self.found.len() < limit {
            self.found
                .push((offset, code, subject.chars().take(200).collect()));
        } else {
            self.left_off = self.left_off.saturating_add(1);
        }
    }

    /// The warnings in the order of the text, and how many were only counted.
    pub(super) fn finish(mut self, text: &str) -> (Vec<Warning>, u32) {
        self.found.sort_by_key(|(offset, code, _)| (*offset, *code));
        let (mut line_start, mut line) = (0_usize, 1_u32);
        let mut warnings = Vec::with_capacity(self.found.len());
        for (offset, code, subject) in self.found {
            // One walk over the text for all of them: each continues where the last one stopped.
            let between = text.as_bytes().get(line_start..offset).unwrap_or_default();
            let lines = between.iter().filter(|&&b| b == b'\n').count();
            if let Some(last) = between.iter().rposition(|&b| b == b'\n') {
                line_start += last + 1;
                line = line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            }
            let column = Position::of(
                text.get(line_start..).unwrap_or_default(),
                offset - line_start,
            )
            .column;
            warnings.push(Warning {
                code,
                at: Position { line, column },
                subject,
            });
        }
        (warnings, self.left_off)
    }
}
