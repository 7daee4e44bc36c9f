//! A teacher's pages: their courses, and one of them with its attempts, settings and package.

use askama::Template;
use axum::extract::State;
use scormbridge_lms::classroom::{CourseId, LaunchKind, ScormPackage};

use super::ask::{After, Asked, Named};
use super::pager::{CARDS, Pager, ROWS, part};
use super::view::{Card, Providers, Row};
use super::{Failure, Page, Visitor, Who, render};
use crate::auth::CurrentUser;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "teach.html")]
struct TeachPage {
    who: Option<Who>,
    section: &'static str,
    courses: Vec<Card>,
    pager: Pager,
    providers: Providers,
}

pub(super) async fn teach(
    State(state): State<AppState>,
    visitor: Visitor,
    Asked(After { after }): Asked<After>,
) -> Page {
    let user = visitor.staff()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let courses = tx
        .courses()
        .taught_by(user.id, &part(after.as_ref(), CARDS))
        .await?;
    let providers = Providers::offered(tx.as_mut()).await?;
    render(&TeachPage {
        who: Who::of(&user),
        section: "teach",
        pager: Pager::new(
            "Courses you teach",
            "/teach",
            &[],
            "after",
            after.as_deref(),
            courses.next,
        ),
        courses: courses.items.into_iter().map(Card::from).collect(),
        providers,
    })
}

#[derive(Template)]
#[template(path = "teach_course.html")]
struct TeachCoursePage {
    who: Option<Who>,
    section: &'static str,
    tab: &'static str,
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
    list: Attempts,
    live: String,
}

pub(super) async fn course(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(id): Named<CourseId>,
    Asked(asked): Asked<After>,
) -> Page {
    let user = visitor.staff()?;
    let list = Attempts::of(&state, &user, id, &asked).await?;
    let mut tx = state.store.read(&user.actor()).await?;
    let course = tx.courses().get(id).await?;
    let package = tx.scorm().find_package(id).await?;
    let mut live = format!("/teach/courses/{id}/attempts");
    if let Some(after) = &asked.after {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("after", after);
        live = format!("{live}?{}", query.finish());
    }
    render(&TeachCoursePage {
        who: Who::of(&user),
        section: "teach",
        tab: "course",
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
        list,
        live,
    })
}

/// The part of a course's page that keeps itself up to date.
#[derive(Template)]
#[template(path = "attempts.html")]
struct Attempts {
    attempts: Vec<Row>,
    pager: Pager,
}

impl Attempts {
    async fn of(
        state: &AppState,
        user: &CurrentUser,
        id: CourseId,
        asked: &After,
    ) -> Result<Self, Failure> {
        let mut tx = state.store.read(&user.actor()).await?;
        let found = tx
            .attempts()
            .of_course(id, &part(asked.after.as_ref(), ROWS))
            .await?;
        let path = format!("/teach/courses/{id}");
        let after = asked.after.as_deref();
        Ok(Self {
            attempts: found.items.into_iter().map(Row::from).collect(),
            pager: Pager::new("Attempts", &path, &[], "after", after, found.next),
        })
    }
}

pub(super) async fn attempts(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(id): Named<CourseId>,
    Asked(asked): Asked<After>,
) -> Page {
    let user = visitor.staff()?;
    render(&Attempts::of(&state, &user, id, &asked).await?)
}
