//! What has to be forgotten: sessions that ended, nonces that expired, answers for retries that nobody retries,
//! checkpoints and histories past their time, buckets that are full again, files that never arrived or that nothing names any more.
//!
//! One process at a time: each step holds the store's lock for this work and gives it up with its unit of work, so
//! that a process that dies leaves nothing locked. Steps are small; a shutdown waits for the one that is under way.

use std::time::Duration;

use scormbridge_lms::classroom::ports::{PURGE_BATCH, StoreError, Tx};
use scormbridge_lms::classroom::{Actor, Timestamp};
use serde::Serialize;
use tokio::sync::watch;

use crate::runtime::asset_store;
use crate::state::AppState;

/// Names this work among the store's locks: "lms-jobs" as bytes.
const WORK: i64 = i64::from_be_bytes(*b"lms-jobs");

/// How long after its end a nonce is kept, and how long a file may take to arrive. A signed URL lasts minutes.
const GRACE_MS: i64 = 3_600_000;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What one round forgot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Forgotten {
    /// Sessions that ended.
    pub sessions: u64,
    /// Nonces of launch tokens that expired.
    pub nonces: u64,
    /// Answers kept for retries.
    pub idempotency: u64,
    /// Checkpoints past their time.
    pub checkpoints: u64,
    /// Lines of the log past their time.
    pub events: u64,
    /// Pieces of the history of SCOs' commits past their time.
    pub history: u64,
    /// Buckets that are full again.
    pub buckets: u64,
    /// Files that were announced and never arrived.
    pub announcements: u64,
    /// Files on disk that nothing names.
    pub files: u64,
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Everything that was due is gone.
    Done(Forgotten),
    /// Another process is at it.
    Elsewhere,
    /// The server is stopping; the rest is for the next round.
    Stopped,
}

/// Why a round failed. What was forgotten before stays forgotten.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// The database refused.
    #[error("the database: {}", .0.reason())]
    Store(#[from] StoreError),
    /// The folder of learners' files cannot be read or changed.
    #[error("the folder of learners' files")]
    Files(#[from] std::io::Error),
}

/// Why a step is not the end of a round that goes on.
enum Halt {
    Round(Round),
    Failed(JobError),
}

impl<E: Into<JobError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Rounds at the configured interval until `stop` says so.
pub async fn run(state: AppState, mut stop: watch::Receiver<bool>) {
    let pause = Duration::from_secs(u64::from(state.config.jobs.every_minutes) * 60);
    loop {
        match round(&state, &stop).await {
            Ok(Round::Done(forgotten)) => tracing::info!(?forgotten, "forgot what was due"),
            Ok(Round::Elsewhere) => tracing::debug!("another process does the jobs"),
            Ok(Round::Stopped) => return,
            Err(error) => tracing::warn!(%error, "a round of jobs failed"),
        }
        tokio::select! {
            // An error means that whoever could say so is gone.
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// One round.
///
/// # Errors
/// See [`JobError`].
pub async fn round(state: &AppState, stop: &watch::Receiver<bool>) -> Result<Round, JobError> {
    let mut forgotten = Forgotten::default();
    match steps(state, stop, &mut forgotten).await {
        Ok(()) => Ok(Round::Done(forgotten)),
        Err(Halt::Round(round)) => Ok(round),
        Err(Halt::Failed(error)) => Err(error),
    }
}

/// What rows are forgotten of.
#[derive(Clone, Copy)]
enum Rows {
    Sessions,
    Nonces,
    Idempotency,
    Checkpoints,
    Events,
    History,
    Announcements,
}

async fn steps(
    state: &AppState,
    stop: &watch::Receiver<bool>,
    forgotten: &mut Forgotten,
) -> Result<(), Halt> {
    let settings = &state.config.jobs;
    let now = state.clock.now();
    let ago = |ms: i64| now.plus_ms(-ms);
    let batch = Batch { state, stop };
    forgotten.sessions = batch.all(Rows::Sessions, now).await?;
    forgotten.nonces = batch.all(Rows::Nonces, ago(GRACE_MS)).await?;
    let hours = i64::from(settings.idempotency_hours);
    forgotten.idempotency = batch.all(Rows::Idempotency, ago(hours * HOUR_MS)).await?;
    let days = i64::from(settings.checkpoint_days);
    forgotten.checkpoints = batch.all(Rows::Checkpoints, ago(days * DAY_MS)).await?;
    if let Some(days) = settings.event_days {
        let before = ago(i64::from(days) * DAY_MS);
        forgotten.events = batch.all(Rows::Events, before).await?;
    }
    if let Some(days) = settings.history_days {
        let before = ago(i64::from(days) * DAY_MS);
        forgotten.history = batch.all(Rows::History, before).await?;
    }
    forgotten.announcements = batch.all(Rows::Announcements, ago(GRACE_MS)).await?;
    loop {
        batch.may_go_on()?;
        let gone = state.store.purge_buckets(now).await?;
        forgotten.buckets += gone;
        if gone < PURGE_BATCH {
            break;
        }
    }
    // After the rows, so that what they named just now is gone in the same round.
    let before = Duration::from_millis(u64::try_from(ago(GRACE_MS).0).unwrap_or_default());
    for folder in asset_store::folders(&state.config.runtime.assets).await? {
        let mut tx = batch.begin().await?;
        let linked = tx.assets().of_attempt(folder.attempt).await?;
        forgotten.files += folder.sweep(&linked, before).await?;
        tx.rollback().await?;
    }
    Ok(())
}

struct Batch<'a> {
    state: &'a AppState,
    stop: &'a watch::Receiver<bool>,
}

impl Batch<'_> {
    fn may_go_on(&self) -> Result<(), Halt> {
        if *self.stop.borrow() {
            return Err(Halt::Round(Round::Stopped));
        }
        Ok(())
    }

    /// A unit of work that nobody else does this work in.
    async fn begin(&self) -> Result<Box<dyn Tx>, Halt> {
        self.may_go_on()?;
        let mut tx = self.state.store.begin(&Actor::Service).await?;
        if tx.alone(WORK).await? {
            return Ok(tx);
        }
        Err(Halt::Round(Round::Elsewhere))
    }

    /// Batch by batch, until nothing of it is older than `before`.
    async fn all(&self, rows: Rows, before: Timestamp) -> Result<u64, Halt> {
        let mut sum = 0;
        loop {
            let mut tx = self.begin().await?;
            let gone = match rows {
                Rows::Sessions => tx.sessions().purge(before).await?,
                Rows::Nonces => tx.launches().purge(before).await?,
                Rows::Idempotency => tx.idempotency().purge(before).await?,
                Rows::Checkpoints => tx.checkpoints().purge(before).await?,
                Rows::Events => tx.events().purge(before).await?,
                Rows::History => tx.scorm().purge_history(before).await?,
                Rows::Announcements => tx.assets().purge(before).await?,
            };
            tx.commit().await?;
            sum += gone;
            if gone < PURGE_BATCH {
                return Ok(sum);
            }
        }
    }
}
