//! Goes at courses, to read: runtimes and SCORM commits alone write them.

use axum::Json;
use axum::extract::State;
use scormbridge_lms::classroom::{Attempt, AttemptId, AttemptListing, CourseId};
use serde::Serialize;
use utoipa::ToSchema;

use super::paging::{Listing, PageQuery};
use crate::auth::CurrentUser;
use crate::error::AppError;
use crate::http::{ApiPath, ApiQuery};
use crate::state::AppState;

/// Points out of a maximum.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreView {
    /// The points.
    raw: f64,
    /// The maximum.
    max: f64,
}

/// One go of one learner at one course.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    /// 32 hexadecimal digits.
    id: String,
    /// In which enrolment.
    enrollment_id: String,
    /// At which course.
    course_id: String,
    /// At which of its assignments; absent for what the course itself launches.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment_id: Option<String>,
    /// Whose.
    user_id: String,
    /// The learner's name; in the teacher's list only.
    #[serde(skip_serializing_if = "Option::is_none")]
    learner: Option<String>,
    /// `normal`, `browse` or `review`.
    mode: &'static str,
    /// `started`, `completed`, `passed`, `failed` or `abandoned`.
    status: &'static str,
    /// Per cent, 0 to 100.
    progress: u8,
    /// The best grade so far.
    score: Option<ScoreView>,
    /// Since when, in milliseconds since the Unix epoch.
    started_at: i64,
    /// When it came to its end, in milliseconds since the Unix epoch.
    completed_at: Option<i64>,
    /// Of the last report, in milliseconds since the Unix epoch.
    last_activity_at: i64,
}

impl AttemptView {
    fn of(attempt: Attempt) -> Self {
        Self {
            id: attempt.id.to_string(),
            enrollment_id: attempt.enrollment.to_string(),
            course_id: attempt.course.to_string(),
            assignment_id: attempt.assignment.map(|id| id.to_string()),
            user_id: attempt.user.to_string(),
            learner: None,
            mode: attempt.mode.word(),
            status: attempt.status.name(),
            progress: attempt.progress,
            score: attempt.score.map(|score| ScoreView {
                raw: score.raw(),
                max: score.max(),
            }),
            started_at: attempt.started_at.0,
            completed_at: attempt.completed_at.map(|time| time.0),
            last_activity_at: attempt.last_activity_at.0,
        }
    }

    fn of_listing(AttemptListing { attempt, learner }: AttemptListing) -> Self {
        Self {
            learner: Some(learner),
            ..Self::of(attempt)
        }
    }
}

/// A course's attempts with the learners' names, latest activity first; for its teacher.
#[utoipa::path(
    get, path = "/api/courses/{course}/attempts", tag = "attempts",
    params(("course" = String, Path, description = "32 hexadecimal digits"), PageQuery),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<AttemptView>)),
)]
pub async fn of_course(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Listing<AttemptView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.attempts().of_course(course, &page.page()).await?;
    Ok(Json(Listing::of(found, AttemptView::of_listing)))
}

/// The caller's attempts, latest activity first.
#[utoipa::path(
    get, path = "/api/attempts", tag = "attempts", params(PageQuery), security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<AttemptView>)),
)]
pub async fn mine(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Listing<AttemptView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.attempts().of_user(user.id, &page.page()).await?;
    Ok(Json(Listing::of(found, AttemptView::of)))
}

/// One attempt; for the learner and the teacher.
#[utoipa::path(
    get, path = "/api/attempts/{attempt}", tag = "attempts",
    params(("attempt" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "The attempt", body = AttemptView)),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<AttemptId>,
) -> Result<Json<AttemptView>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    Ok(Json(AttemptView::of(tx.attempts().get(id).await?)))
}
