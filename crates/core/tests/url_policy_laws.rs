//! URL policy: the laws behind the golden vectors of `url_policy.rs`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::net::{Ipv4Addr, Ipv6Addr};

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::sample;
use scormbridge_core::url_policy::{PolicyOptions, UrlPolicy, UrlRefusal, special_range};
use url::Url;

fn default_policy() -> UrlPolicy {
    UrlPolicy::new(PolicyOptions::default()).unwrap()
}

fn allowing(patterns: &[String]) -> UrlPolicy {
    UrlPolicy::new(PolicyOptions {
        allow: patterns.to_vec(),
        ..PolicyOptions::default()
    })
    .unwrap()
}

fn reason(verdict: Result<impl std::fmt::Debug, UrlRefusal>) -> &'static str {
    verdict.err().map_or("accepted", |refusal| refusal.reason())
}

/// Written as a browser's address bar would have it: lower case, no escapes, a public name.
fn host() -> impl Strategy<Value = String> {
    "([a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?\\.){1,3}(com|org|net|example)"
}

fn path() -> impl Strategy<Value = String> {
    "(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,8}){0,4}/?(\\?[a-z0-9=&/]{0,12})?"
}

/// Pieces that parsers have been known to disagree about.
const TRAPS: &[&str] = &[
    "https:",
    "http:",
    "://",
    "//",
    "/",
    "\\",
    "@",
    ":",
    ":443",
    ":8443",
    "?",
    "#",
    "%",
    "%2e",
    "%2E",
    "%2f",
    "%5c",
    "%25",
    "%00",
    "..",
    ".",
    ";",
    "\t",
    "\n",
    " ",
    "\u{a0}",
    "\u{3002}",
    "\u{ff0e}",
    "\u{200d}",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "127.1",
    "0x7f000001",
    "2130706433",
    "localhost",
    "cdn.example.com",
    "evil.example.net",
    "xn--",
    "user",
    "courses",
    "scorm",
];

/// A URL as an attacker might write it: every part, or what passes for it, and then pieces at random.
fn trap() -> impl Strategy<Value = String> {
    let start: &'static [&'static str] = &[
        "https://",
        "https://",
        "https:",
        "https:/",
        "https:///",
        "http://",
        "",
    ];
    let user: &'static [&'static str] = &["", "", "", "user@", "@", ":@", "cdn.example.com@"];
    let host: &'static [&'static str] = &[
        "cdn.example.com",
        "evil.example.net",
        "127.1",
        "[::1]",
        "localhost",
        "",
    ];
    let piece = prop_oneof![
        6 => sample::select(TRAPS).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    (
        sample::select(start),
        sample::select(user),
        sample::select(host),
        prop::collection::vec(piece, 0..8),
    )
        .prop_map(|(start, user, host, pieces)| format!("{start}{user}{host}{}", pieces.concat()))
}

