//! Serving files for tickets: who gets what, with which headers, and what never happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::{
    collections::BTreeMap,
    io::{Read, Write},
};

use scormbridge_core::ticket::{Claims, Mode};
use scormbridge_gateway::{FetchError, Gateway, Request, Response, ServeError};
use support::{
    Files, LMS, Reply, Server, Then, claims, content, header, options, request, serving, tickets,
    with,
};

const NAVIGATION: &[(&str, &str)] = &[("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate")];
const FETCH: &[(&str, &str)] = &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors")];

fn course() -> Files {
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    Files::default()
        .add(
            "/c/a/index.html",
            "text/html; charset=utf-8",
            "<!doctype html><script>go()</script>é",
        )
        .add("/c/video.mp4", "video/mp4", bytes)
        .add("/c/app.js", "application/octet-stream", "var a")
        .add("/c/style.css", "text/plain", "p{}")
        .add("/c/f/", "text/html", "<p>index of a folder")
        .add("/secret.txt", "text/plain", "not in the package")
}

async fn get(
    gateway: &Gateway,
    server: &Server,
    mode: Mode,
    path: &str,
    headers: &[(&str, &str)],
) -> Response {
    gateway
        .serve(&with(request(&server.url("/c/"), mode, path), headers))
        .await
}

fn reason(response: &Response) -> &'static str {
    response.error.as_ref().map_or("", ServeError::reason)
}

#[tokio::test]
async fn files_come_byte_for_byte() {
    let server = course().serve().await;
    let gateway = serving();
    let whole = &course().0["/c/video.mp4"].1;
    let mut response = get(&gateway, &server, Mode::Host, "video.mp4", FETCH).await;
    assert_eq!(response.status, 200);
    assert_eq!(header(&response, "content-length"), Some("100000"));
    assert_eq!(header(&response, "accept-ranges"), Some("bytes"));
    assert_eq!(content(&mut response).await, *whole);

    for (range, status, from, to) in [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=99999-", 206, 99_999, 100_000),
        ("bytes=1000-70000", 206, 1000, 70_001),
        ("bytes=-10", 206, 99_990, 100_000),
        ("bytes=100000-", 416, 0, 0),
    ] {
        let mut response = get(
            &gateway,
            &server,
            Mode::Host,
            "video.mp4",
            &[("range", range)],
        )
        .await;
        assert_eq!(
            (response.status, reason(&response)),
            (status, ""),
            "{range}"
        );
        assert_eq!(content(&mut response).await, whole[from..to], "{range}");
        let told = if status == 206 {
            format!("bytes {from}-{}/100000", to - 1)
        } else {
            "bytes */100000".to_owned()
        };
        assert_eq!(header(&response, "content-range"), Some(told.as_str()));
    }
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| !seen.headers.contains_key("range")
                || seen.headers["accept-encoding"] == "identity")
    );
}

#[tokio::test]
async fn validators_work_in_both_directions() {
    let server = course().serve().await;
    let gateway = serving();
    let response = get(&gateway, &server, Mode::Host, "video.mp4", &[]).await;
    let etag = header(&response, "etag").unwrap().to_owned();
    assert!(header(&response, "last-modified").is_some());

    let mut known = get(
        &gateway,
        &server,
        Mode::Host,
        "video.mp4",
        &[("if-none-match", &etag)],
    )
    .await;
    assert_eq!((known.status, content(&mut known).await.len()), (304, 0));
    assert_eq!(header(&known, "etag"), Some(etag.as_str()));

    for (if_range, status) in [(etag.as_str(), 206), ("\"other\"", 200)] {
        let headers = [("range", "bytes=0-9"), ("if-range", if_range)];
        assert_eq!(
            get(&gateway, &server, Mode::Host, "video.mp4", &headers)
                .await
                .status,
            status
        );
    }
}

