//! Who is in which course.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use scormbridge_lms::classroom::{CourseId, Enrollment, EnrollmentId, EnrollmentStatus, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::paging::{Listing, PageQuery};
use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, ApiQuery};
use crate::state::AppState;

/// Who joins.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnrollment {
    /// The learner, 32 hexadecimal digits; absent: the caller.
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    user_id: Option<UserId>,
}

/// Whether an enrolment counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The learner may launch.
    Active,
    /// Kept for its history; the learner may not launch.
    Suspended,
}

/// What of an enrolment changes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrollmentChange {
    /// Whether it counts from now on.
    #[garde(skip)]
    status: Status,
}

/// One learner's place in one course.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrollmentView {
    /// 32 hexadecimal digits.
    id: String,
    /// In which course.
    course_id: String,
    /// Who.
    user_id: String,
    /// `active` or `suspended`.
    status: &'static str,
    /// Since when, in milliseconds since the Unix epoch.
    created_at: i64,
}

impl EnrollmentView {
    fn of(enrollment: Enrollment) -> Self {
        Self {
            id: enrollment.id.to_string(),
            course_id: enrollment.course.to_string(),
            user_id: enrollment.user.to_string(),
            status: enrollment.status.name(),
            created_at: enrollment.created_at.0,
        }
    }
}

/// A course's enrolments, oldest first; for its teacher.
#[utoipa::path(
    get, path = "/api/courses/{course}/enrollments", tag = "enrollments",
    params(("course" = String, Path, description = "32 hexadecimal digits"), PageQuery),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<EnrollmentView>)),
)]
pub async fn of_course(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Listing<EnrollmentView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.enrollments().of_course(course, &page.page()).await?;
    Ok(Json(Listing::of(found, EnrollmentView::of)))
}

/// Join a published course, or put a learner into one's own.
#[utoipa::path(
    post, path = "/api/courses/{course}/enrollments", tag = "enrollments", request_body = NewEnrollment,
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Enrolled", body = EnrollmentView),
        (status = 409, description = "Enrolled already", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    ApiJson(body): ApiJson<NewEnrollment>,
) -> Result<(StatusCode, Json<EnrollmentView>), AppError> {
    let enrollment = Enrollment {
        id: EnrollmentId::random(state.entropy.as_ref()),
        course,
        user: body.user_id.unwrap_or(user.id),
        status: EnrollmentStatus::Active,
        created_at: state.clock.now(),
    };
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.enrollments().insert(&enrollment).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(EnrollmentView::of(enrollment))))
}

/// The caller's enrolments, oldest first.
#[utoipa::path(
    get, path = "/api/enrollments", tag = "enrollments", params(PageQuery),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<EnrollmentView>)),
)]
pub async fn mine(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Listing<EnrollmentView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.enrollments().of_user(user.id, &page.page()).await?;
    Ok(Json(Listing::of(found, EnrollmentView::of)))
}

/// One enrolment; for the learner and the teacher.
#[utoipa::path(
    get, path = "/api/enrollments/{enrollment}", tag = "enrollments",
    params(("enrollment" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "The enrolment", body = EnrollmentView)),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<EnrollmentId>,
) -> Result<Json<EnrollmentView>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    Ok(Json(EnrollmentView::of(tx.enrollments().get(id).await?)))
}

/// Suspend an enrolment or let it count again; for the teacher.
#[utoipa::path(
    patch, path = "/api/enrollments/{enrollment}", tag = "enrollments", request_body = EnrollmentChange,
    params(("enrollment" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "Changed", body = EnrollmentView)),
)]
pub async fn update(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<EnrollmentId>,
    ApiJson(change): ApiJson<EnrollmentChange>,
) -> Result<Json<EnrollmentView>, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let mut enrollment = tx.enrollments().get(id).await?;
    enrollment.status = match change.status {
        Status::Active => EnrollmentStatus::Active,
        Status::Suspended => EnrollmentStatus::Suspended,
    };
    tx.enrollments().update(&enrollment).await?;
    tx.commit().await?;
    Ok(Json(EnrollmentView::of(enrollment)))
}

/// Remove an enrolment with its attempts; for the teacher.
#[utoipa::path(
    delete, path = "/api/enrollments/{enrollment}", tag = "enrollments",
    params(("enrollment" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 204, description = "Removed")),
)]
pub async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<EnrollmentId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.enrollments().delete(id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
