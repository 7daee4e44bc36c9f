//! `UrlPolicy`: which URLs a package may live at.

use scormbridge_core::url_policy::{self, PolicyOptions, UrlRefusal};
use serde::{Deserialize, Serialize};

use crate::read::{Limits, Source, read, text};
use crate::{Failure, Kind};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    allow: Vec<String>,
    ports: Vec<u16>,
    devloopback: bool,
    maxlength: Option<usize>,
}

/// The rules, under the names that PHP has for them. Shared with the options of the gateway.
pub(crate) fn rules(
    allow: Vec<String>,
    ports: Vec<u16>,
    devloopback: bool,
    maxlength: Option<usize>,
) -> PolicyOptions {
    PolicyOptions {
        allow,
        ports,
        dev_loopback: devloopback,
        max_length: maxlength.unwrap_or(PolicyOptions::default().max_length),
    }
}

/// A URL in its normal form, and the parts of it that decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    url: String,
    origin: String,
    host: String,
    port: u16,
}

/// The rules that a URL must pass before anything is fetched from it.
#[derive(Debug)]
pub struct UrlPolicy(url_policy::UrlPolicy);

impl UrlPolicy {
    /// The rules that these options describe.
    ///
    /// # Errors
    /// `ConfigException` if an option or a pattern is of no use.
    pub fn new<'a>(options: impl Source<'a>) -> Result<Self, Failure> {
        let Options {
            allow,
            ports,
            devloopback,
            maxlength,
        } = read(options, Limits::OPTIONS, Kind::Config, "options")?;
        url_policy::UrlPolicy::new(rules(allow, ports, devloopback, maxlength))
            .map(Self)
            .map_err(|error| Failure::of(Kind::Config, error.reason(), &error, error.details()))
    }

    /// The URL in its normal form, if a package may live there. No name is resolved.
    ///
    /// # Errors
    /// `UrlException` if it may not.
    pub fn check(&self, url: &[u8]) -> Result<Checked, Failure> {
        let checked = self
            .0
            .check(text(url, Kind::Url, "url")?)
            .map_err(|error| failure(&error))?;
        Ok(Checked {
            url: checked.url().as_str().to_owned(),
            origin: checked.origin().to_owned(),
            host: checked.host().to_owned(),
            port: checked.port(),
        })
    }
}

/// A URL that the policy refuses.
pub(crate) fn failure(error: &UrlRefusal) -> Failure {
    Failure::of(Kind::Url, error.reason(), error, error.details())
}
