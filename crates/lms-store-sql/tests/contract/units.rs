//! Units of work, whatever they are about.

use scormbridge_lms::classroom::ports::*;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

use crate::common::*;

#[tokio::test]
async fn what_is_stored_reads_back() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = test.store.read(&Actor::Service).await.unwrap();
        assert_eq!(
            tx.users().get(school.teacher.id).await.unwrap(),
            school.teacher
        );
        assert_eq!(
            tx.providers().get(school.provider.id).await.unwrap(),
            school.provider
        );
        assert_eq!(
            tx.courses().get(school.course.id).await.unwrap(),
            school.course
        );
        assert_eq!(
            tx.lessons().of_course(school.course.id).await.unwrap(),
            [school.lesson]
        );
        assert_eq!(
            tx.enrollments()
                .find(school.course.id, school.learner.id)
                .await
                .unwrap(),
            Some(school.enrollment)
        );
        assert_eq!(
            tx.attempts().get(school.attempt.id).await.unwrap(),
            school.attempt
        );
        assert_eq!(
            tx.registry().get_version(school.version.id).await.unwrap(),
            school.version
        );
        assert_eq!(
            tx.targets().find(school.target.assignment).await.unwrap(),
            Some(school.target)
        );
        let log = tx
            .events()
            .of_course(school.course.id, &Page::first(9))
            .await
            .unwrap();
        assert_eq!(log.items, [school.event]);
        assert_eq!(
            tx.checkpoints()
                .find(school.attempt.id, "main")
                .await
                .unwrap(),
            Some(checkpoint(school.attempt.id))
        );
        assert_eq!(
            tx.sessions().find(&school.session.token).await.unwrap(),
            Some(school.session)
        );
        assert_eq!(
            tx.scorm().find_package(school.course.id).await.unwrap(),
            Some(package(school.course.id))
        );
        assert_eq!(
            tx.scorm().get_launch(school.scorm_launch.id).await.unwrap(),
            school.scorm_launch
        );
        assert_eq!(
            tx.scorm().tracks(school.attempt.id, None).await.unwrap(),
            [track("cmi.location", "p1")]
        );
    }
}

#[tokio::test]
async fn what_is_not_committed_never_was() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let lost = lesson(school.course.id, 1);
        let mut tx = service(&test.store).await;
        tx.lessons().insert(&lost).await.unwrap();
        drop(tx);
        let mut tx = service(&test.store).await;
        assert!(matches!(
            tx.lessons().get(lost.id).await,
            Err(StoreError::NotFound)
        ));
        tx.lessons().insert(&lost).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = service(&test.store).await;
        assert!(matches!(
            tx.lessons().get(lost.id).await,
            Err(StoreError::NotFound)
        ));
    }
}

#[tokio::test]
async fn a_unit_of_work_that_reads_does_not_write() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = test.store.read(&Actor::Service).await.unwrap();
        let refused = tx.lessons().insert(&lesson(school.course.id, 1)).await;
        assert!(
            matches!(refused, Err(StoreError::ReadOnly)),
            "{}",
            test.engine
        );
    }
}

#[tokio::test]
async fn after_a_failed_statement_nothing_is_kept() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let kept = lesson(school.course.id, 1);
        let mut tx = service(&test.store).await;
        tx.lessons().insert(&kept).await.unwrap();
        assert!(matches!(
            tx.lessons().insert(&kept).await,
            Err(StoreError::Conflict)
        ));
        assert!(matches!(
            tx.lessons().get(kept.id).await,
            Err(StoreError::Aborted)
        ));
        assert!(
            matches!(tx.commit().await, Err(StoreError::Aborted)),
            "{}",
            test.engine
        );
        let mut tx = service(&test.store).await;
        assert!(matches!(
            tx.lessons().get(kept.id).await,
            Err(StoreError::NotFound)
        ));
    }
}

#[tokio::test]
async fn the_data_model_refuses_what_breaks_it() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut taken = user("TEACHER", Role::Student);
        let mut tx = service(&test.store).await;
        assert!(matches!(
            tx.users().insert(&taken).await,
            Err(StoreError::Conflict)
        ));

        taken.login = "nameless".to_owned();
        taken.display_name = String::new();
        drop(tx);
        let mut tx = service(&test.store).await;
        assert!(matches!(
            tx.users().insert(&taken).await,
            Err(StoreError::Invalid)
        ));

        drop(tx);
        let mut tx = service(&test.store).await;
        let orphan = lesson(CourseId::random(&Chance), 0);
        assert!(matches!(
            tx.lessons().insert(&orphan).await,
            Err(StoreError::Reference)
        ));

        drop(tx);
        let mut tx = service(&test.store).await;
        let gone = tx.providers().delete(school.provider.id).await;
        assert!(
            matches!(gone, Err(StoreError::Reference)),
            "{}",
            test.engine
        );

        // An attempt names the learner and the course of its enrolment, and no other.
        let mut stolen = attempt(&school.enrollment, None);
        stolen.user = school.stranger.id;
        stolen.mode = LaunchMode::Browse;
        drop(tx);
        let mut tx = service(&test.store).await;
        assert!(matches!(
            tx.attempts().insert(&stolen).await,
            Err(StoreError::Reference)
        ));

        let mut long = token(school.attempt.id);
        long.expires_at = NOW.plus_ms(MAX_LAUNCH_LIFETIME_MS + 1);
        drop(tx);
        let mut tx = service(&test.store).await;
        assert!(matches!(
            tx.launches().insert(&long).await,
            Err(StoreError::Invalid)
        ));

        let mut hostile = event(school.course.id, None, NOW);
        hostile.payload = "\0".to_owned();
        drop(tx);
        let mut tx = service(&test.store).await;
        let kept = tx.events().append(&hostile).await;
        assert!(
            matches!(kept, Err(StoreError::Invalid)),
            "{}: {kept:?}",
            test.engine
        );
    }
}
