//! One provider, one course, one learner who is enrolled, and a clock that the test turns.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request};
use lms_server::AppState;
use lms_server::config::Config;
use lms_server::runtime::endpoint::Endpoint;
use ring::rand::SystemRandom;
use scormbridge_lms::classroom::ports::Store;
use scormbridge_lms::classroom::{
    Actor, Clock, Course, CourseId, Enrollment, EnrollmentId, EnrollmentStatus, LaunchKind,
    Provider, ProviderId, ProviderStatus, Scope, Timestamp,
};
use scormbridge_lms::token::{Claims, TokenType};
use scormbridge_lms_store_sql::test_support::{self, TestStore};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, Turned, request, settings};

/// Where the course's runtime is served from.
pub(super) const ORIGIN: &str = "https://games.example";

pub(super) struct World {
    pub(super) app: TestApp,
    pub(super) state: AppState,
    pub(super) engine: &'static str,
    pub(super) provider: ProviderId,
    pub(super) course: CourseId,
    pub(super) enrollment: EnrollmentId,
    pub(super) cookie: String,
    pub(super) csrf: String,
    pub(super) store: Arc<dyn Store>,
    pub(super) assets: tempfile::TempDir,
    clock: Arc<Turned>,
    _test: TestStore,
}

/// A world on every engine.
pub(super) async fn worlds() -> Vec<World> {
    worlds_with(|_| ()).await
}

/// The same with other settings.
pub(super) async fn worlds_with(change: impl Fn(&mut Config)) -> Vec<World> {
    let mut worlds = Vec::new();
    for test in test_support::each().await {
        worlds.push(World::new(test, &change).await);
    }
    worlds
}

/// One world, where the store does not matter.
pub(super) async fn world_with(change: impl Fn(&mut Config)) -> World {
    World::new(test_support::sqlite().await, &change).await
}

