//! Pages of teachers and administrators: courses, who is how far in them, and where interactive courses come from.

use askama::Template;
use axum::extract::State;
use scormbridge_lms::classroom::ports::{MAX_PAGE, Page as Part, StoreError};
use scormbridge_lms::classroom::{CourseId, LaunchKind, Provider, Role, ScormPackage};

use super::view::{Card, Row};
use super::{Page, Visitor, Who, render};
use crate::error::AppError;
use crate::http::ApiPath;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "teach.html")]
struct TeachPage {
    who: Option<Who>,
    section: &'static str,
    courses: Vec<Card>,
    providers: Vec<Provider>,
}

pub(super) async fn teach(State(state): State<AppState>, Visitor(user): Visitor) -> Page {
    if !matches!(user.role, Role::Teacher | Role::Admin) {
        return Err(AppError::forbidden("denied", "This page is for teachers.").into());
    }
    let mut tx = state.store.read(&user.actor()).await?;
    let courses = tx
        .courses()
        .taught_by(user.id, &Part::first(MAX_PAGE))
        .await?
        .items;
    let providers = tx.providers().list(&Part::first(MAX_PAGE)).await?.items;
    render(&TeachPage {
        who: Who::of(&user),
        section: "teach",
        courses: courses.into_iter().map(Card::from).collect(),
        providers,
    })
}

#[derive(Template)]
#[template(path = "teach_course.html")]
struct TeachCoursePage {
    who: Option<Who>,
    section: &'static str,
    id: String,
    title: String,
    description: String,
    launch_kind: &'static str,
    launch_url: String,
    scopes: String,
    provider: Option<String>,
    published: bool,
    is_scorm: bool,
    package: Option<ScormPackage>,
    attempts: Vec<Row>,
}

pub(super) async fn course(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    ApiPath(id): ApiPath<CourseId>,
) -> Page {
    let attempts = rows(&state, &user, id).await?;
    let mut tx = state.store.read(&user.actor()).await?;
    let course = tx.courses().get(id).await?;
    let package = tx.scorm().find_package(id).await?;
    render(&TeachCoursePage {
        who: Who::of(&user),
        section: "teach",
        id: id.to_string(),
        title: course.title,
        description: course.description,
        launch_kind: course.launch_kind.name(),
        launch_url: course.launch_url.unwrap_or_default(),
        scopes: course.scopes.to_string(),
        provider: course.provider.map(|id| id.to_string()),
        published: course.published,
        is_scorm: course.launch_kind == LaunchKind::Scorm,
        package,
        attempts,
    })
}

#[derive(Template)]
#[template(path = "attempts.html")]
struct Attempts {
    attempts: Vec<Row>,
}

/// The part of a course's page that keeps itself up to date.
pub(super) async fn attempts(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    ApiPath(id): ApiPath<CourseId>,
) -> Page {
    let attempts = rows(&state, &user, id).await?;
    render(&Attempts { attempts })
}

async fn rows(
    state: &AppState,
    user: &crate::auth::CurrentUser,
    id: CourseId,
) -> Result<Vec<Row>, StoreError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let attempts = tx
        .attempts()
        .of_course(id, &Part::first(MAX_PAGE))
        .await?
        .items;
    Ok(attempts.into_iter().map(Row::from).collect())
}

#[derive(Template)]
#[template(path = "admin_courses.html")]
struct AdminPage {
    who: Option<Who>,
    section: &'static str,
    courses: Vec<Card>,
    providers: Vec<Provider>,
}

pub(super) async fn admin(State(state): State<AppState>, Visitor(user): Visitor) -> Page {
    if user.role != Role::Admin {
        return Err(AppError::forbidden("denied", "This page is for administrators.").into());
    }
    let mut tx = state.store.read(&user.actor()).await?;
    let courses = tx.courses().list(&Part::first(MAX_PAGE)).await?.items;
    let providers = tx.providers().list(&Part::first(MAX_PAGE)).await?.items;
    render(&AdminPage {
        who: Who::of(&user),
        section: "admin",
        courses: courses.into_iter().map(Card::from).collect(),
        providers,
    })
}
