//! One entry of the allowlist: a host or the subdomains of one, perhaps a port, perhaps a path prefix.
//!
//! Hosts are compared in the parser's ASCII form, paths segment by segment after percent-decoding. A path
//! that some server could read as leaving the prefix is not inside it, whatever this parser thinks.

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::error::PatternProblem;

/// Longest entry in bytes.
const MAX_PATTERN_BYTES: usize = 2048;

/// Rounds of percent-decoding after which a path is no longer worth understanding.
const MAX_DECODINGS: usize = 4;

#[derive(Debug, Clone)]
pub(super) struct Pattern {
    host: PatternHost,
    /// Only this port, if named.
    port: Option<u16>,
    /// Decoded segments that the path must start with.
    prefix: Vec<Vec<u8>>,
}

#[derive(Debug, Clone)]
enum PatternHost {
    /// Exactly this host.
    Exactly(Host),
    /// Every name below this one, but not the name itself.
    Below(String),
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self, PatternProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PatternProblem::Empty);
        }
        if text.len() > MAX_PATTERN_BYTES {
            return Err(PatternProblem::TooLong {
                limit: MAX_PATTERN_BYTES,
            });
        }
        if text.contains("://") {
            return Err(PatternProblem::Scheme);
        }
        let (authority, path) = text.split_at(text.find('/').unwrap_or(text.len()));
        let (host, port) = split_port(authority)?;
        Ok(Self {
            host: parse_host(host)?,
            port,
            prefix: parse_prefix(path)?,
        })
    }

    pub(super) fn has_host(&self, host: &Host) -> bool {
        match (&self.host, host) {
            (PatternHost::Exactly(exactly), host) => exactly == host,
            (PatternHost::Below(domain), Host::Domain(name)) => is_below(name, domain),
            (PatternHost::Below(_), _) => false,
        }
    }

    pub(super) fn has_port(&self, port: u16) -> bool {
        self.port.is_none_or(|named| named == port)
    }

    /// Whether the entry itself names a port, and so permits it.
    pub(super) fn names_port(&self) -> bool {
        self.port.is_some()
    }

    pub(super) fn has_path(&self, url: &Url) -> bool {
        if self.prefix.is_empty() {
            return true;
        }
        let segments = || url.path().split('/').skip(1);
        segments().all(stays_in_place)
            && segments().count() >= self.prefix.len()
            && segments()
                .zip(&self.prefix)
                .all(|(segment, prefix)| decoded(segment) == *prefix)
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), PatternProblem> {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
            match port.parse() {
                Ok(port) if digits && port != 0 => Ok((host, Some(port))),
                _ => Err(PatternProblem::Port),
            }
        }
        _ => Ok((authority, None)),
    }
}

fn parse_host(text: &str) -> Result<PatternHost, PatternProblem> {
    let (name, wildcard) = match text.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (text, false),
    };
    if name.contains('*') {
        return Err(PatternProblem::Wildcard);
    }
    match (
        Host::parse(name).map_err(|_| PatternProblem::Host)?,
        wildcard,
    ) {
        (Host::Domain(name), _) if !is_dns_name(&name) => Err(PatternProblem::Host),
        (Host::Domain(name), true) if name.contains('.') => Ok(PatternHost::Below(name)),
        (_, true) => Err(PatternProblem::Wildcard),
        (Host::Domain(name), false) if !name.contains('.') && name != "localhost" => {
            Err(PatternProblem::Host)
        }
        (host, false) => Ok(PatternHost::Exactly(host)),
    }
}

fn parse_prefix(path: &str) -> Result<Vec<Vec<u8>>, PatternProblem> {
    if path.contains(['?', '#', '\\', '*']) || path.chars().any(char::is_control) {
        return Err(PatternProblem::Path);
    }
    let mut segments: Vec<&str> = path.split('/').skip(1).collect();
    if segments.last().is_some_and(|last| last.is_empty()) {
        segments.pop();
    }
    if segments
        .iter()
        .all(|segment| !segment.is_empty() && stays_in_place(segment))
    {
        Ok(segments.into_iter().map(decoded).collect())
    } else {
        Err(PatternProblem::Path)
    }
}

fn decoded(segment: &str) -> Vec<u8> {
    percent_decode_str(segment).collect()
}

/// Whether a segment is one step down for every server: not a dot segment and no separator, however often
/// it is percent-decoded, and with or without path parameters (`..;x`, which some servers strip).
fn stays_in_place(segment: &str) -> bool {
    let mut bytes = segment.as_bytes().to_vec();
    for _ in 0..MAX_DECODINGS {
        let name = bytes.split(|&b| b == b';').next().unwrap_or_default();
        if name == b"." || name == b".." || bytes.iter().any(|b| matches!(b, b'/' | b'\\' | 0)) {
            return false;
        }
        let next: Vec<u8> = percent_encoding::percent_decode(&bytes).collect();
        if next == bytes {
            return true;
        }
        bytes = next;
    }
    false
}

/// Whether `name` is a proper subdomain of `domain`, both in lower-case ASCII.
pub(super) fn is_below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain)
        .and_then(|rest| rest.strip_suffix('.'))
        .is_some_and(|rest| !rest.is_empty())
}

/// Host name syntax (RFC 1123, section 2.1; lengths from RFC 1035, section 2.3.4), plus the underscore
/// that storage providers put into bucket names. The URL parser is laxer.
pub(super) fn is_dns_name(name: &str) -> bool {
    name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        })
}
