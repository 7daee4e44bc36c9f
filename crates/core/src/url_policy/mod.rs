//! Which URLs a package may live at.
//!
//! Two questions, asked at different times. [`UrlPolicy::check`] judges the text of a URL: its scheme,
//! host, port, path, and whether the site allows it. [`UrlPolicy::check_address`] judges an address that
//! a name resolved to, just before a connection. Both must be asked, and of every redirect again: a
//! URL that holds an address never reaches a resolver, and a name says nothing about where it points.
//!
//! This module must never resolve a name, and never hand back a URL other than the one it judged:
//! callers use [`CheckedUrl::url`], not the text they passed in, because the parser (WHATWG URL Standard)
//! repairs what it reads: case, default ports, dot segments, the forms `0x7f.1` or `2130706433` of
//! an address, internationalised names (UTS #46).

mod address;
mod error;
mod pattern;

pub use address::{SpecialRange, special_range};
pub use error::{PatternError, PatternProblem, UrlRefusal};

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::{Host, ParseError, Url};

use pattern::Pattern;

/// Most allowlist entries of a policy.
pub const MAX_PATTERNS: usize = 1000;

/// Names that never lead to a host on the public Internet: the entries of the IANA Special-Use Domain
/// Names registry (RFC 6761, 6762, 7686, 8375) that stand for a local or separate network, and the
/// private-use top-level domain that ICANN set aside in 2024. Single-label names join them in
/// [`is_local_name`].
const LOCAL_DOMAINS: &[&str] = &[
    "home.arpa",
    "internal",
    "invalid",
    "local",
    "localhost",
    "onion",
];

/// What a site allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyOptions {
    /// Allowed places: `cdn.example.com`, `*.example.com` (subdomains only), each with an optional
    /// `:port` and an optional `/path/prefix`. Empty: any public host.
    pub allow: Vec<String>,
    /// Ports besides 443 that any allowed host may use. An allowlist entry that names a port permits it
    /// for itself.
    pub ports: Vec<u16>,
    /// Development only: permits `http` and any port for loopback addresses and `localhost`.
    pub dev_loopback: bool,
    /// Longest URL in bytes, before and after normalisation.
    pub max_length: usize,
}

impl Default for PolicyOptions {
    /// Any public host, port 443, 2,048 bytes.
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            ports: Vec::new(),
            dev_loopback: false,
            max_length: 2048,
        }
    }
}

/// The rules of one site, ready to judge.
#[derive(Debug, Clone)]
pub struct UrlPolicy {
    allow: Vec<Pattern>,
    ports: Vec<u16>,
    dev_loopback: bool,
    max_length: usize,
}

/// A URL that passed, in normal form and without a fragment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedUrl {
    url: Url,
    origin: String,
    host: String,
    port: u16,
}

impl CheckedUrl {
    /// The URL to use. A fragment is dropped, since no server ever sees it; a page that needs one
    /// (a launch address with `#start`) adds it again.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its origin in ASCII, such as `https://cdn.example.com:8443`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its host in ASCII; an IPv6 address stands in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Its port, the scheme's default filled in.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address, if the host is one. No resolver will be asked about it.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        address_of(&self.url.host()?.to_owned())
    }
}

impl UrlPolicy {
    /// A policy of `options`.
    ///
    /// # Errors
    /// [`PatternError`] with the first allowlist entry that is none, and what is wrong with it.
    pub fn new(options: PolicyOptions) -> Result<Self, PatternError> {
        let PolicyOptions {
            allow,
            ports,
            dev_loopback,
            max_length,
        } = options;
        if let Some(surplus) = allow.get(MAX_PATTERNS) {
            return Err(PatternError::new(
                surplus,
                PatternProblem::TooMany {
                    limit: MAX_PATTERNS,
                },
            ));
        }
        let allow = allow
            .iter()
            .map(|text| Pattern::parse(text).map_err(|problem| PatternError::new(text, problem)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            allow,
            ports,
            dev_loopback,
            max_length,
        })
    }

    /// Judges the text of a URL, white space around it aside.
    ///
    /// # Errors
    /// The first reason to refuse it, as a variant of [`UrlRefusal`].
    pub fn check(&self, text: &str) -> Result<CheckedUrl, UrlRefusal> {
        let text = text.trim();
        self.check_length(text)?;
        if let Some(character) = text.chars().find(|&c| c.is_control() || c == '\\') {
            return Err(UrlRefusal::Character { character });
        }
        let mut url = Url::parse(text).map_err(refusal_of_parser)?;
        let host = url.host().map(|host| host.to_owned());
        let loopback = self.dev_loopback && host.as_ref().is_some_and(is_loopback);
        if !(url.scheme() == "https" || url.scheme() == "http" && loopback) {
            return Err(UrlRefusal::Scheme {
                scheme: url.scheme().to_owned(),
            });
        }
        if written_authority(text)?.contains('@') {
            return Err(UrlRefusal::UserInfo);
        }
        let host = host.ok_or(UrlRefusal::Malformed {
            problem: "it names no host".to_owned(),
        })?;
        self.check_host(&host, loopback)?;
        check_path(url.path())?;
        url.set_fragment(None);
        self.check_length(url.as_str())?;
        let port = url.port_or_known_default().unwrap_or(0);
        self.check_place(&url, &host, port, loopback)?;
        let origin = url.origin().ascii_serialization();
        Ok(CheckedUrl {
            origin,
            host: host.to_string(),
            port,
            url,
        })
    }

