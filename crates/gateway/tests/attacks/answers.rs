//! What a hostile CDN may answer: slow, endless, too large, packed, and answers that lie about themselves.

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use scormbridge_core::ticket::Mode;
use scormbridge_gateway::{ContentOptions, Gateway, GatewayOptions, ProbeOptions};

use super::{
    Area,
    support::{
        FETCH, LMS, NAVIGATION, Reply, Server, Then, get, header, options, reason, serving, tickets,
    },
};

/// Patience of a test, and limits that a test reaches.
fn strict() -> GatewayOptions {
    let mut strict = options();
    strict.timeouts.idle = Duration::from_millis(400);
    strict.timeouts.total = Duration::from_secs(20);
    strict.timeouts.speed_grace = Duration::from_millis(300);
    strict.timeouts.minimum_speed = 1_000_000;
    strict.manifest.max_bytes = 1024 * 1024;
    strict.limits.document_bytes = 1024 * 1024;
    strict.limits.file_bytes = 1024 * 1024;
    strict
}

/// Two gateways with the same limits. The second one waits for a head no longer than a test may take; of the first one
/// nothing that ends by itself may run out of time, however busy the machine is.
fn gateways() -> [Gateway; 2] {
    [Duration::from_secs(20), Duration::from_millis(600)].map(|response| {
        let mut strict = strict();
        strict.timeouts.response = response;
        strict.content = Some(ContentOptions::new(tickets(), LMS));
        Gateway::new(strict).unwrap()
    })
}

