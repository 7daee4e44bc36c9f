//! What SCORM needs of the configuration: gateways, tickets and what is derived from a secret; made once.

use std::collections::BTreeMap;

use scormbridge_core::keys::{Key, KeyError};
use scormbridge_core::ticket::{Claims, Mode, TicketError, Tickets};
use scormbridge_core::url_policy::PolicyOptions;
use scormbridge_gateway::{ContentOptions, DeliveryMode, Gateway, GatewayOptions};
use scormbridge_lms::classroom::{EnrollmentId, ScormLaunchId, ScormPackage, Timestamp};
use secrecy::SecretString;

use super::derived::Derived;
use crate::config::{self, Config, Fault, KeySet};
use crate::keys;

/// Tickets are rounded to this, so that launches of half a day share their URLs and with them the browser's cache.
const ROUNDING_SECONDS: i64 = 12 * 60 * 60;

/// How long a beacon may take to leave its browser: what is older has long been sent by a later page.
const BEACON_SECONDS: i64 = 24 * 60 * 60;

/// How one package reaches the learner's browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delivery {
    pub(super) mode: DeliveryMode,
    /// The package's folder as the browser sees it; ends in a slash.
    pub(super) base: String,
}

/// Gateways, tickets and what is derived from a secret.
pub struct Bridge {
    /// Probes, and serves content in the sandbox on the site's own host.
    pub(super) own: Gateway,
    /// Serves content on the content host.
    pub(super) other: Option<Gateway>,
    pub(super) derived: Derived,
    tickets: Tickets,
    origin: String,
    content_origin: Option<String>,
}

impl Bridge {
    /// Opens nothing. Without ticket keys a developer's machine makes one up: launches then end with the process.
    ///
    /// # Errors
    /// What the checks of single settings cannot see.
    pub(crate) fn new(config: &Config) -> Result<Self, Fault> {
        let settings = &config.gateway;
        let fault = |setting: &str, message: String| Fault {
            setting: setting.to_owned(),
            message,
        };
        let unusable = |error: KeyError| fault("gateway.tickets.keys", error.to_string());
        let tickets = ticket_keys(settings).map_err(unusable)?;
        let signer = || {
            let (keys, current) = keys::keys(&tickets)?;
            Tickets::new(keys, &current)
        };
        let gateway = |audience: &str| {
            let mut options = GatewayOptions::default();
            options.policy = PolicyOptions {
                allow: settings.allow.clone(),
                ports: settings.ports.clone(),
                dev_loopback: settings.dev_loopback,
                ..PolicyOptions::default()
            };
            let content = ContentOptions::new(signer().map_err(unusable)?, audience);
            options.content = Some(content);
            Gateway::new(options).map_err(|error| fault("gateway.allow", error.to_string()))
        };
        Ok(Self {
            own: gateway(&config.http.public_origin)?,
            other: settings
                .content_origin
                .as_deref()
                .map(gateway)
                .transpose()?,
            derived: Derived::new(&settings.keeping)
                .map_err(|error| fault("gateway.keeping.keys", error.to_string()))?,
            tickets: signer().map_err(unusable)?,
            origin: config.http.public_origin.clone(),
            content_origin: settings.content_origin.clone(),
        })
    }

    /// The origin of this site, which relays must trust.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// What verifies tickets.
    pub(super) fn tickets(&self) -> &Tickets {
        &self.tickets
    }

    /// The right to deliver the journal of one launch.
    ///
    /// # Errors
    /// [`TicketError`] if no ticket can say it: an origin of absurd length.
    pub(super) fn beacon_ticket(
        &self,
        launch: ScormLaunchId,
        now: Timestamp,
    ) -> Result<String, TicketError> {
        self.tickets.issue(&Claims::Commit {
            aud: self.origin.clone(),
            exp: now.0.div_euclid(1000).saturating_add(BEACON_SECONDS),
            launch: launch.to_string(),
        })
    }

    /// Proves that this site has offered a learner the way to a SCO, where choice alone would not lead there.
    pub(crate) fn way(&self, enrollment: EnrollmentId, sco: &str) -> String {
        self.derived.way(enrollment, sco)
    }

    /// Whether a request came to the content host, by its `Host`.
    pub(super) fn is_content_host(&self, host: &str) -> bool {
        self.content_origin
            .as_deref()
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, own)| own.eq_ignore_ascii_case(host))
    }

    /// The first way that this site offers and the package can use: least work for this server first.
    pub(super) fn choose(&self, found: &scormbridge_gateway::Delivery) -> Option<DeliveryMode> {
        let ways = [
            (DeliveryMode::Direct, found.direct.usable),
            (
                DeliveryMode::Host,
                found.host.usable && self.content_origin.is_some(),
            ),
            (DeliveryMode::Sandbox, found.sandbox.usable),
        ];
        ways.into_iter()
            .find_map(|(mode, usable)| usable.then_some(mode))
    }

    /// What the player's page must be allowed to frame, besides itself.
    pub(crate) fn frame_origin(&self, package: &ScormPackage) -> Option<String> {
        match package.delivery.as_str() {
            "direct" => crate::http::headers::origin_of(&package.base_url),
            "host" => self.content_origin.clone(),
            _ => None,
        }
    }

    /// Where the browser finds a package.
    ///
    /// # Errors
    /// [`TicketError`] if no ticket can say it: a base URL of absurd length.
    pub(super) fn deliver(
        &self,
        package: &ScormPackage,
        now: Timestamp,
    ) -> Result<Delivery, TicketError> {
        let (mode, ticket_mode, site) = match (package.delivery.as_str(), &self.content_origin) {
            ("direct", _) => {
                return Ok(Delivery {
                    mode: DeliveryMode::Direct,
                    base: package.base_url.clone(),
                });
            }
            ("host", Some(origin)) => (DeliveryMode::Host, Mode::Host, origin),
            // Sandboxed, or a content host that is no longer there.
            _ => (DeliveryMode::Sandbox, Mode::Sandbox, &self.origin),
        };
        let half_days = now.0.div_euclid(1000).div_euclid(ROUNDING_SECONDS);
        let ticket = self.tickets.issue(&Claims::Content {
            aud: site.clone(),
            exp: half_days.saturating_add(2).saturating_mul(ROUNDING_SECONDS),
            base: package.base_url.clone(),
            mode: ticket_mode,
            lms: self.origin.clone(),
        })?;
        Ok(Delivery {
            mode,
            base: format!("{site}/content/{ticket}/"),
        })
    }
}

/// The configured keys, or one that all parts of this process share.
fn ticket_keys(settings: &config::Gateway) -> Result<KeySet, KeyError> {
    if !settings.tickets.keys.is_empty() {
        return Ok(settings.tickets.clone());
    }
    let id = "development".to_owned();
    let key = SecretString::from(Key::generate()?.to_hex().to_string());
    Ok(KeySet {
        keys: BTreeMap::from([(id.clone(), key)]),
        current: Some(id),
    })
}
