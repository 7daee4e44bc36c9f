//! Static lessons: text beside whatever launches.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use garde::Validate;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::{CourseId, Lesson, LessonId, MAX_LESSONS};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::audit::Audit;
use super::ground;
use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, RequestId};
use crate::state::AppState;

/// Highest position.
const MAX_POSITION: u32 = 10_000;

/// What a teacher says of a lesson.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LessonBody {
    /// Place in the course, from 0; unique within it. Absent: a new lesson comes last, another stays where it is.
    #[garde(inner(range(max = MAX_POSITION)))]
    #[schema(maximum = 10_000)]
    position: Option<u32>,
    /// Heading.
    #[garde(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Plain text.
    #[garde(length(max = 100_000))]
    #[schema(max_length = 100_000)]
    #[serde(default)]
    body: String,
}

/// An order of lessons.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LessonOrder {
    /// Every lesson of the course once, 32 hexadecimal digits each.
    #[garde(length(max = MAX_LESSONS))]
    #[schema(value_type = Vec<String>, max_items = 200)]
    lessons: Vec<LessonId>,
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
        (status = 409, description = "`conflict`: the position is taken; `too_many_lessons`: there are 200", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    Extension(request): Extension<RequestId>,
    ApiJson(LessonBody {
        position,
        title,
        body,
    }): ApiJson<LessonBody>,
) -> Result<(StatusCode, Json<LessonView>), AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let (table, insert) = (Table::Lessons, Operation::Insert);
    ground::course(tx.as_mut(), &user, course, table, insert).await?;
    let others = tx.lessons().of_course(course).await?;
    if others.len() >= MAX_LESSONS {
        return Err(AppError::conflict(
            "too_many_lessons",
            "A course has at most 200 lessons. Put some of them together.",
        ));
    }
    let last = || {
        others
            .last()
            .map_or(0, |lesson| lesson.position.saturating_add(1))
    };
    let lesson = Lesson {
        id: LessonId::random(state.entropy.as_ref()),
        course,
        position: position.unwrap_or_else(last),
        title,
        body,
    };
    tx.lessons().insert(&lesson).await?;
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(tx.as_mut(), course, "lesson.added", told(&lesson))
        .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(LessonView::of(lesson))))
}

/// Put a course's lessons in another order; for its teacher.
#[utoipa::path(
    put, path = "/api/courses/{course}/lessons/order", tag = "lessons", request_body = LessonOrder,
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "The lessons in their new order", body = Vec<LessonView>),
        (status = 409, description = "It does not name every lesson once", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn arrange(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    Extension(request): Extension<RequestId>,
    ApiJson(LessonOrder { lessons }): ApiJson<LessonOrder>,
) -> Result<Json<Vec<LessonView>>, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.lessons().arrange(course, &lessons).await?;
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(tx.as_mut(), course, "lesson.ordered", json!({}))
        .await?;
    let arranged = tx.lessons().of_course(course).await?;
    tx.commit().await?;
    Ok(Json(arranged.into_iter().map(LessonView::of).collect()))
}

fn told(lesson: &Lesson) -> Value {
    json!({ "lesson": lesson.id })
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
    Extension(request): Extension<RequestId>,
    ApiJson(LessonBody {
        position,
        title,
        body,
    }): ApiJson<LessonBody>,
) -> Result<Json<LessonView>, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let old = tx.lessons().get(id).await?;
    let lesson = Lesson {
        position: position.unwrap_or(old.position),
        title,
        body,
        ..old
    };
    tx.lessons().update(&lesson).await?;
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(tx.as_mut(), lesson.course, "lesson.changed", told(&lesson))
        .await?;
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
    Extension(request): Extension<RequestId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let lesson = tx.lessons().get(id).await?;
    tx.lessons().delete(id).await?;
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(tx.as_mut(), lesson.course, "lesson.removed", told(&lesson))
        .await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
