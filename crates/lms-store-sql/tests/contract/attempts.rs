//! Attempts.

use scormbridge_lms::classroom::ports::*;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

use crate::common::*;

#[tokio::test]
async fn an_enrolment_has_one_open_attempt_for_credit() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = service(&test.store).await;
        let second = attempt(&school.enrollment, None);
        assert!(matches!(
            tx.attempts().insert(&second).await,
            Err(StoreError::Conflict)
        ));

        drop(tx);
        let mut tx = service(&test.store).await;
        let mut look = attempt(&school.enrollment, None);
        look.mode = LaunchMode::Browse;
        tx.attempts().insert(&look).await.unwrap();
        let open = tx
            .attempts()
            .find_open(school.enrollment.id, None)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(open.id, school.attempt.id);

        let mut first = tx.attempts().lock(school.attempt.id).await.unwrap();
        first.complete(Outcome::Passed, NOW.plus_ms(5)).unwrap();
        first.score = Some(Score::new(8.5, 10.0).unwrap());
        tx.attempts().update(&first).await.unwrap();
        assert_eq!(tx.attempts().get(first.id).await.unwrap(), first);
        assert_eq!(
            tx.attempts()
                .find_open(school.enrollment.id, None)
                .await
                .unwrap(),
            None
        );
        tx.attempts().insert(&second).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn an_assignment_has_open_attempts_of_its_own() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = service(&test.store).await;
        let mut at_work = attempt(&school.enrollment, Some(school.provider.id));
        at_work.assignment = Some(school.target.assignment);
        tx.attempts().insert(&at_work).await.unwrap();
        let open = tx
            .attempts()
            .find_open(school.enrollment.id, at_work.assignment)
            .await
            .unwrap();
        assert_eq!(open.as_ref(), Some(&at_work), "{}", test.engine);
        let other = Some(AssignmentId::random(&Chance));
        let none = tx.attempts().find_open(school.enrollment.id, other).await;
        assert_eq!(none.unwrap(), None);
        tx.commit().await.unwrap();

        let mut tx = service(&test.store).await;
        let mut second = attempt(&school.enrollment, Some(school.provider.id));
        second.assignment = at_work.assignment;
        assert!(matches!(
            tx.attempts().insert(&second).await,
            Err(StoreError::Conflict)
        ));
    }
}

#[tokio::test]
async fn what_a_course_launched_before_is_given_up_and_assignments_go_on() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = service(&test.store).await;
        let mut at_work = attempt(&school.enrollment, Some(school.provider.id));
        at_work.assignment = Some(school.target.assignment);
        tx.attempts().insert(&at_work).await.unwrap();
        let now = NOW.plus_ms(9);
        let given_up = tx.attempts().abandon_open(school.course.id, now).await;
        assert_eq!(given_up.unwrap(), 1, "{}", test.engine);
        // The statement does what the entity's own method does.
        let mut expected = school.attempt.clone();
        expected.abandon(now).unwrap();
        assert_eq!(tx.attempts().get(expected.id).await.unwrap(), expected);
        assert_eq!(tx.attempts().get(at_work.id).await.unwrap(), at_work);
        let again = tx.attempts().abandon_open(school.course.id, now).await;
        assert_eq!(again.unwrap(), 0);
    }
}
