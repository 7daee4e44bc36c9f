//! The refusals of every endpoint, generated from the table of endpoints: none can be forgotten.

use axum::body::Body;
use axum::http::Method;
use lms_server::runtime::endpoint::{ENDPOINTS, Endpoint, Proof};
use scormbridge_lms::classroom::{Actor, LaunchMode, ProviderStatus, Scope};
use scormbridge_lms::token::{Claims, TokenType};
use serde_json::{Value, json};

use super::world::{ORIGIN, World, sample, with, worlds, worlds_with};
use crate::support::{Answer, request};

/// Name, bearer, headers, status and code.
type WrongBearer<'a> = (
    &'a str,
    Option<String>,
    Vec<(&'a str, &'a str)>,
    u16,
    &'a str,
);

fn guarded() -> impl Iterator<Item = (&'static Endpoint, Option<Scope>)> {
    ENDPOINTS
        .iter()
        .filter_map(|endpoint| match endpoint.proof {
            Proof::Runtime(scope) => Some((endpoint, scope)),
            _ => None,
        })
}

async fn ask(
    world: &World,
    endpoint: &Endpoint,
    bearer: Option<&str>,
    headers: &[(&str, &str)],
) -> Answer {
    let (path, body) = sample(endpoint);
    world
        .app
        .send(with(endpoint.method.clone(), &path, bearer, headers, body))
        .await
}

#[test]
fn the_table_and_the_document_name_the_same_endpoints() {
    let document = serde_json::to_value(lms_server::openapi()).unwrap();
    let mut documented: Vec<(String, String)> = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if path.starts_with("/api/runtime/") {
            for method in item.as_object().unwrap().keys() {
                documented.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    let mut table: Vec<(String, String)> = ENDPOINTS
        .iter()
        .map(|e| (e.method.to_string(), e.path.to_owned()))
        .collect();
    documented.sort();
    table.sort();
    assert_eq!(documented, table);
    for (endpoint, scope) in guarded() {
        let method = endpoint.method.as_str().to_lowercase();
        let security = &document["paths"][endpoint.path][&method]["security"];
        let expected: Vec<&str> = scope.iter().map(|scope| scope.name()).collect();
        assert_eq!(
            security,
            &json!([{ "runtime": expected }]),
            "{}",
            endpoint.name
        );
    }
}

#[tokio::test]
async fn every_endpoint_refuses_every_wrong_bearer() {
    let mut cases = 0;
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        let claims = world.claims(TokenType::Runtime, &bearer);
        let runtime = |change: &dyn Fn(&mut Claims)| {
            let mut claims = claims.clone();
            change(&mut claims);
            world.sign(TokenType::Runtime, &claims)
        };
        let launch = world.sign(
            TokenType::Launch,
            &Claims {
                exp: claims.iat + 60,
                ..claims.clone()
            },
        );
        let (head, _) = bearer.rsplit_once('.').unwrap();
        let elsewhere = "https://evil.example";
        for (endpoint, scope) in guarded() {
            let without: Vec<Scope> = Scope::ALL
                .into_iter()
                .filter(|other| Some(*other) != scope)
                .collect();
            let mut table: Vec<WrongBearer<'_>> = vec![
                ("unauthenticated", None, vec![], 401, "bearer_missing"),
                (
                    "another scheme",
                    None,
                    vec![("authorization", "Basic eDp5")],
                    401,
                    "bearer_missing",
                ),
                (
                    "no token",
                    Some("x".to_owned()),
                    vec![],
                    401,
                    "token_malformed",
                ),
                (
                    "too long",
                    Some("x".repeat(5000)),
                    vec![],
                    401,
                    "token_too_long",
                ),
                (
                    "forged",
                    Some(format!("{head}.{}", "A".repeat(43))),
                    vec![],
                    403,
                    "token_forged",
                ),
                (
                    "a launch token",
                    Some(launch.clone()),
                    vec![],
                    403,
                    "token_type",
                ),
                (
                    "expired",
                    Some(runtime(&|c| (c.iat, c.exp) = (c.iat - 100, c.iat))),
                    vec![],
                    401,
                    "token_expired",
                ),
                (
                    "another site's",
                    Some(runtime(&|c| c.iss = elsewhere.to_owned())),
                    vec![],
                    403,
                    "token_issuer",
                ),
                (
                    "wrong audience",
                    Some(bearer.clone()),
                    vec![("origin", elsewhere)],
                    403,
                    "token_audience",
                ),
                (
                    "an opaque origin",
                    Some(bearer.clone()),
                    vec![("origin", "null")],
                    403,
                    "token_audience",
                ),
                (
                    "an origin that is not the provider's",
                    Some(runtime(&|c| c.aud = elsewhere.to_owned())),
                    vec![("origin", elsewhere)],
                    403,
                    "token_audience",
                ),
            ];
            if scope.is_some() {
                let scopes = without.clone();
                let token = runtime(&|c| c.scopes = scopes.iter().copied().collect());
                table.push(("wrong scope", Some(token), vec![], 403, "token_scope"));
            }
            for (name, token, headers, status, code) in table {
                let answer = ask(&world, endpoint, token.as_deref(), &headers).await;
                assert_eq!(
                    answer.problem(status),
                    code,
                    "{} {}: {name}",
                    world.engine,
                    endpoint.name
                );
                cases += 1;
            }
        }
        let attempt = world.get("context", &bearer).await.json();
        assert_eq!(
            attempt["progress"], 0,
            "{}: a refused call changes nothing",
            world.engine
        );
        assert_eq!(attempt["score"], Value::Null);
    }
    println!("refused bearers: {cases} cases");
    assert!(cases >= 80, "{cases}");
}

