//! A learner's pages: the catalogue, a course, and the player.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use scormbridge_lms::classroom::ports::{MAX_PAGE, Page as Part, StoreError, Tx};
use scormbridge_lms::classroom::{
    Actor, Attempt, Course, CourseId, Enrollment, EnrollmentId, EnrollmentStatus, LaunchKind,
    LaunchMode, Lesson, ScormPackage, grading,
};
use serde::Deserialize;

use super::view::{self, Card, Row};
use super::{Failure, Page, Visitor, Who, player_path, render};
use crate::error::AppError;
use crate::http::headers::origin_of;
use crate::http::{ApiPath, FrameSources};
use crate::launch::start::ModeName;
use crate::scorm::package;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "courses.html")]
struct CoursesPage {
    who: Option<Who>,
    section: &'static str,
    joined: Vec<Card>,
    others: Vec<Card>,
}

pub(super) async fn courses(State(state): State<AppState>, Visitor(user): Visitor) -> Page {
    let mut tx = state.store.read(&user.actor()).await?;
    let all = Part::first(MAX_PAGE);
    let joined = tx.courses().joined_by(user.id, &all).await?.items;
    let catalogue = tx.courses().catalogue(&all).await?.items;
    let mut latest: BTreeMap<CourseId, Attempt> = BTreeMap::new();
    for attempt in tx.attempts().of_user(user.id, &all).await?.items {
        if attempt.mode == LaunchMode::Normal {
            latest.entry(attempt.course).or_insert(attempt);
        }
    }
    let others = catalogue
        .into_iter()
        .filter(|course| joined.iter().all(|own| own.id != course.id));
    render(&CoursesPage {
        who: Who::of(&user),
        section: "courses",
        others: others.map(Card::from).collect(),
        joined: joined
            .into_iter()
            .map(|course| {
                let attempt = latest.remove(&course.id).map(Row::from);
                Card {
                    attempt,
                    ..Card::from(course)
                }
            })
            .collect(),
    })
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
    can_enrol: bool,
    launches: bool,
    start: &'static str,
    can_review: bool,
    teaches: bool,
    lessons: Vec<Lesson>,
    attempts: Vec<Row>,
}

