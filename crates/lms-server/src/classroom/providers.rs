//! Hosts of interactive courses; administrators keep them, teachers choose among them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use scormbridge_lms::classroom::ports::MAX_PAGE;
use scormbridge_lms::classroom::{Provider, ProviderId, ProviderStatus};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::paging::{Listing, page};
use crate::auth::CurrentUser;
use crate::error::{AppError, FieldFault, Problem};
use crate::http::headers::origin_of;
use crate::http::{ApiJson, ApiPath, ApiQuery};
use crate::state::AppState;

/// Whether a provider's courses launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ProviderStatus)]
pub enum Status {
    /// They do.
    #[default]
    Active,
    /// They do not; tokens already out are refused as well.
    Disabled,
}

/// What an administrator says of a provider.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderBody {
    /// What teachers read.
    #[garde(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Scheme, host and port its runtimes are served from, `https://play.example`; unique.
    #[garde(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    origin: String,
    /// The domain that is theirs, for people.
    #[garde(length(min = 1, max = 253))]
    #[schema(min_length = 1, max_length = 253)]
    domain: String,
    /// Where its webhook's public keys are, if it signs with its own.
    #[garde(inner(length(min = 1, max = 2_048)))]
    #[schema(min_length = 1, max_length = 2048)]
    jwks_url: Option<String>,
    /// Whether its courses launch.
    #[garde(skip)]
    #[serde(default)]
    status: Status,
}

/// A host of interactive courses.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderView {
    /// 32 hexadecimal digits.
    id: String,
    /// What teachers read.
    name: String,
    /// Where its runtimes are served from.
    origin: String,
    /// The domain that is theirs.
    domain: String,
    /// Where its webhook's public keys are.
    jwks_url: Option<String>,
    /// Whether it has a webhook secret; the secret itself is never shown again.
    has_webhook_secret: bool,
    /// `active` or `disabled`.
    status: &'static str,
    /// Since when, in milliseconds since the Unix epoch.
    created_at: i64,
}

impl ProviderView {
    fn of(provider: Provider) -> Self {
        Self {
            id: provider.id.to_string(),
            name: provider.name,
            origin: provider.origin,
            domain: provider.domain,
            jwks_url: provider.jwks_url,
            has_webhook_secret: provider.webhook_secret.is_some(),
            status: provider.status.name(),
            created_at: provider.created_at.0,
        }
    }
}

impl ProviderBody {
    /// The rules that depend on the site: HTTPS in production, and never the site's own origin, where a runtime
    /// would be inside every wall.
    fn check(&self, state: &AppState) -> Result<(), AppError> {
        let production = state.config.is_production();
        let mut errors = Vec::new();
        let mut fault = |field: &str, message: &str| {
            errors.push(FieldFault {
                field: field.to_owned(),
                message: message.to_owned(),
            });
        };
        if origin_of(&self.origin).as_deref() != Some(self.origin.as_str()) {
            fault(
                "origin",
                "must be an origin like `https://play.example`, without path or trailing slash",
            );
        }
        if production && !self.origin.starts_with("https://") {
            fault("origin", "must begin with https://");
        }
        if self.origin == state.config.http.public_origin {
            fault("origin", "must not be this site's own");
        }
        let secure =
            |url: &str| origin_of(url).is_some() && (!production || url.starts_with("https://"));
        if self.jwks_url.as_deref().is_some_and(|url| !secure(url)) {
            fault("jwks_url", "must be a URL that begins with https://");
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(AppError::invalid_body(errors))
        }
    }

    fn over(self, old: Provider) -> Provider {
        Provider {
            name: self.name,
            origin: self.origin,
            domain: self.domain,
            jwks_url: self.jwks_url,
            status: match self.status {
                Status::Active => ProviderStatus::Active,
                Status::Disabled => ProviderStatus::Disabled,
            },
            ..old
        }
    }
}

/// Which providers.
#[derive(Debug, Clone, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProviderQuery {
    /// Only names that contain this, without regard to ASCII case.
    #[garde(inner(length(min = 1, max = 200)))]
    #[param(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// The `next` of the page before; absent for the first.
    #[garde(inner(length(min = 1, max = 2_000)))]
    #[param(min_length = 1, max_length = 2000)]
    after: Option<String>,
    /// Items per page.
    #[garde(inner(range(min = 1, max = MAX_PAGE)))]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// All providers by name; for teachers and administrators.
#[utoipa::path(
    get, path = "/api/providers", tag = "providers", params(ProviderQuery), security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "One page", body = Listing<ProviderView>)),
)]
pub async fn list(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(query): ApiQuery<ProviderQuery>,
) -> Result<Json<Listing<ProviderView>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let page = page(query.after, query.limit);
    let found = match &query.name {
        Some(name) => tx.providers().search(name, &page).await?,
        None => tx.providers().list(&page).await?,
    };
    Ok(Json(Listing::of(found, ProviderView::of)))
}

/// Add a provider; for administrators.
#[utoipa::path(
    post, path = "/api/providers", tag = "providers", request_body = ProviderBody,
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Added", body = ProviderView),
        (status = 409, description = "The origin is taken", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(body): ApiJson<ProviderBody>,
) -> Result<(StatusCode, Json<ProviderView>), AppError> {
    body.check(&state)?;
    let provider = body.over(Provider {
        id: ProviderId::random(state.entropy.as_ref()),
        name: String::new(),
        origin: String::new(),
        domain: String::new(),
        jwks_url: None,
        webhook_secret: None,
        status: ProviderStatus::Active,
        created_at: state.clock.now(),
    });
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.providers().insert(&provider).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(ProviderView::of(provider))))
}

/// One provider; for teachers and administrators.
#[utoipa::path(
    get, path = "/api/providers/{provider}", tag = "providers",
    params(("provider" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses((status = 200, description = "The provider", body = ProviderView)),
)]
pub async fn read(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ProviderId>,
) -> Result<Json<ProviderView>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    Ok(Json(ProviderView::of(tx.providers().get(id).await?)))
}

/// Say everything of a provider anew; its webhook secret stays. For administrators.
#[utoipa::path(
    put, path = "/api/providers/{provider}", tag = "providers", request_body = ProviderBody,
    params(("provider" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Changed", body = ProviderView),
        (status = 409, description = "The origin is taken", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn update(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ProviderId>,
    ApiJson(body): ApiJson<ProviderBody>,
) -> Result<Json<ProviderView>, AppError> {
    body.check(&state)?;
    let mut tx = state.store.begin(&user.actor()).await?;
    let provider = body.over(tx.providers().get(id).await?);
    tx.providers().update(&provider).await?;
    tx.commit().await?;
    Ok(Json(ProviderView::of(provider)))
}

/// Remove a provider; for administrators.
#[utoipa::path(
    delete, path = "/api/providers/{provider}", tag = "providers",
    params(("provider" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "Still referred to", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<ProviderId>,
) -> Result<StatusCode, AppError> {
    let mut tx = state.store.begin(&user.actor()).await?;
    tx.providers().delete(id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
