//! `imsmanifest.xml` of SCORM 1.2 and SCORM 2004 (2nd, 3rd and 4th edition), read in one pass.
//!
//! [`parse`] takes the bytes of a manifest as a CDN served them and gives a [`Manifest`]: version, organizations with
//! their items, resources with every `xml:base` applied, sub-manifests, and the sequencing of every activity with
//! `IDRef`s already merged. Sources: SCORM 1.2 CAM section 2.3, SCORM 2004 4th Ed. CAM chapters 3 and 5, IMS Content
//! Packaging 1.1.4, IMS Simple Sequencing 1.0.
//!
//! The bytes are untrusted. Nothing is fetched: no DTD, no schema, no external entity. A `DOCTYPE` is skipped with a
//! warning, because SCORM 1.2 packages of the DTD era carry one; nothing it declares is ever expanded, so a reference
//! to an entity of its own is an error. The five predefined entities and character references are all there is.
//! Every size has a limit in [`Limits`], every way to be refused is one variant of [`ManifestError`].
//!
//! What authoring tools get wrong and players accept all the same becomes a [`Warning`] with its position. Names are
//! compared with their namespace, whatever the prefix; a namespace that is missing or misspelt is recognised by
//! resemblance and warned about.
//!
//! This module must never decide how a package is stored (see [`crate::modscorm`]) or whether its URLs may be
//! fetched (see [`crate::url_policy`]).

mod activities;
mod contents;
mod decode;
mod error;
mod limits;
mod model;
mod names;
mod references;
mod resolve;
mod sequencing;
mod sequencing_model;
mod source;
mod warning;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use error::{ManifestError, Position};
pub use limits::Limits;
pub use model::{
    CompletionThreshold, Edition, Item, LaunchElsewhere, Manifest, Metadata, Organization,
    Prerequisites, Resource, ScormType, SharedData, SubManifest, Text, Version, join_base,
    launch_url, with_parameters,
};
pub use sequencing_model::{
    AdlObjective, AdlObjectiveMap, AuxiliaryResource, ConstrainedChoice, ControlMode,
    DeliveryControls, LimitConditions, MapInfo, Objective, RandomizationControls, RollupCondition,
    RollupConsiderations, RollupRule, RollupRules, RuleCondition, RuleKind, Sequencing,
    SequencingRule,
};
pub use warning::{Warning, WarningCode};

/// What becomes of the `<file>` elements of resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    Keep,
    /// Checked and counted, but not kept.
    Drop,
}

/// Reads the bytes of an `imsmanifest.xml`.
///
/// # Errors
/// One [`ManifestError`] variant for each reason to refuse; nothing of a refused manifest is kept.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Manifest, ManifestError> {
    Document::decode(bytes, limits)?.read(Files::Keep)
}

/// The same, but [`Resource::files`] stays empty. These lists are most of a large manifest, and nobody needs them to
/// play a package.
///
/// # Errors
/// As for [`parse`]: the lists are read and held to the limits all the same.
pub fn parse_without_files(bytes: &[u8], limits: &Limits) -> Result<Manifest, ManifestError> {
    Document::decode(bytes, limits)?.read(Files::Drop)
}

/// The text of an `imsmanifest.xml`, for a manifest that borrows from it: for callers who make something else of it
/// at once, so that no text is copied on the way.
#[derive(Debug)]
pub struct Document<'a> {
    decoded: decode::Decoded<'a>,
    limits: &'a Limits,
}

impl<'a> Document<'a> {
    /// Finds out the encoding.
    ///
    /// # Errors
    /// Those variants of [`ManifestError`] that speak of size, encoding and illegal characters.
    pub fn decode(bytes: &'a [u8], limits: &'a Limits) -> Result<Self, ManifestError> {
        let decoded = decode::decode(bytes, limits)?;
        Ok(Self { decoded, limits })
    }

    /// As [`parse_without_files`].
    ///
    /// # Errors
    /// As for [`parse`].
    pub fn parse_without_files(&self) -> Result<Manifest<Cow<'_, str>>, ManifestError> {
        self.read(Files::Drop)
    }

    fn read<'t, S: Text<'t>>(&'t self, files: Files) -> Result<Manifest<S>, ManifestError> {
        let mut source = source::Source::new(&self.decoded.text, self.limits);
        if let Some(label) = &self.decoded.overruled {
            source.warn(WarningCode::EncodingMismatch, 0, label);
        }
        contents::document(source, files)
    }
}
