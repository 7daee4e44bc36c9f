//! A learner's pages: the catalogue and a course.

use askama::Template;
use axum::extract::State;
use scormbridge_lms::classroom::ports::{Page as Part, StoreError, Tx};
use scormbridge_lms::classroom::{
    Actor, Attempt, AttemptStatus, CourseId, Enrollment, EnrollmentStatus, LaunchKind, LaunchMode,
    Lesson, VersionStatus,
};
use serde::Deserialize;

use super::ask::{After, Asked, Named};
use super::pager::{CARDS, Pager, ROWS, part};
use super::player::{Target, player_path};
use super::view::{Card, Row};
use super::{Page, Visitor, Who, render};
use crate::launch::start::ModeName;
use crate::state::AppState;

/// Which parts of the two lists.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Shown {
    joined: Option<String>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "courses.html")]
struct CoursesPage {
    who: Option<Who>,
    section: &'static str,
    joined: Vec<Card>,
    joined_pager: Pager,
    catalogue: Vec<Card>,
    catalogue_pager: Pager,
}

pub(super) async fn courses(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Asked(shown): Asked<Shown>,
) -> Page {
    let mut tx = state.store.read(&user.actor()).await?;
    let joined = tx
        .courses()
        .joined_by(user.id, &part(shown.joined.as_ref(), CARDS))
        .await?;
    let mut own = Vec::new();
    for course in joined.items {
        let enrollment = tx.enrollments().find(course.id, user.id).await?;
        let attempt = match &enrollment {
            Some(enrollment) => latest(tx.as_mut(), enrollment).await?,
            None => None,
        };
        own.push(Card {
            attempt: attempt.map(Row::from),
            ..Card::from(course)
        });
    }
    let found = tx
        .courses()
        .catalogue(&part(shown.after.as_ref(), CARDS))
        .await?;
    let mut catalogue = Vec::new();
    for course in found.items {
        let joined = tx.enrollments().find(course.id, user.id).await?.is_some();
        catalogue.push(Card {
            joined,
            ..Card::from(course)
        });
    }
    let keep = |name: &'static str, value: &Option<String>| -> Vec<(&'static str, String)> {
        value.iter().map(|value| (name, value.clone())).collect()
    };
    let pager = |label, name, other: Vec<(&'static str, String)>, after: &Option<String>, next| {
        let other: Vec<(&str, &str)> = other.iter().map(|(n, v)| (*n, v.as_str())).collect();
        Pager::new(label, "/courses", &other, name, after.as_deref(), next)
    };
    render(&CoursesPage {
        who: Who::of(&user),
        section: "courses",
        joined: own,
        joined_pager: pager(
            "Your courses",
            "joined",
            keep("after", &shown.after),
            &shown.joined,
            joined.next,
        ),
        catalogue,
        catalogue_pager: pager(
            "Catalogue",
            "after",
            keep("joined", &shown.joined),
            &shown.after,
            found.next,
        ),
    })
}

/// The latest of a learner's attempts for credit at what the course itself launches.
async fn latest(tx: &mut dyn Tx, enrollment: &Enrollment) -> Result<Option<Attempt>, StoreError> {
    let recent = Part::first(ROWS);
    let attempts = tx.attempts().of_enrollment(enrollment.id, &recent).await?;
    let counts =
        |attempt: &Attempt| attempt.mode == LaunchMode::Normal && attempt.assignment.is_none();
    Ok(attempts.items.into_iter().find(counts))
}

/// An assignment of a course, as its learners see it.
struct Work {
    title: String,
    version: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "course.html")]
struct CoursePage {
    who: Option<Who>,
    section: &'static str,
    id: String,
    title: String,
    description: String,
    enrollment: Option<String>,
    suspended: bool,
    can_enrol: bool,
    launches: bool,
    start: &'static str,
    can_review: bool,
    teaches: bool,
    lessons: Vec<Lesson>,
    work: Vec<Work>,
    attempts: Vec<Row>,
    pager: Pager,
}

pub(super) async fn course(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Named(id): Named<CourseId>,
    Asked(After { after }): Asked<After>,
) -> Page {
    let mut tx = state.store.read(&user.actor()).await?;
    let course = tx.courses().get(id).await?;
    let enrollment = tx.enrollments().find(id, user.id).await?;
    let active = enrollment
        .as_ref()
        .filter(|one| one.status == EnrollmentStatus::Active);
    // Lessons and assignments are for who is in the course; the catalogue's page goes without.
    let lessons = if_shown(tx.lessons().of_course(id).await)?;
    let targets = if_shown(tx.targets().of_course(id).await)?;
    let (attempts, next) = match &enrollment {
        Some(enrollment) => {
            let page = part(after.as_ref(), ROWS);
            let found = tx.attempts().of_enrollment(enrollment.id, &page).await?;
            (found.items, found.next)
        }
        None => (Vec::new(), None),
    };
    // What the button says depends on the latest, wherever in the list the page stands.
    let (open, closed) = match &enrollment {
        Some(enrollment) => {
            let last = latest(tx.as_mut(), enrollment).await?;
            let open = tx
                .attempts()
                .find_open(enrollment.id, None)
                .await?
                .is_some();
            let over = |attempt: &Attempt| attempt.status != AttemptStatus::Started;
            (
                open,
                last.as_ref().is_some_and(over) || (open && has_closed(&attempts)),
            )
        }
        None => (false, false),
    };
    drop(tx);
    let mut work = Vec::new();
    if !targets.is_empty() {
        // Learners read no registry: the server tells them what they may launch, and only that.
        let mut tx = state.store.read(&Actor::Service).await?;
        for target in targets {
            let version = tx.registry().get_version(target.version).await?;
            let external = tx.registry().get_course(version.external_course).await?;
            let ready = version.status == VersionStatus::Approved;
            let href = active.filter(|_| ready).map(|enrollment| {
                player_path(
                    enrollment.id,
                    ModeName::Normal,
                    Target::Assignment(target.assignment),
                )
            });
            work.push(Work {
                title: external.title,
                version: version.version,
                href,
            });
        }
    }
    let path = format!("/courses/{id}");
    let pager = Pager::new("Your attempts", &path, &[], "after", after.as_deref(), next);
    render(&CoursePage {
        who: Who::of(&user),
        section: "courses",
        id: id.to_string(),
        enrollment: active.map(|one| one.id.to_string()),
        suspended: enrollment.is_some() && active.is_none(),
        can_enrol: enrollment.is_none() && course.published && course.teacher != user.id,
        launches: course.launch_kind != LaunchKind::None,
        start: match (open, closed) {
            (true, _) => "Continue",
            (false, false) => "Start",
            (false, true) => "Start again",
        },
        can_review: closed,
        teaches: course.teacher == user.id,
        title: course.title,
        description: course.description,
        lessons,
        work,
        attempts: attempts
            .into_iter()
            .filter(|attempt| attempt.mode == LaunchMode::Normal)
            .map(Row::from)
            .collect(),
        pager,
    })
}

/// Whether there is a finished attempt at what the course itself launches.
fn has_closed(attempts: &[Attempt]) -> bool {
    attempts.iter().any(|attempt| {
        attempt.mode == LaunchMode::Normal
            && attempt.assignment.is_none()
            && attempt.status.is_closed()
    })
}

fn if_shown<T>(found: Result<Vec<T>, StoreError>) -> Result<Vec<T>, StoreError> {
    match found {
        Err(StoreError::NotFound | StoreError::Denied) => Ok(Vec::new()),
        found => found,
    }
}
