//! The options of `Gateway`, as PHP writes them and as the gateway wants them.

use std::collections::BTreeMap;
use std::time::Duration;

use scormbridge_core::manifest;
use scormbridge_core::ticket;
use scormbridge_gateway::{self as gateway, ContentOptions, Gateway};
use serde::Deserialize;

use crate::read::{Limits, Source, read};
use crate::{Failure, Kind, keys, manifest as manifests, url_policy};

/// Longest wait that may be configured: PHP's own limits and the web server's come before it.
const MAX_SECONDS: f64 = 3600.0;

/// Options of a gateway. Whatever is left out has the gateway's default.
///
/// They can be compared: who holds gateways that were made already finds the one for them.
#[derive(Default, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatewayOptions {
    allow: Vec<String>,
    ports: Vec<u16>,
    devloopback: bool,
    maxlength: Option<usize>,
    maxmanifestbytes: Option<usize>,
    maxdocumentbytes: Option<u64>,
    maxfilebytes: Option<u64>,
    connecttimeout: Option<f64>,
    readtimeout: Option<f64>,
    totaltimeout: Option<f64>,
    probetimeout: Option<f64>,
    manifest: manifest::Limits,
    tickets: Option<TicketKeys>,
    audience: Option<String>,
}

/// What tickets are verified with.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketKeys {
    keys: BTreeMap<String, String>,
    current: String,
}

impl GatewayOptions {
    /// Reads options. Whether they are of use shows when a gateway is made of them.
    ///
    /// # Errors
    /// `ConfigException` if they are not of the right types, or an option is unknown.
    pub fn read<'a>(options: impl Source<'a>) -> Result<Self, Failure> {
        read(options, Limits::OPTIONS, Kind::Config, "options")
    }

    /// Makes the gateway that these options describe.
    ///
    /// # Errors
    /// `ConfigException` if a pattern, a key, a limit or a timeout is of no use.
    pub fn gateway(&self) -> Result<Gateway, Failure> {
        let mut options = gateway::GatewayOptions::default();
        options.policy = url_policy::rules(
            self.allow.clone(),
            self.ports.clone(),
            self.devloopback,
            self.maxlength,
        );
        options.manifest = manifests::checked(self.manifest.clone(), "options.manifest")?;
        if let Some(bytes) = self.maxmanifestbytes {
            options.manifest.max_bytes = bytes;
        }
        if let Some(bytes) = self.maxdocumentbytes {
            options.limits.document_bytes = bytes;
        }
        if let Some(bytes) = self.maxfilebytes {
            options.limits.file_bytes = bytes;
        }
        if let Some(time) = duration(self.connecttimeout, "connecttimeout")? {
            options.timeouts.connect = time;
        }
        if let Some(time) = duration(self.readtimeout, "readtimeout")? {
            options.timeouts.response = time;
            options.timeouts.idle = time;
        }
        if let Some(time) = duration(self.totaltimeout, "totaltimeout")? {
            options.timeouts.total = time;
            // A probe reads several files one after the other.
            options.timeouts.probe = options.timeouts.probe.max(time);
        }
        if let Some(time) = duration(self.probetimeout, "probetimeout")? {
            options.timeouts.probe = time;
        }
        options.content = self.content()?;
        Gateway::new(options)
            .map_err(|error| Failure::of(Kind::Config, error.reason(), &error, error.details()))
    }

    /// Keys without an audience, or the reverse, would serve nobody; that is a mistake, not a choice.
    fn content(&self) -> Result<Option<ContentOptions>, Failure> {
        let (Some(tickets), Some(audience)) = (&self.tickets, &self.audience) else {
            return match (&self.tickets, &self.audience) {
                (Some(_), None) => Err(value(
                    "options.audience",
                    "is needed where there are tickets",
                )),
                _ => Ok(None),
            };
        };
        let keys = keys::from_map(&tickets.keys)?;
        let tickets = ticket::Tickets::new(keys, &tickets.current).map_err(keys::failure)?;
        Ok(Some(ContentOptions::new(tickets, audience)))
    }
}

fn duration(seconds: Option<f64>, name: &str) -> Result<Option<Duration>, Failure> {
    match seconds {
        None => Ok(None),
        Some(seconds) if seconds > 0.0 && seconds <= MAX_SECONDS => {
            Ok(Some(Duration::from_secs_f64(seconds)))
        }
        Some(_) => Err(value(
            &format!("options.{name}"),
            "must be a number of seconds above 0, at most 3600",
        )),
    }
}

fn value(at: &str, cause: &str) -> Failure {
    Failure::new(Kind::Config, "input_value", format!("{at}: {cause}"))
        .with([("at", at.to_owned()), ("cause", cause.to_owned())])
}
