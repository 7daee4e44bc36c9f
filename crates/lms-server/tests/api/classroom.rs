//! Courses, lessons, enrolments, providers, attempts: who may, and what is refused.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Browser, TestApp, settings};

const NOBODYS: &str = "0123456789abcdef0123456789abcdef";

/// A teacher with a course, a learner, and others who have nothing to do with it.
struct Class {
    teacher: Browser,
    other: Browser,
    learner: Browser,
    admin: Browser,
    course: String,
}

fn lessons_only(title: &str, published: bool) -> Value {
    json!({"title": title, "launch_kind": "none", "published": published})
}

fn id(answer: &Answer) -> String {
    assert!(
        answer.status.is_success(),
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn class(app: &TestApp, published: bool) -> Class {
    let teacher = app.browser("ada", "teacher").await;
    let made = app
        .by(
            &teacher,
            Method::POST,
            "/api/courses",
            Some(&lessons_only("Algebra", published)),
        )
        .await;
    Class {
        other: app.browser("bob", "teacher").await,
        learner: app.browser("kim", "student").await,
        admin: app.browser("root", "admin").await,
        course: id(&made),
        teacher,
    }
}

#[tokio::test]
async fn a_course_is_its_teachers_and_nobody_elses() {
    for (app, store) in TestApp::each(settings).await {
        let it = class(&app, true).await;
        let path = format!("/api/courses/{}", it.course);
        let change = lessons_only("Algebra II", true);
        for (who, browser) in [("another teacher", &it.other), ("a learner", &it.learner)] {
            assert_eq!(
                app.by(browser, Method::GET, &path, None).await.status,
                200,
                "{who}: it is published"
            );
            assert_eq!(
                app.by(browser, Method::PUT, &path, Some(&change))
                    .await
                    .problem(403),
                "denied",
                "{who}"
            );
            assert_eq!(
                app.by(browser, Method::DELETE, &path, None)
                    .await
                    .problem(403),
                "denied",
                "{who}"
            );
        }
        assert_eq!(
            app.by(&it.learner, Method::POST, "/api/courses", Some(&change))
                .await
                .problem(403),
            "denied"
        );
        let changed = app.by(&it.teacher, Method::PUT, &path, Some(&change)).await;
        assert_eq!(changed.json()["title"], "Algebra II", "{}", store.engine);
        assert_eq!(changed.json()["teacher_id"], it.teacher.user);
        assert_eq!(
            app.by(&it.admin, Method::DELETE, &path, None).await.status,
            204
        );
        assert_eq!(
            app.by(&it.teacher, Method::GET, &path, None)
                .await
                .problem(404),
            "not_found"
        );
    }
}

#[tokio::test]
async fn an_unpublished_course_does_not_exist_for_others() {
    for (app, _store) in TestApp::each(settings).await {
        let it = class(&app, false).await;
        let path = format!("/api/courses/{}", it.course);
        for browser in [&it.other, &it.learner] {
            assert_eq!(
                app.by(browser, Method::GET, &path, None).await.problem(404),
                "not_found"
            );
            let catalogue = app.by(browser, Method::GET, "/api/catalogue", None).await;
            assert_eq!(catalogue.json(), json!({"items": []}));
        }
        let join = app
            .by(
                &it.learner,
                Method::POST,
                &format!("{path}/enrollments"),
                Some(&json!({})),
            )
            .await;
        assert!(matches!(join.status.as_u16(), 403 | 404), "{}", join.status);
        join.problem(join.status.as_u16());
    }
}

#[tokio::test]
async fn a_learner_joins_once_and_is_seen_by_the_teacher_alone() {
    for (app, _store) in TestApp::each(settings).await {
        let it = class(&app, true).await;
        let list = format!("/api/courses/{}/enrollments", it.course);
        let joined = app
            .by(&it.learner, Method::POST, &list, Some(&json!({})))
            .await;
        assert_eq!(joined.status, 201);
        assert_eq!(joined.json()["user_id"], it.learner.user);
        assert_eq!(
            app.by(&it.learner, Method::POST, &list, Some(&json!({})))
                .await
                .problem(409),
            "conflict"
        );
        let for_another = json!({"user_id": it.other.user});
        assert_eq!(
            app.by(&it.learner, Method::POST, &list, Some(&for_another))
                .await
                .problem(403),
            "denied"
        );
        let seen = app.by(&it.teacher, Method::GET, &list, None).await;
        assert_eq!(seen.json()["items"].as_array().unwrap().len(), 1);
        for browser in [&it.other, &it.learner] {
            assert_eq!(
                app.by(browser, Method::GET, &list, None).await.problem(403),
                "denied"
            );
        }
        let own = app
            .by(&it.learner, Method::GET, "/api/enrollments", None)
            .await;
        assert_eq!(own.json()["items"][0]["course_id"], it.course);
        let path = format!("/api/enrollments/{}", id(&joined));
        let suspend = json!({"status": "suspended"});
        assert_eq!(
            app.by(&it.learner, Method::PATCH, &path, Some(&suspend))
                .await
                .problem(403),
            "denied"
        );
        assert_eq!(
            app.by(&it.other, Method::GET, &path, None)
                .await
                .problem(404),
            "not_found"
        );
        let suspended = app
            .by(&it.teacher, Method::PATCH, &path, Some(&suspend))
            .await;
        assert_eq!(suspended.json()["status"], "suspended");
        assert_eq!(
            app.by(&it.teacher, Method::DELETE, &path, None)
                .await
                .status,
            204
        );
        assert_eq!(
            app.by(&it.learner, Method::GET, &path, None)
                .await
                .problem(404),
            "not_found"
        );
    }
}

#[tokio::test]
async fn lessons_are_for_the_class() {
    for (app, _store) in TestApp::each(settings).await {
        let it = class(&app, true).await;
        let list = format!("/api/courses/{}/lessons", it.course);
        let lesson = json!({"position": 0, "title": "Groups", "body": "A set with an operation."});
        let made = app
            .by(&it.teacher, Method::POST, &list, Some(&lesson))
            .await;
        let path = format!("/api/lessons/{}", id(&made));
        assert_eq!(
            app.by(&it.teacher, Method::POST, &list, Some(&lesson))
                .await
                .problem(409),
            "conflict"
        );
        assert_eq!(
            app.by(&it.other, Method::POST, &list, Some(&lesson))
                .await
                .problem(403),
            "denied"
        );
        assert_eq!(
            app.by(&it.learner, Method::GET, &path, None)
                .await
                .problem(404),
            "not_found"
        );
        let join = format!("/api/courses/{}/enrollments", it.course);
        id(&app
            .by(&it.learner, Method::POST, &join, Some(&json!({})))
            .await);
        assert_eq!(
            app.by(&it.learner, Method::GET, &path, None).await.json()["title"],
            "Groups"
        );
        assert_eq!(
            app.by(&it.learner, Method::DELETE, &path, None)
                .await
                .problem(403),
            "denied"
        );
        let moved = json!({"position": 3, "title": "Rings", "body": ""});
        assert_eq!(
            app.by(&it.teacher, Method::PUT, &path, Some(&moved))
                .await
                .json()["position"],
            3
        );
        assert_eq!(
            app.by(&it.learner, Method::GET, &list, None)
                .await
                .json()
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            app.by(&it.teacher, Method::DELETE, &path, None)
                .await
                .status,
            204
        );
    }
}

#[tokio::test]
async fn providers_are_the_administrators_and_a_course_launches_at_its_providers_origin_only() {
    for (app, _store) in TestApp::each(settings).await {
        let it = class(&app, true).await;
        let play =
            json!({"name": "Play", "origin": "https://play.example", "domain": "play.example"});
        assert_eq!(
            app.by(&it.teacher, Method::POST, "/api/providers", Some(&play))
                .await
                .problem(403),
            "denied"
        );
        let provider = id(&app
            .by(&it.admin, Method::POST, "/api/providers", Some(&play))
            .await);
        assert_eq!(
            app.by(&it.admin, Method::POST, "/api/providers", Some(&play))
                .await
                .problem(409),
            "conflict"
        );
        for origin in [
            "https://play.example/",
            "play.example",
            "http://localhost:8080",
            "https://a;b",
        ] {
            let odd = json!({"name": "Odd", "origin": origin, "domain": "odd.example"});
            let refused = app
                .by(&it.admin, Method::POST, "/api/providers", Some(&odd))
                .await;
            assert_eq!(refused.problem(422), "invalid_body", "{origin}");
            assert_eq!(refused.json()["errors"][0]["field"], "origin");
        }
        let seen = app
            .by(
                &it.teacher,
                Method::GET,
                &format!("/api/providers/{provider}"),
                None,
            )
            .await;
        assert_eq!(seen.json()["has_webhook_secret"], false);
        let course = |url: &str, provider: Option<&str>| {
            json!({"title": "Game", "launch_kind": "web_embed", "launch_url": url, "provider_id": provider,
                   "scopes": ["progress.write"]})
        };
        for (url, provider, field) in [
            (
                "https://evil.example/game",
                Some(provider.as_str()),
                "launch_url",
            ),
            ("https://play.example.evil/", Some(&provider), "launch_url"),
            ("javascript:alert(1)", Some(&provider), "launch_url"),
            ("https://play.example/game", None, "provider_id"),
        ] {
            let refused = app
                .by(
                    &it.teacher,
                    Method::POST,
                    "/api/courses",
                    Some(&course(url, provider)),
                )
                .await;
            assert_eq!(refused.problem(422), "invalid_body", "{url}");
            assert_eq!(refused.json()["errors"][0]["field"], field);
        }
        let good = course("https://play.example/game?level=1", Some(&provider));
        id(&app
            .by(&it.teacher, Method::POST, "/api/courses", Some(&good))
            .await);
        let path = format!("/api/providers/{provider}");
        assert_eq!(
            app.by(&it.admin, Method::DELETE, &path, None)
                .await
                .problem(409),
            "reference"
        );
        let mut scorm =
            json!({"title": "Pack", "launch_kind": "scorm", "launch_url": "https://127.0.0.1/p/"});
        let refused = app
            .by(&it.teacher, Method::POST, "/api/courses", Some(&scorm))
            .await;
        assert_eq!(refused.problem(422), "invalid_body");
        scorm["launch_url"] = json!("https://cdn.example/p/imsmanifest.xml");
        id(&app
            .by(&it.teacher, Method::POST, "/api/courses", Some(&scorm))
            .await);
    }
}

#[tokio::test]
async fn attempts_are_the_learners_and_the_teachers() {
    for (app, _store) in TestApp::each(settings).await {
        let it = class(&app, true).await;
        let list = format!("/api/courses/{}/attempts", it.course);
        assert_eq!(
            app.by(&it.teacher, Method::GET, &list, None).await.json(),
            json!({"items": []})
        );
        for browser in [&it.other, &it.learner] {
            assert_eq!(
                app.by(browser, Method::GET, &list, None).await.problem(403),
                "denied"
            );
        }
        assert_eq!(
            app.by(&it.learner, Method::GET, "/api/attempts", None)
                .await
                .json(),
            json!({"items": []})
        );
        let path = format!("/api/attempts/{NOBODYS}");
        assert_eq!(
            app.by(&it.admin, Method::GET, &path, None)
                .await
                .problem(404),
            "not_found"
        );
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    for (app, store) in TestApp::each(settings).await {
        let teacher = app.browser("ada", "teacher").await;
        for number in 0..7 {
            let body = lessons_only(&format!("Course {number}"), true);
            id(&app
                .by(&teacher, Method::POST, "/api/courses", Some(&body))
                .await);
        }
        let (mut titles, mut path) = (Vec::new(), "/api/catalogue?limit=3".to_owned());
        loop {
            let page = app.by(&teacher, Method::GET, &path, None).await.json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 3);
            titles.extend(
                items
                    .iter()
                    .map(|item| item["title"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else {
                break;
            };
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("limit", "3")
                .append_pair("after", next)
                .finish();
            path = format!("/api/catalogue?{query}");
        }
        let expected: Vec<String> = (0..7).map(|number| format!("Course {number}")).collect();
        assert_eq!(titles, expected, "{}", store.engine);
        for (query, status, code) in [
            ("limit=0", 400, "invalid_query"),
            ("limit=201", 400, "invalid_query"),
            ("limit=x", 400, "invalid_query"),
            ("colour=red", 400, "invalid_query"),
            ("after=junk", 400, "invalid_cursor"),
        ] {
            let answer = app
                .by(
                    &teacher,
                    Method::GET,
                    &format!("/api/catalogue?{query}"),
                    None,
                )
                .await;
            assert_eq!(answer.problem(status), code, "{query}");
        }
    }
}
