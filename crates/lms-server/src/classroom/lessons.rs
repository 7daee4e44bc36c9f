//! Static lessons: text beside whatever launches.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use scormbridge_lms::classroom::{CourseId, Lesson, LessonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath};
use crate::state::AppState;

/// Highest position.
const MAX_POSITION: u32 = 10_000;

/// What a teacher says of a lesson.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LessonBody {
    /// Place in the course, from 0; unique within it.
    #[garde(range(max = MAX_POSITION))]
    #[schema(maximum = 10_000)]
    position: u32,
    /// Heading.
    #[garde(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Plain text.
    #[garde(length(max = 100_000))]
    #[schema(max_length = 100_000)]
    body: String,
}

/// A lesson.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonView {
    /// 32 hexadecimal digits.
    id: String,
    /// Its course.
    course_id: String,
    /// Place in the course, from 0.
    position: u32,
    /// Heading.
    title: String,
    /// Plain text.
    body: String,
}

impl LessonView {
    fn of(lesson: Lesson) -> Self {
        Self {
            id: lesson.id.to_string(),
            course_id: lesson.course.to_string(),
            position: lesson.position,
            title: lesson.title,
            body: lesson.body,
        }
    }
}

/// A course's lessons by position, at most 200; for the class.
#[utoipa::path(
    get, path = "/api/courses/{course}/lessons", tag = "lessons",
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "All lessons", body = Vec<LessonView>)),
)]
pub async fn list(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
) -> Result<Json<Vec<LessonView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let lessons = tx.lessons().of_course(course).await?;
    Ok(Json(lessons.into_iter().map(LessonView::of).collect()))
}

/// Add a lesson; for the course's teacher.
#[utoipa::path(
    post, path = "/api/courses/{course}/lessons", tag = "lessons", request_body = LessonBody,
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Added", body = LessonView),
        (status = 409, description = "The position is taken", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    ApiJson(LessonBody {
        position,
        title,
        body,
    }): ApiJson<LessonBody>,
) -> Result<(StatusCode, Json<LessonView>), AppError> {
    let id = LessonId::random(state.entropy.as_ref());
    let lesson = Lesson {
        id,
        course,
        position,
        title,
        body,
    };
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.lessons().insert(&lesson).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(LessonView::of(lesson))))
}

/// One lesson; for the class.
#[utoipa::path(
    get, path = "/api/lessons/{lesson}", tag = "lessons",
    params(("lesson" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "The lesson", body = LessonView)),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<LessonId>,
) -> Result<Json<LessonView>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    Ok(Json(LessonView::of(tx.lessons().get(id).await?)))
}

/// Say everything of a lesson anew; for the course's teacher.
#[utoipa::path(
    put, path = "/api/lessons/{lesson}", tag = "lessons", request_body = LessonBody,
    params(("lesson" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Changed", body = LessonView),
        (status = 409, description = "The position is taken", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn update(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<LessonId>,
    ApiJson(LessonBody {
        position,
        title,
        body,
    }): ApiJson<LessonBody>,
) -> Result<Json<LessonView>, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let old = tx.lessons().get(id).await?;
    let lesson = Lesson {
        position,
        title,
        body,
        ..old
    };
    tx.lessons().update(&lesson).await?;
    tx.commit().await?;
    Ok(Json(LessonView::of(lesson)))
}

/// Remove a lesson; for the course's teacher.
#[utoipa::path(
    delete, path = "/api/lessons/{lesson}", tag = "lessons",
    params(("lesson" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 204, description = "Removed")),
)]
pub async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<LessonId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.lessons().delete(id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
