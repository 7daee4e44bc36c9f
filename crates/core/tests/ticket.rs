//! Tickets: the golden vectors, and that nothing about a ticket can be changed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use scormbridge_core::keys::{Key, Keys};
use scormbridge_core::ticket::{Claims, MAX_TICKET_BYTES, Mode, Scope, TicketError, Tickets};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    keys: BTreeMap<String, String>,
    current: String,
    accept: Vec<Case>,
    refuse: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    ticket: String,
    scope: Scope,
    aud: String,
    now: i64,
    claims: Option<Claims>,
    reason: Option<String>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../../tests/golden/tickets.json")).unwrap()
}

fn tickets(keys: &BTreeMap<String, String>, current: &str) -> Tickets {
    let keys: Keys = keys
        .iter()
        .map(|(id, hex)| (id.clone(), Key::from_hex(hex).unwrap()))
        .collect();
    Tickets::new(keys, current).unwrap()
}

fn two_keys() -> Tickets {
    Tickets::new(
        [
            ("a".into(), Key::from([1; 32])),
            ("b".into(), Key::from([2; 32])),
        ]
        .into(),
        "a",
    )
    .unwrap()
}

#[test]
fn every_accepted_vector_gives_its_claims() {
    let golden = golden();
    let tickets = tickets(&golden.keys, &golden.current);
    for case in golden.accept {
        let claims = tickets.verify(&case.ticket, case.scope, &case.aud, case.now);
        assert_eq!(claims, Ok(case.claims.unwrap()), "{}", case.name);
    }
}

#[test]
fn every_refused_vector_gives_its_reason() {
    let golden = golden();
    let tickets = tickets(&golden.keys, &golden.current);
    for case in golden.refuse {
        let refusal = tickets
            .verify(&case.ticket, case.scope, &case.aud, case.now)
            .unwrap_err();
        assert_eq!(
            refusal.reason(),
            case.reason.unwrap(),
            "{}: {refusal}",
            case.name
        );
    }
}

#[test]
fn issuing_the_claims_of_the_first_vector_gives_its_very_ticket() {
    let golden = golden();
    let first = &golden.accept[0];
    let ticket = tickets(&golden.keys, &golden.current).issue(first.claims.as_ref().unwrap());
    assert_eq!(ticket.as_ref(), Ok(&first.ticket));
}

#[test]
fn no_single_character_of_a_ticket_can_be_changed_removed_or_added() {
    let tickets = two_keys();
    let ticket = tickets
        .issue(&commit("https://moodle.example.org", 100))
        .unwrap();
    let genuine = |text: &str| {
        tickets
            .verify(text, Scope::Commit, "https://moodle.example.org", 0)
            .is_ok()
    };
    assert!(genuine(&ticket));
    for at in 0..ticket.len() {
        let (before, rest) = ticket.split_at(at);
        let after = &rest[1..];
        assert!(!genuine(&format!("{before}{after}")), "removed {at}");
        for other in (0_u8..128).map(char::from).chain(['é', '\u{FF21}']) {
            assert!(
                !genuine(&format!("{before}{other}{rest}")),
                "added {other:?} at {at}"
            );
            if !rest.starts_with(other) {
                assert!(
                    !genuine(&format!("{before}{other}{after}")),
                    "{other:?} at {at}"
                );
            }
        }
    }
}

#[test]
fn a_ticket_is_issued_up_to_its_longest_and_no_longer() {
    let tickets = two_keys();
    let with_path =
        |length: usize| content(&format!("https://cdn.example.com/{}/", "a".repeat(length)));
    let longest = (0..MAX_TICKET_BYTES)
        .take_while(|&n| tickets.issue(&with_path(n)).is_ok())
        .last()
        .unwrap();
    let ticket = tickets.issue(&with_path(longest)).unwrap();
    assert!(
        (MAX_TICKET_BYTES - 2..=MAX_TICKET_BYTES).contains(&ticket.len()),
        "{}",
        ticket.len()
    );
    assert!(
        tickets
            .verify(&ticket, Scope::Content, "https://moodle.example.org", 0)
            .is_ok()
    );
    let refusal = tickets.issue(&with_path(longest + 1)).unwrap_err();
    assert_eq!(
        refusal,
        TicketError::TooLong {
            limit: MAX_TICKET_BYTES
        }
    );
}

