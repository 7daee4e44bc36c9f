//! Where an interactive launch goes: to what the course names, or to the version that one of its assignments targets.
//!
//! The player's page asks for the same, so that what it lets into a frame is what the token will be bound to.

use scormbridge_lms::classroom::ports::{StoreError, Tx};
use scormbridge_lms::classroom::{
    AssignmentId, Course, LaunchKind, Provider, ProviderId, ProviderStatus, Scopes, VersionId,
    VersionStatus,
};

use crate::error::AppError;
use crate::http::headers::origin_of;
use crate::state::AppState;

/// Why a launch is refused, while a conflict can still be told from the rest.
pub(crate) enum Refused {
    Store(StoreError),
    App(AppError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<Refused> for AppError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Store(error) => error.into(),
            Refused::App(error) => error,
        }
    }
}

/// What is launched.
pub(crate) struct Destination {
    pub(crate) provider: Provider,
    /// The runtime's page, at the provider's origin.
    pub(crate) url: String,
    pub(crate) scopes: Scopes,
    /// The registry's version, for an assignment.
    pub(crate) version: Option<VersionId>,
}

impl Destination {
    /// What a launch of `course`, or of one of its assignments, leads to, if it may be launched now. `tx` is the
    /// server's own: learners read neither providers nor versions.
    ///
    /// # Errors
    /// 404 for an assignment that is not this course's; 403 and 409 for what may not be launched, with the code that
    /// the launch endpoint documents.
    pub(crate) async fn of(
        state: &AppState,
        tx: &mut dyn Tx,
        course: &Course,
        assignment: Option<AssignmentId>,
    ) -> Result<Self, Refused> {
        let (provider, url, scopes, version) = match assignment {
            Some(assignment) => targeted(tx, course, assignment).await?,
            None => own(course)?,
        };
        let provider = tx.providers().get(provider).await?;
        if provider.status != ProviderStatus::Active {
            let detail = "The provider of this course is switched off.";
            return Err(AppError::forbidden("provider_disabled", detail).into());
        }
        // The frame keeps its own origin (`allow-same-origin`), so that must be the provider's and never ours.
        let elsewhere = origin_of(&url).as_ref() != Some(&provider.origin);
        if elsewhere || provider.origin == state.config.http.public_origin {
            let detail =
                "The launch URL is not on its provider's origin. Ask the teacher to correct it.";
            return Err(AppError::conflict("launch_elsewhere", detail).into());
        }
        Ok(Self {
            provider,
            url,
            scopes,
            version,
        })
    }
}

type Place = (ProviderId, String, Scopes, Option<VersionId>);

fn own(course: &Course) -> Result<Place, Refused> {
    match (course.launch_kind, course.provider, &course.launch_url) {
        (LaunchKind::WebEmbed, Some(provider), Some(url)) => {
            Ok((provider, url.clone(), course.scopes.clone(), None))
        }
        _ => Err(AppError::conflict(
            "not_interactive",
            "This course has no interactive runtime to launch.",
        )
        .into()),
    }
}

async fn targeted(
    tx: &mut dyn Tx,
    course: &Course,
    assignment: AssignmentId,
) -> Result<Place, Refused> {
    let target = tx.targets().find(assignment).await?;
    let target = target
        .filter(|target| target.course == course.id)
        .ok_or_else(|| AppError::not_found("assignment"))?;
    let version = tx.registry().get_version(target.version).await?;
    if version.status != VersionStatus::Approved {
        let detail =
            "This version may not be launched any more. Ask the teacher to choose another.";
        return Err(AppError::conflict("version_not_approved", detail).into());
    }
    let external = tx.registry().get_course(version.external_course).await?;
    Ok((
        external.provider,
        version.launch_url,
        version.scopes,
        Some(version.id),
    ))
}
