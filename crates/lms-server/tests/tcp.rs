//! The server over TCP on this machine: what only shows on a real connection.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says where, and stops"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use lms_server::config::{Config, Mode};
use lms_server::{AppState, serve};
use scormbridge_lms::classroom::ports::Store;
use scormbridge_lms::classroom::{Actor, Role, User, UserId};
use scormbridge_lms_store_sql::test_support::{self, TestStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const ALLOWED: &str = "https://play.example";

/// A server that listens.
struct Running {
    address: SocketAddr,
    state: AppState,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<()>,
    _store: TestStore,
    _assets: tempfile::TempDir,
}

async fn run(change: impl Fn(&mut Config)) -> Running {
    run_on(test_support::sqlite().await, change).await
}

async fn run_on(test: TestStore, change: impl Fn(&mut Config)) -> Running {
    let assets = tempfile::tempdir().unwrap();
    let mut config = Config {
        mode: Mode::Development,
        ..Config::default()
    };
    config.sign_in.test = true;
    config.runtime.assets = assets.path().to_owned();
    config.runtime.cors_allow = vec![ALLOWED.to_owned()];
    change(&mut config);
    let state = AppState::new(config, Arc::new(test.store.clone())).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = state.clone();
    let ended = tokio::spawn(serve::run(listener, serving, async {
        let _ = stopped.await;
    }));
    while state.readiness.missing().is_some() {
        tokio::task::yield_now().await;
    }
    Running {
        address,
        state,
        stop: Some(stop),
        ended,
        _store: test,
        _assets: assets,
    }
}

/// What came back: status, head in lower case, body.
struct Heard {
    status: u16,
    head: String,
    body: String,
}

impl Heard {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        Self {
            status: status.unwrap_or(0),
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Says something, and hears everything until the connection ends.
    async fn say(&self, text: &str) -> Heard {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        hear(&mut stream).await
    }

    async fn get(&self, path: &str) -> Heard {
        self.ask("GET", path, "").await
    }

    async fn ask(&self, method: &str, path: &str, headers: &str) -> Heard {
        let head = format!("{method} {path} HTTP/1.1\r\nhost: lms\r\nconnection: close\r\n");
        self.say(&format!("{head}{headers}\r\n")).await
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }
}

async fn hear(stream: &mut TcpStream) -> Heard {
    let mut bytes = Vec::new();
    // A reset after the answer is an end too.
    let _ = stream.read_to_end(&mut bytes).await;
    Heard::of(&String::from_utf8_lossy(&bytes))
}

/// The head of a request whose body is on its way.
fn half(length: usize) -> String {
    format!(
        "POST /api/auth/sign-in HTTP/1.1\r\nhost: lms\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let running = run(|config| config.http.header_timeout_ms = 200).await;
    let mut silent = running.connect().await;
    let mut slow = running.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nhost: l").await.unwrap();
    for stream in [&mut silent, &mut slow] {
        let heard = hear(stream).await;
        assert!([0, 408].contains(&heard.status), "{}", heard.status);
    }
    assert_eq!(running.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let running = run(|config| config.http.request_timeout_ms = 300).await;
    let mut slow = running.connect().await;
    slow.write_all(half(100).as_bytes()).await.unwrap();
    slow.write_all(b"{\"login\":").await.unwrap();
    let heard = hear(&mut slow).await;
    assert_eq!(heard.status, 503, "{}", heard.head);
    assert!(heard.body.contains(r#""code":"timeout""#), "{}", heard.body);
    assert_eq!(heard.header("retry-after"), Some("2"));
}

#[tokio::test]
async fn a_body_longer_than_the_limit_is_refused_however_it_is_announced() {
    let running = run(|config| config.http.body_limit_bytes = 1_024).await;
    let announced = running.say(&half(1_048_576)).await;
    assert_eq!(announced.status, 413, "before a byte of it is sent");
    assert!(announced.body.contains("body_too_large"));
    let chunk = "x".repeat(2_048);
    let chunked = running
        .say(&format!(
            "POST /api/auth/sign-in HTTP/1.1\r\nhost: lms\r\nconnection: close\r\n\
             content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n\
             800\r\n{chunk}\r\n0\r\n\r\n"
        ))
        .await;
    assert_eq!(chunked.status, 413, "{}", chunked.body);
}

#[tokio::test]
async fn a_request_that_is_open_at_the_stop_finishes_and_nobody_else_gets_in() {
    let mut running = run(|config| config.http.shutdown_grace_ms = 30_000).await;
    let mut open = running.connect().await;
    let body = r#"{"login":"kim","role":"student"}"#;
    let head = half(body.len()).replace("/sign-in", "/test-sign-in");
    open.write_all(head.as_bytes()).await.unwrap();
    let idle = running.connect().await;
    // Another request on the way through says that the ones before are being served.
    assert_eq!(running.get("/healthz").await.status, 200);
    running.stop();
    while running.state.readiness.missing() != Some("shutdown") {
        tokio::task::yield_now().await;
    }
    let refused = TcpStream::connect(running.address).await;
    assert!(refused.is_err(), "the door is shut");
    assert!(!running.ended.is_finished(), "it waits for the open one");
    open.write_all(body.as_bytes()).await.unwrap();
    let heard = hear(&mut open).await;
    assert_eq!(heard.status, 200, "{}", heard.body);
    drop(idle);
    running.ended.await.unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_outlive_the_grace() {
    let mut running = run(|config| {
        config.http.shutdown_grace_ms = 300;
        config.http.request_timeout_ms = 120_000;
    })
    .await;
    let mut open = running.connect().await;
    open.write_all(half(100).as_bytes()).await.unwrap();
    assert_eq!(running.get("/healthz").await.status, 200);
    running.stop();
    let ended = tokio::time::timeout(Duration::from_secs(20), &mut running.ended).await;
    assert!(ended.is_ok(), "the process would hang");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let running = run(|config| config.http.connections = 1).await;
    let first = running.connect().await;
    let mut second = running.connect().await;
    second
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: lms\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut byte = [0];
    let waited = tokio::time::timeout(Duration::from_millis(200), second.peek(&mut byte)).await;
    assert!(waited.is_err(), "the one place is taken");
    drop(first);
    assert_eq!(hear(&mut second).await.status, 200);
}

#[tokio::test]
async fn other_origins_reach_the_runtime_api_alone_and_without_credentials() {
    let running = run(|_| {}).await;
    let ask = |method: &'static str, path: &'static str, origin: &'static str| {
        let headers = format!(
            "origin: {origin}\r\naccess-control-request-method: POST\r\n\
             access-control-request-headers: authorization,content-type,idempotency-key\r\n"
        );
        let running = &running;
        async move { running.ask(method, path, &headers).await }
    };
    let allowed = "access-control-allow-origin";
    for path in [
        "/api/runtime/progress",
        "/api/runtime/auth/exchange",
        "/api/runtime/asset/x",
    ] {
        let heard = ask("OPTIONS", path, ALLOWED).await;
        assert_eq!(heard.status, 200, "{path}");
        assert_eq!(heard.header(allowed), Some(ALLOWED), "{path}");
        let methods = heard.header("access-control-allow-methods").unwrap();
        assert!(methods.contains("post"), "{methods}");
        assert_eq!(heard.header("access-control-allow-credentials"), None);
        let vary = heard.header("vary").unwrap_or_default();
        assert!(vary.contains("origin"), "{path}: caches keep them apart");
    }
    let real = ask("GET", "/api/runtime/context", ALLOWED).await;
    assert_eq!(real.status, 401);
    assert_eq!(
        real.header(allowed),
        Some(ALLOWED),
        "its page may read the refusal"
    );
    let exposed = real.header("access-control-expose-headers").unwrap();
    assert!(exposed.contains("retry-after") && exposed.contains("x-request-id"));
    for origin in ["https://evil.example", "null", "https://play.example.evil"] {
        for (method, path) in [
            ("OPTIONS", "/api/runtime/progress"),
            ("GET", "/api/runtime/context"),
        ] {
            let heard = ask(method, path, origin).await;
            assert_eq!(heard.header(allowed), None, "{origin} {method} {path}");
        }
    }
    for path in [
        "/api/courses",
        "/api/auth/session",
        "/",
        "/api/openapi.json",
    ] {
        for method in ["GET", "OPTIONS"] {
            let heard = ask(method, path, ALLOWED).await;
            assert_eq!(heard.header(allowed), None, "{method} {path}");
            assert_eq!(heard.header("access-control-allow-credentials"), None);
        }
    }
}

#[tokio::test]
async fn pages_api_and_refusals_carry_the_same_security_headers() {
    let running = run(|_| {}).await;
    let expected = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "deny"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()",
        ),
    ];
    let mut policies = Vec::new();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/api/openapi.json"),
        ("GET", "/.well-known/jwks.json"),
        ("GET", "/api/courses"),
        ("GET", "/nowhere"),
        ("POST", "/healthz"),
        ("GET", "/api/runtime/context"),
        ("OPTIONS", "/api/runtime/context"),
    ] {
        let heard = running.ask(method, path, "").await;
        for (name, value) in expected {
            assert_eq!(heard.header(name), Some(value), "{method} {path}: {name}");
        }
        assert!(heard.header("x-request-id").is_some(), "{method} {path}");
        assert!(heard.header("cache-control").is_some(), "{method} {path}");
        assert_eq!(heard.header("server"), None, "{method} {path}");
        assert_eq!(heard.header("x-powered-by"), None, "{method} {path}");
        policies.push(heard.header("content-security-policy").unwrap().to_owned());
    }
    policies.dedup();
    assert_eq!(policies.len(), 1, "{policies:?}");
}

#[tokio::test]
async fn what_is_due_is_forgotten_by_a_server_that_runs() {
    for test in test_support::each().await {
        let store = test.store.clone();
        let user = User {
            id: UserId::from_bits(7),
            login: "kim".to_owned(),
            display_name: "Kim".to_owned(),
            role: Role::Student,
            password_hash: None,
            identity: None,
            created_at: scormbridge_lms::classroom::Timestamp(1),
        };
        let token = scormbridge_lms::classroom::TokenHash([1; 32]);
        let mut tx = store.begin(&Actor::Service).await.unwrap();
        tx.users().insert(&user).await.unwrap();
        tx.sessions()
            .insert(&scormbridge_lms::classroom::Session {
                token,
                user: user.id,
                csrf: token,
                created_at: scormbridge_lms::classroom::Timestamp(1),
                expires_at: scormbridge_lms::classroom::Timestamp(2),
            })
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut running = run_on(test, |_| {}).await;
        let mut looks = 0;
        while store
            .read(&Actor::Service)
            .await
            .unwrap()
            .sessions()
            .find(&token)
            .await
            .unwrap()
            .is_some()
        {
            looks += 1;
            assert!(looks < 1_000, "nobody forgets it");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        running.stop();
        running.ended.await.unwrap();
    }
}
