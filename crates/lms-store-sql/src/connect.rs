//! Opening a database: pools, migrations, and the check that row level security binds us.
//!
//! PostgreSQL: the identity of a unit of work is set inside its transaction and ends with it, see [`PgWork`].
//!
//! SQLite: one connection writes and others read, so that a reader never waits and a writer never finds the
//! database busy within this process.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use scormbridge_lms::classroom::ports::{Result, Store, StoreError, Tx};
use scormbridge_lms::classroom::{Actor, BucketRule, Poured, Timestamp};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, Row as _, SqlStr};
use thiserror::Error;

use crate::buckets::Counter;
use crate::connections::{Connections, FRESH};
use crate::error::translate;
use crate::link::Link;
use crate::postgres::PgWork;
use crate::tx::SqlTx;

/// Why a database is not opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address is none, or nobody answers there.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// The tables cannot be brought to this program's version.
    #[error("the database's tables cannot be brought up to date")]
    Migrate(#[source] MigrateError),
    /// Row level security does not bind this role.
    #[error(
        "the role {0} is a superuser, skips row level security or owns the tables; \
         connect as another role that is a member of scormbridge_app"
    )]
    RoleTooPowerful(String),
    /// The tables are missing or another version's.
    #[error("the database's tables are not this program's; run the migrations as their owner")]
    NotMigrated,
}

/// Where a SQLite database is.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The file; created with its tables if missing.
    pub path: PathBuf,
    /// How many connections read at once.
    pub readers: u32,
    /// How long a unit of work waits for its turn.
    pub patience: Duration,
}

impl SqliteOptions {
    /// Usual options for this file.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self {
            path,
            readers: 4,
            patience: Duration::from_secs(5),
        }
    }
}

/// Where a PostgreSQL database is. The URL holds a password, so this is not printable.
#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://role:password@host:port/database`, for a member of `scormbridge_app`.
    pub url: String,
    /// How many connections at most.
    pub connections: u32,
    /// How long a unit of work waits for a connection.
    pub patience: Duration,
    /// How long one statement may take; the server gives it up then.
    pub statement_timeout: Duration,
}

impl PostgresOptions {
    /// Usual options for this URL.
    #[must_use]
    pub const fn new(url: String) -> Self {
        Self {
            url,
            connections: 16,
            patience: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(5),
        }
    }
}

