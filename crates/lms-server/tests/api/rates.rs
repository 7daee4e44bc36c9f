//! How often a caller may come: every operation of the OpenAPI document, so that a new one cannot be forgotten.

use std::sync::Arc;

use axum::body::Body;
use futures_util::future::join_all;
use lms_server::AppState;
use lms_server::config::{Counted, Rate};
use scormbridge_lms_store_sql::test_support;
use serde_json::{Value, json};

use crate::openapi::operations;
use crate::support::{Answer, Away, TestApp, request, settings};

const ONE: Rate = Rate {
    per_minute: 1,
    burst: 1,
};

/// Holds a refusal to the document: a problem with every header that the document promises for 429.
pub(crate) fn refused(answer: &Answer, name: &str) {
    assert_eq!(answer.problem(429), "rate_limited", "{name}");
    let document = serde_json::to_value(lms_server::openapi()).unwrap();
    let promised = &document["paths"]["/api/courses"]["get"]["responses"]["429"]["headers"];
    let promised = promised.as_object().unwrap();
    assert_eq!(promised.len(), 4);
    for header in promised.keys() {
        let value = answer.header(header).parse::<u64>();
        assert!(value.is_ok(), "{name}: {header}");
    }
    assert_eq!(answer.header("x-rate-limit-remaining"), "0", "{name}");
    let wait = answer.header("retry-after");
    assert_eq!(wait, answer.header("x-rate-limit-reset"), "{name}");
    assert!(wait.parse::<u64>().unwrap() >= 1, "{name}");
}

#[test]
fn every_operation_documents_the_headers_of_its_429() {
    for operation in operations() {
        let headers = &operation.value["responses"]["429"]["headers"];
        for name in [
            "x-rate-limit-limit",
            "x-rate-limit-remaining",
            "x-rate-limit-reset",
            "retry-after",
        ] {
            assert_eq!(
                headers[name]["schema"]["type"], "integer",
                "{} lacks {name}",
                operation.name
            );
        }
    }
}

#[tokio::test]
async fn every_operation_is_limited_by_address() {
    let mut cases = 0;
    for operation in operations() {
        let mut config = settings();
        config.rates.address = ONE;
        let app = TestApp::on(Arc::new(Away), config);
        let ask = || {
            let request = request(operation.method.clone(), &operation.path)
                .header("content-type", "application/json");
            app.send(request.body(Body::from("{}")).unwrap())
        };
        assert_ne!(ask().await.status, 429, "{}", operation.name);
        refused(&ask().await, &operation.name);
        cases += 1;
    }
    println!("limits by address: {cases} cases");
}

#[tokio::test]
async fn every_operation_of_people_is_limited_by_user_and_route() {
    let mut config = settings();
    config.rates.user_route = ONE;
    let test = test_support::sqlite().await;
    let app = TestApp::on(Arc::new(test.store.clone()), config);
    let mut cases = 0;
    let nothing: Value = json!({});
    for operation in operations() {
        if !operation.proofs.iter().any(|proof| proof == "session") {
            continue;
        }
        // Two browsers of one person: signing out ends one of them.
        for (n, browser) in [
            app.browser("kim", "student").await,
            app.browser("kim", "student").await,
        ]
        .iter()
        .enumerate()
        {
            let body = operation.value.get("requestBody").map(|_| &nothing);
            let answer = app
                .by(browser, operation.method.clone(), &operation.path, body)
                .await;
            if n == 0 {
                assert_ne!(answer.status, 429, "{}", operation.name);
            } else {
                refused(&answer, &operation.name);
            }
        }
        cases += 1;
    }
    println!("limits by user and route: {cases} cases");
    assert!(cases >= 20, "{cases}");
}

/// Two processes on one database, with a limit by address.
fn two(test: &test_support::TestStore, counted: Counted, burst: u32) -> [TestApp; 2] {
    [(); 2].map(|()| {
        let mut config = settings();
        config.rates.counted = Some(counted);
        config.rates.address = Rate {
            per_minute: 1,
            burst,
        };
        TestApp::on(Arc::new(test.store.clone()), config)
    })
}

/// How many of so many requests, to one process after the other, are not refused.
async fn granted(apps: &[TestApp; 2], requests: usize) -> usize {
    let mut granted = 0;
    for app in apps.iter().cycle().take(requests) {
        let answer = app.get("/nowhere").await;
        if answer.status == 404 {
            granted += 1;
        } else {
            refused(&answer, "/nowhere");
        }
    }
    granted
}

#[tokio::test]
async fn processes_that_count_in_the_database_share_a_limit_and_others_do_not() {
    for test in test_support::each().await {
        let database = two(&test, Counted::Database, 3);
        assert_eq!(granted(&database, 8).await, 3, "{}", test.engine);
        let process = two(&test, Counted::Process, 3);
        assert_eq!(granted(&process, 8).await, 6, "{}", test.engine);
    }
}

#[tokio::test]
async fn processes_that_take_shares_never_grant_more_than_the_limit() {
    for test in test_support::each().await {
        // Shares of ten. All that a process takes it spends here, so that nothing is left over either.
        let apps = two(&test, Counted::Database, 200);
        assert_eq!(granted(&apps, 260).await, 200, "{}", test.engine);
    }
}

#[tokio::test]
async fn requests_that_come_at_once_do_not_each_take_a_share() {
    for test in test_support::each().await {
        let [app, _] = two(&test, Counted::Database, 200);
        // Shares of ten: twenty of them would be all there is.
        let answers = join_all((0..60).map(|_| app.get("/nowhere"))).await;
        let granted = answers.iter().filter(|answer| answer.status == 404);
        assert_eq!(granted.count(), 60, "{}", test.engine);
    }
}

#[tokio::test]
async fn a_database_that_is_away_lets_each_process_count_alone() {
    let mut config = settings();
    config.rates.counted = Some(Counted::Database);
    config.rates.address = ONE;
    let state = AppState::new(config, Arc::new(Away)).unwrap();
    state.readiness.open();
    let app = TestApp::starting(state);
    assert_eq!(app.get("/nowhere").await.status, 404);
    refused(&app.get("/nowhere").await, "away");
}
