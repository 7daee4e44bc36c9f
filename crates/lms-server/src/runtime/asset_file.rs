//! What signed URLs do: `PUT asset/{token}` takes the announced file, once; `GET asset/{token}` answers with a kept one.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http_body_util::BodyExt;
use scormbridge_lms::classroom::ports::{StoreError, Tx};
use scormbridge_lms::classroom::{Actor, Asset};
use scormbridge_lms::token::UploadClaims;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::asset_range::{self, Wanted};
use super::asset_store::{self, Incoming};
use super::gate::refused;
use crate::error::{AppError, Problem};
use crate::http::ApiPath;
use crate::http::limits::announced;
use crate::http::rate::{Key, Ledger};
use crate::state::AppState;

/// How much of a file is in memory, per request.
const CHUNK: usize = 64 * 1024;

/// Upload the file that a signed URL is for.
#[utoipa::path(
    put, path = "/api/runtime/asset/{token}", tag = "runtime", security(()),
    params(("token" = String, Path, description = "As in the signed URL")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "Kept"),
        (status = 400, description = "`asset_length`, `asset_slow`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`token_malformed`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_forged`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: it was announced too long ago", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`asset_exists`, `attempt_closed`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`asset_type`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn upload(
    State(state): State<AppState>,
    ApiPath(token): ApiPath<String>,
    headers: HeaderMap,
    extensions: Extensions,
    body: Body,
) -> Result<StatusCode, AppError> {
    let claims = state
        .tokens
        .verify_upload(&token, &state.config.http.public_origin, seconds(&state))
        .map_err(refused)?;
    // Only the attempt is known here; it stands for the learner's alias.
    count(&state, &extensions, Key::Alias(claims.attempt.to_string())).await?;
    let sent = headers
        .get(header::CONTENT_TYPE)
        .map(|value| value.as_bytes());
    if sent != Some(claims.content_type.as_bytes()) {
        let detail = format!(
            "Send the file with the header `content-type: {}`.",
            claims.content_type
        );
        return Err(AppError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "asset_type",
            detail,
        ));
    }
    match announced(&headers) {
        Some(bytes) if bytes > claims.bytes => return Err(AppError::body_too_large()),
        Some(bytes) if bytes < claims.bytes => return Err(length(claims.bytes, bytes)),
        _ => {}
    }
    // Asked before the bytes are read, and again when they are all there.
    drop(expect(&state, &claims).await?);
    let root = &state.config.runtime.assets;
    let incoming = Incoming::begin(root, claims.attempt, claims.asset)
        .await
        .map_err(AppError::internal)?
        .ok_or_else(exists)?;
    let patience = Duration::from_millis(state.config.http.request_timeout_ms);
    let incoming = receive(body, incoming, claims.bytes, patience).await?;

    let mut tx = expect(&state, &claims).await?;
    let kept = tx.assets().keep(claims.asset, state.clock.now()).await;
    kept.map_err(|error| match error {
        StoreError::NotFound => exists(),
        other => other.into(),
    })?;
    // Before the commit: a file that is said to be kept is there. The other way round it may be sent again.
    incoming.keep().await.map_err(AppError::internal)?;
    tx.commit().await?;
    Ok(StatusCode::CREATED)
}

/// Fetch the file that a signed URL is for.
#[utoipa::path(
    get, path = "/api/runtime/asset/{token}", tag = "runtime", security(()),
    params(("token" = String, Path, description = "As in the signed URL")),
    responses(
        (status = 200, description = "The file, as an attachment of its own type", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 206, description = "The part that `range` asked for; `content-range` says which", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 401, description = "`token_malformed`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_forged`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 416, description = "`range_beyond`: the file is shorter", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn download(
    State(state): State<AppState>,
    ApiPath(token): ApiPath<String>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Result<Response, AppError> {
    let claims = state
        .tokens
        .verify_download(&token, &state.config.http.public_origin, seconds(&state))
        .map_err(refused)?;
    count(&state, &extensions, Key::Alias(claims.attempt.to_string())).await?;
    let mut tx = state.store.read(&Actor::Service).await?;
    let asset = tx
        .assets()
        .find(claims.asset)
        .await?
        .filter(|asset| asset.kept_at.is_some())
        .ok_or_else(missing)?;
    drop(tx);
    // A file is kept once and never changed, so its id says which bytes it has.
    let etag = format!("\"{}\"", asset.id);
    let (status, first, last) = match asset_range::wanted(&headers, asset.bytes, &etag) {
        Wanted::Whole => (StatusCode::OK, 0, asset.bytes.saturating_sub(1)),
        Wanted::Part(first, last) => (StatusCode::PARTIAL_CONTENT, first, last),
        Wanted::Beyond => return beyond(asset.bytes),
    };
    let path = asset_store::whole(&state.config.runtime.assets, asset.attempt, asset.id);
    let mut file = tokio::fs::File::open(path)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => missing(),
            _ => AppError::internal(error),
        })?;
    file.seek(std::io::SeekFrom::Start(first))
        .await
        .map_err(AppError::internal)?;
    let length = last - first + 1;
    let chunks = stream::try_unfold(file.take(length), async |mut file| {
        let mut chunk = vec![0; CHUNK];
        let got = file.read(&mut chunk).await?;
        chunk.truncate(got);
        Ok::<_, std::io::Error>((got > 0).then(|| (Bytes::from(chunk), file)))
    });
    let mut response = (status, Body::from_stream(chunks)).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_str(&asset.content_type).map_err(AppError::internal)?;
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let etag = HeaderValue::try_from(etag).map_err(AppError::internal)?;
    headers.insert(header::ETAG, etag);
    if status == StatusCode::PARTIAL_CONTENT {
        let range = content_range(&format!("{first}-{last}"), asset.bytes)?;
        headers.insert(header::CONTENT_RANGE, range);
    }
    headers.insert(header::CONTENT_DISPOSITION, disposition(&asset)?);
    Ok(response)
}

