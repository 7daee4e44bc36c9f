//! The program `lms-server`.

#![forbid(unsafe_code)]

use std::error::Error;
use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use lms_server::auth::accounts::{self, NewAccount};
use lms_server::config::{Config, Fault, Faults, load};
use lms_server::database::Database;
use lms_server::jobs::{self, Round};
use lms_server::{AppState, serve, telemetry};
use scormbridge_lms::classroom::{Actor, Role};
use scormbridge_lms_store_sql::{ConnectError, migrate_postgres};
use secrecy::SecretString;
use tokio::net::TcpListener;

/// EX_CONFIG of sysexits.h: the configuration is of no use.
const EXIT_CONFIG: u8 = 78;

/// Environment variable with the URL of PostgreSQL's owner, for `migrate`. Not a setting of the server, which must
/// never be able to change its tables.
const OWNER_URL: &str = "DATABASE_OWNER_URL";

/// How long between two tries to reach the database.
const RETRY: Duration = Duration::from_secs(1);

/// The LMS server of External SCORM Bridge.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration, in TOML; LMS_* environment variables go over it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve; what happens without a command.
    Serve,
    /// Look at the configuration, list every fault, and stop.
    Check,
    /// Bring PostgreSQL's tables up to date, as their owner (DATABASE_OWNER_URL).
    Migrate,
    /// Forget what is due, once, and print what that was as JSON.
    Jobs,
    /// Make a local account; its password is the first line of the standard input.
    AddUser {
        /// What the person types to sign in.
        login: String,
        /// What others read.
        #[arg(long)]
        name: String,
        /// As what the account acts.
        #[arg(long, value_enum)]
        role: RoleArgument,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArgument {
    Student,
    Teacher,
    Admin,
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Student => Self::Student,
            RoleArgument::Teacher => Self::Teacher,
            RoleArgument::Admin => Self::Admin,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("lms-server: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                eprint!(": {cause}");
                source = cause.source();
            }
            eprintln!();
            if error.is::<Faults>() {
                ExitCode::from(EXIT_CONFIG)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    if let Some(Command::Migrate) = arguments.command {
        let url = std::env::var(OWNER_URL)
            .map_err(|_| format!("set {OWNER_URL} to the URL of the tables' owner"))?;
        return Ok(migrate_postgres(&url).await?);
    }
    let config = load(arguments.config.as_deref())?;
    let database = Arc::new(Database::default());
    let state = AppState::new(config, database.clone())?;
    match arguments.command {
        Some(Command::Check) => {
            println!("the configuration is in order");
            Ok(())
        }
        Some(Command::AddUser { login, name, role }) => {
            database.connect(&state.config.store).await?;
            add_user(&state, login, name, role.into()).await
        }
        Some(Command::Jobs) => {
            database.connect(&state.config.store).await?;
            do_jobs(&state).await
        }
        Some(Command::Serve | Command::Migrate) | None => listen(state, database).await,
    }
}

async fn listen(state: AppState, database: Arc<Database>) -> Result<(), Box<dyn Error>> {
    log_lines(&state.config)?;
    let listener = TcpListener::bind(state.config.http.listen).await?;
    tracing::info!(listen = %listener.local_addr()?, origin = state.config.http.public_origin, "listening");
    let known = state.clone();
    let connecting = tokio::spawn(async move {
        loop {
            match database.connect(&known.config.store).await {
                Ok(()) => return,
                Err(ConnectError::Unavailable(_)) => tokio::time::sleep(RETRY).await,
                Err(error) => {
                    tracing::error!(%error, "the database cannot be used as it is");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    });
    serve::run(listener, state, stop_signal()).await;
    connecting.abort();
    Ok(())
}

fn log_lines(config: &Config) -> Result<(), Faults> {
    let fault = |message| {
        Faults(vec![Fault {
            setting: "telemetry.log_filter".to_owned(),
            message,
        }])
    };
    let subscriber =
        telemetry::log::subscriber(&config.telemetry, std::io::stderr).map_err(fault)?;
    // Fails only where a subscriber is installed already, which is then as good.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

async fn do_jobs(state: &AppState) -> Result<(), Box<dyn Error>> {
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    match jobs::round(state, &stopped).await? {
        Round::Done(forgotten) => println!("{}", serde_json::to_string(&forgotten)?),
        _ => eprintln!("another process is at it"),
    }
    Ok(())
}

async fn add_user(
    state: &AppState,
    login: String,
    name: String,
    role: Role,
) -> Result<(), Box<dyn Error>> {
    if std::io::stdin().is_terminal() {
        eprintln!("password (12 bytes or more):");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = SecretString::from(line.trim_end_matches(['\r', '\n']));
    let made = match NewAccount::new(login, name, role, password) {
        Ok(new) => accounts::make(state, &Actor::Service, new).await,
        Err(error) => Err(error),
    };
    let user = made.map_err(|error| error.explain())?;
    println!("{}", user.id);
    Ok(())
}

/// Resolves on SIGINT or SIGTERM.
async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
