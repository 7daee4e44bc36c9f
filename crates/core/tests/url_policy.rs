//! URL policy: the golden vectors. The laws behind them are in `url_policy_laws.rs`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeMap;
use std::net::IpAddr;

use scormbridge_core::url_policy::{PolicyOptions, UrlPolicy, UrlRefusal};
use serde::Deserialize;

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