/// Only the limit on time ends it.
fn endless_head(reply: &Reply) -> bool {
    matches!(reply.then, Then::SlowHead | Then::Announcements)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Eight megabytes of spaces in brotli.
const BROTLI_BOMB: &[u8] = b"\x9b\xff\xff\x7f\xf8\x25\x40\xe2\xb1\x40\x20\xf7\xfe\x0f";

fn chunked(body: &str) -> Reply {
    Reply::ok("application/xml", body).with("Transfer-Encoding", "chunked")
}

fn packed(coding: &str, body: impl Into<Vec<u8>>) -> Reply {
    Reply::ok("text/html", body).with("Content-Encoding", coding)
}

/// What a CDN may answer, and the reason that a probe gives for refusing it.
fn answers() -> Vec<(&'static str, Reply, &'static str)> {
    let xml = || Reply::ok("application/xml", "<manifest");
    let megabytes = vec![b' '; 8 * 1024 * 1024];
    let members = gzip(&[b' '; 64 * 1024]).repeat(100);
    let mut many = xml();
    for number in 0..300 {
        many = many.with(&format!("X-{number}"), "a");
    }
    vec![
        (
            "a head that never ends",
            xml().then(Then::SlowHead),
            "fetch_timeout",
        ),
        (
            "a head without limit",
            xml().then(Then::EndlessHead),
            "fetch_protocol",
        ),
        (
            "announcements without end",
            xml().then(Then::Announcements),
            "fetch_timeout",
        ),
        ("many headers", many, "fetch_protocol"),
        (
            "one huge header",
            xml().with("X-Padding", &"x".repeat(40_000)),
            "fetch_headers_too_large",
        ),
        (
            "a huge location",
            Reply::redirect(&format!("/{}", "x".repeat(40_000))),
            "fetch_headers_too_large",
        ),
        (
            "a body that stalls",
            xml().then(Then::Stall),
            "fetch_timeout",
        ),
        (
            "a body byte by byte",
            xml().then(Then::Drip),
            "fetch_timeout",
        ),
        (
            "a body without end",
            xml().then(Then::Endless),
            "fetch_too_large",
        ),
        (
            "a length beyond the limit",
            xml()
                .with("Content-Length", "99999999999")
                .then(Then::Stall),
            "fetch_too_large",
        ),
        (
            "a length beyond 64 bits",
            xml().with("Content-Length", "99999999999999999999999"),
            "fetch_protocol",
        ),
        (
            "a negative length",
            xml().with("Content-Length", "-1"),
            "fetch_protocol",
        ),
        (
            "a length that is a sum",
            xml().with("Content-Length", "+9"),
            "fetch_protocol",
        ),
        (
            "two lengths",
            xml()
                .with("Content-Length", "9")
                .with("Content-Length", "10"),
            "fetch_protocol",
        ),
        (
            "two lengths in one",
            xml().with("Content-Length", "9, 10"),
            "fetch_protocol",
        ),
        (
            "a length too long",
            xml().with("Content-Length", "10").then(Then::Close),
            "fetch_protocol",
        ),
        (
            "a chunk beyond 64 bits",
            chunked("fffffffffffffffff\r\na"),
            "fetch_protocol",
        ),
        (
            "a chunk without a size",
            chunked("\r\na\r\n0\r\n\r\n"),
            "fetch_protocol",
        ),
        (
            "a chunk size with a sign",
            chunked("-1\r\na"),
            "fetch_protocol",
        ),
        (
            "chunks that break off",
            chunked("5\r\nabc").then(Then::Close),
            "fetch_protocol",
        ),
        (
            "an endless chunk extension",
            chunked(&format!("1;{}", "x".repeat(40_000))),
            "fetch_protocol",
        ),
        (
            "a folded header",
            xml().with("X-A", "b\r\n Set-Cookie: c"),
            "fetch_protocol",
        ),
        (
            "a header with a NUL",
            xml().with("X-A", "b\0c"),
            "fetch_protocol",
        ),
        (
            "a header without a name",
            xml().with("", "b"),
            "fetch_protocol",
        ),
        (
            "a gzip bomb",
            packed("gzip", gzip(&megabytes)),
            "fetch_too_large",
        ),
        (
            "a gzip bomb in parts",
            packed("gzip", members),
            "fetch_protocol",
        ),
        (
            "a brotli bomb",
            packed("br", BROTLI_BOMB),
            "fetch_too_large",
        ),
        (
            "a gzip bomb that says brotli",
            packed("br", gzip(&megabytes)),
            "fetch_protocol",
        ),
        (
            "a gzip that breaks off",
            packed("gzip", &gzip(&megabytes)[..200])
                .with("Content-Length", "9000")
                .then(Then::Close),
            "fetch_protocol",
        ),
        (
            "half of a gzip",
            packed("gzip", &gzip(&megabytes)[..200]),
            "fetch_encoding",
        ),
        (
            "a bomb in a bomb",
            packed("gzip", gzip(&gzip(&megabytes))),
            "probe_manifest_is_page",
        ),
        (
            "a coding that nobody asked for",
            packed("deflate", b"\x78\x9c"),
            "probe_manifest_is_page",
        ),
    ]
}

#[tokio::test]
async fn no_answer_outlasts_or_outgrows_its_limits() {
    let mut area = Area::new("answers of a hostile CDN");
    let [patient, hasty] = gateways();
    for (what, reply, expected) in answers() {
        let gateway = if endless_head(&reply) {
            &hasty
        } else {
            &patient
        };
        let server = Server::start(move |_| reply.clone()).await;
        let options = ProbeOptions {
            lms_origin: LMS.to_owned(),
        };
        let outcome = gateway
            .probe(&server.url("/imsmanifest.xml"), &options)
            .await;
        let found = outcome.map_or_else(|error| error.reason(), |_| "probed");
        area.attack(what, found, expected);
    }
}

/// The same answers in place of a page that the sandboxed mode reads whole: an answer, never a hanging one.
#[tokio::test]
async fn no_page_outlasts_or_outgrows_its_limits() {
    let mut area = Area::new("pages of a hostile CDN");
    let [patient, hasty] = gateways();
    for (what, reply, expected) in answers() {
        // A page may hold anything at all, packed twice or in a way nobody knows: it is wrapped as it is.
        if expected == "probe_manifest_is_page" {
            continue;
        }
        let mut reply = reply;
        for (name, value) in &mut reply.headers {
            if name == "Content-Type" {
                "text/html".clone_into(value);
            }
        }
        let gateway = if endless_head(&reply) {
            &hasty
        } else {
            &patient
        };
        let server = Server::start(move |_| reply.clone()).await;
        let answer = get(gateway, &server, Mode::Sandbox, "a.html", NAVIGATION).await;
        let status = if expected == "fetch_timeout" {
            504
        } else {
            502
        };
        area.attack(
            (what, answer.error.as_ref().map(ToString::to_string)),
            (reason(&answer), answer.status),
            (expected, status),
        );
    }
}

/// Beside `Transfer-Encoding` a `Content-Length` means nothing. Handed on, it would end the answer to the browser early,
/// and what follows would pass for the answer of the site to the next request on that connection.
#[tokio::test]
async fn no_length_is_handed_on_that_the_body_does_not_have() {
    let mut area = Area::new("answers inside answers");
    let gateway = serving();
    let forged = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 25\r\n\r\n<script>alert(1)</script>";
    let body = format!(
        "5\r\np{{}}  \r\n{:x}\r\n{forged}\r\n0\r\n\r\n",
        forged.len()
    );
    for length in ["5", "0", "05", "5, 5", "x"] {
        for order in [true, false] {
            for method in ["GET", "HEAD"] {
                let (body, length) = (body.clone(), length.to_owned());
                let told = length.clone();
                let server = Server::start(move |_| {
                    let reply = Reply::ok("text/css", body.clone());
                    if order {
                        reply
                            .with("Content-Length", &told)
                            .with("Transfer-Encoding", "chunked")
                    } else {
                        reply
                            .with("Transfer-Encoding", "chunked")
                            .with("Content-Length", &told)
                    }
                })
                .await;
                let asked = scormbridge_gateway::Request {
                    method: method.to_owned(),
                    ..super::support::request(&server.url("/c/"), Mode::Host, "a.css")
                };
                let answer = gateway.serve(&asked).await;
                area.attack(
                    (&length, order, method),
                    header(&answer, "content-length"),
                    None,
                );
            }
        }
    }
    // A length that is one is handed on as a number, however it was written.
    let server = Server::start(|_| {
        Reply::ok("text/css", "p{}")
            .with("Content-Length", "003")
            .with("Content-Length", "3")
    })
    .await;
    let answer = get(&gateway, &server, Mode::Host, "a.css", FETCH).await;
    assert_eq!(header(&answer, "content-length"), Some("3"));
}
