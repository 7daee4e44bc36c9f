//! Beginning a launch: which attempt, which SCO, and what the SCO reads first.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use scormbridge_core::cmi::{self, LaunchContext, Learner, SeqObjective, Session, Settings};
use scormbridge_core::manifest::Version;
use scormbridge_core::modscorm::{ScoRow, ScoTree};
use scormbridge_lms::classroom::ports::{Page, Tx};
use scormbridge_lms::classroom::{
    Actor, Attempt, AttemptId, AttemptStatus, Enrollment, EnrollmentId, EnrollmentStatus,
    LaunchMode, ScormLaunch, ScormLaunchId, ScormPackage, ScormTrack, Timestamp, grading,
    navigation,
};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use super::restart::{self, About};
use super::stage::{Beacon, Facts, Keeping, SignInAgain, Stage, Way, Ways};
use super::{Bridge, package, tracks};
use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, RequestId};
use crate::launch::start::ModeName;
use crate::pages::player::{Target, player_path};
use crate::state::AppState;

/// How many earlier launches a page is told of; what a browser kept longer than that is no news to it.
const EARLIER: u32 = 100;

/// What to launch.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ScormLaunchRequest)]
pub struct LaunchRequest {
    /// Identifier of a SCO or asset; absent for the first that is not over.
    #[garde(inner(length(min = 1, max = 1_000)))]
    #[schema(min_length = 1, max_length = 1000)]
    sco: Option<String>,
    /// With a SCO that the package does not let learners choose: what the address had that this site offered.
    #[garde(inner(length(min = 1, max = 32)))]
    #[schema(min_length = 1, max_length = 32)]
    way: Option<String>,
    /// How.
    #[garde(skip)]
    mode: ModeName,
    /// After `state_unreadable`: the learner wants to begin this SCO anew. Nothing happens where its state can be read.
    #[garde(skip)]
    restart: bool,
}

