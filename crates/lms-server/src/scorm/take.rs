//! What a batch of a launch's journal becomes: checked, replayed on what is stored, stored, put together for the attempt.
//!
//! One unit of work for each batch, under the lock of the attempt, so that two tabs, a retry and a late beacon never mix
//! and nothing is half written. Whoever brings the batch has been asked for a proof before.

use scormbridge_core::cmi::{self, CmiError, Refusal, Replay, Status};
use scormbridge_core::journal::Entry;
use scormbridge_lms::classroom::ports::Tx;
use scormbridge_lms::classroom::{
    Actor, Attempt, AttemptError, AttemptStatus, CourseEvent, EnrollmentStatus, EventId,
    LaunchMode, ScormLaunch, ScormLaunchId, ScormPackage, ScormTrack, Timestamp, grading,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::history::{self, Kept, SetAside};
use super::{launch, tracks};
use crate::auth::CurrentUser;
use crate::error::AppError;
use crate::state::AppState;

/// What the server made of a batch (`docs/protocol.md`, "Commit").
#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledgement {
    /// The server has every entry up to here.
    ack: u64,
    /// How far the launch has come.
    status: CommitStatus,
    /// Entries that will never be stored, each with a SCORM error code.
    #[schema(value_type = Vec<Object>)]
    refused: Vec<Refusal>,
    /// Where the SCO wants to go; empty if nowhere.
    navigation: String,
}

/// How far a launch has come.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum CommitStatus {
    /// The SCO has not begun.
    Ready,
    /// It has.
    Running,
    /// It has ended.
    Terminated,
    /// A newer launch of the same SCO in the same attempt has begun to report.
    Superseded,
}

impl From<Status> for CommitStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Ready => Self::Ready,
            Status::Running => Self::Running,
            Status::Terminated => Self::Terminated,
        }
    }
}

/// Takes a batch as that of this learner. `request` is the id of the request, for the course's log.
///
/// # Errors
/// 404 for a launch of somebody else, 403 `enrollment_suspended`, 409 `attempt_closed`, `journal_gap`, `sco_gone`.
/// Nothing of the batch is stored then.
pub(super) async fn take(
    state: &AppState,
    user: &CurrentUser,
    id: ScormLaunchId,
    entries: &[Entry],
    request: &str,
) -> Result<Acknowledgement, AppError> {
    let now = state.clock.now();
    // As the server: people read attempts, only the server writes them. Whose launch it is, is asked here.
    let mut tx = state.store.begin(&Actor::Service).await?;
    let mut launch = tx.scorm().lock_launch(id).await?;
    let mut attempt = tx.attempts().lock(launch.attempt).await?;
    if attempt.user != user.id {
        return Err(AppError::not_found("launch"));
    }
    let package = playable(tx.as_mut(), &attempt).await?;
    // What is only looked at competes with nobody, and leaves no history.
    let counts = launch.mode == LaunchMode::Normal;
    let newer = if counts {
        tx.scorm().newer_history(&launch).await?
    } else {
        Vec::new()
    };
    let overtaken = !newer.is_empty();
    let stored = tx.scorm().tracks(attempt.id, Some(&launch.sco)).await?;
    let opened = tracks::opened(&state.vault, attempt.id, stored);
    let replay = {
        let row = launch::activity(&package.tree, &launch.sco).ok_or_else(|| {
            AppError::conflict(
                "sco_gone",
                "The package no longer has this SCO. Open the course again.",
            )
        })?;
        let stored = &opened.stored;
        let context = launch::context(&package.tree, row, launch.mode, user);
        let session = &launch.session;
        if overtaken {
            let written = history::written(&state.vault, &newer);
            cmi::replay_late(&context, stored, session, entries, &written)
        } else {
            cmi::replay(&context, stored, session, entries)
        }
        .map_err(refused)?
    };
    let answer = Acknowledgement {
        ack: replay.session.last_seq,
        status: if overtaken {
            CommitStatus::Superseded
        } else {
            replay.session.status.into()
        },
        refused: replay.refused.clone(),
        navigation: replay.navigation.clone(),
    };
    let known = launch.session.last_seq;
    let news: Vec<&Entry> = entries.iter().filter(|entry| entry.seq > known).collect();
    let Some(first) = news.first() else {
        return Ok(answer);
    };
    if counts {
        let replaced =
            |track: &&ScormTrack| replay.rows.iter().any(|row| row.element == track.element);
        let kept = Kept {
            set_aside: opened
                .unreadable
                .iter()
                .filter(replaced)
                .map(SetAside::from)
                .collect(),
            ..kept(&news, &replay.refused, overtaken)
        };
        let pieces = history::pieces(&state.vault, launch.id, first.seq, &kept, now)
            .map_err(AppError::internal)?;
        for piece in &pieces {
            tx.scorm().append_history(piece).await?;
        }
    }
    write(state, tx.as_mut(), &mut launch, replay, now).await?;
    if counts {
        let facts = Standing {
            package: &package,
            launch: &launch,
            request,
            now,
        };
        settle(state, tx.as_mut(), &mut attempt, &facts).await?;
    }
    tx.commit().await?;
    Ok(answer)
}

