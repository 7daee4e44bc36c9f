//! `Scormbridge\UrlPolicy`: which URLs a package may live at.

use ext_php_rs::prelude::*;
use scormbridge_core::url_policy::{self, PolicyOptions, UrlRefusal};
use serde::{Deserialize, Serialize};

use crate::border::{Failure, Kind, Limits, PhpArray, Table, Text, array, read};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    allow: Vec<String>,
    ports: Vec<u16>,
    devloopback: bool,
    maxlength: Option<usize>,
}

/// The rules, under the names that PHP has for them. Shared with `Gateway`.
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

#[derive(Serialize)]
struct Checked<'a> {
    url: &'a str,
    origin: &'a str,
    host: &'a str,
    port: u16,
}

/// The rules that a URL must pass before anything is fetched from it.
#[php_class]
#[php(name = "Scormbridge\\UrlPolicy", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct UrlPolicy(url_policy::UrlPolicy);

#[php_impl]
impl UrlPolicy {
    pub(crate) fn __construct(options: Table<'_>) -> Result<Self, Failure> {
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

    pub(crate) fn check(&self, url: Text<'_>) -> Result<PhpArray, Failure> {
        let checked = self
            .0
            .check(url.utf8(Kind::Url, "url")?)
            .map_err(|error| failure(&error))?;
        array(&Checked {
            url: checked.url().as_str(),
            origin: checked.origin(),
            host: checked.host(),
            port: checked.port(),
        })
    }
}

/// A URL that the policy refuses.
pub(crate) fn failure(error: &UrlRefusal) -> Failure {
    Failure::of(Kind::Url, error.reason(), error, error.details())
}
