//! Fresh stores for tests, of this crate and of those that build on it. Never for production: it starts database
//! servers.
//!
//! SQLite is always there. PostgreSQL is where `initdb` is found: one throw-away cluster per test process, as an
//! unprivileged user, reached by a socket in a directory of its own; one database per store, copied from a migrated
//! one. Where there is none, each test that would have used it says so, with a count.

#![allow(
    clippy::expect_used,
    reason = "a test without its store stops, and says at which step"
)]

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

use crate::{PostgresOptions, SqlStore, SqliteOptions, migrate_postgres};

/// A store of its own, gone when it is dropped (PostgreSQL's: when the test process ends).
pub struct TestStore {
    /// The store.
    pub store: SqlStore,
    /// `SQLite` or `PostgreSQL`, for messages.
    pub engine: &'static str,
    /// What a program connects with: the options of [`SqlStore::postgres`] or [`SqlStore::sqlite`].
    pub address: Address,
    _dir: Option<TempDir>,
}

/// Where a test store is.
#[derive(Debug, Clone)]
pub enum Address {
    /// The file.
    Sqlite(PathBuf),
    /// URLs of the database.
    Postgres {
        /// For the program: a member of `scormbridge_app`.
        app: String,
        /// For migrations: the owner of the tables.
        owner: String,
    },
}

/// A store on a fresh SQLite file.
pub async fn sqlite() -> TestStore {
    let dir = tempfile::tempdir().expect("a directory for SQLite");
    let path = dir.path().join("lms.sqlite");
    let store = SqlStore::sqlite(&SqliteOptions::new(path.clone()))
        .await
        .expect("SQLite opens");
    TestStore {
        store,
        engine: "SQLite",
        address: Address::Sqlite(path),
        _dir: Some(dir),
    }
}

/// A store on a fresh PostgreSQL database, or `None`, aloud, where there is no PostgreSQL.
pub async fn postgres() -> Option<TestStore> {
    static SKIPPED: AtomicU32 = AtomicU32::new(0);
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    let Some(cluster) = cluster() else {
        let skipped = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
        eprintln!("SKIPPED on PostgreSQL, no initdb found: {skipped} store(s) in this process");
        return None;
    };
    let name = format!("t{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut admin = cluster.connect("postgres", "postgres").await;
    let copy = format!("CREATE DATABASE {name} TEMPLATE template_lms OWNER lms_owner");
    admin
        .execute(AssertSqlSafe(copy))
        .await
        .expect("the migrated database is copied");
    admin.close().await.expect("the administrator leaves");
    let app = cluster.url("lms_app", &name);
    let owner = cluster.url("lms_owner", &name);
    let options = PostgresOptions {
        connections: 8,
        ..PostgresOptions::new(app.clone())
    };
    let store = SqlStore::postgres(&options)
        .await
        .expect("PostgreSQL opens");
    let address = Address::Postgres { app, owner };
    Some(TestStore {
        store,
        engine: "PostgreSQL",
        address,
        _dir: None,
    })
}

/// A store on every engine there is.
pub async fn each() -> Vec<TestStore> {
    let mut stores = vec![sqlite().await];
    stores.extend(postgres().await);
    stores
}

/// A running cluster. The shell that started it stops it when this process lets go of its standard input, however
/// this process ends.
struct Cluster {
    socket: PathBuf,
    _guard: Child,
}

fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER
        .get_or_init(|| {
            let binaries = binaries()?;
            // Tests have runtimes of their own; this must outlive each of them.
            let started = std::thread::spawn(move || {
                let cluster = Cluster::start(&binaries);
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime for the set-up")
                    .block_on(cluster.prepare());
                cluster
            });
            Some(started.join().expect("the cluster starts"))
        })
        .as_ref()
}

/// The newest PostgreSQL where Debian keeps them, else whatever is on the path.
fn binaries() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = debian
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .max();
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest
        .map(|(_, bin)| bin)
        .into_iter()
        .chain(std::env::split_paths(&path))
        .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
}

const SCRIPT: &str = r#"
dir=$(mktemp -d /tmp/lms-pg-XXXXXX) && cd "$dir" || exit 1
"$1/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >log 2>&1 || { cat log; exit 1; }
"$1/postgres" -D data -k "$dir" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c max_connections=300 >>log 2>&1 &
server=$!
tries=0
until "$1/pg_isready" -q -h "$dir"; do
    tries=$((tries + 1))
    if [ $tries -gt 300 ] || ! kill -0 $server; then cat log; exit 1; fi
    sleep 0.1
done
echo "ready $dir"
cat >/dev/null
kill -INT $server
wait $server
cd / && rm -rf "$dir"
"#;

impl Cluster {
    fn start(binaries: &Path) -> Self {
        let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        // PostgreSQL refuses to run as root.
        let mut command = if root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut guard = command
            .args(["-c", SCRIPT, "sh"])
            .arg(binaries)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let mut said = String::new();
        let out = guard.stdout.take().expect("the script's output");
        // One line: `runuser` holds the pipe open for as long as the server runs.
        BufReader::new(out)
            .read_line(&mut said)
            .expect("the script speaks");
        let socket = said
            .trim()
            .strip_prefix("ready ")
            .expect("PostgreSQL starts")
            .into();
        Self {
            socket,
            _guard: guard,
        }
    }

    fn url(&self, role: &str, database: &str) -> String {
        let socket = self.socket.to_string_lossy().replace('/', "%2F");
        format!("postgres://{role}@{socket}/{database}?sslmode=disable")
    }

    async fn connect(&self, role: &str, database: &str) -> PgConnection {
        PgConnection::connect(&self.url(role, database))
            .await
            .expect("PostgreSQL answers")
    }

    async fn prepare(&self) {
        let mut admin = self.connect("postgres", "postgres").await;
        for sql in [
            "CREATE ROLE lms_owner LOGIN CREATEROLE",
            "CREATE DATABASE template_lms OWNER lms_owner",
        ] {
            admin
                .execute(sql)
                .await
                .expect("the owner and its database");
        }
        migrate_postgres(&self.url("lms_owner", "template_lms"))
            .await
            .expect("the migrations run");
        admin
            .execute("CREATE ROLE lms_app LOGIN IN ROLE scormbridge_app")
            .await
            .expect("the program's role");
        admin.close().await.expect("the administrator leaves");
    }
}