impl World {
    async fn new(test: TestStore, change: &impl Fn(&mut Config)) -> Self {
        let mut config = settings();
        let assets = tempfile::tempdir().unwrap();
        config.runtime.assets = assets.path().to_owned();
        config.runtime.asset_bytes = 1000;
        config.runtime.cors_allow = vec![ORIGIN.to_owned()];
        change(&mut config);
        let store: Arc<dyn Store> = Arc::new(test.store.clone());
        let clock = Arc::new(Turned::default());
        let state = AppState::with_clock(config, store.clone(), clock.clone()).unwrap();
        state.readiness.open();
        let app = TestApp::starting(state.clone());
        let (cookie, csrf) = sign_in(&app, "learner", "student").await;
        let (teacher_cookie, _) = sign_in(&app, "teacher", "teacher").await;
        assert_ne!(cookie, teacher_cookie);

        let now = clock.now();
        let entropy = state.entropy.clone();
        let mut tx = store.begin(&Actor::Service).await.unwrap();
        let learner = tx.users().find_by_login("learner").await.unwrap().unwrap();
        let teacher = tx.users().find_by_login("teacher").await.unwrap().unwrap();
        let provider = Provider {
            id: ProviderId::random(&*entropy),
            name: "Games".to_owned(),
            origin: ORIGIN.to_owned(),
            domain: "games.example".to_owned(),
            jwks_url: None,
            webhook_secret: None,
            status: ProviderStatus::Active,
            created_at: now,
        };
        tx.providers().insert(&provider).await.unwrap();
        let course = Course {
            id: CourseId::random(&*entropy),
            teacher: teacher.id,
            title: "Sorting waste".to_owned(),
            description: String::new(),
            launch_kind: LaunchKind::WebEmbed,
            launch_url: Some(format!("{ORIGIN}/sorting/index.html")),
            scopes: Scope::ALL.into_iter().collect(),
            provider: Some(provider.id),
            published: true,
            created_at: now,
            updated_at: now,
        };
        tx.courses().insert(&course).await.unwrap();
        let enrollment = Enrollment {
            id: EnrollmentId::random(&*entropy),
            course: course.id,
            user: learner.id,
            status: EnrollmentStatus::Active,
            created_at: now,
        };
        tx.enrollments().insert(&enrollment).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            app,
            state,
            engine: test.engine,
            provider: provider.id,
            course: course.id,
            enrollment: enrollment.id,
            cookie,
            csrf,
            store,
            assets,
            clock,
            _test: test,
        }
    }

    /// Lets time pass.
    pub(super) fn pass(&self, seconds: i64) {
        self.clock.pass(seconds);
    }

    /// The time.
    pub(super) fn time(&self) -> Timestamp {
        self.clock.now()
    }

    /// Seconds since the Unix epoch.
    pub(super) fn now(&self) -> i64 {
        self.clock.seconds()
    }

    /// Asks for a launch token as the learner.
    pub(super) async fn launch(&self, body: Value) -> Answer {
        let path = format!("/api/enrollments/{}/launch-token", self.enrollment);
        let request = request(Method::POST, &path)
            .header("content-type", "application/json")
            .header("cookie", &self.cookie)
            .header("x-csrf-token", &self.csrf);
        self.app
            .send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// A launch token in a mode.
    pub(super) async fn launch_token(&self, mode: &str) -> String {
        let answer = self.launch(json!({ "mode": mode })).await;
        assert_eq!(
            answer.status,
            201,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// Exchanges a launch token as the runtime's browser does.
    pub(super) async fn exchange(&self, token: &str) -> Answer {
        let request = request(Method::POST, "/api/runtime/auth/exchange")
            .header("content-type", "application/json")
            .header("origin", ORIGIN);
        self.app
            .send(
                request
                    .body(Body::from(json!({ "token": token }).to_string()))
                    .unwrap(),
            )
            .await
    }

    /// A runtime token in a mode.
    pub(super) async fn bearer(&self, mode: &str) -> String {
        let answer = self.exchange(&self.launch_token(mode).await).await;
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// The claims of a token of this world.
    pub(super) fn claims(&self, typ: TokenType, token: &str) -> Claims {
        let state = &self.state;
        state
            .tokens
            .verify(typ, token, &state.config.http.public_origin, self.now())
            .unwrap()
    }

    /// Signs changed claims.
    pub(super) fn sign(&self, typ: TokenType, claims: &Claims) -> String {
        self.state
            .tokens
            .issue(typ, claims, &SystemRandom::new())
            .unwrap()
    }

    /// Calls the runtime API with a bearer.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        bearer: &str,
        body: Option<Value>,
    ) -> Answer {
        self.app
            .send(with(method, path, Some(bearer), &[], body))
            .await
    }

    /// Posts to the runtime API with a bearer.
    pub(super) async fn post(&self, path: &str, bearer: &str, body: Value) -> Answer {
        self.call(
            Method::POST,
            &format!("/api/runtime/{path}"),
            bearer,
            Some(body),
        )
        .await
    }

    /// Reads from the runtime API with a bearer.
    pub(super) async fn get(&self, path: &str, bearer: &str) -> Answer {
        self.call(Method::GET, &format!("/api/runtime/{path}"), bearer, None)
            .await
    }
}

/// A request of a runtime's browser.
pub(super) fn with(
    method: Method,
    path: &str,
    bearer: Option<&str>,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Request<Body> {
    let mut request = request(method, path);
    if !headers.iter().any(|(name, _)| *name == "origin") {
        request = request.header("origin", ORIGIN);
    }
    if let Some(bearer) = bearer {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap(),
        None => request.body(Body::empty()).unwrap(),
    }
}

/// A well-formed call of an endpoint that takes a runtime token. A new endpoint needs a line here.
pub(super) fn sample(endpoint: &Endpoint) -> (String, Option<Value>) {
    let body = match endpoint.name {
        "context" => None,
        "progress" => Some(json!({ "progress": 10 })),
        "grade" => Some(json!({ "score": { "raw": 1, "max": 2 } })),
        "events" => Some(json!({ "kind": "level.reached", "payload": { "level": 2 } })),
        "checkpoint_save" => Some(json!({ "key": "main", "data": { "level": 2 } })),
        "checkpoint_load" => return (format!("{}?key=main", endpoint.path), None),
        "asset_sign_url" => {
            Some(json!({ "name": "a.png", "content_type": "image/png", "bytes": 10 }))
        }
        other => panic!("no sample for {other}"),
    };
    (endpoint.path.to_owned(), body)
}

/// Signs somebody in and answers their cookies and form token.
pub(super) async fn sign_in(app: &TestApp, login: &str, role: &str) -> (String, String) {
    let answer = app
        .post(
            "/api/auth/test-sign-in",
            &json!({ "login": login, "role": role }),
        )
        .await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let cookies: Vec<String> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|cookie| {
            cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    (
        cookies.join("; "),
        answer.json()["csrf_token"].as_str().unwrap().to_owned(),
    )
}
