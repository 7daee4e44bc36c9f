//! Launches of SCOs, and what they stored.

use scormbridge_lms::classroom::ports::*;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

use crate::common::*;

#[tokio::test]
async fn tracks_saved_again_replace_those_before_and_a_launch_keeps_its_session() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let id = school.attempt.id;
        let mut tx = service(&test.store).await;
        let tracks = [track("cmi.location", "p2"), track("cmi.suspend_data", "x")];
        tx.scorm().save_tracks(id, &tracks, NOW).await.unwrap();
        assert_eq!(tx.scorm().tracks(id, Some("sco_1")).await.unwrap(), tracks);
        assert_eq!(tx.scorm().tracks(id, Some("sco_2")).await.unwrap(), []);
        assert_eq!(tx.scorm().delete_tracks(id).await.unwrap(), 2);

        let mut launch = tx
            .scorm()
            .lock_launch(school.scorm_launch.id)
            .await
            .unwrap();
        launch.session.last_seq = 12;
        launch.session.carry.session_time = "00:10:00".to_owned();
        tx.scorm().update_launch(&launch).await.unwrap();
        assert_eq!(tx.scorm().get_launch(launch.id).await.unwrap(), launch);
        tx.commit().await.unwrap();
    }
}

fn begun(attempt: AttemptId, at: Timestamp) -> ScormLaunch {
    ScormLaunch {
        created_at: at,
        ..scorm_launch(attempt)
    }
}

#[tokio::test]
async fn launches_of_a_sco_come_newest_first_and_no_more_than_asked_for() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let id = school.attempt.id;
        let mut tx = service(&test.store).await;
        let other = ScormLaunch {
            sco: "sco_2".to_owned(),
            ..begun(id, NOW.plus_ms(9))
        };
        let newest = begun(id, NOW.plus_ms(2));
        let middle = begun(id, NOW.plus_ms(1));
        for launch in [&newest, &other, &middle] {
            tx.scorm().insert_launch(launch).await.unwrap();
        }
        let all = tx.scorm().launches(id, "sco_1", 9).await.unwrap();
        assert_eq!(
            all,
            [newest.clone(), middle, school.scorm_launch.clone()],
            "{}",
            test.engine
        );
        let one = tx.scorm().launches(id, "sco_1", 1).await.unwrap();
        assert_eq!(one, [newest]);
    }
}

#[tokio::test]
async fn a_launch_finds_what_newer_ones_of_its_sco_had_accepted() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let id = school.attempt.id;
        let first = &school.scorm_launch;
        let mut tx = service(&test.store).await;
        let elsewhere = ScormLaunch {
            sco: "sco_2".to_owned(),
            ..begun(id, NOW.plus_ms(5))
        };
        let second = begun(id, NOW.plus_ms(1));
        for launch in [&second, &elsewhere] {
            tx.scorm().insert_launch(launch).await.unwrap();
        }
        tx.scorm()
            .append_history(&history(elsewhere.id, 1))
            .await
            .unwrap();
        assert_eq!(tx.scorm().newer_history(first).await.unwrap(), []);

        let pieces = [(8, 1), (8, 0), (1, 0)].map(|(first_seq, part)| ScormHistory {
            part,
            ..history(second.id, first_seq)
        });
        for piece in &pieces {
            tx.scorm().append_history(piece).await.unwrap();
        }
        let found = tx.scorm().newer_history(first).await.unwrap();
        let order: Vec<_> = found.iter().map(|it| (it.first_seq, it.part)).collect();
        assert_eq!(order, [(1, 0), (8, 0), (8, 1)], "{}", test.engine);
        assert_eq!(tx.scorm().newer_history(&second).await.unwrap(), []);

        assert_eq!(tx.scorm().purge_history(NOW).await.unwrap(), 0);
        let later = NOW.plus_ms(1);
        assert_eq!(tx.scorm().purge_history(later).await.unwrap(), 5);
        assert_eq!(tx.scorm().newer_history(first).await.unwrap(), []);
        tx.scorm().append_history(&pieces[0]).await.unwrap();
        let again = tx.scorm().append_history(&pieces[0]).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
    }
}
