//! Accounts: made by administrators, or by the first token an external provider vouches with.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use scormbridge_lms::classroom::{Actor, Identity, Role, User, UserId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CurrentUser;
use super::openid::Claims;
use crate::classroom::paging::{Listing, PageQuery};
use crate::error::{AppError, Problem};
use crate::http::{ApiJson, ApiPath, ApiQuery};
use crate::state::AppState;

/// Longest password, in bytes: hashing a longer one is work for an attacker's sake.
const MAX_PASSWORD: usize = 1_000;
/// Shortest password of a new account, in bytes.
const MIN_NEW_PASSWORD: usize = 12;

/// What an account may act as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoleName {
    /// Learns.
    Student,
    /// Owns courses.
    Teacher,
    /// Runs the site.
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Student => Self::Student,
            RoleName::Teacher => Self::Teacher,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// An account, as its owner and administrators see it.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// 32 hexadecimal digits.
    id: String,
    /// What the person types to sign in.
    login: String,
    /// What others read.
    display_name: String,
    /// `student`, `teacher` or `admin`.
    role: &'static str,
    /// Since when, in milliseconds since the Unix epoch.
    created_at: i64,
}

impl Account {
    pub(crate) fn of(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            login: user.login,
            display_name: user.display_name,
            role: user.role.name(),
            created_at: user.created_at.0,
        }
    }
}

/// A new local account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What the person types to sign in; unique, without regard to case.
    #[garde(length(min = 1, max = 200), custom(one_line))]
    #[schema(min_length = 1, max_length = 200)]
    login: String,
    /// What others read.
    #[garde(length(min = 1, max = 200), custom(one_line))]
    #[schema(min_length = 1, max_length = 200)]
    display_name: String,
    /// As what the account acts.
    #[garde(skip)]
    role: RoleName,
    /// 12 bytes or more.
    #[garde(custom(new_password))]
    #[schema(value_type = String, min_length = 12, max_length = 1000)]
    password: SecretString,
}

/// What of an account changes; what is absent stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// What others read.
    #[garde(inner(length(min = 1, max = 200), custom(one_line)))]
    #[schema(min_length = 1, max_length = 200)]
    display_name: Option<String>,
    /// As what the account acts.
    #[garde(skip)]
    role: Option<RoleName>,
    /// A new password; every session of the account ends.
    #[garde(inner(custom(new_password)))]
    #[schema(value_type = Option<String>, min_length = 12, max_length = 1000)]
    password: Option<SecretString>,
}

/// Accounts by login; for administrators.
#[utoipa::path(
    get, path = "/api/users", tag = "users", params(PageQuery), security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "One page", body = Listing<Account>),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<Listing<Account>>, AppError> {
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.users().list(&page.page()).await?;
    Ok(Json(Listing::of(found, Account::of)))
}

/// Make a local account; for administrators.
#[utoipa::path(
    post, path = "/api/users", tag = "users", request_body = NewAccount,
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 201, description = "Made", body = Account),
        (status = 409, description = "The login is taken", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(new): ApiJson<NewAccount>,
) -> Result<(StatusCode, Json<Account>), AppError> {
    // Asked here as well, so that nobody else can make the server hash.
    if user.role != Role::Admin {
        return Err(AppError::denied());
    }
    let made = make(&state, &user.actor(), new).await?;
    Ok((StatusCode::CREATED, Json(Account::of(made))))
}

/// Change an account; for administrators. A new password or role signs the account out everywhere.
#[utoipa::path(
    patch, path = "/api/users/{user}", tag = "users", request_body = AccountChange,
    params(("user" = String, Path, description = "32 hexadecimal digits")),
    security(("session" = []), ("openid" = [])),
    responses(
        (status = 200, description = "Changed", body = Account),
    ),
)]
pub async fn update(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<UserId>,
    ApiJson(change): ApiJson<AccountChange>,
) -> Result<Json<Account>, AppError> {
    if user.role != Role::Admin {
        return Err(AppError::denied());
    }
    let hash = match change.password {
        Some(password) => Some(
            state
                .passwords
                .hash(password)
                .await
                .map_err(AppError::internal)?,
        ),
        None => None,
    };
    let sign_out = hash.is_some() || change.role.is_some();
    let mut tx = state.store.begin(&user.actor()).await?;
    let mut account = tx.users().get(id).await?;
    if let Some(name) = change.display_name {
        account.display_name = name;
    }
    if let Some(role) = change.role {
        account.role = role.into();
    }
    account.password_hash = hash.or(account.password_hash);
    tx.users().update(&account).await?;
    tx.commit().await?;
    if sign_out {
        let mut tx = state.store.begin(&Actor::Service).await?;
        tx.sessions().delete_of_user(id).await?;
        tx.commit().await?;
    }
    Ok(Json(Account::of(account)))
}

