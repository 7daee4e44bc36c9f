//! Lists and their pages.

use scormbridge_lms::classroom::ports::*;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

use crate::common::*;

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
async fn providers_are_found_by_a_part_of_their_name() {
    for test in test_support::each().await {
        let mut tx = service(&test.store).await;
        for (n, name) in (1..).zip(["Meadow Games", "100 % Maths", "Forest", "meadow maps"]) {
            let named = Provider {
                name: name.to_owned(),
                ..provider(n)
            };
            tx.providers().insert(&named).await.unwrap();
        }
        let mut names = async |sought: &str, page: &Page| {
            let found = tx.providers().search(sought, page).await.unwrap();
            let names: Vec<_> = found.items.into_iter().map(|one| one.name).collect();
            (names, found.next)
        };
        let first = Page::first(9);
        let both = ["Meadow Games", "meadow maps"].map(str::to_owned).to_vec();
        assert_eq!(names("MEADOW", &first).await.0, both, "{}", test.engine);
        assert_eq!(names("0 % m", &first).await.0, ["100 % Maths"]);
        assert_eq!(
            names("_", &first).await.0,
            [""; 0],
            "a sign of the pattern is a sign"
        );
        let (one, next) = names("meadow", &Page::first(1)).await;
        assert_eq!(one, ["Meadow Games"]);
        let second = Page {
            after: next,
            limit: 1,
        };
        assert_eq!(names("meadow", &second).await.0, ["meadow maps"]);
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
