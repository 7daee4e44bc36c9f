//! Probing: every way to name a package leads to it, and every fault has its own reason.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use scormbridge_core::manifest::Version;
use scormbridge_gateway::{
    DeliveryMode, Gateway, GatewayError, Probe, ProbeOptions, RelayConfig, Usable, relay_files,
};
use tokio::runtime::Runtime;

use support::{Files, LMS, Reply, Scripted, Server, manifest_12, manifest_2004, options, package};

async fn probe(url: &str) -> Result<Probe, GatewayError> {
    probe_with(&Gateway::new(options()).unwrap(), url).await
}

async fn probe_with(gateway: &Gateway, url: &str) -> Result<Probe, GatewayError> {
    gateway
        .probe(
            url,
            &ProbeOptions {
                lms_origin: LMS.to_owned(),
            },
        )
        .await
}

fn with_relay(mut files: Files, config: &RelayConfig) -> Files {
    for file in relay_files(config) {
        files = files.add(
            &format!("/course/scormbridge/{}", file.name),
            file.media_type,
            file.content.into_owned(),
        );
    }
    files
}

fn relay() -> RelayConfig {
    RelayConfig::new(DeliveryMode::Direct, [LMS.to_owned()])
}

#[tokio::test]
async fn a_package_is_found_by_any_of_its_addresses() {
    let files = package()
        .add("/course/deep/er/page.html", "text/html", "<p>")
        .add("/spa/index.html", "text/html", "<p>");
    let server = files.serve().await;
    for address in [
        "/course/imsmanifest.xml",
        "/course/imsmanifest.xml#top",
        "/course/",
        "/course",
        "/course/index.html",
        "/course/index.html?attempt=1#page",
        "/course/deep/er/page.html",
        "/course/deep/er/",
    ] {
        let found = probe(&server.url(address)).await;
        if address.ends_with("er/") {
            assert_eq!(
                found.unwrap_err().reason(),
                "probe_manifest_not_found",
                "a folder is meant as given"
            );
            continue;
        }
        let found = found.expect(address);
        assert_eq!(found.base_url, server.url("/course/"), "{address}");
        assert_eq!(found.manifest_url, server.url("/course/imsmanifest.xml"));
    }
}

#[tokio::test]
async fn a_probe_tells_what_is_needed_to_play() {
    let manifest = manifest_12("Fire safety", "index.html?lang=en");
    let files = package().add(
        "/course/imsmanifest.xml",
        "application/xml",
        manifest.clone(),
    );
    let server =
        Server::start(move |seen| files.reply(seen).with("Access-Control-Allow-Origin", "*")).await;
    let found = probe(&server.url("/course/")).await.unwrap();
    assert_eq!(
        (found.version, found.edition, found.title.as_str()),
        (Version::V12, None, "Fire safety")
    );
    assert_eq!(found.scos.len(), 1);
    assert_eq!(
        (
            found.scos[0].identifier.as_str(),
            found.scos[0].title.as_str()
        ),
        ("I", "Lesson")
    );
    assert_eq!(
        found.scos[0].launch,
        server.url("/course/index.html?lang=en")
    );
    assert_eq!(found.tree.launch.as_deref(), Some("I"));
    assert_eq!(found.cors.as_deref(), Some("*"));
    let hash = ring::digest::digest(&ring::digest::SHA256, manifest.as_bytes());
    assert_eq!(
        found.manifest_sha256,
        data_encoding::HEXLOWER.encode(hash.as_ref())
    );
    assert_eq!(server.seen()[0].headers["origin"], LMS);

    let files = package().add(
        "/course/imsmanifest.xml",
        "application/xml",
        manifest_2004("T", "index.html"),
    );
    let found = probe(&files.serve().await.url("/course/")).await.unwrap();
    let wire = serde_json::to_value(&found).unwrap();
    assert_eq!(
        (wire["version"].as_str(), wire["edition"].as_str()),
        (Some("2004"), Some("4th"))
    );
}

