//! Buckets that all processes of a database share: one row each, one atomic statement per request.
//!
//! The statements run outside of any unit of work and carry no identity; `rate_buckets` is the one table without
//! row level security, since its keys are hashes and nothing in it is about anybody.

use scormbridge_lms::classroom::ports::{Result, StoreError};
use scormbridge_lms::classroom::{BucketRule, Poured, Timestamp, micros};
use sqlx::types::Uuid;
use sqlx::{Row as _, SqlitePool};

use crate::connections::Connections;
use crate::error::translate;
use crate::page::BATCH;

/// `$1` key, `$2` now, `$3` what the requests cost, `$4` the latest `full_at` there may be. No row comes back where
/// the requests are not in the bucket; then nothing was written.
const POUR: &str = "INSERT INTO rate_buckets AS b (key, full_at) VALUES ($1, $2 + $3) \
    ON CONFLICT (key) DO UPDATE SET full_at = \
        CASE WHEN b.full_at > $2 THEN b.full_at ELSE $2 END + $3 \
    WHERE CASE WHEN b.full_at > $2 THEN b.full_at ELSE $2 END + $3 <= $4 \
    RETURNING full_at";

const LOOK: &str = "SELECT full_at FROM rate_buckets WHERE key = $1";

const PURGE: &str = "DELETE FROM rate_buckets WHERE key IN \
    (SELECT key FROM rate_buckets WHERE full_at <= $1 ORDER BY full_at LIMIT $2)";

/// The pool that counts.
pub(crate) enum Counter<'a> {
    Postgres(&'a Connections),
    Sqlite(&'a SqlitePool),
}

/// Both drivers, one text: the row's `full_at`, if there is a row.
macro_rules! full_at {
    ($executor:expr, $sql:expr, $key:expr $(, $value:expr)*) => {
        sqlx::query($sql)
            .bind($key)
            $(.bind($value))*
            .fetch_optional($executor)
            .await
            .map_err(translate)?
            .map(|row| row.try_get::<i64, _>("full_at").map_err(translate))
            .transpose()
    };
}

impl Counter<'_> {
    pub(crate) async fn pour(
        &self,
        key: u128,
        rule: &BucketRule,
        count: u32,
        now: Timestamp,
    ) -> Result<Poured> {
        let (interval, burst) = (rule.interval_us.max(1), i64::from(rule.burst.max(1)));
        let count = i64::from(count.max(1));
        let at = micros(now);
        if count > burst {
            return Err(StoreError::Invalid);
        }
        let cost = interval.saturating_mul(count);
        let latest = at.saturating_add(interval.saturating_mul(burst));
        let poured = match self {
            Self::Postgres(connections) => {
                let mut lent = connections.lend().await.map_err(translate)?;
                let poured = full_at!(&mut *lent, POUR, Uuid::from_u128(key), at, cost, latest);
                connections.rest(lent);
                poured
            }
            Self::Sqlite(pool) => full_at!(*pool, POUR, format!("{key:032x}"), at, cost, latest),
        }?;
        if let Some(full_at) = poured {
            return Ok(rule.poured(true, full_at, now));
        }
        let standing = match self {
            Self::Postgres(connections) => {
                let mut lent = connections.lend().await.map_err(translate)?;
                full_at!(&mut *lent, LOOK, Uuid::from_u128(key))
            }
            Self::Sqlite(pool) => full_at!(*pool, LOOK, format!("{key:032x}")),
        }?;
        // Gone meanwhile means full meanwhile; the caller may come again at once.
        Ok(rule.poured(false, standing.unwrap_or(at), now))
    }

    pub(crate) async fn purge(&self, now: Timestamp) -> Result<u64> {
        match self {
            Self::Postgres(connections) => sqlx::query(PURGE)
                .bind(micros(now))
                .bind(BATCH)
                .execute(&mut *connections.lend().await.map_err(translate)?)
                .await
                .map(|done| done.rows_affected()),
            Self::Sqlite(pool) => sqlx::query(PURGE)
                .bind(micros(now))
                .bind(BATCH)
                .execute(*pool)
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err(translate)
    }
}