/// Makes a local account on behalf of `actor`; the command line's `add-user` comes here too.
///
/// # Errors
/// 409 for a taken login, 403 when the actor may not, 500 when hashing failed.
pub async fn make(state: &AppState, actor: &Actor, new: NewAccount) -> Result<User, AppError> {
    let hash = state
        .passwords
        .hash(new.password)
        .await
        .map_err(AppError::internal)?;
    let user = User {
        id: UserId::random(state.entropy.as_ref()),
        login: new.login,
        display_name: new.display_name,
        role: new.role.into(),
        password_hash: Some(hash),
        identity: None,
        created_at: state.clock.now(),
    };
    insert(state, actor, user).await
}

impl NewAccount {
    /// A checked new account.
    ///
    /// # Errors
    /// 422 with every wrong member.
    pub fn new(
        login: String,
        display_name: String,
        role: Role,
        password: SecretString,
    ) -> Result<Self, AppError> {
        let role = match role {
            Role::Admin => RoleName::Admin,
            Role::Teacher => RoleName::Teacher,
            _ => RoleName::Student,
        };
        let new = Self {
            login,
            display_name,
            role,
            password,
        };
        crate::http::extract::check(&new)?;
        Ok(new)
    }
}

/// The account of this login, made without a password if there is none. For the test sign-in.
pub(super) async fn ensure(
    state: &AppState,
    login: &str,
    role: RoleName,
) -> Result<User, AppError> {
    let found = {
        let mut tx = state.store.read(&Actor::Service).await?;
        tx.users().find_by_login(login).await?
    };
    if let Some(user) = found {
        return Ok(user);
    }
    let user = User {
        id: UserId::random(state.entropy.as_ref()),
        login: login.to_owned(),
        display_name: login.to_owned(),
        role: role.into(),
        password_hash: None,
        identity: None,
        created_at: state.clock.now(),
    };
    insert(state, &Actor::Service, user).await
}

/// The account behind verified claims; a student's account is made for somebody new.
pub(super) async fn of_identity(state: &AppState, claims: Claims) -> Result<User, AppError> {
    let identity = Identity {
        issuer: claims.iss,
        subject: claims.sub,
    };
    let found = {
        let mut tx = state.store.read(&Actor::Service).await?;
        tx.users().find_by_identity(&identity).await?
    };
    if let Some(user) = found {
        return Ok(user);
    }
    let id = UserId::random(state.entropy.as_ref());
    // The login is never derived from claims: it must not collide with, or pass for, a local account.
    let name = claims
        .name
        .filter(|name| !name.is_empty() && name.len() <= 200 && one_line(name, &()).is_ok());
    let user = User {
        id,
        login: format!("openid-{id}"),
        display_name: name.unwrap_or_else(|| "New learner".to_owned()),
        role: Role::Student,
        password_hash: None,
        identity: Some(identity),
        created_at: state.clock.now(),
    };
    insert(state, &Actor::Service, user).await
}

async fn insert(state: &AppState, actor: &Actor, user: User) -> Result<User, AppError> {
    let mut tx = state.store.begin(actor).await?;
    tx.users().insert(&user).await?;
    tx.commit().await?;
    Ok(user)
}

pub(super) fn password_length(password: &SecretString, _: &()) -> garde::Result {
    let length = password.expose_secret().len();
    if (1..=MAX_PASSWORD).contains(&length) {
        return Ok(());
    }
    Err(garde::Error::new("must have 1 to 1000 bytes"))
}

fn new_password(password: &SecretString, _: &()) -> garde::Result {
    let length = password.expose_secret().len();
    if (MIN_NEW_PASSWORD..=MAX_PASSWORD).contains(&length) {
        return Ok(());
    }
    Err(garde::Error::new("must have 12 to 1000 bytes"))
}

fn one_line(text: &str, _: &()) -> garde::Result {
    if text.chars().any(char::is_control) || text.trim() != text {
        return Err(garde::Error::new(
            "must be one line without surrounding blanks",
        ));
    }
    Ok(())
}
