//! What the guarded client refuses, seen from outside: whoever asks for a package gets the reason, and hosts that must
//! not be asked are not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::{io::Write, sync::Arc};

use flate2::{Compression, write::GzEncoder};
use scormbridge_core::url_policy::PolicyOptions;
use scormbridge_gateway::{Gateway, GatewayError, GatewayOptions, Probe, ProbeOptions};
use support::{LMS, Reply, Scripted, Server, Then, manifest_12, options, package};

async fn probe(gateway: &Gateway, url: &str) -> Result<Probe, GatewayError> {
    gateway
        .probe(
            url,
            &ProbeOptions {
                lms_origin: LMS.to_owned(),
            },
        )
        .await
}

/// Reason and the details that matter, of a probe that must fail.
async fn refusal(gateway: &Gateway, url: &str) -> (&'static str, Vec<(&'static str, String)>) {
    let error = probe(gateway, url).await.expect_err(url);
    (error.reason(), error.details())
}

fn detail<'a>(details: &'a [(&'static str, String)], name: &str) -> &'a str {
    details
        .iter()
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.as_str())
        .unwrap_or_default()
}

async fn reason_of(
    options: GatewayOptions,
    answer: impl Fn() -> Reply + Send + Sync + 'static,
) -> &'static str {
    let server = Server::start(move |_| answer()).await;
    refusal(
        &Gateway::new(options).unwrap(),
        &server.url("/imsmanifest.xml"),
    )
    .await
    .0
}

#[tokio::test]
async fn redirects_are_judged_like_the_first_url() {
    for (location, code) in [
        ("https://10.0.0.1/imsmanifest.xml", "url_private_address"),
        (
            "https://169.254.169.254/latest/meta-data/",
            "url_private_address",
        ),
        ("https://[fd00::1]/", "url_private_address"),
        ("https://[::ffff:192.168.1.1]/", "url_private_address"),
        ("https://2886729728/", "url_private_address"),
        ("http://example.com/", "url_scheme"),
        ("ftp://127.0.0.1/", "url_scheme"),
        ("file:///etc/passwd", "url_scheme"),
        ("https://user@cdn.example.com/", "url_user_info"),
        ("https://printer.local/", "url_local_name"),
        ("https://cdn.example.com:22/", "url_port"),
    ] {
        let server = Server::start(move |_| Reply::redirect(location)).await;
        let gateway = Gateway::new(options()).unwrap();
        let (reason, details) = refusal(&gateway, &server.url("/imsmanifest.xml")).await;
        assert_eq!(
            (reason, detail(&details, "refusal")),
            ("fetch_redirect_refused", code),
            "{location}"
        );
        assert_eq!(detail(&details, "from"), server.url("/imsmanifest.xml"));
    }
}

#[tokio::test]
async fn a_redirect_to_a_name_with_a_private_address_is_refused() {
    let server =
        Server::start(|_| Reply::redirect("https://cdn.example.com/imsmanifest.xml")).await;
    let resolver = Scripted::new(&[&["192.168.0.1"]]);
    let gateway = Gateway::with_resolver(options(), Arc::new(resolver.clone())).unwrap();
    let (reason, details) = refusal(&gateway, &server.url("/imsmanifest.xml")).await;
    assert_eq!(
        (reason, detail(&details, "refusal")),
        ("fetch_redirect_refused", "fetch_private_address")
    );
    assert_eq!(detail(&details, "address"), "192.168.0.1");
    assert_eq!(resolver.asked(), 1);
}

#[tokio::test]
async fn redirects_end() {
    let server = Server::start(|_| Reply::redirect("/imsmanifest.xml")).await;
    let gateway = Gateway::new(options()).unwrap();
    assert_eq!(
        refusal(&gateway, &server.url("/imsmanifest.xml")).await.0,
        "fetch_too_many_redirects"
    );
    assert_eq!(
        server.seen().len(),
        6,
        "the first request and five redirects"
    );

    let pointless = || Reply::new(302, "");
    assert_eq!(
        reason_of(options(), pointless).await,
        "fetch_redirect_invalid"
    );
}

#[tokio::test]
async fn a_redirect_within_the_rules_is_followed() {
    let files = package();
    let server = Server::start(move |seen| match seen.path() {
        "/old/imsmanifest.xml" => Reply::redirect("/course/imsmanifest.xml"),
        _ => files.reply(seen),
    })
    .await;
    let probe = probe(
        &Gateway::new(options()).unwrap(),
        &server.url("/old/imsmanifest.xml"),
    )
    .await
    .unwrap();
    assert_eq!(
        probe.base_url,
        server.url("/course/"),
        "the package is where the redirect says"
    );
}

