//! What lets a SCO's work outlive its page and its session: the question who is signed in, the learner's own
//! key, and launches that overtake each other; on each engine.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Method;
use lms_server::config::{Config, KeySet};
use lms_server::http::csrf;
use scormbridge_lms::classroom::ports::Store as _;
use scormbridge_lms::classroom::{Actor, AttemptId, ScormLaunchId};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::scorm::{Course, commit_path, course, set};
use crate::support::{Answer, TestApp, request, settings};

pub(super) const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// Keys that the tests know too.
pub(super) fn keyed() -> Config {
    let mut config = settings();
    let set = KeySet {
        keys: BTreeMap::from([("t".to_owned(), SecretString::from(KEY))]),
        current: Some("t".to_owned()),
    };
    config.gateway.tickets = set.clone();
    config.gateway.keeping = set;
    config
}

/// As a relay sends it: without cookies, from an origin of its own or none, as text.
pub(super) async fn beacon(app: &TestApp, body: String) -> Answer {
    let ask = request(Method::POST, "/api/scorm/beacon")
        .header("content-type", "text/plain;charset=UTF-8")
        .header("origin", "null")
        .header("sec-fetch-site", "cross-site");
    app.send(ask.body(Body::from(body)).unwrap()).await
}

pub(super) async fn tail(app: &TestApp, ticket: &str, entries: Value) -> Answer {
    beacon(
        app,
        json!({"ticket": ticket, "entries": entries}).to_string(),
    )
    .await
}

pub(super) fn begin() -> Value {
    json!({"seq": 1, "op": "initialize", "at": 0})
}

pub(super) async fn commit(app: &TestApp, it: &Course, stage: &Value, entries: Value) -> Value {
    let path = commit_path(stage);
    let answer = app
        .by(&it.learner, Method::POST, &path, Some(&entries))
        .await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    answer.json()
}

/// What a next launch reads.
pub(super) async fn read(app: &TestApp, it: &Course, element: &str) -> Option<String> {
    let stage = it.launch(app, &json!({})).await;
    let elements = stage["seed"]["elements"].as_array().unwrap();
    let pair = elements.iter().find(|pair| pair[0] == element)?;
    Some(pair[1].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_launch_that_counts_says_how_its_work_outlives_the_page() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        assert_eq!(
            stage["beacon"]["url"],
            "http://localhost:8080/api/scorm/beacon"
        );
        assert_eq!(
            stage["signin"]["session"],
            "http://localhost:8080/api/scorm/session"
        );
        assert_eq!(stage["owner"]["key"].as_str().unwrap().len(), 64);
        assert_eq!(stage["earlier"], json!([]));
        commit(
            &app,
            &it,
            &stage,
            json!([begin(), set(2, "cmi.suspend_data", "x")]),
        )
        .await;
        let next = it.launch(&app, &json!({})).await;
        assert_eq!(next["earlier"], json!([[stage["launch"], 2]]));
        assert_eq!(next["owner"], stage["owner"], "the learner is the same");
        let look = it.launch(&app, &json!({"mode": "browse"})).await;
        assert_eq!(
            look["owner"], stage["owner"],
            "what an earlier page left goes with any page"
        );
        for member in ["beacon", "signin"] {
            assert_eq!(look.get(member), None, "nothing of a preview is kept");
        }
    }
}

#[tokio::test]
async fn the_key_of_what_a_browser_keeps_is_given_to_its_learner_alone() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let own = it.launch(&app, &json!({})).await["owner"].clone();
        let other = app.browser("eve", "student").await;
        let path = format!("/api/courses/{}/enrollments", it.course);
        let joined = app.by(&other, Method::POST, &path, Some(&json!({}))).await;
        let path = |id: &str| format!("/api/enrollments/{id}/scorm-launches");
        let hers = path(joined.json()["id"].as_str().unwrap());
        let theirs = app
            .by(&other, Method::POST, &hers, Some(&json!({})))
            .await
            .json();
        assert_ne!(theirs["owner"]["tag"], own["tag"]);
        assert_ne!(theirs["owner"]["key"], own["key"]);
        // Nobody launches in another's name, the teacher of the course no more than a neighbour.
        for somebody in [&other, &it.teacher] {
            let path = path(&it.enrollment);
            app.by(somebody, Method::POST, &path, Some(&json!({})))
                .await
                .problem(404);
        }
    }
}

