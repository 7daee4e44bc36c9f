//! The registry as a table for spreadsheets.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use scormbridge_lms::classroom::ports::{MAX_PAGE, Page};
use scormbridge_lms::classroom::{CourseVersion, ExternalCourse, ProviderId, RegistryFilter};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::CurrentUser;
use crate::error::{AppError, Problem};
use crate::http::ApiQuery;
use crate::state::AppState;

/// Courses of one export: whoever has more narrows the search.
const MAX_COURSES: usize = 1_000;

const HEAD: [&str; 8] = [
    "course_id",
    "provider_id",
    "slug",
    "title",
    "version",
    "status",
    "launch_url",
    "scopes",
];

/// What to look for.
#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Only this provider's courses; 32 hexadecimal digits.
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    provider: Option<ProviderId>,
    /// Only titles that contain this, without regard to ASCII case.
    #[garde(inner(length(min = 1, max = 200)))]
    #[param(min_length = 1, max_length = 200)]
    title: Option<String>,
}

/// External courses with their versions as CSV (RFC 4180), a line for each version; for teachers and administrators. As
/// JSON the same is at `/api/registry/courses`.
#[utoipa::path(
    get, path = "/api/registry/export.csv", tag = "registry", params(ExportQuery),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "The table", body = String, content_type = "text/csv"),
        (status = 409, description = "`export_too_large`: more than 1,000 courses", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub async fn export(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(query): ApiQuery<ExportQuery>,
) -> Result<Response, AppError> {
    let filter = RegistryFilter {
        provider: query.provider,
        title: query.title,
    };
    let mut tx = state.store.read(&user.actor()).await?;
    let mut page = Page::first(MAX_PAGE);
    let mut courses = Vec::new();
    loop {
        let part = tx.registry().search(&filter, &page).await?;
        courses.extend(part.items);
        if courses.len() > MAX_COURSES {
            return Err(AppError::conflict(
                "export_too_large",
                "More than 1,000 courses fit this search. Name a provider or a part of the title.",
            ));
        }
        match part.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    table.write_record(HEAD).map_err(AppError::internal)?;
    for course in &courses {
        let versions = tx.registry().versions(course.id).await?;
        if versions.is_empty() {
            table
                .write_record(record(course, None))
                .map_err(AppError::internal)?;
        }
        for version in &versions {
            table
                .write_record(record(course, Some(version)))
                .map_err(AppError::internal)?;
        }
    }
    let body = table.into_inner().map_err(AppError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"registry.csv\"",
        ),
    ];
    Ok((StatusCode::OK, headers, body).into_response())
}

fn record(course: &ExternalCourse, version: Option<&CourseVersion>) -> [String; 8] {
    let of_version = |read: fn(&CourseVersion) -> String| version.map(read).unwrap_or_default();
    [
        course.id.to_string(),
        course.provider.to_string(),
        course.slug.clone(),
        harmless(&course.title),
        of_version(|version| harmless(&version.version)),
        of_version(|version| version.status.name().to_owned()),
        of_version(|version| version.launch_url.clone()),
        of_version(|version| version.scopes.to_string()),
    ]
}

/// What people wrote, so that no spreadsheet takes it for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_title_is_no_formula() {
        assert_eq!(harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(harmless("Bees = honey"), "Bees = honey");
    }
}
