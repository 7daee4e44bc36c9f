//! What a teacher keeps in a course: lessons, learners, assignments.

use askama::Template;
use axum::extract::State;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::Tx;
use scormbridge_lms::classroom::{
    AssignmentTarget, Course, CourseId, CourseVersion, EnrollmentStatus, ExternalCourse,
    ExternalCourseId, Lesson, RegistryFilter, VersionStatus,
};
use serde::Deserialize;

use super::ask::{After, Asked, Named};
use super::pager::{Pager, ROWS, part};
use super::view::Moment;
use super::{Failure, Page, Visitor, Who, render};
use crate::auth::CurrentUser;
use crate::classroom::ground;
use crate::state::AppState;

/// External courses that a search shows at once.
const FOUND: u32 = 10;

/// The course, for whoever may change it: these pages show forms, not only what they change.
async fn own(tx: &mut dyn Tx, user: &CurrentUser, id: CourseId) -> Result<Course, Failure> {
    Ok(ground::course(tx, user, id, Table::Courses, Operation::Update).await?)
}

#[derive(Template)]
#[template(path = "teach_lessons.html")]
struct LessonsPage {
    who: Option<Who>,
    section: &'static str,
    tab: &'static str,
    id: String,
    title: String,
    lessons: Vec<Lesson>,
}

pub(super) async fn lessons(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(id): Named<CourseId>,
) -> Page {
    let user = visitor.staff()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let course = own(tx.as_mut(), &user, id).await?;
    let lessons = tx.lessons().of_course(id).await?;
    render(&LessonsPage {
        who: Who::of(&user),
        section: "teach",
        tab: "lessons",
        id: id.to_string(),
        title: course.title,
        lessons,
    })
}

/// A learner in a table.
struct Place {
    id: String,
    learner: String,
    login: String,
    active: bool,
    since: Moment,
}

#[derive(Template)]
#[template(path = "teach_learners.html")]
struct LearnersPage {
    who: Option<Who>,
    section: &'static str,
    tab: &'static str,
    id: String,
    title: String,
    places: Vec<Place>,
    pager: Pager,
}

pub(super) async fn learners(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(id): Named<CourseId>,
    Asked(After { after }): Asked<After>,
) -> Page {
    let user = visitor.staff()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let course = own(tx.as_mut(), &user, id).await?;
    let found = tx
        .enrollments()
        .of_course(id, &part(after.as_ref(), ROWS))
        .await?;
    let path = format!("/teach/courses/{id}/learners");
    render(&LearnersPage {
        who: Who::of(&user),
        section: "teach",
        tab: "learners",
        id: id.to_string(),
        title: course.title,
        pager: Pager::new(
            "Learners",
            &path,
            &[],
            "after",
            after.as_deref(),
            found.next,
        ),
        places: found
            .items
            .into_iter()
            .map(|item| Place {
                id: item.enrollment.id.to_string(),
                learner: item.learner,
                login: item.login,
                active: item.enrollment.status == EnrollmentStatus::Active,
                since: item.enrollment.created_at.into(),
            })
            .collect(),
    })
}

/// An assignment and the version it launches.
struct Link {
    assignment: String,
    title: String,
    version: CourseVersion,
    /// Other versions that it may launch instead.
    others: Vec<CourseVersion>,
}

/// An external course that a search found, with what of it may be linked.
struct Found {
    course: ExternalCourse,
    versions: Vec<CourseVersion>,
}

/// What to look for in the registry.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    title: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "teach_assignments.html")]
struct AssignmentsPage {
    who: Option<Who>,
    section: &'static str,
    tab: &'static str,
    id: String,
    title: String,
    links: Vec<Link>,
    sought: String,
    found: Vec<Found>,
    pager: Pager,
}

pub(super) async fn assignments(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(id): Named<CourseId>,
    Asked(search): Asked<Search>,
) -> Page {
    let user = visitor.staff()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let course = own(tx.as_mut(), &user, id).await?;
    let mut links = Vec::new();
    for target in tx.targets().of_course(id).await? {
        links.push(link(tx.as_mut(), target).await?);
    }
    let sought = search.title.trim().to_owned();
    let filter = RegistryFilter {
        provider: None,
        title: (!sought.is_empty()).then(|| sought.clone()),
    };
    let listed = tx
        .registry()
        .search(&filter, &part(search.after.as_ref(), FOUND))
        .await?;
    let mut found = Vec::new();
    for course in listed.items {
        let versions = approved(tx.as_mut(), course.id).await?;
        found.push(Found { course, versions });
    }
    let path = format!("/teach/courses/{id}/assignments");
    let query = [("title", sought.as_str())];
    let after = search.after.as_deref();
    render(&AssignmentsPage {
        who: Who::of(&user),
        section: "teach",
        tab: "assignments",
        id: id.to_string(),
        title: course.title,
        links,
        pager: Pager::new("Registry", &path, &query, "after", after, listed.next),
        sought,
        found,
    })
}

async fn link(tx: &mut dyn Tx, target: AssignmentTarget) -> Result<Link, Failure> {
    let version = tx.registry().get_version(target.version).await?;
    let external = tx.registry().get_course(version.external_course).await?;
    let mut others = approved(tx, external.id).await?;
    others.retain(|other| other.id != version.id);
    Ok(Link {
        assignment: target.assignment.to_string(),
        title: external.title,
        version,
        others,
    })
}

async fn approved(tx: &mut dyn Tx, id: ExternalCourseId) -> Result<Vec<CourseVersion>, Failure> {
    let mut versions = tx.registry().versions(id).await?;
    versions.retain(|version| version.status == VersionStatus::Approved);
    Ok(versions)
}
