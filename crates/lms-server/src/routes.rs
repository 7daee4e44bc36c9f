//! The whole router, assembled in one place.
//!
//! A subject contributes an [`OpenApiRouter`] of its own; nothing is served that is not merged here, and everything
//! that is merged here is inside every layer.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::error::AppError;
use crate::openapi::{ApiDoc, complete};
use crate::state::AppState;
use crate::{auth, classroom, http, launch, pages, runtime, scorm, telemetry};

/// What the server offers, as it is handed out: the checked-in document, which a test holds against [`openapi`]. To
/// build it for each process would take more memory than everything else at rest.
const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// The server, ready to be served.
///
/// Layers that stand together are given together, the outermost first: each call of `layer` wraps every route once
/// more, and every request pays for each wrapping.
pub fn router(state: AppState) -> Router {
    let (people, _) = people().split_for_parts();
    let people = people.layer((
        from_fn_with_state(state.clone(), http::limits::length),
        from_fn_with_state(state.clone(), auth::gate::layer),
    ));
    let (runtimes, _) = runtime::routes().split_for_parts();
    let runtimes = runtimes.layer((
        http::cors::layer(&state.config),
        from_fn_with_state(state.clone(), runtime::gate::layer),
    ));
    let (ticketed, _) = scorm::ticketed().split_for_parts();
    let pages = pages::routes().layer(from_fn_with_state(state.clone(), auth::gate::layer));
    Router::new()
        .route("/api/openapi.json", axum::routing::get(document))
        .merge(people)
        .merge(runtimes)
        .merge(ticketed)
        .merge(pages)
        // Named, so that it is inside the layers that follow: whoever looks for doors is counted too.
        .fallback(nowhere)
        .layer((
            DefaultBodyLimit::max(state.config.http.body_limit_bytes),
            from_fn_with_state(state.clone(), telemetry::readiness::layer),
            from_fn_with_state(state.clone(), http::limits::time),
            from_fn_with_state(state.clone(), http::rate::layer),
        ))
        .merge(scorm::content::routes())
        .merge(pages::assets::routes())
        .merge(telemetry::routes())
        .layer((
            from_fn(http::request_id::layer),
            from_fn(http::trace::layer),
            from_fn_with_state(state.clone(), http::headers::layer),
            from_fn(http::problem::layer),
            CatchPanicLayer::new(),
            from_fn_with_state(state.clone(), scorm::content::host_layer),
        ))
        .with_state(state)
}

/// An address that leads nowhere, told to people by a page and to programs by a problem document.
async fn nowhere(headers: HeaderMap) -> Response {
    let wants_page = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if wants_page {
        return pages::nowhere();
    }
    AppError::not_found("page or resource").into_response()
}

async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}

/// What the server offers, as an OpenAPI document. Does not depend on the configuration.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut document = people()
        .merge(runtime::routes())
        .merge(scorm::ticketed())
        .split_for_parts()
        .1;
    complete(&mut document);
    document
}

/// What signed-in people (and those who are about to sign in) use.
fn people() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .merge(auth::routes())
        .merge(classroom::routes())
        .merge(launch::routes())
        .merge(scorm::routes())
}
