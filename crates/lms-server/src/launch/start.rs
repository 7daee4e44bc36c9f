//! `POST /api/enrollments/{enrollment}/launch-token`: opens an attempt, or goes on with one, and signs a token for it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use garde::Validate;
use scormbridge_lms::classroom::ports::{Page, StoreError, Tx};
use scormbridge_lms::classroom::{
    Actor, Alias, AssignmentId, Attempt, AttemptId, AttemptStatus, CourseEvent, CourseId,
    Enrollment, EnrollmentId, EnrollmentStatus, EventId, LaunchId, LaunchMode, LaunchToken,
    Provider, Scope, Timestamp, VersionId,
};
use scormbridge_lms::token::{Claims, TokenType};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::destination::{Destination, Refused};
use super::signing_random;
use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, RequestId};
use crate::state::AppState;

/// How many of an enrolment's attempts are looked through for one to preview or review.
const RECENT: u32 = 50;

/// How a course is played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModeName {
    /// For credit.
    #[default]
    Normal,
    /// To look around; nothing is kept.
    Browse,
    /// To look back at a finished attempt; nothing is kept.
    Review,
}

impl From<ModeName> for LaunchMode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Normal => Self::Normal,
            ModeName::Browse => Self::Browse,
            ModeName::Review => Self::Review,
        }
    }
}

impl From<LaunchMode> for ModeName {
    fn from(mode: LaunchMode) -> Self {
        match mode {
            LaunchMode::Normal => Self::Normal,
            LaunchMode::Browse => Self::Browse,
            LaunchMode::Review => Self::Review,
        }
    }
}

/// What to launch the course for.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchRequest {
    /// `normal` if left out.
    #[serde(default)]
    #[garde(skip)]
    mode: ModeName,
    /// An assignment of the course, 32 hexadecimal digits: its target is launched. Absent: what the course itself
    /// launches.
    #[serde(default)]
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    assignment_id: Option<AssignmentId>,
}

/// What the page around the course needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Launch {
    /// The launch token, for the frame of `origin` alone.
    token: String,
    /// How long it is valid, in seconds.
    expires_in: u32,
    /// The course's page.
    launch_url: String,
    /// Its origin: the only one that the token may be posted to.
    origin: String,
    /// The attempt, new or gone on with.
    #[schema(value_type = String)]
    attempt: AttemptId,
    /// How it is played.
    mode: ModeName,
    /// What the runtime may do.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
}

