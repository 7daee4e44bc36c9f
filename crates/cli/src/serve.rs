//! `scormbridge serve`: the API of the PHP extension for a PHP that cannot load it.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use scormbridge_service::{Limits, Listener, Secret};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::error::CliError;

/// Environment variable that holds the secret where no file does.
const SECRET: &str = "SCORMBRIDGE_SECRET";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// File with the shared secret, one line of 32 to 512 characters, which others may not read. Without it the
    /// environment variable SCORMBRIDGE_SECRET counts
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Connections open at once; as many as PHP has workers, or more
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().connections, value_parser = connections)]
    connections: usize,
    /// Log every call, by name and time; never what was passed
    #[arg(long)]
    verbose: bool,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// Unix socket to listen on; its user and group may connect. An absolute path in a folder that not everybody may
    /// write to
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Loopback address to listen on, such as 127.0.0.1:8650
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, CliError> {
    let secret = match (&options.secret_file, std::env::var_os(SECRET)) {
        (Some(path), _) => Secret::from_file(path)?,
        (None, Some(text)) => Secret::new(text.as_encoded_bytes())?,
        (None, None) => return Err(CliError::NoSecret),
    };
    let level = if options.verbose {
        tracing::Level::DEBUG
    } else {
        tracing::Level::INFO
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let limits = Limits {
        connections: options.connections,
        ..Limits::default()
    };
    Runtime::new()
        .map_err(CliError::Runtime)?
        .block_on(serve(&options.place, secret, limits))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(place: &Place, secret: Secret, limits: Limits) -> Result<(), CliError> {
    let listener = match place {
        Place {
            socket: Some(path), ..
        } => Listener::unix(path).await?,
        Place {
            listen: Some(address),
            ..
        } => Listener::loopback(*address).await?,
        Place { .. } => return Err(CliError::NoPlace),
    };
    let mut terminate = signal(SignalKind::terminate()).map_err(CliError::Runtime)?;
    tracing::info!(address = listener.address(), "listening");
    scormbridge_service::run(listener, secret, limits, async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    })
    .await;
    Ok(())
}

fn connections(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=10_000) => Ok(number),
        _ => Err("a whole number from 1 to 10000".to_owned()),
    }
}