fn migrator(scripts: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migrations = scripts.iter().map(|&(version, name, sql)| {
        Migration::new(
            version,
            name.into(),
            MigrationType::Simple,
            SqlStr::from_static(sql),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

fn sqlite_migrations() -> Migrator {
    migrator(&[
        (
            1,
            "classroom",
            include_str!("../migrations/sqlite/0001_classroom.sql"),
        ),
        (
            3,
            "assets and buckets",
            include_str!("../migrations/sqlite/0003_assets_and_buckets.sql"),
        ),
        (
            4,
            "assignments",
            include_str!("../migrations/sqlite/0004_assignments.sql"),
        ),
        (
            5,
            "scorm history",
            include_str!("../migrations/sqlite/0005_scorm_history.sql"),
        ),
    ])
}

fn postgres_migrations() -> Migrator {
    migrator(&[
        (
            1,
            "classroom",
            include_str!("../migrations/postgres/0001_classroom.sql"),
        ),
        (
            2,
            "row level security",
            include_str!("../migrations/postgres/0002_row_level_security.sql"),
        ),
        (
            3,
            "assets and buckets",
            include_str!("../migrations/postgres/0003_assets_and_buckets.sql"),
        ),
        (
            4,
            "assignments",
            include_str!("../migrations/postgres/0004_assignments.sql"),
        ),
        (
            5,
            "scorm history",
            include_str!("../migrations/postgres/0005_scorm_history.sql"),
        ),
    ])
}

/// Brings a PostgreSQL database up to date, as the owner of its tables. The owner needs `CREATEROLE` the first
/// time, unless the role `scormbridge_app` exists.
///
/// # Errors
/// [`ConnectError::Unavailable`], [`ConnectError::Migrate`].
pub async fn migrate_postgres(owner_url: &str) -> std::result::Result<(), ConnectError> {
    let options: PgConnectOptions = owner_url.parse().map_err(ConnectError::Unavailable)?;
    let mut connection = options.connect().await.map_err(ConnectError::Unavailable)?;
    postgres_migrations()
        .run(&mut connection)
        .await
        .map_err(ConnectError::Migrate)?;
    connection.close().await.map_err(ConnectError::Unavailable)
}

#[derive(Clone)]
enum Pools {
    Postgres(Arc<Connections>),
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
}

/// The store on either engine. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct SqlStore {
    pools: Arc<Pools>,
}

impl SqlStore {
    /// Opens a SQLite file and brings its tables up to date.
    ///
    /// # Errors
    /// [`ConnectError::Unavailable`], [`ConnectError::Migrate`].
    pub async fn sqlite(options: &SqliteOptions) -> std::result::Result<Self, ConnectError> {
        let file = SqliteConnectOptions::new()
            .filename(&options.path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(options.patience);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(options.patience)
            .connect_with(file.clone().create_if_missing(true))
            .await
            .map_err(ConnectError::Unavailable)?;
        sqlite_migrations()
            .run(&writer)
            .await
            .map_err(ConnectError::Migrate)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers.max(1))
            .acquire_timeout(options.patience)
            .connect_with(file.read_only(true))
            .await
            .map_err(ConnectError::Unavailable)?;
        Ok(Self {
            pools: Arc::new(Pools::Sqlite { writer, readers }),
        })
    }

    /// Opens a PostgreSQL database whose tables are up to date (see [`migrate_postgres`]).
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn postgres(options: &PostgresOptions) -> std::result::Result<Self, ConnectError> {
        let timeout = options.statement_timeout.as_millis().to_string();
        let server: PgConnectOptions = options.url.parse().map_err(ConnectError::Unavailable)?;
        let server = server.application_name("lms-server").options([
            ("statement_timeout", timeout.as_str()),
            ("idle_in_transaction_session_timeout", "60s"),
        ]);
        let room = options.connections.max(1);
        let pool = PgPoolOptions::new()
            .max_connections(room)
            .acquire_timeout(options.patience)
            // Each goes through the server's hands when it comes back; only what lay there long may be gone.
            .test_before_acquire(false)
            .before_acquire(|connection, idle| {
                Box::pin(async move {
                    if idle.idle_for > FRESH {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(server)
            .await
            .map_err(ConnectError::Unavailable)?;
        assert_bound(&pool).await?;
        Ok(Self {
            pools: Arc::new(Pools::Postgres(Arc::new(Connections::new(
                pool,
                room,
                options.patience,
            )))),
        })
    }

    fn counter(&self) -> Counter<'_> {
        match &*self.pools {
            Pools::Postgres(connections) => Counter::Postgres(connections),
            Pools::Sqlite { writer, .. } => Counter::Sqlite(writer),
        }
    }

    async fn open(&self, actor: &Actor, writable: bool) -> Result<Box<dyn Tx>> {
        let link = match (&*self.pools, writable) {
            (Pools::Sqlite { writer, .. }, true) => {
                Link::Sqlite(writer.begin().await.map_err(translate)?)
            }
            (Pools::Sqlite { readers, .. }, false) => {
                Link::Sqlite(readers.begin().await.map_err(translate)?)
            }
            (Pools::Postgres(connections), _) => Link::Postgres(
                PgWork::begin(connections, actor, writable)
                    .await
                    .map_err(translate)?,
            ),
        };
        Ok(Box::new(SqlTx::new(link, *actor, writable)))
    }

    /// The pool behind a PostgreSQL store, with all its connections: tests look past the ports with it.
    #[cfg(feature = "test-support")]
    #[must_use]
    pub fn postgres_pool(&self) -> Option<&PgPool> {
        match &*self.pools {
            Pools::Postgres(connections) => Some(connections.pool()),
            Pools::Sqlite { .. } => None,
        }
    }

    /// The pool that reads a SQLite store: tests look past the ports with it.
    #[cfg(feature = "test-support")]
    #[must_use]
    pub fn sqlite_pool(&self) -> Option<&SqlitePool> {
        match &*self.pools {
            Pools::Postgres(_) => None,
            Pools::Sqlite { readers, .. } => Some(readers),
        }
    }
}

/// Refuses to work where row level security would not hold.
async fn assert_bound(pool: &PgPool) -> std::result::Result<(), ConnectError> {
    let row = sqlx::query(
        "SELECT current_user::text AS role, \
         (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS above, \
         (SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class \
             WHERE oid = to_regclass('users')) AS owner, \
         (SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relforcerowsecurity \
             AND relnamespace = current_schema()::regnamespace) AS forced",
    )
    .fetch_one(pool)
    .await
    .map_err(ConnectError::Unavailable)?;
    let read = |column: &str| row.try_get::<Option<bool>, _>(column);
    let above = read("above")
        .map_err(ConnectError::Unavailable)?
        .unwrap_or(true);
    let owner = read("owner").map_err(ConnectError::Unavailable)?;
    let role: String = row.try_get("role").map_err(ConnectError::Unavailable)?;
    let forced: i64 = row.try_get("forced").map_err(ConnectError::Unavailable)?;
    let tables = scormbridge_lms::classroom::policy::Table::ALL.len();
    match owner {
        _ if above => Err(ConnectError::RoleTooPowerful(role)),
        Some(true) => Err(ConnectError::RoleTooPowerful(role)),
        Some(false) if usize::try_from(forced).is_ok_and(|n| n >= tables) => Ok(()),
        _ => Err(ConnectError::NotMigrated),
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self, actor: &Actor) -> Result<Box<dyn Tx>> {
        self.open(actor, true).await
    }

    async fn read(&self, actor: &Actor) -> Result<Box<dyn Tx>> {
        self.open(actor, false).await
    }

    async fn ping(&self) -> Result<()> {
        let answered = match &*self.pools {
            Pools::Postgres(connections) => match connections.lend().await {
                Ok(mut lent) => lent.execute("SELECT 1").await.map(|_| ()),
                Err(error) => Err(error),
            },
            Pools::Sqlite { readers, .. } => readers.execute("SELECT 1").await.map(|_| ()),
        };
        answered.map_err(|error| StoreError::Unavailable(Box::new(error)))
    }

    async fn pour(
        &self,
        key: u128,
        rule: &BucketRule,
        count: u32,
        now: Timestamp,
    ) -> Result<Poured> {
        self.counter().pour(key, rule, count, now).await
    }

    async fn purge_buckets(&self, now: Timestamp) -> Result<u64> {
        self.counter().purge(now).await
    }
}