#[tokio::test]
async fn every_fault_of_a_package_has_its_reason() {
    let item = |href: &str| manifest_12("T", href);
    let xml = "application/xml";
    for (files, code, detail) in [
        (
            Files::default(),
            "probe_manifest_not_found",
            ("tried", "/course/imsmanifest.xml"),
        ),
        (
            package().add("/course/imsmanifest.xml", xml, ""),
            "manifest_empty",
            ("", ""),
        ),
        (
            package().add("/course/imsmanifest.xml", xml, "PK\x03\x04 a zip"),
            "manifest_illegal_character",
            ("", ""),
        ),
        (
            package().add("/course/imsmanifest.xml", xml, "<manifest>"),
            "manifest_truncated",
            ("", ""),
        ),
        (
            package().add("/course/imsmanifest.xml", xml, "<rss/>"),
            "manifest_not_manifest",
            ("", ""),
        ),
        (
            package().add(
                "/course/imsmanifest.xml",
                "text/html; charset=utf-8",
                "<!doctype html><p>Log in",
            ),
            "probe_manifest_is_page",
            ("url", "/course/imsmanifest.xml"),
        ),
        (
            package().add("/course/imsmanifest.xml", xml, "<html><body/></html>"),
            "probe_manifest_is_page",
            ("url", "/course/imsmanifest.xml"),
        ),
        (
            package().add("/course/imsmanifest.xml", xml, item("")),
            "probe_no_launchable_sco",
            ("", ""),
        ),
        (
            package().without("/course/index.html"),
            "probe_launch_missing",
            ("url", "/course/index.html"),
        ),
        (
            package().add("/course/imsmanifest.xml", xml, item("../other/index.html")),
            "probe_launch_elsewhere",
            ("url", "/other/index.html"),
        ),
        (
            package().add("/course/imsmanifest.xml", xml, item("/index.html")),
            "probe_launch_elsewhere",
            ("url", "/index.html"),
        ),
    ] {
        let server = files.serve().await;
        let error = probe(&server.url("/course/")).await.expect_err(code);
        assert_eq!(error.reason(), code, "{error}");
        if !detail.0.is_empty() {
            assert!(
                error.details().contains(&(detail.0, server.url(detail.1))),
                "{:?}",
                error.details()
            );
        }
        assert!(!error.to_string().is_empty());
    }
    for elsewhere in [
        "https://evil.example/index.html",
        "//evil.example/x",
        "javascript:alert(1)",
        "http://[",
        "data:,x",
    ] {
        let files = package().add("/course/imsmanifest.xml", xml, item(elsewhere));
        let server = files.serve().await;
        let error = probe(&server.url("/course/")).await.expect_err(elsewhere);
        assert_eq!(error.reason(), "probe_launch_elsewhere", "{elsewhere}");
    }
}

#[tokio::test]
async fn a_package_on_the_learning_site_itself_is_refused() {
    let own = package().serve().await;
    let place = own.url("/course/imsmanifest.xml");
    let elsewhere = Server::start(move |_| Reply::redirect(&place)).await;
    let gateway = Gateway::new(options()).unwrap();
    let lms_origin = own.url("/").trim_end_matches('/').to_owned();
    for server in [&own, &elsewhere] {
        let options = ProbeOptions {
            lms_origin: lms_origin.clone(),
        };
        let url = server.url("/course/imsmanifest.xml");
        let error = gateway.probe(&url, &options).await.unwrap_err();
        assert_eq!(error.reason(), "probe_own_origin", "{error}");
    }
}

#[tokio::test]
async fn a_launch_file_that_cannot_be_asked_for_is_not_the_same_as_a_missing_one() {
    let files = package();
    let server = Server::start(move |seen| match seen.path() {
        "/course/index.html" => Reply::redirect("https://10.0.0.1/login"),
        _ => files.reply(seen),
    })
    .await;
    let error = probe(&server.url("/course/")).await.unwrap_err();
    assert_eq!(error.reason(), "probe_launch_unreachable");
    assert!(
        error
            .details()
            .contains(&("cause", "fetch_redirect_refused".to_owned())),
        "{:?}",
        error.details()
    );
}

