//! Tickets: signed, expiring permissions for what cannot carry a session cookie.
//!
//! `v1.<kid>.<payload>.<mac>` as fixed in `docs/protocol.md`, section "Ticket". A ticket is bearer proof
//! of exactly one thing (its scope) at one site (its audience) until it expires. It names a package or a
//! launch, never a learner: who a launch belongs to stays on the server.
//!
//! This module must never look inside a payload before its signature is verified.

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::keys::{Key, KeyError, KeyRing, Keys, is_key_id};

/// Longest ticket, in bytes. It travels in URLs, where common servers stop at 8 KiB for the whole line.
pub const MAX_TICKET_BYTES: usize = 2048;

/// Format version, the first field of a ticket.
const VERSION: &str = "v1";

/// What a ticket permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// To read the files of one package through the gateway.
    Content,
    /// To deliver the journal of one launch without a session.
    Commit,
}

impl Scope {
    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Commit => "commit",
        }
    }

    /// The scope of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Content, Self::Commit]
            .into_iter()
            .find(|scope| scope.name() == name)
    }
}

/// How the gateway delivers the package of a content ticket. The names are the wire names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// On a host name of its own.
    Host,
    /// On the site's own host, in an opaque origin.
    Sandbox,
}

/// What a ticket says. On the wire a JSON object whose `scope` names the variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scope", rename_all = "lowercase", deny_unknown_fields)]
pub enum Claims {
    /// The holder may read the files of one package.
    Content {
        /// The site that issued the ticket: Moodle's `wwwroot`.
        aud: String,
        /// End of validity, in seconds since the Unix epoch; the ticket is no longer valid at that second.
        exp: i64,
        /// Base URL of the package on the CDN; ends in `/`, without query or fragment.
        base: String,
        /// How the gateway delivers it.
        mode: Mode,
        /// Origin of the page that embeds the content, the only one the relay will speak to.
        lms: String,
    },
    /// The holder may deliver the journal of one launch.
    Commit {
        /// The site that issued the ticket: Moodle's `wwwroot`.
        aud: String,
        /// End of validity, in seconds since the Unix epoch; the ticket is no longer valid at that second.
        exp: i64,
        /// The launch, 32 lower-case hexadecimal digits.
        launch: String,
    },
}

impl Claims {
    /// What the ticket permits.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::Content { .. } => Scope::Content,
            Self::Commit { .. } => Scope::Commit,
        }
    }

    /// The site the ticket is for.
    #[must_use]
    pub fn aud(&self) -> &str {
        match self {
            Self::Content { aud, .. } | Self::Commit { aud, .. } => aud,
        }
    }

    /// First second at which the ticket is no longer valid, since the Unix epoch.
    #[must_use]
    pub fn exp(&self) -> i64 {
        match self {
            Self::Content { exp, .. } | Self::Commit { exp, .. } => *exp,
        }
    }

    fn check(&self) -> Result<(), TicketError> {
        let wrong = |claim| Err(TicketError::Claim { claim });
        if self.aud().is_empty() {
            return wrong("aud");
        }
        match self {
            Self::Content { base, .. } if !is_base(base) => wrong("base"),
            Self::Content { lms, .. } if !is_origin(lms) => wrong("lms"),
            Self::Commit { launch, .. } if !is_launch(launch) => wrong("launch"),
            _ => Ok(()),
        }
    }
}

/// Issues tickets with its current key, verifies them with any of its keys.
#[derive(Debug)]
pub struct Tickets {
    ring: KeyRing,
}

impl Tickets {
    /// Tickets signed with the one of `keys` that is called `current`.
    ///
    /// # Errors
    /// [`KeyError`] if a key id is not well-formed or `current` is not among the keys.
    pub fn new(keys: Keys, current: &str) -> Result<Self, KeyError> {
        Ok(Self {
            ring: KeyRing::new(keys, current)?,
        })
    }

    /// Signs `claims`.
    ///
    /// # Errors
    /// [`TicketError::Claim`] if a claim has not the form its documentation asks for,
    /// [`TicketError::TooLong`] if the ticket would pass [`MAX_TICKET_BYTES`].
    pub fn issue(&self, claims: &Claims) -> Result<String, TicketError> {
        claims.check()?;
        let kid = self.ring.current_id();
        let key = self.key(kid)?;
        let payload = serde_json::to_vec(claims).map_err(|_| TicketError::Payload)?;
        let signed = format!("{VERSION}.{kid}.{}", BASE64URL_NOPAD.encode(&payload));
        let mac = BASE64URL_NOPAD.encode(hmac::sign(&key, signed.as_bytes()).as_ref());
        let ticket = format!("{signed}.{mac}");
        if ticket.len() > MAX_TICKET_BYTES {
            return Err(TicketError::TooLong {
                limit: MAX_TICKET_BYTES,
            });
        }
        Ok(ticket)
    }

