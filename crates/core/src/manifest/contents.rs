//! The document as a whole: manifest, metadata, resources, sub-manifests, and the version they speak for.

use std::borrow::Cow;

use super::Files;
use super::error::ManifestError;
use super::model::{
    Edition, Manifest, Metadata, Resource, ScormType, SubManifest, Text, Version, join_base,
};
use super::names::{Ns, Tag};
use super::resolve;
use super::source::{Element, Source};
use super::warning::WarningCode;

/// A manifest being read, and how much of each limit is used up.
pub(super) struct Parser<'a> {
    pub(super) source: Source<'a>,
    pub(super) files: Files,
    pub(super) items: usize,
    pub(super) resources: usize,
    pub(super) counted_files: usize,
    pub(super) sequencing: usize,
    pub(super) resolved: usize,
}

/// Reads a whole document.
pub(super) fn document<'a, S: Text<'a>>(
    source: Source<'a>,
    files: Files,
) -> Result<Manifest<S>, ManifestError> {
    let mut parser = Parser {
        source,
        files,
        items: 0,
        resources: 0,
        counted_files: 0,
        sequencing: 0,
        resolved: 0,
    };
    let root = parser.source.root()?;
    let mut part: SubManifest<S> = parser.manifest(&root, "")?;
    parser.source.end()?;
    resolve::resolve(&mut part, &mut parser)?;
    let schema_version = part
        .metadata
        .as_ref()
        .and_then(|metadata| metadata.schema_version.clone());
    let (version, edition) = version(schema_version.as_deref(), &mut parser.source, root.at);
    let (warnings, warnings_left_off) = parser.source.finish();
    Ok(Manifest {
        version,
        edition,
        schema_version,
        identifier: part.identifier,
        metadata: part.metadata,
        default_organization: part.default_organization,
        organizations: part.organizations,
        resources: part.resources,
        sequencing_collection: part.sequencing_collection,
        manifests: part.manifests,
        warnings,
        warnings_left_off,
    })
}

/// `<schemaversion>` decides if it names an edition; otherwise the namespaces do, and SCORM 1.2 if they are silent.
fn version(schema: Option<&str>, source: &mut Source<'_>, at: usize) -> (Version, Option<Edition>) {
    let by_namespace = source.version_by_namespace();
    let Some(schema) = schema.filter(|schema| !schema.is_empty()) else {
        source.warn(WarningCode::MissingSchemaVersion, at, "");
        return (by_namespace.unwrap_or(Version::V12), None);
    };
    let words = schema
        .to_ascii_lowercase()
        .split_ascii_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let known = match words.as_str() {
        "1.2" | "1.1" => Some((Version::V12, None)),
        "cam 1.3" | "1.3" | "2004" | "2004 2nd edition" => {
            Some((Version::V2004, Some(Edition::Second)))
        }
        "2004 3rd edition" => Some((Version::V2004, Some(Edition::Third))),
        "2004 4th edition" => Some((Version::V2004, Some(Edition::Fourth))),
        _ if words.starts_with("2004 ") => Some((Version::V2004, None)),
        _ => None,
    };
    match known {
        Some((version, edition)) => {
            if by_namespace.is_some_and(|other| other != version) {
                source.warn(WarningCode::VersionMismatch, at, schema);
            }
            (version, edition)
        }
        None => {
            source.warn(WarningCode::UnknownSchemaVersion, at, schema);
            (by_namespace.unwrap_or(Version::V12), None)
        }
    }
}

