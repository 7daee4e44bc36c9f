//! The beacon: what a SCO did while its page was taken away, by ticket; on each engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use scormbridge_core::keys::Key;
use scormbridge_core::ticket::{Claims, Mode, Tickets};
use scormbridge_lms::classroom::ports::Store as _;
use scormbridge_lms::classroom::{Actor, EnrollmentStatus};
use serde_json::{Value, json};

use crate::keeping::{KEY, beacon, begin, commit, keyed, read, tail};
use crate::scorm::{course, set};
use crate::support::{Away, TestApp, request};

fn ticket(key: &str, claims: &Claims) -> String {
    let keys = BTreeMap::from([("t".to_owned(), Key::from_hex(key).unwrap())]);
    Tickets::new(keys, "t").unwrap().issue(claims).unwrap()
}

/// The ticket of a stage.
fn of(stage: &Value) -> &str {
    stage["beacon"]["ticket"].as_str().unwrap()
}

#[tokio::test]
async fn a_beacon_is_a_commit_by_ticket_and_counts_once() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        commit(&app, &it, &stage, json!([begin()])).await;
        let last = json!([
            begin(),
            set(2, "cmi.suspend_data", "the end"),
            set(3, "cmi.comments", "bye."),
            set(4, "cmi.core.lesson_status", "incomplete"),
            set(5, "cmi.core.exit", "suspend"),
            {"seq": 6, "op": "terminate", "at": 0},
        ]);
        for _ in 0..2 {
            let answer = tail(&app, of(&stage), last.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
            assert_eq!(answer.header("access-control-allow-origin"), "");
            assert_eq!(answer.header("set-cookie"), "");
        }
        // The page had sent the same, and comes through later.
        let again = commit(&app, &it, &stage, last).await;
        assert_eq!(
            (&again["ack"], &again["status"]),
            (&json!(6), &json!("terminated"))
        );
        assert_eq!(
            read(&app, &it, "cmi.suspend_data").await.as_deref(),
            Some("the end")
        );
        assert_eq!(
            read(&app, &it, "cmi.comments").await.as_deref(),
            Some("bye.")
        );
    }
}

#[tokio::test]
async fn a_ticket_is_worth_one_launch_at_one_site_for_a_day() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        let launch = stage["launch"].as_str().unwrap().to_owned();
        let claims = |aud: &str, exp: i64, launch: &str| Claims::Commit {
            aud: aud.to_owned(),
            exp,
            launch: launch.to_owned(),
        };
        let (here, later) = ("http://localhost:8080", 4_000_000_000);
        let content = Claims::Content {
            aud: here.to_owned(),
            exp: later,
            base: "https://cdn.example/bees/".to_owned(),
            mode: Mode::Sandbox,
            lms: here.to_owned(),
        };
        let other = "f".repeat(64);
        for (bad, status, code) in [
            (ticket(KEY, &content), 403, "ticket_scope"),
            (
                ticket(KEY, &claims(here, 1_000, &launch)),
                403,
                "ticket_expired",
            ),
            (
                ticket(KEY, &claims("https://moodle.example", later, &launch)),
                403,
                "ticket_audience",
            ),
            (
                ticket(&other, &claims(here, later, &launch)),
                403,
                "ticket_forged",
            ),
            (of(&stage).replace(".t.", ".u."), 403, "ticket_unknown_key"),
            ("v2.t.x.y".to_owned(), 403, "ticket_version"),
            ("x".repeat(3_000), 403, "ticket_too_long"),
            (String::new(), 403, "ticket_malformed"),
            (
                ticket(KEY, &claims(here, later, &"0".repeat(32))),
                404,
                "not_found",
            ),
        ] {
            let answer = tail(&app, &bad, json!([begin()])).await;
            assert_eq!(answer.problem(status), code);
        }
        assert_eq!(
            commit(&app, &it, &stage, json!([])).await["ack"],
            0,
            "nothing counted"
        );
        assert_eq!(
            tail(&app, of(&stage), json!([begin()])).await.status,
            204,
            "the real one does"
        );
    }
}

#[tokio::test]
async fn a_beacon_that_is_none_is_refused_as_a_whole() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        for (body, status, code) in [
            ("{".to_owned(), 400, "malformed_json"),
            ("{}".to_owned(), 422, "invalid_body"),
            ("[]".to_owned(), 422, "invalid_body"),
            (
                json!({"ticket": of(&stage), "entries": [], "cookie": 1}).to_string(),
                422,
                "invalid_body",
            ),
            (
                json!({"ticket": of(&stage), "entries": {}}).to_string(),
                400,
                "journal_shape",
            ),
            (
                json!({"ticket": of(&stage), "entries": [set(2, "cmi.suspend_data", "x")]})
                    .to_string(),
                409,
                "journal_gap",
            ),
            (" ".repeat(64 * 1024 + 1), 413, "body_too_large"),
        ] {
            assert_eq!(beacon(&app, body).await.problem(status), code);
        }
        let typed =
            request(Method::POST, "/api/scorm/beacon").header("content-type", "application/json");
        let answer = app.send(typed.body(Body::from("{}")).unwrap()).await;
        assert_eq!(answer.problem(415), "beacon_type");
        app.get("/api/scorm/beacon").await.problem(405);
        assert_eq!(commit(&app, &it, &stage, json!([])).await["ack"], 0);
    }
}

#[tokio::test]
async fn a_beacon_has_the_rights_that_its_learner_has_now() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        let mut tx = store.store.begin(&Actor::Service).await.unwrap();
        let id = it.enrollment.parse().unwrap();
        let mut enrollment = tx.enrollments().get(id).await.unwrap();
        enrollment.status = EnrollmentStatus::Suspended;
        tx.enrollments().update(&enrollment).await.unwrap();
        tx.commit().await.unwrap();
        let answer = tail(&app, of(&stage), json!([begin()])).await;
        assert_eq!(answer.problem(403), "enrollment_suspended");
        let mut tx = store.store.begin(&Actor::Service).await.unwrap();
        tx.enrollments().delete(id).await.unwrap();
        tx.commit().await.unwrap();
        tail(&app, of(&stage), json!([begin()])).await.problem(404);
    }
}

#[tokio::test]
async fn a_refusal_that_passes_says_when_to_come_again() {
    let away = TestApp::on(Arc::new(Away), keyed());
    let claims = Claims::Commit {
        aud: "http://localhost:8080".to_owned(),
        exp: 4_000_000_000,
        launch: "0".repeat(32),
    };
    let answer = tail(&away, &ticket(KEY, &claims), json!([begin()])).await;
    assert_eq!(answer.problem(503), "store_unavailable");
    assert_eq!(answer.json()["again_ms"], 2_000);
    let final_one = tail(&away, "", json!([begin()])).await;
    assert_eq!(final_one.json().get("again_ms"), None);

    let strict = || {
        let mut config = keyed();
        config.rates.user_route.burst = 1;
        config.rates.user_route.per_minute = 1;
        config
    };
    for (app, store) in TestApp::each(strict).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        assert_eq!(tail(&app, of(&stage), json!([begin()])).await.status, 204);
        let refused = tail(&app, of(&stage), json!([begin()])).await;
        assert_eq!(refused.problem(429), "rate_limited");
        let seconds: u64 = refused.header("retry-after").parse().unwrap();
        assert_eq!(refused.json()["again_ms"], seconds * 1_000);
    }
}
