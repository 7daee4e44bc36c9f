//! The configuration: what is read, what is refused, and that a refusal names everything at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says where, and stops"
)]

use std::io::Write;

use lms_server::config::{Config, Faults, Mode, load};

fn read(text: &str) -> Result<Config, Faults> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    load(Some(file.path()))
}

fn faults(text: &str) -> Vec<String> {
    let found = read(text).unwrap_err().0;
    found.into_iter().map(|fault| fault.setting).collect()
}

/// Begins like a key.
const NO_KEY: &str = "-----BEGIN PRIVATE KEY-----";

/// Every setting that production asks for, and nothing else.
const PRODUCTION: &str = r#"
    http.public_origin = "https://lms.example"
    store.url = "postgres://lms_app@db.example/lms"
    [runtime]
    keys.k1 = "-----BEGIN PRIVATE KEY-----"
    current = "k1"
    [gateway.tickets]
    keys.t1 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    current = "t1"
    [gateway.sealing]
    keys.s1 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    current = "s1"
    [gateway.keeping]
    keys.b1 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    current = "b1"
"#;

/// The same with a key that is one.
fn production() -> String {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/golden/jwt.json")).unwrap();
    let pem = vectors["keys"][0]["pem"].as_str().unwrap();
    PRODUCTION.replace(NO_KEY, &pem.replace('\n', "\\n"))
}

#[test]
fn production_is_the_default_and_complete_with_its_keys() {
    let config = read(&production()).unwrap();
    assert!(config.is_production());
    assert_eq!(config.runtime.token_seconds, 600);
}

#[test]
fn development_needs_nothing_but_its_name() {
    let config = read("mode = 'development'").unwrap();
    assert_eq!(config.mode, Mode::Development);
    assert_eq!(config.http.public_origin, "http://localhost:8080");
}

#[test]
fn production_without_settings_names_everything_that_is_missing() {
    let expected = [
        "http.public_origin",
        "runtime.keys",
        "gateway.tickets.keys",
        "gateway.sealing.keys",
        "gateway.keeping.keys",
    ];
    assert_eq!(faults(""), expected);
}

#[test]
fn production_refuses_each_convenience_of_development() {
    for (line, setting) in [
        ("[sign_in]\ntest = true", "sign_in.test"),
        (
            "[telemetry]\nmetrics_token = 'short'",
            "telemetry.metrics_token",
        ),
        (
            "[oidc]\nissuer = 'http://id.example'\naudience = 'lms'\njwks_url = 'https://id.example/k'",
            "oidc.issuer",
        ),
        (
            "[oidc]\nissuer = 'https://id.example'\naudience = 'lms'\njwks_url = 'http://id.example/k'",
            "oidc.jwks_url",
        ),
    ] {
        assert_eq!(
            faults(&format!("{}\n{line}", production())),
            [setting],
            "{line}"
        );
    }
    for (old, new, setting) in [
        ("https://lms", "http://lms", "http.public_origin"),
        (
            "postgres://lms_app@db.example/lms",
            "sqlite::memory:",
            "store.url",
        ),
        (
            "[runtime]",
            "[runtime]\nalgorithm = 'HS256'",
            "runtime.algorithm",
        ),
        (
            "[runtime]",
            "[runtime]\nhs256_secret = '0123456789abcdef0123456789abcdef'",
            "runtime.hs256_secret",
        ),
        (
            "[runtime]",
            "[runtime]\ncors_allow = ['http://play.example']",
            "runtime.cors_allow",
        ),
        ("current = \"k1\"", "current = \"k2\"", "runtime.current"),
        ("current = \"s1\"", "", "gateway.sealing.current"),
        ("keys.t1 = \"00", "keys.t1 = \"zz", "gateway.tickets.keys"),
        (
            "[gateway.tickets]",
            "[gateway]\ndev_loopback = true\n[gateway.tickets]",
            "gateway.dev_loopback",
        ),
    ] {
        let text = production().replace(old, new);
        assert_ne!(text, production());
        assert_eq!(faults(&text), [setting], "{new}");
    }
}

