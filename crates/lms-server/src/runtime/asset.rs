//! Files that learners make: `POST asset/sign-url` permits one upload of a fixed type and length, or lets a kept file
//! be fetched. What the URLs do is [`super::asset_file`]'s.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use scormbridge_lms::classroom::{Actor, Asset, AssetId, AssetQuota, EventId};
use scormbridge_lms::token::{DownloadClaims, UploadClaims};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::RuntimeBearer;
use super::body::{Call, RuntimeJson};
use super::unit::{Begun, Unit, check_provider};
use crate::error::{AppError, Problem};
use crate::launch::signing_random;
use crate::state::AppState;

/// How long a signed URL is good for, in seconds.
pub(crate) const URL_SECONDS: u16 = 300;

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

/// Which URL is wanted: one to upload a file that is announced here, or one to fetch a file that is kept.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(
    untagged,
    expecting = "either `asset`, to fetch, or `name`, `content_type` and `bytes`, to upload"
)]
pub enum Wanted {
    /// To fetch.
    Download(#[garde(dive)] Kept),
    /// To upload.
    Upload(#[garde(dive)] Announced),
}

/// A file of this attempt that was uploaded before.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The file's id, as `sign-url` gave it.
    #[garde(skip)]
    #[schema(value_type = String, pattern = "^[0-9a-f]{32}$")]
    asset: AssetId,
}

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

/// Where to put it, or where it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedUrl {
    /// The file's id.
    #[schema(value_type = String)]
    asset: AssetId,
    /// Takes one PUT with the announced type and length, or answers GET with the file.
    url: String,
    /// How long it does, in seconds.
    expires_in: u16,
}

/// Permit the upload of one file, or let a kept one be fetched.
#[utoipa::path(
    post, path = "/api/runtime/asset/sign-url", tag = "runtime", request_body = Wanted,
    security(("runtime" = ["files.write"])),
    responses(
        (status = 201, description = "A URL for one upload, or to fetch the file for some minutes", body = SignedUrl),
        (status = 401, description = "`bearer_missing`, `token_expired`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`token_scope`, `token_audience`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: this attempt has no such file, or it never arrived", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`attempt_closed`, `attempt_not_for_credit`, `too_many_files`, `attempt_quota`, \
            `user_quota`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`asset_too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn sign_url(
    State(state): State<AppState>,
    bearer: RuntimeBearer,
    RuntimeJson { value, call }: RuntimeJson<Wanted>,
) -> Result<Response, AppError> {
    match value {
        Wanted::Upload(announced) => to_upload(&state, &bearer, announced, call).await,
        Wanted::Download(kept) => to_fetch(&state, &bearer, kept).await,
    }
}

async fn to_upload(
    state: &AppState,
    bearer: &RuntimeBearer,
    announced: Announced,
    mut call: Call,
) -> Result<Response, AppError> {
    let settings = &state.config.runtime;
    let limit = settings.asset_bytes;
    if announced.bytes > limit {
        let detail = format!("A file has at most {limit} bytes here.");
        return Err(AppError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "asset_too_large",
            detail,
        ));
    }
    // Two permissions for one retry do no harm, while a stored answer would keep one readable in the database.
    call.key = None;
    let mut unit = match Unit::of_runtime(state, &bearer.0, &call).await? {
        Begun::Fresh(unit) => unit,
        Begun::Answered(response) => return Ok(response),
    };
    unit.accept()?;
    let quota = AssetQuota {
        attempt_files: settings.asset_files,
        attempt_bytes: settings.asset_attempt_bytes,
        user_bytes: settings.asset_user_bytes,
    };
    let used = unit.tx.assets().usage(bearer.0.attempt).await?;
    quota
        .admit(&used, announced.bytes)
        .map_err(|error| AppError::conflict(error.reason(), error.to_string()))?;
    let asset = Asset {
        id: AssetId::random(&*state.entropy),
        attempt: bearer.0.attempt,
        name: announced.name,
        content_type: announced.content_type,
        bytes: announced.bytes,
        announced_at: unit.now(),
        kept_at: None,
    };
    unit.tx.assets().insert(&asset).await?;
    let line = json!({
        "asset": asset.id, "name": asset.name, "content_type": asset.content_type, "bytes": asset.bytes,
    });
    let id = EventId::random(&*state.entropy);
    unit.log(id, "course.asset.announced", line.to_string(), &call);
    let iat = asset.announced_at.0.div_euclid(1000);
    let claims = UploadClaims {
        iss: state.config.http.public_origin.clone(),
        iat,
        exp: iat + i64::from(URL_SECONDS),
        attempt: asset.attempt,
        asset: asset.id,
        content_type: asset.content_type,
        bytes: asset.bytes,
    };
    let token = state
        .tokens
        .issue_upload(&claims, &signing_random())
        .map_err(AppError::internal)?;
    unit.finish(StatusCode::CREATED, &signed(state, asset.id, &token))
        .await
}

/// Reading changes nothing, so that a review may look at the files of a closed attempt.
async fn to_fetch(
    state: &AppState,
    bearer: &RuntimeBearer,
    Kept { asset }: Kept,
) -> Result<Response, AppError> {
    let claims = &bearer.0;
    let mut tx = state.store.read(&Actor::Service).await?;
    check_provider(tx.as_mut(), claims).await?;
    tx.assets()
        .find(asset)
        .await?
        .filter(|asset| asset.attempt == claims.attempt && asset.kept_at.is_some())
        .ok_or_else(|| AppError::not_found("file"))?;
    let iat = state.clock.now().0.div_euclid(1000);
    let permission = DownloadClaims {
        iss: state.config.http.public_origin.clone(),
        iat,
        exp: iat + i64::from(URL_SECONDS),
        attempt: claims.attempt,
        asset,
    };
    let token = state
        .tokens
        .issue_download(&permission, &signing_random())
        .map_err(AppError::internal)?;
    let body = axum::Json(signed(state, asset, &token));
    Ok((StatusCode::CREATED, body).into_response())
}

fn signed(state: &AppState, asset: AssetId, token: &str) -> SignedUrl {
    SignedUrl {
        asset,
        url: format!(
            "{}/api/runtime/asset/{token}",
            state.config.http.public_origin
        ),
        expires_in: URL_SECONDS,
    }
}
