//! Bearer tokens of an OpenID provider, against one that the test serves on this machine.

use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use axum::routing::get;
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use lms_server::AppState;
use lms_server::config::{Config, Oidc};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use scormbridge_lms_store_sql::test_support::{self, TestStore};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::support::{Answer, TestApp, Turned, request, settings};

const ISSUER: &str = "https://id.example";
const AUDIENCE: &str = "lms";

/// A key of the provider.
struct Key {
    id: &'static str,
    pkcs8: Vec<u8>,
    point: Vec<u8>,
}

impl Key {
    fn new(id: &'static str) -> Self {
        let random = SystemRandom::new();
        let signing = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(signing, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(signing, pkcs8.as_ref(), &random).unwrap();
        Self {
            id,
            pkcs8: pkcs8.as_ref().to_vec(),
            point: pair.public_key().as_ref().to_vec(),
        }
    }

    /// Its entry in the key document.
    fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        json!({
            "kty": "EC", "crv": "P-256", "kid": self.id, "use": "sig", "alg": "ES256",
            "x": text(&self.point[1..33]), "y": text(&self.point[33..]),
        })
    }

    fn sign(&self, claims: &Value) -> String {
        self.sign_as(self.id, claims)
    }

    fn sign_as(&self, kid: &str, claims: &Value) -> String {
        let mut head = Header::new(Algorithm::ES256);
        head.kid = Some(kid.to_owned());
        encode(&head, claims, &EncodingKey::from_ec_der(&self.pkcs8)).unwrap()
    }
}

/// What the provider answers with.
struct Served {
    status: AtomicU16,
    body: Mutex<String>,
    asked: AtomicUsize,
    hangs: AtomicBool,
    released: Notify,
}

impl Served {
    fn keys(&self, keys: &[&Key]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        self.text(json!({ "keys": keys }).to_string());
    }

    fn text(&self, body: String) {
        *self.body.lock().unwrap() = body;
    }

