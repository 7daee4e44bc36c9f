//! Why something could not be fetched, probed or served: one variant per reason.

use std::{error::Error, io, net::IpAddr};

use scormbridge_core::{manifest::ManifestError, url_policy::UrlRefusal};

use crate::resolve::Refused;

/// Placeholders for a message: what was refused, where the limit was.
pub type Details = Vec<(&'static str, String)>;

/// What took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Name resolution, TCP or TLS.
    Connect,
    /// Waiting for the response headers.
    Response,
    /// No byte came for too long.
    Idle,
    /// Bytes came, but too slowly.
    Speed,
    /// All together took too long.
    Total,
}

impl Stage {
    /// The stage as a stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Response => "response",
            Self::Idle => "idle",
            Self::Speed => "speed",
            Self::Total => "total",
        }
    }
}

/// A request to a CDN that was not made, or not answered as it must be.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The URL policy refuses the URL itself.
    #[error(transparent)]
    Url(#[from] UrlRefusal),
    /// The host name has no address.
    #[error("the host {host} could not be found; check the spelling of the URL")]
    Unresolvable {
        /// Host name that was looked up.
        host: String,
    },
    /// The host name leads to an address that is not public.
    #[error("the host {host} leads to {address}, which is not a public address")]
    PrivateAddress {
        /// Host name that was looked up.
        host: String,
        /// First address that was refused.
        address: IpAddr,
    },
    /// No connection could be made.
    #[error("no connection to {host} could be made")]
    Connect {
        /// Host name or address.
        host: String,
    },
    /// The TLS handshake failed.
    #[error("the host {host} has no valid certificate: {detail}")]
    Tls {
        /// Host name or address.
        host: String,
        /// What the TLS library says.
        detail: String,
    },
    /// A limit on time was reached.
    #[error("the host {host} did not answer in time")]
    Timeout {
        /// Host name or address.
        host: String,
        /// Which limit it was.
        stage: Stage,
    },
    /// A body has more bytes than allowed.
    #[error("the answer has more than the {limit} bytes allowed")]
    TooLarge {
        /// Bytes allowed, after decompression.
        limit: u64,
    },
    /// Headers have more bytes than allowed.
    #[error("the headers of the answer have more than the {limit} bytes allowed")]
    HeadersTooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// An answer with a status other than success.
    #[error("{url} answered with status {status}")]
    Status {
        /// URL that was asked, after redirects.
        url: String,
        /// HTTP status code.
        status: u16,
    },
    /// A redirect led to where no request may go.
    #[error("{from} redirects to a place that is not allowed: {refusal}")]
    RedirectRefused {
        /// URL that answered with the redirect.
        from: String,
        /// Why the target is refused.
        refusal: Box<FetchError>,
    },
    /// A redirect without a usable `Location`.
    #[error("{from} redirects to nowhere")]
    RedirectInvalid {
        /// URL that answered with the redirect.
        from: String,
    },
    /// A chain or loop of redirects.
    #[error("more than {limit} redirects in a row")]
    TooManyRedirects {
        /// Redirects allowed.
        limit: usize,
    },
    /// The compressed body could not be unpacked.
    #[error("the answer of {host} could not be decompressed")]
    Encoding {
        /// Host name or address.
        host: String,
    },
    /// The connection broke, or what came was not HTTP.
    #[error("the connection to {host} broke: {detail}")]
    Protocol {
        /// Host name or address.
        host: String,
        /// What the HTTP library says.
        detail: String,
    },
    /// The HTTP client could not be made on this machine.
    #[error("the HTTP client could not be set up: {detail}")]
    Client {
        /// What the HTTP library says.
        detail: String,
    },
}

impl FetchError {
    /// Stable code for localisation.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Url(refusal) => refusal.reason(),
            Self::Unresolvable { .. } => "fetch_unresolvable",
            Self::PrivateAddress { .. } => "fetch_private_address",
            Self::Connect { .. } => "fetch_connect",
            Self::Tls { .. } => "fetch_tls",
            Self::Timeout { .. } => "fetch_timeout",
            Self::TooLarge { .. } => "fetch_too_large",
            Self::HeadersTooLarge { .. } => "fetch_headers_too_large",
            Self::Status { .. } => "fetch_status",
            Self::RedirectRefused { .. } => "fetch_redirect_refused",
            Self::RedirectInvalid { .. } => "fetch_redirect_invalid",
            Self::TooManyRedirects { .. } => "fetch_too_many_redirects",
            Self::Encoding { .. } => "fetch_encoding",
            Self::Protocol { .. } => "fetch_protocol",
            Self::Client { .. } => "fetch_client",
        }
    }

    /// Placeholders for the message.
    #[must_use]
    pub fn details(&self) -> Details {
        match self {
            Self::Url(refusal) => refusal.details(),
            Self::Unresolvable { host } | Self::Connect { host } | Self::Encoding { host } => {
                vec![("host", host.clone())]
            }
            Self::PrivateAddress { host, address } => {
                vec![("host", host.clone()), ("address", address.to_string())]
            }
            Self::Tls { host, detail } | Self::Protocol { host, detail } => {
                vec![("host", host.clone()), ("detail", detail.clone())]
            }
            Self::Timeout { host, stage } => {
                vec![("host", host.clone()), ("stage", stage.code().to_owned())]
            }
            Self::TooLarge { limit } => vec![("limit", limit.to_string())],
            Self::HeadersTooLarge { limit } | Self::TooManyRedirects { limit } => {
                vec![("limit", limit.to_string())]
            }
            Self::Status { url, status } => {
                vec![("url", url.clone()), ("status", status.to_string())]
            }
            Self::RedirectRefused { from, refusal } => {
                let mut details = vec![
                    ("from", from.clone()),
                    ("refusal", refusal.reason().to_owned()),
                ];
                details.extend(refusal.details());
                details
            }
            Self::RedirectInvalid { from } => vec![("from", from.clone())],
            Self::Client { detail } => vec![("detail", detail.clone())],
        }
    }

    /// The reason behind an error of the HTTP client while it talked to `host`.
    pub(crate) fn from_client(error: &reqwest::Error, host: &str) -> Self {
        let host = host.to_owned();
        for cause in causes(error) {
            if let Some(refused) = cause.downcast_ref::<Refused>() {
                return match refused.clone() {
                    Refused::Unresolvable { host } => Self::Unresolvable { host },
                    Refused::Address { host, address } => Self::PrivateAddress { host, address },
                };
            }
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Self::Tls {
                    host,
                    detail: tls.to_string(),
                };
            }
        }
        if error.is_timeout() {
            let stage = if error.is_connect() {
                Stage::Connect
            } else {
                Stage::Response
            };
            Self::Timeout { host, stage }
        } else if error.is_connect() {
            Self::Connect { host }
        } else if error.is_decode() && causes(error).last().is_some_and(is_damage) {
            Self::Encoding { host }
        } else {
            let detail = causes(error)
                .last()
                .map_or_else(|| error.to_string(), ToString::to_string);
            Self::Protocol { host, detail }
        }
    }
}

