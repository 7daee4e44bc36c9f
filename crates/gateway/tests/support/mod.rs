//! A CDN on loopback that answers exactly what a test tells it to, and remembers what it was asked.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part of this"
)]

use std::{
    collections::BTreeMap,
    io,
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use scormbridge_core::{
    keys::{Key, Keys},
    ticket::{Claims, Mode, Tickets},
    url_policy::PolicyOptions,
};
use scormbridge_gateway::{
    ContentOptions, Gateway, GatewayOptions, Request, Resolve, Resolving, Response, ServeError,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// First byte of what a TLS client says first.
const TLS_HANDSHAKE: u8 = 0x16;

pub const LMS: &str = "https://moodle.example.org";

/// A request as it came over the wire. Header names are in lower case.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub headers: BTreeMap<String, String>,
}

impl Seen {
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }
}

/// What happens after the written bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    KeepAlive,
    Close,
    /// Closes as well, but lets the client believe that the connection stays open.
    Hangup,
    /// Nothing, for ever.
    Stall,
    /// More and more bytes.
    Endless,
    /// In place of everything: a head that gains one header every few milliseconds and never ends.
    SlowHead,
    /// In place of everything: a head that gains headers as fast as they are taken.
    EndlessHead,
    /// In place of everything: one announcement of an answer after the other.
    Announcements,
    /// One byte every few milliseconds, for ever.
    Drip,
}

/// Bytes to write, and what to do then.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub then: Then,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            then: Then::KeepAlive,
        }
    }

    pub fn ok(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body).with("Content-Type", media_type)
    }

    pub fn redirect(location: &str) -> Self {
        Self::new(302, "").with("Location", location)
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    fn head(&self, without_body: bool) -> String {
        let mut head = format!("HTTP/1.1 {} Whatever\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        let told = self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        if matches!(self.then, Then::KeepAlive | Then::Hangup)
            && !told
            && self.status != 304
            && !without_body
        {
            head += &format!("Content-Length: {}\r\n", self.body.len());
        }
        if !matches!(self.then, Then::KeepAlive | Then::Hangup) {
            head += "Connection: close\r\n";
        }
        head + "\r\n"
    }
}

/// A server of its own port for each test.
pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, connections) = (
            Arc::<Mutex<Vec<Seen>>>::default(),
            Arc::<AtomicUsize>::default(),
        );
        let (log, count, answer) = (
            Arc::clone(&seen),
            Arc::clone(&connections),
            Arc::new(answer),
        );
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                tokio::spawn(async move {
                    let _ = converse(stream, &log, &*answer).await;
                });
            }
        });
        Self {
            port,
            seen,
            connections,
        }
    }

    /// A URL on this server by its address.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// A URL on this server by a name that only a test's own resolver knows.
    pub fn named(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn targets(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.target).collect()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn converse(
    mut stream: TcpStream,
    log: &Mutex<Vec<Seen>>,
    answer: &(dyn Fn(&Seen) -> Reply + Send + Sync),
) -> io::Result<()> {
    let mut read = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end;
            }
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
            if read.first() == Some(&TLS_HANDSHAKE) {
                return stream.write_all(b"HTTP/1.1 400 No TLS here\r\n\r\n").await;
            }
        };
        let head = String::from_utf8_lossy(&read[..end]).into_owned();
        read.drain(..end + 4);
        let (line, headers) = head.split_once("\r\n").unwrap_or((&head, ""));
        let mut words = line.split(' ');
        let seen = Seen {
            method: words.next().unwrap_or_default().to_owned(),
            target: words.next().unwrap_or_default().to_owned(),
            headers: headers
                .split("\r\n")
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
        };
        let reply = answer(&seen);
        let without_body = seen.method == "HEAD";
        log.lock().unwrap().push(seen);
        match reply.then {
            Then::SlowHead => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
                return repeat(&mut stream, b"X-More: a\r\n", true).await;
            }
            Then::EndlessHead => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
                return repeat(&mut stream, b"X-More: aaaaaaaaaaaaaaaa\r\n", false).await;
            }
            Then::Announcements => {
                return repeat(
                    &mut stream,
                    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                    false,
                )
                .await;
            }
            _ => {}
        }
        // In one piece: two small ones would wait for each other's acknowledgement.
        let mut bytes = reply.head(without_body).into_bytes();
        if !without_body {
            bytes.extend_from_slice(&reply.body);
        }
        stream.write_all(&bytes).await?;
        match reply.then {
            Then::KeepAlive => {}
            Then::Close | Then::Hangup => return Ok(()),
            Then::Stall => std::future::pending().await,
            Then::Endless => return repeat(&mut stream, &[b' '; 8192], false).await,
            Then::Drip => return repeat(&mut stream, b" ", true).await,
            Then::SlowHead | Then::EndlessHead | Then::Announcements => return Ok(()),
        }
    }
}

