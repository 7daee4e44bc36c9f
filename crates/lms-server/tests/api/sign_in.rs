//! Signing in and out, and what a session's requests must carry.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use scormbridge_lms::classroom::{Clock, Timestamp};
use serde_json::json;

use crate::support::{Browser, TestApp, request, settings};

const PASSWORD: &str = "correct horse battery";

async fn with_account(app: &TestApp, login: &str) -> Browser {
    let admin = app.browser("root", "admin").await;
    let new =
        json!({"login": login, "display_name": "Kim", "role": "student", "password": PASSWORD});
    let made = app.by(&admin, Method::POST, "/api/users", Some(&new)).await;
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    admin
}

#[tokio::test]
async fn a_local_account_signs_in_is_known_and_signs_out() {
    for (app, store) in TestApp::each(settings).await {
        assert_eq!(
            app.get("/api/auth/session").await.problem(401),
            "not_signed_in"
        );
        with_account(&app, "kim@example.org").await;
        // Logins are compared without regard to case.
        let entered = app
            .post(
                "/api/auth/sign-in",
                &json!({"login": "Kim@Example.org", "password": PASSWORD}),
            )
            .await;
        let kim = Browser::of(&entered);
        for line in entered.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            assert_eq!(
                line.contains("HttpOnly"),
                line.starts_with("lms_session"),
                "{line}"
            );
            assert!(
                line.contains("SameSite=") && line.contains("Path=/"),
                "{line}"
            );
        }
        let me = app.by(&kim, Method::GET, "/api/auth/session", None).await;
        assert_eq!(me.json()["login"], "kim@example.org", "{}", store.engine);
        assert_eq!(me.json().get("password_hash"), None);
        assert_eq!(
            app.by(&kim, Method::POST, "/api/auth/sign-out", None)
                .await
                .status,
            204
        );
        let after = app.by(&kim, Method::GET, "/api/auth/session", None).await;
        assert_eq!(
            after.problem(401),
            "not_signed_in",
            "the copied cookie is worth nothing"
        );
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_get_one_answer() {
    for (app, _store) in TestApp::each(settings).await {
        with_account(&app, "kim").await;
        let mut answers = Vec::new();
        for ask in [
            json!({"login": "kim", "password": "wrong"}),
            json!({"login": "lee", "password": PASSWORD}),
        ] {
            let answer = app.post("/api/auth/sign-in", &ask).await;
            assert_eq!(answer.problem(401), "wrong_credentials");
            assert!(!answer.headers.contains_key("set-cookie"));
            answers.push(answer.json()["detail"].clone());
        }
        assert_eq!(answers[0], answers[1]);
        // Nor may somebody without a password come in with none.
        let answer = app
            .post(
                "/api/auth/sign-in",
                &json!({"login": "root", "password": "x"}),
            )
            .await;
        assert_eq!(answer.problem(401), "wrong_credentials");
    }
}

#[tokio::test]
async fn signing_in_makes_a_new_session_and_ends_the_one_before() {
    for (app, _store) in TestApp::each(settings).await {
        let planted = app.browser("mallory", "student").await;
        let ask = request(Method::POST, "/api/auth/test-sign-in")
            .header("cookie", planted.cookies())
            .header("x-csrf-token", &planted.csrf)
            .header("content-type", "application/json");
        let body = json!({"login": "kim", "role": "student"}).to_string();
        let kim = Browser::of(&app.send(ask.body(Body::from(body)).unwrap()).await);
        assert_ne!(kim.session, planted.session);
        assert_eq!(
            app.by(&planted, Method::GET, "/api/auth/session", None)
                .await
                .problem(401),
            "not_signed_in"
        );
        assert_eq!(
            app.by(&kim, Method::GET, "/api/auth/session", None)
                .await
                .json()["login"],
            "kim"
        );
    }
}

#[tokio::test]
async fn a_change_needs_the_sessions_own_token_in_cookie_and_header() {
    for (app, _store) in TestApp::each(settings).await {
        let (kim, lee) = (
            app.browser("kim", "student").await,
            app.browser("lee", "student").await,
        );
        for (cookie, header, code) in [
            (Some(&kim.csrf), None, "csrf_missing"),
            (None, Some(&kim.csrf), "csrf_missing"),
            (Some(&kim.csrf), Some(&lee.csrf), "csrf_mismatch"),
            // Both halves planted by a neighbour host: equal, and still not this session's.
            (Some(&lee.csrf), Some(&lee.csrf), "csrf_mismatch"),
        ] {
            let mut cookies = format!("lms_session={}", kim.session);
            if let Some(value) = cookie {
                cookies.push_str(&format!("; csrf_token={value}"));
            }
            let mut ask = request(Method::POST, "/api/auth/sign-out").header("cookie", cookies);
            if let Some(value) = header {
                ask = ask.header("x-csrf-token", value);
            }
            assert_eq!(
                app.send(ask.body(Body::empty()).unwrap())
                    .await
                    .problem(403),
                code
            );
        }
        let twice = format!("{}; csrf_token={}", kim.cookies(), lee.csrf);
        let ask = request(Method::POST, "/api/auth/sign-out")
            .header("cookie", twice)
            .header("x-csrf-token", &kim.csrf);
        assert_eq!(
            app.send(ask.body(Body::empty()).unwrap())
                .await
                .problem(403),
            "csrf_missing"
        );
        let own = request(Method::POST, "/api/auth/sign-out")
            .header("cookie", kim.cookies())
            .header("x-csrf-token", &kim.csrf)
            .header("origin", "http://localhost:8080")
            .header("sec-fetch-site", "same-origin");
        assert_eq!(app.send(own.body(Body::empty()).unwrap()).await.status, 204);
    }
}

/// Years from now.
struct Later;

impl Clock for Later {
    fn now(&self) -> Timestamp {
        Timestamp(4_102_444_800_000)
    }
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    for (app, store) in TestApp::each(settings).await {
        let kim = app.browser("kim", "student").await;
        let later = Arc::new(Later);
        let store = Arc::new(store.store.clone());
        let state = lms_server::AppState::with_clock(settings(), store, later).unwrap();
        state.readiness.open();
        let later = TestApp::starting(state);
        assert_eq!(
            later
                .by(&kim, Method::GET, "/api/auth/session", None)
                .await
                .problem(401),
            "not_signed_in"
        );
    }
}

#[tokio::test]
async fn a_new_password_or_role_signs_the_account_out_everywhere() {
    for (app, _store) in TestApp::each(settings).await {
        let admin = with_account(&app, "kim").await;
        for change in [
            json!({"password": "another long password"}),
            json!({"role": "teacher"}),
        ] {
            let kim = app.browser("kim", "student").await;
            let path = format!("/api/users/{}", kim.user);
            assert_eq!(
                app.by(&admin, Method::PATCH, &path, Some(&change))
                    .await
                    .status,
                200
            );
            assert_eq!(
                app.by(&kim, Method::GET, "/api/auth/session", None)
                    .await
                    .problem(401),
                "not_signed_in"
            );
        }
        let old = app
            .post(
                "/api/auth/sign-in",
                &json!({"login": "kim", "password": PASSWORD}),
            )
            .await;
        assert_eq!(old.problem(401), "wrong_credentials");
        let new = json!({"login": "kim", "password": "another long password"});
        assert_eq!(
            Browser::of(&app.post("/api/auth/sign-in", &new).await)
                .user
                .len(),
            32
        );
    }
}

#[tokio::test]
async fn only_administrators_keep_accounts() {
    for (app, _store) in TestApp::each(settings).await {
        let new = json!({"login": "x", "display_name": "X", "role": "admin", "password": PASSWORD});
        for role in ["student", "teacher"] {
            let browser = app.browser(role, role).await;
            assert_eq!(
                app.by(&browser, Method::POST, "/api/users", Some(&new))
                    .await
                    .problem(403),
                "denied"
            );
            assert_eq!(
                app.by(&browser, Method::GET, "/api/users", None)
                    .await
                    .problem(403),
                "denied"
            );
            let own = format!("/api/users/{}", browser.user);
            let change = json!({"role": "admin"});
            assert_eq!(
                app.by(&browser, Method::PATCH, &own, Some(&change))
                    .await
                    .problem(403),
                "denied"
            );
        }
        let admin = app.browser("root", "admin").await;
        assert_eq!(
            app.by(&admin, Method::POST, "/api/users", Some(&new))
                .await
                .status,
            201
        );
        assert_eq!(
            app.by(&admin, Method::POST, "/api/users", Some(&new))
                .await
                .problem(409),
            "conflict"
        );
        let short =
            json!({"login": "y", "display_name": " Y", "role": "admin", "password": "short"});
        let refused = app
            .by(&admin, Method::POST, "/api/users", Some(&short))
            .await;
        assert_eq!(refused.problem(422), "invalid_body");
        assert_eq!(refused.json()["errors"].as_array().unwrap().len(), 2);
    }
}