/// An error and all that caused it, outermost first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // An io::Error names as its source what its content was caused by, and so hides the content itself.
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(content) => Some(content as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// What a decompressor says of bytes that it cannot read. A broken connection comes the same way, as another kind.
fn is_damage(cause: &(dyn Error + 'static)) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    cause.downcast_ref::<io::Error>().is_some_and(|error| {
        matches!(
            error.kind(),
            InvalidData | InvalidInput | Other | UnexpectedEof
        )
    })
}

/// Why a package could not be probed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GatewayError {
    /// A request failed.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// `imsmanifest.xml` is there, but is no manifest that can be played.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Nowhere near the URL is an `imsmanifest.xml`.
    #[error("no imsmanifest.xml was found; looked at {}", tried.join(", "))]
    ManifestNotFound {
        /// URLs that were asked, in order.
        tried: Vec<String>,
    },
    /// Something answers in place of the manifest, but it is a web page.
    #[error("{url} answers with a web page, not with a manifest")]
    ManifestIsPage {
        /// URL that was asked.
        url: String,
    },
    /// The package lies on the learning site itself, where its scripts would have the learner's session.
    #[error("{url} is on the learning site itself; a package must lie on another origin")]
    OwnOrigin {
        /// Where the manifest was found.
        url: String,
    },
    /// No item of the manifest has a file to launch.
    #[error("the manifest has no SCO that can be launched")]
    NoLaunchableSco,
    /// The launch file of a SCO does not answer.
    #[error("the launch file {url} of the SCO {identifier} is missing (status {status})")]
    LaunchMissing {
        /// Identifier of the SCO's item.
        identifier: String,
        /// URL that was asked.
        url: String,
        /// HTTP status code.
        status: u16,
    },
    /// The launch file of a SCO could not be asked for.
    #[error("the launch file {url} of the SCO {identifier} cannot be reached: {error}")]
    LaunchUnreachable {
        /// Identifier of the SCO's item.
        identifier: String,
        /// URL that was asked.
        url: String,
        /// Why.
        error: FetchError,
    },
    /// The launch URL of a SCO is not below the manifest's folder.
    #[error("the SCO {identifier} launches {url}, which lies outside the package {base}")]
    LaunchElsewhere {
        /// Identifier of the SCO's item.
        identifier: String,
        /// Where the SCO would be launched.
        url: String,
        /// Folder of the package.
        base: String,
    },
}

impl GatewayError {
    /// Stable code for localisation.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Fetch(error) => error.reason(),
            Self::Manifest(error) => error.reason(),
            Self::ManifestNotFound { .. } => "probe_manifest_not_found",
            Self::ManifestIsPage { .. } => "probe_manifest_is_page",
            Self::OwnOrigin { .. } => "probe_own_origin",
            Self::NoLaunchableSco => "probe_no_launchable_sco",
            Self::LaunchMissing { .. } => "probe_launch_missing",
            Self::LaunchUnreachable { .. } => "probe_launch_unreachable",
            Self::LaunchElsewhere { .. } => "probe_launch_elsewhere",
        }
    }

    /// Placeholders for the message.
    #[must_use]
    pub fn details(&self) -> Details {
        match self {
            Self::Fetch(error) => error.details(),
            Self::Manifest(error) => error.details(),
            Self::NoLaunchableSco => Vec::new(),
            Self::ManifestNotFound { tried } => vec![("tried", tried.join(" "))],
            Self::ManifestIsPage { url } | Self::OwnOrigin { url } => vec![("url", url.clone())],
            Self::LaunchMissing {
                identifier,
                url,
                status,
            } => {
                vec![
                    ("identifier", identifier.clone()),
                    ("url", url.clone()),
                    ("status", status.to_string()),
                ]
            }
            Self::LaunchUnreachable {
                identifier,
                url,
                error,
            } => {
                let mut details = vec![
                    ("identifier", identifier.clone()),
                    ("url", url.clone()),
                    ("cause", error.reason().to_owned()),
                ];
                details.extend(
                    error
                        .details()
                        .into_iter()
                        .filter(|(name, _)| *name != "url"),
                );
                details
            }
            Self::LaunchElsewhere {
                identifier,
                url,
                base,
            } => {
                vec![
                    ("identifier", identifier.clone()),
                    ("url", url.clone()),
                    ("base", base.clone()),
                ]
            }
        }
    }
}
