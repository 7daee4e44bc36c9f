//! URL policy: the golden vectors, and the laws behind them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::sample;
use scormbridge_core::url_policy::{PolicyOptions, UrlPolicy, UrlRefusal, special_range};
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Urls {
    policies: BTreeMap<String, PolicyOptions>,
    accept: Vec<Accepted>,
    refuse: Vec<Refused>,
    patterns: Patterns,
}

#[derive(Deserialize)]
struct Accepted {
    policy: String,
    url: String,
    normal: String,
    origin: String,
    host: String,
    port: u16,
}

#[derive(Deserialize)]
struct Refused {
    policy: String,
    url: String,
    reason: String,
}

#[derive(Deserialize)]
struct Patterns {
    accept: Vec<String>,
    refuse: Vec<RefusedPattern>,
}

#[derive(Deserialize)]
struct RefusedPattern {
    pattern: String,
    reason: String,
}

#[derive(Deserialize)]
struct Addresses {
    ranges: Vec<Range>,
    refuse: Vec<Named>,
    accept: Vec<IpAddr>,
}

#[derive(Deserialize)]
struct Range {
    range: String,
    first: IpAddr,
    last: IpAddr,
}

#[derive(Deserialize)]
struct Named {
    why: String,
    address: IpAddr,
}

fn urls() -> Urls {
    serde_json::from_str(include_str!("../../../tests/golden/urls.json")).unwrap()
}

fn addresses() -> Addresses {
    serde_json::from_str(include_str!("../../../tests/golden/addresses.json")).unwrap()
}

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

#[test]
fn every_accepted_url_has_its_normal_form() {
    let golden = urls();
    for case in golden.accept {
        let policy = UrlPolicy::new(golden.policies[&case.policy].clone()).unwrap();
        let checked = policy
            .check(&case.url)
            .unwrap_or_else(|e| panic!("{:?}: {e}", case.url));
        let found = (
            checked.url().as_str(),
            checked.origin(),
            checked.host(),
            checked.port(),
        );
        let expected = (&*case.normal, &*case.origin, &*case.host, case.port);
        assert_eq!(found, expected, "{:?}", case.url);
    }
}

#[test]
fn every_refused_url_gives_its_reason() {
    let golden = urls();
    for case in golden.refuse {
        let policy = UrlPolicy::new(golden.policies[&case.policy].clone()).unwrap();
        assert_eq!(
            reason(policy.check(&case.url)),
            case.reason,
            "{} {:?}",
            case.policy,
            case.url
        );
    }
}

#[test]
fn every_allowlist_entry_is_read_or_refused_with_its_reason() {
    let patterns = urls().patterns;
    for pattern in patterns.accept {
        let options = PolicyOptions {
            allow: vec![pattern.clone()],
            ..PolicyOptions::default()
        };
        assert!(UrlPolicy::new(options).is_ok(), "{pattern:?}");
    }
    for RefusedPattern { pattern, reason } in patterns.refuse {
        let options = PolicyOptions {
            allow: vec![pattern.clone()],
            ..PolicyOptions::default()
        };
        let refusal = UrlPolicy::new(options).expect_err(&pattern);
        assert_eq!(refusal.reason(), reason, "{pattern:?}");
        assert_eq!(refusal.pattern, pattern);
    }
}

#[test]
fn a_list_of_too_many_entries_is_refused() {
    let allow = |count| vec!["cdn.example.com".to_owned(); count];
    let options = |count| PolicyOptions {
        allow: allow(count),
        ..PolicyOptions::default()
    };
    assert!(UrlPolicy::new(options(1000)).is_ok());
    assert_eq!(
        UrlPolicy::new(options(1001)).unwrap_err().reason(),
        "pattern_too_many"
    );
}

#[test]
fn every_special_purpose_range_is_refused_from_its_first_to_its_last_address() {
    let golden = addresses();
    let policy = default_policy();
    for Range { range, first, last } in golden.ranges {
        for address in [first, last] {
            assert_eq!(
                reason(policy.check_address(address)),
                "url_private_address",
                "{address} of {range}"
            );
        }
    }
    for Named { why, address } in golden.refuse {
        assert_eq!(
            reason(policy.check_address(address)),
            "url_private_address",
            "{address}, {why}"
        );
    }
}

