//! Every line that a busy server logs, at the finest level, and none of the secrets and people it was given.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where, and stops"
)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response};
use http_body_util::BodyExt;
use lms_server::config::{Config, Mode, Telemetry};
use lms_server::{AppState, router, telemetry};
use scormbridge_core::modscorm::{ScoRow, ScoTree};
use scormbridge_lms::classroom::ports::Store;
use scormbridge_lms::classroom::{Actor, ScormPackage, Timestamp};
use scormbridge_lms_store_sql::test_support;
use serde_json::{Value, json};
use tower::ServiceExt;

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn ask(
    app: &Router,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Response<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.clone()
        .oneshot(request.body(Body::from(body.to_string())).unwrap())
        .await
        .unwrap()
}

/// Plays a SCO, and gives what its page was trusted with: the keys and tickets that stand for a learner.
async fn handed_out(app: &Router, store: &dyn Store, headers: &[(&str, &str)]) -> Vec<String> {
    let make = async |path: &str, body: &Value, expected: u16| {
        let answer = ask(app, Method::POST, path, headers, body).await;
        assert_eq!(answer.status(), expected, "{path}");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice::<Value>(&body).unwrap_or_default()
    };
    let text = |value: &Value, pointer: &str| {
        let found = value.pointer(pointer).and_then(Value::as_str);
        found.unwrap().to_owned()
    };
    let course = json!({
        "title": "MARKED-scorm", "launch_kind": "scorm", "published": true,
        "launch_url": "https://cdn.example/bees/imsmanifest.xml",
    });
    let course = text(&make("/api/courses", &course, 201).await, "/id");
    let package = ScormPackage {
        course: course.parse().unwrap(),
        manifest_url: "https://cdn.example/bees/imsmanifest.xml".to_owned(),
        base_url: "https://cdn.example/bees/".to_owned(),
        manifest_sha256: "0".repeat(64),
        tree: ScoTree {
            version: "SCORM_1.2".to_owned(),
            scoes: vec![ScoRow {
                identifier: "sco".to_owned(),
                launch: "index.html".to_owned(),
                scormtype: "sco".to_owned(),
                ..ScoRow::default()
            }],
            launch: Some("sco".to_owned()),
            launch_sortorder: Some(0),
            warnings: Vec::new(),
        },
        delivery: "sandbox".to_owned(),
        checked_at: Timestamp(0),
    };
    let mut tx = store.begin(&Actor::Service).await.unwrap();
    tx.scorm().save_package(&package).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("/api/courses/{course}/enrollments");
    let enrollment = text(&make(&path, &json!({}), 201).await, "/id");
    let path = format!("/api/enrollments/{enrollment}/scorm-launches");
    let stage = make(&path, &json!({}), 201).await;
    let ticket = text(&stage, "/beacon/ticket");

    let entries = json!([
        {"seq": 1, "op": "initialize", "at": 0},
        {"seq": 2, "op": "set", "element": "cmi.suspend_data", "value": "MARKED-suspend-data", "at": 0},
    ]);
    let path = format!("/api/scorm/launches/{}/commit", text(&stage, "/launch"));
    make(&path, &entries, 200).await;
    let tail = json!([{"seq": 3, "op": "set", "element": "cmi.comments", "value": "MARKED-comment", "at": 0}]);
    for ticket in [ticket.clone(), format!("{ticket}-MARKED")] {
        let body = json!({"ticket": ticket, "entries": tail});
        ask(app, Method::POST, "/api/scorm/beacon", &[], &body).await;
    }
    let mut given = vec![ticket, text(&stage, "/owner/key")];
    // In the sandbox the frame's address is itself a ticket.
    let frame = text(&stage, "/frame/url");
    given.extend(
        frame
            .split('/')
            .filter(|part| part.len() > 80)
            .map(str::to_owned),
    );
    assert_eq!(given.len(), 3, "{frame}");
    given
}