/// Where a careless server would look: everything decoded until nothing is left to decode, backslashes
/// turned, path parameters dropped, dot segments followed.
fn careless_path(path: &str) -> Vec<String> {
    let mut text = path.to_owned();
    loop {
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == text {
            break;
        }
        text = decoded;
    }
    let mut segments = Vec::new();
    for segment in text.replace('\\', "/").split('/').skip(1) {
        match segment.split(';').next().unwrap() {
            "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other.to_owned()),
        }
    }
    segments
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Feature: external-scorm-bridge, Property 1: every https URL of a public host is accepted
    /// and left as it is.
    #[test]
    fn an_https_url_of_a_public_host_is_accepted(host in host(), path in path()) {
        let text = format!("https://{host}{path}");
        let checked = default_policy().check(&text).unwrap();
        prop_assert_eq!(checked.host(), &host);
        prop_assert_eq!(checked.port(), 443);
        prop_assert_eq!(checked.url(), &Url::parse(&text).unwrap());
    }

    /// Feature: external-scorm-bridge, Property 1: the same URL with any other scheme is refused.
    #[test]
    fn a_url_of_another_scheme_is_refused(
        scheme in "[a-z][a-z0-9+.-]{0,7}", host in host(), path in path(),
    ) {
        prop_assume!(scheme != "https");
        let verdict = default_policy().check(&format!("{scheme}://{host}{path}"));
        prop_assert_eq!(reason(verdict), "url_scheme");
    }

    /// Feature: external-scorm-bridge, Property 1: whatever is accepted is an https URL of a public host
    /// without user, fragment or ambiguity, and judging it again changes nothing.
    #[test]
    fn what_is_accepted_is_safe_and_stays_accepted(text in trap()) {
        let policy = default_policy();
        if let Ok(checked) = policy.check(&text) {
            let url = checked.url();
            prop_assert_eq!(url.scheme(), "https");
            prop_assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None));
            prop_assert_eq!(checked.port(), 443);
            prop_assert!(checked.address().is_none_or(|address| special_range(address).is_none()));
            prop_assert!(!url.as_str().contains(['\\', '\n', '\t', ' ']));
            prop_assert_eq!(policy.check(url.as_str()), Ok(checked.clone()));
        }
    }

    /// Feature: external-scorm-bridge, Property 14: a host is allowed if it is listed or below a listed
    /// wildcard, and refused otherwise, however similar it looks.
    #[test]
    fn only_listed_hosts_are_allowed(
        listed in prop::collection::vec((any::<bool>(), host()), 1..5),
        which in any::<sample::Index>(), label in "[a-z]{1,5}", how in 0..7, path in path(),
    ) {
        let patterns: Vec<String> = listed
            .iter()
            .map(|(wild, host)| format!("{}{host}", if *wild { "*." } else { "" }))
            .collect();
        let base = &listed[which.index(listed.len())].1;
        let host = match how {
            0 => base.clone(),
            1 => format!("{label}.{base}"),
            2 => format!("{label}.{label}.{base}"),
            3 => format!("{label}{base}"),
            4 => format!("{base}.{label}.com"),
            5 => base.split_once('.').unwrap().1.to_owned(),
            _ => format!("{label}-{base}"),
        };
        prop_assume!(host.contains('.'));
        let allowed = listed.iter().any(|(wild, listed)| {
            let labels: Vec<&str> = host.split('.').collect();
            let listed: Vec<&str> = listed.split('.').collect();
            match wild {
                true => labels.len() > listed.len() && labels.ends_with(&listed),
                false => labels == listed,
            }
        });
        let expected = if allowed { "accepted" } else { "url_host_not_allowed" };
        prop_assert_eq!(reason(allowing(&patterns).check(&format!("https://{host}{path}"))), expected);
    }

    /// Feature: external-scorm-bridge, Property 14: an allowlist takes away and never adds.
    #[test]
    fn an_allowlist_allows_nothing_that_is_refused_without_it(text in trap()) {
        let patterns = ["cdn.example.com/courses", "*.example.com", "127.0.0.1", "localhost"];
        let listed = allowing(&patterns.map(str::to_owned));
        if let Ok(checked) = listed.check(&text) {
            let host = checked.host();
            prop_assert!(host.ends_with(".example.com"), "{}", host);
            prop_assert_eq!(default_policy().check(&text), Ok(checked));
        }
    }

    /// Feature: external-scorm-bridge, Property 14: no spelling of a path leaves an allowed folder.
    #[test]
    fn no_path_leaves_an_allowed_folder(
        inside in any::<bool>(),
        pieces in prop::collection::vec(sample::select(&[
            "/", "/", "//", "..", "..", ".", "a", "courses", "scorm", "%2e", "%2E%2e", "%252e", "%25",
            "2e", "2f", ";", ";x", "%3b", "%c0%ae",
        ][..]), 0..10),
    ) {
        let start = if inside { "/courses/scorm/" } else { "/" };
        let text = format!("https://cdn.example.com{start}{}", pieces.concat());
        if let Ok(checked) = allowing(&["cdn.example.com/courses/scorm".into()]).check(&text) {
            let seen = careless_path(checked.url().path());
            let folder = ["courses".to_owned(), "scorm".to_owned()];
            prop_assert!(seen.starts_with(&folder), "{text}: {seen:?}");
        }
    }

    /// An allowed folder holds every plain path below it, and no plain path beside it.
    #[test]
    fn a_plain_path_is_allowed_exactly_below_the_folder(
        folder in prop::collection::vec("[ab]", 1..3), path in prop::collection::vec("[ab]", 0..5),
    ) {
        let policy = allowing(&[format!("cdn.example.com/{}", folder.join("/"))]);
        let verdict = policy.check(&format!("https://cdn.example.com/{}", path.join("/")));
        let expected = if path.starts_with(&folder) { "accepted" } else { "url_place_not_allowed" };
        prop_assert_eq!(reason(verdict), expected);
    }

    /// However an IPv4 address is written in a URL, it gets the verdict of the address.
    #[test]
    fn every_spelling_of_an_address_gets_one_verdict(
        bits in prop_oneof![any::<u32>(), 0x7f00_0000_u32..0x7f00_0100, 0x0a00_0000_u32..0x0a00_0010],
    ) {
        let address = Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = address.octets();
        let (bc, cd) = (u32::from(b) << 16 | bits & 0xffff, bits & 0xffff);
        let policy = default_policy();
        let expected = reason(policy.check_address(address.into()));
        for host in [
            format!("{a}.{b}.{c}.{d}"),
            format!("{a}.{b}.{c}.{d}."),
            format!("{bits}"),
            format!("{bits:#x}"),
            format!("0{bits:o}"),
            format!("{a}.{bc}"),
            format!("{a:#x}.{b}.{cd}"),
            format!("0{a:o}.{b:#X}.{c}.0{d:o}"),
        ] {
            prop_assert_eq!(reason(policy.check(&format!("https://{host}/"))), expected, "{}", host);
        }
    }

    /// An IPv4 address inside an IPv6 one is refused, whatever it is and however it is put there.
    #[test]
    fn every_embedded_ipv4_address_is_refused(bits in any::<u32>()) {
        let embedded = u128::from(bits);
        for address in [
            embedded,
            0xffff_0000_0000 | embedded,
            0xffff_0000_0000_0000 | embedded,
            0x0064_ff9b << 96 | embedded,
            0x0064_ff9b_0001 << 80 | embedded,
            0x2002 << 112 | embedded << 80,
            0x2001_0000 << 96 | embedded << 64,
        ] {
            let address = Ipv6Addr::from_bits(address);
            let policy = default_policy();
            let as_resolved = reason(policy.check_address(address.into()));
            let as_written = reason(policy.check(&format!("https://[{address}]/")));
            prop_assert_eq!((as_resolved, as_written), ("url_private_address", "url_private_address"));
        }
    }

    /// What the standard library already knows to be no public address is refused.
    #[test]
    fn what_the_standard_library_calls_special_is_refused(
        v4 in any::<[u8; 4]>(), v6 in any::<[u8; 16]>(),
    ) {
        let (v4, v6) = (Ipv4Addr::from(v4), Ipv6Addr::from(v6));
        let local = v4.is_private() || v4.is_loopback() || v4.is_link_local();
        if local || v4.is_multicast() || v4.is_documentation() {
            prop_assert!(special_range(v4.into()).is_some(), "{v4}");
        }
        if v6.is_multicast() || v6.segments()[0] >> 13 != 1 {
            prop_assert!(special_range(v6.into()).is_some(), "{v6}");
        }
    }
}
