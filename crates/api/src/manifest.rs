//! `Manifest`: `imsmanifest.xml`, and the rows that mod_scorm would store for it.

use std::borrow::Cow;

use scormbridge_core::manifest::{self, Document, Limits as ManifestLimits, ManifestError};
use scormbridge_core::modscorm::{self, ScoTree};

use crate::read::{Limits, Source, read, text};
use crate::{Failure, Kind};

/// Deepest XML that may be asked for. An item takes two array levels, and PHP frees arrays by recursion.
const MAX_DEPTH: usize = 200;

/// Everything the manifest says. The bytes are taken as they are: the manifest says its own encoding.
///
/// # Errors
/// `ManifestException` if it cannot be used, `ConfigException` if the limits cannot.
pub fn parse<'a>(xml: &[u8], limits: impl Source<'a>) -> Result<manifest::Manifest, Failure> {
    manifest::parse(xml, &limits_of(limits)?).map_err(|error| failure(&error))
}

/// Hands the rows that mod_scorm's own parser would store for this manifest to `use_it`, whole. They borrow from what
/// was read, so that a large package is not copied once more.
///
/// # Errors
/// As [`parse`], and whatever `use_it` says.
pub fn sco_tree<'a, T, E: From<Failure>>(
    xml: &[u8],
    limits: impl Source<'a>,
    use_it: impl FnOnce(&ScoTree<Cow<'_, str>>) -> Result<T, E>,
) -> Result<T, E> {
    let limits = limits_of(limits)?;
    let document = Document::decode(xml, &limits).map_err(|error| failure(&error))?;
    let manifest = document
        .parse_without_files()
        .map_err(|error| failure(&error))?;
    use_it(&modscorm::view(&manifest))
}

/// Where a SCO is launched: an absolute URL, percent-encoded, with the parameters where the standard wants them.
///
/// # Errors
/// `ManifestException` if that is not below the folder.
pub fn launch_url(base: &[u8], launch: &[u8], parameters: &[u8]) -> Result<String, Failure> {
    let base = text(base, Kind::Manifest, "base")?;
    let launch = text(launch, Kind::Manifest, "launch")?;
    let parameters = text(parameters, Kind::Manifest, "parameters")?;
    manifest::launch_url(base, launch, parameters)
        .map_err(|error| Failure::of(Kind::Manifest, error.reason(), &error, error.details()))
}

fn limits_of<'a>(limits: impl Source<'a>) -> Result<ManifestLimits, Failure> {
    checked(
        read(limits, Limits::OPTIONS, Kind::Config, "limits")?,
        "limits",
    )
}

/// Refuses limits that would let a manifest exhaust the stack: `ConfigException` with reason `input_value`.
pub(crate) fn checked(limits: ManifestLimits, name: &str) -> Result<ManifestLimits, Failure> {
    if limits.max_depth <= MAX_DEPTH {
        return Ok(limits);
    }
    let at = format!("{name}.max_depth");
    Err(Failure::new(
        Kind::Config,
        "input_value",
        format!("{at}: at most {MAX_DEPTH}"),
    )
    .with([("at", at), ("limit", MAX_DEPTH.to_string())]))
}

/// A manifest that cannot be used, with line and column among the details.
pub(crate) fn failure(error: &ManifestError) -> Failure {
    Failure::of(Kind::Manifest, error.reason(), error, error.details())
}