#[tokio::test]
async fn urls_are_judged_before_anything_is_asked() {
    let server = package().serve().await;
    for (url, code) in [
        ("", "url_malformed"),
        ("course/imsmanifest.xml", "url_malformed"),
        ("http://cdn.example.com/imsmanifest.xml", "url_scheme"),
        ("https://10.0.0.1/imsmanifest.xml", "url_private_address"),
        ("https://user:pw@cdn.example.com/", "url_user_info"),
        (
            &format!("https://cdn.example.com/{}", "a".repeat(3000)),
            "url_too_long",
        ),
    ] {
        assert_eq!(probe(url).await.unwrap_err().reason(), code, "{url}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn direct_delivery_needs_a_relay_that_fits() {
    let other = RelayConfig::new(DeliveryMode::Direct, ["https://other.example".to_owned()]);
    let future = RelayConfig {
        protocol: 99,
        ..relay()
    };
    for (files, reason) in [
        (package(), "relay_missing"),
        (with_relay(package(), &relay()), ""),
        (with_relay(package(), &other), "relay_origin"),
        (with_relay(package(), &future), "relay_protocol"),
        (
            with_relay(package(), &relay()).without("/course/scormbridge/relay.html"),
            "relay_page_missing",
        ),
        (
            with_relay(package(), &relay()).add(
                "/course/scormbridge/relay.json",
                "text/html",
                "<p>",
            ),
            "relay_invalid",
        ),
        (
            with_relay(package(), &relay()).add(
                "/course/scormbridge/relay.html",
                "text/plain",
                "x",
            ),
            "relay_page_type",
        ),
    ] {
        let server = files.serve().await;
        let found = probe(&server.url("/course/")).await.unwrap();
        assert_eq!(found.delivery.direct.reason, reason);
        assert_eq!(found.delivery.direct.usable, reason.is_empty());
        assert!(
            found.delivery.host.usable,
            "the gateway needs nothing from the CDN"
        );
    }
    for (path, reason) in [
        ("/course/scormbridge/relay.html", "relay_not_framable"),
        ("/course/index.html", "launch_not_framable"),
    ] {
        let files = with_relay(package(), &relay());
        let server = Server::start(move |seen| {
            let reply = files.reply(seen);
            if seen.path() == path {
                reply.with("X-Frame-Options", "SAMEORIGIN")
            } else {
                reply
            }
        })
        .await;
        assert_eq!(
            probe(&server.url("/course/"))
                .await
                .unwrap()
                .delivery
                .direct
                .reason,
            reason
        );
    }
    let old = with_relay(
        package(),
        &RelayConfig {
            relay: "0.0.1".to_owned(),
            ..relay()
        },
    );
    let found = probe(&old.serve().await.url("/course/")).await.unwrap();
    assert!(found.delivery.direct.usable);
    assert_eq!(
        found
            .warnings
            .iter()
            .map(|warning| warning.code.as_str())
            .collect::<Vec<_>>(),
        ["relay_version"]
    );
}

#[tokio::test]
async fn the_sandbox_needs_single_documents() {
    for (media_type, page, reason) in [
        ("text/html", "<p>One", ""),
        ("text/html", "<iframe src=a.html>", "sandbox_frames"),
        (
            "text/html",
            "<script>document.write('<frameset>'.replace('x','<iframe'))</script>",
            "sandbox_scripted_frames",
        ),
        (
            "text/html",
            "<script>location.href = 'b.html'</script>",
            "sandbox_navigates",
        ),
        ("text/html", "<a href=b.html>", "sandbox_links"),
        ("application/pdf", "%PDF", "sandbox_not_html"),
        ("application/xhtml+xml", "<html/>", "sandbox_not_html"),
        ("application/octet-stream", "<p>by its name it is HTML", ""),
    ] {
        let server = package()
            .add("/course/index.html", media_type, page)
            .serve()
            .await;
        let found = probe(&server.url("/course/")).await.unwrap();
        let Usable {
            usable,
            reason: found,
            details,
        } = found.delivery.sandbox;
        assert_eq!(
            (found.as_str(), usable),
            (reason, reason.is_empty()),
            "{page}"
        );
        assert_eq!(details.contains_key("url"), !usable);
    }
}

#[tokio::test]
async fn of_very_many_launch_files_a_sample_is_checked() {
    let (mut items, mut resources) = (String::new(), String::new());
    let mut files = Files::default();
    for n in 0..40 {
        items += &format!(
            r#"<item identifier="I{n}" identifierref="R{n}" parameters="?n={n}"><title>{n}</title></item>"#
        );
        resources += &format!(
            r#"<resource identifier="R{n}" type="webcontent" adlcp:scormtype="sco" href="{}.html"/>"#,
            n / 2
        );
        files = files.add(&format!("/course/{}.html", n / 2), "text/html", "<p>");
    }
    let manifest = manifest_12("Many", "x")
        .replace(
            r#"<item identifier="I" identifierref="R"><title>Lesson</title></item>"#,
            &items,
        )
        .replace("<resources>", &format!("<resources>{resources}"));
    let server = files
        .add("/course/imsmanifest.xml", "application/xml", manifest)
        .serve()
        .await;
    let pages = |server: &Server| {
        server
            .targets()
            .iter()
            .filter(|target| target.ends_with(".html"))
            .count()
    };

    let found = probe(&server.url("/course/")).await.unwrap();
    assert_eq!(
        (found.scos.len(), pages(&server)),
        (40, 20),
        "a file with two SCOs is asked for once"
    );
    assert_eq!(found.scos[39].launch, server.url("/course/19.html?n=39"));

    let mut few = options();
    few.limits.launch_checks = 5;
    let found = probe_with(&Gateway::new(few).unwrap(), &server.url("/course/"))
        .await
        .unwrap();
    assert_eq!(pages(&server), 25);
    assert_eq!(found.warnings[0].code, "launch_files_sampled");
}

#[tokio::test]
async fn what_moodle_cannot_store_is_told() {
    let manifest = manifest_12(&"T".repeat(300), "index.html");
    let server = package()
        .add("/course/imsmanifest.xml", "application/xml", manifest)
        .serve()
        .await;
    let found = probe(&server.url("/course/")).await.unwrap();
    assert_eq!(found.warnings[0].code, "column_shortened");
    assert!(
        found.warnings[0].message.contains("title of O"),
        "{}",
        found.warnings[0].message
    );
}

#[tokio::test]
async fn a_probe_ends_even_if_every_request_is_just_in_time() {
    let server = Server::start(|_| Reply::new(100, "").then(support::Then::Stall)).await;
    let mut hasty = options();
    hasty.timeouts.probe = std::time::Duration::from_millis(100);
    let error = probe_with(&Gateway::new(hasty).unwrap(), &server.url("/course/"))
        .await
        .unwrap_err();
    assert_eq!(error.reason(), "fetch_timeout");
    assert!(error.details().contains(&("stage", "total".to_owned())));
}

/// One for all cases of a property: a client reads the system's certificates when it is made.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
});
static GATEWAY: LazyLock<Gateway> = LazyLock::new(|| Gateway::new(options()).unwrap());

