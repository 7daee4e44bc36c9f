//! What the OpenAPI document says beyond the handlers: title, security schemes, the problem document.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::error::{FieldFault, Problem};

/// The frame that the handlers' operations are merged into.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "External SCORM Bridge: LMS server",
        description = "Courses that run elsewhere: enrol, launch, report. Every refusal is `application/problem+json` \
                       with a stable `code`. Mutations with a session cookie also carry `x-csrf-token`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Problem, FieldFault)),
    modifiers(&Schemes),
)]
pub struct ApiDoc;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let cookie = |name: &str, text: &str| {
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(name, text)))
        };
        let bearer = |text: &str| {
            let scheme = HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("JWT");
            SecurityScheme::Http(scheme.description(Some(text)).build())
        };
        components.add_security_scheme(
            "session",
            cookie(
                "__Host-lms_session",
                "The session cookie; `lms_session` in development.",
            ),
        );
        components.add_security_scheme(
            "openid",
            bearer("An access token of the configured OpenID provider."),
        );
        components.add_security_scheme(
            "runtime",
            bearer("A runtime token from /api/runtime/auth/exchange."),
        );
    }
}
