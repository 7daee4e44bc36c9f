//! What is forgotten, when, and by whom.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::Method;
use lms_server::AppState;
use lms_server::config::Config;
use lms_server::jobs::{self, Round};
use scormbridge_lms::classroom::ports::{Page, Store};
use scormbridge_lms::classroom::{
    Actor, AttemptId, Checkpoint, IdempotencyKey, Role, Session, Timestamp, TokenHash, User, UserId,
};
use scormbridge_lms_store_sql::test_support::{self, Address};
use serde_json::json;
use tokio::sync::watch;

use super::world::{World, worlds_with};
use crate::support::{request, settings};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

async fn round(state: &AppState) -> Round {
    let (_stop, stopped) = watch::channel(false);
    jobs::round(state, &stopped).await.unwrap()
}

async fn forgotten(state: &AppState) -> jobs::Forgotten {
    match round(state).await {
        Round::Done(forgotten) => forgotten,
        other => panic!("{other:?}"),
    }
}

async fn attempt(world: &World, bearer: &str) -> AttemptId {
    let context = world.get("context", bearer).await.json();
    context["attempt"].as_str().unwrap().parse().unwrap()
}

fn retention(config: &mut Config) {
    config.jobs.idempotency_hours = 2;
    config.jobs.checkpoint_days = 2;
    config.jobs.event_days = Some(30);
    config.sign_in.session_minutes = 90;
}

#[tokio::test]
async fn each_kind_of_thing_is_forgotten_at_its_time_and_not_before() {
    for world in worlds_with(retention).await {
        let engine = world.engine;
        let bearer = world.bearer("normal").await;
        let attempt = attempt(&world, &bearer).await;
        let mut tx = world.store.begin(&Actor::Service).await.unwrap();
        let saved = Checkpoint::new(attempt, "main", "1".to_owned(), 9, world.time()).unwrap();
        tx.checkpoints().save(&saved).await.unwrap();
        let key = IdempotencyKey {
            scope: "test".to_owned(),
            key: "k".to_owned(),
        };
        tx.idempotency()
            .claim(&key, &[1; 32], world.time())
            .await
            .unwrap();
        tx.commit().await.unwrap();

        assert_eq!(
            forgotten(&world.state).await,
            jobs::Forgotten::default(),
            "{engine}: nothing is due"
        );
        world.pass(HOUR + 700);
        let first = forgotten(&world.state).await;
        assert_eq!(
            (first.nonces, first.sessions, first.idempotency),
            (1, 0, 0),
            "{engine}"
        );
        world.pass(HOUR);
        let second = forgotten(&world.state).await;
        assert_eq!((second.sessions, second.idempotency), (2, 1), "{engine}");
        assert_eq!((second.checkpoints, second.events), (0, 0), "{engine}");
        world.pass(2 * DAY);
        assert_eq!(forgotten(&world.state).await.checkpoints, 1, "{engine}");
        world.pass(30 * DAY);
        assert!(forgotten(&world.state).await.events >= 1, "{engine}");
        assert_eq!(
            forgotten(&world.state).await,
            jobs::Forgotten::default(),
            "{engine}: once"
        );
        let mut tx = world.store.read(&Actor::Service).await.unwrap();
        let log = tx
            .events()
            .of_course(world.course, &Page::first(9))
            .await
            .unwrap();
        assert!(log.items.is_empty());
        tx.attempts().get(attempt).await.unwrap();
    }
}

