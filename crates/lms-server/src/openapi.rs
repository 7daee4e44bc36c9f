//! What the OpenAPI document says beyond the handlers: title, security schemes, the problem document.

use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, Header, Object, Ref, RefOr, Response, ResponseBuilder};
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

/// Adds to every operation the refusals that the layers and extractors give, so that no handler has to repeat them
/// and none can leave them out: 429 and 503 always, 401 and 403 where a proof is asked for, 404 where a path names
/// a thing or a token an attempt, 400 where a query or body is read, and 413, 415, 422 for a body.
pub(crate) fn complete(document: &mut utoipa::openapi::OpenApi) {
    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            let public = operation
                .security
                .as_ref()
                .is_some_and(|schemes| schemes.contains(&Default::default()));
            let parameters = operation.parameters.as_deref().unwrap_or_default();
            let has =
                |place: &ParameterIn| parameters.iter().any(|parameter| is_in(parameter, place));
            let body = operation.request_body.is_some();
            // A runtime token may outlive its attempt.
            let of_runtime = operation
                .security
                .iter()
                .flatten()
                .any(|scheme| names(scheme, "runtime"));
            let applicable = [
                ("400", body || has(&ParameterIn::Query), "Malformed"),
                (
                    "401",
                    !public,
                    "Nobody is signed in, or the proof is no longer valid",
                ),
                (
                    "403",
                    !public || body,
                    "Known, and not permitted; or a forged request",
                ),
                (
                    "404",
                    has(&ParameterIn::Path) || of_runtime,
                    "There is none, or none that the caller may know of",
                ),
                ("413", body, "The body is too long"),
                ("415", body, "The body is not declared as JSON"),
                ("422", body, "JSON, but not as documented"),
                ("429", true, "Too many requests; see `retry-after`"),
                ("503", true, "Something that is needed is missing for now"),
            ];
            for (status, applies, text) in applicable {
                if applies {
                    operation
                        .responses
                        .responses
                        .entry(status.to_owned())
                        .or_insert_with(|| refusal(text));
                }
            }
            for (status, names) in [("429", &COUNTED[..]), ("503", &COUNTED[3..])] {
                if let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status) {
                    for (name, text) in names {
                        response
                            .headers
                            .insert((*name).to_owned(), RefOr::T(number(text)));
                    }
                }
            }
        }
    }
}

/// Headers of a refusal that counting gave; the last one is also that of 503.
const COUNTED: [(&str, &str); 4] = [
    (
        "x-rate-limit-limit",
        "Requests that the bucket holds when full",
    ),
    ("x-rate-limit-remaining", "Requests left in it"),
    ("x-rate-limit-reset", "Seconds until one is in it"),
    ("retry-after", "Seconds to wait before trying again"),
];

fn number(text: &str) -> Header {
    let mut header = Header::new(Object::with_type(Type::Integer));
    header.description = Some(text.to_owned());
    header
}

/// Whether a requirement asks for this scheme, whatever the scopes.
fn names(requirement: &SecurityRequirement, scheme: &str) -> bool {
    serde_json::to_value(requirement).is_ok_and(|value| value.get(scheme).is_some())
}

fn is_in(parameter: &RefOr<Parameter>, place: &ParameterIn) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == *place)
}

fn refusal(text: &str) -> RefOr<Response> {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    RefOr::T(
        ResponseBuilder::new()
            .description(text)
            .content("application/problem+json", content)
            .build(),
    )
}
