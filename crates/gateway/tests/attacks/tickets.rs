//! Tickets that are not ours, not for this, not any more, or not quite.

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use scormbridge_core::{
    keys::{Key, Keys},
    ticket::{Claims, Mode, Tickets},
};
use scormbridge_gateway::{ContentOptions, Gateway, Request};

use super::{
    Area,
    support::{LMS, claims, course, get, options, reason, request, serving, tickets},
};

const KEY: [u8; 32] = [7; 32];

fn keys(list: &[(&str, [u8; 32])]) -> Keys {
    list.iter()
        .map(|(id, key)| ((*id).to_owned(), Key::from(*key)))
        .collect()
}

fn gateway(keys: Keys, current: &str) -> Gateway {
    let mut options = options();
    options.content = Some(ContentOptions::new(
        Tickets::new(keys, current).unwrap(),
        LMS,
    ));
    Gateway::new(options).unwrap()
}

/// A ticket with any payload at all, as somebody who has the key could sign it.
fn signed(kid: &str, key: &[u8], payload: &str) -> String {
    let text = format!("v1.{kid}.{}", BASE64URL_NOPAD.encode(payload.as_bytes()));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
    format!("{text}.{}", BASE64URL_NOPAD.encode(mac.as_ref()))
}

#[tokio::test]
async fn no_changed_ticket_opens_anything() {
    let mut area = Area::new("changed tickets");
    let server = course().serve().await;
    let gateway = serving();
    let asked = request(&server.url("/c/"), Mode::Host, "app.js");
    let good = asked.ticket.clone();
    let mut forged: Vec<String> = Vec::new();
    for at in 0..good.len() {
        // Every bit of every character, as far as what comes out is text; every cut, and every character twice.
        for bit in 0..7 {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            forged.push(String::from_utf8(bytes).unwrap());
        }
        forged.push(good[..at].to_owned());
        forged.push(good[at + 1..].to_owned());
        forged.push(format!("{}{}", &good[..=at], &good[at..]));
        forged.push(format!("{}{}", &good[..at], &good[at + 1..]));
    }
    for end in ["=", "A", ".", " ", "\n", "\0", "/", "%00", "é"] {
        forged.push(format!("{good}{end}"));
        forged.push(format!("{end}{good}"));
    }
    forged.extend([
        good.to_uppercase(),
        good.to_lowercase(),
        good.replace('.', "%2e"),
        format!("{good}.{good}"),
    ]);
    for ticket in forged {
        let answer = gateway
            .serve(&Request {
                ticket: ticket.clone(),
                ..asked.clone()
            })
            .await;
        let refused = answer.status == 403 && reason(&answer).starts_with("ticket_");
        area.attack((ticket, reason(&answer)), refused, true);
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(gateway.serve(&asked).await.status, 200);
}

#[tokio::test]
async fn no_ticket_opens_what_it_is_not_for() {
    let mut area = Area::new("tickets for something else");
    let server = course().serve().await;
    let gateway = serving();
    let base = server.url("/c/");
    let content = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut payload = serde_json::to_value(claims(&base, Mode::Host)).unwrap();
        change(&mut payload);
        signed("k1", &KEY, &payload.to_string())
    };
    let set = |name: &'static str, value: serde_json::Value| {
        content(&|payload| payload[name] = value.clone())
    };
    let commit = Claims::Commit {
        aud: LMS.to_owned(),
        exp: i64::MAX,
        launch: "0".repeat(32),
    };
    let none = "eyJhbGciOiJub25lIn0.eyJzY29wZSI6ImNvbnRlbnQifQ.";
    for (what, ticket, expected) in [
        (
            "another scope",
            tickets().issue(&commit).unwrap(),
            "ticket_scope",
        ),
        (
            "no scope",
            content(&|payload| drop(payload.as_object_mut().unwrap().remove("scope"))),
            "ticket_payload",
        ),
        (
            "two scopes",
            set("scope", serde_json::json!(["content", "commit"])),
            "ticket_payload",
        ),
        (
            "a scope nobody knows",
            set("scope", "admin".into()),
            "ticket_payload",
        ),
        (
            "another site",
            set("aud", "https://other.example.org".into()),
            "ticket_audience",
        ),
        (
            "a site that begins alike",
            set("aud", format!("{LMS}.evil.example").into()),
            "ticket_audience",
        ),
        (
            "the site with a slash",
            set("aud", format!("{LMS}/").into()),
            "ticket_audience",
        ),
        (
            "the site in capitals",
            set("aud", LMS.to_uppercase().into()),
            "ticket_audience",
        ),
        (
            "several sites",
            set("aud", serde_json::json!([LMS])),
            "ticket_payload",
        ),
        ("no site", set("aud", "".into()), "ticket_claim"),
        (
            "an end that is past",
            set("exp", 1.into()),
            "ticket_expired",
        ),
        (
            "an end before time",
            set("exp", i64::MIN.into()),
            "ticket_expired",
        ),
        (
            "an end beyond time",
            set("exp", u64::MAX.into()),
            "ticket_payload",
        ),
        (
            "an end that is a fraction",
            set("exp", 4_102_444_800.5.into()),
            "ticket_payload",
        ),
        (
            "an end in words",
            set("exp", "never".into()),
            "ticket_payload",
        ),
        (
            "no end",
            content(&|payload| drop(payload.as_object_mut().unwrap().remove("exp"))),
            "ticket_payload",
        ),
        ("an unknown claim", set("user", 2.into()), "ticket_payload"),
        (
            "a claim of the other scope",
            set("launch", "0".repeat(32).into()),
            "ticket_payload",
        ),
        (
            "an algorithm of its own",
            set("alg", "none".into()),
            "ticket_payload",
        ),
        (
            "a mode nobody knows",
            set("mode", "direct".into()),
            "ticket_payload",
        ),
        (
            "a base that is a file",
            set("base", format!("{base}a.html").into()),
            "ticket_claim",
        ),
        (
            "a base that climbs",
            set("base", format!("{base}../").into()),
            "ticket_claim",
        ),
        (
            "a base of another scheme",
            set("base", "file:///etc/".into()),
            "ticket_claim",
        ),
        (
            "a base with a line",
            set("base", format!("{base}\r\nX: y/").into()),
            "ticket_claim",
        ),
        (
            "a base with a query",
            set("base", format!("{base}?x=/").into()),
            "ticket_claim",
        ),
        (
            "a parent that is a list",
            set("lms", format!("{LMS} https://evil.example").into()),
            "ticket_claim",
        ),
        (
            "a parent that ends the policy",
            set("lms", format!("{LMS}; sandbox").into()),
            "ticket_claim",
        ),
        (
            "a parent with a line",
            set("lms", format!("{LMS}\r\nSet-Cookie: a=b").into()),
            "ticket_claim",
        ),
        (
            "a parent that is a star",
            set("lms", "*".into()),
            "ticket_claim",
        ),
        (
            "a parent without origin",
            set("lms", "null".into()),
            "ticket_claim",
        ),
        (
            "a claim twice",
            signed(
                "k1",
                &KEY,
                &format!(
                    "{{\"scope\":\"content\",\"aud\":\"x\",\"aud\":\"{LMS}\",\"exp\":9,\"base\":\"{base}\",\"mode\":\"host\",\"lms\":\"{LMS}\"}}"
                ),
            ),
            "ticket_payload",
        ),
        (
            "something after the claims",
            signed(
                "k1",
                &KEY,
                &format!(
                    "{}{{}}",
                    serde_json::to_string(&claims(&base, Mode::Host)).unwrap()
                ),
            ),
            "ticket_payload",
        ),
        (
            "deep claims",
            signed("k1", &KEY, &"[".repeat(1200)),
            "ticket_payload",
        ),
        ("no claims", signed("k1", &KEY, ""), "ticket_payload"),
        ("another key", signed("k1", &[8; 32], "{}"), "ticket_forged"),
        ("no key", signed("k1", &[], "{}"), "ticket_forged"),
        (
            "the key's name as key",
            signed("k1", b"k1", "{}"),
            "ticket_forged",
        ),
        (
            "a key nobody knows",
            signed("k9", &KEY, "{}"),
            "ticket_unknown_key",
        ),
        (
            "a key that is a path",
            signed("../k1", &KEY, "{}"),
            "ticket_malformed",
        ),
        (
            "a signed JWT of no algorithm",
            none.to_owned(),
            "ticket_malformed",
        ),
        (
            "too long",
            signed("k1", &KEY, &" ".repeat(2000)),
            "ticket_too_long",
        ),
    ] {
        let answer = gateway
            .serve(&Request {
                ticket,
                ..request(&base, Mode::Host, "app.js")
            })
            .await;
        area.attack(what, (answer.status, reason(&answer)), (403, expected));
    }
    assert_eq!(server.connections(), 0);
}

