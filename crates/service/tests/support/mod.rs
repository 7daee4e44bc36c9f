//! A service on a Unix socket, and a caller that says exactly what a test wants.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part of this"
)]

use std::path::PathBuf;
use std::time::Duration;

use scormbridge_service::{Limits, Listener, Secret};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const SECRET: &str = "0123456789abcdef0123456789abcdef";
pub const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// Far longer than anything here takes; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Service {
    pub socket: PathBuf,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub content: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.content);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    pub fn reason(&self) -> String {
        self.json()["reason"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

impl Service {
    pub async fn start() -> Self {
        Self::with(Limits::default()).await
    }

    pub async fn with(limits: Limits) -> Self {
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("core.sock");
        let listener = Listener::unix(&socket).await.unwrap();
        let secret = Secret::new(SECRET.as_bytes()).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(scormbridge_service::run(
            listener,
            secret,
            limits,
            async move {
                let _ = stopped.await;
            },
        ));
        Self {
            socket,
            stop,
            ended,
            _folder: folder,
        }
    }

    /// Tells it to stop and gives what says that it has.
    pub fn stop(self) -> (JoinHandle<()>, PathBuf, TempDir) {
        self.stop.send(()).unwrap();
        (self.ended, self.socket, self._folder)
    }

    pub async fn connect(&self) -> UnixStream {
        UnixStream::connect(&self.socket).await.unwrap()
    }

    /// Calls a function with arguments as JSON and texts behind them.
    pub async fn call(&self, function: &str, arguments: &Value, texts: &[&[u8]]) -> Answer {
        self.send(
            &format!("/1/{function}"),
            SECRET,
            &content(arguments, texts),
        )
        .await
    }

    pub async fn send(&self, path: &str, secret: &str, content: &[u8]) -> Answer {
        let mut stream = self.connect().await;
        let head = head(path, secret, content.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        // Whoever refuses before it has read all may have closed already.
        let _ = stream.write_all(content).await;
        read(stream).await
    }
}

pub fn content(arguments: &Value, texts: &[&[u8]]) -> Vec<u8> {
    let mut content = arguments.to_string().into_bytes();
    content.push(b'\n');
    content.extend(texts.concat());
    content
}

pub fn head(path: &str, secret: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {secret}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    )
}

/// Reads an answer until the connection ends.
pub async fn read(mut stream: UnixStream) -> Answer {
    let mut bytes = Vec::new();
    let all = async {
        // An end in the middle is for the test to judge.
        let _ = stream.read_to_end(&mut bytes).await;
    };
    tokio::time::timeout(PATIENCE, all).await.unwrap();
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut content = bytes[end + 4..].to_vec();
    if head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked")
    {
        content = dechunked(&content);
    }
    Answer {
        status: head[9..12].parse().unwrap(),
        head,
        content,
    }
}

/// What chunks hold, as far as they came.
fn dechunked(mut rest: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        let piece = &rest[end + 2..];
        content.extend(&piece[..length.min(piece.len())]);
        if length == 0 || piece.len() < length + 2 {
            break;
        }
        rest = &piece[length + 2..];
    }
    content
}
