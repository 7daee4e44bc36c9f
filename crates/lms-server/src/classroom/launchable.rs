//! Whether what a teacher says about a course's launch fits together, before it is stored.

use scormbridge_core::url_policy::{PolicyOptions, UrlPolicy};
use scormbridge_lms::classroom::ports::Tx;

use super::courses::{CourseBody, Kind};
use crate::config::Gateway;
use crate::error::{AppError, FieldFault};
use crate::http::headers::origin_of;
use crate::state::AppState;

/// Checks kind, URL and provider against each other and against the site's rules for packages.
///
/// # Errors
/// 422 with the members that do not fit; the store's errors.
pub(super) async fn check(
    state: &AppState,
    tx: &mut dyn Tx,
    body: &CourseBody,
) -> Result<(), AppError> {
    let fault = match (body.launch_kind, body.launch_url.as_deref()) {
        (Kind::None, None) => None,
        (Kind::None, Some(_)) => Some(("launch_url", "a course of lessons has none".to_owned())),
        (_, None) => Some(("launch_url", "is required for this kind".to_owned())),
        (Kind::Scorm, Some(url)) => {
            package(&state.config.gateway, url)?.map(|fault| ("launch_url", fault))
        }
        (Kind::WebEmbed, Some(url)) => match body.provider_id {
            None => Some(("provider_id", "is required for this kind".to_owned())),
            Some(id) => {
                let provider = tx.providers().get(id).await?;
                let fits = origin_of(url).is_some_and(|origin| origin == provider.origin);
                (!fits).then(|| {
                    (
                        "launch_url",
                        format!("must lie at the provider's origin, {}", provider.origin),
                    )
                })
            }
        },
    };
    let fault = fault.or_else(|| {
        let stray = body.launch_kind != Kind::WebEmbed && body.provider_id.is_some();
        stray.then(|| {
            (
                "provider_id",
                "belongs to the kind `web_embed` only".to_owned(),
            )
        })
    });
    match fault {
        None => Ok(()),
        Some((field, message)) => Err(AppError::invalid_body(vec![FieldFault {
            field: field.to_owned(),
            message,
        }])),
    }
}

fn package(settings: &Gateway, url: &str) -> Result<Option<String>, AppError> {
    let policy = UrlPolicy::new(PolicyOptions {
        allow: settings.allow.clone(),
        ports: settings.ports.clone(),
        dev_loopback: settings.dev_loopback,
        ..PolicyOptions::default()
    })
    .map_err(AppError::internal)?;
    Ok(policy.check(url).err().map(|refusal| refusal.to_string()))
}
