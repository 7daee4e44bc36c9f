//! Files that learners make: `POST asset/sign-url` permits one upload of a fixed type and length, `PUT asset/{token}`
//! takes it, once, into plain files below `runtime.assets`.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::Response;
use garde::Validate;
use http_body_util::BodyExt;
use scormbridge_lms::classroom::{Actor, AttemptId, EventId};
use scormbridge_lms::token::UploadClaims;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;

use super::RuntimeBearer;
use super::body::RuntimeJson;
use super::gate::refused;
use super::unit::{Begun, Unit};
use crate::error::{AppError, Problem};
use crate::http::rate::{Key, Ledger};
use crate::http::{ApiPath, RequestId};
use crate::launch::signing_random;
use crate::state::AppState;

/// How long an upload may begin after it was permitted, in seconds.
const UPLOAD_SECONDS: i64 = 300;

/// Most files of one attempt.
const MAX_FILES: usize = 100;

/// Types that no browser runs when it is shown one.
const TYPES: [&str; 10] = [
    "application/json",
    "application/pdf",
    "audio/mpeg",
    "audio/webm",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/csv",
    "text/plain",
    "video/webm",
];

/// A file that is about to be uploaded.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Announced {
    /// What the learner calls it.
    #[garde(length(chars, min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Its media type: JSON, PDF, plain text, CSV, or a common image, sound or film.
    #[garde(custom(listed))]
    content_type: String,
    /// Its length in bytes, up to what `context` names.
    #[garde(range(min = 1))]
    #[schema(minimum = 1)]
    bytes: u64,
}

fn listed(content_type: &str, (): &()) -> garde::Result {
    if TYPES.contains(&content_type) {
        return Ok(());
    }
    Err(garde::Error::new(format!(
        "must be one of {}",
        TYPES.join(", ")
    )))
}

/// Where to put it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedUrl {
    /// The file's id.
    #[schema(value_type = String)]
    asset: EventId,
    /// Takes one PUT with the announced type and length.
    url: String,
    /// How long it does, in seconds.
    expires_in: i64,
}

/// Permit the upload of one file.
#[utoipa::path(
    post, path = "/api/runtime/asset/sign-url", tag = "runtime", request_body = Announced,
    security(("runtime" = ["files.write"])),
    responses(
        (status = 201, description = "A URL for one upload", body = SignedUrl),
        (status = 401, description = "`bearer_missing`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_scope`, `token_audience`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`attempt_closed`, `attempt_not_for_credit`, `too_many_files`", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "`asset_too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn sign_url(
    State(state): State<AppState>,
    bearer: RuntimeBearer,
    RuntimeJson { value, mut call }: RuntimeJson<Announced>,
) -> Result<Response, AppError> {
    let limit = state.config.runtime.asset_bytes;
    if value.bytes > limit {
        let detail = format!("A file has at most {limit} bytes here.");
        return Err(AppError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "asset_too_large",
            detail,
        ));
    }
    // Two permissions for one retry do no harm, while a stored answer would keep one readable in the database.
    call.key = None;
    let mut unit = match Unit::of_runtime(&state, &bearer.0, &call).await? {
        Begun::Fresh(unit) => unit,
        Begun::Answered(response) => return Ok(response),
    };
    unit.accept().await?;
    if count_files(&folder(&state, bearer.0.attempt)).await? >= MAX_FILES {
        let detail = format!("An attempt has at most {MAX_FILES} files.");
        return Err(AppError::conflict("too_many_files", detail));
    }
    let asset = EventId::random(&*state.entropy);
    let iat = unit.now().0.div_euclid(1000);
    let claims = UploadClaims {
        iss: state.config.http.public_origin.clone(),
        iat,
        exp: iat + UPLOAD_SECONDS,
        attempt: bearer.0.attempt,
        asset,
        content_type: value.content_type.clone(),
        bytes: value.bytes,
    };
    let token = state
        .tokens
        .issue_upload(&claims, &signing_random())
        .map_err(AppError::internal)?;
    let line =
        json!({ "name": value.name, "content_type": value.content_type, "bytes": value.bytes });
    unit.log(asset, "course.asset.announced", line.to_string(), &call)
        .await?;
    let url = format!(
        "{}/api/runtime/asset/{token}",
        state.config.http.public_origin
    );
    unit.finish(
        StatusCode::CREATED,
        &SignedUrl {
            asset,
            url,
            expires_in: UPLOAD_SECONDS,
        },
    )
    .await
}