fn word() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_-]{0,8}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Feature: external-scorm-bridge, Property 1: URL Validation Consistency. A URL of a valid package is accepted,
    /// by whichever of its addresses; the same URL with another scheme, or of anything that is no package, is not.
    #[test]
    fn a_url_is_accepted_exactly_if_it_leads_to_a_package(
        folders in proptest::collection::vec(word(), 0..4),
        title in "[ -%'-;=?-~]{1,20}",
        page in word(),
        is_2004 in any::<bool>(),
        address in 0..3_usize,
        damage in 0..5_usize,
    ) {
        RUNTIME.block_on(async {
            let base = folders.iter().fold("/".to_owned(), |base, folder| base + folder + "/");
            let launch = format!("{page}.html");
            let manifest = if is_2004 { manifest_2004(&title, &launch) } else { manifest_12(&title, &launch) };
            let valid = Files::default()
                .add(&format!("{base}imsmanifest.xml"), "application/xml", manifest.clone())
                .add(&format!("{base}{launch}"), "text/html", "<p>");
            let address = [format!("{base}imsmanifest.xml"), base.clone(), format!("{base}{launch}")][address].clone();

            let server = valid.clone().serve().await;
            let found = probe_with(&GATEWAY, &server.url(&address)).await.unwrap();
            assert_eq!(found.version, if is_2004 { Version::V2004 } else { Version::V12 });
            assert_eq!(found.title.trim(), title.trim());
            assert_eq!(found.base_url, server.url(&base));

            for scheme in ["ftp", "file", "ws", "javascript"] {
                let url = server.url(&address).replacen("http", scheme, 1);
                assert!(probe_with(&GATEWAY, &url).await.unwrap_err().reason().starts_with("url_"), "{url}");
            }
            let outside = server.url(&address).replacen("127.0.0.1", "cdn.example.com", 1);
            assert_eq!(probe_with(&GATEWAY, &outside).await.unwrap_err().reason(), "url_scheme");

            let manifest_path = format!("{base}imsmanifest.xml");
            let invalid = match damage {
                0 => valid.without(&manifest_path),
                1 => valid.without(&format!("{base}{launch}")),
                2 => valid.add(&manifest_path, "application/xml", &manifest.as_bytes()[..manifest.len() / 2]),
                3 => valid.add(&manifest_path, "application/xml", manifest.replace("manifest", "package")),
                _ => valid.add(&manifest_path, "text/html", "<!doctype html><h1>Not here"),
            };
            let server = invalid.serve().await;
            let reason = probe_with(&GATEWAY, &server.url(&address)).await.unwrap_err().reason();
            assert!(reason.starts_with("probe_") || reason.starts_with("manifest_"), "{reason}");
        });
    }

    /// Feature: external-scorm-bridge, Property 14: CDN Whitelist Enforcement. With an allowlist, a host is asked
    /// exactly if the list has it; a redirect does not lead past the list either.
    #[test]
    fn only_listed_hosts_are_asked(
        hosts in proptest::collection::btree_set("[a-z][a-z0-9]{0,8}", 2..6),
        listed in proptest::collection::vec(any::<bool>(), 6),
    ) {
        RUNTIME.block_on(async {
            let server = package().serve().await;
            let port = server.port;
            let first = Server::start(move |seen| {
                Reply::redirect(&format!("http://{}:{port}/course/imsmanifest.xml", seen.path().split('/').nth(1).unwrap()))
            })
            .await;
            let hosts: Vec<_> = hosts.iter().zip(&listed).map(|(host, listed)| (format!("{host}.localhost"), *listed)).collect();
            let listed = hosts.iter().filter(|(_, listed)| *listed).map(|(host, _)| format!("{host}:{port}"));
            let mut strict = options();
            strict.policy.allow = listed.chain([format!("the-start.localhost:{}", first.port)]).collect();
            let resolver = Scripted::new(&[&["127.0.0.1"]]);
            let gateway = Gateway::with_resolver(strict, Arc::new(resolver.clone())).unwrap();
            for (host, listed) in &hosts {
                let (requests, lookups) = (server.seen().len(), resolver.asked());
                let found = probe_with(&gateway, &server.named(host, "/course/imsmanifest.xml")).await;
                let led = probe_with(&gateway, &first.named("the-start.localhost", &format!("/{host}/imsmanifest.xml"))).await;
                if *listed {
                    prop_assert!(found.is_ok() && led.is_ok(), "{host}");
                    continue;
                }
                prop_assert_eq!(found.unwrap_err().reason(), "url_host_not_allowed");
                prop_assert_eq!(led.unwrap_err().reason(), "fetch_redirect_refused");
                prop_assert_eq!(server.seen().len(), requests, "an unlisted host was asked");
                // The redirecting host may have been looked up; nobody else.
                prop_assert!(resolver.asked() <= lookups + 1, "an unlisted host was looked up");
            }
            Ok(())
        })?;
    }
}
