//! Versions of external courses: `draft → approved → disabled`. What a version launches never changes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use scormbridge_lms::classroom::ports::Tx;
use scormbridge_lms::classroom::{
    CourseVersion, ExternalCourseId, Scopes, VersionId, VersionStatus,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::error::{AppError, FieldFault, Problem};
use crate::http::headers::origin_of;
use crate::http::{ApiJson, ApiPath};
use crate::state::AppState;

/// A new version.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// Its name; unique within the course.
    #[garde(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    version: String,
    /// The runtime's page, at the provider's origin.
    #[garde(length(min = 1, max = 2_048))]
    #[schema(min_length = 1, max_length = 2048)]
    launch_url: String,
    /// What its runtime may do: `progress.write`, `grade.write`, `events.write`, `checkpoint.read`,
    /// `checkpoint.write`, `files.write`.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    scopes: Scopes,
}

/// A version of an external course.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// 32 hexadecimal digits.
    id: String,
    /// Of which external course.
    external_course_id: String,
    /// Its name.
    version: String,
    /// The runtime's page.
    launch_url: String,
    /// What its runtime may do.
    scopes: Vec<&'static str>,
    /// `draft`, `approved` or `disabled`. Only an approved version is launched.
    status: &'static str,
    /// Since when, in milliseconds since the Unix epoch.
    created_at: i64,
}

impl VersionView {
    fn of(version: CourseVersion) -> Self {
        Self {
            id: version.id.to_string(),
            external_course_id: version.external_course.to_string(),
            version: version.version,
            launch_url: version.launch_url,
            scopes: version.scopes.iter().map(|scope| scope.name()).collect(),
            status: version.status.name(),
            created_at: version.created_at.0,
        }
    }
}

/// An external course's versions, newest first, at most 200; for teachers and administrators.
#[utoipa::path(
    get, path = "/api/registry/courses/{external_course}/versions", tag = "registry",
    params(("external_course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "All versions", body = Vec<VersionView>)),
)]
pub async fn list(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ExternalCourseId>,
) -> Result<Json<Vec<VersionView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    tx.registry().get_course(id).await?;
    let versions = tx.registry().versions(id).await?;
    Ok(Json(versions.into_iter().map(VersionView::of).collect()))
}

/// Add a version, as a draft; for administrators.
#[utoipa::path(
    post, path = "/api/registry/courses/{external_course}/versions", tag = "registry", request_body = NewVersion,
    params(("external_course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Added", body = VersionView),
        (status = 409, description = "The course has one of this name", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ExternalCourseId>,
    ApiJson(body): ApiJson<NewVersion>,
) -> Result<(StatusCode, Json<VersionView>), AppError> {
    let version = CourseVersion {
        id: VersionId::random(state.entropy.as_ref()),
        external_course: id,
        version: body.version,
        launch_url: body.launch_url,
        scopes: body.scopes,
        status: VersionStatus::Draft,
        created_at: state.clock.now(),
    };
    let mut tx = state.store.begin(&user.actor()).await?;
    if let Some(origin) = stray(tx.as_mut(), &version).await? {
        return Err(AppError::invalid_body(vec![FieldFault {
            field: "launch_url".to_owned(),
            message: format!("must lie at the provider's origin, {origin}"),
        }]));
    }
    tx.registry().insert_version(&version).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(VersionView::of(version))))
}

/// The provider's origin, where the version is not there.
async fn stray(tx: &mut dyn Tx, version: &CourseVersion) -> Result<Option<String>, AppError> {
    let course = tx.registry().get_course(version.external_course).await?;
    let provider = tx.providers().get(course.provider).await?;
    let fits = origin_of(&version.launch_url).as_ref() == Some(&provider.origin);
    Ok((!fits).then_some(provider.origin))
}

/// One version; for teachers and administrators.
#[utoipa::path(
    get, path = "/api/registry/versions/{version}", tag = "registry",
    params(("version" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "The version", body = VersionView)),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<VersionId>,
) -> Result<Json<VersionView>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let version = tx.registry().get_version(id).await?;
    Ok(Json(VersionView::of(version)))
}

/// Approve a version: assignments may target it, and learners launch it. For administrators.
#[utoipa::path(
    post, path = "/api/registry/versions/{version}/approve", tag = "registry",
    params(("version" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Approved", body = VersionView),
        (status = 409, description = "`version_transition`: it is approved already; `launch_elsewhere`: its provider has \
            moved to another origin", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn approve(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<VersionId>,
) -> Result<Json<VersionView>, AppError> {
    step(&state, &user, id, VersionStatus::Approved).await
}

/// Disable a version: from now on nobody launches it, and assignments that target it wait for another. Runtimes that run
/// may finish. For administrators.
#[utoipa::path(
    post, path = "/api/registry/versions/{version}/disable", tag = "registry",
    params(("version" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Disabled", body = VersionView),
        (status = 409, description = "`version_transition`: it is disabled already", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub async fn disable(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<VersionId>,
) -> Result<Json<VersionView>, AppError> {
    step(&state, &user, id, VersionStatus::Disabled).await
}

async fn step(
    state: &AppState,
    user: &CurrentUser,
    id: VersionId,
    to: VersionStatus,
) -> Result<Json<VersionView>, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let mut version = tx.registry().get_version(id).await?;
    version
        .transition(to)
        .map_err(|error| AppError::conflict(error.reason(), error.to_string()))?;
    if to == VersionStatus::Approved && stray(tx.as_mut(), &version).await?.is_some() {
        return Err(AppError::conflict(
            "launch_elsewhere",
            "This version is not at its provider's origin. Add one that is.",
        ));
    }
    tx.registry().update_version(&version).await?;
    tx.commit().await?;
    // The registry belongs to no course, so that no course's log has a place for this.
    tracing::info!(version = %version.id, to = to.name(), by = %user.id, "a version changed");
    Ok(Json(VersionView::of(version)))
}

/// Remove a version; for administrators.
#[utoipa::path(
    delete, path = "/api/registry/versions/{version}", tag = "registry",
    params(("version" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "An assignment targets it", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<VersionId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.registry().delete_version(id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
