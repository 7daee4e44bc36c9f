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
    for value in values {
        assert!(!text.contains(&value), "a cookie's value was logged");
    }
    println!("{} lines, nothing marked", text.lines().count());
}
