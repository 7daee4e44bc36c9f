//! The database of the configuration, reached when it is there.
//!
//! The server listens before its database answers, so that `/healthz` and `/readyz` can say what is missing. Until
//! [`Database::connect`] succeeds, every unit of work is `Unavailable`.

use std::path::PathBuf;
use std::sync::OnceLock;

use async_trait::async_trait;
use scormbridge_lms::classroom::ports::{Result, Store, StoreError, Tx};
use scormbridge_lms::classroom::{Actor, BucketRule, Poured, Timestamp};
use scormbridge_lms_store_sql::{ConnectError, PostgresOptions, SqlStore, SqliteOptions};
use secrecy::ExposeSecret;

use crate::config;

/// A store that may not be there yet.
#[derive(Default)]
pub struct Database(OnceLock<SqlStore>);

/// Nobody has connected so far.
#[derive(Debug, thiserror::Error)]
#[error("the database has not been reached yet")]
struct NotYet;

impl Database {
    /// Connects. SQLite files are made and brought up to date; PostgreSQL's tables are the owner's matter.
    ///
    /// # Errors
    /// See [`ConnectError`]. Only [`ConnectError::Unavailable`] may pass by waiting.
    pub async fn connect(&self, settings: &config::Store) -> std::result::Result<(), ConnectError> {
        let url = settings.url.expose_secret();
        let store = match url.strip_prefix("sqlite:") {
            Some(path) => {
                let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
                SqlStore::sqlite(&SqliteOptions {
                    readers: settings.connections,
                    ..SqliteOptions::new(path)
                })
                .await?
            }
            None => {
                let options = PostgresOptions::new(url.to_owned());
                SqlStore::postgres(&PostgresOptions {
                    connections: settings.connections,
                    ..options
                })
                .await?
            }
        };
        // Set once; a second connection would be dropped again.
        let _ = self.0.set(store);
        Ok(())
    }

    fn reached(&self) -> Result<&SqlStore> {
        self.0
            .get()
            .ok_or_else(|| StoreError::Unavailable(Box::new(NotYet)))
    }
}

#[async_trait]
impl Store for Database {
    async fn begin(&self, actor: &Actor) -> Result<Box<dyn Tx>> {
        self.reached()?.begin(actor).await
    }

    async fn read(&self, actor: &Actor) -> Result<Box<dyn Tx>> {
        self.reached()?.read(actor).await
    }

    async fn ping(&self) -> Result<()> {
        self.reached()?.ping().await
    }

    async fn pour(
        &self,
        key: u128,
        rule: &BucketRule,
        count: u32,
        now: Timestamp,
    ) -> Result<Poured> {
        self.reached()?.pour(key, rule, count, now).await
    }

    async fn purge_buckets(&self, now: Timestamp) -> Result<u64> {
        self.reached()?.purge_buckets(now).await
    }
}
