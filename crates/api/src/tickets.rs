//! `Tickets`: signed, expiring permissions for what cannot carry a session cookie.

use scormbridge_core::ticket::{self, Claims, Scope, TicketError};

use crate::read::{Limits, Source, read, text};
use crate::{Failure, Kind, keys};

/// Issues and verifies tickets with a set of keys.
#[derive(Debug)]
pub struct Tickets(ticket::Tickets);

impl Tickets {
    /// Tickets with these keys, `kid => 64 hexadecimal digits`, of which one signs.
    ///
    /// # Errors
    /// `ConfigException` if there is no such key or one is of no use.
    pub fn new<'a>(keys: impl Source<'a>, current: &[u8]) -> Result<Self, Failure> {
        let keys = keys::from_source(keys)?;
        ticket::Tickets::new(keys, text(current, Kind::Config, "current")?)
            .map(Self)
            .map_err(keys::failure)
    }

    /// Signs a ticket.
    ///
    /// # Errors
    /// `TicketException` if the claims are not those of a ticket.
    pub fn issue<'a>(&self, claims: impl Source<'a>) -> Result<String, Failure> {
        let claims: Claims = read(claims, Limits::OPTIONS, Kind::Ticket, "claims")?;
        self.0.issue(&claims).map_err(failure)
    }

    /// The claims of a ticket that is genuine, for this scope and audience, and not expired at `now`, in seconds since
    /// the epoch.
    ///
    /// # Errors
    /// `TicketException` if it is not; `ConfigException` if there is no such scope.
    pub fn verify(
        &self,
        ticket: &[u8],
        scope: &[u8],
        audience: &[u8],
        now: i64,
    ) -> Result<Claims, Failure> {
        let name = text(scope, Kind::Config, "scope")?;
        let scope = Scope::from_name(name).ok_or_else(|| {
            Failure::new(
                Kind::Config,
                "ticket_scope_unknown",
                format!("there is no ticket scope {name:?}; use \"content\" or \"commit\""),
            )
            .with([("scope", name.to_owned())])
        })?;
        let ticket = text(ticket, Kind::Ticket, "ticket")?;
        let audience = text(audience, Kind::Ticket, "audience")?;
        self.0.verify(ticket, scope, audience, now).map_err(failure)
    }
}

fn failure(error: TicketError) -> Failure {
    Failure::of(Kind::Ticket, error.reason(), &error, error.details())
}
