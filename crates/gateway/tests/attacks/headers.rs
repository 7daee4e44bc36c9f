//! Headers, in both directions: what a CDN says to the browser, and what a browser says to the CDN.

use scormbridge_core::ticket::Mode;

use super::{
    Area,
    support::{FETCH, NAVIGATION, Reply, Server, course, get, header, request, serving, with},
};

/// What a CDN might say to change how the browser treats the site's host. None of it is handed on.
const FROM_CDN: &[(&str, &str)] = &[
    ("Set-Cookie", "MoodleSession=forged; Path=/"),
    ("Set-Cookie2", "a=b"),
    ("Clear-Site-Data", "\"*\""),
    ("Service-Worker-Allowed", "/"),
    (
        "Strict-Transport-Security",
        "max-age=31536000; includeSubDomains",
    ),
    ("Public-Key-Pins", "pin-sha256=\"x\""),
    ("Expect-CT", "max-age=1"),
    ("Alt-Svc", "h3=\"evil.example:443\""),
    ("Refresh", "0; url=https://evil.example"),
    ("Link", "<https://evil.example>; rel=preload"),
    ("Location", "https://evil.example/"),
    ("Content-Location", "https://evil.example/"),
    ("Content-Disposition", "attachment; filename=a.exe"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Allow-Methods", "DELETE"),
    ("Access-Control-Allow-Headers", "x-evil"),
    ("Access-Control-Allow-Private-Network", "true"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Cross-Origin-Opener-Policy", "unsafe-none"),
    ("Cross-Origin-Embedder-Policy", "unsafe-none"),
    ("Timing-Allow-Origin", "*"),
    ("X-Frame-Options", "ALLOWALL"),
    ("X-XSS-Protection", "0"),
    ("X-Accel-Redirect", "/etc/passwd"),
    ("X-Accel-Buffering", "no"),
    ("X-Accel-Expires", "99999"),
    ("X-Sendfile", "/etc/passwd"),
    ("X-LiteSpeed-Location", "/etc/passwd"),
    ("X-Reproxy-URL", "http://10.0.0.1/"),
    ("Surrogate-Control", "max-age=99999"),
    ("Report-To", "{}"),
    ("NEL", "{}"),
    ("SourceMap", "https://evil.example/a.map"),
    ("WWW-Authenticate", "Basic realm=\"Moodle\""),
    ("Proxy-Authenticate", "Basic"),
    ("Authentication-Info", "x"),
    ("Upgrade", "h2c"),
    ("Trailer", "Set-Cookie"),
    ("Keep-Alive", "timeout=99999"),
    ("Age", "0"),
    ("Expires", "Thu, 01 Jan 2099 00:00:00 GMT"),
    ("Origin-Agent-Cluster", "?0"),
    ("Document-Policy", "x"),
    ("Critical-CH", "Sec-CH-UA"),
    ("Accept-CH", "Sec-CH-UA"),
    ("Set-Login", "logged-in"),
    ("Status", "200"),
    ("X-Powered-By", "evil"),
];

/// Made by the gateway itself: there, but never with what the CDN says.
const MADE_HERE: &[(&str, &str)] = &[
    (
        "Content-Security-Policy",
        "frame-ancestors *; sandbox allow-same-origin allow-top-navigation",
    ),
    ("Referrer-Policy", "unsafe-url"),
    ("Permissions-Policy", "camera=*, unload=()"),
    ("X-Content-Type-Options", "none"),
    ("Cache-Control", "public, max-age=99999999, immutable"),
    ("Vary", "*"),
];

#[tokio::test]
async fn no_header_of_a_cdn_changes_how_the_site_is_treated() {
    let mut area = Area::new("headers of a CDN");
    let gateway = serving();
    for (name, value) in FROM_CDN.iter().chain(MADE_HERE) {
        let server = Server::start(move |_| Reply::ok("text/html", "<p>").with(name, value)).await;
        for (mode, headers) in [
            (Mode::Host, FETCH),
            (Mode::Host, NAVIGATION),
            (Mode::Sandbox, FETCH),
            (Mode::Sandbox, NAVIGATION),
        ] {
            let answer = get(&gateway, &server, mode, "a.html", headers).await;
            let passed = answer
                .headers
                .iter()
                .any(|(found, told)| found.eq_ignore_ascii_case(name) && told.contains(value));
            area.attack((name, mode), (answer.status, passed), (200, false));
            if !MADE_HERE.contains(&(*name, *value)) {
                assert!(
                    !answer
                        .headers
                        .iter()
                        .any(|(found, _)| found.eq_ignore_ascii_case(name)),
                    "{name}"
                );
            }
        }
    }
}

/// What identifies a learner, or would make the CDN or a proxy do something else. None of it is sent on.
const FROM_BROWSER: &[&str] = &[
    "cookie",
    "cookie2",
    "authorization",
    "proxy-authorization",
    "referer",
    "origin",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "forwarded",
    "true-client-ip",
    "cf-connecting-ip",
    "via",
    "x-moodle-token",
    "x-csrf-token",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
    "accept-language",
    "dnt",
    "sec-ch-ua",
    "save-data",
    "sec-fetch-user",
    "sec-fetch-site",
    "upgrade",
    "connection",
    "te",
    "trailer",
    "transfer-encoding",
    "content-length",
    "content-type",
    "expect",
    "max-forwards",
    "pragma",
    "cache-control",
    "x-a b",
    "x-a:\r\nevil",
    "",
];

#[tokio::test]
async fn nothing_of_the_learner_reaches_a_cdn() {
    let mut area = Area::new("headers of a browser");
    let server = course().serve().await;
    let gateway = serving();
    for name in FROM_BROWSER {
        let marked = "secret-of-the-learner";
        for (mode, dest) in [(Mode::Host, FETCH), (Mode::Sandbox, NAVIGATION)] {
            let asked = with(request(&server.url("/c/"), mode, "a/index.html"), dest);
            let answer = gateway.serve(&with(asked, &[(name, marked)])).await;
            let seen = server.seen().pop().unwrap();
            let leaked = seen.headers.values().any(|value| value.contains(marked));
            area.attack((name, mode), (answer.status, leaked), (200, false));
        }
    }
    for seen in server.seen() {
        assert!(
            !seen
                .headers
                .values()
                .any(|value| value.contains("moodle.example.org")),
            "{seen:?}"
        );
    }
}

/// Lines and headers smuggled into what is sent on as it came.
#[tokio::test]
async fn no_header_of_a_browser_brings_another_one() {
    let mut area = Area::new("headers inside headers");
    let server = course().serve().await;
    let gateway = serving();
    let long = "a".repeat(5000);
    for name in [
        "accept",
        "accept-encoding",
        "range",
        "if-range",
        "if-none-match",
        "if-modified-since",
        "host",
    ] {
        for value in [
            "a\r\nX-Evil: 1",
            "a\nX-Evil: 1",
            "a\rX-Evil: 1",
            "a\0X-Evil: 1",
            "\r\n\r\nGET /secret.txt HTTP/1.1\r\n",
            &long,
        ] {
            let mut asked = request(&server.url("/c/"), Mode::Sandbox, "app.js");
            asked.headers.insert(0, (name.to_owned(), value.to_owned()));
            let answer = gateway.serve(&asked).await;
            let seen = server.seen().pop().unwrap();
            let evil = seen.headers.contains_key("x-evil")
                || seen.target != "/c/app.js"
                || seen.headers.values().any(|value| value.len() > 1024);
            area.attack((name, value.len()), (answer.status, evil), (200, false));
        }
    }
}

/// Bodies whose parts have headers of their own, which a browser might take for the site's.
#[tokio::test]
async fn no_type_of_a_cdn_brings_headers_in_a_body() {
    let mut area = Area::new("headers inside bodies");
    let gateway = serving();
    let body =
        "--x\r\nContent-Type: text/html\r\nSet-Cookie: MoodleSession=forged\r\n\r\n<p>\r\n--x--";
    for told in [
        "multipart/x-mixed-replace; boundary=x",
        "Multipart/X-Mixed-Replace;boundary=x",
        " multipart/mixed; boundary=x",
        "multipart/related; boundary=x",
        "multipart/byteranges; boundary=x",
        "message/http",
        "message/rfc822",
        "message/partial; id=x",
    ] {
        let server = Server::start(move |_| Reply::ok(told, body)).await;
        for mode in [Mode::Host, Mode::Sandbox] {
            for (path, headers) in [("a.html", NAVIGATION), ("a.bin", NAVIGATION), ("a", FETCH)] {
                let answer = get(&gateway, &server, mode, path, headers).await;
                let passed = header(&answer, "content-type")
                    .unwrap()
                    .to_ascii_lowercase();
                let harmless =
                    passed.starts_with("text/html") || passed == "application/octet-stream";
                area.attack((told, mode, path), harmless, true);
            }
        }
    }
}
