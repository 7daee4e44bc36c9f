//! Who may call, and what a call may cost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::time::Duration;

use scormbridge_service::Limits;
use serde_json::json;
use support::{PATIENCE, SECRET, Service, content, head, read};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test(flavor = "multi_thread")]
async fn only_who_knows_the_secret_is_answered() {
    let service = Service::start().await;
    let call = content(&json!([]), &[]);
    assert_eq!(service.send("/1/version", SECRET, &call).await.status, 200);
    for guess in [
        "",
        "x",
        &SECRET[1..],
        &format!("{SECRET}0"),
        &SECRET.to_uppercase(),
    ] {
        let answer = service.send("/1/version", guess, &call).await;
        assert_eq!(
            (answer.status, answer.reason().as_str()),
            (401, "service_secret"),
            "{guess}"
        );
        assert!(!String::from_utf8(answer.content).unwrap().contains(SECRET));
    }
    let mut stream = service.connect().await;
    let without = "POST /1/Vault/newKey HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\nconnection: close\r\n\r\n[]\n";
    stream.write_all(without.as_bytes()).await.unwrap();
    assert_eq!(read(stream).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_needs_no_secret_and_tells_the_version() {
    let service = Service::start().await;
    let mut stream = service.connect().await;
    let request = "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = read(stream).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"version": env!("CARGO_PKG_VERSION"), "protocol": 1})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_of_another_version_is_told_so() {
    let service = Service::start().await;
    let call = content(&json!([]), &[]);
    for path in [
        "/2/version",
        "/1/Vault/melt",
        "/1/",
        "/",
        "/version",
        "/1/vault/newKey",
    ] {
        let answer = service.send(path, SECRET, &call).await;
        assert_eq!(
            (answer.status, answer.reason().as_str()),
            (404, "service_protocol"),
            "{path}"
        );
        assert_eq!(answer.json()["details"]["protocol"], "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_beyond_the_limit_is_refused_unread() {
    let service = Service::with(Limits {
        request_bytes: 1000,
        ..Limits::default()
    })
    .await;
    let fits = service
        .call("Vault/isSealed", &json!([900]), &[&[b'x'; 900]])
        .await;
    assert_eq!(fits.json(), json!(false));
    let mut stream = service.connect().await;
    // Nothing follows the headers, so the answer shows that nothing was waited for.
    stream
        .write_all(head("/1/Vault/isSealed", SECRET, 1001).as_bytes())
        .await
        .unwrap();
    let answer = read(stream).await;
    assert_eq!(
        (answer.status, answer.reason().as_str()),
        (413, "service_too_large")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_length_is_refused() {
    let service = Service::start().await;
    let mut stream = service.connect().await;
    let request = format!(
        "POST /1/version HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SECRET}\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(read(stream).await.status, 411);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_is_slow_to_say_what_it_wants_is_cut_off() {
    let soon = Duration::from_millis(50);
    let service = Service::with(Limits {
        header_time: soon,
        request_time: soon,
        ..Limits::default()
    })
    .await;
    let mut silent = service.connect().await;
    silent
        .write_all(b"POST /1/version HTTP/1.1\r\n")
        .await
        .unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, silent.read_to_end(&mut rest))
        .await
        .unwrap()
        .unwrap();
    let mut half = service.connect().await;
    half.write_all(head("/1/version", SECRET, 10).as_bytes())
        .await
        .unwrap();
    half.write_all(b"[").await.unwrap();
    let answer = read(half).await;
    assert_eq!(
        (answer.status, answer.reason().as_str()),
        (408, "service_slow")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_wait_for_room_and_for_a_place_instead_of_piling_up() {
    let limits = Limits {
        connections: 1,
        request_time: Duration::from_millis(50),
        ..Limits::default()
    };
    let service = Service::with(limits).await;
    let mut first = service.connect().await;
    first
        .write_all(head("/1/version", SECRET, 3).as_bytes())
        .await
        .unwrap();
    // The second gets its answer only once the first, which sends nothing more, was sent away.
    let answer = service.call("version", &json!([]), &[]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(read(first).await.status, 408);

    let service = Service::with(Limits {
        held_bytes: 4096,
        request_time: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    let answer = service.send("/1/version", SECRET, &[b' '; 8192]).await;
    assert_eq!(
        (answer.status, answer.reason().as_str()),
        (503, "service_busy")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_calls_under_way_finish_and_takes_no_more() {
    let service = Service::start().await;
    let mut under_way = service.connect().await;
    under_way
        .write_all(head("/1/version", SECRET, 3).as_bytes())
        .await
        .unwrap();
    // Whoever is accepted after it, was it too.
    assert_eq!(service.call("version", &json!([]), &[]).await.status, 200);
    let (ended, socket, _folder) = service.stop();
    while socket.exists() {
        tokio::task::yield_now().await;
    }
    assert!(tokio::net::UnixStream::connect(&socket).await.is_err());
    under_way.write_all(b"[]\n").await.unwrap();
    assert_eq!(read(under_way).await.status, 200);
    tokio::time::timeout(PATIENCE, ended)
        .await
        .unwrap()
        .unwrap();
}
