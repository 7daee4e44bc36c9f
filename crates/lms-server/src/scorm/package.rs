//! The package behind a course: looked at by the gateway, kept by the store.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use scormbridge_gateway::{DeliveryMode, GatewayError, ProbeOptions};
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::{Actor, Course, CourseId, LaunchKind, ScormPackage, grading};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::classroom::ground;
use crate::error::{AppError, Problem};
use crate::http::ApiPath;
use crate::state::AppState;

/// A package, as people see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Package {
    /// Where the manifest is, after redirects.
    manifest_url: String,
    /// `SCORM_1.2` or `SCORM_1.3`, which is SCORM 2004.
    version: String,
    /// How it reaches learners: `direct`, `host` or `sandbox`.
    delivery: String,
    /// What can be launched.
    activities: Vec<Activity>,
    /// When it was looked at, in milliseconds since the Unix epoch.
    checked_at: i64,
}

/// A SCO or asset of a package.
#[derive(Debug, Serialize, ToSchema)]
pub struct Activity {
    /// Its identifier in the manifest.
    sco: String,
    /// Its title.
    title: String,
}

impl Package {
    fn of(package: ScormPackage) -> Self {
        let activity = |row: &scormbridge_core::modscorm::ScoRow| Activity {
            sco: row.identifier.clone(),
            title: row.title.clone(),
        };
        Self {
            activities: grading::activities(&package.tree).map(activity).collect(),
            version: package.tree.version,
            manifest_url: package.manifest_url,
            delivery: package.delivery,
            checked_at: package.checked_at.0,
        }
    }
}

/// What the last look at a course's package found.
#[utoipa::path(
    get, path = "/api/courses/{course}/scorm-package", tag = "scorm",
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "The package", body = Package),
        (status = 401, description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<CourseId>,
) -> Result<Json<Package>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.scorm().find_package(id).await?;
    found
        .map(|package| Json(Package::of(package)))
        .ok_or_else(|| AppError::not_found("package"))
}

/// Look at a course's package now; for its teacher. Learners launch what was found until the next look.
#[utoipa::path(
    put, path = "/api/courses/{course}/scorm-package", tag = "scorm",
    params(("course" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "The package can be played", body = Package),
        (status = 401, description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`denied`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`not_scorm`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The package cannot be played; `code` says why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn check(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<CourseId>,
) -> Result<Json<Package>, AppError> {
    let actor = user.actor();
    let course = {
        let mut tx = state.store.read(&actor).await?;
        // Asked before the gateway goes out, so that nobody else can send it anywhere.
        let (table, update) = (Table::ScormPackages, Operation::Update);
        ground::course(tx.as_mut(), &user, id, table, update).await?
    };
    let package = look(&state, &course).await?;
    save(&state, &actor, &package).await?;
    Ok(Json(Package::of(package)))
}

/// The package of a course that a learner launches. One that nobody has looked at yet is looked at now.
///
/// # Errors
/// 409 `not_scorm`; 422 if the package cannot be played.
pub(crate) async fn ensure(state: &AppState, course: &Course) -> Result<ScormPackage, AppError> {
    let found = {
        let mut tx = state.store.read(&Actor::Service).await?;
        tx.scorm().find_package(course.id).await?
    };
    if let Some(package) = found {
        return Ok(package);
    }
    let package = look(state, course).await?;
    save(state, &Actor::Service, &package).await?;
    Ok(package)
}

async fn save(state: &AppState, actor: &Actor, package: &ScormPackage) -> Result<(), AppError> {
    let mut tx = state.store.begin(actor).await?;
    tx.scorm().save_package(package).await?;
    tx.commit().await?;
    Ok(())
}

async fn look(state: &AppState, course: &Course) -> Result<ScormPackage, AppError> {
    let url = match (course.launch_kind, &course.launch_url) {
        (LaunchKind::Scorm, Some(url)) => url,
        _ => {
            return Err(AppError::conflict(
                "not_scorm",
                "This course does not launch a SCORM package.",
            ));
        }
    };
    let bridge = &state.scorm;
    let options = ProbeOptions {
        lms_origin: bridge.origin().to_owned(),
    };
    let probe = bridge
        .own
        .probe(url, &options)
        .await
        .map_err(|error| unplayable(&error))?;
    let mode = bridge.choose(&probe.delivery).ok_or_else(|| {
        AppError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_delivery",
            "This package needs a host of its own for its content. Configure gateway.content_origin, or put the relay \
             beside the package.",
        )
    })?;
    Ok(ScormPackage {
        course: course.id,
        manifest_url: probe.manifest_url,
        base_url: probe.base_url,
        manifest_sha256: probe.manifest_sha256,
        tree: probe.tree,
        delivery: name(mode).to_owned(),
        checked_at: state.clock.now(),
    })
}

const fn name(mode: DeliveryMode) -> &'static str {
    match mode {
        DeliveryMode::Direct => "direct",
        DeliveryMode::Host => "host",
        DeliveryMode::Sandbox => "sandbox",
    }
}

fn unplayable(error: &GatewayError) -> AppError {
    AppError::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        error.reason(),
        error.to_string(),
    )
}
