//! Hosts of interactive courses.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Page, Paged, Providers, Result, StoreError};
use scormbridge_lms::classroom::{Provider, ProviderId, ProviderStatus, Sealed};

use crate::link::{Row, values_of};
use crate::page;
use crate::tx::{About, SqlTx};

macro_rules! select_providers {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, origin, domain, jwks_url, webhook_secret, status, created_at \
             FROM course_providers ",
            $rest
        )
    };
}

fn provider(row: &Row) -> Result<Provider> {
    Ok(Provider {
        id: row.id("id", ProviderId::from_bits)?,
        name: row.text("name")?,
        origin: row.text("origin")?,
        domain: row.text("domain")?,
        jwks_url: row.opt_text("jwks_url")?,
        webhook_secret: row.opt_text("webhook_secret")?.map(Sealed::new),
        status: row.word("status", ProviderStatus::from_name)?,
        created_at: row.time("created_at")?,
    })
}

const fn site(_: &Provider) -> About {
    About::Site
}

pub(crate) const PROVIDERS_LIST: &str =
    select_providers!("WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3");

pub(crate) const PROVIDERS_SEARCH: &str = select_providers!(
    r"WHERE (name, id) > ($1, $2) AND lower(name) LIKE $4 ESCAPE '\' ORDER BY name, id LIMIT $3"
);

#[async_trait]
impl Providers for SqlTx {
    async fn insert(&mut self, provider: &Provider) -> Result<()> {
        self.demand(Table::CourseProviders, Operation::Insert, About::Site)
            .await?;
        self.execute(
            "INSERT INTO course_providers \
             (id, name, origin, domain, jwks_url, webhook_secret, status, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values_of![
                provider.id,
                &provider.name,
                &provider.origin,
                &provider.domain,
                &provider.jwks_url,
                provider.webhook_secret.as_ref().map(Sealed::expose),
                provider.status.name(),
                provider.created_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get(&mut self, id: ProviderId) -> Result<Provider> {
        let row = self
            .find(select_providers!("WHERE id = $1"), values_of![id])
            .await?;
        let found = row.as_ref().map(provider).transpose()?;
        self.shown(Table::CourseProviders, found, site)
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn find_by_origin(&mut self, origin: &str) -> Result<Option<Provider>> {
        let row = self
            .find(select_providers!("WHERE origin = $1"), values_of![origin])
            .await?;
        let found = row.as_ref().map(provider).transpose()?;
        self.shown(Table::CourseProviders, found, site).await
    }

    async fn update(&mut self, provider: &Provider) -> Result<()> {
        self.demand(Table::CourseProviders, Operation::Update, About::Site)
            .await?;
        self.execute_one(
            "UPDATE course_providers SET name = $2, origin = $3, domain = $4, jwks_url = $5, \
             webhook_secret = $6, status = $7 WHERE id = $1",
            values_of![
                provider.id,
                &provider.name,
                &provider.origin,
                &provider.domain,
                &provider.jwks_url,
                provider.webhook_secret.as_ref().map(Sealed::expose),
                provider.status.name(),
            ],
        )
        .await
    }

    async fn delete(&mut self, id: ProviderId) -> Result<()> {
        self.demand(Table::CourseProviders, Operation::Delete, About::Site)
            .await?;
        self.execute_one("DELETE FROM course_providers WHERE id = $1", values_of![id])
            .await
    }

    async fn search(&mut self, name: &str, page: &Page) -> Result<Paged<Provider>> {
        self.demand(Table::CourseProviders, Operation::Select, About::Site)
            .await?;
        let (key, id) = page::after_text(page)?;
        let pattern = page::anywhere(Some(name)).into();
        let rows = self
            .all(PROVIDERS_SEARCH, vec![key, id, page::fetch(page), pattern])
            .await?;
        page::paged(page, &rows, provider, |item| {
            (item.name.clone(), item.id.bits())
        })
    }

    async fn list(&mut self, page: &Page) -> Result<Paged<Provider>> {
        self.demand(Table::CourseProviders, Operation::Select, About::Site)
            .await?;
        let (key, id) = page::after_text(page)?;
        let rows = self
            .all(PROVIDERS_LIST, vec![key, id, page::fetch(page)])
            .await?;
        page::paged(page, &rows, provider, |item| {
            (item.name.clone(), item.id.bits())
        })
    }
}
