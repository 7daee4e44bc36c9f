//! The registry: what providers offer. Teachers read it, administrators keep it.

use askama::Template;
use axum::extract::State;
use scormbridge_lms::classroom::{
    CourseVersion, ExternalCourse, ExternalCourseId, Provider, RegistryFilter, Role, Scope, Scopes,
    VersionStatus,
};
use serde::Deserialize;

use super::ask::{Asked, Named};
use super::pager::{Pager, ROWS, part};
use super::view::Providers;
use super::{Page, Visitor, Who, render};
use crate::state::AppState;

/// What to look for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    title: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "registry.html")]
struct ListPage {
    who: Option<Who>,
    section: &'static str,
    keeps: bool,
    sought: String,
    courses: Vec<ExternalCourse>,
    pager: Pager,
    providers: Option<Providers>,
}

pub(super) async fn list(
    State(state): State<AppState>,
    visitor: Visitor,
    Asked(search): Asked<Search>,
) -> Page {
    let user = visitor.staff()?;
    let sought = search.title.trim().to_owned();
    let filter = RegistryFilter {
        provider: None,
        title: (!sought.is_empty()).then(|| sought.clone()),
    };
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx
        .registry()
        .search(&filter, &part(search.after.as_ref(), ROWS))
        .await?;
    let keeps = user.role == Role::Admin;
    let providers = if keeps {
        Some(Providers::offered(tx.as_mut()).await?)
    } else {
        None
    };
    let query = [("title", sought.as_str())];
    let after = search.after.as_deref();
    render(&ListPage {
        who: Who::of(&user),
        section: "registry",
        keeps,
        courses: found.items,
        pager: Pager::new("Registry", "/registry", &query, "after", after, found.next),
        sought,
        providers,
    })
}

/// A version, and the steps it can take.
struct Version {
    version: CourseVersion,
    can_approve: bool,
    can_disable: bool,
}

impl From<CourseVersion> for Version {
    fn from(version: CourseVersion) -> Self {
        let can = |to| version.clone().transition(to).is_ok();
        Self {
            can_approve: can(VersionStatus::Approved),
            can_disable: can(VersionStatus::Disabled),
            version,
        }
    }
}

#[derive(Template)]
#[template(path = "registry_course.html")]
struct CoursePage {
    who: Option<Who>,
    section: &'static str,
    keeps: bool,
    course: ExternalCourse,
    provider: Provider,
    versions: Vec<Version>,
    scopes: String,
}

pub(super) async fn one(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(id): Named<ExternalCourseId>,
) -> Page {
    let user = visitor.staff()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let course = tx.registry().get_course(id).await?;
    let provider = tx.providers().get(course.provider).await?;
    let versions = tx.registry().versions(id).await?;
    render(&CoursePage {
        who: Who::of(&user),
        section: "registry",
        keeps: user.role == Role::Admin,
        course,
        provider,
        versions: versions.into_iter().map(Version::from).collect(),
        // What most runtimes need; only who uploads files needs more.
        scopes: Scope::ALL
            .into_iter()
            .filter(|scope| *scope != Scope::FilesWrite)
            .collect::<Scopes>()
            .to_string(),
    })
}
