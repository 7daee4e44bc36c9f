//! What a package, or a browser with a good ticket, may try on the files of others and on the site.

use scormbridge_core::ticket::Mode;
use scormbridge_gateway::Request;

use super::{
    Area,
    support::{
        FETCH, LMS, NAVIGATION, Reply, Server, content, course, get, header, reason, request,
        serving, with,
    },
};

/// Ways to write "one folder up", a separator or an end of line, and what makes servers disagree about them.
const CLIMBS: &[&str] = &[
    "..",
    ".",
    "%2e%2e",
    "%2E%2E",
    ".%2e",
    "%2e.",
    "%2e",
    "..%2f",
    "..%2F",
    "%2e%2e%2f",
    "..%5c",
    "..\\",
    "%2e%2e%5c",
    "%252e%252e",
    "%252e%252e%252f",
    "..%252f",
    "..%255c",
    "%25252e%25252e",
    "..;",
    "..;x=1",
    ".;",
    "%2e%2e;",
    "..%3b",
    "..%00",
    "%00",
    "a%00.html",
    "\0",
    "%0a",
    "%0d%0a",
    "a%0d%0aSet-Cookie:%20a=b",
    "a\r\nHost: evil.example",
    "%09",
    "%7f",
    "\\",
    "\\\\evil.example\\share",
    "%5c%5cevil.example",
    "%2f%2fevil.example",
    "a%2f..%2f..",
    "%",
    "%2",
    "%zz",
    "%u002e%u002e",
    "%%32%65",
    "%c0%ae%c0%ae",
    "%c0%ae%c0%ae%c0%af",
    "..%c0%af",
    "..%c1%9c",
    "%e0%80%ae%e0%80%ae",
    "..%e0%80%af",
];

#[tokio::test]
async fn no_path_climbs_out_of_its_package() {
    let mut area = Area::new("paths that climb");
    let server = course().serve().await;
    let gateway = serving();
    for climb in CLIMBS {
        for path in [
            (*climb).to_owned(),
            format!("{climb}/secret.txt"),
            format!("a/{climb}/{climb}/secret.txt"),
            format!("/{climb}/secret.txt"),
            format!("scormbridge/{climb}/secret.txt"),
        ] {
            for (mode, headers) in [(Mode::Host, FETCH), (Mode::Sandbox, NAVIGATION)] {
                for method in ["GET", "HEAD"] {
                    let asked = Request {
                        method: method.to_owned(),
                        ..with(request(&server.url("/c/"), mode, &path), headers)
                    };
                    let answer = gateway.serve(&asked).await;
                    area.attack(
                        (&path, mode, method),
                        (answer.status, reason(&answer)),
                        (400, "content_path"),
                    );
                }
            }
        }
    }
    for (path, query) in [
        ("a".repeat(3000), None),
        ("a".to_owned(), Some("q".repeat(5000))),
    ] {
        let asked = Request {
            query,
            ..request(&server.url("/c/"), Mode::Host, &path)
        };
        area.attack(
            path.len(),
            reason(&gateway.serve(&asked).await),
            "content_path",
        );
    }
    assert_eq!(server.connections(), 0);
}

/// What looks like another place is the name of a file in the package, and is asked for there alone.
#[tokio::test]
async fn no_path_names_another_host() {
    let mut area = Area::new("paths that look like URLs");
    let server = course().serve().await;
    let gateway = serving();
    for path in [
        "//evil.example/a",
        "///evil.example/a",
        "https://evil.example/a",
        "http:evil.example",
        "//127.0.0.1:22/",
        "@evil.example/",
        "user:pass@evil.example/",
        ":80/",
        "?x",
        "#x",
        "%3fx=1",
        "%23x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        ".../secret.txt",
        "....//secret.txt",
        "~root/",
        "secret.txt",
        "c/../secret",
    ] {
        let answer = get(&gateway, &server, Mode::Host, path, FETCH).await;
        let refused = [(404, "content_missing"), (400, "content_path")];
        area.attack(
            path,
            refused.contains(&(answer.status, reason(&answer))),
            true,
        );
    }
    for target in server.targets() {
        assert!(target.starts_with("/c/"), "{target}");
    }
}

