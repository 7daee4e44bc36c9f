//! Server-side request forgery: where the gateway could be sent.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
};

use scormbridge_core::{ticket::Mode, url_policy::PolicyOptions};
use scormbridge_gateway::{
    ContentOptions, Gateway, GatewayError, GatewayOptions, Probe, ProbeOptions,
};
use serde_json::Value;
use url::{Host, Url};

use super::{
    Area,
    support::{FETCH, LMS, Reply, Scripted, Server, Then, get, options, reason, tickets},
};

async fn probe(gateway: &Gateway, url: &str) -> Result<Probe, GatewayError> {
    let options = ProbeOptions {
        lms_origin: LMS.to_owned(),
    };
    gateway.probe(url, &options).await
}

async fn refusal(gateway: &Gateway, url: &str) -> &'static str {
    match probe(gateway, url).await {
        Ok(_) => "probed",
        Err(error) => error.reason(),
    }
}

/// URL and reason of everything that the default policy refuses.
fn refused_urls() -> Vec<(String, String)> {
    let golden: Value =
        serde_json::from_str(include_str!("../../../../tests/golden/urls.json")).unwrap();
    let text = |case: &Value, name: &str| case[name].as_str().unwrap().to_owned();
    let cases = golden["refuse"].as_array().unwrap().iter();
    cases
        .filter(|case| case["policy"] == "default")
        .map(|case| (text(case, "url"), text(case, "reason")))
        .collect()
}

/// The ends of every special-purpose block, and other addresses that are not public.
fn private_addresses() -> Vec<String> {
    let golden: Value =
        serde_json::from_str(include_str!("../../../../tests/golden/addresses.json")).unwrap();
    let mut found = Vec::new();
    for block in golden["ranges"].as_array().unwrap() {
        found.extend([&block["first"], &block["last"]].map(|a| a.as_str().unwrap().to_owned()));
    }
    for named in golden["refuse"].as_array().unwrap() {
        found.push(named["address"].as_str().unwrap().to_owned());
    }
    found.sort();
    found.dedup();
    found
}

#[tokio::test]
async fn urls_that_lead_inside_are_refused_before_any_question() {
    let mut area = Area::new("URLs that lead inside");
    let resolver = Scripted::new(&[&["93.184.215.14"]]);
    let gateway =
        Gateway::with_resolver(GatewayOptions::default(), Arc::new(resolver.clone())).unwrap();
    for (url, expected) in refused_urls() {
        area.attack(&url, refusal(&gateway, &url).await, expected.as_str());
    }
    assert_eq!(resolver.asked(), 0);
}

/// The port is open and allowed, so only the address can be what is refused.
#[tokio::test]
async fn no_spelling_of_loopback_reaches_a_listening_port() {
    let mut area = Area::new("spellings of loopback");
    let canary = Server::start(|_| Reply::ok("application/xml", "<manifest/>")).await;
    let mut guarded = GatewayOptions::default();
    guarded.policy = PolicyOptions {
        ports: vec![canary.port],
        ..PolicyOptions::default()
    };
    let gateway =
        Gateway::with_resolver(guarded, Arc::new(Scripted::new(&[&["127.0.0.1"]]))).unwrap();
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "127.255.255.254",
        "2130706433",
        "0x7f000001",
        "0x7F.1",
        "0177.0.0.1",
        "017700000001",
        "0177.0x0.1",
        "00000177.0.0.1",
        "0",
        "0.0.0.0",
        "127.0.0.1.",
        "１２７.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "127.0.0.%31",
        "①②⑦.⓪.⓪.①",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
    ] {
        let url = format!("https://{host}:{}/imsmanifest.xml", canary.port);
        area.attack(&url, refusal(&gateway, &url).await, "url_private_address");
    }
    for host in [
        "localhost",
        "LocalHost",
        "a.localhost",
        "ⓛocalhost",
        "printer.local",
        "db.internal",
        "intranet",
    ] {
        let url = format!("https://{host}:{}/imsmanifest.xml", canary.port);
        area.attack(&url, refusal(&gateway, &url).await, "url_local_name");
    }
    for host in [
        "127.0.0.1.nip.example.com",
        "rebind.example.com",
        "xn--bcher-kva.example.com",
    ] {
        let url = format!("https://{host}:{}/imsmanifest.xml", canary.port);
        area.attack(&url, refusal(&gateway, &url).await, "fetch_private_address");
    }
    assert_eq!(canary.connections(), 0);
}