impl<'a> Parser<'a> {
    /// `element`'s attribute.
    pub(super) fn string<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
        ns: Ns,
        name: &str,
    ) -> Option<S> {
        self.source.attribute(element, ns, name).map(S::from)
    }

    /// An identifier or a reference to one. Their schema types (`xs:ID`, `xs:IDREF`, `xs:anyURI`) collapse white space,
    /// so `" R1 "` and `"R1"` are the same.
    pub(super) fn token<S: Text<'a>>(&mut self, element: &Element<'a>, name: &str) -> Option<S> {
        let mut value = self.source.attribute(element, Ns::None, name)?;
        if value.contains(' ') {
            let words = value.split(' ').filter(|word| !word.is_empty());
            value = Cow::Owned(words.collect::<Vec<_>>().join(" "));
        }
        Some(value.into())
    }

    /// The trimmed text of the element that is open.
    pub(super) fn trimmed(&mut self) -> Result<Cow<'a, str>, ManifestError> {
        Ok(trim(self.source.text()?))
    }

    /// An `xs:boolean`; anything else is warned about and counts as missing.
    pub(super) fn boolean(&mut self, element: &Element<'a>, ns: Ns, name: &str) -> Option<bool> {
        let value = self.source.attribute(element, ns, name)?;
        let value = value.trim();
        match value {
            "true" | "1" => return Some(true),
            "false" | "0" => return Some(false),
            _ => {}
        }
        let understood = match value.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        };
        self.source
            .warn(WarningCode::InvalidValue, element.at, value);
        understood
    }

    fn manifest<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
        outer_base: &str,
    ) -> Result<SubManifest<S>, ManifestError> {
        let base = self.base(element, outer_base);
        let identifier = self.token(element, "identifier");
        if identifier.is_none() {
            self.source
                .warn(WarningCode::MissingIdentifier, element.at, element.name);
        }
        let mut part = SubManifest {
            identifier: identifier.unwrap_or_default(),
            at: element.at,
            ..SubManifest::default()
        };
        while let Some(child) = self.source.child()? {
            match child.tag {
                Tag::Metadata => part.metadata = Some(self.metadata()?),
                Tag::Organizations => {
                    // As in mod_scorm, the first default that stands anywhere counts.
                    let default = self.token(&child, "default");
                    if part.default_organization.is_none() {
                        part.default_organization = default;
                    }
                    part.organizations_at.get_or_insert(child.at);
                    while let Some(child) = self.source.child()? {
                        if child.tag == Tag::Organization {
                            let organization = self.organization(&child)?;
                            part.organizations.push(organization);
                        } else {
                            self.source.skip()?;
                        }
                    }
                }
                Tag::Resources => {
                    let base = self.base(&child, &base);
                    while let Some(child) = self.source.child()? {
                        if child.tag == Tag::Resource {
                            let resource = self.resource(&child, &base)?;
                            part.resources.push(resource);
                        } else {
                            self.source.skip()?;
                        }
                    }
                }
                Tag::SequencingCollection => {
                    while let Some(child) = self.source.child()? {
                        if child.tag == Tag::Sequencing {
                            let sequencing = self.sequencing(&child)?;
                            part.sequencing_collection.push(sequencing);
                        } else {
                            self.source.skip()?;
                        }
                    }
                }
                Tag::Manifest => {
                    let inner = self.manifest(&child, &base)?;
                    part.manifests.push(inner);
                }
                _ => self.source.skip()?,
            }
        }
        Ok(part)
    }

    fn base(&mut self, element: &Element<'a>, outer: &str) -> String {
        let Some(own) = self.source.attribute(element, Ns::Xml, "base") else {
            return outer.to_owned();
        };
        let own = own.trim();
        if !own.is_empty() && !own.ends_with('/') {
            self.source
                .warn(WarningCode::BaseWithoutSlash, element.at, own);
        }
        join_base(outer, own)
    }

    /// The metadata of whatever element is open; LOM inside it is looked through for a title only.
    pub(super) fn metadata<S: Text<'a>>(&mut self) -> Result<Metadata<S>, ManifestError> {
        let mut metadata = Metadata::default();
        while let Some(child) = self.source.child()? {
            match child.tag {
                Tag::Schema => metadata.schema = Some(self.trimmed()?.into()),
                Tag::SchemaVersion => {
                    let text = self.trimmed()?.into();
                    metadata.schema_version.get_or_insert(text);
                }
                Tag::Location => {
                    let text = self.trimmed()?.into();
                    metadata.location.get_or_insert(text);
                }
                Tag::Lom => {
                    while let Some(child) = self.source.child()? {
                        if child.tag == Tag::General {
                            self.general(&mut metadata.title)?;
                        } else {
                            self.source.skip()?;
                        }
                    }
                }
                _ => self.source.skip()?,
            }
        }
        Ok(metadata)
    }

    fn general<S: Text<'a>>(&mut self, title: &mut Option<S>) -> Result<(), ManifestError> {
        while let Some(child) = self.source.child()? {
            if child.tag != Tag::LomTitle || title.is_some() {
                self.source.skip()?;
                continue;
            }
            while let Some(child) = self.source.child()? {
                if child.tag == Tag::LangString {
                    let text = self.trimmed()?.into();
                    title.get_or_insert(text);
                } else {
                    self.source.skip()?;
                }
            }
        }
        Ok(())
    }

    fn resource<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
        outer_base: &str,
    ) -> Result<Resource<S>, ManifestError> {
        self.resources += 1;
        let limits = self.source.limits();
        if self.resources > limits.max_resources {
            let at = self.source.position(element.at);
            return Err(ManifestError::TooManyResources {
                at,
                limit: limits.max_resources,
            });
        }
        let mut resource: Resource<S> = Resource {
            identifier: self.token(element, "identifier").unwrap_or_default(),
            kind: self.string(element, Ns::None, "type"),
            scorm_type: self.scorm_type(element),
            href: self.href(element),
            base: Cow::<str>::Owned(self.base(element, outer_base)).into(),
            persist_state: self.boolean(element, Ns::Adlcp, "persistState"),
            at: element.at,
            ..Resource::default()
        };
        self.count_resolved(element.at, resource.base.len())?;
        if resource.identifier.is_empty() {
            self.source
                .warn(WarningCode::MissingIdentifier, element.at, element.name);
        }
        if let Some(href) = &resource.href {
            self.check_href(element.at, href);
        }
        while let Some(child) = self.source.child()? {
            match child.tag {
                Tag::File => {
                    self.count_file(child.at)?;
                    if self.files == Files::Keep
                        && let Some(href) = self.href(&child)
                    {
                        resource.files.push(href);
                    }
                    self.source.skip()?;
                }
                Tag::Dependency => {
                    self.count_file(child.at)?;
                    if let Some(to) = self.token(&child, "identifierref") {
                        resource.dependencies.push(to);
                        resource.dependencies_at.push(child.at);
                    }
                    self.source.skip()?;
                }
                Tag::Metadata => resource.metadata = Some(Box::new(self.metadata()?)),
                _ => self.source.skip()?,
            }
        }
        Ok(resource)
    }

    fn href<S: Text<'a>>(&mut self, element: &Element<'a>) -> Option<S> {
        let href = self.source.attribute(element, Ns::None, "href")?;
        Some(trim(href).into())
    }

    fn scorm_type(&mut self, element: &Element<'a>) -> Option<ScormType> {
        let written = self.source.attribute(element, Ns::Adlcp, "scormType")?;
        match &*written {
            "sco" => return Some(ScormType::Sco),
            "asset" => return Some(ScormType::Asset),
            _ => {}
        }
        let code = match written.trim().to_ascii_lowercase().as_str() {
            "sco" => Some(ScormType::Sco),
            "asset" => Some(ScormType::Asset),
            _ => None,
        };
        let warning = if code.is_some() {
            WarningCode::ScormTypeCase
        } else {
            WarningCode::UnknownScormType
        };
        self.source.warn(warning, element.at, &written);
        // An unknown word was already warned about: it is an asset from here on.
        Some(code.unwrap_or(ScormType::Asset))
    }

    /// Charges `bytes` to the limit on what resolving makes of the manifest.
    pub(super) fn count_resolved(&mut self, at: usize, bytes: usize) -> Result<(), ManifestError> {
        self.resolved = self.resolved.saturating_add(bytes);
        let limit = self.source.limits().max_resolved_bytes;
        if self.resolved > limit {
            return Err(ManifestError::ResolvedTooLong {
                at: self.source.position(at),
                limit,
            });
        }
        Ok(())
    }

    fn count_file(&mut self, at: usize) -> Result<(), ManifestError> {
        self.counted_files += 1;
        let limit = self.source.limits().max_files;
        if self.counted_files > limit {
            return Err(ManifestError::TooManyFiles {
                at: self.source.position(at),
                limit,
            });
        }
        Ok(())
    }

    fn check_href(&mut self, at: usize, href: &str) {
        if super::model::has_scheme(href) || href.starts_with("//") {
            self.source.warn(WarningCode::AbsoluteHref, at, href);
        } else if href.starts_with('/') {
            self.source.warn(WarningCode::RootedHref, at, href);
        }
        if href.contains('\\') {
            self.source.warn(WarningCode::BackslashInHref, at, href);
        }
        if href.contains(' ') {
            self.source.warn(WarningCode::SpaceInHref, at, href);
        }
    }
}

/// Without the white space around it.
pub(super) fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() < text.len() => Cow::Owned(text.trim().to_owned()),
        owned => owned,
    }
}
