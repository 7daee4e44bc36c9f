//! What every request passes, whoever asks and whatever for.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use lms_server::config::{Config, Mode};
use serde_json::json;

use crate::support::{Away, TestApp, request, settings};

#[tokio::test]
async fn a_request_id_is_taken_over_if_harmless_and_made_otherwise() {
    let app = TestApp::without_store();
    let ask = |id: &str| {
        request(Method::GET, "/healthz")
            .header("x-request-id", id)
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(
        app.send(ask("trace-1.a_B")).await.header("x-request-id"),
        "trace-1.a_B"
    );
    for odd in ["", "a b", "<script>", &"x".repeat(65)] {
        let answer = app.send(ask(odd)).await;
        let id = answer.header("x-request-id");
        assert!(
            id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{odd:?} → {id:?}"
        );
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::without_store();
    for path in ["/healthz", "/api/courses", "/nowhere", "/api/openapi.json"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
        let policy = answer.header("content-security-policy");
        for directive in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
    }
}

/// Production without the runtime API, which would need keys.
fn production() -> Config {
    let mut config = settings();
    config.mode = Mode::Production;
    config.runtime.enabled = false;
    config
}

#[tokio::test]
async fn production_adds_transport_security() {
    let answer = TestApp::on(Arc::new(Away), production())
        .get("/healthz")
        .await;
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=63072000")
    );
    assert!(
        answer
            .header("content-security-policy")
            .ends_with("upgrade-insecure-requests")
    );
}

#[tokio::test]
async fn what_the_router_refuses_is_a_problem_too() {
    let app = TestApp::without_store();
    assert_eq!(app.get("/nowhere").await.problem(404), "not_found");
    let browser = request(Method::GET, "/nowhere").header("accept", "text/html,*/*;q=0.8");
    let page = app.send(browser.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
    let answer = app
        .send(
            request(Method::PUT, "/api/openapi.json")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(answer.problem(405), "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_body_that_cannot_be_read_says_why() {
    let app = TestApp::without_store();
    let ask = |kind: &str, body: String| {
        request(Method::POST, "/api/auth/sign-in")
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap()
    };
    let good = json!({"login": "a", "password": "b"}).to_string();
    for (kind, body, status, code) in [
        ("application/json", "{".to_owned(), 400, "malformed_json"),
        ("application/json", String::new(), 400, "malformed_json"),
        ("text/plain", good.clone(), 415, "unsupported_media_type"),
        ("application/json", "[]".to_owned(), 422, "invalid_body"),
        (
            "application/json",
            json!({"login": 1, "password": "b"}).to_string(),
            422,
            "invalid_body",
        ),
        (
            "application/json",
            json!({"login": "a", "password": "b", "admin": true}).to_string(),
            422,
            "invalid_body",
        ),
        (
            "application/json",
            json!({"login": "", "password": ""}).to_string(),
            422,
            "invalid_body",
        ),
        (
            "application/json",
            json!({"login": "a", "password": "b".repeat(1_001)}).to_string(),
            422,
            "invalid_body",
        ),
        (
            "application/json",
            " ".repeat(1_048_577) + &good,
            413,
            "body_too_large",
        ),
    ] {
        let shown = body.trim().chars().take(60).collect::<String>();
        let answer = app.send(ask(kind, body)).await;
        assert_eq!(answer.problem(status), code, "{kind} {shown}");
    }
    let both = app
        .send(ask(
            "application/json",
            json!({"login": "", "password": ""}).to_string(),
        ))
        .await;
    let fields: Vec<_> = both.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["field"].clone())
        .collect();
    assert_eq!(fields, ["login", "password"]);
}

#[tokio::test]
async fn an_unreachable_database_is_a_503_that_can_be_tried_again() {
    let answer = TestApp::without_store()
        .post("/api/auth/sign-in", &json!({"login": "a", "password": "b"}))
        .await;
    assert_eq!(answer.problem(503), "store_unavailable");
    assert_eq!(answer.header("retry-after"), "2");
    assert!(
        !String::from_utf8_lossy(&answer.body).contains("nobody listens"),
        "causes stay inside"
    );
}

#[tokio::test]
async fn a_burst_of_guesses_is_stopped_and_told_how_long_to_wait() {
    let mut config = settings();
    config.rates.sign_in.per_minute = 6;
    config.rates.sign_in.burst = 3;
    let app = TestApp::on(Arc::new(Away), config);
    let guess = json!({"login": "Kim", "password": "guess"});
    for left in [2, 1, 0] {
        let answer = app.post("/api/auth/sign-in", &guess).await;
        assert_eq!(answer.header("x-rate-limit-limit"), "3");
        assert_eq!(answer.header("x-rate-limit-remaining"), left.to_string());
    }
    let refused = app
        .post(
            "/api/auth/sign-in",
            &json!({"login": "kim", "password": "other"}),
        )
        .await;
    assert_eq!(refused.problem(429), "rate_limited");
    assert_eq!(refused.header("x-rate-limit-remaining"), "0");
    assert_eq!(
        refused.header("retry-after"),
        refused.header("x-rate-limit-reset")
    );
    assert!((1..=10).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
    let other = app
        .post(
            "/api/auth/sign-in",
            &json!({"login": "lee", "password": "guess"}),
        )
        .await;
    assert_eq!(other.problem(503), "store_unavailable");
}

#[tokio::test]
async fn one_address_cannot_take_everything() {
    let mut config = settings();
    config.rates.address.per_minute = 1;
    config.rates.address.burst = 2;
    let app = TestApp::on(Arc::new(Away), config);
    assert_eq!(app.get("/api/openapi.json").await.status, 200);
    assert_eq!(app.get("/nowhere").await.problem(404), "not_found");
    assert_eq!(
        app.get("/api/openapi.json").await.problem(429),
        "rate_limited"
    );
    assert_eq!(
        app.get("/healthz").await.status,
        200,
        "health is not counted"
    );
}

#[tokio::test]
async fn traffic_waits_until_the_server_is_ready() {
    let state = lms_server::AppState::new(settings(), Arc::new(Away)).unwrap();
    let app = TestApp::starting(state.clone());
    assert_eq!(app.get("/api/openapi.json").await.problem(503), "not_ready");
    assert_eq!(app.get("/healthz").await.status, 200);
    let report = app.get("/readyz").await;
    assert_eq!(report.status, 503);
    assert_eq!(report.json()["missing"], json!(["start", "store"]));
    state.readiness.open();
    assert_eq!(app.get("/api/openapi.json").await.status, 200);
    assert_eq!(app.get("/readyz").await.json()["missing"], json!(["store"]));
    state.readiness.drain();
    assert_eq!(
        app.get("/api/openapi.json").await.status,
        200,
        "open pages go on"
    );
    assert_eq!(
        app.get("/readyz").await.json()["missing"],
        json!(["shutdown", "store"])
    );
}

#[tokio::test]
async fn metrics_are_for_those_who_know_the_token() {
    let token = "m".repeat(32);
    assert_eq!(
        TestApp::without_store().get("/metrics").await.problem(404),
        "not_found"
    );
    let mut config = settings();
    config.telemetry.metrics_token = Some(token.clone().into());
    let app = TestApp::on(Arc::new(Away), config);
    app.get("/nowhere/secret-path").await;
    assert_eq!(app.get("/metrics").await.problem(401), "metrics_token");
    let ask = request(Method::GET, "/metrics").header("authorization", format!("Bearer {token}"));
    let page = app.send(ask.body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, 200);
    let text = String::from_utf8(page.body).unwrap();
    assert!(text.contains(r#"route="unmatched""#), "{text}");
    assert!(!text.contains("secret-path"), "raw paths are no labels");
}

#[tokio::test]
async fn the_test_sign_in_is_refused_unless_switched_on_and_always_in_production() {
    let ask = json!({"login": "a", "role": "admin"});
    let mut off = settings();
    off.sign_in.test = false;
    for config in [off, production()] {
        let answer = TestApp::on(Arc::new(Away), config)
            .post("/api/auth/test-sign-in", &ask)
            .await;
        assert_eq!(answer.problem(403), "test_sign_in_off");
    }
}
