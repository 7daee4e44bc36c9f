//! The player: a course, or one of its assignments, in a frame.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use scormbridge_core::modscorm::ScoRow;
use scormbridge_lms::classroom::ports::Page as Part;
use scormbridge_lms::classroom::{
    Actor, AssignmentId, Attempt, Course, Enrollment, EnrollmentId, EnrollmentStatus, LaunchKind,
    LaunchMode, ScormPackage, grading, navigation,
};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::ask::{Asked, Named};
use super::{Failure, Page, Visitor, Who, render, view};
use crate::auth::CurrentUser;
use crate::error::AppError;
use crate::http::FrameSources;
use crate::launch::destination::Destination;
use crate::launch::start::ModeName;
use crate::scorm::launch::offered_activity;
use crate::scorm::package;
use crate::state::AppState;

/// What of a course is played, where it is not what the learner goes on with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target<'a> {
    /// An activity of its package, with the proof that this site has offered it.
    Sco { sco: &'a str, way: &'a str },
    /// An assignment.
    Assignment(AssignmentId),
}

/// The page that plays a part of a course.
pub(crate) fn player_path(enrollment: EnrollmentId, mode: ModeName, target: Target<'_>) -> String {
    let mut query = Serializer::new(String::new());
    if mode != ModeName::Normal {
        query.append_pair("mode", view::mode(mode));
    }
    match target {
        Target::Sco { sco, way } => {
            query.append_pair("sco", sco).append_pair("way", way);
        }
        Target::Assignment(id) => {
            query.append_pair("assignment", &id.to_string());
        }
    }
    format!("/learn/{enrollment}?{}", query.finish())
}

/// Which part of a course to play, and how.
#[derive(Deserialize)]
pub(super) struct Wish {
    sco: Option<String>,
    /// With the activity: the proof that this site has offered it.
    way: Option<String>,
    assignment: Option<AssignmentId>,
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
    way: Option<String>,
    contents: Vec<Content>,
    previous: Option<String>,
    next: Option<String>,
}

/// An entry of the table of contents.
struct Content {
    title: String,
    /// Absent where the package does not let learners choose it.
    href: Option<String>,
    current: bool,
    state: &'static str,
}

struct Embed {
    url: String,
    origin: String,
    assignment: Option<String>,
}