    /// The claims of `ticket`, if it is genuine, for `scope`, for the site `aud`, and still valid at
    /// `now` (seconds since the Unix epoch).
    ///
    /// # Errors
    /// One variant of [`TicketError`] for each way in which it is not. The signature is compared in
    /// constant time, before anything inside the payload is read.
    pub fn verify(
        &self,
        ticket: &str,
        scope: Scope,
        aud: &str,
        now: i64,
    ) -> Result<Claims, TicketError> {
        if ticket.len() > MAX_TICKET_BYTES {
            return Err(TicketError::TooLong {
                limit: MAX_TICKET_BYTES,
            });
        }
        let (signed, mac) = ticket.rsplit_once('.').ok_or(TicketError::Malformed)?;
        let mut parts = signed.split('.');
        let (Some(version), Some(kid), Some(payload), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TicketError::Malformed);
        };
        if version != VERSION {
            return Err(TicketError::Version);
        }
        if !is_key_id(kid) {
            return Err(TicketError::Malformed);
        }
        let key = self.key(kid)?;
        let mac = BASE64URL_NOPAD
            .decode(mac.as_bytes())
            .map_err(|_| TicketError::Malformed)?;
        hmac::verify(&key, signed.as_bytes(), &mac).map_err(|_| TicketError::Forged)?;

        let payload = BASE64URL_NOPAD
            .decode(payload.as_bytes())
            .map_err(|_| TicketError::Payload)?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| TicketError::Payload)?;
        claims.check()?;
        if claims.scope() != scope {
            return Err(TicketError::Scope {
                expected: scope.name(),
                found: claims.scope().name(),
            });
        }
        if claims.aud() != aud {
            return Err(TicketError::Audience);
        }
        if now >= claims.exp() {
            return Err(TicketError::Expired { exp: claims.exp() });
        }
        Ok(claims)
    }

    fn key(&self, kid: &str) -> Result<hmac::Key, TicketError> {
        let sign = |key: &Key| hmac::Key::new(hmac::HMAC_SHA256, key.bytes());
        self.ring
            .get(kid)
            .map(sign)
            .ok_or_else(|| TicketError::UnknownKey { id: kid.to_owned() })
    }
}

/// A package base: an http(s) URL that ends in `/` and is already in normal form. Whether its host may
/// be spoken to is for [`crate::url_policy`] to say, each time it is used.
fn is_base(base: &str) -> bool {
    Url::parse(base).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.as_str() == base
            && url.path().ends_with('/')
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

/// An http(s) origin in its ASCII serialisation (HTML, section 7.1.1).
fn is_origin(origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == origin
    })
}

fn is_launch(launch: &str) -> bool {
    launch.len() == 32
        && launch
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Why a ticket was refused, or could not be issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TicketError {
    /// Longer than [`MAX_TICKET_BYTES`].
    #[error("A ticket may have at most {limit} bytes; use a shorter package URL.")]
    TooLong {
        /// Limit in bytes.
        limit: usize,
    },
    /// Not four fields in the alphabet of a ticket.
    #[error("This is not a ticket; open the activity again.")]
    Malformed,
    /// A format version this software does not know.
    #[error("The ticket is of an unknown version; update the software or open the activity again.")]
    Version,
    /// Signed with a key that is not configured.
    #[error(
        "The ticket was signed with the key {id:?}, which is not configured; open the activity again."
    )]
    UnknownKey {
        /// Key id written in the ticket.
        id: String,
    },
    /// The signature does not fit.
    #[error("The ticket was changed or forged; open the activity again.")]
    Forged,
    /// Signed by us, but the payload is not a JSON object of claims.
    #[error("The ticket does not hold readable claims; open the activity again.")]
    Payload,
    /// A claim is missing its required form.
    #[error("The claim {claim:?} of the ticket is not of the required form.")]
    Claim {
        /// Name of the claim.
        claim: &'static str,
    },
    /// A genuine ticket for something else.
    #[error("The ticket is for {found:?}, not for {expected:?}.")]
    Scope {
        /// Scope that was needed.
        expected: &'static str,
        /// Scope of the ticket.
        found: &'static str,
    },
    /// A genuine ticket of another site.
    #[error("The ticket was issued for another site.")]
    Audience,
    /// A genuine ticket that is no longer valid.
    #[error("The ticket has expired; open the activity again.")]
    Expired {
        /// End of validity, in seconds since the Unix epoch.
        exp: i64,
    },
}

impl TicketError {
    /// Stable code of the reason, for front ends to localise by.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "ticket_too_long",
            Self::Malformed => "ticket_malformed",
            Self::Version => "ticket_version",
            Self::UnknownKey { .. } => "ticket_unknown_key",
            Self::Forged => "ticket_forged",
            Self::Payload => "ticket_payload",
            Self::Claim { .. } => "ticket_claim",
            Self::Scope { .. } => "ticket_scope",
            Self::Audience => "ticket_audience",
            Self::Expired { .. } => "ticket_expired",
        }
    }

    /// Values for the placeholders of a localised message.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { limit } => vec![("limit", limit.to_string())],
            Self::UnknownKey { id } => vec![("id", id.clone())],
            Self::Claim { claim } => vec![("claim", (*claim).to_owned())],
            Self::Scope { expected, found } => {
                vec![
                    ("expected", (*expected).to_owned()),
                    ("found", (*found).to_owned()),
                ]
            }
            Self::Expired { exp } => vec![("exp", exp.to_string())],
            _ => Vec::new(),
        }
    }
}
