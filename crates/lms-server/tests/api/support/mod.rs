//! A server to ask, and what it answered.

mod away;
mod clock;
mod people;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use lms_server::config::{Config, Mode};
use lms_server::{AppState, router};
use scormbridge_lms::classroom::ports::Store;
use scormbridge_lms_store_sql::test_support::{self, TestStore};
use serde_json::Value;
use tower::ServiceExt;

pub(crate) use away::Away;
pub(crate) use clock::Turned;
pub(crate) use people::Browser;

/// A server in this process.
pub(crate) struct TestApp {
    router: Router,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// A header as text, empty if absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts that this is a problem document of this status, and gives its code.
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        let code = problem["code"].as_str().unwrap();
        assert_eq!(problem["type"], format!("urn:scormbridge:problem:{code}"));
        code.to_owned()
    }
}

/// A development configuration whose limits are out of the tests' way.
pub(crate) fn settings() -> Config {
    let mut config = Config {
        mode: Mode::Development,
        ..Config::default()
    };
    config.sign_in.test = true;
    // A busy machine is slow, and hashing passwords is slow by intent.
    config.http.request_timeout_ms = 120_000;
    for rate in [
        &mut config.rates.address,
        &mut config.rates.user_route,
        &mut config.rates.sign_in,
        &mut config.rates.alias,
        &mut config.rates.course,
        &mut config.rates.provider,
    ] {
        rate.per_minute = 100_000;
        rate.burst = 10_000;
    }
    config
}

impl TestApp {
    /// A server on this store, ready.
    pub(crate) fn on(store: Arc<dyn Store>, config: Config) -> Self {
        let state = AppState::new(config, store).unwrap();
        state.readiness.open();
        Self {
            router: router(state),
        }
    }

    /// A server whose database does not answer: whatever is refused here was refused before the store was asked.
    pub(crate) fn without_store() -> Self {
        Self::on(Arc::new(Away), settings())
    }

    /// A server on this state, ready or not.
    pub(crate) fn starting(state: AppState) -> Self {
        Self {
            router: router(state),
        }
    }

    /// A server on each engine that this machine has, and the stores that must outlive them.
    pub(crate) async fn each(config: impl Fn() -> Config) -> Vec<(Self, TestStore)> {
        let stores = test_support::each().await;
        stores
            .into_iter()
            .map(|it| (Self::on(Arc::new(it.store.clone()), config()), it))
            .collect()
    }

    /// Asks.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let peer = SocketAddr::from(([192, 0, 2, 7], 4711));
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Asks without a body.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = request(Method::POST, path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }
}

/// A request to build on.
pub(crate) fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path)
}