/// Writes the same again and again, until nobody takes it any more.
async fn repeat(stream: &mut TcpStream, bytes: &[u8], slowly: bool) -> io::Result<()> {
    loop {
        stream.write_all(bytes).await?;
        if slowly {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Files by path, served as a good CDN serves them: types, ranges, validators.
#[derive(Debug, Clone, Default)]
pub struct Files(pub BTreeMap<String, (String, Vec<u8>)>);

impl Files {
    pub fn add(mut self, path: &str, media_type: &str, content: impl Into<Vec<u8>>) -> Self {
        self.0
            .insert(path.to_owned(), (media_type.to_owned(), content.into()));
        self
    }

    pub fn without(mut self, path: &str) -> Self {
        assert!(self.0.remove(path).is_some(), "{path}");
        self
    }

    pub async fn serve(self) -> Server {
        Server::start(move |seen| self.reply(seen)).await
    }

    pub fn reply(&self, seen: &Seen) -> Reply {
        let Some((media_type, content)) = self.0.get(seen.path()) else {
            return Reply::new(404, "nothing here");
        };
        let etag = format!("\"{}-{}\"", content.len(), seen.path().len());
        let reply = |status, body: &[u8]| {
            Reply::new(status, body)
                .with("Content-Type", media_type)
                .with("ETag", &etag)
                .with("Accept-Ranges", "bytes")
                .with("Last-Modified", "Fri, 20 Nov 2026 08:00:00 GMT")
        };
        if seen.headers.get("if-none-match") == Some(&etag) {
            return reply(304, b"");
        }
        let same = seen
            .headers
            .get("if-range")
            .is_none_or(|known| *known == etag);
        match seen
            .headers
            .get("range")
            .filter(|_| same)
            .map(|range| part(range, content.len()))
        {
            Some(Some((from, to))) => reply(206, &content[from..=to]).with(
                "Content-Range",
                &format!("bytes {from}-{to}/{}", content.len()),
            ),
            Some(None) => {
                reply(416, b"").with("Content-Range", &format!("bytes */{}", content.len()))
            }
            None => reply(200, content),
        }
    }
}

fn part(range: &str, length: usize) -> Option<(usize, usize)> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let last = length.checked_sub(1)?;
    let (from, to) = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) => (from, to.min(last)),
        (Ok(from), Err(_)) => (from, last),
        (Err(_), Ok(count)) => (length.saturating_sub(count), last),
        (Err(_), Err(_)) => return None,
    };
    (from <= to).then_some((from, to))
}

pub fn manifest_12(title: &str, launch: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>{title}</title>
<item identifier="I" identifierref="R"><title>Lesson</title></item></organization></organizations>
<resources><resource identifier="R" type="webcontent" adlcp:scormtype="sco" href="{launch}"><file href="{launch}"/></resource></resources>
</manifest>"#
    )
}

pub fn manifest_2004(title: &str, launch: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3">
<metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>{title}</title>
<item identifier="I" identifierref="R"><title>Lesson</title></item></organization></organizations>
<resources><resource identifier="R" type="webcontent" adlcp:scormType="sco" href="{launch}"><file href="{launch}"/></resource></resources>
</manifest>"#
    )
}

/// A SCORM 1.2 package with one page, in the folder `/course/`.
pub fn package() -> Files {
    Files::default()
        .add(
            "/course/imsmanifest.xml",
            "application/xml",
            manifest_12("Fire safety", "index.html"),
        )
        .add(
            "/course/index.html",
            "text/html",
            "<!doctype html><title>Lesson</title><p>Hello",
        )
}

