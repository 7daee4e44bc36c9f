//! A launch from its beginning to its end, and what must hold on the way.

use axum::body::Body;
use axum::http::Method;
use lms_server::config::Config;
use scormbridge_lms::classroom::ports::Page;
use scormbridge_lms::classroom::{Actor, EnrollmentStatus};
use scormbridge_lms::token::TokenType;
use serde_json::{Value, json};

use super::world::{ORIGIN, with, world_with, worlds};
use crate::support::request;

#[tokio::test]
async fn a_course_is_launched_played_left_resumed_and_passed() {
    for world in worlds().await {
        let launch = world.launch(json!({})).await;
        assert_eq!(launch.status, 201, "{}", world.engine);
        let launch = launch.json();
        assert_eq!(launch["origin"], ORIGIN);
        assert_eq!(launch["launch_url"], format!("{ORIGIN}/sorting/index.html"));
        assert_eq!(launch["mode"], "normal");
        let token = launch["token"].as_str().unwrap();
        let claims = world.claims(TokenType::Launch, token);
        assert_eq!(claims.aud, ORIGIN);
        assert!(claims.exp - claims.iat <= 600);

        let first = world.exchange(token).await.json();
        let bearer = first["token"].as_str().unwrap();
        let context = world.get("context", bearer).await.json();
        assert_eq!(context["title"], "Sorting waste");
        assert_eq!(context["attempt"], launch["attempt"]);
        assert_eq!(context["learner"], claims.sub.to_string());
        assert_eq!(context["status"], "started");

        assert_eq!(
            world
                .post("progress", bearer, json!({ "progress": 40 }))
                .await
                .json()["progress"],
            40
        );
        let behind = world
            .post("progress", bearer, json!({ "progress": 30 }))
            .await;
        assert_eq!(
            behind.json()["progress"],
            40,
            "{}: progress never goes backwards",
            world.engine
        );
        let text = r#"{ "level" : 3, "π": 1.50 }"#;
        let body = format!(r#"{{"key":"main","data":{text}}}"#);
        let save = with(
            Method::POST,
            "/api/runtime/checkpoint/save",
            Some(bearer),
            &[("content-type", "application/json")],
            None,
        );
        let (head, _) = save.into_parts();
        assert_eq!(
            world
                .app
                .send(axum::http::Request::from_parts(head, Body::from(body)))
                .await
                .status,
            200
        );

        world.pass(3600);
        let again = world.launch(json!({})).await.json();
        assert_eq!(
            again["attempt"], launch["attempt"],
            "{}: an open attempt is gone on with",
            world.engine
        );
        let bearer = world.bearer("normal").await;
        let context = world.get("context", &bearer).await.json();
        assert_eq!(context["progress"], 40);
        assert_eq!(
            context["learner"],
            claims.sub.to_string(),
            "the alias stays"
        );
        let loaded = world.get("checkpoint/load?key=main", &bearer).await;
        let loaded = String::from_utf8(loaded.body).unwrap();
        assert!(
            loaded.contains(text),
            "{}: byte for byte, not {loaded}",
            world.engine
        );

        let graded = world
            .post(
                "grade",
                &bearer,
                json!({ "score": { "raw": 8, "max": 10 } }),
            )
            .await
            .json();
        assert_eq!(graded["score"], json!({ "raw": 8.0, "max": 10.0 }));
        let worse = world
            .post(
                "grade",
                &bearer,
                json!({ "score": { "raw": 2, "max": 10 } }),
            )
            .await
            .json();
        assert_eq!(
            worse["score"],
            json!({ "raw": 8.0, "max": 10.0 }),
            "{}: the best grade counts",
            world.engine
        );
        let end = world
            .post(
                "events",
                &bearer,
                json!({ "kind": "course.attempt.completed", "payload": { "status": "passed" } }),
            )
            .await;
        assert_eq!(end.status, 201);
        assert_eq!(
            (&end.json()["status"], &end.json()["progress"]),
            (&json!("passed"), &json!(100))
        );
        let next = world.launch(json!({})).await.json();
        assert_ne!(
            next["attempt"], launch["attempt"],
            "{}: after the end a new attempt begins",
            world.engine
        );

        let mut tx = world.store.read(&Actor::Service).await.unwrap();
        let log = tx
            .events()
            .of_course(world.course, &Page::first(100))
            .await
            .unwrap()
            .items;
        let mut kinds: Vec<&str> = log.iter().map(|event| event.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(
            kinds,
            [
                "course.attempt.completed",
                "course.graded",
                "course.graded",
                "course.launched",
                "course.launched",
                "course.launched",
                "course.launched",
                "course.progress",
                "course.progress",
            ]
        );
        assert!(log.iter().all(|event| event.request_id.len() == 32));
    }
}

#[tokio::test]
async fn a_launch_token_counts_once_for_its_origin_and_in_time() {
    for world in worlds().await {
        let token = world.launch_token("normal").await;
        let elsewhere = request(Method::POST, "/api/runtime/auth/exchange")
            .header("content-type", "application/json")
            .header("origin", "https://evil.example")
            .body(Body::from(json!({ "token": token }).to_string()))
            .unwrap();
        assert_eq!(
            world.app.send(elsewhere).await.problem(403),
            "token_audience",
            "{}",
            world.engine
        );
        assert_eq!(
            world.exchange(&token).await.status,
            200,
            "a refused exchange does not use the token up"
        );
        assert_eq!(
            world.exchange(&token).await.problem(403),
            "launch_used",
            "{}",
            world.engine
        );

        let late = world.launch_token("normal").await;
        world.pass(600);
        assert_eq!(world.exchange(&late).await.problem(401), "token_expired");

        let known = world.launch_token("normal").await;
        let mut claims = world.claims(TokenType::Launch, &known);
        claims.nonce = scormbridge_lms::classroom::LaunchId::random(&*world.state.entropy);
        let unknown = world.sign(TokenType::Launch, &claims);
        assert_eq!(
            world.exchange(&unknown).await.problem(403),
            "launch_unknown"
        );
        let bearer = world.bearer("normal").await;
        assert_eq!(world.exchange(&bearer).await.problem(403), "token_type");
        assert_eq!(world.exchange("x").await.problem(401), "token_malformed");

        let both = world.launch_token("normal").await;
        let (one, two) = tokio::join!(world.exchange(&both), world.exchange(&both));
        let mut answers = [one.status.as_u16(), two.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(
            answers,
            [200, 403],
            "{}: of two exchanges at once one counts",
            world.engine
        );
    }
}

#[tokio::test]
async fn only_the_enrolled_learner_launches() {
    for world in worlds().await {
        let path = format!("/api/enrollments/{}/launch-token", world.enrollment);
        assert_eq!(
            world.app.post(&path, &json!({})).await.problem(401),
            "not_signed_in"
        );
        let without_csrf = request(Method::POST, &path)
            .header("content-type", "application/json")
            .header("cookie", &world.cookie)
            .body(Body::from("{}"))
            .unwrap();
        assert_eq!(
            world.app.send(without_csrf).await.problem(403),
            "csrf_missing"
        );
        assert_eq!(
            world.launch(json!({ "mode": "demo" })).await.problem(422),
            "invalid_body"
        );

        let mut tx = world.store.begin(&Actor::Service).await.unwrap();
        let mut enrollment = tx.enrollments().get(world.enrollment).await.unwrap();
        enrollment.status = EnrollmentStatus::Suspended;
        tx.enrollments().update(&enrollment).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            world.launch(json!({})).await.problem(403),
            "enrollment_suspended",
            "{}",
            world.engine
        );
    }
}

#[tokio::test]
async fn a_launch_url_on_another_origin_is_never_launched() {
    for world in worlds().await {
        let mut tx = world.store.begin(&Actor::Service).await.unwrap();
        let mut course = tx.courses().get(world.course).await.unwrap();
        course.launch_url = Some("https://evil.example/sorting/index.html".to_owned());
        tx.courses().update(&course).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            world.launch(json!({})).await.problem(409),
            "launch_elsewhere",
            "{}",
            world.engine
        );
    }
}

#[tokio::test]
async fn two_tabs_share_one_attempt() {
    for world in worlds().await {
        let (one, two) = tokio::join!(world.launch(json!({})), world.launch(json!({})));
        assert_eq!(
            (one.status.as_u16(), two.status.as_u16()),
            (201, 201),
            "{}",
            world.engine
        );
        assert_eq!(
            one.json()["attempt"],
            two.json()["attempt"],
            "{}",
            world.engine
        );
        assert_ne!(one.json()["token"], two.json()["token"]);
    }
}

#[tokio::test]
async fn a_retry_is_answered_again_and_done_once() {
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        let send = |key: &'static str, path: &'static str, body: Value| {
            let path = format!("/api/runtime/{path}");
            world.app.send(with(
                Method::POST,
                &path,
                Some(&bearer),
                &[("idempotency-key", key)],
                Some(body),
            ))
        };
        let event = json!({ "kind": "level.reached", "payload": { "level": 2 } });
        let first = send("k1", "events", event.clone()).await;
        assert_eq!(
            (first.status.as_u16(), first.header("idempotency-key")),
            (201, "k1")
        );
        assert_eq!(first.header("idempotency-replayed"), "");
        let again = send("k1", "events", event.clone()).await;
        assert_eq!(
            (again.status.as_u16(), again.header("idempotency-replayed")),
            (201, "true"),
            "{}",
            world.engine
        );
        assert_eq!(first.body, again.body);
        let other = send("k1", "events", json!({ "kind": "level.lost" })).await;
        assert_eq!(
            other.problem(409),
            "idempotency_conflict",
            "{}",
            world.engine
        );
        assert_eq!(
            send("k1", "progress", json!({ "progress": 5 }))
                .await
                .status,
            200,
            "another endpoint, another key"
        );

        let end = json!({ "status": "completed" });
        let done = send("k2", "grade", end.clone()).await;
        assert_eq!(done.status, 200);
        let repeated = send("k2", "grade", end.clone()).await;
        assert_eq!(
            (repeated.status.as_u16(), &repeated.body),
            (200, &done.body),
            "a retry is no late write"
        );
        assert_eq!(
            send("k3", "grade", end.clone()).await.problem(409),
            "attempt_closed"
        );
        assert_eq!(
            send("k3", "grade", end).await.problem(409),
            "attempt_closed",
            "a refusal does not take the key"
        );
        let odd = "k".repeat(129);
        for key in ["", "a b", odd.as_str()] {
            let request = with(
                Method::POST,
                "/api/runtime/progress",
                Some(&bearer),
                &[("idempotency-key", key)],
                Some(json!({ "progress": 5 })),
            );
            assert_eq!(
                world.app.send(request).await.problem(400),
                "idempotency_key",
                "{key:?}"
            );
        }
        let mut tx = world.store.read(&Actor::Service).await.unwrap();
        let log = tx
            .events()
            .of_course(world.course, &Page::first(100))
            .await
            .unwrap()
            .items;
        let count = |kind: &str| log.iter().filter(|event| event.kind == kind).count();
        assert_eq!(
            (count("level.reached"), count("level.lost")),
            (1, 0),
            "{}",
            world.engine
        );
    }
}

