//! Files that learners make.

use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use futures_util::{StreamExt, stream};
use lms_server::config::Config;
use serde_json::{Value, json};

use super::world::{World, worlds, worlds_with};
use crate::support::{Answer, request};

async fn permit(world: &World, bearer: &str, bytes: usize) -> String {
    announce(world, bearer, "draw.png", bytes).await.1
}

/// The file's id, and the path that takes it.
async fn announce(world: &World, bearer: &str, name: &str, bytes: usize) -> (String, String) {
    let body = json!({ "name": name, "content_type": "image/png", "bytes": bytes });
    signed(world, bearer, body).await
}

/// The path that answers with a kept file.
async fn fetch_url(world: &World, bearer: &str, id: &str) -> String {
    signed(world, bearer, json!({ "asset": id })).await.1
}

async fn signed(world: &World, bearer: &str, body: Value) -> (String, String) {
    let answer = world.post("asset/sign-url", bearer, body).await;
    assert_eq!(
        answer.status,
        201,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let answer = answer.json();
    let origin = &world.state.config.http.public_origin;
    let url = answer["url"].as_str().unwrap();
    let path = url.strip_prefix(origin.as_str()).unwrap();
    (
        answer["asset"].as_str().unwrap().to_owned(),
        path.to_owned(),
    )
}

async fn put(world: &World, path: &str, kind: &str, body: Vec<u8>) -> Answer {
    let request = request(Method::PUT, path).header("content-type", kind);
    world
        .app
        .send(request.body(Body::from(body)).unwrap())
        .await
}

fn files(world: &World) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(world.assets.path()).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            found.push(std::fs::read(file.unwrap().path()).unwrap());
        }
    }
    found
}

#[tokio::test]
async fn a_file_is_taken_once_with_its_type_and_length() {
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        let path = permit(&world, &bearer, 10).await;
        assert_eq!(
            put(&world, &path, "text/html", vec![1; 10])
                .await
                .problem(415),
            "asset_type"
        );
        assert_eq!(
            put(&world, &path, "image/png", vec![1; 11])
                .await
                .problem(413),
            "body_too_large"
        );
        assert_eq!(
            put(&world, &path, "image/png", vec![1; 9])
                .await
                .problem(400),
            "asset_length"
        );
        assert!(
            files(&world).is_empty(),
            "{}: nothing is kept of what is refused",
            world.engine
        );
        assert_eq!(
            put(&world, &path, "image/png", vec![1; 10]).await.status,
            201
        );
        assert_eq!(
            put(&world, &path, "image/png", vec![2; 10])
                .await
                .problem(409),
            "asset_exists"
        );
        assert_eq!(files(&world), [vec![1; 10]], "{}", world.engine);
    }
}

#[tokio::test]
async fn a_url_that_was_not_signed_here_or_now_takes_nothing() {
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        let path = permit(&world, &bearer, 10).await;
        let forged = format!("{}A", &path[..path.len() - 1]);
        let forged = if forged == path {
            format!("{}B", &path[..path.len() - 1])
        } else {
            forged
        };
        let status = put(&world, &forged, "image/png", vec![1; 10])
            .await
            .status
            .as_u16();
        assert!([401, 403].contains(&status), "{status}");
        assert_eq!(
            put(&world, "/api/runtime/asset/x", "image/png", vec![1])
                .await
                .problem(401),
            "token_malformed"
        );
        let as_bearer = format!("/api/runtime/asset/{bearer}");
        assert_eq!(
            put(&world, &as_bearer, "image/png", vec![1])
                .await
                .problem(403),
            "token_type"
        );
        let grant = path.strip_prefix("/api/runtime/asset/").unwrap();
        assert_eq!(
            world.get("context", grant).await.problem(403),
            "token_type",
            "an upload reads nothing"
        );
        world.pass(300);
        assert_eq!(
            put(&world, &path, "image/png", vec![1; 10])
                .await
                .problem(401),
            "token_expired"
        );

        let late = permit(&world, &bearer, 10).await;
        assert_eq!(
            world
                .post("grade", &bearer, json!({ "status": "passed" }))
                .await
                .status,
            200
        );
        assert_eq!(
            put(&world, &late, "image/png", vec![1; 10])
                .await
                .problem(409),
            "attempt_closed"
        );
        assert!(files(&world).is_empty(), "{}", world.engine);
    }
}