/// One gateway for all: making a client is most of the work.
#[tokio::test]
async fn names_with_a_private_address_are_not_connected_to() {
    let mut area = Area::new("names with private addresses");
    let addresses = private_addresses();
    let answers: Vec<Vec<&str>> = addresses
        .iter()
        .flat_map(|address| {
            [
                vec![address.as_str()],
                vec!["93.184.215.14", address],
                vec![address, "93.184.215.14"],
                vec!["2606:4700:4700::1111", "93.184.215.14", address],
            ]
        })
        .collect();
    let script: Vec<&[&str]> = answers.iter().map(Vec::as_slice).collect();
    let resolver = Scripted::new(&script);
    let gateway =
        Gateway::with_resolver(GatewayOptions::default(), Arc::new(resolver.clone())).unwrap();
    for (turn, answer) in answers.iter().enumerate() {
        let found = refusal(&gateway, "https://cdn.example.com/imsmanifest.xml").await;
        area.attack(
            answer,
            (found, resolver.asked()),
            ("fetch_private_address", turn + 1),
        );
    }
}

/// Loopback, allowed for development, stands in for the public address that the name has at first.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_caught_at_every_turn() {
    let mut area = Area::new("DNS rebinding");
    // Each answer closes its connection, so that the next request has to ask for the address again.
    let server =
        Server::start(|_| Reply::redirect("/again/imsmanifest.xml").then(Then::Close)).await;
    let mut addresses = private_addresses();
    addresses.retain(|address| !address.parse::<IpAddr>().unwrap().is_loopback());
    let mixed: Vec<[&str; 2]> = addresses
        .iter()
        .map(|address| ["127.0.0.1", address.as_str()])
        .collect();
    let mut script: Vec<&[&str]> = Vec::new();
    for answer in &mixed {
        script.extend([&answer[..1], &answer[1..], &answer[..1], &answer[..]]);
    }
    let resolver = Scripted::new(&script);
    let gateway = Gateway::with_resolver(options(), Arc::new(resolver.clone())).unwrap();
    let url = server.named("cdn.localhost", "/imsmanifest.xml");
    for (turn, answers) in script.chunks(2).enumerate() {
        let found = refusal(&gateway, &url).await;
        area.attack(
            answers,
            (found, resolver.asked(), server.connections()),
            ("fetch_redirect_refused", 2 * turn + 2, turn + 1),
        );
    }
}

/// Loopback, which may be asked here: the test's own server is there.
fn is_own(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.ends_with("localhost"),
        None => false,
    }
}

