//! `Scormbridge\Vault`: stored values that only their own row can open.

use ext_php_rs::prelude::*;
use scormbridge_api as api;

use crate::border::{Failure, Table, Text};

/// Seals and opens values with a set of keys.
#[php_class]
#[php(name = "Scormbridge\\Vault", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct Vault(api::Vault);

#[php_impl]
impl Vault {
    pub(crate) fn __construct(keys: Table<'_>, current: Text<'_>) -> Result<Self, Failure> {
        Ok(Self(api::Vault::new(keys.value(), current.bytes())?))
    }

    pub(crate) fn seal(&self, plain: Text<'_>, context: Table<'_>) -> Result<String, Failure> {
        Ok(self.0.seal(plain.bytes(), context.value())?)
    }

    pub(crate) fn open(&self, sealed: Text<'_>, context: Table<'_>) -> Result<String, Failure> {
        Ok(self.0.open(sealed.bytes(), context.value())?)
    }

    pub(crate) fn needs_reseal(&self, sealed: Text<'_>) -> Result<bool, Failure> {
        Ok(self.0.needs_reseal(sealed.bytes())?)
    }

    pub(crate) fn is_sealed(value: Text<'_>) -> bool {
        api::is_sealed(value.bytes())
    }

    pub(crate) fn new_key() -> Result<String, Failure> {
        Ok(api::new_key()?)
    }
}
