//! Who gets an answer, and what every answer carries: methods, paths, tickets, hosts, headers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::collections::BTreeMap;

use scormbridge_core::ticket::{Claims, Mode};
use scormbridge_gateway::{Gateway, Request};
use support::{
    FETCH, LMS, NAVIGATION, Reply, Server, claims, course, get, header, options, reason, request,
    serving, tickets, with,
};

#[tokio::test]
async fn only_reading_is_possible() {
    let server = course().serve().await;
    let gateway = serving();
    for method in [
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "TRACE",
        "CONNECT",
        "get",
        "",
        "GET /x HTTP/1.1\r\nX:",
    ] {
        let response = gateway
            .serve(&Request {
                method: method.to_owned(),
                ..request(&server.url("/c/"), Mode::Host, "app.js")
            })
            .await;
        assert_eq!(
            (response.status, reason(&response)),
            (405, "content_method"),
            "{method}"
        );
        assert_eq!(header(&response, "allow"), Some("GET, HEAD, OPTIONS"));
    }
    for (mode, cors) in [(Mode::Sandbox, Some("*")), (Mode::Host, None)] {
        let response = gateway
            .serve(&Request {
                method: "OPTIONS".to_owned(),
                ..request(&server.url("/c/"), mode, "app.js")
            })
            .await;
        assert_eq!(response.status, 204);
        assert_eq!(header(&response, "access-control-allow-headers"), cors);
        assert_eq!(header(&response, "access-control-allow-origin"), cors);
    }
    assert_eq!(
        server.connections(),
        0,
        "none of these is the CDN's business"
    );
}

#[tokio::test]
async fn no_path_reaches_past_the_package() {
    let server = course().serve().await;
    let gateway = serving();
    for path in [
        "../secret.txt",
        "a/../../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "..\\secret.txt",
        "..%5csecret.txt",
        "%252e%252e%252fsecret.txt",
        "a/%00",
        "a%0d%0aHost:%20evil",
        "%c0%ae%c0%ae/%2e%2e/secret.txt",
        "./app.js",
        "%",
    ] {
        let response = get(&gateway, &server, Mode::Host, path, &[]).await;
        assert_eq!(
            (response.status, reason(&response)),
            (400, "content_path"),
            "{path}"
        );
    }
    assert_eq!(server.connections(), 0);

    // These name other files of the package, however they look.
    for path in [
        "//127.0.0.1/secret.txt",
        "http://127.0.0.1/secret.txt",
        "@127.0.0.1/secret.txt",
        ".../secret.txt",
    ] {
        assert_eq!(
            get(&gateway, &server, Mode::Host, path, &[]).await.status,
            404,
            "{path}"
        );
    }
    assert!(
        server
            .targets()
            .iter()
            .all(|target| target.starts_with("/c/")),
        "{:?}",
        server.targets()
    );
}

#[tokio::test]
async fn only_a_good_ticket_opens_a_package() {
    let server = course().serve().await;
    let gateway = serving();
    let base = server.url("/c/");
    let good = request(&base, Mode::Host, "app.js").ticket;
    let issue = |claims: &Claims| tickets().issue(claims).unwrap();
    let content = |aud: &str, exp| Claims::Content {
        aud: aud.to_owned(),
        exp,
        base: base.clone(),
        mode: Mode::Host,
        lms: LMS.to_owned(),
    };
    let commit = Claims::Commit {
        aud: LMS.to_owned(),
        exp: i64::MAX,
        launch: "0".repeat(32),
    };
    let (signed, _) = good.rsplit_once('.').unwrap();
    for (ticket, code) in [
        (String::new(), "ticket_malformed"),
        ("x".repeat(3000), "ticket_too_long"),
        (good.replacen("v1", "v2", 1), "ticket_version"),
        (good.replacen("k1", "k2", 1), "ticket_unknown_key"),
        (format!("{signed}.{}", "A".repeat(43)), "ticket_forged"),
        (issue(&commit), "ticket_scope"),
        (
            issue(&content("https://other.example.org", i64::MAX)),
            "ticket_audience",
        ),
        (issue(&content(LMS, 1_000_000_000)), "ticket_expired"),
    ] {
        for headers in [NAVIGATION, FETCH] {
            let asked = with(
                Request {
                    ticket: ticket.clone(),
                    ..request(&base, Mode::Host, "app.js")
                },
                headers,
            );
            let mut response = gateway.serve(&asked).await;
            assert_eq!((response.status, reason(&response)), (403, code));
            assert_eq!(
                header(&response, "cache-control"),
                Some("private, no-store")
            );
            assert!(
                header(&response, "content-security-policy")
                    .unwrap()
                    .starts_with("sandbox; default-src 'none'")
            );
            let page = String::from_utf8(support::content(&mut response).await).unwrap();
            assert_eq!(page.contains("<html lang=\"en\">"), headers == NAVIGATION);
            assert!(page.contains(code));
        }
    }
    assert_eq!(server.connections(), 0);
    let response = Gateway::new(options())
        .unwrap()
        .serve(&request(&base, Mode::Host, "app.js"))
        .await;
    assert_eq!(
        (response.status, reason(&response)),
        (403, "content_not_serving")
    );
}