/// Launch an interactive course: a token that counts once, within minutes, for the provider's origin.
#[utoipa::path(
    post, path = "/api/enrollments/{enrollment}/launch-token", tag = "launch", request_body = LaunchRequest,
    params(("enrollment" = String, Path, description = "The enrolment, 32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "A launch token", body = Launch),
        (status = 401, description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`not_your_enrollment`, `enrollment_suspended`, `provider_disabled`, \
            `runtime_disabled`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`not_interactive`, `launch_elsewhere`, `nothing_to_review`, \
            `version_not_approved`", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn launch_token(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<EnrollmentId>,
    Extension(request_id): Extension<RequestId>,
    ApiJson(request): ApiJson<LaunchRequest>,
) -> Result<(StatusCode, Json<Launch>), AppError> {
    if !state.config.runtime.enabled {
        return Err(AppError::forbidden(
            "runtime_disabled",
            "Interactive courses are switched off on this site.",
        ));
    }
    let enrollment = {
        let mut tx = state.store.read(&user.actor()).await?;
        tx.enrollments().get(id).await?
    };
    if enrollment.user != user.id {
        return Err(AppError::forbidden(
            "not_your_enrollment",
            "Only the learner launches a course.",
        ));
    }
    if enrollment.status != EnrollmentStatus::Active {
        return Err(AppError::forbidden(
            "enrollment_suspended",
            "This enrolment is suspended. Ask the teacher.",
        ));
    }
    let launch = match attempt_launch(&state, &enrollment, &request, request_id.as_str()).await {
        // Two tabs opened the course at once, and the other one made the attempt: go on with that one.
        Err(Refused::Store(StoreError::Conflict)) => {
            attempt_launch(&state, &enrollment, &request, request_id.as_str()).await
        }
        first => first,
    }?;
    Ok((StatusCode::CREATED, Json(launch)))
}

async fn attempt_launch(
    state: &AppState,
    enrollment: &Enrollment,
    request: &LaunchRequest,
    request_id: &str,
) -> Result<Launch, Refused> {
    let now = state.clock.now();
    let mode = LaunchMode::from(request.mode);
    let mut tx = state.store.begin(&Actor::Service).await?;
    let course = tx.courses().get(enrollment.course).await?;
    let Destination {
        provider,
        url: launch_url,
        scopes,
        version,
    } = Destination::of(state, tx.as_mut(), &course, request.assignment_id).await?;
    let proposed = Alias::propose(provider.id, enrollment.user, &*state.entropy, now);
    let alias = tx.aliases().ensure(&proposed).await?.alias;
    let attempt = open(state, tx.as_mut(), enrollment, &provider, request, now).await?;

    let seconds = i64::from(state.config.runtime.token_seconds);
    let token = LaunchToken {
        nonce: LaunchId::random(&*state.entropy),
        attempt,
        audience: provider.origin.clone(),
        scopes: scopes.clone(),
        mode,
        issued_at: now,
        expires_at: now.plus_ms(seconds * 1000),
        used_at: None,
    };
    tx.launches().insert(&token).await?;
    tx.events()
        .append(&launched(state, course.id, &token, version, request_id))
        .await?;
    let issued = now.0.div_euclid(1000);
    let claims = Claims {
        iss: state.config.http.public_origin.clone(),
        aud: provider.origin.clone(),
        sub: alias,
        nonce: token.nonce,
        iat: issued,
        exp: issued + seconds,
        attempt,
        course: course.id,
        provider: provider.id,
        scopes: scopes.clone(),
        mode,
    };
    let signed = state
        .tokens
        .issue(TokenType::Launch, &claims, &signing_random())
        .map_err(AppError::internal)?;
    tx.commit().await?;
    Ok(Launch {
        token: signed,
        expires_in: state.config.runtime.token_seconds,
        launch_url,
        origin: provider.origin,
        attempt,
        mode: mode.into(),
        scopes: scopes.iter().collect(),
    })
}

/// The attempt that a launch in this mode is about.
async fn open(
    state: &AppState,
    tx: &mut dyn Tx,
    enrollment: &Enrollment,
    provider: &Provider,
    request: &LaunchRequest,
    now: Timestamp,
) -> Result<AttemptId, Refused> {
    let mode = LaunchMode::from(request.mode);
    let assignment = request.assignment_id;
    let found = match mode {
        LaunchMode::Normal => tx.attempts().find_open(enrollment.id, assignment).await?,
        LaunchMode::Browse | LaunchMode::Review => {
            let recent = tx
                .attempts()
                .of_enrollment(enrollment.id, &Page::first(RECENT))
                .await?
                .items;
            let fits = |attempt: &Attempt| {
                attempt.assignment == assignment
                    && match mode {
                        LaunchMode::Review => {
                            attempt.mode == LaunchMode::Normal && attempt.status.is_closed()
                        }
                        _ => attempt.mode == LaunchMode::Browse,
                    }
            };
            recent.into_iter().find(fits)
        }
    };
    if let Some(attempt) = found {
        return Ok(attempt.id);
    }
    if mode == LaunchMode::Review {
        let detail = "There is no finished attempt to look back at.";
        return Err(AppError::conflict("nothing_to_review", detail).into());
    }
    let attempt = Attempt {
        id: AttemptId::random(&*state.entropy),
        enrollment: enrollment.id,
        course: enrollment.course,
        user: enrollment.user,
        provider: Some(provider.id),
        assignment,
        mode,
        status: AttemptStatus::Started,
        progress: 0,
        score: None,
        started_at: now,
        completed_at: None,
        last_activity_at: now,
    };
    tx.attempts().insert(&attempt).await?;
    Ok(attempt.id)
}

fn launched(
    state: &AppState,
    course: CourseId,
    token: &LaunchToken,
    version: Option<VersionId>,
    request_id: &str,
) -> CourseEvent {
    let mut payload = serde_json::json!({ "mode": token.mode, "nonce": token.nonce });
    if let (Some(version), Some(members)) = (version, payload.as_object_mut()) {
        members.insert("version".to_owned(), version.to_string().into());
    }
    CourseEvent {
        id: EventId::random(&*state.entropy),
        course,
        attempt: Some(token.attempt),
        kind: "course.launched".to_owned(),
        payload: payload.to_string(),
        at: token.issued_at,
        request_id: request_id.to_owned(),
    }
}