pub(super) async fn course(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    ApiPath(id): ApiPath<CourseId>,
) -> Page {
    let mut tx = state.store.read(&user.actor()).await?;
    let course = tx.courses().get(id).await?;
    let enrollment = tx.enrollments().find(id, user.id).await?;
    let active = enrollment
        .as_ref()
        .filter(|one| one.status == EnrollmentStatus::Active);
    let lessons = match tx.lessons().of_course(id).await {
        Ok(lessons) => lessons,
        // Lessons are for who is in the course; the catalogue's page goes without.
        Err(StoreError::NotFound | StoreError::Denied) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let attempts = match &enrollment {
        Some(enrollment) => for_credit(tx.as_mut(), enrollment).await?,
        None => Vec::new(),
    };
    let open = attempts.iter().any(|attempt| !attempt.status.is_closed());
    render(&CoursePage {
        who: Who::of(&user),
        section: "courses",
        id: id.to_string(),
        enrollment: active.map(|one| one.id.to_string()),
        can_enrol: enrollment.is_none() && course.published && course.teacher != user.id,
        launches: course.launch_kind != LaunchKind::None,
        start: match (open, attempts.is_empty()) {
            (true, _) => "Continue",
            (false, true) => "Start",
            (false, false) => "Start again",
        },
        can_review: attempts.iter().any(|attempt| attempt.status.is_closed()),
        teaches: course.teacher == user.id,
        title: course.title,
        description: course.description,
        lessons,
        attempts: attempts.into_iter().map(Row::from).collect(),
    })
}

async fn for_credit(tx: &mut dyn Tx, enrollment: &Enrollment) -> Result<Vec<Attempt>, StoreError> {
    let mut attempts = tx
        .attempts()
        .of_enrollment(enrollment.id, &Part::first(50))
        .await?
        .items;
    attempts.retain(|attempt| attempt.mode == LaunchMode::Normal);
    Ok(attempts)
}

/// Which part of a course to play, and how.
#[derive(Deserialize)]
pub(super) struct Wish {
    sco: Option<String>,
    #[serde(default)]
    mode: ModeName,
}

#[derive(Template)]
#[template(path = "player.html")]
struct PlayerPage {
    who: Option<Who>,
    section: &'static str,
    title: String,
    course: String,
    enrollment: String,
    mode: &'static str,
    progress: u8,
    play: Play,
}

enum Play {
    Scorm(Scorm),
    Embed(Embed),
}

struct Scorm {
    sco: Option<String>,
    contents: Vec<Content>,
}

struct Content {
    title: String,
    href: String,
    current: bool,
    state: &'static str,
}

struct Embed {
    url: String,
    origin: String,
}

pub(super) async fn player(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    ApiPath(id): ApiPath<EnrollmentId>,
    Query(wish): Query<Wish>,
) -> Page {
    let mut tx = state.store.read(&user.actor()).await?;
    let enrollment = tx.enrollments().get(id).await?;
    if enrollment.user != user.id || enrollment.status != EnrollmentStatus::Active {
        return Err(AppError::not_found("enrolment").into());
    }
    let course = tx.courses().get(enrollment.course).await?;
    let wanted = |attempt: &&Attempt| (wish.mode == ModeName::Review) == attempt.status.is_closed();
    let attempt = for_credit(tx.as_mut(), &enrollment)
        .await?
        .iter()
        .find(wanted)
        .cloned();
    drop(tx);
    let (play, frames) = match course.launch_kind {
        LaunchKind::Scorm => {
            let package = package::ensure(&state, &course).await?;
            let frames = state.scorm.frame_origin(&package);
            let contents =
                contents(&state, &user.actor(), &package, attempt.as_ref(), id, &wish).await?;
            (
                Play::Scorm(Scorm {
                    sco: wish.sco.clone(),
                    contents,
                }),
                frames,
            )
        }
        LaunchKind::WebEmbed => {
            let embed = embed(&state, &course).await?;
            let frames = embed.origin.clone();
            (Play::Embed(embed), Some(frames))
        }
        LaunchKind::None => {
            return Err(AppError::conflict(
                "nothing_to_launch",
                "This course has lessons to read, and nothing to launch.",
            )
            .into());
        }
    };
    let page = PlayerPage {
        who: Who::of(&user),
        section: "courses",
        title: course.title,
        course: course.id.to_string(),
        enrollment: id.to_string(),
        mode: view::mode(wish.mode),
        progress: attempt.map_or(0, |attempt| attempt.progress),
        play,
    };
    let mut response = render(&page)?.into_response();
    response.extensions_mut().insert(FrameSources::new(frames));
    Ok(response)
}

/// The provider is named to the learner's browser, though learners may not read the list of providers.
async fn embed(state: &AppState, course: &Course) -> Result<Embed, Failure> {
    let missing = || {
        AppError::conflict(
            "no_provider",
            "This course has no provider yet. Tell the teacher.",
        )
    };
    let url = course.launch_url.clone().ok_or_else(missing)?;
    let origin = origin_of(&url).ok_or_else(missing)?;
    let mut tx = state.store.read(&Actor::Service).await?;
    let provider = tx
        .providers()
        .get(course.provider.ok_or_else(missing)?)
        .await?;
    if provider.origin != origin {
        return Err(AppError::conflict(
            "launch_elsewhere",
            "This course is not where its provider is. Tell the teacher.",
        )
        .into());
    }
    Ok(Embed { url, origin })
}

async fn contents(
    state: &AppState,
    actor: &Actor,
    package: &ScormPackage,
    attempt: Option<&Attempt>,
    enrollment: EnrollmentId,
    wish: &Wish,
) -> Result<Vec<Content>, StoreError> {
    let tracks = match attempt {
        Some(attempt) => {
            let mut tx = state.store.read(actor).await?;
            tx.scorm().tracks(attempt.id, None).await?
        }
        None => Vec::new(),
    };
    let standings = grading::standings(&package.tree, &tracks);
    let current = match &wish.sco {
        Some(sco) => standings.iter().position(|(row, _)| row.identifier == *sco),
        None => standings
            .iter()
            .position(|(row, standing)| row.scormtype == "sco" && !standing.over),
    };
    let parts = standings
        .iter()
        .enumerate()
        .map(|(at, (row, standing))| Content {
            title: row.title.clone(),
            href: player_path(enrollment, wish.mode, Some(&row.identifier)),
            current: current == Some(at),
            state: match (standing.verdict, standing.over, standing.begun) {
                (Some(grading::Verdict::Passed), true, _) => "passed",
                (Some(grading::Verdict::Failed), true, _) => "failed",
                (None, true, _) => "completed",
                (_, false, true) => "begun",
                (_, false, false) => "",
            },
        });
    Ok(parts.collect())
}
