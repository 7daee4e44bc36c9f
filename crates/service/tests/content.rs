//! Files of a package on their way through the service.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use serde_json::{Value, json};
use support::{Answer, KEY, PATIENCE, SECRET, Service, content, head};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const SITE: &str = "https://moodle.example.org";

/// Bytes of the large file: more than all buffers between CDN and caller hold.
const LARGE: usize = 64 << 20;

/// A CDN with one file that is whole, one that breaks off and one that is large. It tells how much of the large one it
/// got rid of.
async fn cdn() -> (String, mpsc::UnboundedReceiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (sent, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, sent.clone()));
        }
    });
    (origin, told)
}

async fn answer(mut stream: TcpStream, sent: mpsc::UnboundedSender<usize>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read_exact(&mut byte).await.is_err() {
            return;
        }
        request.push(byte[0]);
    }
    let request = String::from_utf8(request).unwrap();
    let length = if request.contains("/large.bin") {
        LARGE
    } else {
        5
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    if request.contains("/whole.txt") {
        stream.write_all(b"whole").await.unwrap();
    } else if request.contains("/cut.txt") {
        stream.write_all(b"cu").await.unwrap();
    } else {
        let piece = [b'x'; 64 * 1024];
        for at in (0..LARGE).step_by(piece.len()) {
            if stream.write_all(&piece).await.is_err() {
                let _ = sent.send(at);
                return;
            }
        }
        let _ = sent.send(LARGE);
    }
}

async fn arguments(service: &Service, origin: &str, path: &str) -> Value {
    let claims = json!({
        "scope": "content", "aud": SITE, "exp": 4_000_000_000_u64,
        "base": format!("{origin}/golf/"), "mode": "host", "lms": SITE,
    });
    let issued = service
        .call("Tickets/issue", &json!([{"k1": KEY}, 2, claims]), &[b"k1"])
        .await;
    let options = json!({
        "devloopback": true, "audience": SITE,
        "tickets": {"keys": {"k1": KEY}, "current": "k1"},
    });
    let request = json!({
        "method": "GET", "ticket": issued.json(), "path": path, "query": "",
        "headers": {"host": "content.example.org"},
    });
    json!([options, request])
}

async fn fetch(service: &Service, origin: &str, path: &str) -> (Value, Vec<u8>, Option<Value>) {
    let arguments = arguments(service, origin, path).await;
    unframed(&service.call("Gateway/serve", &arguments, &[]).await)
}

/// Head, content and, if it came, the outcome.
fn unframed(answer: &Answer) -> (Value, Vec<u8>, Option<Value>) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let line = answer
        .content
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap();
    let head = serde_json::from_slice(&answer.content[..line]).unwrap();
    let mut rest = &answer.content[line + 1..];
    let mut content = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        if length == 0 {
            return (head, content, Some(serde_json::from_slice(after).unwrap()));
        }
        assert!(length <= 64 * 1024, "{length}");
        let Some((piece, after)) = after.split_at_checked(length) else {
            break;
        };
        content.extend(piece);
        rest = after;
    }
    (head, content, None)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_whole_with_its_head_and_says_that_it_ended() {
    let service = Service::start().await;
    let (origin, _told) = cdn().await;
    let (head, content, outcome) = fetch(&service, &origin, "whole.txt").await;
    assert_eq!(head["status"], 200);
    assert_eq!(head["reason"], Value::Null);
    let headers = head["headers"].as_array().unwrap();
    assert!(
        headers.contains(&json!(["content-type", "text/plain"])),
        "{headers:?}"
    );
    assert_eq!(content, b"whole");
    assert_eq!(outcome, Some(Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_broke_off_never_looks_whole() {
    let service = Service::start().await;
    let (origin, _told) = cdn().await;
    let (head, content, outcome) = fetch(&service, &origin, "cut.txt").await;
    assert_eq!(head["status"], 200);
    assert_eq!(content, b"cu");
    let outcome = outcome.unwrap();
    assert_eq!(outcome["class"], "FetchException");
    assert_eq!(outcome["reason"], "fetch_protocol");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_ticket_is_an_answer_with_its_reason() {
    let service = Service::start().await;
    let (origin, _told) = cdn().await;
    let mut arguments = arguments(&service, &origin, "whole.txt").await;
    arguments[1]["ticket"] = json!("v1.k1.x.y");
    let answer = service.call("Gateway/serve", &arguments, &[]).await;
    let (head, content, outcome) = unframed(&answer);
    assert_eq!(head["status"], 403);
    assert!(head["reason"].as_str().unwrap().starts_with("ticket_"));
    assert!(!content.is_empty());
    assert_eq!(outcome, Some(Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_ahead_of_a_caller_that_does_not_read_nor_after_one_that_left() {
    let service = Service::start().await;
    let (origin, mut told) = cdn().await;
    let arguments = content(&arguments(&service, &origin, "large.bin").await, &[]);
    let mut stream = service.connect().await;
    let head = head("/1/Gateway/serve", SECRET, arguments.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&arguments).await.unwrap();
    let mut first = [0; 1024];
    stream.read_exact(&mut first).await.unwrap();
    drop(stream);
    let sent = tokio::time::timeout(PATIENCE, told.recv())
        .await
        .unwrap()
        .unwrap();
    assert!(sent < LARGE, "all of it was fetched for nobody");
}
