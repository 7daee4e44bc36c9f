//! A transaction of PostgreSQL that begins with its identity in one message.
//!
//! sqlx's `Transaction` takes a round trip to begin and another for the identity, and forgets a transaction whose
//! beginning was cancelled. This one ends what it began however it is dropped: a cancelled request is rolled back
//! before its connection goes to anybody else. `tests/cancellation.rs` watches over it.

use scormbridge_lms::classroom::Actor;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{AssertSqlSafe, Executor as _, Postgres, Result};

/// An open transaction.
pub(crate) struct PgWork {
    /// Taken out only by the drop.
    connection: Option<PoolConnection<Postgres>>,
    ended: bool,
}

impl PgWork {
    /// Borrows a connection and opens a transaction on it that acts for `actor`.
    pub(crate) async fn begin(pool: &PgPool, actor: &Actor, writable: bool) -> Result<Self> {
        let mut work = Self {
            connection: Some(pool.acquire().await?),
            ended: false,
        };
        let access = if writable { "READ WRITE" } else { "READ ONLY" };
        // The only SQL that is put together: hexadecimal digits, and one of our own words.
        let user = actor.user().map(|id| id.to_string()).unwrap_or_default();
        let role = actor.role().map_or("anonymous", |role| role.name());
        let opening = format!(
            "BEGIN {access}; SET LOCAL app.user_id = '{user}'; SET LOCAL app.role = '{role}'"
        );
        work.connection()?.execute(AssertSqlSafe(opening)).await?;
        Ok(work)
    }

    /// Where statements run.
    pub(crate) fn connection(&mut self) -> Result<&mut PgConnection> {
        self.connection
            .as_deref_mut()
            .ok_or(sqlx::Error::PoolClosed)
    }

    /// Keeps what was done.
    pub(crate) async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    /// Undoes what was done.
    pub(crate) async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, how: &'static str) -> Result<()> {
        self.connection()?.execute(how).await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for PgWork {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take().filter(|_| !self.ended) else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // Nobody is left who could say so; the server notices that the socket is gone.
            drop(connection.detach());
            return;
        };
        runtime.spawn(async move {
            if connection.execute("ROLLBACK").await.is_err() {
                connection.close_on_drop();
            }
        });
    }
}