#[tokio::test]
async fn every_body_has_a_form_a_type_and_a_length() {
    let mut cases = 0;
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        for endpoint in ENDPOINTS
            .iter()
            .filter(|endpoint| endpoint.body_bytes > 0 && endpoint.proof != Proof::Webhook)
        {
            let authorization = format!("Bearer {bearer}");
            for (kind, body, status, code) in [
                ("application/json", "{".to_owned(), 400, "malformed_json"),
                ("application/json", String::new(), 400, "malformed_json"),
                ("text/plain", "{}".to_owned(), 415, "unsupported_media_type"),
                ("application/json", "[]".to_owned(), 422, "invalid_body"),
                (
                    "application/json",
                    json!({ "surprise": 1 }).to_string(),
                    422,
                    "invalid_body",
                ),
                (
                    "application/json",
                    " ".repeat(endpoint.body_bytes + 1),
                    413,
                    "body_too_large",
                ),
            ] {
                let request = request(endpoint.method.clone(), endpoint.path)
                    .header("authorization", &authorization)
                    .header("origin", ORIGIN)
                    .header("content-type", kind)
                    .body(Body::from(body))
                    .unwrap();
                let answer = world.app.send(request).await;
                assert_eq!(
                    answer.problem(status),
                    code,
                    "{} {}",
                    world.engine,
                    endpoint.name
                );
                cases += 1;
            }
        }
    }
    println!("refused bodies: {cases} cases");
    assert!(cases >= 36, "{cases}");
}

#[tokio::test]
async fn values_out_of_range_are_named_and_change_nothing() {
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        for (path, body) in [
            ("progress", json!({ "progress": 101 })),
            ("progress", json!({ "progress": -1 })),
            ("progress", json!({ "progress": 1.5 })),
            ("progress", json!({ "progress": "10" })),
            ("grade", json!({})),
            ("grade", json!({ "score": { "raw": 3, "max": 2 } })),
            ("grade", json!({ "score": { "raw": -1, "max": 2 } })),
            ("grade", json!({ "score": { "raw": 0, "max": 0 } })),
            ("grade", json!({ "status": "abandoned" })),
            ("events", json!({ "kind": "Level" })),
            ("events", json!({ "kind": "a..b" })),
            ("events", json!({ "kind": "a".repeat(65) })),
            ("events", json!({ "kind": "course.launched" })),
            (
                "events",
                json!({ "kind": "course.progress", "payload": { "progress": 101 } }),
            ),
            (
                "events",
                json!({ "kind": "course.progress", "payload": {} }),
            ),
            (
                "events",
                json!({ "kind": "course.attempt.completed", "payload": { "status": "won" } }),
            ),
            ("events", json!({ "kind": "level", "payload": [1] })),
            ("checkpoint/save", json!({ "key": "", "data": 1 })),
            ("checkpoint/save", json!({ "key": "../x", "data": 1 })),
            ("checkpoint/save", json!({ "key": "main" })),
            (
                "asset/sign-url",
                json!({ "name": "x", "content_type": "text/html", "bytes": 1 }),
            ),
            (
                "asset/sign-url",
                json!({ "name": "x", "content_type": "image/svg+xml", "bytes": 1 }),
            ),
            (
                "asset/sign-url",
                json!({ "name": "", "content_type": "image/png", "bytes": 1 }),
            ),
            (
                "asset/sign-url",
                json!({ "name": "x", "content_type": "image/png", "bytes": 0 }),
            ),
        ] {
            let answer = world.post(path, &bearer, body.clone()).await;
            assert_eq!(
                answer.problem(422),
                "invalid_body",
                "{} {path} {body}",
                world.engine
            );
            assert!(!answer.json()["errors"].as_array().unwrap().is_empty());
        }
        let over = json!({ "name": "x", "content_type": "image/png", "bytes": 1001 });
        assert_eq!(
            world
                .post("asset/sign-url", &bearer, over)
                .await
                .problem(413),
            "asset_too_large"
        );
        let big = json!({ "key": "main", "data": "x".repeat(32_768) });
        assert_eq!(
            world
                .post("checkpoint/save", &bearer, big)
                .await
                .problem(413),
            "checkpoint_too_large"
        );
        let context = world.get("context", &bearer).await.json();
        assert_eq!(
            (&context["progress"], &context["status"]),
            (&json!(0), &json!("started")),
            "{}",
            world.engine
        );
    }
}

