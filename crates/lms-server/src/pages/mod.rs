//! What people see: pages rendered here, changed through the JSON API by a few custom elements (`js/web`).
//!
//! A page only reads, on behalf of whoever asks, so that the store's policy decides what is on it. This module must
//! never change anything, and never answer a person with JSON.

mod admin;
mod ask;
pub mod assets;
mod class;
mod learner;
mod pager;
pub(crate) mod player;
mod registry;
mod teach;
mod view;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use scormbridge_lms::classroom::Role;
use scormbridge_lms::classroom::ports::StoreError;
use url::form_urlencoded::byte_serialize;

use crate::auth::CurrentUser;
use crate::error::AppError;
use crate::scorm::launch::NOT_OFFERED;
use crate::state::AppState;

/// The pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(async || Redirect::to("/courses")))
        .route("/sign-in", get(sign_in))
        .route("/courses", get(learner::courses))
        .route("/courses/{course}", get(learner::course))
        .route("/learn/{enrollment}", get(player::player))
        .route("/teach", get(teach::teach))
        .route("/teach/courses/{course}", get(teach::course))
        .route("/teach/courses/{course}/attempts", get(teach::attempts))
        .route("/teach/courses/{course}/lessons", get(class::lessons))
        .route("/teach/courses/{course}/learners", get(class::learners))
        .route(
            "/teach/courses/{course}/assignments",
            get(class::assignments),
        )
        .route("/registry", get(registry::list))
        .route("/registry/{external_course}", get(registry::one))
        .route("/admin/courses", get(admin::courses))
        .route("/admin/providers", get(admin::providers))
        .route("/admin/providers/{provider}", get(admin::provider))
        .route("/admin/users", get(admin::users))
}

/// The page for an address that leads nowhere.
pub(crate) fn nowhere() -> Response {
    Failure::from(AppError::not_found("page")).into_response()
}

/// Who is signed in, as the head of every page shows it.
struct Who {
    name: String,
    teaches: bool,
    administers: bool,
}

impl Who {
    fn of(user: &CurrentUser) -> Option<Self> {
        Some(Self {
            name: user.display_name.clone(),
            teaches: matches!(user.role, Role::Teacher | Role::Admin),
            administers: user.role == Role::Admin,
        })
    }
}

/// A signed-in person; anybody else is sent to sign in and comes back.
struct Visitor(CurrentUser);

impl Visitor {
    /// For pages of the staff.
    ///
    /// # Errors
    /// 403 for learners.
    fn staff(self) -> Result<CurrentUser, Failure> {
        match self.0.role {
            Role::Teacher | Role::Admin => Ok(self.0),
            _ => Err(AppError::forbidden("denied", "This page is for teachers.").into()),
        }
    }

    /// For pages of administrators.
    ///
    /// # Errors
    /// 403 for everybody else.
    fn admin(self) -> Result<CurrentUser, Failure> {
        match self.0.role {
            Role::Admin => Ok(self.0),
            _ => Err(AppError::forbidden("denied", "This page is for administrators.").into()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match CurrentUser::from_request_parts(parts, state).await {
            Ok(user) => Ok(Self(user)),
            Err(_) => {
                let here = parts
                    .uri
                    .path_and_query()
                    .map_or("/courses", |path| path.as_str());
                let next: String = byte_serialize(here.as_bytes()).collect();
                Err(Redirect::to(&format!("/sign-in?next={next}")).into_response())
            }
        }
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    who: Option<Who>,
    section: &'static str,
    next: String,
}

async fn sign_in(State(_): State<AppState>, uri: Uri) -> Page {
    let asked = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "next")
        .map(|(_, value)| value.into_owned());
    let next = asked
        .filter(|path| is_own_path(path))
        .unwrap_or_else(|| "/courses".to_owned());
    render(&SignInPage {
        who: None,
        section: "",
        next,
    })
}

/// Whether a path stays on this site: a second slash or a backslash would name another host.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '{', '\r', '\n', '\t'])
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    who: Option<Who>,
    section: &'static str,
    heading: &'static str,
    detail: String,
}

/// What a handler of a page answers.
type Page = Result<Response, Failure>;

fn render(page: &impl Template) -> Page {
    let html = page.render().map_err(AppError::internal)?;
    Ok(Html(html).into_response())
}

/// A failure, told to a person.
struct Failure(AppError);

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.0.status();
        if let Some(cause) = self.0.source() {
            tracing::error!(status = status.as_u16(), code = self.0.code(), %cause, "a page failed");
        }
        let heading = match status {
            _ if self.0.code() == NOT_OFFERED => "This part cannot be opened by its address",
            StatusCode::NOT_FOUND => "There is no such page",
            StatusCode::FORBIDDEN => "This is not for you",
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => {
                "This course cannot be opened"
            }
            _ => "Something went wrong",
        };
        let page = ErrorPage {
            who: None,
            section: "",
            heading,
            detail: self.0.detail().to_owned(),
        };
        let body = page.render().unwrap_or_else(|_| heading.to_owned());
        (
            status,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            body,
        )
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_pages_of_this_site_only() {
        for (path, own) in [
            ("/courses/0a?x=1", true),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("https://evil.example", false),
            ("/{id}", false),
            ("", false),
        ] {
            assert_eq!(is_own_path(path), own, "{path}");
        }
    }
}