pub(super) async fn player(
    State(state): State<AppState>,
    Visitor(user): Visitor,
    Named(id): Named<EnrollmentId>,
    Asked(wish): Asked<Wish>,
) -> Page {
    let (enrollment, course, attempt) = enter(&state, &user, id, &wish).await?;
    let embedded = wish.assignment.is_some() || course.launch_kind == LaunchKind::WebEmbed;
    let (play, frames) = if embedded {
        let embed = embed(&state, &course, wish.assignment).await?;
        let frames = embed.origin.clone();
        (Play::Embed(embed), Some(frames))
    } else if course.launch_kind == LaunchKind::Scorm {
        let package = package::ensure(&state, &course).await?;
        let frames = state.scorm.frame_origin(&package);
        let scorm = scorm(
            &state,
            &user,
            &package,
            attempt.as_ref(),
            &enrollment,
            &wish,
        )
        .await?;
        (Play::Scorm(scorm), frames)
    } else {
        return Err(AppError::conflict(
            "nothing_to_launch",
            "This course has lessons to read, and nothing to launch.",
        )
        .into());
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

/// The learner's own enrolment, its course, and the attempt that is gone on with or looked back at.
async fn enter(
    state: &AppState,
    user: &CurrentUser,
    id: EnrollmentId,
    wish: &Wish,
) -> Result<(Enrollment, Course, Option<Attempt>), Failure> {
    let mut tx = state.store.read(&user.actor()).await?;
    let enrollment = tx.enrollments().get(id).await?;
    if enrollment.user != user.id {
        return Err(AppError::not_found("enrolment").into());
    }
    if enrollment.status != EnrollmentStatus::Active {
        return Err(AppError::forbidden(
            "enrollment_suspended",
            "Your place in this course is suspended. Ask the teacher.",
        )
        .into());
    }
    let course = tx.courses().get(enrollment.course).await?;
    let attempt = if wish.mode == ModeName::Review {
        let recent = tx.attempts().of_enrollment(id, &Part::first(50)).await?;
        let fits = |attempt: &Attempt| {
            attempt.mode == LaunchMode::Normal
                && attempt.assignment == wish.assignment
                && attempt.status.is_closed()
        };
        recent.items.into_iter().find(fits)
    } else {
        tx.attempts().find_open(id, wish.assignment).await?
    };
    Ok((enrollment, course, attempt))
}

/// The provider is named to the learner's browser, though learners may not read the list of providers.
async fn embed(
    state: &AppState,
    course: &Course,
    assignment: Option<AssignmentId>,
) -> Result<Embed, Failure> {
    let mut tx = state.store.read(&Actor::Service).await?;
    let destination = Destination::of(state, tx.as_mut(), course, assignment)
        .await
        .map_err(AppError::from)?;
    Ok(Embed {
        url: destination.url,
        origin: destination.provider.origin,
        assignment: assignment.map(|id| id.to_string()),
    })
}

async fn scorm(
    state: &AppState,
    user: &CurrentUser,
    package: &ScormPackage,
    attempt: Option<&Attempt>,
    enrollment: &Enrollment,
    wish: &Wish,
) -> Result<Scorm, Failure> {
    let tracks = match attempt {
        Some(attempt) => {
            let mut tx = state.store.read(&user.actor()).await?;
            tx.scorm().tracks(attempt.id, None).await?
        }
        None => Vec::new(),
    };
    let tree = &package.tree;
    let here = match &wish.sco {
        Some(sco) => Some(offered_activity(
            state,
            enrollment.id,
            package,
            &tracks,
            sco,
            wish.way.as_deref(),
        )?),
        None => navigation::next_activity(tree, &tracks),
    };
    let page = |sco: &str| {
        let way = state.scorm.way(enrollment.id, sco);
        player_path(enrollment.id, wish.mode, Target::Sco { sco, way: &way })
    };
    let offered = |row: Option<&ScoRow>| row.map(|row| page(&row.identifier));
    let contents = grading::standings(tree, &tracks)
        .into_iter()
        .filter(|(row, _)| navigation::visible(row))
        .map(|(row, standing)| {
            let current = here.is_some_and(|here| here.sortorder == row.sortorder);
            let open = current || here.is_none_or(|here| navigation::may_choose(tree, here, row));
            Content {
                title: row.title.clone(),
                href: open.then(|| page(&row.identifier)),
                current,
                state: match (standing.verdict, standing.over, standing.begun) {
                    (Some(grading::Verdict::Passed), true, _) => "passed",
                    (Some(grading::Verdict::Failed), true, _) => "failed",
                    (None, true, _) => "completed",
                    (_, false, true) => "begun",
                    (_, false, false) => "",
                },
            }
        })
        .collect();
    Ok(Scorm {
        sco: wish.sco.clone(),
        way: wish.way.clone(),
        contents,
        previous: offered(here.and_then(|here| navigation::previous_button(tree, here))),
        next: offered(here.and_then(|here| navigation::next_button(tree, here))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sco_keeps_its_name_in_an_address() {
        let one = EnrollmentId::from_bits(1);
        let target = Target::Sco {
            sco: "a b&c=ä",
            way: "0f",
        };
        assert_eq!(
            player_path(one, ModeName::Review, target),
            "/learn/00000000000000000000000000000001?mode=review&sco=a+b%26c%3D%C3%A4&way=0f"
        );
        let work = Target::Assignment(AssignmentId::from_bits(2));
        assert_eq!(
            player_path(one, ModeName::Normal, work),
            "/learn/00000000000000000000000000000001?assignment=00000000000000000000000000000002"
        );
    }
}