#[tokio::test]
async fn a_disabled_provider_ends_tokens_that_are_out_already() {
    for world in worlds().await {
        let (launch, bearer) = (
            world.launch_token("normal").await,
            world.bearer("normal").await,
        );
        let mut tx = world.store.begin(&Actor::Service).await.unwrap();
        let mut provider = tx.providers().get(world.provider).await.unwrap();
        provider.status = ProviderStatus::Disabled;
        tx.providers().update(&provider).await.unwrap();
        tx.commit().await.unwrap();
        for (endpoint, _) in guarded() {
            let answer = ask(&world, endpoint, Some(&bearer), &[]).await;
            assert_eq!(
                answer.problem(403),
                "provider_disabled",
                "{} {}",
                world.engine,
                endpoint.name
            );
        }
        assert_eq!(
            world.exchange(&launch).await.problem(403),
            "provider_disabled"
        );
        assert_eq!(
            world.launch(json!({})).await.problem(403),
            "provider_disabled"
        );
    }
}

#[tokio::test]
async fn browse_and_review_store_nothing_and_late_writes_are_refused() {
    for world in worlds().await {
        assert_eq!(
            world.launch(json!({ "mode": "review" })).await.problem(409),
            "nothing_to_review"
        );
        let bearer = world.bearer("normal").await;
        let browse = world.bearer("browse").await;
        let state = json!({ "key": "main", "data": 7 });
        assert_eq!(
            world.post("checkpoint/save", &bearer, state).await.status,
            200
        );
        assert_eq!(
            world
                .post("grade", &bearer, json!({ "status": "completed" }))
                .await
                .status,
            200
        );
        let review = world.bearer("review").await;
        assert_eq!(
            world.claims(TokenType::Runtime, &review).mode,
            LaunchMode::Review
        );
        for (endpoint, _) in guarded().filter(|(endpoint, _)| endpoint.method != Method::GET) {
            for (token, code) in [
                (&browse, "attempt_not_for_credit"),
                (&review, "attempt_not_for_credit"),
                (&bearer, "attempt_closed"),
            ] {
                let answer = ask(&world, endpoint, Some(token), &[]).await;
                assert_eq!(
                    answer.problem(409),
                    code,
                    "{} {}",
                    world.engine,
                    endpoint.name
                );
            }
        }
        let look_back = world.get("checkpoint/load?key=main", &review).await;
        assert_eq!(look_back.json()["data"], 7, "a review sees what was saved");
        assert_eq!(
            world
                .get("checkpoint/load?key=main", &browse)
                .await
                .problem(404),
            "not_found"
        );
        assert_eq!(world.get("context", &review).await.json()["mode"], "review");
        assert_eq!(std::fs::read_dir(world.assets.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_runtime_api_that_is_off_answers_nobody() {
    for world in worlds_with(|config| config.runtime.enabled = false).await {
        for endpoint in &ENDPOINTS {
            let request = request(endpoint.method.clone(), endpoint.path)
                .body(Body::empty())
                .unwrap();
            assert_eq!(
                world.app.send(request).await.problem(403),
                "runtime_disabled",
                "{}",
                endpoint.name
            );
        }
        assert_eq!(
            world.launch(json!({})).await.problem(403),
            "runtime_disabled"
        );
    }
}
