//! Who is in which course.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use garde::Validate;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::{
    Actor, CourseId, Enrollment, EnrollmentId, EnrollmentListing, EnrollmentStatus, UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::audit::Audit;
use super::ground;
use super::paging::{Listing, PageQuery};
use crate::auth::CurrentUser;
use crate::error::{AppError, FieldFault, Problem};
use crate::http::{ApiJson, ApiPath, ApiQuery, RequestId};
use crate::state::AppState;

/// Who joins: the account of this id, or of this login, or the caller.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnrollment {
    /// The learner, 32 hexadecimal digits.
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    user_id: Option<UserId>,
    /// What the learner signs in with; for the course's teacher.
    #[garde(inner(length(min = 1, max = 200)))]
    #[schema(min_length = 1, max_length = 200)]
    login: Option<String>,
}

/// Whether an enrolment counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = EnrollmentStatus)]
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
    /// The learner's name; in the teacher's list only.
    #[serde(skip_serializing_if = "Option::is_none")]
    learner: Option<String>,
    /// What the learner signs in with; in the teacher's list only.
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<String>,
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
            learner: None,
            login: None,
            status: enrollment.status.name(),
            created_at: enrollment.created_at.0,
        }
    }

    fn of_listing(listing: EnrollmentListing) -> Self {
        Self {
            learner: Some(listing.learner),
            login: Some(listing.login),
            ..Self::of(listing.enrollment)
        }
    }
}

/// A course's enrolments with the learners' names, oldest first; for its teacher.
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
    Ok(Json(Listing::of(found, EnrollmentView::of_listing)))
}

/// Join a published course, or put a learner into one's own.
#[utoipa::path(
    post, path = "/api/courses/{course}/enrollments", tag = "enrollments", request_body = NewEnrollment,
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Enrolled", body = EnrollmentView),
        (status = 404, description = "`not_found`; `no_such_account`: nobody signs in with this", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "Enrolled already", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    Extension(request): Extension<RequestId>,
    ApiJson(body): ApiJson<NewEnrollment>,
) -> Result<(StatusCode, Json<EnrollmentView>), AppError> {
    let learner = match (body.user_id, body.login) {
        (None, None) => user.id,
        (Some(id), None) => id,
        (None, Some(login)) => by_login(&state, &user, course, &login).await?,
        (Some(_), Some(_)) => {
            return Err(AppError::invalid_body(vec![FieldFault {
                field: "login".to_owned(),
                message: "name the learner by `user_id` or by `login`, not by both".to_owned(),
            }]));
        }
    };
    let enrollment = Enrollment {
        id: EnrollmentId::random(state.entropy.as_ref()),
        course,
        user: learner,
        status: EnrollmentStatus::Active,
        created_at: state.clock.now(),
    };
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.enrollments().insert(&enrollment).await?;
    if learner != user.id {
        let audit = Audit {
            state: &state,
            user: &user,
            request: &request,
        };
        audit
            .note(tx.as_mut(), course, "enrollment.added", told(&enrollment))
            .await?;
    }
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(EnrollmentView::of(enrollment))))
}

fn told(enrollment: &Enrollment) -> Value {
    json!({ "enrollment": enrollment.id, "user": enrollment.user })
}

/// Teachers may not read accounts that are in none of their courses, so the server looks, for whoever may enrol.
async fn by_login(
    state: &AppState,
    user: &CurrentUser,
    course: CourseId,
    login: &str,
) -> Result<UserId, AppError> {
    {
        let mut tx = state.store.read(&user.actor()).await?;
        let (table, insert) = (Table::Enrollments, Operation::Insert);
        ground::course(tx.as_mut(), user, course, table, insert).await?;
    }
    let mut tx = state.store.read(&Actor::Service).await?;
    let found = tx.users().find_by_login(login.trim()).await?;
    found
        .map(|found| found.id)
        .ok_or_else(|| {
            AppError::new(
                StatusCode::NOT_FOUND,
                "no_such_account",
                "Nobody signs in with this. Check the spelling, or ask an administrator for an account.",
            )
        })
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
    Extension(request): Extension<RequestId>,
    ApiJson(change): ApiJson<EnrollmentChange>,
) -> Result<Json<EnrollmentView>, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let mut enrollment = tx.enrollments().get(id).await?;
    let (status, kind) = match change.status {
        Status::Active => (EnrollmentStatus::Active, "enrollment.resumed"),
        Status::Suspended => (EnrollmentStatus::Suspended, "enrollment.suspended"),
    };
    let same = enrollment.status == status;
    enrollment.status = status;
    tx.enrollments().update(&enrollment).await?;
    if !same {
        let audit = Audit {
            state: &state,
            user: &user,
            request: &request,
        };
        audit
            .note(tx.as_mut(), enrollment.course, kind, told(&enrollment))
            .await?;
    }
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
    Extension(request): Extension<RequestId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let enrollment = tx.enrollments().get(id).await?;
    tx.enrollments().delete(id).await?;
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(
            tx.as_mut(),
            enrollment.course,
            "enrollment.removed",
            told(&enrollment),
        )
        .await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