#[tokio::test]
async fn head_has_the_headers_and_nothing_else() {
    let server = course().serve().await;
    let gateway = serving();
    for (mode, path) in [
        (Mode::Host, "video.mp4"),
        (Mode::Sandbox, "a/index.html"),
        (Mode::Host, "missing.js"),
    ] {
        let mut asked = with(request(&server.url("/c/"), mode, path), NAVIGATION);
        let full = gateway.serve(&asked).await;
        asked.method = "HEAD".to_owned();
        let mut head = gateway.serve(&asked).await;
        assert_eq!(head.status, full.status);
        assert_eq!(content(&mut head).await, b"");
        assert_eq!(
            header(&head, "content-security-policy"),
            header(&full, "content-security-policy")
        );
    }
    assert!(
        server.seen().iter().any(|seen| seen.method == "HEAD"),
        "HEAD is passed on as HEAD"
    );
}

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
        ["accept", "accept-encoding", "host", "user-agent"]
    );
    assert_eq!(seen["accept-encoding"], "gzip, br");
    assert!(seen["user-agent"].starts_with("scormbridge/"));
}

#[tokio::test]
async fn compressed_files_pass_as_they_are() {
    let packed = b"\x1f\x8b these bytes are for the browser";
    let server =
        Server::start(move |_| Reply::ok("text/css", packed).with("Content-Encoding", "gzip"))
            .await;
    let mut response = get(
        &serving(),
        &server,
        Mode::Host,
        "a.css",
        &[("accept-encoding", "gzip")],
    )
    .await;
    assert_eq!(header(&response, "content-encoding"), Some("gzip"));
    assert_eq!(content(&mut response).await, packed);
}

#[tokio::test]
async fn media_types_are_made_right() {
    let server = course().serve().await;
    let gateway = serving();
    for (path, media_type) in [
        ("app.js", "text/javascript"),
        ("style.css", "text/css"),
        ("video.mp4", "video/mp4"),
    ] {
        let response = get(&gateway, &server, Mode::Host, path, FETCH).await;
        assert_eq!(
            header(&response, "content-type"),
            Some(media_type),
            "{path}"
        );
    }
}

#[tokio::test]
async fn media_that_no_script_can_read_comes_from_the_cdn() {
    let server = course().serve().await;
    let gateway = serving();
    for (destination, mode, status) in [
        ("image", "no-cors", 302),
        ("audio", "no-cors", 302),
        ("video", "no-cors", 302),
        ("image", "cors", 200),
        ("video", "cors", 200),
        ("script", "no-cors", 200),
        ("style", "no-cors", 200),
        ("font", "cors", 200),
        ("track", "cors", 200),
        ("empty", "cors", 200),
    ] {
        let headers = [("sec-fetch-dest", destination), ("sec-fetch-mode", mode)];
        let asked = Request {
            query: Some("v=1".to_owned()),
            ..request(&server.url("/c/"), Mode::Sandbox, "video.mp4")
        };
        let response = gateway.serve(&with(asked, &headers)).await;
        assert_eq!(response.status, status, "{destination} {mode}");
        let location = server.url("/c/video.mp4?v=1");
        assert_eq!(
            header(&response, "location"),
            (status == 302).then_some(location.as_str())
        );
    }
}

#[tokio::test]
async fn a_service_worker_is_not_served() {
    let server = course().serve().await;
    let response = get(
        &serving(),
        &server,
        Mode::Host,
        "app.js",
        &[("sec-fetch-dest", "serviceworker")],
    )
    .await;
    assert_eq!(
        (response.status, reason(&response)),
        (403, "content_service_worker")
    );
}

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
async fn a_redirect_inside_the_package_is_the_browser_s() {
    let files = course();
    let server = Server::start(move |seen| match seen.path() {
        "/c/a/f" => Reply::redirect("/c/f/"),
        "/c/out" => Reply::redirect("/secret.txt"),
        _ => files.reply(seen),
    })
    .await;
    let gateway = serving();
    let response = get(&gateway, &server, Mode::Host, "a/f", NAVIGATION).await;
    assert_eq!(
        (response.status, header(&response, "location")),
        (302, Some("../f/"))
    );
    // Elsewhere on the CDN only the gateway can go, on behalf of this one URL.
    let mut response = get(&gateway, &server, Mode::Host, "out", FETCH).await;
    assert_eq!(
        (response.status, content(&mut response).await.as_slice()),
        (200, &b"not in the package"[..])
    );
}

