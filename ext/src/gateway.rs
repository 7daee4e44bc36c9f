//! `Scormbridge\Gateway`: guarded HTTP to packages on a CDN.

use std::collections::BTreeMap;

use ext_php_rs::prelude::*;
use scormbridge_gateway::{FetchError, GatewayError, ProbeOptions, Request};
use serde::Deserialize;

use crate::border::{Failure, Kind, Limits, PhpArray, Table, Text, array, read};
use crate::gateway_options::Options;
use crate::process::engine;
use crate::response::Response;
use crate::url_policy;

/// Probes packages and serves their files. Holds options only; see [`crate::process`].
#[php_class]
#[php(name = "Scormbridge\\Gateway", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct Gateway(Options);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProbeTable {
    lms: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestTable {
    method: String,
    ticket: String,
    path: String,
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

impl From<RequestTable> for Request {
    fn from(table: RequestTable) -> Self {
        Self {
            method: table.method,
            ticket: table.ticket,
            path: table.path,
            // CGI knows no difference between no query and an empty one.
            query: table.query.filter(|query| !query.is_empty()),
            headers: table.headers.into_iter().collect(),
        }
    }
}

#[php_impl]
impl Gateway {
    pub(crate) fn __construct(options: Table<'_>) -> Result<Self, Failure> {
        let options: Options = read(options, Limits::OPTIONS, Kind::Config, "options")?;
        // Made once to learn now, not at the first request, whether the options are of use.
        options.gateway()?;
        Ok(Self(options))
    }

    pub(crate) fn probe(&self, url: Text<'_>, options: Table<'_>) -> Result<PhpArray, Failure> {
        let url = url.utf8(Kind::Url, "url")?;
        let ProbeTable { lms: lms_origin } =
            read(options, Limits::OPTIONS, Kind::Config, "options")?;
        let engine = engine(&self.0)?;
        let probe = engine
            .runtime
            .block_on(engine.gateway.probe(url, &ProbeOptions { lms_origin }))
            .map_err(|error| failure(&error))?;
        array(&probe)
    }

    pub(crate) fn serve(&self, request: Table<'_>) -> Result<Response, Failure> {
        let request: RequestTable = read(request, Limits::OPTIONS, Kind::Fetch, "request")?;
        let engine = engine(&self.0)?;
        let response = engine
            .runtime
            .block_on(engine.gateway.serve(&request.into()));
        Ok(Response::new(response, engine.runtime))
    }
}

/// Each cause under its own class: the URL itself, the way to the package, or what the package says.
fn failure(error: &GatewayError) -> Failure {
    let kind = match error {
        GatewayError::Fetch(error) => return fetch(error),
        GatewayError::Manifest(_)
        | GatewayError::ManifestIsPage { .. }
        | GatewayError::OwnOrigin { .. }
        | GatewayError::NoLaunchableSco
        | GatewayError::LaunchElsewhere { .. } => Kind::Manifest,
        _ => Kind::Fetch,
    };
    Failure::of(kind, error.reason(), error, error.details())
}

/// What went wrong with one request.
pub(crate) fn fetch(error: &FetchError) -> Failure {
    match error {
        FetchError::Url(refusal) => url_policy::failure(refusal),
        _ => Failure::of(Kind::Fetch, error.reason(), error, error.details()),
    }
}
