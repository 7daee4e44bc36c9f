//! How often a learner's alias, a course and a provider may come: every endpoint, by every limit that its proof names.

use axum::body::Body;
use axum::http::Method;
use lms_server::config::{Config, Rate};
use lms_server::runtime::endpoint::{ENDPOINTS, Endpoint, Proof};
use scormbridge_lms::classroom::AssetId;
use scormbridge_lms::token::{Claims, DownloadClaims, TokenType, UploadClaims};
use serde_json::json;

use super::webhook::Sender;
use super::world::{World, sample, with, world_with};
use crate::rates::refused;
use crate::support::{Answer, request};

/// What a proof tells the caller by.
fn families(proof: Proof) -> &'static [&'static str] {
    match proof {
        Proof::Launch | Proof::Runtime(_) => &["alias", "course", "provider"],
        // The attempt stands for the alias.
        Proof::SignedUrl => &["alias"],
        Proof::Webhook => &["provider"],
    }
}

fn one_at_once(family: &str) -> impl Fn(&mut Config) {
    move |config| {
        let rate = match family {
            "alias" => &mut config.rates.alias,
            "course" => &mut config.rates.course,
            _ => &mut config.rates.provider,
        };
        *rate = Rate {
            per_minute: 1,
            burst: 1,
        };
    }
}

/// Calls an endpoint twice with a genuine proof of its kind.
async fn twice(world: &World, endpoint: &Endpoint) -> (Answer, Answer) {
    let launch = world.launch_token("normal").await;
    let claims = Claims {
        exp: world.now() + 600,
        ..world.claims(TokenType::Launch, &launch)
    };
    match endpoint.proof {
        Proof::Launch => (world.exchange(&launch).await, world.exchange(&launch).await),
        Proof::Runtime(_) => {
            let bearer = world.sign(TokenType::Runtime, &claims);
            let (path, body) = sample(endpoint);
            let ask = || {
                let body = body.clone();
                let request = with(endpoint.method.clone(), &path, Some(&bearer), &[], body);
                world.app.send(request)
            };
            (ask().await, ask().await)
        }
        Proof::SignedUrl => {
            let token = signed_url(world, endpoint, &claims);
            let path = endpoint.path.replace("{token}", &token);
            let ask = || {
                let request = request(endpoint.method.clone(), &path);
                world.app.send(request.body(Body::empty()).unwrap())
            };
            (ask().await, ask().await)
        }
        Proof::Webhook => {
            let sender = Sender::of(world, world.provider).await;
            let report = json!({ "attempt": claims.attempt, "progress": 5 });
            let now = world.now();
            (
                sender.send("msg_1", now, &report).await,
                sender.send("msg_2", now, &report).await,
            )
        }
    }
}

fn signed_url(world: &World, endpoint: &Endpoint, claims: &Claims) -> String {
    let random = ring::rand::SystemRandom::new();
    let tokens = &world.state.tokens;
    let asset = AssetId::random(&*world.state.entropy);
    let (iss, iat, exp) = (claims.iss.clone(), world.now(), world.now() + 60);
    let attempt = claims.attempt;
    if endpoint.method == Method::GET {
        let claims = DownloadClaims {
            iss,
            iat,
            exp,
            attempt,
            asset,
        };
        return tokens.issue_download(&claims, &random).unwrap();
    }
    let claims = UploadClaims {
        iss,
        iat,
        exp,
        attempt,
        asset,
        content_type: "image/png".to_owned(),
        bytes: 1,
    };
    tokens.issue_upload(&claims, &random).unwrap()
}

#[tokio::test]
async fn every_endpoint_is_limited_by_whatever_its_proof_names() {
    let mut cases = 0;
    for endpoint in &ENDPOINTS {
        for family in families(endpoint.proof) {
            // The counting is in front of the store, so one engine tells.
            let world = world_with(one_at_once(family)).await;
            let (first, second) = twice(&world, endpoint).await;
            let name = format!("{} by {family}", endpoint.name);
            assert_ne!(first.status, 429, "{name}");
            assert_eq!(first.header("x-rate-limit-remaining"), "0", "{name}");
            refused(&second, &name);
            assert_eq!(second.header("x-rate-limit-limit"), "1", "{name}");
            cases += 1;
        }
    }
    println!("limits of the runtime API: {cases} cases");
    assert!(cases >= 27, "{cases}");
}

#[tokio::test]
async fn forgeries_use_up_nobodys_limit() {
    let world = world_with(one_at_once("provider")).await;
    let sender = Sender::of(&world, world.provider).await;
    let attempt = world.launch(json!({})).await.json()["attempt"].clone();
    let report = json!({ "attempt": attempt, "progress": 5 });
    for n in 0..5 {
        let (id, text) = (format!("forged-{n}"), report.to_string());
        let forged = sender.send_signed(&world.provider, &id, world.now(), "v1,AAAA", text);
        assert_eq!(forged.await.problem(403), "webhook_signature");
    }
    let genuine = sender.send("msg_1", world.now(), &report).await;
    assert_eq!(
        genuine.status,
        200,
        "{}",
        String::from_utf8_lossy(&genuine.body)
    );
}
