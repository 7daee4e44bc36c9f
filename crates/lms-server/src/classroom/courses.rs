//! Courses: the catalogue, a teacher's own, and their lives.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use garde::Validate;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::StoreError;
use scormbridge_lms::classroom::{Actor, Course, CourseId, LaunchKind, ProviderId, Role, Scopes};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::audit::Audit;
use super::paging::{Listing, PageQuery};
use super::{ground, launchable};
use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, ApiQuery, RequestId};
use crate::state::AppState;

/// How a course starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It does not: lessons to read.
    None,
    /// An interactive runtime of a provider, in a frame.
    WebEmbed,
    /// A SCORM package on a CDN.
    Scorm,
}

impl From<Kind> for LaunchKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::None => Self::None,
            Kind::WebEmbed => Self::WebEmbed,
            Kind::Scorm => Self::Scorm,
        }
    }
}

/// What a teacher says of a course.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CourseBody {
    /// What learners read in the catalogue.
    #[garde(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub(super) title: String,
    /// What it is about, in plain text.
    #[garde(length(max = 10_000))]
    #[schema(max_length = 10_000)]
    #[serde(default)]
    pub(super) description: String,
    /// How it starts.
    #[garde(skip)]
    pub(super) launch_kind: Kind,
    /// The runtime's page, or the package's folder or manifest; absent for `none`.
    #[garde(inner(length(min = 1, max = 2_048)))]
    #[schema(min_length = 1, max_length = 2048)]
    pub(super) launch_url: Option<String>,
    /// What its runtime may do: `progress.write`, `grade.write`, `events.write`, `checkpoint.read`,
    /// `checkpoint.write`, `files.write`.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(super) scopes: Scopes,
    /// Who hosts it, for `web_embed`; 32 hexadecimal digits.
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    pub(super) provider_id: Option<ProviderId>,
    /// Whether the catalogue shows it.
    #[garde(skip)]
    #[serde(default)]
    pub(super) published: bool,
}

/// A course.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourseView {
    /// 32 hexadecimal digits.
    id: String,
    /// The account of its teacher.
    teacher_id: String,
    /// What learners read in the catalogue.
    title: String,
    /// What it is about, in plain text.
    description: String,
    /// `none`, `web_embed` or `scorm`.
    launch_kind: &'static str,
    /// Where it is launched from.
    launch_url: Option<String>,
    /// What its runtime may do.
    scopes: Vec<&'static str>,
    /// Who hosts it.
    provider_id: Option<String>,
    /// Whether the catalogue shows it.
    published: bool,
    /// Since when, in milliseconds since the Unix epoch.
    created_at: i64,
    /// Of the last change, in milliseconds since the Unix epoch.
    updated_at: i64,
}

impl CourseView {
    fn of(course: Course) -> Self {
        Self {
            id: course.id.to_string(),
            teacher_id: course.teacher.to_string(),
            title: course.title,
            description: course.description,
            launch_kind: course.launch_kind.name(),
            launch_url: course.launch_url,
            scopes: course.scopes.iter().map(|scope| scope.name()).collect(),
            provider_id: course.provider.map(|id| id.to_string()),
            published: course.published,
            created_at: course.created_at.0,
            updated_at: course.updated_at.0,
        }
    }
}

/// What is published, by title.
#[utoipa::path(
    get, path = "/api/catalogue", tag = "courses", params(PageQuery), security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<CourseView>)),
)]
pub async fn catalogue(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Listing<CourseView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.courses().catalogue(&page.page()).await?;
    Ok(Json(Listing::of(found, CourseView::of)))
}

/// The caller's courses by title: a student's enrolled ones, a teacher's own, an administrator's all.
#[utoipa::path(
    get, path = "/api/courses", tag = "courses", params(PageQuery), security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<CourseView>)),
)]
pub async fn list(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Listing<CourseView>>, AppError> {
    let page = page.page();
    let mut tx = state.store.read(&user.actor()).await?;
    let found = match user.role {
        Role::Admin => tx.courses().list(&page).await?,
        Role::Teacher => tx.courses().taught_by(user.id, &page).await?,
        _ => tx.courses().joined_by(user.id, &page).await?,
    };
    Ok(Json(Listing::of(found, CourseView::of)))
}

/// Make a course; the caller becomes its teacher.
#[utoipa::path(
    post, path = "/api/courses", tag = "courses", request_body = CourseBody,
    security(("session" = []), ("openid" = [])),
    responses((status = 201, description = "Made", body = CourseView)),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(body): ApiJson<CourseBody>,
) -> Result<(StatusCode, Json<CourseView>), AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    launchable::check(&state, tx.as_mut(), &body).await?;
    let now = state.clock.now();
    let course = Course {
        id: CourseId::random(state.entropy.as_ref()),
        teacher: user.id,
        title: body.title,
        description: body.description,
        launch_kind: body.launch_kind.into(),
        launch_url: body.launch_url,
        scopes: body.scopes,
        provider: body.provider_id,
        published: body.published,
        created_at: now,
        updated_at: now,
    };
    tx.courses().insert(&course).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(CourseView::of(course))))
}

/// One course: published, taught or joined by the caller.
#[utoipa::path(
    get, path = "/api/courses/{course}", tag = "courses",
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "The course", body = CourseView)),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<CourseId>,
) -> Result<Json<CourseView>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    Ok(Json(CourseView::of(tx.courses().get(id).await?)))
}

/// Say everything of a course anew; for its teacher. Where it launches something else from now on (another kind, another
/// provider, a SCORM package at another address), open attempts end as `abandoned` with what they reached, and the next
/// launch begins a new one.
#[utoipa::path(
    put, path = "/api/courses/{course}", tag = "courses", request_body = CourseBody,
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "Changed", body = CourseView)),
)]
pub async fn update(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<CourseId>,
    Extension(request): Extension<RequestId>,
    ApiJson(body): ApiJson<CourseBody>,
) -> Result<Json<CourseView>, AppError> {
    let (old, course) = {
        let mut tx = state.store.read(&user.actor()).await?;
        let (table, update) = (Table::Courses, Operation::Update);
        let old = ground::course(tx.as_mut(), &user, id, table, update).await?;
        launchable::check(&state, tx.as_mut(), &body).await?;
        let course = Course {
            title: body.title,
            description: body.description,
            launch_kind: body.launch_kind.into(),
            launch_url: body.launch_url,
            scopes: body.scopes,
            provider: body.provider_id,
            published: body.published,
            updated_at: state.clock.now(),
            ..old.clone()
        };
        (old, course)
    };
    let relaunched = course.launches_otherwise_than(&old);
    // Attempts are the server's to change, and must end in the same unit of work as the course changes.
    let actor = if relaunched {
        Actor::Service
    } else {
        user.actor()
    };
    let mut tx = state.store.begin(&actor).await?;
    tx.courses().update(&course).await?;
    let abandoned = if relaunched {
        match tx.scorm().delete_package(id).await {
            Ok(()) | Err(StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        tx.attempts().abandon_open(id, course.updated_at).await?
    } else {
        0
    };
    let details = json!({ "launch": relaunched, "abandoned": abandoned });
    let audit = Audit {
        state: &state,
        user: &user,
        request: &request,
    };
    audit
        .note(tx.as_mut(), id, "course.changed", details)
        .await?;
    tx.commit().await?;
    Ok(Json(CourseView::of(course)))
}

/// Remove a course with its lessons, enrolments and attempts; for its teacher.
#[utoipa::path(
    delete, path = "/api/courses/{course}", tag = "courses",
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "Still referred to", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<CourseId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.courses().delete(id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
