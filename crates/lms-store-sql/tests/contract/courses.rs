//! Courses and their lessons.

use scormbridge_lms::classroom::ports::*;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

use crate::common::*;

#[tokio::test]
async fn deleting_a_course_takes_everything_in_it_along() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = test
            .store
            .begin(&school.actor(&school.teacher))
            .await
            .unwrap();
        tx.courses().delete(school.course.id).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = service(&test.store).await;
        assert!(matches!(
            tx.attempts().get(school.attempt.id).await,
            Err(StoreError::NotFound)
        ));
        assert_eq!(
            tx.checkpoints()
                .find(school.attempt.id, "main")
                .await
                .unwrap(),
            None
        );
        assert_eq!(
            tx.scorm().tracks(school.attempt.id, None).await.unwrap(),
            []
        );
        let redemption = tx.launches().redeem(school.token.nonce, NOW).await.unwrap();
        assert_eq!(redemption, Redemption::Unknown);
        // The registry is the site's, and stays.
        tx.registry().get_version(school.version.id).await.unwrap();
    }
}

#[tokio::test]
async fn lessons_are_put_in_any_order_that_names_each_of_them_once() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let course = school.course.id;
        let mut ids = vec![school.lesson.id];
        let mut tx = service(&test.store).await;
        for position in [1, 5, 7] {
            let more = lesson(course, position);
            tx.lessons().insert(&more).await.unwrap();
            ids.push(more.id);
        }
        ids.rotate_left(1);
        ids.swap(0, 1);
        tx.lessons().arrange(course, &ids).await.unwrap();
        let listed = tx.lessons().of_course(course).await.unwrap();
        let order: Vec<_> = listed.iter().map(|lesson| lesson.id).collect();
        assert_eq!(order, ids, "{}", test.engine);
        let places: Vec<_> = listed.iter().map(|lesson| lesson.position).collect();
        assert_eq!(places, [0, 1, 2, 3]);

        let stranger = LessonId::random(&Chance);
        for wrong in [
            ids[1..].to_vec(),
            vec![ids[0]; 4],
            [&ids[..3], &[stranger]].concat(),
        ] {
            assert!(matches!(
                tx.lessons().arrange(course, &wrong).await,
                Err(StoreError::Conflict)
            ));
        }
        assert_eq!(tx.lessons().of_course(course).await.unwrap(), listed);
    }
}
