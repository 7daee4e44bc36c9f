//! Bodies that end: every read has a limit on bytes, on silence and on slowness.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, timeout};

use crate::{
    error::{FetchError, Stage},
    options::Timeouts,
};

/// Bytes of a body that is cheaper to read than to break a connection for.
const SHORT: u64 = 16 * 1024;

/// The content of a [`Response`](crate::Response), read piece by piece.
#[derive(Debug)]
pub struct Body(Source);

#[derive(Debug)]
enum Source {
    Whole(Option<Bytes>),
    Remote(Box<Remote>),
}

impl Body {
    /// No content.
    #[must_use]
    pub fn empty() -> Self {
        Self(Source::Whole(None))
    }

    /// The next piece; `None` at the end. Pieces are never empty.
    ///
    /// # Errors
    /// [`FetchError::Timeout`], [`FetchError::TooLarge`], [`FetchError::Protocol`]: the content is incomplete, and
    /// whoever passes it on must break its connection instead of ending the body as if all were well.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, FetchError> {
        match &mut self.0 {
            Source::Whole(bytes) => Ok(bytes.take().filter(|bytes| !bytes.is_empty())),
            Source::Remote(remote) => remote.chunk().await,
        }
    }

    pub(crate) fn remote(remote: Remote) -> Self {
        Self(Source::Remote(Box::new(remote)))
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(Source::Whole(Some(bytes.into())))
    }
}

/// A body on its way from a CDN.
#[derive(Debug)]
pub(crate) struct Remote {
    response: reqwest::Response,
    host: String,
    timeouts: Timeouts,
    limit: u64,
    received: u64,
    waited: Duration,
}

impl Remote {
    pub(crate) fn new(
        response: reqwest::Response,
        host: String,
        timeouts: Timeouts,
        limit: u64,
    ) -> Self {
        Self {
            response,
            host,
            timeouts,
            limit,
            received: 0,
            waited: Duration::ZERO,
        }
    }

    /// So few bytes that they have most likely come with the headers.
    pub(crate) fn is_short(&self) -> bool {
        self.response
            .content_length()
            .is_some_and(|length| length <= SHORT)
    }

    pub(crate) fn lower_limit(&mut self, limit: u64) {
        self.limit = self.limit.min(limit);
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, FetchError> {
        loop {
            let asked = Instant::now();
            let chunk = match timeout(self.timeouts.idle, self.response.chunk()).await {
                Err(_) => return Err(self.late(Stage::Idle)),
                Ok(Err(error)) => return Err(FetchError::from_client(&error, &self.host)),
                Ok(Ok(None)) => return Ok(None),
                Ok(Ok(Some(chunk))) => chunk,
            };
            self.waited += asked.elapsed();
            self.received = self.received.saturating_add(chunk.len() as u64);
            if self.received > self.limit {
                return Err(FetchError::TooLarge { limit: self.limit });
            }
            let wanted = self.timeouts.minimum_speed as f64 * self.waited.as_secs_f64();
            if self.waited > self.timeouts.speed_grace && (self.received as f64) < wanted {
                return Err(self.late(Stage::Speed));
            }
            if !chunk.is_empty() {
                return Ok(Some(chunk));
            }
        }
    }

    /// All of it. What arrives before the limit is found out to be passed is dropped.
    pub(crate) async fn whole(mut self, until: Instant) -> Result<Vec<u8>, FetchError> {
        let mut whole = Vec::new();
        loop {
            match tokio::time::timeout_at(until, self.chunk()).await {
                Err(_) => return Err(self.late(Stage::Total)),
                Ok(Ok(Some(chunk))) => whole.extend_from_slice(&chunk),
                Ok(Ok(None)) => return Ok(whole),
                Ok(Err(error)) => return Err(error),
            }
        }
    }

    fn late(&self, stage: Stage) -> FetchError {
        FetchError::Timeout {
            host: self.host.clone(),
            stage,
        }
    }
}
