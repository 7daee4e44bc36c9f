//! A learner whose saved state cannot be read any more, because the key it was sealed with is gone; on each engine.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use axum::http::Method;
use data_encoding::BASE64;
use flate2::read::DeflateDecoder;
use lms_server::config::{Config, KeySet};
use scormbridge_core::keys::Key;
use scormbridge_core::sealing::Vault;
use scormbridge_lms::classroom::ports::Store as _;
use scormbridge_lms::classroom::{Actor, AttemptId, ScormHistory, ScormLaunchId, ScormTrack};
use scormbridge_lms_store_sql::test_support::TestStore;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::keeping::{begin, commit};
use crate::scorm::{Course, course, element, set};
use crate::support::{TestApp, settings};

const LOST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const PRESENT: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

fn sealing_with(id: &str, key: &str) -> Config {
    let mut config = settings();
    config.gateway.sealing = KeySet {
        keys: BTreeMap::from([(id.to_owned(), SecretString::from(key))]),
        current: Some(id.to_owned()),
    };
    config
}

/// The same store behind a server that has another key.
fn after_the_loss(store: &TestStore) -> TestApp {
    TestApp::on(
        Arc::new(store.store.clone()),
        sealing_with("present", PRESENT),
    )
}

async fn played(app: &TestApp, it: &Course) -> Value {
    let stage = it.launch(app, &json!({})).await;
    let said = json!([
        begin(),
        set(2, "cmi.suspend_data", "page 7"),
        set(3, "cmi.core.lesson_location", "7"),
        set(4, "cmi.core.exit", "suspend"),
        set(5, "cmi.core.score.raw", "40"),
        set(6, "cmi.interactions.0.id", "q1"),
        set(7, "cmi.interactions.0.type", "choice"),
    ]);
    commit(app, it, &stage, said).await;
    stage
}

async fn tracks(store: &TestStore, attempt: AttemptId) -> Vec<ScormTrack> {
    let mut tx = store.store.read(&Actor::Service).await.unwrap();
    tx.scorm().tracks(attempt, None).await.unwrap()
}

async fn attempt(app: &TestApp, it: &Course) -> AttemptId {
    let attempts = it.attempts(app).await;
    attempts[0]["id"].as_str().unwrap().parse().unwrap()
}

/// What the history keeps of one launch, commit by commit, opened as an operator who has found the lost key can.
async fn history(store: &TestStore, attempt: AttemptId, launch: &str) -> Vec<Value> {
    let both = BTreeMap::from([
        ("lost".to_owned(), Key::from_hex(LOST).unwrap()),
        ("present".to_owned(), Key::from_hex(PRESENT).unwrap()),
    ]);
    let vault = Vault::new(both, "present").unwrap();
    let mut tx = store.store.read(&Actor::Service).await.unwrap();
    let mut before = tx
        .scorm()
        .launches(attempt, "sco", 100)
        .await
        .unwrap()
        .pop()
        .unwrap();
    before.created_at = before.created_at.plus_ms(-1);
    before.id = ScormLaunchId::from_bits(0);
    let rows = tx.scorm().newer_history(&before).await.unwrap();
    let open = |row: &ScormHistory| {
        let context = [
            "history".to_owned(),
            row.launch.to_string(),
            row.first_seq.to_string(),
            "0".to_owned(),
        ];
        let text = vault
            .open(&row.data, &context.each_ref().map(String::as_str))
            .unwrap();
        let mut json = String::new();
        DeflateDecoder::new(BASE64.decode(text.as_bytes()).unwrap().as_slice())
            .read_to_string(&mut json)
            .unwrap();
        let mut kept: Value = serde_json::from_str(&json).unwrap();
        for aside in kept["set_aside"].as_array_mut().into_iter().flatten() {
            let element = aside["element"].as_str().unwrap().to_owned();
            let place = [attempt.to_string(), "sco".to_owned(), element];
            let place = place.each_ref().map(String::as_str);
            let plain = vault
                .open(aside["sealed"].as_str().unwrap(), &place)
                .unwrap();
            aside["sealed"] = json!(plain);
        }
        kept
    };
    rows.iter()
        .filter(|row| row.launch.to_string() == launch)
        .map(open)
        .collect()
}

