//! Courses that providers offer.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use scormbridge_lms::classroom::ports::MAX_PAGE;
use scormbridge_lms::classroom::{ExternalCourse, ExternalCourseId, ProviderId, RegistryFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::CurrentUser;
use crate::classroom::paging::{Listing, page};
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, ApiQuery};
use crate::state::AppState;

/// What to look for, and which part of the list.
#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegistryQuery {
    /// Only this provider's courses; 32 hexadecimal digits.
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    provider: Option<ProviderId>,
    /// Only titles that contain this, without regard to ASCII case.
    #[garde(inner(length(min = 1, max = 200)))]
    #[param(min_length = 1, max_length = 200)]
    title: Option<String>,
    /// The `next` of the page before; absent for the first.
    #[garde(inner(length(min = 1, max = 2_000)))]
    #[param(min_length = 1, max_length = 2000)]
    after: Option<String>,
    /// Items per page.
    #[garde(inner(range(min = 1, max = MAX_PAGE)))]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A new external course.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExternalCourse {
    /// Who offers it; 32 hexadecimal digits.
    #[garde(skip)]
    #[schema(value_type = String)]
    provider_id: ProviderId,
    /// Its name with the provider, of a-z, 0-9 and `-`; unique there.
    #[garde(custom(is_slug))]
    #[schema(min_length = 1, max_length = 200, pattern = "^[a-z0-9-]+$")]
    slug: String,
    /// What teachers read.
    #[garde(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    title: String,
}

/// What of an external course is said anew; its provider stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalCourseBody {
    /// Its name with the provider, of a-z, 0-9 and `-`; unique there.
    #[garde(custom(is_slug))]
    #[schema(min_length = 1, max_length = 200, pattern = "^[a-z0-9-]+$")]
    slug: String,
    /// What teachers read.
    #[garde(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    title: String,
}

fn is_slug(text: &str, _: &()) -> garde::Result {
    let fits = (1..=200).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    fits.then_some(())
        .ok_or_else(|| garde::Error::new("must be 1 to 200 of a-z, 0-9 and -"))
}

/// A course that a provider offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExternalCourseView {
    /// 32 hexadecimal digits.
    id: String,
    /// Who offers it.
    provider_id: String,
    /// Its name with the provider.
    slug: String,
    /// What teachers read.
    title: String,
    /// Since when, in milliseconds since the Unix epoch.
    created_at: i64,
}

impl ExternalCourseView {
    fn of(course: ExternalCourse) -> Self {
        Self {
            id: course.id.to_string(),
            provider_id: course.provider.to_string(),
            slug: course.slug,
            title: course.title,
            created_at: course.created_at.0,
        }
    }
}

/// External courses by title; for teachers and administrators.
#[utoipa::path(
    get, path = "/api/registry/courses", tag = "registry", params(RegistryQuery),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<ExternalCourseView>)),
)]
pub async fn search(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(query): ApiQuery<RegistryQuery>,
) -> Result<Json<Listing<ExternalCourseView>>, AppError> {
    let filter = RegistryFilter {
        provider: query.provider,
        title: query.title,
    };
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx
        .registry()
        .search(&filter, &page(query.after, query.limit))
        .await?;
    Ok(Json(Listing::of(found, ExternalCourseView::of)))
}

/// Add an external course; for administrators.
#[utoipa::path(
    post, path = "/api/registry/courses", tag = "registry", request_body = NewExternalCourse,
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Added", body = ExternalCourseView),
        (status = 409, description = "The provider has one of this slug (`conflict`), or there is no such provider \
            (`reference`)", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(body): ApiJson<NewExternalCourse>,
) -> Result<(StatusCode, Json<ExternalCourseView>), AppError> {
    let course = ExternalCourse {
        id: ExternalCourseId::random(state.entropy.as_ref()),
        provider: body.provider_id,
        slug: body.slug,
        title: body.title,
        created_at: state.clock.now(),
    };
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.registry().insert_course(&course).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(ExternalCourseView::of(course))))
}

/// One external course; for teachers and administrators.
#[utoipa::path(
    get, path = "/api/registry/courses/{external_course}", tag = "registry",
    params(("external_course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "The course", body = ExternalCourseView)),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ExternalCourseId>,
) -> Result<Json<ExternalCourseView>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let course = tx.registry().get_course(id).await?;
    Ok(Json(ExternalCourseView::of(course)))
}

/// Say slug and title of an external course anew; for administrators.
#[utoipa::path(
    put, path = "/api/registry/courses/{external_course}", tag = "registry", request_body = ExternalCourseBody,
    params(("external_course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Changed", body = ExternalCourseView),
        (status = 409, description = "The provider has one of this slug", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn update(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ExternalCourseId>,
    ApiJson(ExternalCourseBody { slug, title }): ApiJson<ExternalCourseBody>,
) -> Result<Json<ExternalCourseView>, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    let old = tx.registry().get_course(id).await?;
    let course = ExternalCourse { slug, title, ..old };
    tx.registry().update_course(&course).await?;
    tx.commit().await?;
    Ok(Json(ExternalCourseView::of(course)))
}

/// Remove an external course with its versions; for administrators.
#[utoipa::path(
    delete, path = "/api/registry/courses/{external_course}", tag = "registry",
    params(("external_course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "An assignment targets a version of it", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ExternalCourseId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.registry().delete_course(id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
