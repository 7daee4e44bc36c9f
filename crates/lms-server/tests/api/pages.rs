//! What people see: who gets which page, and lists that are longer than a page; on each engine.

use axum::http::Method;
use scormbridge_lms::classroom::ports::Store;
use scormbridge_lms::classroom::{
    Actor, Attempt, AttemptId, AttemptStatus, Enrollment, EnrollmentId, EnrollmentStatus,
    LaunchMode, Provider, ProviderId, ProviderStatus, Role, Timestamp, User, UserId,
};
use serde_json::json;

use crate::scorm::course;
use crate::support::{Answer, Browser, TestApp, settings};

const NOBODYS: &str = "0123456789abcdef0123456789abcdef";

fn html(answer: &Answer) -> String {
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    String::from_utf8(answer.body.clone()).unwrap()
}

async fn page(app: &TestApp, who: &Browser, path: &str) -> Answer {
    app.by(who, Method::GET, path, None).await
}

#[tokio::test]
async fn every_page_sends_strangers_to_sign_in_and_is_shown_to_those_it_is_for() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let admin = app.browser("root", "admin").await;
        let other = app.browser("bob", "teacher").await;
        let play =
            json!({"name": "Play", "origin": "https://play.example", "domain": "play.example"});
        let provider = app
            .by(&admin, Method::POST, "/api/providers", Some(&play))
            .await
            .json();
        let provider = provider["id"].as_str().unwrap().to_owned();
        let bees = json!({"provider_id": provider, "slug": "bees", "title": "Bees <b>"});
        let external = app
            .by(&admin, Method::POST, "/api/registry/courses", Some(&bees))
            .await
            .json();
        let external = external["id"].as_str().unwrap().to_owned();
        let teach = format!("/teach/courses/{}", it.course);
        // The page, and who sees it: the learner, the course's teacher, another teacher, the administrator.
        for (path, seen) in [
            ("/courses".to_owned(), [200, 200, 200, 200]),
            (format!("/courses/{}", it.course), [200, 200, 200, 200]),
            (format!("/learn/{}", it.enrollment), [200, 404, 404, 404]),
            ("/teach".to_owned(), [403, 200, 200, 200]),
            (teach.clone(), [403, 200, 403, 200]),
            (format!("{teach}/attempts"), [403, 200, 403, 200]),
            (format!("{teach}/lessons"), [403, 200, 403, 200]),
            (format!("{teach}/learners"), [403, 200, 403, 200]),
            (format!("{teach}/assignments"), [403, 200, 403, 200]),
            ("/registry".to_owned(), [403, 200, 200, 200]),
            (format!("/registry/{external}"), [403, 200, 200, 200]),
            ("/admin/courses".to_owned(), [403, 403, 403, 200]),
            ("/admin/providers".to_owned(), [403, 403, 403, 200]),
            (format!("/admin/providers/{provider}"), [403, 403, 403, 200]),
            ("/admin/users".to_owned(), [403, 403, 403, 200]),
            (format!("/admin/providers/{NOBODYS}"), [403, 403, 403, 404]),
            (format!("/registry/{NOBODYS}"), [403, 404, 404, 404]),
            ("/courses/nonsense".to_owned(), [404, 404, 404, 404]),
            ("/courses?after=nonsense".to_owned(), [400, 400, 400, 400]),
        ] {
            let stranger = app.get(&path).await;
            assert_eq!(stranger.status, 303, "{path}");
            assert!(stranger.header("location").starts_with("/sign-in?next="));
            for (who, status) in [&it.learner, &it.teacher, &other, &admin]
                .into_iter()
                .zip(seen)
            {
                let answer = page(&app, who, &path).await;
                assert_eq!(answer.status, status, "{}: {path}", store.engine);
                let text = html(&answer);
                assert!(
                    !text.contains("Bees <b>"),
                    "{path} escapes what people wrote"
                );
            }
        }
    }
}

/// More of everything than one page shows.
const MANY: u32 = 205;

