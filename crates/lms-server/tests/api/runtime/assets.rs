//! Files that learners make.

use axum::body::Body;
use axum::http::Method;
use scormbridge_lms::classroom::{AttemptId, EventId};
use serde_json::json;

use super::world::{World, worlds};
use crate::support::{Answer, request};

async fn permit(world: &World, bearer: &str, bytes: usize) -> String {
    let body = json!({ "name": "draw.png", "content_type": "image/png", "bytes": bytes });
    let answer = world.post("asset/sign-url", bearer, body).await;
    assert_eq!(
        answer.status,
        201,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let url = answer.json()["url"].as_str().unwrap().to_owned();
    let origin = &world.state.config.http.public_origin;
    url.strip_prefix(origin.as_str()).unwrap().to_owned()
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

#[tokio::test]
async fn an_attempt_has_a_hundred_files_at_most() {
    for world in worlds().await {
        let bearer = world.bearer("normal").await;
        let context = world.get("context", &bearer).await.json();
        let attempt: AttemptId = context["attempt"].as_str().unwrap().parse().unwrap();
        let folder = world.assets.path().join(attempt.to_string());
        std::fs::create_dir(&folder).unwrap();
        for _ in 0..100 {
            std::fs::write(
                folder.join(EventId::random(&*world.state.entropy).to_string()),
                [1],
            )
            .unwrap();
        }
        let body = json!({ "name": "one more", "content_type": "image/png", "bytes": 1 });
        assert_eq!(
            world
                .post("asset/sign-url", &bearer, body)
                .await
                .problem(409),
            "too_many_files",
            "{}",
            world.engine
        );
    }
}
