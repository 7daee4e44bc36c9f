//! What is signed or sealed: whatever was not made with a key of ours opens nothing.

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use scormbridge_core::{
    keys::{Key, Keys},
    sealing::{self, Vault},
    ticket::{Claims, MAX_TICKET_BYTES, Scope, TicketError, Tickets},
};

use super::{ACCEPTED, NOT_TEXT, Verdict};

const AUD: &str = "https://moodle.example.org";
const SCOPES: [Scope; 2] = [Scope::Content, Scope::Commit];
const KEY: [u8; 32] = [7; 32];

fn keys() -> Keys {
    [
        ("a".to_owned(), Key::from(KEY)),
        ("b".to_owned(), Key::from([8; 32])),
    ]
    .into()
}

/// The bytes as a ticket: refused, since no fuzzer has the key. The bytes as the payload of a ticket that somebody
/// with the key signed: accepted only if they are claims that this software would issue itself, for one scope, one
/// site, and until they end.
pub fn ticket(data: &[u8]) -> Verdict {
    let tickets = Tickets::new(keys(), "a").expect("two keys");
    if let Ok(text) = std::str::from_utf8(data) {
        for scope in SCOPES {
            let verdict = tickets.verify(text, scope, AUD, i64::MIN);
            assert!(
                verdict
                    .as_ref()
                    .is_err_and(|e| e.reason().starts_with("ticket_")),
                "{verdict:?}"
            );
        }
    }
    let signed = format!("v1.a.{}", BASE64URL_NOPAD.encode(data));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &KEY), signed.as_bytes());
    let ticket = format!("{signed}.{}", BASE64URL_NOPAD.encode(mac.as_ref()));
    let verdicts = SCOPES.map(|scope| tickets.verify(&ticket, scope, AUD, 0));
    let accepted: Vec<_> = verdicts.iter().flatten().collect();
    assert!(accepted.len() < 2, "good for two scopes");
    assert!(accepted.is_empty() || ticket.len() <= MAX_TICKET_BYTES);
    for claims in &accepted {
        genuine(&tickets, &ticket, claims);
    }
    match verdicts {
        [Ok(_), _] | [_, Ok(_)] => ACCEPTED,
        // Made for the other scope, and refused there for a better reason.
        [Err(TicketError::Scope { .. }), Err(error)] | [Err(error), Err(_)] => error.reason(),
    }
}

fn genuine(tickets: &Tickets, ticket: &str, claims: &Claims) {
    let verify = |aud: &str, now| tickets.verify(ticket, claims.scope(), aud, now);
    assert_eq!((claims.aud(), claims.exp() > 0), (AUD, true));
    assert_eq!(verify(AUD, claims.exp() - 1).as_ref(), Ok(claims));
    assert!(verify(AUD, claims.exp()).is_err());
    assert!(verify("https://moodle.example.org/", 0).is_err());
    // Sorted and without white space it is the ticket that we would issue, if it is not too long for one.
    if let Ok(issued) = tickets.issue(claims) {
        assert_eq!(
            tickets.verify(&issued, claims.scope(), AUD, 0).as_ref(),
            Ok(claims)
        );
    }
    let stranger = Tickets::new([("a".to_owned(), Key::from([9; 32]))].into(), "a");
    assert_eq!(
        stranger
            .expect("a key")
            .verify(ticket, claims.scope(), AUD, 0),
        Err(TicketError::Forged)
    );
}

/// The text as a sealed value: refused. The text as a value to seal: comes back in its context, and nowhere else.
pub fn sealed(data: &[u8]) -> Verdict {
    const CONTEXT: [&str; 3] = ["17", "33", "cmi.suspend_data"];
    let Ok(text) = std::str::from_utf8(data) else {
        return NOT_TEXT;
    };
    let vault = Vault::new(keys(), "a").expect("two keys");
    let refused = vault
        .open(text, &CONTEXT)
        .expect_err("opened without a key");
    assert!(sealing::is_sealed(text) || !vault.needs_reseal(text));
    let value = match vault.seal(text, &CONTEXT) {
        Ok(value) => value,
        Err(error) => return error.reason(),
    };
    assert!(sealing::is_sealed(&value) && !vault.needs_reseal(&value));
    assert_eq!(vault.open(&value, &CONTEXT).as_deref(), Ok(text));
    for elsewhere in [
        &["17", "34", "cmi.suspend_data"][..],
        &["1733", "cmi.suspend_data"],
        &["17", "33", "cmi.suspend_data", ""],
        &[],
    ] {
        assert!(vault.open(&value, elsewhere).is_err(), "{elsewhere:?}");
    }
    let flipped = damaged(&value, data);
    assert!(vault.open(&flipped, &CONTEXT).is_err(), "{flipped}");
    refused.reason()
}

/// One character of `value` replaced by another of its alphabet; the input says which.
fn damaged(value: &str, data: &[u8]) -> String {
    let sum: usize = data.iter().map(|&byte| usize::from(byte)).sum();
    let mut bytes = value.as_bytes().to_vec();
    let at = sum % bytes.len();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).expect("ASCII")
}
