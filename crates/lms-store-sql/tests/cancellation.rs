//! A request that is cancelled, at whatever point, never lends its identity to the next one on its connection.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod common;

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use common::*;
use scormbridge_lms::classroom::ports::Store as _;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support::{self, Address};
use scormbridge_lms_store_sql::{PostgresOptions, SqlStore};

/// Drives a future until it has waited so many times, and drops it there. Whether it was done before that.
async fn cancel_at<F: Future>(waits: usize, answered: bool, mut future: Pin<&mut F>) -> bool {
    let mut waited = 0;
    let done = poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending => {
            waited += 1;
            if waited < waits {
                Poll::Pending
            } else {
                Poll::Ready(false)
            }
        }
    })
    .await;
    if !done && answered {
        // The answer has arrived by now, and nobody has read it.
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    done
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

    let (mut cancelled, mut inside) = (0, 0);
    for round in 0..20 {
        for waits in 1.. {
            let begun = Cell::new(false);
            let request = async {
                let mut tx = store.begin(&victim).await.unwrap();
                begun.set(true);
                tx.users().get(school.learner.id).await.unwrap();
                tx.commit().await.unwrap();
            };
            let done = {
                let request = pin!(request);
                cancel_at(waits, round % 2 == 0, request).await
            };
            assert_eq!(
                identity(&store).await,
                Default::default(),
                "cancelled at wait {waits}, begun: {}",
                begun.get()
            );
            let mut next = store.read(&Actor::Anonymous).await.unwrap();
            let seen = next.users().get(school.learner.id).await;
            assert!(
                seen.is_err(),
                "cancelled at wait {waits}: the next one reads as the victim"
            );
            if done {
                break;
            }
            cancelled += 1;
            inside += usize::from(begun.get());
        }
    }
    println!(
        "{cancelled} requests cancelled, {inside} of them with the identity set; none lent it"
    );
    assert!(
        inside >= 10,
        "the test has to cancel while the identity is set: {inside}"
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
