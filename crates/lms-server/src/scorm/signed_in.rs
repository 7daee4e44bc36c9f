//! Who is signed in, for a player whose commit was refused for the session's sake (`docs/protocol.md`, "Signing in
//! again").
//!
//! It tells a browser nothing but the tag of its own session's learner, and other sites nothing at all. It must never
//! begin, prolong or end a session: it is asked while the learner signs in elsewhere.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::csrf;
use crate::state::AppState;

/// Who it is, as far as the player must tell people apart.
#[derive(Serialize, ToSchema)]
pub struct SessionOwner {
    /// The tag under which the player keeps this person's work: 32 hexadecimal digits.
    owner: String,
}

/// Ask whose session this is, without naming anybody.
#[utoipa::path(
    get, path = "/api/scorm/session", tag = "scorm", security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Somebody's", body = SessionOwner),
        (status = 401, description = "`not_signed_in`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`cross_site`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    headers: HeaderMap,
) -> Result<([(HeaderName, &'static str); 1], Json<SessionOwner>), AppError> {
    csrf::same_site(&headers, state.scorm.origin())?;
    let owner = state.scorm.derived.tag(user.id);
    let apart = HeaderName::from_static("cross-origin-resource-policy");
    Ok(([(apart, "same-origin")], Json(SessionOwner { owner })))
}