/// Options for tests: loopback allowed, and no patience.
pub fn options() -> GatewayOptions {
    let mut options = GatewayOptions::default();
    options.policy = PolicyOptions {
        dev_loopback: true,
        ..PolicyOptions::default()
    };
    options.timeouts.idle = Duration::from_millis(300);
    options.timeouts.response = Duration::from_secs(5);
    options
}

pub fn tickets() -> Tickets {
    Tickets::new(Keys::from([("k1".to_owned(), Key::from([7; 32]))]), "k1").unwrap()
}

/// A gateway that serves, for tests of serving.
pub fn serving() -> Gateway {
    let mut options = options();
    options.content = Some(ContentOptions::new(tickets(), LMS));
    Gateway::new(options).unwrap()
}

pub fn claims(base: &str, mode: Mode) -> Claims {
    Claims::Content {
        aud: LMS.to_owned(),
        exp: i64::MAX,
        base: base.to_owned(),
        mode,
        lms: LMS.to_owned(),
    }
}

/// A request for `path` of the package at `base`, with a good ticket, on the right host.
pub fn request(base: &str, mode: Mode, path: &str) -> Request {
    Request {
        method: "GET".to_owned(),
        ticket: tickets().issue(&claims(base, mode)).unwrap(),
        path: path.to_owned(),
        query: None,
        headers: vec![("host".to_owned(), "content.example.org".to_owned())],
    }
}

pub fn with(mut request: Request, headers: &[(&str, &str)]) -> Request {
    request.headers.extend(
        headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    request
}

pub fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let mut found = response.headers.iter().filter(|(found, _)| found == name);
    let value = found.next().map(|(_, value)| value.as_str());
    assert!(found.next().is_none(), "{name} is sent twice");
    value
}

pub async fn content(response: &mut Response) -> Vec<u8> {
    let mut content = Vec::new();
    while let Some(chunk) = response.body.chunk().await.unwrap() {
        content.extend_from_slice(&chunk);
    }
    content
}

/// A resolver that gives its answers one after the other, the last one for ever, and counts.
#[derive(Clone)]
pub struct Scripted {
    answers: Arc<Vec<Vec<IpAddr>>>,
    asked: Arc<AtomicUsize>,
}

impl Scripted {
    pub fn new(answers: &[&[&str]]) -> Self {
        let parse = |answer: &&[&str]| {
            answer
                .iter()
                .map(|address| address.parse().unwrap())
                .collect()
        };
        Self {
            answers: Arc::new(answers.iter().map(parse).collect()),
            asked: Arc::default(),
        }
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Resolve for Scripted {
    fn resolve(&self, host: &str) -> Resolving {
        // Addresses of this machine are never asked for by name here, so nothing leaves it.
        assert!(host.parse::<IpAddr>().is_err(), "an address is no name");
        let turn = self
            .asked
            .fetch_add(1, Ordering::SeqCst)
            .min(self.answers.len() - 1);
        let answer = self.answers[turn].clone();
        Box::pin(async move { Ok(answer) })
    }
}

pub const NAVIGATION: &[(&str, &str)] =
    &[("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate")];
pub const FETCH: &[(&str, &str)] = &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors")];

/// A package at `/c/` with a file of each kind, and a file beside it.
pub fn course() -> Files {
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    Files::default()
        .add(
            "/c/a/index.html",
            "text/html; charset=utf-8",
            "<!doctype html><script>go()</script>é",
        )
        .add("/c/video.mp4", "video/mp4", bytes)
        .add("/c/app.js", "application/octet-stream", "var a")
        .add("/c/style.css", "text/plain", "p{}")
        .add("/c/f/", "text/html", "<p>index of a folder")
        .add("/secret.txt", "text/plain", "not in the package")
}

/// Asks for a file of the package at `/c/`.
pub async fn get(
    gateway: &Gateway,
    server: &Server,
    mode: Mode,
    path: &str,
    headers: &[(&str, &str)],
) -> Response {
    gateway
        .serve(&with(request(&server.url("/c/"), mode, path), headers))
        .await
}

/// Why an answer is none; empty if it is one.
pub fn reason(response: &Response) -> &'static str {
    response.error.as_ref().map_or("", ServeError::reason)
}