#[tokio::test]
async fn a_learner_is_asked_before_what_cannot_be_read_is_given_up_and_nothing_changes_until_then()
{
    for (app, store) in TestApp::each(|| sealing_with("lost", LOST)).await {
        let it = course(&app, &store.store).await;
        let first = played(&app, &it).await;
        let attempt = attempt(&app, &it).await;
        let before = tracks(&store, attempt).await;
        let app = after_the_loss(&store);

        let path = format!("/api/enrollments/{}/scorm-launches", it.enrollment);
        let body = json!({});
        let answer = app.by(&it.learner, Method::POST, &path, Some(&body)).await;
        assert_eq!(answer.problem(409), "state_unreadable");
        assert_eq!(tracks(&store, attempt).await, before);
        it.launch(&app, &json!({"mode": "browse"})).await;

        let anew = it.launch(&app, &json!({"restart": true})).await;
        assert_eq!(anew["earlier"], json!([[first["launch"], 7]]));
        for gone in [
            "cmi.suspend_data",
            "cmi.core.lesson_location",
            "cmi.interactions.0.id",
        ] {
            assert_eq!(element(&anew, gone).unwrap_or_default(), "", "{gone}");
        }
        assert_eq!(element(&anew, "cmi.core.score.raw"), Some("40"));
        let kept = history(&store, attempt, anew["launch"].as_str().unwrap()).await;
        let mut aside: Vec<_> = kept[0]["set_aside"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["element"].as_str().unwrap(),
                    one["sealed"].as_str().unwrap(),
                )
            })
            .collect();
        aside.sort_unstable();
        assert_eq!(
            aside,
            [
                ("cmi.interactions_0.id", "q1"),
                ("cmi.interactions_0.type", "choice"),
                ("cmi.suspend_data", "page 7"),
            ]
        );

        let news = json!([begin(), set(2, "cmi.suspend_data", "page 1")]);
        commit(&app, &it, &anew, news).await;
        let next = it.launch(&app, &json!({})).await;
        assert_eq!(element(&next, "cmi.suspend_data"), Some("page 1"));
        assert_eq!(
            it.attempts(&app).await[0]["id"],
            attempt.to_string(),
            "the attempt is the same"
        );
    }
}

#[tokio::test]
async fn beginning_anew_gives_up_nothing_that_can_be_read() {
    for (app, store) in TestApp::each(|| sealing_with("lost", LOST)).await {
        let it = course(&app, &store.store).await;
        played(&app, &it).await;
        let again = it.launch(&app, &json!({"restart": true})).await;
        assert_eq!(element(&again, "cmi.suspend_data"), Some("page 7"));
        let attempt = attempt(&app, &it).await;
        let kept = history(&store, attempt, again["launch"].as_str().unwrap()).await;
        assert_eq!(kept, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn what_a_running_sco_replaces_though_nobody_can_read_it_is_kept_as_it_was() {
    for (app, store) in TestApp::each(|| sealing_with("lost", LOST)).await {
        let it = course(&app, &store.store).await;
        let stage = played(&app, &it).await;
        let attempt = attempt(&app, &it).await;
        let app = after_the_loss(&store);
        let more = json!([set(8, "cmi.suspend_data", "page 8")]);
        assert_eq!(commit(&app, &it, &stage, more).await["ack"], 8);
        let kept = history(&store, attempt, stage["launch"].as_str().unwrap()).await;
        assert_eq!(
            kept.last().unwrap()["set_aside"],
            json!([{"element": "cmi.suspend_data", "sealed": "page 7"}])
        );
    }
}