#[tokio::test]
async fn browsers_of_other_origins_are_told_only_what_the_list_allows() {
    for world in worlds().await {
        let preflight = |origin: &'static str| {
            let request = request(Method::OPTIONS, "/api/runtime/progress")
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .header(
                    "access-control-request-headers",
                    "authorization,content-type,idempotency-key",
                )
                .body(Body::empty())
                .unwrap();
            world.app.send(request)
        };
        let allowed = preflight(ORIGIN).await;
        assert_eq!(allowed.status, 200);
        assert_eq!(allowed.header("access-control-allow-origin"), ORIGIN);
        assert_eq!(
            allowed.header("access-control-allow-credentials"),
            "",
            "never cookies"
        );
        assert_eq!(
            preflight("https://evil.example")
                .await
                .header("access-control-allow-origin"),
            ""
        );
        let bearer = world.bearer("normal").await;
        let answer = world.get("context", &bearer).await;
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
        let refused = world.get("context", "x").await;
        assert_eq!(
            refused.header("access-control-allow-origin"),
            ORIGIN,
            "the runtime can read why"
        );
    }
}

#[tokio::test]
async fn the_key_document_is_public_and_without_secrets() {
    for world in worlds().await {
        let answer = world.app.get("/.well-known/jwks.json").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(
            answer.json(),
            json!({ "keys": [] }),
            "a shared secret is not published"
        );
    }
}

