//! What the ports promise, on every engine.

mod common;

use common::*;
use scormbridge_lms::classroom::ports::*;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

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
async fn a_nonce_counts_once_even_when_two_present_it() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let nonce = school.token.nonce;
        let redeem = || async {
            let mut tx = service(&test.store).await;
            let redemption = tx.launches().redeem(nonce, NOW.plus_ms(1)).await.unwrap();
            tx.commit().await.unwrap();
            redemption
        };
        let (a, b) = tokio::join!(redeem(), redeem());
        let counted = [&a, &b]
            .iter()
            .filter(|r| matches!(r, Redemption::Redeemed(_)))
            .count();
        assert_eq!(counted, 1, "{}: {a:?} {b:?}", test.engine);
        assert!([a, b].contains(&Redemption::AlreadyUsed));

        let mut tx = service(&test.store).await;
        let late = token(school.attempt.id);
        tx.launches().insert(&late).await.unwrap();
        let expired = tx
            .launches()
            .redeem(late.nonce, late.expires_at)
            .await
            .unwrap();
        assert_eq!(expired, Redemption::Expired);
        let unknown = tx
            .launches()
            .redeem(LaunchId::random(&Chance), NOW)
            .await
            .unwrap();
        assert_eq!(unknown, Redemption::Unknown);
        assert_eq!(
            tx.launches()
                .purge(late.expires_at.plus_ms(1))
                .await
                .unwrap(),
            2
        );
    }
}

#[tokio::test]
async fn a_repeated_request_gets_the_stored_answer() {
    for test in test_support::each().await {
        let answer = StoredAnswer {
            status: 200,
            body: r#"{"ok":true}"#.to_owned(),
        };
        let mut tx = service(&test.store).await;
        assert_eq!(
            tx.idempotency()
                .claim(&key("a"), &[1; 32], NOW)
                .await
                .unwrap(),
            Claim::Fresh
        );
        tx.rollback().await.unwrap();

        let first = || async {
            let mut tx = service(&test.store).await;
            let claim = tx
                .idempotency()
                .claim(&key("a"), &[1; 32], NOW)
                .await
                .unwrap();
            if claim == Claim::Fresh {
                tx.idempotency().finish(&key("a"), &answer).await.unwrap();
            }
            tx.commit().await.unwrap();
            claim
        };
        let (a, b) = tokio::join!(first(), first());
        let mut claims = [a, b];
        claims.sort_by_key(|claim| *claim != Claim::Fresh);
        assert_eq!(
            claims,
            [Claim::Fresh, Claim::Replay(answer.clone())],
            "{}",
            test.engine
        );

        let mut tx = service(&test.store).await;
        let other = tx
            .idempotency()
            .claim(&key("a"), &[2; 32], NOW)
            .await
            .unwrap();
        assert_eq!(other, Claim::Mismatch);
        assert_eq!(tx.idempotency().purge(NOW.plus_ms(1)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn saving_again_replaces() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let id = school.attempt.id;
        let mut tx = service(&test.store).await;
        let newer = Checkpoint::new(id, "main", "[1]".to_owned(), 9, NOW.plus_ms(1)).unwrap();
        tx.checkpoints().save(&newer).await.unwrap();
        assert_eq!(
            tx.checkpoints().find(id, "main").await.unwrap(),
            Some(newer)
        );
        tx.checkpoints().delete(id, "main").await.unwrap();
        assert_eq!(tx.checkpoints().find(id, "main").await.unwrap(), None);

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

#[tokio::test]
async fn pages_give_every_item_once_in_order() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = service(&test.store).await;
        let mut titles = vec![];
        for n in 0..7 {
            // Equal titles, so that the id has to decide.
            let mut more = course(school.teacher.id, ["A", "b", "Ä"][n % 3], None);
            more.published = true;
            tx.courses().insert(&more).await.unwrap();
            titles.push((more.title, more.id));
        }
        titles.sort();
        let mut seen = vec![];
        let mut page = Page::first(3);
        loop {
            let part = tx.courses().catalogue(&page).await.unwrap();
            assert!(part.items.len() <= 3);
            seen.extend(
                part.items
                    .into_iter()
                    .map(|course| (course.title, course.id)),
            );
            match part.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, titles, "{}", test.engine);

        for n in 1..=5 {
            tx.events()
                .append(&event(school.course.id, None, NOW.plus_ms(n / 2)))
                .await
                .unwrap();
        }
        let mut at = vec![];
        let mut page = Page::first(2);
        loop {
            let part = tx
                .events()
                .of_course(school.course.id, &page)
                .await
                .unwrap();
            at.extend(part.items.iter().map(|event| (event.at, event.id)));
            match part.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        assert_eq!(at.len(), 6);
        assert!(at.is_sorted_by(|a, b| a > b), "{}", test.engine);

        let wrong = Page {
            after: Some("nonsense".to_owned()),
            limit: 3,
        };
        assert!(matches!(
            tx.courses().catalogue(&wrong).await,
            Err(StoreError::Cursor)
        ));
    }
}

#[tokio::test]
async fn lists_hold_what_they_name() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut tx = test.store.read(&Actor::Service).await.unwrap();
        let page = Page::first(50);
        let taught = tx
            .courses()
            .taught_by(school.teacher.id, &page)
            .await
            .unwrap();
        assert_eq!(taught.items, std::slice::from_ref(&school.course));
        let joined = tx
            .courses()
            .joined_by(school.learner.id, &page)
            .await
            .unwrap();
        assert_eq!(joined.items, std::slice::from_ref(&school.course));
        assert_eq!(tx.courses().catalogue(&page).await.unwrap().items, []);
        assert_eq!(tx.courses().list(&page).await.unwrap().items.len(), 2);
        assert_eq!(tx.users().list(&page).await.unwrap().items.len(), 5);
        assert_eq!(tx.providers().list(&page).await.unwrap().items.len(), 1);
        let course = tx
            .attempts()
            .of_course(school.course.id, &page)
            .await
            .unwrap();
        assert_eq!(course.items[0].learner, "learner name");
        let own = [school.attempt];
        assert_eq!(
            tx.attempts()
                .of_user(school.learner.id, &page)
                .await
                .unwrap()
                .items,
            own
        );
        let of_place = tx
            .attempts()
            .of_enrollment(school.enrollment.id, &page)
            .await
            .unwrap();
        assert_eq!(of_place.items, own);
        let place = [school.enrollment];
        assert_eq!(
            tx.enrollments()
                .of_user(school.learner.id, &page)
                .await
                .unwrap()
                .items,
            place
        );
        let in_course = tx
            .enrollments()
            .of_course(school.course.id, &page)
            .await
            .unwrap();
        assert_eq!(in_course.items[0].enrollment, place[0]);
        assert_eq!(in_course.items[0].learner, "learner name");
        assert_eq!(in_course.items[0].login, "learner");

        let find = |title: &str, provider| RegistryFilter {
            title: Some(title.to_owned()),
            provider,
        };
        let mut count = async |filter: RegistryFilter| {
            tx.registry()
                .search(&filter, &page)
                .await
                .unwrap()
                .items
                .len()
        };
        assert_eq!(count(RegistryFilter::default()).await, 1);
        assert_eq!(count(find("EXTERNAL", Some(school.provider.id))).await, 1);
        assert_eq!(
            count(find("%", None)).await,
            0,
            "a wildcard is a character like any other"
        );
        assert_eq!(
            count(find("ext", Some(ProviderId::random(&Chance)))).await,
            0
        );
    }
}

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
