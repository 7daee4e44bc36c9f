//! PostgreSQL's connections, from one borrower to the next.
//!
//! sqlx's pool asks every connection that comes back whether it is well, in a task of its own: one more exchange with
//! the server for every unit of work. A connection whose transaction has just ended in order has answered that
//! already, so it rests here, and the next borrower takes it as it is. Every other one (its borrower was cancelled, or
//! failed) goes back to the pool, which asks, or to the ground.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Connection as _, Error, Postgres, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a connection that rests is believed to be alive.
pub(crate) const FRESH: Duration = Duration::from_secs(1);

/// How long a connection is kept from the pool, which ends those that are old or not needed.
const AWAY: Duration = Duration::from_secs(300);

/// The connections of one store.
pub(crate) struct Connections {
    pool: PgPool,
    /// One for each connection that may be lent: whoever has one gets a connection, from here or from the pool.
    room: Arc<Semaphore>,
    patience: Duration,
    resting: Mutex<Vec<Rested>>,
}

struct Rested {
    connection: PoolConnection<Postgres>,
    /// When the pool gave it out.
    taken: Instant,
    /// When it came here.
    since: Instant,
}

/// A borrowed connection. Dropped, it goes back to the pool; see [`Connections::rest`].
pub(crate) struct Lent {
    connection: PoolConnection<Postgres>,
    taken: Instant,
    _room: OwnedSemaphorePermit,
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Lent {
    /// Ends the connection: nobody gets it any more.
    pub(crate) fn end(mut self) {
        self.connection.close_on_drop();
    }

    /// Ends the connection where no runtime is left to say goodbye.
    pub(crate) fn abandon(self) {
        drop(self.connection.detach());
    }
}

impl Connections {
    /// At most `room` connections of this pool, which has as many, are lent at a time.
    pub(crate) fn new(pool: PgPool, room: u32, patience: Duration) -> Self {
        Self {
            pool,
            room: Arc::new(Semaphore::new(usize::try_from(room).unwrap_or(1))),
            patience,
            resting: Mutex::default(),
        }
    }

    /// A connection, in the order in which they are asked for.
    pub(crate) async fn lend(&self) -> Result<Lent> {
        let room = tokio::time::timeout(self.patience, self.room.clone().acquire_owned())
            .await
            .map_err(|_| Error::PoolTimedOut)?
            .map_err(|_| Error::PoolClosed)?;
        while let Some(mut rested) = self.take() {
            if rested.since.elapsed() <= FRESH || rested.connection.ping().await.is_ok() {
                return Ok(Lent {
                    connection: rested.connection,
                    taken: rested.taken,
                    _room: room,
                });
            }
            rested.connection.close_on_drop();
        }
        Ok(Lent {
            connection: self.pool.acquire().await?,
            taken: Instant::now(),
            _room: room,
        })
    }

    /// Takes back a connection on which nothing is open and to whose last question the answer was read to its end.
    pub(crate) fn rest(&self, lent: Lent) {
        if lent.taken.elapsed() < AWAY {
            self.resting().push(Rested {
                connection: lent.connection,
                taken: lent.taken,
                since: Instant::now(),
            });
        }
    }

    /// The one that came last; those that nobody needed for long go back to the pool.
    fn take(&self) -> Option<Rested> {
        let mut resting = self.resting();
        let last = resting.pop();
        resting.retain(|rested| rested.since.elapsed() < AWAY);
        last
    }

    fn resting(&self) -> MutexGuard<'_, Vec<Rested>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pool, with everything back in it that is not lent.
    #[cfg(feature = "test-support")]
    pub(crate) fn pool(&self) -> &PgPool {
        self.resting().clear();
        &self.pool
    }
}

/// The pool takes connections back in a task, so without a runtime they are let go of.
impl Drop for Connections {
    fn drop(&mut self) {
        if tokio::runtime::Handle::try_current().is_err() {
            for rested in self.resting().drain(..) {
                drop(rested.connection.detach());
            }
        }
    }
}