#[tokio::test]
async fn content_for_the_content_host_is_never_served_on_the_site_s_own() {
    let server = course().serve().await;
    let gateway = serving();
    let base = server.url("/c/");
    for (host, status) in [
        (Some("moodle.example.org"), 403),
        (Some("MOODLE.example.org:443"), 403),
        (Some("not a host"), 403),
        (None, 403),
        (Some("moodle.example.org:8443"), 200),
        (Some("content.example.org"), 200),
    ] {
        let mut asked = request(&base, Mode::Host, "app.js");
        asked.headers = host
            .map(|host| ("host".to_owned(), host.to_owned()))
            .into_iter()
            .collect();
        assert_eq!(gateway.serve(&asked).await.status, status, "{host:?}");
        // In the sandboxed mode the site's own host is where it belongs.
        asked.ticket = tickets().issue(&claims(&base, Mode::Sandbox)).unwrap();
        assert_eq!(gateway.serve(&asked).await.status, 200, "{host:?}");
    }
}

#[tokio::test]
async fn every_answer_is_kept_apart_from_the_site() {
    let server = course().serve().await;
    let gateway = serving();
    for path in [
        "a/index.html",
        "video.mp4",
        "missing",
        "../x",
        "scormbridge/relay.js",
        "f",
    ] {
        for headers in [
            NAVIGATION,
            FETCH,
            &[("sec-fetch-dest", "image"), ("sec-fetch-mode", "no-cors")],
        ] {
            for method in ["GET", "HEAD", "OPTIONS", "POST"] {
                for mode in [Mode::Host, Mode::Sandbox] {
                    let asked = Request {
                        method: method.to_owned(),
                        ..with(request(&server.url("/c/"), mode, path), headers)
                    };
                    let response = gateway.serve(&asked).await;
                    let policy = header(&response, "content-security-policy").unwrap();
                    match mode {
                        Mode::Host => {
                            assert_eq!(policy, "frame-ancestors 'self' https://moodle.example.org")
                        }
                        Mode::Sandbox => {
                            assert!(policy.starts_with("sandbox allow-scripts "), "{policy}");
                            assert!(
                                !policy.contains("same-origin")
                                    && !policy.contains("top-navigation"),
                                "{policy}"
                            );
                            assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
                        }
                    }
                    assert_eq!(header(&response, "x-content-type-options"), Some("nosniff"));
                    assert_eq!(header(&response, "referrer-policy"), Some("no-referrer"));
                    assert_eq!(header(&response, "permissions-policy"), Some("unload=*"));
                    let caching = header(&response, "cache-control").unwrap_or("private");
                    assert!(caching.starts_with("private"), "{caching}");
                }
            }
        }
    }
}

#[tokio::test]
async fn headers_pass_only_if_they_are_known_to_be_harmless() {
    let server = Server::start(|_| {
        Reply::ok("text/css", "p{}")
            .with("Set-Cookie", "a=b")
            .with("Content-Security-Policy", "frame-ancestors 'none'")
            .with("X-Frame-Options", "DENY")
            .with("Clear-Site-Data", "\"*\"")
            .with("Service-Worker-Allowed", "/")
            .with("Access-Control-Allow-Credentials", "true")
            .with("Strict-Transport-Security", "max-age=1")
            .with("Refresh", "0; url=https://evil.example")
            .with("Link", "<https://evil.example>; rel=preload")
            .with("Cache-Control", "public, max-age=99999")
            .with("ETag", "\"1\"")
            .with("Content-Disposition", "attachment")
    })
    .await;
    let sent = [
        ("accept", "text/css"),
        ("accept-encoding", "gzip, br"),
        ("accept-language", "de"),
        ("authorization", "Bearer x"),
        ("cookie", "MoodleSession=secret"),
        ("origin", "null"),
        (
            "referer",
            "https://moodle.example.org/mod/scorm/player.php?id=7",
        ),
        ("user-agent", "Learner's Browser"),
        ("x-forwarded-for", "203.0.113.7"),
    ];
    let response = get(&serving(), &server, Mode::Host, "style.css", &sent).await;
    let names: Vec<_> = response
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "content-type",
            "content-length",
            "etag",
            "cache-control",
            "vary",
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "permissions-policy",
        ]
    );
    assert_eq!(
        header(&response, "cache-control"),
        Some("private, max-age=3600")
    );
    let seen: BTreeMap<_, _> = server.seen().remove(0).headers;
    assert_eq!(
        seen.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "accept",
            "accept-encoding",
            "cdn-loop",
            "host",
            "user-agent"
        ]
    );
    assert_eq!(seen["accept-encoding"], "gzip, br");
    assert!(seen["user-agent"].starts_with("scormbridge/"));
}

#[tokio::test]
async fn a_service_worker_is_not_served() {
    let server = course().serve().await;
    for header in [
        ("sec-fetch-dest", "serviceworker"),
        ("service-worker", "script"),
    ] {
        let response = get(&serving(), &server, Mode::Host, "app.js", &[header]).await;
        assert_eq!(
            (response.status, reason(&response)),
            (403, "content_service_worker"),
            "{header:?}"
        );
    }
}