#[tokio::test]
async fn a_launch_survives_a_change_of_the_signing_key() {
    let golden: Value =
        serde_json::from_str(include_str!("../../../../../tests/golden/jwt.json")).unwrap();
    let configured = |current: &'static str| {
        let golden = golden.clone();
        move |config: &mut Config| {
            for key in golden["keys"].as_array().unwrap() {
                if let Some(pem) = key["pem"].as_str() {
                    let id = key["id"].as_str().unwrap().to_owned();
                    config.runtime.keys.insert(id, pem.to_owned().into());
                }
            }
            config.runtime.current = Some(current.to_owned());
        }
    };
    let before = world_with(configured("2026-04")).await;
    let after = world_with(configured("2026-10")).await;
    assert_eq!(
        before.app.get("/.well-known/jwks.json").await.json(),
        golden["jwks"],
        "both keys are published while one signs"
    );
    for (world, kid) in [(&before, "2026-04"), (&after, "2026-10")] {
        let token = world.launch_token("normal").await;
        let header = token.split('.').next().unwrap();
        let header = data_encoding::BASE64URL_NOPAD
            .decode(header.as_bytes())
            .unwrap();
        assert_eq!(
            serde_json::from_slice::<Value>(&header).unwrap(),
            json!({ "typ": "launch+jwt", "alg": "RS256", "kid": kid })
        );
    }
    let bearer = before.bearer("normal").await;
    let claims = before.claims(TokenType::Runtime, &bearer);
    assert_eq!(
        after.claims(TokenType::Runtime, &bearer),
        claims,
        "the server with the next key reads the token of the one before"
    );
}
