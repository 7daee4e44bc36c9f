//! Why a URL, an address or an allowlist entry was refused.

use std::net::IpAddr;

use super::address::SpecialRange;

/// Why a URL or an address was refused. The messages are written for the person who pasted the URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlRefusal {
    /// Longer than the site allows.
    #[error("The URL has {length} bytes; at most {limit} are allowed. Use a shorter path.")]
    TooLong {
        /// Limit in bytes.
        limit: usize,
        /// Length found, in bytes.
        length: usize,
    },
    /// A control character or a backslash.
    #[error("The URL holds the character {character:?}; remove it, and write \"/\" for \"\\\".")]
    Character {
        /// The first such character.
        character: char,
    },
    /// Not an absolute URL.
    #[error("This is not a valid URL: {problem}. Write it as https://host/folder/imsmanifest.xml.")]
    Malformed {
        /// What is wrong.
        problem: String,
    },
    /// A scheme other than `https`.
    #[error(
        "The URL starts with \"{scheme}:\"; only addresses that start with https:// are allowed."
    )]
    Scheme {
        /// Scheme found.
        scheme: String,
    },
    /// A user name or password in front of the host.
    #[error("The URL holds a user name or password; remove everything before \"@\".")]
    UserInfo,
    /// A host that is not a well-formed DNS name.
    #[error("\"{host}\" is not a valid host name; check its spelling and remove a dot at its end.")]
    Host {
        /// Host in ASCII form.
        host: String,
    },
    /// A name that only means something inside a network.
    #[error("\"{host}\" is a name inside a network; use the public host name of the CDN.")]
    LocalName {
        /// Host in ASCII form.
        host: String,
    },
    /// An address that is not a host on the public Internet.
    #[error(
        "The address {address} is not public ({cidr}, {name}, {source_document}); \
         use a CDN that the whole Internet can reach.",
        cidr = range.cidr(), name = range.name, source_document = range.source
    )]
    Address {
        /// Address found in the URL, or behind its host name.
        address: IpAddr,
        /// The block it lies in.
        range: &'static SpecialRange,
    },
    /// A path that servers may read in different ways.
    #[error(
        "The path of the URL holds an encoded slash, backslash or control character, or a \"%\" \
         without two digits; rename the folder or file."
    )]
    Path,
    /// A host that is not on the allowlist.
    #[error(
        "\"{host}\" is not on this site's list of allowed hosts; ask an administrator to add it."
    )]
    HostNotAllowed {
        /// Host in ASCII form.
        host: String,
    },
    /// A host on the allowlist, but with another port or path.
    #[error(
        "Of \"{host}\", this site allows only certain ports or folders, and not this one; \
         ask an administrator to add it."
    )]
    PlaceNotAllowed {
        /// Host in ASCII form.
        host: String,
    },
    /// A port that is neither the default nor listed.
    #[error("The port {port} is not allowed; use 443 or ask an administrator to add the port.")]
    Port {
        /// Port found.
        port: u16,
    },
}

impl UrlRefusal {
    /// Stable code of the reason, for front ends to localise by.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "url_too_long",
            Self::Character { .. } => "url_character",
            Self::Malformed { .. } => "url_malformed",
            Self::Scheme { .. } => "url_scheme",
            Self::UserInfo => "url_user_info",
            Self::Host { .. } => "url_host",
            Self::LocalName { .. } => "url_local_name",
            Self::Address { .. } => "url_private_address",
            Self::Path => "url_path",
            Self::HostNotAllowed { .. } => "url_host_not_allowed",
            Self::PlaceNotAllowed { .. } => "url_place_not_allowed",
            Self::Port { .. } => "url_port",
        }
    }

    /// Values for the placeholders of a localised message.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { limit, length } => {
                vec![("limit", limit.to_string()), ("length", length.to_string())]
            }
            Self::Character { character } => {
                vec![("character", character.escape_default().to_string())]
            }
            Self::Malformed { problem } => vec![("problem", problem.clone())],
            Self::Scheme { scheme } => vec![("scheme", scheme.clone())],
            Self::Host { host }
            | Self::LocalName { host }
            | Self::HostNotAllowed { host }
            | Self::PlaceNotAllowed { host } => vec![("host", host.clone())],
            Self::Address { address, range } => vec![
                ("address", address.to_string()),
                ("range", range.cidr()),
                ("name", range.name.to_owned()),
            ],
            Self::Port { port } => vec![("port", port.to_string())],
            Self::UserInfo | Self::Path => Vec::new(),
        }
    }
}

/// An allowlist entry that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Allowlist entry {pattern:?}: {problem}")]
pub struct PatternError {
    /// The entry as it was written.
    pub pattern: String,
    /// What is wrong with it.
    pub problem: PatternProblem,
}

impl PatternError {
    pub(super) fn new(pattern: &str, problem: PatternProblem) -> Self {
        Self {
            pattern: pattern.to_owned(),
            problem,
        }
    }

    /// Stable code of the reason, for front ends to localise by.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self.problem {
            PatternProblem::Empty => "pattern_empty",
            PatternProblem::TooLong { .. } => "pattern_too_long",
            PatternProblem::TooMany { .. } => "pattern_too_many",
            PatternProblem::Scheme => "pattern_scheme",
            PatternProblem::Host => "pattern_host",
            PatternProblem::Wildcard => "pattern_wildcard",
            PatternProblem::Port => "pattern_port",
            PatternProblem::Path => "pattern_path",
        }
    }

    /// Values for the placeholders of a localised message.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let mut details = vec![("pattern", self.pattern.clone())];
        if let PatternProblem::TooLong { limit } | PatternProblem::TooMany { limit } = self.problem
        {
            details.push(("limit", limit.to_string()));
        }
        details
    }
}

/// What is wrong with an allowlist entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternProblem {
    /// No text.
    #[error("it is empty; remove it. An empty list allows any public host.")]
    Empty,
    /// Longer than any URL.
    #[error("it has more than {limit} bytes; shorten its path.")]
    TooLong {
        /// Limit in bytes.
        limit: usize,
    },
    /// One entry more than a list may have.
    #[error("it is one too many; a list may have {limit} entries.")]
    TooMany {
        /// Limit in entries.
        limit: usize,
    },
    /// A scheme in front of the host.
    #[error("leave out \"https://\" and start with the host.")]
    Scheme,
    /// Not a host name or address.
    #[error("it must start with a full host name such as cdn.example.com.")]
    Host,
    /// A `*` elsewhere than as the whole first label, above a domain of at least two labels.
    #[error("\"*\" may only stand for subdomains, as in *.example.com.")]
    Wildcard,
    /// Not a port.
    #[error("after \":\" there must be a port from 1 to 65535.")]
    Port,
    /// A path that is not a plain prefix.
    #[error(
        "its path must be plain folders such as /courses/scorm, \
         without \"..\", \"//\", \"?\", \"#\", \"*\", backslash or encoded slash."
    )]
    Path,
}