/// Launch a SCO. The answer is what the controller (`/assets/controller.js`) takes.
#[utoipa::path(
    post, path = "/api/enrollments/{enrollment}/scorm-launches", tag = "scorm", request_body = LaunchRequest,
    params(("enrollment" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Launched", body = Stage),
        (status = 401, description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`enrollment_suspended`, `sco_not_offered`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: enrolment, SCO, or attempt to look back at", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`not_scorm`; `state_unreadable`: ask the learner, and send `restart`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The package cannot be played; `code` says why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    request_id: axum::Extension<RequestId>,
    ApiPath(id): ApiPath<EnrollmentId>,
    ApiJson(request): ApiJson<LaunchRequest>,
) -> Result<(StatusCode, Json<Stage>), AppError> {
    let (enrollment, course) = {
        let mut tx = state.store.read(&user.actor()).await?;
        let enrollment = tx.enrollments().get(id).await?;
        let course = tx.courses().get(enrollment.course).await?;
        (enrollment, course)
    };
    if enrollment.user != user.id {
        return Err(AppError::not_found("enrolment"));
    }
    if enrollment.status != EnrollmentStatus::Active {
        return Err(AppError::forbidden(
            "enrollment_suspended",
            "This enrolment is suspended. Ask the teacher.",
        ));
    }
    let package = package::ensure(&state, &course).await?;
    let now = state.clock.now();
    let mode = LaunchMode::from(request.mode);
    let mut tx = state.store.begin(&Actor::Service).await?;
    let mut attempt = attempt(&state, tx.as_mut(), &enrollment, mode).await?;
    let counts = mode == LaunchMode::Normal;
    if counts {
        // No commit comes in between: what the seed says of earlier launches is what it knows.
        attempt = tx.attempts().lock(attempt.id).await?;
    }
    let stored = tx.scorm().tracks(attempt.id, None).await?;
    let row = match &request.sco {
        Some(sco) => {
            let way = request.way.as_deref();
            offered_activity(&state, enrollment.id, &package, &stored, sco, way)?
        }
        None => navigation::next_activity(&package.tree, &stored)
            .ok_or_else(|| AppError::not_found("SCO"))?,
    };
    let own = stored
        .iter()
        .filter(|track| track.sco == row.identifier)
        .cloned()
        .collect();
    let mut known = tracks::opened(&state.vault, attempt.id, own);
    let anew = counts && !known.unreadable.is_empty();
    if anew && !request.restart {
        return Err(restart::unasked());
    }
    let earlier = if counts {
        tx.scorm()
            .launches(attempt.id, &row.identifier, EARLIER)
            .await?
    } else {
        Vec::new()
    };
    // Newer than those that were there before it, whatever the clocks of two servers say.
    let begins = earlier
        .first()
        .map_or(now, |last| now.max(last.created_at.plus_ms(1)));
    let launch = ScormLaunch {
        id: ScormLaunchId::random(state.entropy.as_ref()),
        attempt: attempt.id,
        sco: row.identifier.clone(),
        mode,
        session: Session::default(),
        created_at: begins,
        updated_at: now,
    };
    tx.scorm().insert_launch(&launch).await?;
    if anew {
        let about = About {
            attempt: &attempt,
            launch: &launch,
            request: request_id.as_str(),
        };
        restart::perform(&state, tx.as_mut(), &about, &mut known).await?;
    }
    if counts {
        attempt.touch(now);
        tx.attempts().update(&attempt).await?;
    }
    tx.commit().await?;

    let context = context(&package.tree, row, mode, &user);
    let seed = cmi::seed(&context, &known.stored).map_err(AppError::internal)?;
    for skipped in &seed.skipped {
        tracing::warn!(launch = %launch.id, element = skipped.element, reason = skipped.reason, "a stored value was left out");
    }
    let delivery = state
        .scorm
        .deliver(&package, now)
        .map_err(AppError::internal)?;
    let navigation = ways(&state.scorm, &package.tree, row, &enrollment, request.mode);
    let keeping = counts
        .then(|| keeping(&state, launch.id, now))
        .transpose()?;
    let known = |one: ScormLaunch| (one.id.to_string(), one.session.last_seq);
    let facts = Facts {
        origin: state.scorm.origin(),
        launch: launch.id.to_string(),
        row,
        delivery: &delivery,
        seed,
        earlier: earlier.into_iter().map(known).collect(),
        navigation,
        owner: state.scorm.derived.of(user.id),
        keeping,
    };
    let stage = Stage::new(facts).ok_or_else(|| {
        AppError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "launch_url",
            "The address of this SCO is no web address.",
        )
    })?;
    Ok((StatusCode::CREATED, Json(stage)))
}

/// What lets the entries of a launch outlive its page and its session.
fn keeping(state: &AppState, launch: ScormLaunchId, now: Timestamp) -> Result<Keeping, AppError> {
    let bridge = &state.scorm;
    let ticket = bridge
        .beacon_ticket(launch, now)
        .map_err(AppError::internal)?;
    Ok(Keeping {
        beacon: Beacon::new(bridge.origin(), ticket),
        signin: SignInAgain::new(bridge.origin()),
    })
}

/// The attempt that a launch belongs to.
async fn attempt(
    state: &AppState,
    tx: &mut dyn Tx,
    enrollment: &Enrollment,
    mode: LaunchMode,
) -> Result<Attempt, AppError> {
    let found = match mode {
        LaunchMode::Normal => tx.attempts().find_open(enrollment.id, None).await?,
        LaunchMode::Browse => None,
        LaunchMode::Review => {
            let all = tx
                .attempts()
                .of_enrollment(enrollment.id, &Page::first(50))
                .await?
                .items;
            let over = all.into_iter().find(|one| {
                one.mode == LaunchMode::Normal && one.assignment.is_none() && one.status.is_closed()
            });
            return over.ok_or_else(|| AppError::not_found("attempt that is over"));
        }
    };
    if let Some(attempt) = found {
        return Ok(attempt);
    }
    let now = state.clock.now();
    let attempt = Attempt {
        id: AttemptId::random(state.entropy.as_ref()),
        enrollment: enrollment.id,
        course: enrollment.course,
        user: enrollment.user,
        provider: None,
        assignment: None,
        mode,
        status: AttemptStatus::Started,
        progress: 0,
        score: None,
        started_at: now,
        completed_at: None,
        last_activity_at: now,
    };
    tx.attempts().insert(&attempt).await?;
    Ok(attempt)
}

/// The code of a refusal of an activity that a learner named by hand.
pub(crate) const NOT_OFFERED: &str = "sco_not_offered";

/// The activity that a learner names: one that the package lets them choose, or that this site has offered (`way`).
///
/// # Errors
/// 404 if the package has none of this identifier, 403 `sco_not_offered`.
pub(crate) fn offered_activity<'a>(
    state: &AppState,
    enrollment: EnrollmentId,
    package: &'a ScormPackage,
    tracks: &[ScormTrack],
    sco: &str,
    way: Option<&str>,
) -> Result<&'a ScoRow, AppError> {
    let row = activity(&package.tree, sco).ok_or_else(|| AppError::not_found("SCO"))?;
    let offered = way.is_some_and(|way| {
        let proof = state.scorm.way(enrollment, sco);
        bool::from(proof.as_bytes().ct_eq(way.as_bytes()))
    });
    if offered || navigation::may_open(&package.tree, tracks, row) {
        return Ok(row);
    }
    Err(AppError::forbidden(
        NOT_OFFERED,
        "The package says in which order its parts come. Open the course and go on from there.",
    ))
}