#[tokio::test]
async fn files_that_never_arrived_or_that_nothing_names_are_removed() {
    for world in worlds_with(|_| {}).await {
        let bearer = world.bearer("normal").await;
        let body = json!({ "name": "x", "content_type": "image/png", "bytes": 3 });
        let mut ids = Vec::new();
        for _ in 0..2 {
            let answer = world.post("asset/sign-url", &bearer, body.clone()).await;
            ids.push(answer.json());
        }
        let origin = &world.state.config.http.public_origin;
        let path = ids[0]["url"]
            .as_str()
            .unwrap()
            .strip_prefix(origin.as_str());
        let put = request(Method::PUT, path.unwrap())
            .header("content-type", "image/png")
            .body(Body::from("abc"))
            .unwrap();
        assert_eq!(world.app.send(put).await.status, 201);

        // A part that a crash left, a file of an attempt that is gone, and one that is none of ours.
        let attempt = attempt(&world, &bearer).await;
        let own = world.assets.path().join(attempt.to_string());
        let gone = world.assets.path().join("0".repeat(32));
        std::fs::create_dir(&gone).unwrap();
        let part = own.join(format!("{}.part", ids[1]["asset"].as_str().unwrap()));
        let orphan = gone.join("1".repeat(32));
        let foreign = own.join("README");
        for file in [&part, &orphan, &foreign] {
            std::fs::write(file, "x").unwrap();
            old(&world, file, 0);
        }
        assert_eq!(
            forgotten(&world.state).await.files,
            0,
            "{}: they may still be on their way",
            world.engine
        );
        for file in [&part, &orphan, &foreign] {
            old(&world, file, 2 * HOUR);
        }
        let kept = own.join(ids[0]["asset"].as_str().unwrap());
        old(&world, &kept, 2 * HOUR);
        let now = forgotten(&world.state).await;
        assert_eq!((now.announcements, now.files), (0, 2), "{}", world.engine);
        assert!(!part.exists() && !gone.exists());
        assert!(kept.exists() && foreign.exists());

        world.pass(2 * HOUR);
        let then = forgotten(&world.state).await;
        assert_eq!(then.announcements, 1, "its room is free again");
        assert!(kept.exists(), "what arrived stays");
        let mut tx = world.store.begin(&Actor::Service).await.unwrap();
        tx.attempts().delete(attempt).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(forgotten(&world.state).await.files, 1);
        assert!(!kept.exists() && foreign.exists(), "{}", world.engine);
    }
}

/// Lets a file be that many seconds old.
fn old(world: &World, file: &Path, seconds: i64) {
    let then = u64::try_from(world.now() - seconds).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(then);
    std::fs::File::options()
        .write(true)
        .open(file)
        .unwrap()
        .set_modified(time)
        .unwrap();
}

#[tokio::test]
async fn while_one_process_is_at_it_the_others_leave_it_alone() {
    let Some(test) = test_support::postgres().await else {
        return;
    };
    let store = Arc::new(test.store.clone());
    let state = AppState::new(settings(), store.clone()).unwrap();
    let mut other = store.begin(&Actor::Service).await.unwrap();
    assert!(other.alone(i64::from_be_bytes(*b"lms-jobs")).await.unwrap());
    assert_eq!(round(&state).await, Round::Elsewhere);
    other.rollback().await.unwrap();
    assert!(matches!(round(&state).await, Round::Done(_)));
}

#[tokio::test]
async fn a_stop_ends_a_round_before_its_next_step_and_the_task_at_once() {
    for world in worlds_with(|_| {}).await {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(jobs::run(world.state.clone(), stopped.clone()));
        stop.send(true).unwrap();
        task.await.unwrap();
        let ended = jobs::round(&world.state, &stopped).await.unwrap();
        assert_eq!(ended, Round::Stopped, "{}", world.engine);
    }
}

#[tokio::test]
async fn the_program_does_them_once_when_asked() {
    for test in test_support::each().await {
        let store = Arc::new(test.store.clone());
        let state = AppState::new(settings(), store.clone()).unwrap();
        let mut tx = store.begin(&Actor::Service).await.unwrap();
        let user = User {
            id: UserId::random(&*state.entropy),
            login: "learner".to_owned(),
            display_name: "Learner".to_owned(),
            role: Role::Student,
            password_hash: None,
            identity: None,
            created_at: Timestamp(1),
        };
        tx.users().insert(&user).await.unwrap();
        tx.sessions()
            .insert(&Session {
                token: TokenHash([1; 32]),
                user: user.id,
                csrf: TokenHash([2; 32]),
                created_at: Timestamp(1),
                expires_at: Timestamp(2),
            })
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let url = match &test.address {
            Address::Sqlite(path) => format!("sqlite:{}", path.display()),
            Address::Postgres { app, .. } => app.clone(),
        };
        let folder = tempfile::tempdir().unwrap();
        let done = tokio::process::Command::new(env!("CARGO_BIN_EXE_lms-server"))
            .arg("jobs")
            .env("LMS_MODE", "development")
            .env("LMS_STORE__URL", url)
            .env("LMS_JOBS__ENABLED", "false")
            .env("LMS_RUNTIME__ASSETS", folder.path())
            .output()
            .await
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(report["sessions"], 1, "{}", test.engine);
    }
}
