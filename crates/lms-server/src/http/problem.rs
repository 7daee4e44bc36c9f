//! Every failed request leaves as `application/problem+json`, whoever refused it: a handler, an extractor, the
//! router (404, 405), or a panic.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{RequestId, Verbatim};
use crate::error::AppError;

/// The media type of RFC 9457.
pub const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Layer: renders errors, and logs the causes of the server's own ones.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || speaks_for_itself(&response) {
        return response;
    }
    let error = match response.extensions().get::<AppError>() {
        Some(error) => error.clone(),
        None => match of_status(status) {
            Some(error) => error,
            None => return response,
        },
    };
    log(&error);
    let id = id.as_ref().map_or("", RequestId::as_str);
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let body = Json(error.problem(id)).into_response().into_body();
    parts.headers.insert(header::CONTENT_TYPE, MEDIA_TYPE);
    Response::from_parts(parts, body)
}

/// Content from elsewhere, and pages that tell people in their own words.
fn speaks_for_itself(response: &Response) -> bool {
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    html || response.extensions().get::<Verbatim>().is_some()
}

/// The errors that the router and the libraries answer with by themselves.
fn of_status(status: StatusCode) -> Option<AppError> {
    Some(match status {
        StatusCode::NOT_FOUND => AppError::not_found("page or resource"),
        StatusCode::METHOD_NOT_ALLOWED => AppError::method_not_allowed(),
        StatusCode::PAYLOAD_TOO_LARGE => AppError::body_too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => AppError::unsupported_media_type(),
        StatusCode::BAD_REQUEST => {
            AppError::bad_request("bad_request", "The request could not be read.")
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            AppError::internal("a handler panicked or failed without a reason")
        }
        _ => return None,
    })
}

fn log(error: &AppError) {
    let (status, code) = (error.status().as_u16(), error.code());
    match error.source() {
        Some(cause) if error.status().is_server_error() => {
            tracing::error!(status, code, cause = %cause, "request failed");
        }
        Some(cause) => tracing::info!(status, code, cause = %cause, "request refused"),
        None => tracing::debug!(status, code, "request refused"),
    }
}
