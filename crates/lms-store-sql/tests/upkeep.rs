//! What keeps a store small and callers fair: files' quotas, purges, shared buckets, and the lock of the jobs.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::*;
use scormbridge_lms::classroom::ports::*;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

#[tokio::test]
async fn a_file_is_announced_arrives_once_and_takes_room_from_the_start() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = service(&test.store).await;
        let id = school.asset.id;
        assert_eq!(
            tx.assets().find(id).await.unwrap(),
            Some(school.asset.clone())
        );
        let one = AssetUse {
            attempt_files: 1,
            attempt_bytes: 10,
            user_bytes: 10,
        };
        assert_eq!(tx.assets().usage(school.attempt.id).await.unwrap(), one);
        tx.assets().keep(id, NOW.plus_ms(5)).await.unwrap();
        let again = tx.assets().keep(id, NOW.plus_ms(6)).await;
        assert!(
            matches!(again, Err(StoreError::NotFound)),
            "{}",
            test.engine
        );
        let kept = tx.assets().find(id).await.unwrap().unwrap();
        assert_eq!(kept.kept_at, Some(NOW.plus_ms(5)));

        // Another attempt of the same learner, and a file in it.
        let mut look = attempt(&school.enrollment, None);
        look.mode = LaunchMode::Browse;
        tx.attempts().insert(&look).await.unwrap();
        tx.assets().insert(&asset(look.id)).await.unwrap();
        let both = AssetUse {
            user_bytes: 20,
            ..one
        };
        assert_eq!(tx.assets().usage(school.attempt.id).await.unwrap(), both);

        // What never arrived is forgotten, what arrived is not.
        assert_eq!(tx.assets().purge(NOW.plus_ms(1)).await.unwrap(), 1);
        assert_eq!(tx.assets().of_attempt(look.id).await.unwrap(), []);
        assert_eq!(
            tx.assets().of_attempt(school.attempt.id).await.unwrap(),
            [id]
        );
        tx.attempts().delete(school.attempt.id).await.unwrap();
        assert_eq!(tx.assets().find(id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn two_files_at_a_time_do_not_share_one_room() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let quota = AssetQuota {
            attempt_files: 9,
            attempt_bytes: 25,
            user_bytes: 100,
        };
        let announce = || async {
            let mut tx = service(&test.store).await;
            let used = tx.assets().usage(school.attempt.id).await.unwrap();
            // Long enough for the other one to look, if it were let.
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
            let admitted = quota.admit(&used, 10).is_ok();
            if admitted {
                tx.assets().insert(&asset(school.attempt.id)).await.unwrap();
            }
            tx.commit().await.unwrap();
            admitted
        };
        let (a, b) = tokio::join!(announce(), announce());
        assert!(a ^ b, "{}: {a} {b}", test.engine);
    }
}

#[tokio::test]
async fn a_purge_takes_what_is_old_and_leaves_the_rest() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = service(&test.store).await;
        let before = school.session.expires_at;
        assert_eq!(tx.sessions().purge(before).await.unwrap(), 0);
        assert_eq!(tx.sessions().purge(before.plus_ms(1)).await.unwrap(), 1);
        assert_eq!(tx.checkpoints().purge(NOW).await.unwrap(), 0);
        assert_eq!(tx.checkpoints().purge(NOW.plus_ms(1)).await.unwrap(), 1);
        assert_eq!(tx.events().purge(NOW).await.unwrap(), 0);
        assert_eq!(tx.events().purge(NOW.plus_ms(1)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_purge_stops_at_its_batch_and_goes_on_when_asked_again() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = service(&test.store).await;
        for _ in 0..PURGE_BATCH {
            let line = event(school.course.id, None, NOW);
            tx.events().append(&line).await.unwrap();
        }
        let old = NOW.plus_ms(1);
        assert_eq!(tx.events().purge(old).await.unwrap(), PURGE_BATCH);
        assert_eq!(
            tx.events().purge(old).await.unwrap(),
            1,
            "{}: the school's own",
            test.engine
        );
        assert_eq!(tx.events().purge(old).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_shared_bucket_empties_refuses_and_fills_again() {
    let rule = BucketRule {
        interval_us: 1_000_000,
        burst: 3,
    };
    for test in test_support::each().await {
        let (store, rule) = (&test.store, &rule);
        let pour = |count, ms| store.pour(7, rule, count, NOW.plus_ms(ms));
        let said = |allowed, remaining, wait_us| Poured {
            allowed,
            remaining,
            wait_us,
        };
        assert_eq!(pour(1, 0).await.unwrap(), said(true, 2, 0));
        assert_eq!(pour(2, 0).await.unwrap(), said(true, 0, 1_000_000));
        assert_eq!(pour(1, 400).await.unwrap(), said(false, 0, 600_000));
        assert_eq!(
            pour(1, 1_000).await.unwrap(),
            said(true, 0, 1_000_000),
            "{}",
            test.engine
        );
        assert_eq!(pour(2, 2_000).await.unwrap(), said(false, 1, 0));
        assert_eq!(
            test.store.pour(8, rule, 1, NOW).await.unwrap(),
            said(true, 2, 0),
            "another key"
        );
        assert!(matches!(pour(4, 0).await, Err(StoreError::Invalid)));
        let full = NOW.plus_ms(60_000);
        assert_eq!(test.store.purge_buckets(NOW).await.unwrap(), 0);
        assert_eq!(test.store.purge_buckets(full).await.unwrap(), 2);
        assert_eq!(
            test.store.pour(7, rule, 3, full).await.unwrap(),
            said(true, 0, 1_000_000)
        );
    }
}

#[tokio::test]
async fn callers_at_a_time_get_no_more_than_the_bucket_holds() {
    let rule = BucketRule {
        interval_us: 1_000_000,
        burst: 5,
    };
    for test in test_support::each().await {
        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let store = test.store.clone();
            asked.spawn(async move { store.pour(9, &rule, 1, NOW).await.unwrap().allowed });
        }
        let said = asked.join_all().await;
        let allowed = said.into_iter().filter(|allowed| *allowed).count();
        assert_eq!(allowed, 5, "{}", test.engine);
    }
}

#[tokio::test]
async fn of_two_units_of_work_one_is_alone_until_it_ends() {
    let Some(test) = test_support::postgres().await else {
        return;
    };
    let (mut one, mut two) = (service(&test.store).await, service(&test.store).await);
    assert!(one.alone(1).await.unwrap());
    assert!(!two.alone(1).await.unwrap());
    assert!(two.alone(2).await.unwrap(), "other work is other work");
    drop(one);
    // The connection goes back to the pool behind our back; a third one sees the lock free after it has.
    let mut tries = 0;
    while !service(&test.store).await.alone(1).await.unwrap() {
        tries += 1;
        assert!(tries < 100, "the lock outlives its unit of work");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
