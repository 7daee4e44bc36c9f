//! `Scormbridge\Manifest`: `imsmanifest.xml` as PHP arrays.

use ext_php_rs::prelude::*;
use scormbridge_core::manifest::{self, Limits as ManifestLimits, ManifestError};
use scormbridge_core::modscorm;

use crate::border::{Failure, Kind, Limits, PhpArray, Table, Text, array, read};

/// Deepest XML that may be asked for. An item takes two array levels, and PHP frees arrays by recursion.
const MAX_DEPTH: usize = 200;

/// Reads manifests. There is nothing to make an object of.
#[php_class]
#[php(name = "Scormbridge\\Manifest", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct Manifest;

#[php_impl]
impl Manifest {
    #[php(vis = "private")]
    pub(crate) fn __construct() -> Self {
        Self
    }

    #[php(defaults(limits = Table::EMPTY))]
    pub(crate) fn parse(xml: Text<'_>, limits: Table<'_>) -> Result<PhpArray, Failure> {
        let manifest = manifest::parse(xml.bytes(), &limits_of(limits)?);
        array(&manifest.map_err(|error| failure(&error))?)
    }

    #[php(defaults(limits = Table::EMPTY))]
    pub(crate) fn sco_tree(xml: Text<'_>, limits: Table<'_>) -> Result<PhpArray, Failure> {
        let limits = limits_of(limits)?;
        let document = manifest::Document::decode(xml.bytes(), &limits);
        let document = document.map_err(|error| failure(&error))?;
        let manifest = document.parse_without_files();
        array(&modscorm::view(&manifest.map_err(|error| failure(&error))?))
    }

    pub(crate) fn launch_url(
        base: Text<'_>,
        launch: Text<'_>,
        parameters: Text<'_>,
    ) -> Result<String, Failure> {
        let base = base.utf8(Kind::Manifest, "base")?;
        let launch = launch.utf8(Kind::Manifest, "launch")?;
        let parameters = parameters.utf8(Kind::Manifest, "parameters")?;
        manifest::launch_url(base, launch, parameters)
            .map_err(|error| Failure::of(Kind::Manifest, error.reason(), &error, error.details()))
    }
}

fn limits_of(limits: Table<'_>) -> Result<ManifestLimits, Failure> {
    checked(
        read(limits, Limits::OPTIONS, Kind::Config, "limits")?,
        "limits",
    )
}

/// Refuses limits that would let a manifest exhaust the stack.
///
/// # Errors
/// `ConfigException` with reason `input_value`.
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
