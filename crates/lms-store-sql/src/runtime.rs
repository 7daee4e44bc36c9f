//! What runtimes leave behind: the log, checkpoints, and answers kept for retries.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{
    Checkpoints, Events, Idempotency, Page, Paged, Result, StoreError,
};
use scormbridge_lms::classroom::{
    AttemptId, Checkpoint, Claim, CourseEvent, CourseId, EventId, IdempotencyKey, StoredAnswer,
    Timestamp,
};

use crate::link::{Row, strange, values_of};
use crate::page;
use crate::tx::{About, SqlTx};

fn event(row: &Row) -> Result<CourseEvent> {
    Ok(CourseEvent {
        id: row.id("id", EventId::from_bits)?,
        course: row.id("course_id", CourseId::from_bits)?,
        attempt: row.opt_id("attempt_id", AttemptId::from_bits)?,
        kind: row.text("kind")?,
        payload: row.text("payload")?,
        at: row.time("at")?,
        request_id: row.text("request_id")?,
    })
}

pub(crate) const EVENTS_OF_COURSE: &str = "SELECT id, course_id, attempt_id, kind, payload, at, request_id \
                 FROM course_events WHERE course_id = $4 AND (at, id) < ($1, $2) \
                 ORDER BY at DESC, id DESC LIMIT $3";

#[async_trait]
impl Events for SqlTx {
    async fn append(&mut self, event: &CourseEvent) -> Result<()> {
        self.demand(
            Table::CourseEvents,
            Operation::Insert,
            About::Course(event.course),
        )
        .await?;
        self.execute(
            "INSERT INTO course_events (id, course_id, attempt_id, kind, payload, at, request_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values_of![
                event.id,
                event.course,
                event.attempt,
                &event.kind,
                &event.payload,
                event.at,
                &event.request_id,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn of_course(&mut self, course: CourseId, page: &Page) -> Result<Paged<CourseEvent>> {
        self.demand(
            Table::CourseEvents,
            Operation::Select,
            About::Course(course),
        )
        .await?;
        let (key, id) = page::before_time(page)?;
        let rows = self
            .all(
                EVENTS_OF_COURSE,
                vec![key, id, page::fetch(page), course.into()],
            )
            .await?;
        page::paged(page, &rows, event, |item| {
            (item.at.0.to_string(), item.id.bits())
        })
    }

    async fn purge(&mut self, before: Timestamp) -> Result<u64> {
        self.demand(Table::CourseEvents, Operation::Delete, About::Site)
            .await?;
        self.execute(
            "DELETE FROM course_events WHERE id IN \
                 (SELECT id FROM course_events WHERE at < $1 ORDER BY at LIMIT $2)",
            values_of![before, page::batch()],
        )
        .await
    }
}

#[async_trait]
impl Checkpoints for SqlTx {
    async fn save(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        let about = About::Attempt(checkpoint.attempt);
        self.demand(Table::RuntimeCheckpoints, Operation::Insert, about)
            .await?;
        self.demand(Table::RuntimeCheckpoints, Operation::Update, about)
            .await?;
        self.execute(
            "INSERT INTO runtime_checkpoints (attempt_id, key, data, updated_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (attempt_id, key) \
             DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at",
            values_of![
                checkpoint.attempt,
                &checkpoint.key,
                &checkpoint.data,
                checkpoint.updated_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn find(&mut self, attempt: AttemptId, key: &str) -> Result<Option<Checkpoint>> {
        let row = SqlTx::find(
            self,
            "SELECT data, updated_at FROM runtime_checkpoints WHERE attempt_id = $1 AND key = $2",
            values_of![attempt, key],
        )
        .await?;
        let found = row
            .map(|row| {
                Ok::<_, StoreError>(Checkpoint {
                    attempt,
                    key: key.to_owned(),
                    data: row.text("data")?,
                    updated_at: row.time("updated_at")?,
                })
            })
            .transpose()?;
        self.shown(Table::RuntimeCheckpoints, found, |_| {
            About::Attempt(attempt)
        })
        .await
    }

    async fn delete(&mut self, attempt: AttemptId, key: &str) -> Result<()> {
        let about = About::Attempt(attempt);
        self.demand(Table::RuntimeCheckpoints, Operation::Delete, about)
            .await?;
        self.execute(
            "DELETE FROM runtime_checkpoints WHERE attempt_id = $1 AND key = $2",
            values_of![attempt, key],
        )
        .await
        .map(|_| ())
    }

    async fn purge(&mut self, before: Timestamp) -> Result<u64> {
        self.demand(Table::RuntimeCheckpoints, Operation::Delete, About::Site)
            .await?;
        self.execute(
            "DELETE FROM runtime_checkpoints WHERE (attempt_id, key) IN \
                 (SELECT attempt_id, key FROM runtime_checkpoints WHERE updated_at < $1 \
                 ORDER BY updated_at LIMIT $2)",
            values_of![before, page::batch()],
        )
        .await
    }
}

impl SqlTx {
    /// What a key is that somebody has taken.
    pub(crate) async fn claimed_before(
        &mut self,
        key: &IdempotencyKey,
        request: &[u8; 32],
    ) -> Result<Claim> {
        let row = SqlTx::find(
            self,
            "SELECT request_hash, status, body FROM idempotency_records \
             WHERE scope = $1 AND key = $2",
            values_of![&key.scope, &key.key],
        )
        .await?
        .ok_or(StoreError::Busy)?;
        if row.hash("request_hash")? != *request {
            return Ok(Claim::Mismatch);
        }
        match (row.opt_int("status")?, row.opt_text("body")?) {
            (Some(status), Some(body)) => {
                let status = u16::try_from(status).map_err(|_| strange("status"))?;
                Ok(Claim::Replay(StoredAnswer { status, body }))
            }
            _ => Err(StoreError::Busy),
        }
    }
}

#[async_trait]
impl Idempotency for SqlTx {
    async fn claim(
        &mut self,
        key: &IdempotencyKey,
        request: &[u8; 32],
        now: Timestamp,
    ) -> Result<Claim> {
        self.demand(Table::IdempotencyRecords, Operation::Insert, About::Site)
            .await?;
        // Whoever has the key uncommitted makes this wait; then it is either theirs or free.
        let taken = self
            .execute(
                "INSERT INTO idempotency_records (scope, key, request_hash, created_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT (scope, key) DO NOTHING",
                values_of![&key.scope, &key.key, request, now],
            )
            .await?;
        if taken > 0 {
            return Ok(Claim::Fresh);
        }
        self.claimed_before(key, request).await
    }

    async fn finish(&mut self, key: &IdempotencyKey, answer: &StoredAnswer) -> Result<()> {
        self.demand(Table::IdempotencyRecords, Operation::Update, About::Site)
            .await?;
        self.execute_one(
            "UPDATE idempotency_records SET status = $3, body = $4 \
             WHERE scope = $1 AND key = $2 AND status IS NULL",
            values_of![&key.scope, &key.key, i64::from(answer.status), &answer.body],
        )
        .await
    }

    async fn purge(&mut self, before: Timestamp) -> Result<u64> {
        self.demand(Table::IdempotencyRecords, Operation::Delete, About::Site)
            .await?;
        self.execute(
            "DELETE FROM idempotency_records WHERE (scope, key) IN \
                 (SELECT scope, key FROM idempotency_records WHERE created_at < $1 \
                 ORDER BY created_at LIMIT $2)",
            values_of![before, page::batch()],
        )
        .await
    }
}