/// The activity of this identifier.
pub(super) fn activity<'a>(tree: &'a ScoTree, sco: &str) -> Option<&'a ScoRow> {
    grading::activities(tree).find(|row| row.identifier == sco)
}

/// What the data model is told about a launch.
pub(super) fn context(
    tree: &ScoTree,
    row: &ScoRow,
    mode: LaunchMode,
    user: &CurrentUser,
) -> LaunchContext {
    let objective = |objective: &scormbridge_core::modscorm::ObjectiveRow| SeqObjective {
        objectiveid: objective.objectiveid.clone(),
        primaryobj: objective.primaryobj != 0,
        satisfiedbymeasure: objective.satisfiedbymeasure != 0,
        minnormalizedmeasure: objective.minnormalizedmeasure.to_string(),
    };
    LaunchContext {
        version: if tree.version == "SCORM_1.2" {
            Version::V12
        } else {
            Version::V2004
        },
        learner: Learner {
            id: user.id.to_string(),
            name: user.display_name.clone(),
        },
        mode,
        sco: row.data.iter().cloned().collect(),
        objectives: row.objectives.iter().map(objective).collect(),
        settings: Settings::default(),
        limits: Default::default(),
    }
}

/// Where the SCO may ask to go. A jump (SB.2.13) asks no control mode.
fn ways(
    bridge: &Bridge,
    tree: &ScoTree,
    row: &ScoRow,
    enrollment: &Enrollment,
    mode: ModeName,
) -> Ways {
    let origin = bridge.origin();
    let page = |row: &ScoRow| {
        let sco = row.identifier.as_str();
        let way = bridge.way(enrollment.id, sco);
        let path = player_path(enrollment.id, mode, Target::Sco { sco, way: &way });
        format!("{origin}{path}")
    };
    let targets = grading::activities(tree).map(|to| Way {
        sco: to.identifier.clone(),
        url: page(to),
        choice: navigation::may_choose(tree, row, to),
    });
    Ways {
        next: navigation::next(tree, row).map(page).unwrap_or_default(),
        previous: navigation::previous(tree, row)
            .map(page)
            .unwrap_or_default(),
        exit: format!("{origin}/courses/{}", enrollment.course),
        targets: targets.collect(),
    }
}
