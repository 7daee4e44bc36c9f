//! Which version of the registry an assignment of a course launches (`assignment_targets`). The class of the course gets
//! it: whoever is enrolled launches, by `POST /api/enrollments/{enrollment}/launch-token` with the assignment's id.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use garde::Validate;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::Tx;
use scormbridge_lms::classroom::{
    AssignmentId, AssignmentTarget, CourseId, CourseVersion, TargetId, VersionId, VersionStatus,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::audit::Audit;
use super::ground;
use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, RequestId};
use crate::state::AppState;

/// A new link.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTarget {
    /// An assignment that is known elsewhere, 32 hexadecimal digits; absent: a new one.
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    assignment_id: Option<AssignmentId>,
    /// An approved version, 32 hexadecimal digits.
    #[garde(skip)]
    #[schema(value_type = String)]
    version_id: VersionId,
}

/// What of a link changes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetBody {
    /// An approved version of the same external course, 32 hexadecimal digits.
    #[garde(skip)]
    #[schema(value_type = String)]
    version_id: VersionId,
}

/// Which version an assignment launches.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetView {
    /// 32 hexadecimal digits.
    id: String,
    /// In which course.
    course_id: String,
    /// Of which assignment.
    assignment_id: String,
    /// What it launches.
    version_id: String,
    /// Since when, in milliseconds since the Unix epoch.
    created_at: i64,
}

impl TargetView {
    fn of(target: AssignmentTarget) -> Self {
        Self {
            id: target.id.to_string(),
            course_id: target.course.to_string(),
            assignment_id: target.assignment.to_string(),
            version_id: target.version.to_string(),
            created_at: target.created_at.0,
        }
    }
}

/// A course's links, oldest first, at most 200; for the class.
#[utoipa::path(
    get, path = "/api/courses/{course}/targets", tag = "registry",
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "All links", body = Vec<TargetView>)),
)]
pub async fn list(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
) -> Result<Json<Vec<TargetView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let targets = tx.targets().of_course(course).await?;
    Ok(Json(targets.into_iter().map(TargetView::of).collect()))
}

/// Link an assignment to an approved version; for the course's teacher.
#[utoipa::path(
    post, path = "/api/courses/{course}/targets", tag = "registry", request_body = NewTarget,
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Linked", body = TargetView),
        (status = 409, description = "`conflict`: the assignment is linked already; `version_not_approved`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    Extension(request): Extension<RequestId>,
    ApiJson(body): ApiJson<NewTarget>,
) -> Result<(StatusCode, Json<TargetView>), AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let (table, insert) = (Table::AssignmentTargets, Operation::Insert);
    ground::course(tx.as_mut(), &user, course, table, insert).await?;
    let version = approved(tx.as_mut(), body.version_id).await?;
    let fresh = || AssignmentId::random(state.entropy.as_ref());
    let target = AssignmentTarget {
        id: TargetId::random(state.entropy.as_ref()),
        course,
        assignment: body.assignment_id.unwrap_or_else(fresh),
        version: version.id,
        created_at: state.clock.now(),
    };
    tx.targets().insert(&target).await?;
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(tx.as_mut(), course, "target.linked", told(&target))
        .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(TargetView::of(target))))
}

/// The version, if it may be launched.
async fn approved(tx: &mut dyn Tx, id: VersionId) -> Result<CourseVersion, AppError> {
    let version = tx.registry().get_version(id).await?;
    if version.status == VersionStatus::Approved {
        return Ok(version);
    }
    Err(AppError::conflict(
        "version_not_approved",
        "Only an approved version can be linked. Ask an administrator to approve it.",
    ))
}

fn told(target: &AssignmentTarget) -> serde_json::Value {
    json!({ "assignment": target.assignment, "version": target.version })
}

async fn linked(tx: &mut dyn Tx, assignment: AssignmentId) -> Result<AssignmentTarget, AppError> {
    let found = tx.targets().find(assignment).await?;
    found.ok_or_else(|| AppError::not_found("assignment"))
}

/// What an assignment launches; for the class.
#[utoipa::path(
    get, path = "/api/assignments/{assignment}/target", tag = "registry",
    params(("assignment" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "The link", body = TargetView)),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(assignment): ApiPath<AssignmentId>,
) -> Result<Json<TargetView>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let target = linked(tx.as_mut(), assignment).await?;
    Ok(Json(TargetView::of(target)))
}

/// Let an assignment launch another version of the same external course; for the course's teacher. Attempts in progress
/// go on with it, from the provider's own checkpoints.
#[utoipa::path(
    put, path = "/api/assignments/{assignment}/target", tag = "registry", request_body = TargetBody,
    params(("assignment" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Changed", body = TargetView),
        (status = 409, description = "`version_not_approved`; `another_course`: the version is of another external course",
            body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn update(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(assignment): ApiPath<AssignmentId>,
    Extension(request): Extension<RequestId>,
    ApiJson(body): ApiJson<TargetBody>,
) -> Result<Json<TargetView>, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let mut target = linked(tx.as_mut(), assignment).await?;
    let (table, update) = (Table::AssignmentTargets, Operation::Update);
    ground::course(tx.as_mut(), &user, target.course, table, update).await?;
    let before = tx.registry().get_version(target.version).await?;
    let version = approved(tx.as_mut(), body.version_id).await?;
    if version.external_course != before.external_course {
        return Err(AppError::conflict(
            "another_course",
            "This version is of another course. Link an assignment of its own to it.",
        ));
    }
    target.version = version.id;
    tx.targets().update(&target).await?;
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(tx.as_mut(), target.course, "target.changed", told(&target))
        .await?;
    tx.commit().await?;
    Ok(Json(TargetView::of(target)))
}

/// Unlink an assignment; its attempts stay. For the course's teacher.
#[utoipa::path(
    delete, path = "/api/assignments/{assignment}/target", tag = "registry",
    params(("assignment" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 204, description = "Unlinked")),
)]
pub async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(assignment): ApiPath<AssignmentId>,
    Extension(request): Extension<RequestId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let target = linked(tx.as_mut(), assignment).await?;
    tx.targets().delete(target.id).await?;
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(tx.as_mut(), target.course, "target.unlinked", told(&target))
        .await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
