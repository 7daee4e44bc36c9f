//! Where the service listens, and where it refuses to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use scormbridge_service::{ListenError, Listener, Secret, SecretError};
use tempfile::TempDir;
use tokio::net::UnixStream;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn addresses_that_other_machines_can_reach_are_refused() {
    for address in [
        "0.0.0.0:0",
        "[::]:0",
        "10.0.0.1:0",
        "192.0.2.1:80",
        "[2001:db8::1]:0",
        "[::ffff:8.8.8.8]:0",
    ] {
        let refused = Listener::loopback(address.parse().unwrap()).await;
        assert!(
            matches!(refused, Err(ListenError::NotLoopback(_))),
            "{address}: {refused:?}"
        );
    }
    let listener = Listener::loopback("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    assert!(
        listener.address().starts_with("http://127.0.0.1:"),
        "{}",
        listener.address()
    );
}

#[tokio::test]
async fn a_socket_is_for_its_user_and_group_and_goes_with_its_listener() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("core.sock");
    let listener = Listener::unix(&path).await.unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o660
    );
    assert_eq!(listener.address(), path.to_str().unwrap());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    drop(listener);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn what_a_killed_service_left_behind_is_replaced_but_not_a_living_one() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("core.sock");
    // Closed without being removed, as by a kill.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let living = Listener::unix(&path).await.unwrap();
    UnixStream::connect(&path).await.unwrap();
    assert!(matches!(
        Listener::unix(&path).await,
        Err(ListenError::Taken(_))
    ));
    UnixStream::connect(&path).await.unwrap();
    drop(living);
}

#[tokio::test]
async fn nothing_but_a_socket_is_replaced() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("core.sock");
    fs::write(&path, "precious").unwrap();
    assert!(matches!(
        Listener::unix(&path).await,
        Err(ListenError::NoSocket(_))
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    let link = folder.path().join("link.sock");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(
        Listener::unix(&link).await,
        Err(ListenError::NoSocket(_))
    ));
    assert!(matches!(
        Listener::unix(Path::new("core.sock")).await,
        Err(ListenError::Relative(_))
    ));
}

#[tokio::test]
async fn a_folder_that_everybody_may_write_to_is_refused() {
    let top = TempDir::new().unwrap();
    let folder = top.path().join("run");
    fs::create_dir(&folder).unwrap();
    let path = folder.join("core.sock");
    for bad in [0o777, 0o1777, 0o702] {
        mode(&folder, bad);
        assert!(
            matches!(Listener::unix(&path).await, Err(ListenError::Writable(_))),
            "{bad:o}"
        );
    }
    mode(&folder, 0o770);
    // A folder on the way may be like /tmp, where nobody renames what is another's, but no worse.
    mode(top.path(), 0o1777);
    drop(Listener::unix(&path).await.unwrap());
    mode(top.path(), 0o777);
    assert!(matches!(
        Listener::unix(&path).await,
        Err(ListenError::Writable(_))
    ));
    assert!(!path.exists());
}

#[test]
fn a_secret_is_one_long_line_that_others_cannot_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secret");
    let good = "s".repeat(32);
    fs::write(&path, format!("{good}\n")).unwrap();
    for open in [0o644, 0o602, 0o601] {
        mode(&path, open);
        assert!(matches!(Secret::from_file(&path), Err(SecretError::Open(found)) if found == open));
    }
    mode(&path, 0o640);
    Secret::from_file(&path).unwrap();
    let (long, longest) = ("s".repeat(513), "s".repeat(512));
    let two_lines = format!("{good}\n{good}");
    let cases = [
        ("", false),
        (&good[1..], false),
        (two_lines.as_str(), false),
        ("0123456789abcdef 0123456789abcdef", false),
        ("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü", false),
        (&long, false),
        (&longest, true),
    ];
    for (text, fits) in cases {
        fs::write(&path, text).unwrap();
        assert_eq!(Secret::from_file(&path).is_ok(), fits, "{text}");
    }
    assert!(matches!(
        Secret::from_file(folder.path()),
        Err(SecretError::NoFile)
    ));
    assert!(matches!(
        Secret::from_file(&folder.path().join("none")),
        Err(SecretError::Read(_))
    ));
    assert_eq!(
        format!("{:?}", Secret::new(good.as_bytes()).unwrap()),
        "Secret(…)"
    );
}
