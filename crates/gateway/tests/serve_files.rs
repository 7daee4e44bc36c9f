//! Files as the CDN has them: bytes, ranges, validators, media types, and what goes wrong on the way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::io::{Read, Write};

use scormbridge_core::ticket::Mode;
use scormbridge_gateway::{FetchError, Gateway, Request};
use support::{
    FETCH, LMS, NAVIGATION, Reply, Server, Then, content, course, get, header, options, reason,
    request, serving, tickets, with,
};

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