/// A body whose first piece comes, and no other.
fn stalled() -> Body {
    let first = stream::iter([Ok::<_, std::io::Error>("abc")]);
    Body::from_stream(first.chain(stream::pending()))
}

#[tokio::test]
async fn what_breaks_off_leaves_nothing_behind_and_may_be_sent_again() {
    for world in worlds_with(|config| config.http.request_timeout_ms = 4_000).await {
        let bearer = world.bearer("normal").await;
        let path = permit(&world, &bearer, 10).await;
        let ask = || {
            let request = request(Method::PUT, &path).header("content-type", "image/png");
            world.app.send(request.body(stalled()).unwrap())
        };
        assert_eq!(ask().await.problem(400), "asset_slow", "{}", world.engine);
        assert!(files(&world).is_empty());
        // A browser that goes away: the server drops what it was doing.
        let arriving = async {
            while files(&world).is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            answer = ask() => panic!("answered with {}", answer.status),
            () = arriving => {}
        }
        let gone = async {
            while !files(&world).is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), gone).await;
        assert!(waited.is_ok(), "{}", world.engine);
        assert_eq!(
            put(&world, &path, "image/png", vec![1; 10]).await.status,
            201
        );
    }
}

#[tokio::test]
async fn a_kept_file_is_fetched_by_a_signed_url_of_its_own_attempt() {
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        let (id, path) = announce(&world, &bearer, "../Zeichnung \"1\".png", 10).await;
        let wanted = json!({ "asset": id });
        let early = world.post("asset/sign-url", &bearer, wanted.clone()).await;
        assert_eq!(early.problem(404), "not_found", "it has not arrived");
        assert_eq!(
            put(&world, &path, "image/png", vec![7; 10]).await.status,
            201
        );
        let url = fetch_url(&world, &bearer, &id).await;
        let file = world.app.get(&url).await;
        assert_eq!(file.status, 200);
        assert_eq!(file.body, [7; 10]);
        assert_eq!(file.header("content-type"), "image/png");
        assert_eq!(file.header("content-length"), "10");
        assert_eq!(
            file.header("content-disposition"),
            "attachment; filename*=UTF-8''..%2FZeichnung%20%221%22.png"
        );
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("accept-ranges"), "bytes");
        assert_eq!(
            put(&world, &url, "image/png", vec![1; 10])
                .await
                .problem(403),
            "token_type",
            "what fetches does not upload"
        );
        assert_eq!(
            world.app.get(&path).await.problem(403),
            "token_type",
            "what uploads does not fetch"
        );
        let browse = world.bearer("browse").await;
        let other = world.post("asset/sign-url", &browse, wanted.clone()).await;
        assert_eq!(
            other.problem(404),
            "not_found",
            "{}: another attempt's file",
            world.engine
        );
        // Closed attempts are looked back at.
        let done = json!({ "status": "passed" });
        assert_eq!(world.post("grade", &bearer, done).await.status, 200);
        fetch_url(&world, &bearer, &id).await;
        world.pass(300);
        assert_eq!(world.app.get(&url).await.problem(401), "token_expired");
    }
}