#[test]
fn claims_of_the_wrong_form_are_not_issued() {
    let tickets = two_keys();
    for base in [
        "",
        "golf/",
        "https://cdn.example.com/golf",
        "https://cdn.example.com/a/?x",
        "https://CDN.example.com/a/",
    ] {
        assert_eq!(
            tickets.issue(&content(base)),
            Err(TicketError::Claim { claim: "base" }),
            "{base}"
        );
    }
    for launch in ["", "0123456789abcdef", "0123456789abcdef0123456789abcdeg"] {
        let claims = Claims::Commit {
            aud: "a".into(),
            exp: 1,
            launch: launch.into(),
        };
        assert_eq!(
            tickets.issue(&claims),
            Err(TicketError::Claim { claim: "launch" }),
            "{launch}"
        );
    }
    assert_eq!(
        tickets.issue(&commit("", 1)),
        Err(TicketError::Claim { claim: "aud" })
    );
}

#[test]
fn a_rotated_key_verifies_until_it_is_gone() {
    let (old, new) = ([1; 32], [2; 32]);
    let before = Tickets::new([("old".into(), Key::from(old))].into(), "old").unwrap();
    let between = Tickets::new(
        [
            ("old".into(), Key::from(old)),
            ("new".into(), Key::from(new)),
        ]
        .into(),
        "new",
    )
    .unwrap();
    let after = Tickets::new([("new".into(), Key::from(new))].into(), "new").unwrap();
    let verify = |tickets: &Tickets, ticket: &str| {
        tickets.verify(ticket, Scope::Commit, "site", 0).map(|_| ())
    };
    let ticket = before.issue(&commit("site", 1)).unwrap();
    assert_eq!(verify(&between, &ticket), Ok(()));
    assert_eq!(
        verify(&after, &ticket),
        Err(TicketError::UnknownKey { id: "old".into() })
    );
    assert_eq!(
        verify(&after, &between.issue(&commit("site", 1)).unwrap()),
        Ok(())
    );
}

#[test]
fn keys_without_a_name_or_a_current_one_are_refused() {
    let keys = |id: &str| Keys::from([(id.to_owned(), Key::from([0; 32]))]);
    for id in ["", "a.b", "a:b", "a b", "é", &"a".repeat(33)] {
        assert_eq!(
            Tickets::new(keys(id), id).unwrap_err().reason(),
            "key_id",
            "{id:?}"
        );
    }
    assert_eq!(
        Tickets::new(keys("a"), "b").unwrap_err().reason(),
        "key_current"
    );
    assert!(Tickets::new(keys(&"a".repeat(32)), &"a".repeat(32)).is_ok());
}

fn content(base: &str) -> Claims {
    let site = "https://moodle.example.org".to_owned();
    Claims::Content {
        aud: site.clone(),
        exp: 100,
        base: base.into(),
        mode: Mode::Host,
        lms: site,
    }
}

fn commit(aud: &str, exp: i64) -> Claims {
    Claims::Commit {
        aud: aud.into(),
        exp,
        launch: "0123456789abcdef0123456789abcdef".into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever site and time: valid before `exp` at that site for that scope, and never otherwise.
    #[test]
    fn a_ticket_is_good_for_its_scope_site_and_time_alone(
        site in "[a-z]{1,8}(/[a-zü]{1,4})?",
        other in "[a-z]{1,8}",
        exp in any::<i64>(),
        now in any::<i64>(),
    ) {
        let tickets = two_keys();
        let ticket = tickets.issue(&commit(&site, exp)).unwrap();
        let verdict = tickets.verify(&ticket, Scope::Commit, &site, now);
        prop_assert_eq!(verdict.is_ok(), now < exp);
        prop_assert!(tickets.verify(&ticket, Scope::Content, &site, i64::MIN).is_err());
        let elsewhere = tickets.verify(&ticket, Scope::Commit, &other, i64::MIN);
        prop_assert_eq!(elsewhere.is_ok(), site == other && exp > i64::MIN);
    }

    /// Any changed byte of any ticket is refused, under every key that is known.
    #[test]
    fn a_changed_ticket_is_refused(
        path in "[a-z0-9]{0,40}", at in any::<prop::sample::Index>(), byte in 0_u8..128,
    ) {
        let tickets = two_keys();
        let ticket = tickets.issue(&content(&format!("https://cdn.example.com/{path}/"))).unwrap();
        let mut changed = ticket.clone().into_bytes();
        let at = at.index(changed.len());
        prop_assume!(changed[at] != byte);
        changed[at] = byte;
        let changed = String::from_utf8(changed).unwrap();
        prop_assert!(tickets.verify(&changed, Scope::Content, "https://moodle.example.org", 0).is_err());
    }

    /// Any text at all is answered with a refusal.
    #[test]
    fn any_text_is_refused(text in r"v1\.[ab]\.[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,60}|.{0,80}") {
        prop_assert!(two_keys().verify(&text, Scope::Content, "https://moodle.example.org", 0).is_err());
    }
}