/// `which` is `first-last`, or `*` where there is none.
fn content_range(which: &str, bytes: u64) -> Result<HeaderValue, AppError> {
    HeaderValue::try_from(format!("bytes {which}/{bytes}")).map_err(AppError::internal)
}

fn beyond(bytes: u64) -> Result<Response, AppError> {
    let detail = format!("The file has {bytes} bytes. Ask for some of them, or for all.");
    let error = AppError::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_beyond", detail);
    let mut response = error.into_response();
    let range = content_range("*", bytes)?;
    response.headers_mut().insert(header::CONTENT_RANGE, range);
    Ok(response)
}

fn seconds(state: &AppState) -> i64 {
    state.clock.now().0.div_euclid(1000)
}

async fn count(state: &AppState, extensions: &Extensions, key: Key) -> Result<(), AppError> {
    let ledger = extensions.get::<Ledger>().cloned().unwrap_or_default();
    state.rates.take(&ledger, &key).await
}

fn exists() -> AppError {
    AppError::conflict(
        "asset_exists",
        "This file was uploaded already, or is being uploaded.",
    )
}

fn length(bytes: u64, got: u64) -> AppError {
    let detail =
        format!("The file was announced with {bytes} bytes and {got} arrived. Send it again.");
    AppError::bad_request("asset_length", detail)
}

fn missing() -> AppError {
    AppError::not_found("file")
}

/// A unit of work in which the file is still expected.
async fn expect(state: &AppState, claims: &UploadClaims) -> Result<Box<dyn Tx>, AppError> {
    let mut tx = state.store.begin(&Actor::Service).await?;
    let mut attempt = tx.attempts().get(claims.attempt).await?;
    attempt
        .accept(state.clock.now())
        .map_err(super::unit::refused)?;
    match tx.assets().find(claims.asset).await? {
        Some(asset) if asset.kept_at.is_none() => Ok(tx),
        Some(_) => Err(exists()),
        None => Err(missing()),
    }
}

/// Takes exactly `bytes`, none of them later than `patience` after the one before.
async fn receive(
    mut body: Body,
    mut incoming: Incoming,
    bytes: u64,
    patience: Duration,
) -> Result<Incoming, AppError> {
    let mut got: u64 = 0;
    loop {
        let frame = match tokio::time::timeout(patience, body.frame()).await {
            Ok(Some(frame)) => frame.map_err(|_| length(bytes, got))?,
            Ok(None) => break,
            Err(_) => {
                let detail = "Nothing came for too long. Send the file again.";
                return Err(AppError::bad_request("asset_slow", detail));
            }
        };
        let Some(data) = frame.data_ref() else {
            continue;
        };
        got = got.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        if got > bytes {
            return Err(AppError::body_too_large());
        }
        incoming.write(data).await.map_err(AppError::internal)?;
    }
    if got < bytes {
        return Err(length(bytes, got));
    }
    Ok(incoming)
}

/// RFC 6266 with the extended form of RFC 8187: whatever the name holds, it stays inside the quotes.
fn disposition(asset: &Asset) -> Result<HeaderValue, AppError> {
    let mut text = String::from("attachment; filename*=UTF-8''");
    for byte in asset.name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    HeaderValue::from_str(&text).map_err(AppError::internal)
}
