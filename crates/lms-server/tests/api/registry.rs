//! The registry and what assignments launch from it: who may, what is refused, and what a learner gets; on each engine.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Browser, TestApp, settings};

const ORIGIN: &str = "https://play.example";
const NOBODYS: &str = "0123456789abcdef0123456789abcdef";

/// An administrator's provider with one external course, a teacher's course, and a learner in it.
struct Offer {
    admin: Browser,
    teacher: Browser,
    other: Browser,
    learner: Browser,
    provider: String,
    external: String,
    course: String,
    enrollment: String,
}

fn id(answer: &Answer) -> String {
    assert!(
        answer.status.is_success(),
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn post(app: &TestApp, who: &Browser, path: &str, body: &Value) -> Answer {
    app.by(who, Method::POST, path, Some(body)).await
}

async fn offer(app: &TestApp) -> Offer {
    let admin = app.browser("root", "admin").await;
    let teacher = app.browser("ada", "teacher").await;
    let learner = app.browser("kim", "student").await;
    let play = json!({"name": "Play", "origin": ORIGIN, "domain": "play.example"});
    let provider = id(&post(app, &admin, "/api/providers", &play).await);
    let bees = json!({"provider_id": provider, "slug": "bees", "title": "Bees"});
    let external = id(&post(app, &admin, "/api/registry/courses", &bees).await);
    let lessons = json!({"title": "Biology", "launch_kind": "none", "published": true});
    let course = id(&post(app, &teacher, "/api/courses", &lessons).await);
    let join = format!("/api/courses/{course}/enrollments");
    let enrollment = id(&post(app, &learner, &join, &json!({})).await);
    Offer {
        other: app.browser("bob", "teacher").await,
        admin,
        teacher,
        learner,
        provider,
        external,
        course,
        enrollment,
    }
}

impl Offer {
    async fn version(&self, app: &TestApp, name: &str) -> String {
        let path = format!("/api/registry/courses/{}/versions", self.external);
        let body = json!({
            "version": name, "launch_url": format!("{ORIGIN}/bees/{name}"), "scopes": ["progress.write"],
        });
        id(&post(app, &self.admin, &path, &body).await)
    }

    async fn step(&self, app: &TestApp, version: &str, step: &str) -> Answer {
        let path = format!("/api/registry/versions/{version}/{step}");
        app.by(&self.admin, Method::POST, &path, None).await
    }

    async fn link(&self, app: &TestApp, version: &str) -> Answer {
        let path = format!("/api/courses/{}/targets", self.course);
        post(app, &self.teacher, &path, &json!({"version_id": version})).await
    }

    async fn launch(&self, app: &TestApp, assignment: &str) -> Answer {
        let path = format!("/api/enrollments/{}/launch-token", self.enrollment);
        post(
            app,
            &self.learner,
            &path,
            &json!({"assignment_id": assignment}),
        )
        .await
    }
}

#[tokio::test]
async fn administrators_write_the_registry_teachers_read_it_and_learners_know_of_nothing() {
    for (app, store) in TestApp::each(settings).await {
        assert_eq!(app.get("/api/registry/courses").await.status, 401);
        let it = offer(&app).await;
        let version = it.version(&app, "1.0").await;
        let external = format!("/api/registry/courses/{}", it.external);
        let versions = format!("{external}/versions");
        let one = format!("/api/registry/versions/{version}");
        let bees = json!({"slug": "bees", "title": "Bees"});
        let new = json!({"provider_id": it.provider, "slug": "ants", "title": "Ants"});
        let draft = json!({"version": "2.0", "launch_url": format!("{ORIGIN}/2")});
        for path in [&external, &one] {
            assert_eq!(
                app.by(&it.teacher, Method::GET, path, None).await.status,
                200
            );
            let hidden = app.by(&it.learner, Method::GET, path, None).await;
            assert_eq!(hidden.problem(404), "not_found", "{}", store.engine);
        }
        let list = app
            .by(&it.learner, Method::GET, "/api/registry/courses", None)
            .await;
        assert_eq!(list.problem(403), "denied");
        for who in [&it.teacher, &it.learner] {
            let asked = [
                app.by(who, Method::POST, "/api/registry/courses", Some(&new))
                    .await,
                app.by(who, Method::PUT, &external, Some(&bees)).await,
                app.by(who, Method::DELETE, &external, None).await,
                app.by(who, Method::POST, &versions, Some(&draft)).await,
                app.by(who, Method::POST, &format!("{one}/approve"), None)
                    .await,
                app.by(who, Method::POST, &format!("{one}/disable"), None)
                    .await,
                app.by(who, Method::DELETE, &one, None).await,
            ];
            for answer in asked {
                assert!(
                    matches!(answer.status.as_u16(), 403 | 404),
                    "{}",
                    answer.status
                );
                answer.problem(answer.status.as_u16());
            }
        }
        let renamed = json!({"slug": "honey-bees", "title": "Honey bees"});
        let changed = app
            .by(&it.admin, Method::PUT, &external, Some(&renamed))
            .await;
        assert_eq!(changed.json()["slug"], "honey-bees");
        assert_eq!(changed.json()["provider_id"], it.provider);
        assert_eq!(
            app.by(&it.admin, Method::DELETE, &one, None).await.status,
            204
        );
        assert_eq!(
            app.by(&it.admin, Method::DELETE, &external, None)
                .await
                .status,
            204
        );
        let gone = app.by(&it.admin, Method::GET, &versions, None).await;
        assert_eq!(gone.problem(404), "not_found");
    }
}

#[tokio::test]
async fn the_registry_refuses_what_does_not_fit() {
    for (app, _store) in TestApp::each(settings).await {
        let it = offer(&app).await;
        let courses = "/api/registry/courses";
        for (body, status, code) in [
            (
                json!({"provider_id": it.provider, "slug": "bees", "title": "Again"}),
                409,
                "conflict",
            ),
            (
                json!({"provider_id": NOBODYS, "slug": "x", "title": "X"}),
                409,
                "reference",
            ),
            (
                json!({"provider_id": it.provider, "slug": "Bees!", "title": "X"}),
                422,
                "invalid_body",
            ),
            (
                json!({"provider_id": it.provider, "slug": "x", "title": ""}),
                422,
                "invalid_body",
            ),
        ] {
            let answer = post(&app, &it.admin, courses, &body).await;
            assert_eq!(answer.problem(status), code, "{body}");
        }
        it.version(&app, "1.0").await;
        let versions = format!("{courses}/{}/versions", it.external);
        let url = format!("{ORIGIN}/x");
        for (body, status, code) in [
            (
                json!({"version": "1.0", "launch_url": url}),
                409,
                "conflict",
            ),
            (
                json!({"version": "2", "launch_url": "https://evil.example/x"}),
                422,
                "invalid_body",
            ),
            (
                json!({"version": "2", "launch_url": "javascript:alert(1)"}),
                422,
                "invalid_body",
            ),
            (
                json!({"version": "2", "launch_url": url, "scopes": ["root"]}),
                422,
                "invalid_body",
            ),
        ] {
            let answer = post(&app, &it.admin, &versions, &body).await;
            assert_eq!(answer.problem(status), code, "{body}");
        }
        let query = format!("{courses}?limit=0");
        let odd = app.by(&it.admin, Method::GET, &query, None).await;
        assert_eq!(odd.status, 400);
        let query = format!("{courses}?after=nonsense");
        let odd = app.by(&it.admin, Method::GET, &query, None).await;
        assert_eq!(odd.status, 400, "{}", String::from_utf8_lossy(&odd.body));
    }
}

#[tokio::test]
async fn the_registry_is_searched_by_title_and_provider_page_by_page() {
    for (app, store) in TestApp::each(settings).await {
        let it = offer(&app).await;
        for n in 0..5 {
            let body = json!({"provider_id": it.provider, "slug": format!("ant-{n}"), "title": format!("Ants {n}")});
            id(&post(&app, &it.admin, "/api/registry/courses", &body).await);
        }
        let mut titles: Vec<String> = Vec::new();
        let mut next = String::new();
        loop {
            let path = format!(
                "/api/registry/courses?title=ANTS&provider={}&limit=2{next}",
                it.provider
            );
            let part = app.by(&it.teacher, Method::GET, &path, None).await.json();
            let items = part["items"].as_array().unwrap();
            assert!(items.len() <= 2);
            titles.extend(
                items
                    .iter()
                    .map(|item| item["title"].as_str().unwrap().to_owned()),
            );
            match part["next"].as_str() {
                Some(cursor) => {
                    let cursor: String =
                        url::form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
                    next = format!("&after={cursor}");
                }
                None => break,
            }
        }
        assert_eq!(
            titles,
            ["Ants 0", "Ants 1", "Ants 2", "Ants 3", "Ants 4"],
            "{}",
            store.engine
        );
        let path = format!("/api/registry/courses?provider={NOBODYS}");
        let none = app.by(&it.teacher, Method::GET, &path, None).await;
        assert_eq!(none.json(), json!({"items": []}));
    }
}

#[tokio::test]
async fn the_registry_is_exported_with_its_versions() {
    for (app, _store) in TestApp::each(settings).await {
        assert_eq!(
            app.get("/api/registry/export.csv").await.problem(401),
            "not_signed_in"
        );
        let it = offer(&app).await;
        it.version(&app, "1,0").await;
        let refused = app
            .by(&it.learner, Method::GET, "/api/registry/export.csv", None)
            .await;
        assert_eq!(refused.problem(403), "denied");
        let table = app
            .by(
                &it.teacher,
                Method::GET,
                "/api/registry/export.csv?title=bee",
                None,
            )
            .await;
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
        let text = String::from_utf8(table.body).unwrap();
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "course_id,provider_id,slug,title,version,status,launch_url,scopes"
        );
        let expected = format!(
            "{},{},bees,Bees,\"1,0\",draft,\"{ORIGIN}/bees/1,0\",progress.write",
            it.external, it.provider
        );
        assert_eq!(lines[1], expected);
        assert_eq!(lines.len(), 3, "and an end of line");
    }
}

#[tokio::test]
async fn a_version_goes_from_draft_to_approved_to_disabled_and_only_then_back() {
    for (app, _store) in TestApp::each(settings).await {
        let it = offer(&app).await;
        let version = it.version(&app, "1.0").await;
        assert_eq!(
            it.step(&app, &version, "approve").await.json()["status"],
            "approved"
        );
        let again = it.step(&app, &version, "approve").await;
        assert_eq!(again.problem(409), "version_transition");
        assert_eq!(
            it.step(&app, &version, "disable").await.json()["status"],
            "disabled"
        );
        assert_eq!(
            it.step(&app, &version, "approve").await.json()["status"],
            "approved"
        );
        // The provider moved: what was approved elsewhere is not approved again.
        it.step(&app, &version, "disable").await;
        let path = format!("/api/providers/{}", it.provider);
        let moved =
            json!({"name": "Play", "origin": "https://new.example", "domain": "new.example"});
        assert_eq!(
            app.by(&it.admin, Method::PUT, &path, Some(&moved))
                .await
                .status,
            200
        );
        let refused = it.step(&app, &version, "approve").await;
        assert_eq!(refused.problem(409), "launch_elsewhere");
    }
}

#[tokio::test]
async fn an_assignment_launches_the_approved_version_it_targets_and_no_other() {
    for (app, store) in TestApp::each(settings).await {
        let it = offer(&app).await;
        let version = it.version(&app, "1.0").await;
        assert_eq!(
            it.link(&app, &version).await.problem(409),
            "version_not_approved"
        );
        it.step(&app, &version, "approve").await;
        let linked = it.link(&app, &version).await;
        assert_eq!(linked.status, 201);
        let assignment = linked.json()["assignment_id"].as_str().unwrap().to_owned();

        let launch = it.launch(&app, &assignment).await;
        assert_eq!(
            launch.status,
            201,
            "{}",
            String::from_utf8_lossy(&launch.body)
        );
        let launch = launch.json();
        assert_eq!(
            launch["launch_url"],
            format!("{ORIGIN}/bees/1.0"),
            "{}",
            store.engine
        );
        assert_eq!(
            (&launch["origin"], &launch["scopes"]),
            (&json!(ORIGIN), &json!(["progress.write"]))
        );
        // The course itself has nothing to launch, and an assignment of nobody neither.
        let own = format!("/api/enrollments/{}/launch-token", it.enrollment);
        assert_eq!(
            post(&app, &it.learner, &own, &json!({})).await.problem(409),
            "not_interactive"
        );
        assert_eq!(it.launch(&app, NOBODYS).await.problem(404), "not_found");
        let attempts = format!("/api/courses/{}/attempts", it.course);
        let seen = app
            .by(&it.teacher, Method::GET, &attempts, None)
            .await
            .json();
        assert_eq!(seen["items"][0]["assignment_id"], assignment);
        assert_eq!(seen["items"].as_array().unwrap().len(), 1);

        // Another version: the same attempt goes on. A disabled one: nobody launches.
        let second = it.version(&app, "2.0").await;
        it.step(&app, &second, "approve").await;
        let target = format!("/api/assignments/{assignment}/target");
        let change = json!({"version_id": second});
        assert_eq!(
            app.by(&it.teacher, Method::PUT, &target, Some(&change))
                .await
                .status,
            200
        );
        let relaunch = it.launch(&app, &assignment).await.json();
        assert_eq!(relaunch["launch_url"], format!("{ORIGIN}/bees/2.0"));
        assert_eq!(relaunch["attempt"], launch["attempt"]);
        it.step(&app, &second, "disable").await;
        assert_eq!(
            it.launch(&app, &assignment).await.problem(409),
            "version_not_approved"
        );
        // What an assignment targets stays, and with it the external course.
        let one = format!("/api/registry/versions/{second}");
        assert_eq!(
            app.by(&it.admin, Method::DELETE, &one, None)
                .await
                .problem(409),
            "reference"
        );
        let external = format!("/api/registry/courses/{}", it.external);
        assert_eq!(
            app.by(&it.admin, Method::DELETE, &external, None)
                .await
                .problem(409),
            "reference"
        );
        assert_eq!(
            app.by(&it.teacher, Method::DELETE, &target, None)
                .await
                .status,
            204
        );
        assert_eq!(it.launch(&app, &assignment).await.problem(404), "not_found");
        // Who changed what is in the course's log.
        let log = format!("/api/courses/{}/events", it.course);
        let events = app.by(&it.teacher, Method::GET, &log, None).await.json();
        let kinds: Vec<&str> = events["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["kind"].as_str().unwrap())
            .filter(|kind| kind.starts_with("target."))
            .collect();
        assert_eq!(
            kinds,
            ["target.unlinked", "target.changed", "target.linked"]
        );
        assert_eq!(events["items"][0]["payload"]["by"], it.teacher.user);
        assert_eq!(
            app.by(&it.learner, Method::GET, &log, None)
                .await
                .problem(403),
            "denied"
        );
    }
}

#[tokio::test]
async fn targets_are_the_teachers_to_set_and_the_classs_to_read() {
    for (app, _store) in TestApp::each(settings).await {
        let it = offer(&app).await;
        let version = it.version(&app, "1.0").await;
        it.step(&app, &version, "approve").await;
        let assignment = "00000000000000000000000000000abc";
        let list = format!("/api/courses/{}/targets", it.course);
        let link = json!({"assignment_id": assignment, "version_id": version});
        for who in [&it.other, &it.learner] {
            assert_eq!(post(&app, who, &list, &link).await.problem(403), "denied");
        }
        assert_eq!(post(&app, &it.teacher, &list, &link).await.status, 201);
        assert_eq!(
            post(&app, &it.teacher, &list, &link).await.problem(409),
            "conflict"
        );
        let unknown = json!({"version_id": NOBODYS});
        assert_eq!(
            post(&app, &it.teacher, &list, &unknown).await.problem(404),
            "not_found"
        );
        let seen = app.by(&it.learner, Method::GET, &list, None).await.json();
        assert_eq!(seen[0]["assignment_id"], assignment);
        assert_eq!(
            app.by(&it.other, Method::GET, &list, None)
                .await
                .problem(403),
            "denied"
        );
        let target = format!("/api/assignments/{assignment}/target");
        assert_eq!(
            app.by(&it.learner, Method::GET, &target, None).await.status,
            200
        );
        assert_eq!(
            app.by(&it.other, Method::GET, &target, None)
                .await
                .problem(404),
            "not_found"
        );
        let change = json!({"version_id": version});
        assert_eq!(
            app.by(&it.learner, Method::PUT, &target, Some(&change))
                .await
                .problem(403),
            "denied"
        );
        assert_eq!(
            app.by(&it.learner, Method::DELETE, &target, None)
                .await
                .problem(403),
            "denied"
        );

        let ants = json!({"provider_id": it.provider, "slug": "ants", "title": "Ants"});
        let ants = id(&post(&app, &it.admin, "/api/registry/courses", &ants).await);
        let path = format!("/api/registry/courses/{ants}/versions");
        let body = json!({"version": "1", "launch_url": format!("{ORIGIN}/ants")});
        let foreign = id(&post(&app, &it.admin, &path, &body).await);
        it.step(&app, &foreign, "approve").await;
        let change = json!({"version_id": foreign});
        let refused = app
            .by(&it.teacher, Method::PUT, &target, Some(&change))
            .await;
        assert_eq!(refused.problem(409), "another_course");
    }
}
