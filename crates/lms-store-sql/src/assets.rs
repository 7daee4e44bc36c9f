//! Which files learners made.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Assets, Result, StoreError};
use scormbridge_lms::classroom::{Asset, AssetId, AssetUse, AttemptId, Timestamp};

use crate::link::{Row, strange, values_of};
use crate::page::batch;
use crate::tx::{About, SqlTx};

fn asset(row: &Row) -> Result<Asset> {
    Ok(Asset {
        id: row.id("id", AssetId::from_bits)?,
        attempt: row.id("attempt_id", AttemptId::from_bits)?,
        name: row.text("name")?,
        content_type: row.text("content_type")?,
        bytes: row.small("bytes")?,
        announced_at: row.time("announced_at")?,
        kept_at: row.opt_time("kept_at")?,
    })
}

impl SqlTx {
    /// A count and a sum, as two numbers.
    async fn files_and_bytes(
        &mut self,
        sql: &'static str,
        attempt: AttemptId,
    ) -> Result<(u64, u64)> {
        let row = self
            .find(sql, values_of![attempt])
            .await?
            .ok_or_else(|| strange("files"))?;
        Ok((row.small("files")?, row.small("bytes")?))
    }
}

#[async_trait]
impl Assets for SqlTx {
    async fn usage(&mut self, attempt: AttemptId) -> Result<AssetUse> {
        // Whoever may add to it needs to know.
        self.demand(
            Table::RuntimeAssets,
            Operation::Insert,
            About::Attempt(attempt),
        )
        .await?;
        // The learner's account stands for all of their attempts: of two calls at a time one waits here.
        self.find_locked(
            "SELECT id FROM users WHERE id = \
             (SELECT user_id FROM interactive_attempts WHERE id = $1)",
            values_of![attempt],
        )
        .await?
        .ok_or(StoreError::NotFound)?;
        let (attempt_files, attempt_bytes) = self
            .files_and_bytes(
                "SELECT count(*) AS files, CAST(coalesce(sum(bytes), 0) AS bigint) AS bytes \
                 FROM runtime_assets WHERE attempt_id = $1",
                attempt,
            )
            .await?;
        let (_, user_bytes) = self
            .files_and_bytes(
                "SELECT count(*) AS files, CAST(coalesce(sum(f.bytes), 0) AS bigint) AS bytes \
                 FROM interactive_attempts mine \
                 JOIN interactive_attempts a ON a.user_id = mine.user_id \
                 JOIN runtime_assets f ON f.attempt_id = a.id WHERE mine.id = $1",
                attempt,
            )
            .await?;
        Ok(AssetUse {
            attempt_files,
            attempt_bytes,
            user_bytes,
        })
    }

    async fn insert(&mut self, asset: &Asset) -> Result<()> {
        self.demand(
            Table::RuntimeAssets,
            Operation::Insert,
            About::Attempt(asset.attempt),
        )
        .await?;
        let bytes = i64::try_from(asset.bytes).map_err(|_| StoreError::Invalid)?;
        self.execute(
            "INSERT INTO runtime_assets \
             (id, attempt_id, name, content_type, bytes, announced_at, kept_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values_of![
                asset.id,
                asset.attempt,
                &asset.name,
                &asset.content_type,
                bytes,
                asset.announced_at,
                asset.kept_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn find(&mut self, id: AssetId) -> Result<Option<Asset>> {
        let row = SqlTx::find(
            self,
            "SELECT id, attempt_id, name, content_type, bytes, announced_at, kept_at \
             FROM runtime_assets WHERE id = $1",
            values_of![id],
        )
        .await?;
        let found = row.as_ref().map(asset).transpose()?;
        self.shown(Table::RuntimeAssets, found, |asset| {
            About::Attempt(asset.attempt)
        })
        .await
    }

    async fn keep(&mut self, id: AssetId, now: Timestamp) -> Result<()> {
        self.demand(Table::RuntimeAssets, Operation::Update, About::Site)
            .await?;
        self.execute_one(
            "UPDATE runtime_assets SET kept_at = $2 WHERE id = $1 AND kept_at IS NULL",
            values_of![id, now],
        )
        .await
    }

    async fn of_attempt(&mut self, attempt: AttemptId) -> Result<Vec<AssetId>> {
        self.demand(
            Table::RuntimeAssets,
            Operation::Select,
            About::Attempt(attempt),
        )
        .await?;
        let rows = self
            .all(
                "SELECT id FROM runtime_assets WHERE attempt_id = $1",
                values_of![attempt],
            )
            .await?;
        rows.iter()
            .map(|row| row.id("id", AssetId::from_bits))
            .collect()
    }

    async fn purge(&mut self, before: Timestamp) -> Result<u64> {
        self.demand(Table::RuntimeAssets, Operation::Delete, About::Site)
            .await?;
        self.execute(
            "DELETE FROM runtime_assets WHERE id IN \
             (SELECT id FROM runtime_assets WHERE kept_at IS NULL AND announced_at < $1 \
             ORDER BY announced_at LIMIT $2)",
            values_of![before, batch()],
        )
        .await
    }
}