#[tokio::test]
async fn no_secret_and_no_person_reaches_the_log() {
    let lines = Lines::default();
    let settings = Telemetry {
        log_filter: "trace".to_owned(),
        ..Telemetry::default()
    };
    let writer = lines.clone();
    let subscriber = telemetry::log::subscriber(&settings, move || writer.clone()).unwrap();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let store = test_support::sqlite().await;
    let mut config = Config {
        mode: Mode::Development,
        ..Config::default()
    };
    config.sign_in.test = true;
    config.telemetry.metrics_token = Some("MARKED-metrics-token-0123456789abcdef".into());
    config.runtime.hs256_secret = Some("MARKED-hs256-secret-0123456789abcdef".into());
    let state = AppState::new(config, Arc::new(store.store.clone())).unwrap();
    state.readiness.open();
    let app = router(state);

    let root = json!({"login": "marked-admin-login", "role": "admin"});
    let signed_in = ask(&app, Method::POST, "/api/auth/test-sign-in", &[], &root).await;
    let set: Vec<String> = signed_in
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned())
        .collect();
    let values: Vec<String> = set
        .iter()
        .map(|pair| pair.split_once('=').unwrap().1.to_owned())
        .collect();
    let cookies = set.join("; ");
    let body = signed_in.into_body().collect().await.unwrap().to_bytes();
    let csrf = serde_json::from_slice::<Value>(&body).unwrap();
    let csrf = csrf
        .get("csrf_token")
        .and_then(Value::as_str)
        .unwrap()
        .to_owned();
    let by_admin = [
        ("cookie", cookies.as_str()),
        ("x-csrf-token", csrf.as_str()),
    ];

    let account = json!({"login": "marked-login@example.org", "display_name": "MARKED-Name", "role": "student",
                         "password": "MARKED-password-1"});
    assert_eq!(
        ask(&app, Method::POST, "/api/users", &by_admin, &account)
            .await
            .status(),
        201
    );
    for password in ["MARKED-password-1", "MARKED-password-wrong"] {
        let guess = json!({"login": "marked-login@example.org", "password": password});
        ask(&app, Method::POST, "/api/auth/sign-in", &[], &guess).await;
    }
    let odd = json!({"login": {"MARKED-odd": 1}, "password": "MARKED-password-odd"});
    ask(&app, Method::POST, "/api/auth/sign-in", &[], &odd).await;
    let course = json!({"title": "MARKED-title", "launch_kind": "none"});
    assert_eq!(
        ask(&app, Method::POST, "/api/courses", &by_admin, &course)
            .await
            .status(),
        201
    );
    let mut given = handed_out(&app, &store.store, &by_admin).await;
    given.extend(values);

    let bearer = [("authorization", "Bearer MARKED-bearer")];
    for path in [
        "/api/courses",
        "/api/runtime/context",
        "/metrics",
        "/MARKED-path",
        "/api/users?after=MARKED-query",
    ] {
        ask(&app, Method::GET, path, &bearer, &json!({})).await;
        ask(&app, Method::GET, path, &by_admin, &json!({})).await;
    }
    ask(
        &app,
        Method::PUT,
        "/api/runtime/asset/MARKED-upload-token",
        &[],
        &json!({}),
    )
    .await;
    let exchange = json!({"token": "MARKED-launch-token"});
    ask(
        &app,
        Method::POST,
        "/api/runtime/auth/exchange",
        &[],
        &exchange,
    )
    .await;
    ask(
        &app,
        Method::POST,
        "/api/auth/sign-out",
        &by_admin,
        &json!({}),
    )
    .await;

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(
        text.contains("/api/auth/sign-in") && text.lines().count() > 20,
        "the log was captured"
    );
    let marked = text
        .lines()
        .find(|line| line.to_lowercase().contains("marked"));
    assert_eq!(marked, None);
    for value in given {
        assert!(
            !text.contains(&value),
            "a cookie, a key or a ticket was logged"
        );
    }
    println!("{} lines, nothing marked", text.lines().count());
}