async fn fill(store: &dyn Store, course: &str) -> Vec<String> {
    let course = course.parse().unwrap();
    let mut tx = store.begin(&Actor::Service).await.unwrap();
    let mut learners = Vec::new();
    for n in 0..MANY {
        let bits = |kind: u128| (kind << 64) + u128::from(n);
        let at = Timestamp(i64::from(n));
        let user = User {
            id: UserId::from_bits(bits(1)),
            login: format!("learner-{n:03}"),
            display_name: format!("Learner {n:03}"),
            role: Role::Student,
            password_hash: None,
            identity: None,
            created_at: at,
        };
        tx.users().insert(&user).await.unwrap();
        let enrollment = Enrollment {
            id: EnrollmentId::from_bits(bits(2)),
            course,
            user: user.id,
            status: EnrollmentStatus::Active,
            created_at: at,
        };
        tx.enrollments().insert(&enrollment).await.unwrap();
        let attempt = Attempt {
            id: AttemptId::from_bits(bits(3)),
            enrollment: enrollment.id,
            course,
            user: user.id,
            provider: None,
            assignment: None,
            mode: LaunchMode::Normal,
            status: AttemptStatus::Started,
            progress: 0,
            score: None,
            started_at: at,
            completed_at: None,
            last_activity_at: at,
        };
        tx.attempts().insert(&attempt).await.unwrap();
        let provider = Provider {
            id: ProviderId::from_bits(bits(4)),
            name: format!("Provider {n:03}"),
            origin: format!("https://p{n}.example"),
            domain: format!("p{n}.example"),
            jwks_url: None,
            webhook_secret: None,
            status: ProviderStatus::Active,
            created_at: at,
        };
        tx.providers().insert(&provider).await.unwrap();
        learners.push(user.display_name);
    }
    tx.commit().await.unwrap();
    learners
}

/// The page that a list goes on with.
fn next(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("rel=\"next\" href=\"")?;
    let (href, _) = rest.split_once('"')?;
    Some(href.replace("&#38;", "&").replace("&amp;", "&"))
}

#[tokio::test]
async fn a_list_longer_than_a_page_goes_on_and_shows_everything_once() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let admin = app.browser("root", "admin").await;
        let learners = fill(&store.store, &it.course).await;
        let teach = format!("/teach/courses/{}", it.course);
        for (who, first, prefix) in [
            (&it.teacher, teach.clone(), "Learner "),
            (&it.teacher, format!("{teach}/learners"), "Learner "),
            (&admin, "/admin/users".to_owned(), "Learner "),
            (&admin, "/admin/providers".to_owned(), "Provider "),
        ] {
            let mut seen = Vec::new();
            let mut path = Some(first.clone());
            let mut pages = 0;
            while let Some(here) = path {
                let text = html(&page(&app, who, &here).await);
                let rows = text.split("<th scope=\"row\">").skip(1);
                let names = rows.filter_map(|row| {
                    let (name, _) = row.split_once("</th>")?;
                    let name = name.rsplit_once("\">").map_or(name, |(_, name)| name);
                    Some(name.trim_end_matches("</a>").to_owned())
                });
                seen.extend(names.filter(|name| name.starts_with(prefix)));
                pages += 1;
                path = next(&text);
            }
            seen.sort();
            let expected: Vec<String> = learners
                .iter()
                .map(|name| name.replace("Learner ", prefix))
                .collect();
            assert_eq!(seen, expected, "{}: {first}", store.engine);
            assert_eq!(pages, 5, "{first}");
        }
        // The same lists by the API, 200 at a time at most.
        let course = format!("/api/courses/{}", it.course);
        for (who, path, extra) in [
            (&it.teacher, format!("{course}/attempts"), 0),
            (&it.teacher, format!("{course}/enrollments"), 1),
            (&admin, "/api/users".to_owned(), 3),
            (&admin, "/api/providers".to_owned(), 0),
        ] {
            let first = app
                .by(who, Method::GET, &format!("{path}?limit=200"), None)
                .await
                .json();
            assert_eq!(first["items"].as_array().unwrap().len(), 200, "{path}");
            let cursor = first["next"].as_str().unwrap().as_bytes();
            let after: String = url::form_urlencoded::byte_serialize(cursor).collect();
            let rest = app
                .by(
                    who,
                    Method::GET,
                    &format!("{path}?limit=200&after={after}"),
                    None,
                )
                .await
                .json();
            assert_eq!(rest["items"].as_array().unwrap().len(), 5 + extra, "{path}");
            assert!(rest.get("next").is_none());
            let too_many = app
                .by(who, Method::GET, &format!("{path}?limit=201"), None)
                .await;
            too_many.problem(400);
        }
    }
}