#[test]
fn the_public_neighbours_of_those_ranges_are_accepted() {
    let policy = default_policy();
    for address in addresses().accept {
        assert_eq!(policy.check_address(address), Ok(()), "{address}");
    }
}

#[test]
fn the_development_switch_opens_loopback_and_nothing_else() {
    let policy = UrlPolicy::new(PolicyOptions {
        dev_loopback: true,
        ..PolicyOptions::default()
    })
    .unwrap();
    let golden = addresses();
    for address in golden
        .ranges
        .iter()
        .flat_map(|range| [range.first, range.last])
    {
        assert_eq!(
            policy.check_address(address).is_ok(),
            address.is_loopback(),
            "{address}"
        );
    }
}

#[test]
fn a_refused_address_says_which_range_and_which_source() {
    let refusal = default_policy().check("https://0x7f.1/").unwrap_err();
    let text = refusal.to_string();
    for part in ["127.0.0.1", "127.0.0.0/8", "Loopback", "RFC 1122"] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(refusal.details()[0], ("address", "127.0.0.1".to_owned()));
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

    /// Feature: external-scorm-bridge, Property 1: every https URL of a public host is accepted, unchanged.
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
    fn a_url_of_another_scheme_is_refused(scheme in "[a-z][a-z0-9+.-]{0,7}", host in host(), path in path()) {
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
        let patterns: Vec<String> =
            listed.iter().map(|(wild, host)| if *wild { format!("*.{host}") } else { host.clone() }).collect();
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
            if *wild { labels.len() > listed.len() && labels.ends_with(&listed) } else { labels == listed }
        });
        let expected = if allowed { "accepted" } else { "url_host_not_allowed" };
        prop_assert_eq!(reason(allowing(&patterns).check(&format!("https://{host}{path}"))), expected);
    }

    /// Feature: external-scorm-bridge, Property 14: an allowlist takes away and never adds.
    #[test]
    fn an_allowlist_allows_nothing_that_is_refused_without_it(text in trap()) {
        let listed = allowing(&["cdn.example.com/courses".into(), "*.example.com".into(), "127.0.0.1".into(), "localhost".into()]);
        if let Ok(checked) = listed.check(&text) {
            prop_assert_eq!(default_policy().check(&text), Ok(checked));
        }
    }

    /// Feature: external-scorm-bridge, Property 14: no spelling of a path leaves an allowed folder.
    #[test]
    fn no_path_leaves_an_allowed_folder(
        inside in any::<bool>(),
        pieces in prop::collection::vec(sample::select(&[
            "/", "/", "..", "..", ".", "a", "courses", "scorm", "%2e", "%2E%2e", "%252e", "%25", "2e", "2f", ";", ";x", "%3b", "%c0%ae", "//",
        ][..]), 0..10),
    ) {
        let start = if inside { "/courses/scorm/" } else { "/" };
        let text = format!("https://cdn.example.com{start}{}", pieces.concat());
        if let Ok(checked) = allowing(&["cdn.example.com/courses/scorm".into()]).check(&text) {
            let seen = careless_path(checked.url().path());
            prop_assert!(seen.len() >= 2 && seen[0] == "courses" && seen[1] == "scorm", "{text}: {seen:?}");
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
            format!("{a}.{b}.{c}.{d}"), format!("{bits}"), format!("{bits:#x}"), format!("0{bits:o}"),
            format!("{a}.{bc}"), format!("{a:#x}.{b}.{cd}"), format!("0{a:o}.{b:#X}.{c}.0{d:o}"), format!("{a}.{b}.{c}.{d}."),
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
            prop_assert_eq!(reason(default_policy().check_address(address.into())), "url_private_address");
            prop_assert_eq!(reason(default_policy().check(&format!("https://[{address}]/"))), "url_private_address");
        }
    }

    /// What the standard library already knows to be no public address is refused.
    #[test]
    fn what_the_standard_library_calls_special_is_refused(v4 in any::<[u8; 4]>(), v6 in any::<[u8; 16]>()) {
        let (v4, v6) = (Ipv4Addr::from(v4), Ipv6Addr::from(v6));
        if v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_documentation() {
            prop_assert!(special_range(v4.into()).is_some(), "{v4}");
        }
        if v6.is_multicast() || v6.is_unique_local() || v6.is_unicast_link_local() || v6.segments()[0] >> 13 != 1 {
            prop_assert!(special_range(v6.into()).is_some(), "{v6}");
        }
    }
}