/// Upload the file that a signed URL is for.
#[utoipa::path(
    put, path = "/api/runtime/asset/{token}", tag = "runtime", security(()),
    params(("token" = String, Path, description = "As in the signed URL")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "Kept"),
        (status = 401, description = "`token_malformed`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_forged`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`asset_exists`, `attempt_closed`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`asset_type`", body = Problem, content_type = "application/problem+json"),
        (status = 400, description = "`asset_length`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn upload(
    State(state): State<AppState>,
    ApiPath(token): ApiPath<String>,
    headers: HeaderMap,
    extensions: Extensions,
    body: Body,
) -> Result<StatusCode, AppError> {
    let now = state.clock.now();
    let seconds = now.0.div_euclid(1000);
    let claims = state
        .tokens
        .verify_upload(&token, &state.config.http.public_origin, seconds)
        .map_err(refused)?;
    let ledger = extensions.get::<Ledger>().cloned().unwrap_or_default();
    // Only the attempt is known here; it stands for the learner's alias.
    state
        .rates
        .take(&ledger, &Key::Alias(claims.attempt.to_string()))?;
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
    let mut tx = state.store.begin(&Actor::Service).await?;
    let mut attempt = tx.attempts().get(claims.attempt).await?;
    attempt.accept(now).map_err(super::unit::refused)?;
    drop(tx);

    let folder = folder(&state, claims.attempt);
    tokio::fs::create_dir_all(&folder)
        .await
        .map_err(AppError::internal)?;
    let part = folder.join(format!("{}.part", claims.asset));
    let whole = folder.join(claims.asset.to_string());
    let received = receive(body, &part, &whole, claims.bytes).await;
    if !matches!(&received, Err(error) if error.code() == "asset_exists") && received.is_err() {
        // What did not arrive whole is not kept; the URL may be used again until it expires.
        tokio::fs::remove_file(&part)
            .await
            .map_err(AppError::internal)?;
    }
    received?;
    let request_id = extensions
        .get::<RequestId>()
        .map(RequestId::as_str)
        .unwrap_or_default();
    tracing::info!(attempt = %claims.attempt, asset = %claims.asset, request_id, "file kept");
    Ok(StatusCode::CREATED)
}

async fn receive(mut body: Body, part: &Path, whole: &Path, bytes: u64) -> Result<(), AppError> {
    let exists = || {
        AppError::conflict(
            "asset_exists",
            "This file was uploaded already, or is being uploaded.",
        )
    };
    if tokio::fs::try_exists(whole)
        .await
        .map_err(AppError::internal)?
    {
        return Err(exists());
    }
    let opened = tokio::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(part)
        .await;
    let mut file = opened.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => exists(),
        _ => AppError::internal(error),
    })?;
    let length = |got: u64| {
        let detail =
            format!("The file was announced with {bytes} bytes and {got} arrived. Send it again.");
        AppError::bad_request("asset_length", detail)
    };
    let mut got: u64 = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| length(got))?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        got = got.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        if got > bytes {
            return Err(AppError::body_too_large());
        }
        file.write_all(data).await.map_err(AppError::internal)?;
    }
    if got < bytes {
        return Err(length(got));
    }
    file.sync_all().await.map_err(AppError::internal)?;
    tokio::fs::rename(part, whole)
        .await
        .map_err(AppError::internal)
}

/// Ids are hexadecimal digits, so that no name can lead out of the folder.
fn folder(state: &AppState, attempt: AttemptId) -> PathBuf {
    state.config.runtime.assets.join(attempt.to_string())
}

async fn count_files(folder: &Path) -> Result<usize, AppError> {
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(AppError::internal(error)),
    };
    let mut files = 0;
    while entries
        .next_entry()
        .await
        .map_err(AppError::internal)?
        .is_some()
    {
        files += 1;
    }
    Ok(files)
}