/// The package of an attempt that still takes something.
async fn playable(tx: &mut dyn Tx, attempt: &Attempt) -> Result<ScormPackage, AppError> {
    let enrollment = tx.enrollments().get(attempt.enrollment).await?;
    if enrollment.status != EnrollmentStatus::Active {
        return Err(AppError::forbidden(
            "enrollment_suspended",
            "This enrolment is suspended. Ask the teacher.",
        ));
    }
    // Given up since: the course launches another package, and what this one says has no place there.
    if attempt.status == AttemptStatus::Abandoned {
        let closed = AttemptError::Closed(attempt.status);
        return Err(AppError::conflict(closed.reason(), closed.to_string()));
    }
    tx.scorm()
        .find_package(attempt.course)
        .await?
        .ok_or_else(|| AppError::not_found("package"))
}

/// What the history keeps of a commit. Beside a newer launch an entry may not fit that was promised to a SCO which knew
/// of none; otherwise a refused one was never right.
fn kept(news: &[&Entry], refused: &[Refusal], overtaken: bool) -> Kept {
    let (refused, entries) = news
        .iter()
        .map(|entry| (*entry).clone())
        .partition(|entry| refused.iter().any(|refusal| refusal.seq == entry.seq));
    Kept {
        entries,
        refused: if overtaken { refused } else { Vec::new() },
        ..Kept::default()
    }
}

async fn write(
    state: &AppState,
    tx: &mut dyn Tx,
    launch: &mut ScormLaunch,
    replay: Replay,
    now: Timestamp,
) -> Result<(), AppError> {
    let rows = tracks::closed(&state.vault, launch.attempt, &launch.sco, replay.rows)
        .map_err(AppError::internal)?;
    tx.scorm().save_tracks(launch.attempt, &rows, now).await?;
    launch.session = replay.session;
    launch.updated_at = now;
    tx.scorm().update_launch(launch).await?;
    Ok(())
}

struct Standing<'a> {
    package: &'a ScormPackage,
    launch: &'a ScormLaunch,
    request: &'a str,
    now: Timestamp,
}

/// Puts the SCOs together for the attempt, and notes in the course's log that it came to its end.
async fn settle(
    state: &AppState,
    tx: &mut dyn Tx,
    attempt: &mut Attempt,
    facts: &Standing<'_>,
) -> Result<(), AppError> {
    let before = attempt.status;
    let all = tx.scorm().tracks(attempt.id, None).await?;
    let seen = grading::observe(&facts.package.tree, &all);
    attempt
        .observe(&seen, facts.now)
        .map_err(|error| AppError::conflict(error.reason(), error.to_string()))?;
    tx.attempts().update(attempt).await?;
    if attempt.status != before {
        let payload = serde_json::json!({
            "status": attempt.status.name(), "progress": attempt.progress, "sco": facts.launch.sco,
        });
        tx.events()
            .append(&CourseEvent {
                id: EventId::random(state.entropy.as_ref()),
                course: attempt.course,
                attempt: Some(attempt.id),
                kind: "course.attempt.completed".to_owned(),
                payload: payload.to_string(),
                at: facts.now,
                request_id: facts.request.to_owned(),
            })
            .await?;
    }
    Ok(())
}

fn refused(error: CmiError) -> AppError {
    match error {
        CmiError::JournalGap { .. } => AppError::conflict(error.reason(), error.to_string()),
        other => AppError::internal(other),
    }
}
