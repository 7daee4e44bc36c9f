//! `scormbridge serve`: what it refuses to start with, and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]
#![cfg(unix)]

mod support;

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use support::{Ran, command};
use tempfile::TempDir;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn secret(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("secret");
    fs::write(&path, SECRET).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    path
}

fn refused(arguments: &[&str], environment: Option<&str>) -> String {
    let mut command = command();
    command
        .arg("serve")
        .args(arguments)
        .env_remove("SCORMBRIDGE_SECRET");
    if let Some(secret) = environment {
        command.env("SCORMBRIDGE_SECRET", secret);
    }
    let ran = Ran::from(command.output().unwrap());
    assert_eq!(ran.status, 2, "{}", ran.err);
    ran.err
}

/// A service that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_does_not_start_without_a_good_secret_or_where_strangers_could_call() {
    let folder = TempDir::new().unwrap();
    let good = secret(&folder);
    let good = good.to_str().unwrap();
    let place = ["--listen", "127.0.0.1:0"];
    let with = |more: &[&'static str]| [&place[..], more].concat();
    assert!(refused(&place, None).contains("--secret-file"));
    assert!(refused(&place, Some("short")).contains("32"));
    assert!(refused(&with(&["--connections", "0"]), Some(SECRET)).contains("connections"));
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8650"] {
        let refusal = refused(&["--listen", address, "--secret-file", good], None);
        assert!(refusal.contains("loopback"), "{refusal}");
    }
    assert!(refused(&["--secret-file", good], None).contains("--socket"));
    let both = [
        "--socket",
        "/run/x.sock",
        "--listen",
        "127.0.0.1:0",
        "--secret-file",
        good,
    ];
    assert!(refused(&both, None).contains("cannot be used with"));
    fs::set_permissions(good, Permissions::from_mode(0o644)).unwrap();
    let open = [&place[..], &["--secret-file", good]].concat();
    assert!(refused(&open, None).contains("chmod"));
}

#[test]
fn it_answers_on_its_socket_until_it_is_told_to_stop_and_takes_the_socket_with_it() {
    let folder = TempDir::new().unwrap();
    let socket = folder.path().join("core.sock");
    let child = command()
        .args(["serve", "--verbose", "--socket"])
        .arg(&socket)
        .arg("--secret-file")
        .arg(secret(&folder))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut running = Running(child);
    for _ in 0..600 {
        if socket.exists() {
            break;
        }
        sleep(Duration::from_millis(50));
    }
    let mut stream = UnixStream::connect(&socket).unwrap();
    write!(
        stream,
        "POST /1/Vault/isSealed HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SECRET}\r\n\
         content-length: 13\r\nconnection: close\r\n\r\n[9]\nMy answer"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nfalse"), "{answer}");

    let id = running.0.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    assert!(running.0.wait().unwrap().success());
    assert!(!socket.exists());
    let mut log = String::new();
    let mut lines = running.0.stderr.take().unwrap();
    lines.read_to_string(&mut log).unwrap();
    assert!(log.contains("Vault/isSealed"), "{log}");
    assert!(!log.contains("My answer") && !log.contains(SECRET), "{log}");
}