#[tokio::test]
async fn redirects_to_where_no_url_may_lead_are_refused() {
    let mut area = Area::new("redirects");
    let mut serving = options();
    serving.content = Some(ContentOptions::new(tickets(), LMS));
    let gateway =
        Gateway::with_resolver(serving, Arc::new(Scripted::new(&[&["10.0.0.1"]]))).unwrap();
    let mut places: Vec<String> = refused_urls()
        .into_iter()
        .map(|(url, _)| url)
        // Not bytes of a header, or a place beside the file that redirects.
        .filter(|url| url.is_ascii() && !url.contains(char::is_control) && url.contains(':'))
        .filter(|url| !url.contains("//cdn.example.com/course/") && !url.starts_with("https:cdn"))
        .collect();
    places.extend(private_addresses().iter().map(
        |address| match address.parse::<IpAddr>().unwrap() {
            IpAddr::V4(address) => format!("https://{address}/"),
            IpAddr::V6(address) => format!("https://[{address}]/"),
        },
    ));
    // Names whose address is found out only then.
    places.extend(
        [
            "https://cdn.example.com/",
            "//cdn.example.com/",
            "\\\\cdn.example.com\\",
        ]
        .map(str::to_owned),
    );
    let own = Url::parse("http://127.0.0.1/").unwrap();
    places.retain(|place| !own.join(place).is_ok_and(|url| is_own(&url)));
    let next = Arc::new(Mutex::new(Reply::new(404, "")));
    let answer = Arc::clone(&next);
    let server = Server::start(move |_| answer.lock().unwrap().clone()).await;
    for place in places {
        for status in [301, 302, 303, 307, 308] {
            *next.lock().unwrap() = Reply::new(status, "").with("Location", &place);
            let before = server.seen().len();
            let probed = refusal(&gateway, &server.url("/c/imsmanifest.xml")).await;
            let served = get(&gateway, &server, Mode::Host, "a.html", FETCH).await;
            // Nothing to parse is nowhere; everything else is a place, and refused as one.
            let expected = if own.join(&place).is_err() {
                "fetch_redirect_invalid"
            } else {
                "fetch_redirect_refused"
            };
            area.attack(
                (&place, status),
                (
                    probed,
                    reason(&served),
                    served.status,
                    server.seen().len() - before,
                ),
                (expected, expected, 502, 2),
            );
        }
    }
}

#[tokio::test]
async fn redirects_without_end_end() {
    let mut area = Area::new("redirects without end");
    for (what, expected) in [
        ("to itself", "fetch_too_many_redirects"),
        ("in a circle", "fetch_too_many_redirects"),
        ("always further", "fetch_too_many_redirects"),
        ("to nowhere", "fetch_redirect_invalid"),
        ("to no text", "fetch_redirect_invalid"),
        ("to no address", "fetch_redirect_invalid"),
    ] {
        let server = Server::start(move |seen| match what {
            "to itself" => Reply::redirect(&seen.target),
            "in a circle" => Reply::redirect(if seen.path().ends_with('a') { "b" } else { "a" }),
            "always further" => Reply::redirect(&format!("{}x", seen.target)),
            "to nowhere" => Reply::new(302, ""),
            "to no text" => Reply::redirect("/caf\u{e9}"),
            _ => Reply::redirect("https://[/"),
        })
        .await;
        let gateway = Gateway::new(options()).unwrap();
        let found = refusal(&gateway, &server.url("/imsmanifest.xml")).await;
        area.attack(what, found, expected);
        assert!(server.seen().len() <= 6, "{what}");
    }
}

/// A CDN that sends the gateway back to the gateway would hold one worker of the site for each turn of the circle.
#[tokio::test]
async fn a_circle_through_the_gateway_is_one_turn_long() {
    let mut area = Area::new("circles through the gateway");
    let server = Server::start(|_| Reply::new(404, "")).await;
    let gateway = super::support::serving();
    probe(&gateway, &server.url("/c/")).await.unwrap_err();
    let sent = server.seen()[0].headers["cdn-loop"].clone();
    let connections = server.connections();
    for passed in [
        sent.clone(),
        sent.to_uppercase(),
        format!("cloudflare; loops=1, {sent}"),
        format!("{sent}; v=1 , other"),
    ] {
        for mode in [Mode::Host, Mode::Sandbox] {
            let headers = [("cdn-loop", passed.as_str())];
            let answer = get(&gateway, &server, mode, "a.html", &headers).await;
            area.attack(
                (&passed, mode),
                (answer.status, reason(&answer)),
                (508, "content_loop"),
            );
        }
    }
    assert_eq!(server.connections(), connections);
    // A CDN in front of the site leaves its own name there.
    let answer = get(
        &gateway,
        &server,
        Mode::Host,
        "a.html",
        &[("cdn-loop", "cloudflare")],
    )
    .await;
    assert_eq!(reason(&answer), "content_missing");
}
