//! Beginning a SCO anew whose stored state cannot be read any more, because the learner said so.
//!
//! Scores, statuses and times stay. What cannot be read goes to the history as it was stored, and with it goes what only
//! makes sense together with it: where the learner was, and that they would come back. Never done unasked: the SCO would
//! begin from the start and write over what an operator could still bring back with the right key.

use scormbridge_lms::classroom::ports::Tx;
use scormbridge_lms::classroom::{Attempt, CourseEvent, EventId, ScormLaunch, ScormTrack};

use super::history::{self, Kept, SetAside};
use super::tracks::Opened;
use crate::error::AppError;
use crate::state::AppState;

/// The refusal of a launch whose state cannot be read.
pub(super) fn unasked() -> AppError {
    AppError::conflict(
        "state_unreadable",
        "What was saved of this part cannot be read any more. Ask for help, or begin this part anew: scores and \
         results stay, answers and the place where you were do not.",
    )
}

/// What is begun anew.
pub(super) struct About<'a> {
    pub(super) attempt: &'a Attempt,
    pub(super) launch: &'a ScormLaunch,
    /// Id of the request, for the course's log.
    pub(super) request: &'a str,
}

/// Empties what cannot be read, and what goes with it.
///
/// # Errors
/// If the store fails; nothing may be kept then.
pub(super) async fn perform(
    state: &AppState,
    tx: &mut dyn Tx,
    about: &About<'_>,
    known: &mut Opened,
) -> Result<(), AppError> {
    let About {
        attempt, launch, ..
    } = about;
    let now = launch.updated_at;
    let cleared = known.cleared();
    let kept = Kept {
        set_aside: known.unreadable.iter().map(SetAside::from).collect(),
        cleared: cleared.clone(),
        ..Kept::default()
    };
    let pieces =
        history::pieces(&state.vault, launch.id, 0, &kept, now).map_err(AppError::internal)?;
    for piece in &pieces {
        tx.scorm().append_history(piece).await?;
    }
    known.stored.retain(|(name, _)| !cleared.contains(name));
    let payload = serde_json::json!({"sco": launch.sco, "unreadable": known.unreadable.len()});
    let emptied = |element| ScormTrack {
        sco: launch.sco.clone(),
        element,
        value: String::new(),
    };
    let emptied: Vec<ScormTrack> = cleared.into_iter().map(emptied).collect();
    tx.scorm().save_tracks(attempt.id, &emptied, now).await?;
    tx.events()
        .append(&CourseEvent {
            id: EventId::random(state.entropy.as_ref()),
            course: attempt.course,
            attempt: Some(attempt.id),
            kind: "course.sco.restarted".to_owned(),
            payload: payload.to_string(),
            at: now,
            request_id: about.request.to_owned(),
        })
        .await?;
    Ok(())
}
