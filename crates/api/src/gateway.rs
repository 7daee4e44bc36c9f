//! `Gateway`: guarded HTTP to packages on a CDN.

use std::collections::BTreeMap;

use scormbridge_gateway::{FetchError, Gateway, GatewayError, Probe, ProbeOptions, Request};
use serde::Deserialize;

use crate::read::{Limits, Source, read, text};
use crate::{Failure, Kind, url_policy};

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

/// Reads what a probe is asked with: the URL, and options of which there is one, `lms`.
///
/// # Errors
/// `UrlException` if the URL is no text, `ConfigException` if the options are not such.
pub fn probe_request<'a>(
    url: &[u8],
    options: impl Source<'a>,
) -> Result<(String, ProbeOptions), Failure> {
    let url = text(url, Kind::Url, "url")?;
    let ProbeTable { lms: lms_origin } = read(options, Limits::OPTIONS, Kind::Config, "options")?;
    Ok((url.to_owned(), ProbeOptions { lms_origin }))
}

/// Finds the package that a URL belongs to.
///
/// # Errors
/// Each cause under its own class: the URL itself, the way to the package, or what the package says.
pub async fn probe(gateway: &Gateway, url: &str, options: &ProbeOptions) -> Result<Probe, Failure> {
    let probe = gateway.probe(url, options).await;
    probe.map_err(|error| failure(&error))
}

/// Reads a request for a file.
///
/// # Errors
/// `FetchException` if it is none.
pub fn file_request<'a>(request: impl Source<'a>) -> Result<Request, Failure> {
    let request: RequestTable = read(request, Limits::OPTIONS, Kind::Fetch, "request")?;
    Ok(request.into())
}

/// What went wrong with one request, or in the middle of its content.
#[must_use]
pub fn fetch_failure(error: &FetchError) -> Failure {
    match error {
        FetchError::Url(refusal) => url_policy::failure(refusal),
        _ => Failure::of(Kind::Fetch, error.reason(), error, error.details()),
    }
}

fn failure(error: &GatewayError) -> Failure {
    let kind = match error {
        GatewayError::Fetch(error) => return fetch_failure(error),
        GatewayError::Manifest(_)
        | GatewayError::ManifestIsPage { .. }
        | GatewayError::OwnOrigin { .. }
        | GatewayError::NoLaunchableSco
        | GatewayError::LaunchElsewhere { .. } => Kind::Manifest,
        _ => Kind::Fetch,
    };
    Failure::of(kind, error.reason(), error, error.details())
}
