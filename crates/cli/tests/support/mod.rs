//! Running the command, and packages to run it on.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part of this"
)]

use std::{
    fs,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Output},
    thread,
};

use serde_json::Value;
use tempfile::TempDir;

/// What the command did.
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            status: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

pub fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_scormbridge"))
}

pub fn scormbridge(arguments: &[&str]) -> Ran {
    command().args(arguments).output().unwrap().into()
}

pub fn manifest(launch: &str) -> String {
    format!(
        r#"<?xml version="1.0"?>
<manifest identifier="M" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>2004 3rd Edition</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>Fire safety</title>
<item identifier="I" identifierref="R" parameters="?lang=en"><title>Lesson</title>
<imsss:sequencing><imsss:controlMode flow="true"/><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition condition="completed"/></imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules></imsss:sequencing></item></organization></organizations>
<resources><resource identifier="R" type="webcontent" adlcp:scormType="sco" href="{launch}"/></resources>
</manifest>"#
    )
}

/// A folder with a package whose launch file has a space in its name.
pub fn package() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("imsmanifest.xml"),
        manifest("pages/the%20lesson.html"),
    )
    .unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    fs::write(folder.path().join("pages/the lesson.html"), "<p>Hello").unwrap();
    folder
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Serves the files of a folder on loopback until the test ends; says at which port. `secure` may wrap connections.
pub fn cdn<S: Read + Write>(
    folder: &Path,
    secure: impl Fn(TcpStream) -> S + Send + 'static,
) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let (port, folder) = (listener.local_addr().unwrap().port(), folder.to_owned());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that does not like what it sees goes away; so be it.
            let _ = answer(&mut secure(stream), &folder);
        }
    });
    port
}

fn answer(stream: &mut (impl Read + Write), folder: &Path) -> io::Result<()> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let path = head
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .split('?')
        .next()
        .unwrap()
        .replace("%20", " ");
    let (status, body) = match fs::read(folder.join(path.trim_start_matches('/'))) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let kind = if path.ends_with(".html") {
        "text/html"
    } else {
        "application/octet-stream"
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), &body].concat())?;
    stream.flush()
}
