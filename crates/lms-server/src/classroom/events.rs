//! A course's log, to read: what runtimes reported and what the staff changed.

use axum::Json;
use axum::extract::State;
use scormbridge_lms::classroom::{CourseEvent, CourseId};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::paging::{Listing, PageQuery};
use crate::auth::CurrentUser;
use crate::error::AppError;
use crate::http::{ApiPath, ApiQuery};
use crate::state::AppState;

/// One line of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    /// 32 hexadecimal digits.
    id: String,
    /// In which attempt, if in one.
    attempt_id: Option<String>,
    /// What, dotted: `course.progress`, `enrollment.suspended`.
    kind: String,
    /// What was said about it, as it was said.
    #[schema(value_type = Object)]
    payload: Box<RawValue>,
    /// When, in milliseconds since the Unix epoch.
    at: i64,
    /// The request that brought it.
    request_id: String,
}

impl EventView {
    fn of(event: CourseEvent) -> Self {
        Self {
            id: event.id.to_string(),
            attempt_id: event.attempt.map(|id| id.to_string()),
            kind: event.kind,
            // What is in the log was JSON on its way in.
            payload: RawValue::from_string(event.payload).unwrap_or_default(),
            at: event.at.0,
            request_id: event.request_id,
        }
    }
}

/// A course's log, newest first; for its teacher.
#[utoipa::path(
    get, path = "/api/courses/{course}/events", tag = "courses",
    params(("course" = String, Path, description = "32 hexadecimal digits"), PageQuery),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<EventView>)),
)]
pub async fn of_course(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(course): ApiPath<CourseId>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Listing<EventView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.events().of_course(course, &page.page()).await?;
    Ok(Json(Listing::of(found, EventView::of)))
}
