//! What the gateway makes itself: the shell of the sandboxed mode and the files of the relay.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::io::Read;

use scormbridge_core::ticket::Mode;
use scormbridge_gateway::Gateway;
use support::{
    FETCH, LMS, NAVIGATION, Reply, Server, content, course, get, header, options, reason, request,
    serving, tickets, with,
};

#[tokio::test]
async fn documents_are_wrapped_for_the_sandbox_and_only_there() {
    let server = course().serve().await;
    let gateway = serving();
    let original = course().0["/c/a/index.html"].1.clone();
    let by_accept: &[(&str, &str)] = &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let fragment: &[(&str, &str)] = &[("accept", "text/html, */*; q=0.01")];
    for (mode, headers, wrapped) in [
        (Mode::Sandbox, NAVIGATION, true),
        (Mode::Sandbox, by_accept, true),
        (Mode::Sandbox, FETCH, false),
        (Mode::Sandbox, fragment, false),
        (Mode::Host, NAVIGATION, false),
    ] {
        let asked = with(request(&server.url("/c/"), mode, "a/index.html"), headers);
        let mut response = gateway
            .serve(&with(
                asked,
                &[("range", "bytes=0-3"), ("if-none-match", "\"x\"")],
            ))
            .await;
        let html = content(&mut response).await;
        if !wrapped {
            assert_eq!((response.status, html.as_slice()), (206, &original[..4]));
            continue;
        }
        let html = String::from_utf8(html).unwrap();
        assert_eq!(
            response.status, 200,
            "a part of a document cannot be wrapped"
        );
        assert!(
            header(&response, "etag").is_none() && header(&response, "content-length").is_none()
        );
        assert_eq!(
            header(&response, "content-type"),
            Some("text/html; charset=UTF-8")
        );
        assert!(html.contains(r#"{"relay":"0.1.0","protocol":1,"origins":["https://moodle.example.org"],"mode":"sandbox"}"#));
        assert!(html.contains(
            r#""\u003c!doctype html\u003e\u003cscript\u003ego()\u003c/script\u003e\u00e9"</script>"#
        ));
        assert!(html.contains(r#"<script src="../scormbridge/relay.js"></script>"#));
    }
    // What is no document is not wrapped, wherever it is shown.
    let mut response = get(&gateway, &server, Mode::Sandbox, "video.mp4", NAVIGATION).await;
    assert_eq!(content(&mut response).await.len(), 100_000);
}

#[tokio::test]
async fn a_document_too_large_to_wrap_is_an_error_and_not_half_a_document() {
    let server = Server::start(|_| Reply::ok("text/html", vec![b' '; 2000])).await;
    let mut options = options();
    options.limits.document_bytes = 1000;
    options.content = Some(scormbridge_gateway::ContentOptions::new(tickets(), LMS));
    let response = get(
        &Gateway::new(options).unwrap(),
        &server,
        Mode::Sandbox,
        "a.html",
        NAVIGATION,
    )
    .await;
    assert_eq!(
        (response.status, reason(&response)),
        (502, "fetch_too_large")
    );
}

#[tokio::test]
async fn the_relay_is_the_gateway_s_own() {
    let server = course()
        .add("/c/scormbridge/relay.js", "text/javascript", "evil()")
        .serve()
        .await;
    let gateway = serving();
    for (name, media_type) in [
        ("relay.html", "text/html; charset=utf-8"),
        ("relay.js", "text/javascript; charset=utf-8"),
        ("relay.json", "application/json"),
    ] {
        let path = format!("scormbridge/{name}");
        let mut response = get(&gateway, &server, Mode::Host, &path, NAVIGATION).await;
        assert_eq!(
            (response.status, header(&response, "content-type")),
            (200, Some(media_type))
        );
        let etag = header(&response, "etag").unwrap().to_owned();
        let text = String::from_utf8(content(&mut response).await).unwrap();
        assert!(!text.contains("__SCORMBRIDGE_CONFIG__") || name == "relay.js");
        if name != "relay.js" {
            assert!(
                text.contains(r#""origins":["https://moodle.example.org"],"mode":"host""#),
                "{text}"
            );
        }
        let known = get(
            &gateway,
            &server,
            Mode::Host,
            &path,
            &[("if-none-match", &format!("\"a\", {etag}"))],
        )
        .await;
        assert_eq!(known.status, 304);
    }
    assert_eq!(
        get(&gateway, &server, Mode::Host, "scormbridge/other.js", FETCH)
            .await
            .status,
        404
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_relay_s_script_is_compressed_for_browsers_that_say_so() {
    let server = course().serve().await;
    let gateway = serving();
    let path = "scormbridge/relay.js";
    let mut plain = get(&gateway, &server, Mode::Host, path, FETCH).await;
    let script = content(&mut plain).await;
    for (accepted, compressed) in [
        ("gzip, deflate, br", true),
        ("br, GZIP;q=0.5", true),
        ("gzip;q=0, br", false),
        ("br", false),
        ("", false),
    ] {
        let asked = [("accept-encoding", accepted)];
        let mut response = get(&gateway, &server, Mode::Host, path, &asked).await;
        let coding = header(&response, "content-encoding").map(str::to_owned);
        assert_eq!(coding.is_some(), compressed, "{accepted:?}");
        assert_eq!(header(&response, "vary"), Some("accept-encoding"));
        let length: usize = header(&response, "content-length")
            .unwrap()
            .parse()
            .unwrap();
        let mut bytes = content(&mut response).await;
        assert_eq!(bytes.len(), length);
        if compressed {
            assert!(bytes.len() * 3 < script.len(), "worth the trouble");
            bytes = gunzip(&bytes);
        }
        assert_eq!(bytes, script);
    }
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_end(&mut content)
        .unwrap();
    content
}
