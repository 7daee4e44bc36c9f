//! The files of a package, for whoever holds its ticket.
//!
//! A request that reached the content host gets content and nothing else of this server, so that a package there shares
//! its origin with no page of ours. On the site's own host content comes sandboxed. This module adds nothing to what
//! the gateway answers: its headers are what keeps content apart.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::stream;
use scormbridge_gateway as gateway;

use crate::error::AppError;
use crate::http::Verbatim;
use crate::state::AppState;

/// Where content is, on either host.
const FOLDER: &str = "/content/";

/// The one route of this subject. It asks for a ticket, never for a person.
pub fn routes() -> Router<AppState> {
    Router::new().route("/content/{ticket}/{*path}", any(serve))
}

/// Layer: the content host has content and nothing else.
pub async fn host_layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if state.scorm.is_content_host(host(&request)) && !request.uri().path().starts_with(FOLDER) {
        return AppError::not_found("page or resource").into_response();
    }
    next.run(request).await
}

async fn serve(State(state): State<AppState>, request: Request) -> Result<Response, AppError> {
    let bridge = &state.scorm;
    let through = match &bridge.other {
        Some(other) if bridge.is_content_host(host(&request)) => other,
        _ => &bridge.own,
    };
    let mut answer = through.serve(&asked(&request)).await;
    if let Some(error) = &answer.error {
        tracing::info!(%error, "content was not served");
    }
    let mut response = Response::new(Body::from_stream(stream::try_unfold(
        answer.body,
        async |mut body: gateway::Body| {
            Ok::<_, gateway::FetchError>(body.chunk().await?.map(|chunk| (chunk, body)))
        },
    )));
    *response.status_mut() = StatusCode::from_u16(answer.status).map_err(AppError::internal)?;
    for (name, value) in answer.headers.drain(..) {
        let name = HeaderName::try_from(name).map_err(AppError::internal)?;
        response.headers_mut().append(
            name,
            HeaderValue::try_from(value).map_err(AppError::internal)?,
        );
    }
    response.extensions_mut().insert(Verbatim);
    Ok(response)
}

/// The request as the gateway reads it: ticket and path exactly as they were sent.
fn asked(request: &Request) -> gateway::Request {
    let path = request.uri().path();
    let (ticket, path) = path
        .strip_prefix(FOLDER)
        .and_then(|rest| rest.split_once('/'))
        .unwrap_or_default();
    let mut headers: Vec<(String, String)> = request
        .headers()
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    if request.headers().get(header::HOST).is_none() {
        headers.push(("host".to_owned(), host(request).to_owned()));
    }
    gateway::Request {
        method: request.method().as_str().to_owned(),
        ticket: ticket.to_owned(),
        path: path.to_owned(),
        query: request.uri().query().map(str::to_owned),
        headers,
    }
}

fn host(request: &Request) -> &str {
    let named = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    named
        .or_else(|| {
            request
                .uri()
                .authority()
                .map(|authority| authority.as_str())
        })
        .unwrap_or_default()
}
