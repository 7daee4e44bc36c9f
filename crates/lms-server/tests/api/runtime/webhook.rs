//! Outcomes that a provider's server reports.

use axum::body::Body;
use axum::http::Method;
use scormbridge_lms::classroom::{Actor, ProviderId};
use scormbridge_lms::token::WebhookKey;
use serde_json::{Value, json};

use super::world::{World, sign_in, worlds};
use crate::support::{Answer, request};

pub(super) struct Sender<'a> {
    world: &'a World,
    key: WebhookKey,
}

impl<'a> Sender<'a> {
    /// A provider that an administrator has given a secret.
    pub(super) async fn of(world: &'a World, provider: ProviderId) -> Self {
        let (cookie, csrf) = sign_in(&world.app, "root", "admin").await;
        let path = format!("/api/providers/{provider}/webhook-secret");
        let renew = |cookie: &str, csrf: &str| {
            let request = request(Method::POST, &path)
                .header("cookie", cookie)
                .header("x-csrf-token", csrf);
            world.app.send(request.body(Body::empty()).unwrap())
        };
        let anonymous = world
            .app
            .send(request(Method::POST, &path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(anonymous.problem(401), "not_signed_in");
        let learner = renew(&world.cookie, &world.csrf).await;
        assert!(
            [403, 404].contains(&learner.status.as_u16()),
            "a learner renews no secret: {}",
            learner.status
        );
        let renewed = renew(&cookie, &csrf).await;
        assert_eq!(
            renewed.status,
            201,
            "{}",
            String::from_utf8_lossy(&renewed.body)
        );
        let secret = renewed.json()["secret"].as_str().unwrap().to_owned();
        Self {
            world,
            key: WebhookKey::new(&secret).unwrap(),
        }
    }

    pub(super) async fn send(&self, id: &str, at: i64, body: &Value) -> Answer {
        let text = body.to_string();
        let signature = self.key.sign(id, at, text.as_bytes());
        self.send_signed(&self.world.provider, id, at, &signature, text)
            .await
    }

    pub(super) async fn send_signed(
        &self,
        provider: &ProviderId,
        id: &str,
        at: i64,
        signature: &str,
        body: String,
    ) -> Answer {
        let request = request(Method::POST, "/api/runtime/outcomes")
            .header("content-type", "application/json")
            .header("webhook-provider", provider.to_string())
            .header("webhook-id", id)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", signature);
        self.world
            .app
            .send(request.body(Body::from(body)).unwrap())
            .await
    }
}

#[tokio::test]
async fn a_signed_outcome_counts_once_and_only_once() {
    for world in worlds().await {
        let attempt = world.launch(json!({})).await.json()["attempt"].clone();
        let sender = Sender::of(&world, world.provider).await;
        let now = world.now();
        let body =
            json!({ "attempt": attempt, "score": { "raw": 9, "max": 10 }, "status": "passed" });
        let first = sender.send("msg_1", now, &body).await;
        assert_eq!(
            first.status,
            200,
            "{} {}",
            world.engine,
            String::from_utf8_lossy(&first.body)
        );
        assert_eq!(first.json()["status"], "passed");
        let again = sender.send("msg_1", now, &body).await;
        assert_eq!(
            (again.status.as_u16(), &again.body),
            (200, &first.body),
            "{}",
            world.engine
        );
        assert_eq!(again.header("idempotency-replayed"), "true");
        let other = json!({ "attempt": attempt, "status": "failed" });
        assert_eq!(
            sender.send("msg_1", now, &other).await.problem(409),
            "idempotency_conflict"
        );
        assert_eq!(
            sender.send("msg_2", now, &other).await.problem(409),
            "attempt_closed"
        );
    }
}

#[tokio::test]
async fn an_outcome_that_is_not_the_providers_is_refused() {
    for world in worlds().await {
        let attempt = world.launch(json!({})).await.json()["attempt"].clone();
        let sender = Sender::of(&world, world.provider).await;
        let now = world.now();
        let body = json!({ "attempt": attempt, "progress": 50 });
        let unsigned = world.app.post("/api/runtime/outcomes", &body).await;
        assert_eq!(
            unsigned.problem(401),
            "webhook_unsigned",
            "{}",
            world.engine
        );
        assert_eq!(
            sender.send("m", now - 301, &body).await.problem(401),
            "webhook_stale"
        );
        assert_eq!(
            sender.send("m", now + 301, &body).await.problem(401),
            "webhook_stale"
        );
        let signature = sender.key.sign("m", now, body.to_string().as_bytes());
        let send = |provider: ProviderId, id: &'static str, at: i64, body: String| {
            let signature = signature.clone();
            let sender = &sender;
            async move {
                sender
                    .send_signed(&provider, id, at, &signature, body)
                    .await
                    .problem(403)
            }
        };
        let text = body.to_string();
        let nobody = ProviderId::random(&*world.state.entropy);
        assert_eq!(
            send(world.provider, "n", now, text.clone()).await,
            "webhook_signature"
        );
        assert_eq!(
            send(world.provider, "m", now + 1, text.clone()).await,
            "webhook_signature"
        );
        assert_eq!(
            send(world.provider, "m", now, format!("{text} ")).await,
            "webhook_signature"
        );
        assert_eq!(
            send(nobody, "m", now, text.clone()).await,
            "webhook_signature",
            "ids are not told"
        );

        let key = &sender.key;
        for (name, body, status, code) in [
            ("malformed", "{".to_owned(), 400, "malformed_json"),
            (
                "nothing_reported",
                json!({ "attempt": attempt }).to_string(),
                422,
                "invalid_body",
            ),
            (
                "out_of_range",
                json!({ "attempt": attempt, "progress": 101 }).to_string(),
                422,
                "invalid_body",
            ),
            (
                "unknown",
                json!({ "attempt": "0".repeat(32), "progress": 1 }).to_string(),
                404,
                "not_found",
            ),
            (
                "too_large",
                " ".repeat(16 * 1024 + 1),
                413,
                "body_too_large",
            ),
        ] {
            let signature = key.sign(name, now, body.as_bytes());
            let answer = sender
                .send_signed(&world.provider, name, now, &signature, body)
                .await;
            assert_eq!(answer.problem(status), code, "{} {name}", world.engine);
        }
        let bearer = world.bearer("normal").await;
        assert_eq!(
            world.get("context", &bearer).await.json()["progress"],
            0,
            "nothing was stored"
        );
        assert_eq!(sender.send("last", now, &body).await.status, 200);
        assert_eq!(world.get("context", &bearer).await.json()["progress"], 50);

        let mut tx = world.store.read(&Actor::Service).await.unwrap();
        let provider = tx.providers().get(world.provider).await.unwrap();
        assert!(
            provider
                .webhook_secret
                .unwrap()
                .expose()
                .starts_with("esb1:"),
            "the secret is kept sealed"
        );
    }
}

#[tokio::test]
async fn a_provider_reports_on_its_own_attempts_only() {
    for world in worlds().await {
        let attempt = world.launch(json!({})).await.json()["attempt"].clone();
        let mut tx = world.store.begin(&Actor::Service).await.unwrap();
        let mut other = tx.providers().get(world.provider).await.unwrap();
        other.id = ProviderId::random(&*world.state.entropy);
        other.origin = "https://other.example".to_owned();
        tx.providers().insert(&other).await.unwrap();
        tx.commit().await.unwrap();
        let sender = Sender::of(&world, other.id).await;
        let (now, body) = (
            world.now(),
            json!({ "attempt": attempt, "status": "passed" }).to_string(),
        );
        let signature = sender.key.sign("m", now, body.as_bytes());
        let answer = sender
            .send_signed(&other.id, "m", now, &signature, body.clone())
            .await;
        assert_eq!(answer.problem(404), "not_found", "{}", world.engine);
        let posing = sender
            .send_signed(&world.provider, "m", now, &signature, body)
            .await;
        assert!(
            [401, 403].contains(&posing.status.as_u16()),
            "{}",
            posing.status
        );
    }
}
