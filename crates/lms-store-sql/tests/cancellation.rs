//! A request that is cancelled, at whatever point, never lends its identity to the next one on its connection.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod common;

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Waker};
use std::time::Duration;

use common::*;
use scormbridge_lms::classroom::ports::Store as _;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support::{self, Address};
use scormbridge_lms_store_sql::{PostgresOptions, SqlStore};

/// Polls so many times, giving the connection time in between, and drops the future then. Whether it was done.
async fn cancel_after<F: Future>(polls: usize, patient: bool, mut future: Pin<&mut F>) -> bool {
    for _ in 0..polls {
        let mut context = Context::from_waker(Waker::noop());
        if future.as_mut().poll(&mut context).is_ready() {
            return true;
        }
        // Answers arrive in between, now more of them and now fewer.
        if patient {
            tokio::time::sleep(Duration::from_micros(200)).await;
        } else {
            tokio::task::yield_now().await;
        }
    }
    false
}

async fn identity(store: &SqlStore) -> (String, String) {
    // No transaction and no set_config: exactly what a careless borrower would see.
    sqlx::query_as(
        "SELECT coalesce(current_setting('app.user_id', true), ''), \
         coalesce(current_setting('app.role', true), '')",
    )
    .fetch_one(store.postgres_pool().unwrap())
    .await
    .unwrap()
}

#[tokio::test]
async fn a_cancelled_request_lends_its_identity_to_nobody() {
    let Some(test) = test_support::postgres().await else {
        return;
    };
    let school = School::found(&test.store).await;
    let Address::Postgres { app, .. } = &test.address else {
        panic!("{:?}", test.address)
    };
    // One connection, so that the next borrower has the victim's.
    let options = PostgresOptions {
        connections: 1,
        ..PostgresOptions::new(app.clone())
    };
    let store = SqlStore::postgres(&options).await.unwrap();
    let victim = school.actor(&school.admin);

    let (mut cancelled, mut finished) = (0, 0);
    for (polls, patient) in (0..60)
        .map(|n| (n, true))
        .chain((0..200).map(|n| (n, false)))
    {
        let request = async {
            let mut tx = store.begin(&victim).await.unwrap();
            tx.users().get(school.learner.id).await.unwrap();
            tx.commit().await.unwrap();
        };
        let done = {
            let request = pin!(request);
            cancel_after(polls, patient, request).await
        };
        if done {
            finished += 1
        } else {
            cancelled += 1
        }
        assert_eq!(
            identity(&store).await,
            Default::default(),
            "after {polls} polls"
        );

        let mut next = store.read(&Actor::Anonymous).await.unwrap();
        let seen = next.users().get(school.learner.id).await;
        assert!(
            seen.is_err(),
            "after {polls} polls the next one reads as the victim"
        );
    }
    println!("{cancelled} requests cancelled, {finished} finished first; none lent its identity");
    assert!(
        cancelled >= 30,
        "the test has to cancel something: {cancelled}"
    );
    assert!(
        finished >= 5,
        "the cancelled ones have to get far: {finished}"
    );
}

#[tokio::test]
async fn the_owner_and_the_superuser_are_refused() {
    let Some(test) = test_support::postgres().await else {
        return;
    };
    let Address::Postgres { owner, .. } = &test.address else {
        panic!("{:?}", test.address)
    };
    let refused = SqlStore::postgres(&PostgresOptions::new(owner.clone())).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("lms_owner")));
    let superuser = owner.replace("lms_owner", "postgres");
    let refused = SqlStore::postgres(&PostgresOptions::new(superuser)).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("postgres")));
}
