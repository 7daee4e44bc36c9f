//! `Scormbridge\Tickets`: signed, expiring permissions for what cannot carry a session cookie.

use ext_php_rs::prelude::*;
use scormbridge_api as api;

use crate::border::{Failure, PhpArray, Table, Text, array};

/// Issues and verifies tickets with a set of keys.
#[php_class]
#[php(name = "Scormbridge\\Tickets", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct Tickets(api::Tickets);

#[php_impl]
impl Tickets {
    pub(crate) fn __construct(keys: Table<'_>, current: Text<'_>) -> Result<Self, Failure> {
        Ok(Self(api::Tickets::new(keys.value(), current.bytes())?))
    }

    pub(crate) fn issue(&self, claims: Table<'_>) -> Result<String, Failure> {
        Ok(self.0.issue(claims.value())?)
    }

    pub(crate) fn verify(
        &self,
        ticket: Text<'_>,
        scope: Text<'_>,
        audience: Text<'_>,
        now: i64,
    ) -> Result<PhpArray, Failure> {
        let claims = self
            .0
            .verify(ticket.bytes(), scope.bytes(), audience.bytes(), now)?;
        array(&claims)
    }
}
