//! What every report of a runtime goes through, gathered so that a store can do it at once.

use super::attempt::Attempt;
use super::ids::{AttemptId, ProviderId};
use super::provider::ProviderStatus;
use super::runtime::{Claim, CourseEvent, IdempotencyKey, StoredAnswer};

/// A call that reports on an attempt.
#[derive(Debug, Clone, Copy)]
pub struct ReportCall<'a> {
    /// On which.
    pub attempt: AttemptId,
    /// The provider that it comes from; `None` where that has been looked at already.
    pub provider: Option<ProviderId>,
    /// What a retry is recognised by: the key, and the SHA-256 of the request.
    pub key: Option<(&'a IdempotencyKey, &'a [u8; 32])>,
}

/// What decides whether a provider may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportHost {
    /// Where it is.
    pub origin: String,
    /// Whether it is switched on.
    pub status: ProviderStatus,
}

/// What a store knows of a call that reports.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportOpened {
    /// The provider, if it was asked for and there is one.
    pub host: Option<ReportHost>,
    /// What the key turned out to be; [`Claim::Fresh`] where there is none.
    pub claim: Claim,
    /// The attempt, if the claim is fresh and there is one.
    pub attempt: Option<Attempt>,
}

/// What is kept of a report.
#[derive(Debug, Clone, Copy)]
pub struct ReportOutcome<'a> {
    /// The attempt as it is now.
    pub attempt: &'a Attempt,
    /// What the log says.
    pub event: Option<&'a CourseEvent>,
    /// What is answered, and the key that a retry gets it by.
    pub answer: Option<(&'a IdempotencyKey, &'a StoredAnswer)>,
}