#[tokio::test]
async fn an_older_launch_does_not_replace_what_a_newer_one_wrote() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let older = it.launch(&app, &json!({})).await;
        let newer = it.launch(&app, &json!({})).await;
        let first = commit(
            &app,
            &it,
            &older,
            json!([begin(), set(2, "cmi.core.lesson_location", "p1")]),
        )
        .await;
        assert_eq!(
            first["status"], "running",
            "a newer one that has said nothing overtakes nobody"
        );
        let news = json!([
            begin(),
            set(2, "cmi.core.lesson_location", "p9"),
            set(3, "cmi.core.score.raw", "80")
        ]);
        assert_eq!(commit(&app, &it, &newer, news).await["status"], "running");
        let late = json!([
            set(3, "cmi.core.lesson_location", "p2"),
            set(4, "cmi.core.score.max", "50"),
            set(5, "cmi.suspend_data", "of the older"),
            set(6, "cmi.core.exit", "suspend"),
        ]);
        let answer = commit(&app, &it, &older, late.clone()).await;
        assert_eq!(
            (&answer["ack"], &answer["status"]),
            (&json!(6), &json!("superseded"))
        );
        assert_eq!(
            commit(&app, &it, &older, json!([])).await["status"],
            "superseded"
        );
        for (element, expected) in [
            ("cmi.core.lesson_location", Some("p9")),
            ("cmi.core.score.raw", Some("80")),
            ("cmi.core.score.max", Some("")),
            ("cmi.suspend_data", Some("of the older")),
        ] {
            assert_eq!(
                read(&app, &it, element).await.as_deref(),
                expected,
                "{element}"
            );
        }
        // What was not written is in the history all the same, and nobody reads it in the database.
        let mut tx = store.store.begin(&Actor::Service).await.unwrap();
        let attempt: AttemptId = it.attempts(&app).await[0]["id"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let launches = tx.scorm().launches(attempt, "sco", 100).await.unwrap();
        let mut first = launches.last().unwrap().clone();
        assert_eq!(first.id.to_string(), older["launch"].as_str().unwrap());
        assert!(launches.is_sorted_by(|a, b| a.created_at > b.created_at));
        first.created_at = first.created_at.plus_ms(-1);
        first.id = ScormLaunchId::from_bits(0);
        let rows = tx.scorm().newer_history(&first).await.unwrap();
        assert_eq!(rows.len(), 3);
        assert!(
            rows.iter()
                .all(|row| row.data.starts_with("esb1:") && !row.data.contains("older"))
        );
    }
}

#[tokio::test]
async fn the_time_of_launches_side_by_side_adds_up() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let older = it.launch(&app, &json!({})).await;
        let newer = it.launch(&app, &json!({})).await;
        let session = |time: &str| {
            json!([
                begin(),
                set(2, "cmi.core.session_time", time),
                set(3, "cmi.core.lesson_status", "incomplete"),
                {"seq": 4, "op": "terminate", "at": 0},
            ])
        };
        commit(&app, &it, &newer, session("00:00:20")).await;
        let late = tail(
            &app,
            older["beacon"]["ticket"].as_str().unwrap(),
            session("00:01:00"),
        )
        .await;
        assert_eq!(late.status, 204);
        let total = read(&app, &it, "cmi.core.total_time").await.unwrap();
        assert!(
            total.ends_with("00:01:20.00") || total.ends_with("00:01:20"),
            "{total}"
        );
    }
}

#[tokio::test]
async fn who_is_signed_in_is_told_without_a_name_and_without_touching_a_session() {
    for (app, store) in TestApp::each(keyed).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        let path = "/api/scorm/session";
        let token = csrf::hash(&it.learner.session);
        let session = async || {
            let mut tx = store.store.read(&Actor::Service).await.unwrap();
            tx.sessions().find(&token).await.unwrap().unwrap()
        };
        let before = session().await;
        let answer = app.by(&it.learner, Method::GET, path, None).await;
        assert_eq!(answer.json(), json!({"owner": stage["owner"]["tag"]}));
        assert_eq!(answer.header("set-cookie"), "");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(session().await, before);

        let other = app.by(&it.teacher, Method::GET, path, None).await.json();
        assert_ne!(other["owner"], stage["owner"]["tag"]);
        let nobody = app.get(path).await;
        assert_eq!(nobody.problem(401), "not_signed_in");
        assert_eq!(nobody.header("set-cookie"), "");
        let foreign = request(Method::GET, path)
            .header("cookie", it.learner.cookies())
            .header("sec-fetch-site", "same-site");
        let answer = app.send(foreign.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem(403), "cross_site");
    }
}