    fn status(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// A server that trusts the provider.
struct Trusting {
    app: TestApp,
    clock: Arc<Turned>,
    served: Arc<Served>,
    _test: TestStore,
}

async fn provider() -> (String, Arc<Served>) {
    let served = Arc::new(Served {
        status: AtomicU16::new(200),
        body: Mutex::default(),
        asked: AtomicUsize::new(0),
        hangs: AtomicBool::new(false),
        released: Notify::new(),
    });
    let answering = served.clone();
    let answer = async move || {
        answering.asked.fetch_add(1, Ordering::Relaxed);
        if answering.hangs.load(Ordering::Relaxed) {
            answering.released.notified().await;
        }
        let status = StatusCode::from_u16(answering.status.load(Ordering::Relaxed)).unwrap();
        let body = answering.body.lock().unwrap().clone();
        (status, [(header::LOCATION, "/elsewhere")], body)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let router = Router::new().route("/jwks", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, served)
}

async fn trusting(test: TestStore) -> Trusting {
    let (jwks_url, served) = provider().await;
    let config = Config {
        oidc: Some(Oidc {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            jwks_url,
            cache_seconds: 60,
            keep_seconds: 3_600,
        }),
        ..settings()
    };
    let clock = Arc::new(Turned::default());
    let store = Arc::new(test.store.clone());
    let state = AppState::with_clock(config, store, clock.clone()).unwrap();
    state.readiness.open();
    Trusting {
        app: TestApp::starting(state),
        clock,
        served,
        _test: test,
    }
}

impl Trusting {
    async fn ask(&self, token: &str) -> Answer {
        let request = request(Method::GET, "/api/auth/session")
            .header("authorization", format!("Bearer {token}"));
        self.app.send(request.body(Body::empty()).unwrap()).await
    }

    fn claims(&self) -> Value {
        let now = self.clock.seconds();
        json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "kim", "iat": now, "exp": now + 36_000, "name": "Kim" })
    }

    fn with(&self, member: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[member] = value;
        claims
    }

    fn without(&self, member: &str) -> Value {
        let mut claims = self.claims();
        claims.as_object_mut().unwrap().remove(member);
        claims
    }
}

#[tokio::test]
async fn the_first_token_makes_a_students_account_and_later_ones_find_it() {
    for test in test_support::each().await {
        let key = Key::new("k1");
        let it = trusting(test).await;
        it.served.keys(&[&key]);
        let first = it.ask(&key.sign(&it.claims())).await;
        assert_eq!(
            first.status,
            200,
            "{}",
            String::from_utf8_lossy(&first.body)
        );
        let account = first.json();
        assert_eq!(account["role"], "student");
        assert_eq!(account["display_name"], "Kim");
        let list = json!([AUDIENCE, "other"]);
        let again = it.ask(&key.sign(&it.with("aud", list))).await.json();
        assert_eq!(again["id"], account["id"], "found by issuer and subject");
        let other = it.ask(&key.sign(&it.with("sub", json!("lee")))).await;
        assert_ne!(other.json()["id"], account["id"]);
        assert_eq!(it.served.asked(), 1, "the keys are kept");
    }
}

#[tokio::test]
async fn no_claim_gives_a_role_or_takes_an_account_that_is_there() {
    for test in test_support::each().await {
        let key = Key::new("k1");
        let it = trusting(test).await;
        it.served.keys(&[&key]);
        let admin = it.app.browser("root", "admin").await;
        let mut claims = it.with("sub", json!("root"));
        for (member, value) in [
            ("preferred_username", json!("root")),
            ("email", json!("root")),
            ("login", json!("root")),
            ("role", json!("admin")),
            ("roles", json!(["admin"])),
            ("name", json!("two\nlines")),
        ] {
            claims[member] = value;
        }
        let account = it.ask(&key.sign(&claims)).await.json();
        assert_ne!(account["id"], admin.user);
        assert_eq!(account["role"], "student");
        assert!(account["login"].as_str().unwrap().starts_with("openid-"));
        assert_eq!(account["display_name"], "New learner");
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_a_token_nobody_is_signed_in() {
    let key = Key::new("k1");
    let stranger = Key::new("k1");
    let it = trusting(test_support::sqlite().await).await;
    it.served.keys(&[&key]);
    let now = it.clock.seconds();
    let plain = |head: Value, claims: &Value, signature: &str| {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        format!("{}.{}.{signature}", part(&head), part(claims))
    };
    let shared = |secret: &[u8]| {
        let mut head = Header::new(Algorithm::HS256);
        head.kid = Some("k1".to_owned());
        encode(&head, &it.claims(), &EncodingKey::from_secret(secret)).unwrap()
    };
    let good = key.sign(&it.claims());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let admin = it.with("sub", json!("admin"));
    let cases = [
        ("another audience", key.sign(&it.with("aud", json!("shop")))),
        ("no audience", key.sign(&it.without("aud"))),
        (
            "another issuer",
            key.sign(&it.with("iss", json!("https://evil.example"))),
        ),
        (
            "an issuer that begins alike",
            key.sign(&it.with("iss", json!(format!("{ISSUER}.evil")))),
        ),
        ("no issuer", key.sign(&it.without("iss"))),
        ("no subject", key.sign(&it.without("sub"))),
        ("an empty subject", key.sign(&it.with("sub", json!("")))),
        (
            "a long subject",
            key.sign(&it.with("sub", json!("x".repeat(256)))),
        ),
        ("no end", key.sign(&it.without("exp"))),
        ("not yet valid", key.sign(&it.with("nbf", json!(now + 31)))),
        ("another's signature", stranger.sign(&it.claims())),
        (
            "other claims under the signature",
            format!(
                "{}.{signature}",
                plain(json!({"alg":"ES256","kid":"k1"}), &admin, "").trim_end_matches('.')
            ),
        ),
        ("no signature", format!("{signed}.")),
        (
            "alg none",
            plain(json!({"alg":"none","kid":"k1"}), &admin, ""),
        ),
        ("HS256 with the public key", shared(&key.point)),
        (
            "HS256 with the published key",
            shared(key.jwk().to_string().as_bytes()),
        ),
        (
            "the key's type is another",
            plain(json!({"alg":"RS256","kid":"k1"}), &it.claims(), signature),
        ),
        (
            "no key id",
            plain(json!({"alg":"ES256"}), &it.claims(), signature),
        ),
        ("no token", "x".to_owned()),
        ("too long", "x".repeat(8_193)),
    ];
    for (name, token) in &cases {
        let answer = it.ask(token).await;
        assert_eq!(answer.problem(401), "bearer_refused", "{name}");
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!said.contains("signature"), "{name}: why stays inside");
    }
    let late = key.sign(&it.with("exp", json!(now - 30)));
    assert_eq!(it.ask(&late).await.problem(401), "bearer_expired");
    let leeway = key.sign(&it.with("exp", json!(now - 29)));
    assert_eq!(it.ask(&leeway).await.status, 200, "clocks differ a little");
    println!("refused tokens: {} cases", cases.len() + 1);
}

#[tokio::test]
async fn a_key_for_something_else_signs_no_token() {
    let key = Key::new("k1");
    let it = trusting(test_support::sqlite().await).await;
    for (member, value) in [("use", "enc"), ("alg", "ES384")] {
        let mut jwk = key.jwk();
        jwk[member] = json!(value);
        it.served.text(json!({ "keys": [jwk] }).to_string());
        it.clock.pass(61);
        let answer = it.ask(&key.sign(&it.claims())).await;
        assert_eq!(answer.problem(401), "bearer_refused", "{member}");
    }
}

#[tokio::test]
async fn unknown_keys_are_asked_for_but_not_more_often_than_the_floor() {
    let key = Key::new("k1");
    let it = trusting(test_support::sqlite().await).await;
    it.served.keys(&[&key]);
    assert_eq!(it.ask(&key.sign(&it.claims())).await.status, 200);
    for n in 0..20 {
        let token = key.sign_as(&format!("forged-{n}"), &it.claims());
        assert_eq!(it.ask(&token).await.problem(401), "bearer_refused");
    }
    assert_eq!(it.served.asked(), 1, "the last fetch was just now");
    it.clock.pass(10);
    for n in 0..20 {
        let token = key.sign_as(&format!("forged-{n}"), &it.claims());
        assert_eq!(it.ask(&token).await.problem(401), "bearer_refused");
    }
    assert_eq!(it.served.asked(), 2);
    assert_eq!(it.ask(&key.sign(&it.claims())).await.status, 200);
}

#[tokio::test]
async fn a_rotated_key_counts_at_its_first_token_and_the_old_one_no_more() {
    let (old, new) = (Key::new("k1"), Key::new("k2"));
    let it = trusting(test_support::sqlite().await).await;
    it.served.keys(&[&old]);
    assert_eq!(it.ask(&old.sign(&it.claims())).await.status, 200);
    it.served.keys(&[&old, &new]);
    it.clock.pass(10);
    assert_eq!(it.ask(&new.sign(&it.claims())).await.status, 200);
    assert_eq!(it.ask(&old.sign(&it.claims())).await.status, 200, "overlap");
    it.served.keys(&[&new]);
    it.clock.pass(60);
    assert_eq!(it.ask(&new.sign(&it.claims())).await.status, 200);
    assert_eq!(
        it.ask(&old.sign(&it.claims())).await.problem(401),
        "bearer_refused"
    );
}

#[tokio::test]
async fn while_the_provider_is_away_the_last_keys_count_for_a_bounded_time() {
    let key = Key::new("k1");
    let it = trusting(test_support::sqlite().await).await;
    it.served.keys(&[&key]);
    assert_eq!(it.ask(&key.sign(&it.claims())).await.status, 200);
    it.served.status(500);
    it.clock.pass(3_599);
    assert_eq!(it.ask(&key.sign(&it.claims())).await.status, 200);
    assert_eq!(it.served.asked(), 2, "it was tried");
    it.clock.pass(1);
    let answer = it.ask(&key.sign(&it.claims())).await;
    assert_eq!(answer.problem(503), "openid_keys");
    assert_eq!(answer.header("retry-after"), "2");
    it.served.status(200);
    it.clock.pass(10);
    assert_eq!(it.ask(&key.sign(&it.claims())).await.status, 200);
}

#[tokio::test]
async fn what_is_no_key_set_is_not_taken_for_one() {
    let key = Key::new("k1");
    let it = trusting(test_support::sqlite().await).await;
    let set = json!({ "keys": [key.jwk()] }).to_string();
    for (name, status, body) in [
        ("too long", 200, format!("{set}{}", " ".repeat(262_145))),
        ("no JSON", 200, "<html>".to_owned()),
        ("no set", 200, "{}".to_owned()),
        ("an error", 404, set.clone()),
        ("a redirect", 302, set.clone()),
    ] {
        it.served.text(body);
        it.served.status(status);
        let answer = it.ask(&key.sign(&it.claims())).await;
        assert_eq!(answer.problem(503), "openid_keys", "{name}");
        it.clock.pass(10);
    }
    it.served.text(set);
    it.served.status(200);
    assert_eq!(it.ask(&key.sign(&it.claims())).await.status, 200);
}

#[tokio::test]
async fn nobody_whose_key_is_known_waits_for_a_provider_that_hangs() {
    let key = Key::new("k1");
    let it = Arc::new(trusting(test_support::sqlite().await).await);
    it.served.keys(&[&key]);
    let token = key.sign(&it.claims());
    assert_eq!(it.ask(&token).await.status, 200);
    it.served.hangs.store(true, Ordering::Relaxed);
    it.clock.pass(60);
    let (fetching, its_token) = (it.clone(), token.clone());
    let waiting = tokio::spawn(async move { fetching.ask(&its_token).await.status });
    while it.served.asked() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(it.ask(&token).await.status, 200);
    assert!(!waiting.is_finished(), "only one fetches");
    it.served.released.notify_one();
    assert_eq!(waiting.await.unwrap(), 200);
}
