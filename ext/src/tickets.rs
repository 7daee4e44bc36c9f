//! `Scormbridge\Tickets`: signed, expiring permissions for what cannot carry a session cookie.

use ext_php_rs::prelude::*;
use scormbridge_core::ticket::{self, Claims, Scope, TicketError};

use crate::border::{Failure, Kind, Limits, PhpArray, Table, Text, array, read};
use crate::keys;

/// Issues and verifies tickets with a set of keys.
#[php_class]
#[php(name = "Scormbridge\\Tickets", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct Tickets(ticket::Tickets);

#[php_impl]
impl Tickets {
    pub(crate) fn __construct(keys: Table<'_>, current: Text<'_>) -> Result<Self, Failure> {
        let keys = keys::from_table(keys)?;
        ticket::Tickets::new(keys, current.utf8(Kind::Config, "current")?)
            .map(Self)
            .map_err(keys::failure)
    }

    pub(crate) fn issue(&self, claims: Table<'_>) -> Result<String, Failure> {
        let claims: Claims = read(claims, Limits::OPTIONS, Kind::Ticket, "claims")?;
        self.0.issue(&claims).map_err(failure)
    }

    pub(crate) fn verify(
        &self,
        ticket: Text<'_>,
        scope: Text<'_>,
        audience: Text<'_>,
        now: i64,
    ) -> Result<PhpArray, Failure> {
        let name = scope.utf8(Kind::Config, "scope")?;
        let scope = Scope::from_name(name).ok_or_else(|| {
            Failure::new(
                Kind::Config,
                "ticket_scope_unknown",
                format!("there is no ticket scope {name:?}; use \"content\" or \"commit\""),
            )
            .with([("scope", name.to_owned())])
        })?;
        let claims = self
            .0
            .verify(
                ticket.utf8(Kind::Ticket, "ticket")?,
                scope,
                audience.utf8(Kind::Ticket, "audience")?,
                now,
            )
            .map_err(failure)?;
        array(&claims)
    }
}

fn failure(error: TicketError) -> Failure {
    Failure::of(Kind::Ticket, error.reason(), &error, error.details())
}