#[tokio::test]
async fn a_part_of_a_file_is_fetched_by_a_range() {
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        let (id, path) = announce(&world, &bearer, "film.png", 10).await;
        let bytes = b"0123456789".to_vec();
        assert_eq!(put(&world, &path, "image/png", bytes).await.status, 201);
        let url = fetch_url(&world, &bearer, &id).await;
        let ask = async |headers: &[(&str, &str)]| {
            let mut ask = request(Method::GET, &url);
            for (name, value) in headers {
                ask = ask.header(*name, *value);
            }
            world.app.send(ask.body(Body::empty()).unwrap()).await
        };
        let part = ask(&[("range", "bytes=2-4")]).await;
        assert_eq!(
            (part.status.as_u16(), part.body.as_slice()),
            (206, &b"234"[..])
        );
        assert_eq!(part.header("content-range"), "bytes 2-4/10");
        assert_eq!(part.header("content-length"), "3");
        let etag = part.header("etag").to_owned();
        let more = ask(&[("range", "bytes=5-"), ("if-range", &etag)]).await;
        assert_eq!(
            (more.status.as_u16(), more.body.as_slice()),
            (206, &b"56789"[..])
        );
        for headers in [
            [("range", "bytes=5-"), ("if-range", "\"another\"")],
            [("range", "bytes=0-1,3-4"), ("accept", "*/*")],
        ] {
            let whole = ask(&headers).await;
            assert_eq!((whole.status.as_u16(), whole.body.len()), (200, 10));
        }
        let beyond = ask(&[("range", "bytes=10-")]).await;
        assert_eq!(beyond.problem(416), "range_beyond");
        assert_eq!(
            beyond.header("content-range"),
            "bytes */10",
            "{}",
            world.engine
        );
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        std::fs::write(world.assets.path().join("secret"), "TELL-NOBODY").unwrap();
        for token in [
            "..%2F..%2Fsecret",
            "%2E%2E%2Fsecret",
            "secret",
            "..%5Csecret",
            "%00",
        ] {
            let path = format!("/api/runtime/asset/{token}");
            assert_eq!(world.app.get(&path).await.problem(401), "token_malformed");
            assert_eq!(
                put(&world, &path, "image/png", vec![1]).await.problem(401),
                "token_malformed"
            );
        }
        for id in ["../secret", "secret", "..", &"A".repeat(32)] {
            let answer = world
                .post("asset/sign-url", &bearer, json!({ "asset": id }))
                .await;
            assert_eq!(answer.problem(422), "invalid_body", "{id}");
        }
        // What a learner calls a file is no part of a path.
        let (_, path) = announce(&world, &bearer, "../../secret", 1).await;
        assert_eq!(put(&world, &path, "image/png", vec![1]).await.status, 201);
        let kept = std::fs::read(world.assets.path().join("secret")).unwrap();
        assert_eq!(kept, b"TELL-NOBODY", "{}", world.engine);
    }
}

#[tokio::test]
async fn files_and_bytes_are_limited_per_attempt_and_per_learner() {
    let tight = |config: &mut Config| {
        config.runtime.asset_files = 3;
        config.runtime.asset_attempt_bytes = 100;
        config.runtime.asset_user_bytes = 150;
    };
    for world in worlds_with(tight).await {
        let bearer = world.bearer("normal").await;
        let refused = async |bytes: u64| {
            let body = json!({ "name": "x", "content_type": "image/png", "bytes": bytes });
            let answer = world.post("asset/sign-url", &bearer, body).await;
            answer.problem(409)
        };
        announce(&world, &bearer, "a", 60).await;
        assert_eq!(
            refused(41).await,
            "attempt_quota",
            "{}: promised room is taken",
            world.engine
        );
        announce(&world, &bearer, "b", 20).await;
        announce(&world, &bearer, "c", 20).await;
        assert_eq!(refused(1).await, "too_many_files");

        // The next attempt of the same learner has files of its own, and the same learner.
        let done = json!({ "status": "failed" });
        assert_eq!(world.post("grade", &bearer, done).await.status, 200);
        let again = world.bearer("normal").await;
        announce(&world, &again, "d", 50).await;
        let body = json!({ "name": "x", "content_type": "image/png", "bytes": 1 });
        let answer = world.post("asset/sign-url", &again, body).await;
        assert_eq!(answer.problem(409), "user_quota", "{}", world.engine);
    }
}