#[test]
fn every_fault_is_listed_at_once_whatever_its_kind() {
    let text = r#"
        mode = "development"
        colour = "red"
        [http]
        listen = "nowhere"
        public_origin = "http://localhost:8080/"
        request_timeout_ms = 1
        port = 80
        [oidc]
        issuer = "https://id.example"
        [runtime]
        token_seconds = 601
        algorithm = "none"
        [rates]
        address = { per_minute = 0, burst = 1 }
        [telemetry]
        metrics_token = "short"
    "#;
    let mut found = faults(text);
    found.sort();
    let expected = [
        "colour",
        "http.listen",
        "http.port",
        "http.public_origin",
        "http.request_timeout_ms",
        "oidc.audience",
        "rates.address.per_minute",
        "runtime.algorithm",
        "runtime.token_seconds",
        "telemetry.metrics_token",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_keys_patterns_and_filters_turn_out_to_be_is_listed_with_the_rest() {
    let text = PRODUCTION.replace(
        "[gateway.tickets]",
        "[gateway]\nallow = ['*']\n[gateway.tickets]",
    );
    let text = format!("http.connections = 0\n{text}\n[telemetry]\nlog_filter = 'lms=loud'");
    let mut found = faults(&text);
    found.sort();
    let expected = [
        "gateway.allow",
        "http.connections",
        "runtime.keys",
        "telemetry.log_filter",
    ];
    assert_eq!(found, expected);
    let shown = read(&text).unwrap_err().to_string();
    assert!(!shown.contains("PRIVATE KEY"), "{shown}");
}

#[test]
fn a_token_never_lives_longer_than_ten_minutes() {
    assert_eq!(
        faults("mode = 'development'\nruntime.token_seconds = 601"),
        ["runtime.token_seconds"]
    );
    assert!(read("mode = 'development'\nruntime.token_seconds = 600").is_ok());
}

#[test]
fn faults_and_dumps_show_no_secret() {
    let text = r#"
        mode = "development"
        store.url = "mysql://lms:TELL-NOBODY@db/lms"
        [runtime]
        hs256_secret = "TELL-NOBODY"
        keys = "TELL-NOBODY"
        [gateway.sealing]
        keys.s1 = "TELL-NOBODY"
    "#;
    let shown = read(text).unwrap_err().to_string();
    assert!(
        shown.contains("runtime.hs256_secret") && shown.contains("store.url"),
        "{shown}"
    );
    assert!(!shown.contains("TELL-NOBODY"), "{shown}");
    let config = read(&production()).unwrap();
    let dump = format!("{config:?}");
    assert!(
        !dump.contains("PRIVATE KEY") && !dump.contains("00112233") && !dump.contains("lms_app"),
        "{dump}"
    );
}

#[test]
fn a_file_that_is_missing_or_no_toml_is_a_fault() {
    assert_eq!(
        load(Some("/nowhere/lms.toml".as_ref()))
            .unwrap_err()
            .0
            .len(),
        1
    );
    assert_eq!(faults("mode ="), ["file"]);
}

/// What the reader itself names where a setting does not exist: `(section, names)`.
fn known(section: &str) -> Vec<String> {
    let text = match section {
        "" => "mode = 'development'\nzzz = 1".to_owned(),
        "oidc" => "mode = 'development'\n[oidc]\nissuer = 'https://a.example'\naudience = 'a'\n\
                   jwks_url = 'https://a.example'\nzzz = 1"
            .to_owned(),
        _ if section.starts_with("rates.") => {
            format!("mode = 'development'\n[{section}]\nper_minute = 1\nburst = 1\nzzz = 1")
        }
        _ => format!("mode = 'development'\n[{section}]\nzzz = 1"),
    };
    let Err(faults) = read(&text) else {
        return Vec::new();
    };
    let named = faults
        .0
        .iter()
        .find_map(|fault| fault.message.split_once("known here: "));
    named.map_or_else(Vec::new, |(_, names)| {
        names.split(", ").map(str::to_owned).collect()
    })
}

/// Every setting there is, by asking the reader section by section.
fn settings_of(section: &str, found: &mut Vec<String>) {
    for name in known(section) {
        let path = if section.is_empty() {
            name
        } else {
            format!("{section}.{name}")
        };
        // A table of keys by id takes any name; everything else either has names of its own or is a value.
        let inner = path.split('.').count() < 3 && !known(&path).is_empty();
        if inner {
            settings_of(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn the_document_names_every_setting_and_no_other() {
    let mut there = Vec::new();
    settings_of("", &mut there);
    assert!(there.len() > 50, "{there:?}");
    let text = include_str!("../../../docs/configuration.md");
    let mut documented: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cell = line.split('|').nth(1).unwrap();
        let names = cell.split('`').skip(1).step_by(2);
        documented.extend(names.map(str::to_owned));
    }
    there.sort();
    documented.sort();
    assert_eq!(documented, there);
}

/// The defaults that the document tells, where the reader can say them in the same words.
#[test]
fn the_document_tells_the_defaults_there_are() {
    let config = read("mode = 'development'").unwrap();
    let text = include_str!("../../../docs/configuration.md");
    for (name, value) in [
        ("http.listen", config.http.listen.to_string()),
        ("http.connections", config.http.connections.to_string()),
        (
            "http.header_timeout_ms",
            config.http.header_timeout_ms.to_string(),
        ),
        (
            "http.body_limit_bytes",
            config.http.body_limit_bytes.to_string(),
        ),
        (
            "http.request_timeout_ms",
            config.http.request_timeout_ms.to_string(),
        ),
        (
            "http.shutdown_grace_ms",
            config.http.shutdown_grace_ms.to_string(),
        ),
        ("store.connections", config.store.connections.to_string()),
        (
            "sign_in.session_minutes",
            config.sign_in.session_minutes.to_string(),
        ),
        (
            "runtime.token_seconds",
            config.runtime.token_seconds.to_string(),
        ),
        (
            "runtime.bearer_seconds",
            config.runtime.bearer_seconds.to_string(),
        ),
        (
            "runtime.assets",
            config.runtime.assets.display().to_string(),
        ),
        (
            "runtime.asset_bytes",
            config.runtime.asset_bytes.to_string(),
        ),
        (
            "runtime.asset_files",
            config.runtime.asset_files.to_string(),
        ),
        (
            "runtime.asset_attempt_bytes",
            config.runtime.asset_attempt_bytes.to_string(),
        ),
        (
            "runtime.asset_user_bytes",
            config.runtime.asset_user_bytes.to_string(),
        ),
        (
            "runtime.checkpoint_bytes",
            config.runtime.checkpoint_bytes.to_string(),
        ),
        ("jobs.every_minutes", config.jobs.every_minutes.to_string()),
        (
            "jobs.idempotency_hours",
            config.jobs.idempotency_hours.to_string(),
        ),
        (
            "jobs.checkpoint_days",
            config.jobs.checkpoint_days.to_string(),
        ),
        (
            "rates.address.per_minute",
            config.rates.address.per_minute.to_string(),
        ),
        (
            "rates.address.burst",
            config.rates.address.burst.to_string(),
        ),
        (
            "rates.provider.per_minute",
            config.rates.provider.per_minute.to_string(),
        ),
        (
            "rates.provider.burst",
            config.rates.provider.burst.to_string(),
        ),
    ] {
        let row = text
            .lines()
            .find(|line| {
                line.split('|')
                    .nth(1)
                    .is_some_and(|cell| cell.contains(&format!("`{name}`")))
            })
            .unwrap_or_else(|| panic!("no row for {name}"));
        let told: Vec<&str> = row
            .split('|')
            .nth(2)
            .unwrap()
            .split([' ', '/', '`'])
            .collect();
        assert!(
            told.contains(&value.as_str()),
            "{name}: {value}, told {told:?}"
        );
    }
}
