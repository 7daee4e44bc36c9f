//! A request that is cancelled, at whatever point, never lends its identity to the next one on its connection.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod common;

use std::cell::Cell;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use common::*;
use scormbridge_lms::classroom::ports::Store as _;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support::{self, Address};
use scormbridge_lms_store_sql::{PostgresOptions, SqlStore};
use sqlx::Connection as _;

/// Where a request is dropped.
#[derive(Clone, Copy, Debug)]
enum Point {
    /// When it waits for this time; whether the answer it waited for has arrived by then. How often a request waits
    /// depends on the machine.
    Wait(usize, bool),
    /// After so many of its steps, each of which has ended.
    Step(usize),
    /// While the database works at a step of it.
    Blocked,
}

/// Drives a future until it has waited so many times or `stopped` says so, and drops it there. Whether it was done
/// before that.
async fn cancel<F: Future>(point: Point, stopped: &Cell<bool>, mut future: Pin<&mut F>) -> bool {
    let mut waited = 0;
    let drive = poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending => {
            waited += 1;
            match point {
                Point::Wait(waits, _) if waited == waits => Poll::Ready(false),
                Point::Step(_) if stopped.get() => Poll::Ready(false),
                _ => Poll::Pending,
            }
        }
    });
    match point {
        Point::Blocked => {
            let done = tokio::time::timeout(Duration::from_secs(1), drive).await;
            done.unwrap_or(false)
        }
        Point::Wait(_, true) => {
            let done = drive.await;
            // The answer has arrived by now, and nobody has read it.
            tokio::time::sleep(Duration::from_millis(3)).await;
            done
        }
        Point::Wait(..) | Point::Step(_) => drive.await,
    }
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
    let Address::Postgres { app, owner } = &test.address else {
        panic!("{:?}", test.address)
    };
    // One connection, so that the next borrower has the victim's.
    let options = PostgresOptions {
        connections: 1,
        ..PostgresOptions::new(app.clone())
    };
    let store = SqlStore::postgres(&options).await.unwrap();
    let victim = school.actor(&school.admin);
    let mut owner = sqlx::PgConnection::connect(owner).await.unwrap();

    let rounds = 0..10;
    let waits = rounds
        .clone()
        .flat_map(|round| (1..=12).map(move |waits| Point::Wait(waits, round % 2 == 0)));
    let steps = rounds.clone().flat_map(|_| (1..=2).map(Point::Step));
    let blocked = rounds.step_by(2).map(|_| Point::Blocked);
    let (mut inside, mut cancelled) = (0, 0);
    for point in waits.chain(steps).chain(blocked) {
        if let Point::Blocked = point {
            let lock = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE";
            sqlx::raw_sql(lock).execute(&mut owner).await.unwrap();
        }
        let stopped = Cell::new(false);
        let begun = Cell::new(false);
        let after = async |step: usize| {
            begun.set(true);
            if matches!(point, Point::Step(at) if at == step) {
                stopped.set(true);
                pending::<()>().await;
            }
        };
        let request = async {
            let mut tx = store.begin(&victim).await.unwrap();
            after(1).await;
            tx.users().get(school.learner.id).await.unwrap();
            after(2).await;
            tx.commit().await.unwrap();
        };
        let done = {
            let request = pin!(request);
            cancel(point, &stopped, request).await
        };
        if let Point::Blocked = point {
            sqlx::raw_sql("ROLLBACK").execute(&mut owner).await.unwrap();
        }
        assert_eq!(identity(&store).await, Default::default(), "{point:?}");
        let mut next = store.read(&Actor::Anonymous).await.unwrap();
        let seen = next.users().get(school.learner.id).await;
        assert!(seen.is_err(), "{point:?}: the next one reads as the victim");
        cancelled += usize::from(!done);
        inside += usize::from(!done && begun.get());
    }
    println!(
        "{cancelled} requests cancelled, {inside} of them after they had begun; none lent its identity"
    );
    assert!(inside >= 20, "each of the steps is inside: {inside}");
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
