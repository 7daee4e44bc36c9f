//! An administrator's pages: all courses, the providers, and the accounts.

use askama::Template;
use axum::extract::State;
use scormbridge_lms::classroom::{Provider, ProviderId, ProviderStatus, User};

use super::ask::{After, Asked, Named};
use super::pager::{Pager, ROWS, part};
use super::view::Card;
use super::{Page, Visitor, Who, render};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "admin_courses.html")]
struct CoursesPage {
    who: Option<Who>,
    section: &'static str,
    tab: &'static str,
    courses: Vec<Card>,
    pager: Pager,
}

pub(super) async fn courses(
    State(state): State<AppState>,
    visitor: Visitor,
    Asked(After { after }): Asked<After>,
) -> Page {
    let user = visitor.admin()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.courses().list(&part(after.as_ref(), ROWS)).await?;
    let after = after.as_deref();
    render(&CoursesPage {
        who: Who::of(&user),
        section: "admin",
        tab: "courses",
        courses: found.items.into_iter().map(Card::from).collect(),
        pager: Pager::new("Courses", "/admin/courses", &[], "after", after, found.next),
    })
}

#[derive(Template)]
#[template(path = "admin_providers.html")]
struct ProvidersPage {
    who: Option<Who>,
    section: &'static str,
    tab: &'static str,
    providers: Vec<Provider>,
    pager: Pager,
}

pub(super) async fn providers(
    State(state): State<AppState>,
    visitor: Visitor,
    Asked(After { after }): Asked<After>,
) -> Page {
    let user = visitor.admin()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.providers().list(&part(after.as_ref(), ROWS)).await?;
    let after = after.as_deref();
    render(&ProvidersPage {
        who: Who::of(&user),
        section: "admin",
        tab: "providers",
        providers: found.items,
        pager: Pager::new(
            "Providers",
            "/admin/providers",
            &[],
            "after",
            after,
            found.next,
        ),
    })
}

#[derive(Template)]
#[template(path = "admin_provider.html")]
struct ProviderPage {
    who: Option<Who>,
    section: &'static str,
    provider: Provider,
    active: bool,
}

pub(super) async fn provider(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(id): Named<ProviderId>,
) -> Page {
    let user = visitor.admin()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let provider = tx.providers().get(id).await?;
    render(&ProviderPage {
        who: Who::of(&user),
        section: "admin",
        active: provider.status == ProviderStatus::Active,
        provider,
    })
}

#[derive(Template)]
#[template(path = "admin_users.html")]
struct UsersPage {
    who: Option<Who>,
    section: &'static str,
    tab: &'static str,
    users: Vec<User>,
    pager: Pager,
}

pub(super) async fn users(
    State(state): State<AppState>,
    visitor: Visitor,
    Asked(After { after }): Asked<After>,
) -> Page {
    let user = visitor.admin()?;
    let mut tx = state.store.read(&user.actor()).await?;
    let found = tx.users().list(&part(after.as_ref(), ROWS)).await?;
    let after = after.as_deref();
    render(&UsersPage {
        who: Who::of(&user),
        section: "admin",
        tab: "users",
        users: found.items,
        pager: Pager::new("Accounts", "/admin/users", &[], "after", after, found.next),
    })
}
