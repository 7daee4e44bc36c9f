//! `Scormbridge\UrlPolicy`: which URLs a package may live at.

use ext_php_rs::prelude::*;
use scormbridge_core::url_policy::{self, PolicyOptions};
use serde::{Deserialize, Serialize};

use crate::border::{Failure, Kind, Limits, PhpArray, Table, Text, array, read};

/// The part of an options array that makes a URL policy; shared with `Gateway`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    allow: Vec<String>,
    ports: Vec<u16>,
    devloopback: bool,
    maxlength: Option<usize>,
}

impl From<Options> for PolicyOptions {
    fn from(options: Options) -> Self {
        let default = Self::default();
        Self {
            allow: options.allow,
            ports: options.ports,
            dev_loopback: options.devloopback,
            max_length: options.maxlength.unwrap_or(default.max_length),
        }
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
        let options: Options = read(options, Limits::OPTIONS, Kind::Config, "options")?;
        url_policy::UrlPolicy::new(options.into())
            .map(Self)
            .map_err(|error| Failure::of(Kind::Config, error.reason(), &error, error.details()))
    }

    pub(crate) fn check(&self, url: Text<'_>) -> Result<PhpArray, Failure> {
        let checked = self
            .0
            .check(url.utf8(Kind::Url, "url")?)
            .map_err(|error| Failure::of(Kind::Url, error.reason(), &error, error.details()))?;
        array(&Checked {
            url: checked.url().as_str(),
            origin: checked.origin(),
            host: checked.host(),
            port: checked.port(),
        })
    }
}
