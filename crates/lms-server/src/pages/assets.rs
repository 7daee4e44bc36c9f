//! Scripts and styles of the pages, part of the program. Built files come from the `js` workspace.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::BASE64URL_NOPAD;
use ring::digest;

use crate::error::AppError;
use crate::state::AppState;

/// Name, media type, content.
const FILES: [(&str, &str, &str); 4] = [
    (
        "style.css",
        "text/css; charset=utf-8",
        include_str!("../../assets/style.css"),
    ),
    (
        "icon.svg",
        "image/svg+xml",
        include_str!("../../assets/icon.svg"),
    ),
    (
        "web.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/web.js"),
    ),
    (
        "controller.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/controller.js"),
    ),
];

/// Outside the gate: a sign-in page has a style too.
pub fn routes() -> Router<AppState> {
    Router::new().route("/assets/{name}", get(asset))
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, AppError> {
    let (_, media_type, content) = FILES
        .into_iter()
        .find(|(known, _, _)| *known == name)
        .ok_or_else(|| AppError::not_found("file"))?;
    let hash = digest::digest(&digest::SHA256, content.as_bytes());
    let etag = format!("\"{}\"", BASE64URL_NOPAD.encode(hash.as_ref()));
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let about = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, etag),
    ];
    Ok(if known {
        (StatusCode::NOT_MODIFIED, about).into_response()
    } else {
        (about, content).into_response()
    })
}
