//! Reports of runtimes: what each of them reads and writes, in one statement where the engine can.
//!
//! PostgreSQL writes to several tables in one statement; each exchange that this saves costs both sides more than the
//! rows do. SQLite is in this process and takes the steps one after the other.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{
    Attempts, Events, Idempotency, Providers, Reports, Result, StoreError,
};
use scormbridge_lms::classroom::{
    Claim, ProviderStatus, ReportCall, ReportHost, ReportOpened, ReportOutcome, Timestamp,
};

use crate::attempts::{about, attempt, select_attempts};
use crate::link::values_of;
use crate::tx::{About, SqlTx};

/// Whoever has the attempt makes this wait before it takes the key: the attempt's rows are read to decide what comes
/// out, the key's only to say whether it was taken. So no two of these wait for each other.
const OPEN: &str = concat!(
    "WITH claimed AS (INSERT INTO idempotency_records (scope, key, request_hash, created_at) \
         SELECT $3, $4, $5, $6 WHERE $3 IS NOT NULL ON CONFLICT (scope, key) DO NOTHING RETURNING 1) \
     SELECT h.origin AS host_origin, h.status AS host_status, a.*, \
         EXISTS (SELECT 1 FROM claimed) AS claimed \
     FROM (VALUES (1)) AS one (n) LEFT JOIN course_providers h ON h.id = $2 LEFT JOIN (",
    select_attempts!("FROM interactive_attempts a WHERE a.id = $1 FOR UPDATE"),
    ") a ON true"
);

const KEEP: &str = "WITH moved AS (UPDATE interactive_attempts SET status = $2, progress = $3, \
         score_raw = $4, score_max = $5, completed_at = $6, last_activity_at = $7 \
         WHERE id = $1 RETURNING 1), \
     logged AS (INSERT INTO course_events \
         (id, course_id, attempt_id, kind, payload, at, request_id) \
         SELECT $8, $9, $10, $11, $12, $13, $14 WHERE $8 IS NOT NULL), \
     kept AS (UPDATE idempotency_records SET status = $17, body = $18 \
         WHERE scope = $15 AND key = $16 AND status IS NULL RETURNING 1) \
     SELECT EXISTS (SELECT 1 FROM moved) AS moved, EXISTS (SELECT 1 FROM kept) AS kept";

fn found<T>(got: Result<T>) -> Result<Option<T>> {
    match got {
        Ok(it) => Ok(Some(it)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

impl SqlTx {
    async fn open_in_turn(
        &mut self,
        call: &ReportCall<'_>,
        now: Timestamp,
    ) -> Result<ReportOpened> {
        let provider = match call.provider {
            Some(id) => found(Providers::get(self, id).await)?,
            None => None,
        };
        let claim = match call.key {
            Some((key, request)) => self.claim(key, request, now).await?,
            None => Claim::Fresh,
        };
        let attempt = match claim {
            Claim::Fresh => found(self.lock(call.attempt).await)?,
            _ => None,
        };
        Ok(ReportOpened {
            host: provider.map(|provider| ReportHost {
                origin: provider.origin,
                status: provider.status,
            }),
            claim,
            attempt,
        })
    }

    async fn open_at_once(
        &mut self,
        call: &ReportCall<'_>,
        now: Timestamp,
    ) -> Result<ReportOpened> {
        self.demand(
            Table::InteractiveAttempts,
            Operation::Update,
            About::Attempt(call.attempt),
        )
        .await?;
        if call.key.is_some() {
            self.demand(Table::IdempotencyRecords, Operation::Insert, About::Site)
                .await?;
        }
        let values = values_of![
            call.attempt,
            call.provider,
            call.key.map(|(key, _)| key.scope.as_str()),
            call.key.map(|(key, _)| key.key.as_str()),
            call.key.map_or(&[0; 32], |(_, request)| request),
            now,
        ];
        let row = self
            .execute_returning(OPEN, values)
            .await?
            .ok_or(StoreError::NotFound)?;
        let host = match row.opt_text("host_origin")? {
            Some(origin) => Some(ReportHost {
                origin,
                status: row.word("host_status", ProviderStatus::from_name)?,
            }),
            None => None,
        };
        let host = self
            .shown(Table::CourseProviders, host, |_| About::Site)
            .await?;
        if let Some((key, request)) = call.key
            && !row.flag("claimed")?
        {
            return Ok(ReportOpened {
                host,
                claim: self.claimed_before(key, request).await?,
                attempt: None,
            });
        }
        let held = match row.opt_id_bits("id")? {
            Some(_) => Some(attempt(&row)?),
            None => None,
        };
        Ok(ReportOpened {
            host,
            claim: Claim::Fresh,
            attempt: self.shown(Table::InteractiveAttempts, held, about).await?,
        })
    }

    async fn keep_in_turn(&mut self, outcome: &ReportOutcome<'_>) -> Result<()> {
        Attempts::update(self, outcome.attempt).await?;
        if let Some(event) = outcome.event {
            self.append(event).await?;
        }
        if let Some((key, answer)) = outcome.answer {
            self.finish(key, answer).await?;
        }
        Ok(())
    }

    async fn keep_at_once(&mut self, outcome: &ReportOutcome<'_>) -> Result<()> {
        let ReportOutcome {
            attempt,
            event,
            answer,
        } = *outcome;
        self.demand(
            Table::InteractiveAttempts,
            Operation::Update,
            about(attempt),
        )
        .await?;
        if let Some(event) = event {
            let course = About::Course(event.course);
            self.demand(Table::CourseEvents, Operation::Insert, course)
                .await?;
        }
        if answer.is_some() {
            self.demand(Table::IdempotencyRecords, Operation::Update, About::Site)
                .await?;
        }
        let values = values_of![
            attempt.id,
            attempt.status.name(),
            i64::from(attempt.progress),
            attempt.score.map(|score| score.raw()),
            attempt.score.map(|score| score.max()),
            attempt.completed_at,
            attempt.last_activity_at,
            event.map(|event| event.id),
            event.map(|event| event.course),
            event.and_then(|event| event.attempt),
            event.map(|event| event.kind.as_str()),
            event.map(|event| event.payload.as_str()),
            event.map(|event| event.at),
            event.map(|event| event.request_id.as_str()),
            answer.map(|(key, _)| key.scope.as_str()),
            answer.map(|(key, _)| key.key.as_str()),
            answer.map(|(_, answer)| i64::from(answer.status)),
            answer.map(|(_, answer)| answer.body.as_str()),
        ];
        let row = self
            .execute_returning(KEEP, values)
            .await?
            .ok_or(StoreError::NotFound)?;
        if row.flag("moved")? && (answer.is_none() || row.flag("kept")?) {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }
}

#[async_trait]
impl Reports for SqlTx {
    async fn open(&mut self, call: &ReportCall<'_>, now: Timestamp) -> Result<ReportOpened> {
        if self.writes_at_once() {
            self.open_at_once(call, now).await
        } else {
            self.open_in_turn(call, now).await
        }
    }

    async fn keep(&mut self, outcome: &ReportOutcome<'_>) -> Result<()> {
        if self.writes_at_once() {
            self.keep_at_once(outcome).await
        } else {
            self.keep_in_turn(outcome).await
        }
    }
}
