//! `Scormbridge\Manifest`: `imsmanifest.xml` as PHP arrays.

use ext_php_rs::prelude::*;
use scormbridge_api as api;

use crate::border::{Failure, PhpArray, Table, Text, array};

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
        array(&api::parse(xml.bytes(), limits.value())?)
    }

    #[php(defaults(limits = Table::EMPTY))]
    pub(crate) fn sco_tree(xml: Text<'_>, limits: Table<'_>) -> Result<PhpArray, Failure> {
        api::sco_tree(xml.bytes(), limits.value(), |tree| array(tree))
    }

    pub(crate) fn launch_url(
        base: Text<'_>,
        launch: Text<'_>,
        parameters: Text<'_>,
    ) -> Result<String, Failure> {
        Ok(api::launch_url(
            base.bytes(),
            launch.bytes(),
            parameters.bytes(),
        )?)
    }
}