/// Signed by the site, and still led nowhere it must not go: a base is judged each time it is used.
#[tokio::test]
async fn no_signed_base_leads_inside() {
    let mut area = Area::new("signed bases that lead inside");
    let server = course().serve().await;
    let gateway = serving();
    for (base, expected) in [
        ("https://10.0.0.1/c/", "url_private_address"),
        (
            "https://169.254.169.254/latest/meta-data/",
            "url_private_address",
        ),
        ("https://[fd00::1]/", "url_private_address"),
        ("https://metadata.google.internal/", "url_local_name"),
        ("https://intranet/", "url_local_name"),
        ("http://cdn.example.com/", "url_scheme"),
        ("https://user:secret@cdn.example.com/", "url_user_info"),
        ("https://cdn.example.com:22/", "url_port"),
        ("https://cdn.example.com/a%2fb/", "url_path"),
    ] {
        for headers in [
            &[("sec-fetch-dest", "empty")][..],
            &[("sec-fetch-dest", "image"), ("sec-fetch-mode", "no-cors")],
        ] {
            let asked = super::support::with(request(base, Mode::Host, "a.html"), headers);
            let answer = gateway.serve(&asked).await;
            area.attack(
                (base, headers),
                (answer.status, reason(&answer)),
                (502, expected),
            );
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_key_that_is_gone_opens_nothing_while_courses_are_open() {
    let mut area = Area::new("tickets across a change of keys");
    let server = course().serve().await;
    let base = server.url("/c/");
    let (old, new) = ([1; 32], [2; 32]);
    let before = Tickets::new(keys(&[("old", old)]), "old").unwrap();
    let after = Tickets::new(keys(&[("new", new)]), "new").unwrap();
    let issued = |tickets: &Tickets| tickets.issue(&claims(&base, Mode::Host)).unwrap();
    let ask = |ticket: String| Request {
        ticket,
        ..request(&base, Mode::Host, "app.js")
    };
    let between = gateway(keys(&[("old", old), ("new", new)]), "new");
    for ticket in [issued(&before), issued(&after)] {
        assert_eq!(
            between.serve(&ask(ticket)).await.status,
            200,
            "both keys open while both are known"
        );
    }
    let connections = server.connections();
    let renamed = issued(&before).replacen(".old.", ".new.", 1);
    for (what, gateway, ticket, expected) in [
        (
            "the old key is gone",
            gateway(keys(&[("new", new)]), "new"),
            issued(&before),
            "ticket_unknown_key",
        ),
        (
            "the new key is not there yet",
            gateway(keys(&[("old", old)]), "old"),
            issued(&after),
            "ticket_unknown_key",
        ),
        (
            "another key under the old name",
            gateway(keys(&[("old", new)]), "old"),
            issued(&before),
            "ticket_forged",
        ),
        (
            "the old ticket under the new name",
            between,
            renamed,
            "ticket_forged",
        ),
    ] {
        let answer = gateway.serve(&ask(ticket)).await;
        area.attack(what, (answer.status, reason(&answer)), (403, expected));
    }
    assert_eq!(server.connections(), connections);
}

/// A ticket says which package: there is no way to name another one beside it.
#[tokio::test]
async fn a_ticket_opens_its_own_package_alone() {
    let mut area = Area::new("tickets of another package");
    let server = course()
        .add("/d/app.js", "text/javascript", "of another package")
        .add(
            "/cc/app.js",
            "text/javascript",
            "of a package that begins alike",
        )
        .serve()
        .await;
    let gateway = serving();
    for path in [
        "../d/app.js",
        "/d/app.js",
        "%2e%2e/d/app.js",
        "..;/d/app.js",
        "d/app.js",
        "c/app.js",
        "../cc/app.js",
        "//d/app.js",
    ] {
        let answer = get(&gateway, &server, Mode::Host, path, &[]).await;
        area.attack(
            (path, reason(&answer)),
            answer.status == 400 || answer.status == 404,
            true,
        );
    }
    for target in server.targets() {
        assert!(target.starts_with("/c/"), "{target}");
    }
}

/// A ticket for the content host is worth nothing where the site's cookies are.
#[tokio::test]
async fn no_spelling_of_the_site_s_host_takes_a_ticket_for_the_content_host() {
    let mut area = Area::new("content on the site's own host");
    let server = course().serve().await;
    let gateway = serving();
    for host in [
        Some("moodle.example.org"),
        Some("MOODLE.EXAMPLE.ORG"),
        Some("moodle.example.org:443"),
        Some("moodle.example.org:0443"),
        Some("moodle%2eexample.org"),
        Some("ｍoodle.example.org"),
        Some("x@moodle.example.org"),
        Some("moodle.example.org/x"),
        Some("moodle.example.org#x"),
        Some("moodle.example.org?x"),
        Some("moodle.example.org\\x"),
        Some(" moodle.example.org"),
        Some("mood\tle.example.org"),
        Some("moodle\u{ad}.example.org"),
        Some(""),
        Some("a b"),
        Some("["),
        None,
    ] {
        let mut asked = request(&server.url("/c/"), Mode::Host, "app.js");
        asked.headers = host
            .map(|host| ("host".to_owned(), host.to_owned()))
            .into_iter()
            .collect();
        let answer = gateway.serve(&asked).await;
        area.attack(
            host,
            (answer.status, reason(&answer)),
            (403, "content_wrong_host"),
        );
    }
    assert_eq!(server.connections(), 0);
}
