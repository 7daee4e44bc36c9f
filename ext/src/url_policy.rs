//! `Scormbridge\UrlPolicy`: which URLs a package may live at.

use ext_php_rs::prelude::*;
use scormbridge_api as api;

use crate::border::{Failure, PhpArray, Table, Text, array};

/// The rules that a URL must pass before anything is fetched from it.
#[php_class]
#[php(name = "Scormbridge\\UrlPolicy", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct UrlPolicy(api::UrlPolicy);

#[php_impl]
impl UrlPolicy {
    pub(crate) fn __construct(options: Table<'_>) -> Result<Self, Failure> {
        Ok(Self(api::UrlPolicy::new(options.value())?))
    }

    pub(crate) fn check(&self, url: Text<'_>) -> Result<PhpArray, Failure> {
        array(&self.0.check(url.bytes())?)
    }
}