#[tokio::test]
async fn what_goes_wrong_at_the_cdn_has_a_status_of_its_own() {
    let server = Server::start(|seen| match seen.path() {
        "/c/404" => Reply::new(404, "<script>alert(1)</script>"),
        "/c/403" => Reply::new(403, ""),
        "/c/410" => Reply::new(410, ""),
        "/c/500" => Reply::new(500, ""),
        "/c/429" => Reply::new(429, ""),
        "/c/204" => Reply::new(204, ""),
        "/c/inside" => Reply::redirect("https://10.0.0.1/"),
        "/c/loop" => Reply::redirect("/c/loop"),
        _ => Reply::new(100, "").then(Then::Stall),
    })
    .await;
    let mut options = options();
    options.timeouts.response = std::time::Duration::from_millis(200);
    options.content = Some(scormbridge_gateway::ContentOptions::new(tickets(), LMS));
    let gateway = Gateway::new(options).unwrap();
    for (path, status, code) in [
        ("404", 404, "content_missing"),
        ("403", 404, "content_missing"),
        ("410", 404, "content_missing"),
        ("500", 502, "fetch_status"),
        ("429", 502, "fetch_status"),
        ("204", 502, "fetch_status"),
        ("inside", 502, "fetch_redirect_refused"),
        ("loop", 502, "fetch_too_many_redirects"),
        ("slow", 504, "fetch_timeout"),
    ] {
        let mut response = get(&gateway, &server, Mode::Host, path, NAVIGATION).await;
        assert_eq!(
            (response.status, reason(&response)),
            (status, code),
            "{path}"
        );
        let page = String::from_utf8(content(&mut response).await).unwrap();
        assert!(
            page.contains(code) && !page.contains("script") && !page.contains("127.0.0.1"),
            "{page}"
        );
    }
    let gone = gateway
        .serve(&request("http://127.0.0.1:1/c/", Mode::Host, "a"))
        .await;
    assert_eq!((gone.status, reason(&gone)), (502, "fetch_connect"));
}

#[tokio::test]
async fn a_file_that_breaks_off_is_not_passed_off_as_whole() {
    let server = Server::start(|seen| match seen.path() {
        "/c/short" => Reply::ok("text/css", "12345")
            .with("Content-Length", "10")
            .then(Then::Close),
        "/c/stalled" => Reply::ok("text/css", "12345")
            .with("Content-Length", "10")
            .then(Then::Stall),
        _ => Reply::ok("video/mp4", "").then(Then::Endless),
    })
    .await;
    let mut options = options();
    options.limits.file_bytes = 100_000;
    options.content = Some(scormbridge_gateway::ContentOptions::new(tickets(), LMS));
    let gateway = Gateway::new(options).unwrap();
    for (path, code) in [
        ("short", "fetch_protocol"),
        ("stalled", "fetch_timeout"),
        ("endless", "fetch_too_large"),
    ] {
        let mut response = get(&gateway, &server, Mode::Host, path, FETCH).await;
        assert_eq!(response.status, 200, "{path}");
        let error = loop {
            match response.body.chunk().await {
                Ok(chunk) => assert!(chunk.is_some(), "{path} ended as if all were well"),
                Err(error) => break error,
            }
        };
        assert_eq!(FetchError::reason(&error), code, "{path}");
    }
}

/// In a PHP worker nothing runs between two requests, so nobody notices that the CDN has closed a connection that was
/// kept for the next one.
#[test]
fn a_kept_connection_that_was_closed_meanwhile_does_not_fail_a_request() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}/c/", listener.local_addr().unwrap());
    let (close, told) = std::sync::mpsc::channel();
    let (closed, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            stream
                .write_all(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 3\r\n\r\np{}",
                )
                .unwrap();
            told.recv().unwrap();
            drop(stream);
            closed.send(()).unwrap();
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let gateway = serving();
    for _ in 0..5 {
        let mut response = runtime.block_on(gateway.serve(&request(&base, Mode::Host, "a.css")));
        assert_eq!((response.status, reason(&response)), (200, ""));
        assert_eq!(runtime.block_on(content(&mut response)), b"p{}");
        close.send(()).unwrap();
        wait.recv().unwrap();
    }
}
