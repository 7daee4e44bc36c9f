//! A transaction of PostgreSQL that begins with its identity in one message.
//!
//! sqlx's `Transaction` takes a round trip to begin and another for the identity, and forgets a transaction whose
//! beginning was cancelled. This one ends what it began however it is dropped: a cancelled request is rolled back
//! before its connection goes to anybody else. `tests/cancellation.rs` watches over it.

use std::sync::Arc;

use scormbridge_lms::classroom::Actor;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor as _, Result};

use crate::connections::{Connections, Lent};

/// An open transaction.
pub(crate) struct PgWork {
    /// Taken out only by the end.
    connection: Option<Lent>,
    connections: Arc<Connections>,
}

impl PgWork {
    /// Borrows a connection and opens a transaction on it that acts for `actor`.
    pub(crate) async fn begin(
        connections: &Arc<Connections>,
        actor: &Actor,
        writable: bool,
    ) -> Result<Self> {
        let mut work = Self {
            connection: Some(connections.lend().await?),
            connections: connections.clone(),
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
        if let Some(connection) = self.connection.take() {
            self.connections.rest(connection);
        }
        Ok(())
    }
}

impl Drop for PgWork {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // Nobody is left who could say so; the server notices that the socket is gone.
            connection.abandon();
            return;
        };
        runtime.spawn(async move {
            if connection.execute("ROLLBACK").await.is_err() {
                connection.end();
            }
        });
    }
}
