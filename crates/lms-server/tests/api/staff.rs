//! What the staff changes in a course, and what becomes of learners in the middle of it; on each engine.

use axum::http::Method;
use scormbridge_lms::classroom::ports::Store;
use scormbridge_lms::classroom::{Actor, CourseId};
use serde_json::{Value, json};

use crate::scorm::{Course, commit_path, course, set};
use crate::support::{Browser, TestApp, settings};

async fn events(app: &TestApp, who: &Browser, course: &str, kind: &str) -> Vec<Value> {
    let path = format!("/api/courses/{course}/events");
    let log = app.by(who, Method::GET, &path, None).await.json();
    let of_kind = |event: &&Value| event["kind"] == kind;
    log["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(of_kind)
        .cloned()
        .collect()
}

fn scorm_at(url: &str) -> Value {
    json!({"title": "Bees", "launch_kind": "scorm", "published": true, "launch_url": url})
}

async fn has_package(store: &dyn Store, it: &Course) -> bool {
    let course: CourseId = it.course.parse().unwrap();
    let mut tx = store.read(&Actor::Service).await.unwrap();
    tx.scorm().find_package(course).await.unwrap().is_some()
}

#[tokio::test]
async fn a_package_at_another_address_ends_the_attempts_at_the_one_before() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        let begun = json!([
            {"seq": 1, "op": "initialize", "at": 0}, set(2, "cmi.suspend_data", "page 3"),
        ]);
        let path = commit_path(&stage);
        let answer = app.by(&it.learner, Method::POST, &path, Some(&begun)).await;
        assert_eq!(answer.status, 200);

        let to = format!("/api/courses/{}", it.course);
        let same = scorm_at("https://cdn.example/bees/imsmanifest.xml");
        assert_eq!(
            app.by(&it.teacher, Method::PUT, &to, Some(&same))
                .await
                .status,
            200
        );
        assert!(
            has_package(&store.store, &it).await,
            "the same address keeps the package"
        );
        assert_eq!(it.attempts(&app).await[0]["status"], "started");

        let moved = scorm_at("https://cdn.example/bees-2/imsmanifest.xml");
        assert_eq!(
            app.by(&it.learner, Method::PUT, &to, Some(&moved))
                .await
                .problem(403),
            "denied"
        );
        assert_eq!(
            app.by(&it.teacher, Method::PUT, &to, Some(&moved))
                .await
                .status,
            200
        );
        assert!(
            !has_package(&store.store, &it).await,
            "{}: the next launch looks anew",
            store.engine
        );
        let attempt = it.attempts(&app).await[0].clone();
        assert_eq!(attempt["status"], "abandoned");
        assert!(attempt["completed_at"].is_i64());
        let late = json!([set(3, "cmi.suspend_data", "page 4")]);
        let refused = app.by(&it.learner, Method::POST, &path, Some(&late)).await;
        assert_eq!(refused.problem(409), "attempt_closed");
        let noted = events(&app, &it.teacher, &it.course, "course.changed").await;
        let told = |n: usize| {
            (
                &noted[n]["payload"]["launch"],
                &noted[n]["payload"]["abandoned"],
            )
        };
        assert_eq!(told(0), (&json!(true), &json!(1)));
        assert_eq!(told(1), (&json!(false), &json!(0)));
        assert_eq!(noted[0]["payload"]["by"], it.teacher.user);
    }
}

#[tokio::test]
async fn a_teacher_enrols_by_login_suspends_and_resumes_and_the_log_says_so() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let eve = app.browser("eve", "student").await;
        let list = format!("/api/courses/{}/enrollments", it.course);
        let by_login = json!({"login": " Eve "});
        for who in [&it.learner, &eve] {
            let refused = app.by(who, Method::POST, &list, Some(&by_login)).await;
            assert_eq!(
                refused.problem(403),
                "denied",
                "nobody finds out who has an account"
            );
        }
        let nobody = json!({"login": "nobody"});
        let refused = app
            .by(&it.teacher, Method::POST, &list, Some(&nobody))
            .await;
        assert_eq!(refused.problem(404), "no_such_account");
        let both = json!({"login": "eve", "user_id": eve.user});
        let refused = app.by(&it.teacher, Method::POST, &list, Some(&both)).await;
        assert_eq!(refused.problem(422), "invalid_body");
        let added = app
            .by(&it.teacher, Method::POST, &list, Some(&by_login))
            .await;
        assert_eq!(added.status, 201);
        assert_eq!(added.json()["user_id"], eve.user);
        let listed = app.by(&it.teacher, Method::GET, &list, None).await.json();
        let logins: Vec<&str> = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["login"].as_str().unwrap())
            .collect();
        assert_eq!(logins, ["kim", "eve"], "{}", store.engine);

        let path = format!("/api/enrollments/{}", added.json()["id"].as_str().unwrap());
        for (status, launch) in [("suspended", 403), ("active", 201)] {
            let change = json!({"status": status});
            let changed = app
                .by(&it.teacher, Method::PATCH, &path, Some(&change))
                .await;
            assert_eq!(changed.json()["status"], status);
            let launches = format!("{path}/scorm-launches");
            let answer = app
                .by(&eve, Method::POST, &launches, Some(&json!({})))
                .await;
            assert_eq!(answer.status, launch, "{status}");
        }
        for kind in [
            "enrollment.added",
            "enrollment.suspended",
            "enrollment.resumed",
        ] {
            assert_eq!(
                events(&app, &it.teacher, &it.course, kind).await.len(),
                1,
                "{kind}"
            );
        }
    }
}

#[tokio::test]
async fn lessons_are_added_at_the_end_and_put_in_another_order() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let list = format!("/api/courses/{}/lessons", it.course);
        let mut ids = Vec::new();
        for title in ["One", "Two", "Three"] {
            let made = app
                .by(
                    &it.teacher,
                    Method::POST,
                    &list,
                    Some(&json!({"title": title})),
                )
                .await;
            assert_eq!(made.json()["position"], ids.len(), "{}", store.engine);
            ids.push(made.json()["id"].as_str().unwrap().to_owned());
        }
        let order = format!("{list}/order");
        let reversed: Vec<_> = ids.iter().rev().collect();
        let body = json!({"lessons": reversed});
        assert_eq!(
            app.by(&it.learner, Method::PUT, &order, Some(&body))
                .await
                .problem(403),
            "denied"
        );
        let arranged = app
            .by(&it.teacher, Method::PUT, &order, Some(&body))
            .await
            .json();
        let titles: Vec<&str> = arranged
            .as_array()
            .unwrap()
            .iter()
            .map(|lesson| lesson["title"].as_str().unwrap())
            .collect();
        assert_eq!(titles, ["Three", "Two", "One"]);
        let partial = json!({"lessons": ids[..2]});
        assert_eq!(
            app.by(&it.teacher, Method::PUT, &order, Some(&partial))
                .await
                .problem(409),
            "conflict"
        );
        let renamed = json!({"title": "Uno", "body": "text"});
        let path = format!("/api/lessons/{}", ids[0]);
        let changed = app
            .by(&it.teacher, Method::PUT, &path, Some(&renamed))
            .await
            .json();
        assert_eq!(
            (&changed["position"], &changed["title"]),
            (&json!(2), &json!("Uno")),
            "it stays where it is"
        );
        assert_eq!(
            events(&app, &it.teacher, &it.course, "lesson.ordered")
                .await
                .len(),
            1
        );
    }
}