/// A place that the CDN names may look like an address of its own; the browser is never sent there.
#[tokio::test]
async fn no_redirect_of_a_package_leaves_the_package_s_folder() {
    let mut area = Area::new("redirects within a package that lead out");
    let gateway = serving();
    let site = url::Url::parse("https://moodle.example.org/content.php/ticket/").unwrap();
    for place in [
        "/c//evil.example/",
        "/c///evil.example/a",
        "/c/https://evil.example/",
        "/c/javascript:alert(1)",
        "/c/data:text/html,x",
        "/c//admin/",
        "/c/\\\\evil.example/",
        "/c/?x",
        "/c/%2F%2Fevil.example",
    ] {
        let server = Server::start(move |seen| {
            if seen.path().ends_with("start.html") {
                Reply::redirect(place)
            } else {
                Reply::ok("text/html", "<p>")
            }
        })
        .await;
        for path in ["start.html", "a/start.html", "a/b/start.html"] {
            for (mode, headers) in [(Mode::Host, FETCH), (Mode::Sandbox, NAVIGATION)] {
                let answer = get(&gateway, &server, mode, path, headers).await;
                // Refused by the URL policy, or answered with a place below the ticket.
                let stays = match header(&answer, "location") {
                    Some(location) => site
                        .join(path)
                        .unwrap()
                        .join(location)
                        .unwrap()
                        .as_str()
                        .starts_with(site.as_str()),
                    None => reason(&answer) == "fetch_redirect_refused",
                };
                area.attack((place, path, mode), stays, true);
            }
        }
    }
}

#[tokio::test]
async fn a_request_for_many_parts_is_a_request_for_the_file() {
    let mut area = Area::new("range abuse");
    let server = course().serve().await;
    let gateway = serving();
    let overlapping = format!("bytes={}", vec!["0-"; 300].join(","));
    let long = format!("bytes=0-{}", "9".repeat(2000));
    for range in [
        "bytes=0-0,0-0",
        "bytes=0-,0-,0-,0-",
        "bytes=0-10,5-",
        "bytes=-1,-1",
        "bytes=0-0,",
        ",bytes=0-1",
        "bytes= 0-1",
        "bytes=0 - 1",
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "bytes=0x0-0x9",
        "bytes=0--1",
        "bytes=1-2-3",
        "items=0-1",
        "bytes=99999999999999999999-",
        "bytes=0-1\r\nX-Evil: 1",
        "Bytes=0-1",
        &overlapping,
        &long,
    ] {
        let seen = server.seen().len();
        let mut answer = get(
            &gateway,
            &server,
            Mode::Host,
            "video.mp4",
            &[("range", range)],
        )
        .await;
        let sent = server.seen()[seen..]
            .iter()
            .any(|seen| seen.headers.contains_key("range"));
        area.attack(
            range,
            (sent, answer.status, content(&mut answer).await.len()),
            (false, 200, 100_000),
        );
    }
}

/// A page of the gateway's own says nothing that came from outside.
#[tokio::test]
async fn no_refusal_repeats_what_was_asked() {
    let mut area = Area::new("scripts in what is asked");
    let script = "<script>alert(1)</script>";
    let server =
        Server::start(move |_| Reply::new(500, script).with("Content-Type", "text/html")).await;
    let gateway = serving();
    let base = server.url("/c/");
    for asked in [
        request(&base, Mode::Host, script),
        request(&base, Mode::Sandbox, "..<script>alert(1)</script>/.."),
        Request {
            method: script.to_owned(),
            ..request(&base, Mode::Host, "a")
        },
        Request {
            ticket: script.to_owned(),
            ..request(&base, Mode::Host, "a")
        },
        Request {
            ticket: format!("v1.{script}.a.b"),
            ..request(&base, Mode::Host, "a")
        },
        Request {
            ticket: "v1.other-key.a.b".to_owned(),
            ..request(&base, Mode::Host, "a")
        },
        Request {
            query: Some(script.to_owned()),
            ..request(&base, Mode::Host, "a")
        },
    ] {
        for headers in [FETCH, NAVIGATION] {
            let mut answer = gateway.serve(&with(asked.clone(), headers)).await;
            let page = String::from_utf8(content(&mut answer).await).unwrap();
            let clean =
                !page.contains("<script") && !page.contains("other-key") && !page.contains(LMS);
            area.attack(
                (&asked.method, &asked.path),
                (clean, answer.status >= 400),
                (true, true),
            );
        }
    }
}