    /// Judges an address about to be connected to.
    ///
    /// # Errors
    /// [`UrlRefusal::Address`] if it lies in any special-purpose range, except loopback under
    /// [`PolicyOptions::dev_loopback`].
    pub fn check_address(&self, address: IpAddr) -> Result<(), UrlRefusal> {
        match special_range(address) {
            Some(_) if self.dev_loopback && address.is_loopback() => Ok(()),
            Some(range) => Err(UrlRefusal::Address { address, range }),
            None => Ok(()),
        }
    }

    fn check_length(&self, text: &str) -> Result<(), UrlRefusal> {
        if text.len() > self.max_length {
            return Err(UrlRefusal::TooLong {
                limit: self.max_length,
                length: text.len(),
            });
        }
        Ok(())
    }

    fn check_host(&self, host: &Host, loopback: bool) -> Result<(), UrlRefusal> {
        if let Some(address) = address_of(host) {
            return self.check_address(address);
        }
        let name = host.to_string();
        if !pattern::is_dns_name(&name) {
            return Err(UrlRefusal::Host { host: name });
        }
        if is_local_name(&name) && !loopback {
            return Err(UrlRefusal::LocalName { host: name });
        }
        Ok(())
    }

    /// Allowlist and port, in this order: a port is only worth a word where the host is welcome.
    fn check_place(
        &self,
        url: &Url,
        host: &Host,
        port: u16,
        loopback: bool,
    ) -> Result<(), UrlRefusal> {
        let mut of_host = self
            .allow
            .iter()
            .filter(|pattern| pattern.has_host(host))
            .peekable();
        let host_is_listed = of_host.peek().is_some();
        let mut matching = of_host
            .filter(|pattern| pattern.has_port(port) && pattern.has_path(url))
            .peekable();
        if !self.allow.is_empty() && matching.peek().is_none() {
            let host = host.to_string();
            return Err(if host_is_listed {
                UrlRefusal::PlaceNotAllowed { host }
            } else {
                UrlRefusal::HostNotAllowed { host }
            });
        }
        let permitted = port != 0
            && (loopback
                || url.port().is_none()
                || self.ports.contains(&port)
                || matching.any(Pattern::names_port));
        if permitted {
            Ok(())
        } else {
            Err(UrlRefusal::Port { port })
        }
    }
}

/// What stands between `//` and the path in the text itself. The parser would accept `https:host`,
/// `https:///host` and an empty user name; other software reads those differently. The slashes must
/// follow the first colon: a second `://` may stand anywhere further on.
fn written_authority(text: &str) -> Result<&str, UrlRefusal> {
    text.split_once(':')
        .and_then(|(_, rest)| rest.strip_prefix("//"))
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .filter(|authority| !authority.is_empty())
        .ok_or(UrlRefusal::Malformed {
            problem: "two slashes and a host must follow \"https:\"".to_owned(),
        })
}

fn refusal_of_parser(error: ParseError) -> UrlRefusal {
    let problem = match error {
        ParseError::RelativeUrlWithoutBase => "it must start with \"https://\"".to_owned(),
        other => other.to_string(),
    };
    UrlRefusal::Malformed { problem }
}

/// Refuses what servers are known to read differently from the parser: an encoded separator or control
/// character, and a `%` that encodes nothing. Dot segments, written `%2e` or plainly, are already gone.
fn check_path(path: &str) -> Result<(), UrlRefusal> {
    let well_formed = path.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes();
        digits.next().is_some_and(|b| b.is_ascii_hexdigit())
            && digits.next().is_some_and(|b| b.is_ascii_hexdigit())
    });
    let encodes_separator = path.split('/').any(|segment| {
        percent_decode_str(segment).any(|b| matches!(b, b'/' | b'\\') || b.is_ascii_control())
    });
    if well_formed && !encodes_separator {
        Ok(())
    } else {
        Err(UrlRefusal::Path)
    }
}

fn address_of<S>(host: &Host<S>) -> Option<IpAddr> {
    match host {
        Host::Ipv4(address) => Some(IpAddr::V4(*address)),
        Host::Ipv6(address) => Some(IpAddr::V6(*address)),
        Host::Domain(_) => None,
    }
}

fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => is_in_domain(name, "localhost"),
        other => address_of(other).is_some_and(|address| address.is_loopback()),
    }
}

fn is_local_name(name: &str) -> bool {
    !name.contains('.')
        || LOCAL_DOMAINS
            .iter()
            .any(|domain| is_in_domain(name, domain))
}

/// Whether `name` is `domain` or below it.
fn is_in_domain(name: &str, domain: &str) -> bool {
    name == domain || pattern::is_below(name, domain)
}