#[tokio::test]
async fn a_kept_connection_that_the_cdn_has_closed_is_replaced() {
    let files = package();
    let server = Server::start(move |seen| files.reply(seen).then(Then::Hangup)).await;
    let gateway = Gateway::new(options()).unwrap();
    for _ in 0..20 {
        probe(&gateway, &server.url("/course/imsmanifest.xml"))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn names_are_refused_for_any_address_that_is_not_public() {
    for answer in [
        &["10.1.2.3"][..],
        &["127.0.0.1"],
        &["169.254.169.254"],
        &["100.64.0.1"],
        &["::1"],
        &["fe80::1"],
        &["fc00::1"],
        &["::ffff:10.0.0.1"],
        &["64:ff9b::a00:1"],
        &["2002:a00:1::"],
        &["0.0.0.0"],
        // A public address beside it does not help.
        &["93.184.215.14", "10.0.0.1"],
    ] {
        let gateway = Gateway::with_resolver(
            GatewayOptions::default(),
            Arc::new(Scripted::new(&[answer])),
        )
        .unwrap();
        let (reason, details) = refusal(&gateway, "https://cdn.example.com/imsmanifest.xml").await;
        assert_eq!(reason, "fetch_private_address", "{answer:?}");
        assert_eq!(detail(&details, "address"), *answer.last().unwrap());
    }
}

#[tokio::test]
async fn addresses_in_urls_never_reach_a_resolver() {
    let resolver = Scripted::new(&[&["93.184.215.14"]]);
    let gateway =
        Gateway::with_resolver(GatewayOptions::default(), Arc::new(resolver.clone())).unwrap();
    for url in [
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://[64:ff9b::7f00:1]/",
    ] {
        assert_eq!(
            refusal(&gateway, url).await.0,
            "url_private_address",
            "{url}"
        );
    }
    assert_eq!(resolver.asked(), 0);
}

#[tokio::test]
async fn a_name_without_address_is_unresolvable() {
    let gateway = Gateway::with_resolver(options(), Arc::new(Scripted::new(&[&[]]))).unwrap();
    let (reason, details) = refusal(&gateway, "https://cdn.example.com/").await;
    assert_eq!(
        (reason, detail(&details, "host")),
        ("fetch_unresolvable", "cdn.example.com")
    );
}

/// DNS rebinding: the name's first answer passes, every later one is an address inside the network. Loopback, allowed
/// for development, stands in for the public address.
#[tokio::test]
async fn a_connection_goes_to_the_address_that_was_checked() {
    let server = Server::start(|_| Reply::ok("application/xml", "<no/>").then(Then::Close)).await;
    let resolver = Scripted::new(&[&["127.0.0.1"], &["10.0.0.1"]]);
    let gateway = Gateway::with_resolver(options(), Arc::new(resolver.clone())).unwrap();
    let url = server.named("cdn.localhost", "/imsmanifest.xml");

    // The check and the connection share one look-up: had there been a second one, it would have said 10.0.0.1.
    assert_eq!(refusal(&gateway, &url).await.0, "manifest_not_manifest");
    assert_eq!((resolver.asked(), server.seen().len()), (1, 1));

    // The next connection is a new question, and its answer is refused before anything is sent.
    assert_eq!(refusal(&gateway, &url).await.0, "fetch_private_address");
    assert_eq!((resolver.asked(), server.connections()), (2, 1));
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = package().serve().await;
    let resolver = Scripted::new(&[&["127.0.0.1"]]);
    let mut options = options();
    options.limits.concurrency = 1;
    let gateway = Gateway::with_resolver(options, Arc::new(resolver.clone())).unwrap();
    for _ in 0..2 {
        probe(&gateway, &server.named("cdn.localhost", "/course/"))
            .await
            .unwrap();
    }
    assert!(server.seen().len() >= 6, "{:?}", server.targets());
    assert_eq!((server.connections(), resolver.asked()), (1, 1));
}

#[tokio::test]
async fn silence_ends_in_a_timeout() {
    let stalls = || Reply::ok("application/xml", "<manifest").then(Then::Stall);
    assert_eq!(reason_of(options(), stalls).await, "fetch_timeout");
    let mut impatient = options();
    impatient.timeouts.response = std::time::Duration::from_millis(200);
    let server = Server::start(|_| Reply::new(100, "").then(Then::Stall)).await;
    let (reason, details) = refusal(
        &Gateway::new(impatient).unwrap(),
        &server.url("/imsmanifest.xml"),
    )
    .await;
    assert_eq!(
        (reason, detail(&details, "stage")),
        ("fetch_timeout", "response")
    );
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up() {
    let mut strict = options();
    strict.timeouts.speed_grace = std::time::Duration::ZERO;
    strict.timeouts.minimum_speed = u64::MAX;
    strict.timeouts.idle = std::time::Duration::from_secs(5);
    let server = Server::start(|_| Reply::ok("application/xml", "").then(Then::Endless)).await;
    strict.manifest.max_bytes = usize::MAX;
    let (reason, details) = refusal(
        &Gateway::new(strict).unwrap(),
        &server.url("/imsmanifest.xml"),
    )
    .await;
    assert_eq!(
        (reason, detail(&details, "stage")),
        ("fetch_timeout", "speed")
    );
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let mut small = options();
    small.manifest.max_bytes = 100_000;
    let endless = || Reply::ok("application/xml", "<manifest>").then(Then::Endless);
    assert_eq!(reason_of(small, endless).await, "fetch_too_large");
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_not_read() {
    let announced = || {
        Reply::ok("application/xml", "")
            .with("Content-Length", "99999999999")
            .then(Then::Stall)
    };
    assert_eq!(reason_of(options(), announced).await, "fetch_too_large");
}

#[tokio::test]
async fn a_decompression_bomb_goes_off_outside() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..8 {
        encoder.write_all(&[b' '; 1024 * 1024]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let mut small = options();
    small.manifest.max_bytes = 1024 * 1024;
    let reply = move || Reply::ok("application/xml", bomb.clone()).with("Content-Encoding", "gzip");
    assert_eq!(reason_of(small, reply).await, "fetch_too_large");
}

#[tokio::test]
async fn compressed_files_are_unpacked_and_broken_ones_refused() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(manifest_12("Packed", "index.html").as_bytes())
        .unwrap();
    let packed = encoder.finish().unwrap();
    let files = package();
    let (whole, half) = (packed.clone(), packed[..packed.len() / 2].to_vec());
    let server = Server::start(move |seen| match seen.path() {
        "/course/imsmanifest.xml" => {
            Reply::ok("application/xml", whole.clone()).with("Content-Encoding", "gzip")
        }
        "/broken/imsmanifest.xml" => {
            Reply::ok("application/xml", half.clone()).with("Content-Encoding", "gzip")
        }
        _ => files.reply(seen),
    })
    .await;
    let gateway = Gateway::new(options()).unwrap();
    assert_eq!(
        probe(&gateway, &server.url("/course/"))
            .await
            .unwrap()
            .title,
        "Packed"
    );
    assert_eq!(
        refusal(&gateway, &server.url("/broken/")).await.0,
        "fetch_encoding"
    );
}

#[tokio::test]
async fn headers_have_a_limit() {
    let long = || Reply::ok("application/xml", "").with("X-Padding", &"x".repeat(40_000));
    assert_eq!(reason_of(options(), long).await, "fetch_headers_too_large");
}

#[tokio::test]
async fn a_connection_that_fails_says_how() {
    let gateway = Gateway::new(options()).unwrap();
    // A port that was free a moment ago.
    let closed = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    assert_eq!(
        refusal(&gateway, &format!("http://127.0.0.1:{closed}/"))
            .await
            .0,
        "fetch_connect"
    );

    // Plain HTTP where TLS is expected.
    let server = package().serve().await;
    assert_eq!(
        refusal(&gateway, &server.url("/course/").replace("http:", "https:"))
            .await
            .0,
        "fetch_tls"
    );

    // An end before the promised length.
    let short = || {
        Reply::ok("application/xml", "<m")
            .with("Content-Length", "10")
            .then(Then::Close)
    };
    assert_eq!(reason_of(options(), short).await, "fetch_protocol");
    assert_eq!(
        reason_of(options(), || Reply::new(500, "")).await,
        "fetch_status"
    );
}

#[tokio::test]
async fn nothing_is_remembered_for_the_next_request() {
    let files = package();
    let server =
        Server::start(move |seen| files.reply(seen).with("Set-Cookie", "a=b; Path=/")).await;
    let gateway = Gateway::new(options()).unwrap();
    for _ in 0..2 {
        probe(&gateway, &server.url("/course/")).await.unwrap();
    }
    for seen in server.seen() {
        for name in ["cookie", "authorization", "referer"] {
            assert!(!seen.headers.contains_key(name), "{seen:?}");
        }
    }
}

#[tokio::test]
async fn loopback_needs_the_development_switch() {
    let server = package().serve().await;
    let gateway = Gateway::new(GatewayOptions::default()).unwrap();
    assert_eq!(
        refusal(&gateway, &server.url("/course/")).await.0,
        "url_scheme"
    );
    let https = server.url("/course/").replace("http:", "https:");
    assert_eq!(refusal(&gateway, &https).await.0, "url_private_address");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_broken_allowlist_makes_no_gateway() {
    let mut options = GatewayOptions::default();
    options.policy = PolicyOptions {
        allow: vec!["https://".to_owned()],
        ..PolicyOptions::default()
    };
    assert!(Gateway::new(options).is_err());
}
