//! The life of the process: listen, wait until everything is there, serve, drain, stop.
//!
//! A connection costs memory before it has said anything, so there is a limit to how many there are, and to how long
//! one may take to say what it wants.

use std::future::Future;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower_service::Service;

use crate::jobs;
use crate::state::AppState;

/// How long between two looks at a dependency that is not there yet, and before accepting again after a failure.
const RETRY: Duration = Duration::from_millis(500);

/// How often histograms are drained.
const UPKEEP: Duration = Duration::from_secs(10);

/// Serves on `listener` until `stop` resolves, then refuses new connections and lets open requests and the job that is
/// under way finish within the configured grace.
///
/// Traffic is refused (503 `not_ready`) until the store answers.
pub async fn run(listener: TcpListener, state: AppState, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    let opener = tokio::spawn(open_when_ready(state.clone(), stopped));
    let upkeep = tokio::spawn(upkeep(state.clone()));
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = accept(&listener, &state, &connections) => {}
        () = stop => {}
    }
    // From here on nobody gets in.
    drop(listener);
    state.readiness.drain();
    tracing::info!("stopping: open requests may finish");
    let _ = stopping.send(true);
    let grace = Duration::from_millis(state.config.http.shutdown_grace_ms);
    let finish = async {
        connections.shutdown().await;
        // An error is a task that was lost, which is over too.
        let _ = opener.await;
    };
    if tokio::time::timeout(grace, finish).await.is_err() {
        tracing::warn!("stopped with requests or jobs open: the grace is over");
    }
    upkeep.abort();
}

/// Takes connections for as long as it is polled.
async fn accept(listener: &TcpListener, state: &AppState, connections: &GracefulShutdown) {
    let router = crate::router(state.clone());
    let settings = &state.config.http;
    let room = Arc::new(Semaphore::new(settings.connections));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(settings.header_timeout_ms));
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else {
            return;
        };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        // Answers are small and wanted at once; a socket that refuses is slower and still of use.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().call(request)
        });
        let served = connections.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(permit);
        });
    }
}

/// The callers' own failures pass; when this machine has no more sockets, waiting is all that helps.
async fn pause_after(error: &std::io::Error) {
    let of_caller = matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    );
    if !of_caller {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(RETRY).await;
    }
}

/// Lets traffic in when the store answers, then does the jobs until the stop.
async fn open_when_ready(state: AppState, mut stopped: watch::Receiver<bool>) {
    while let Err(error) = state.store.ping().await {
        tracing::warn!(reason = error.reason(), "waiting for the database");
        tokio::select! {
            // An error means that whoever could say so is gone.
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = tokio::time::sleep(RETRY) => {}
        }
    }
    state.readiness.open();
    tracing::info!("ready");
    if state.config.jobs.enabled {
        jobs::run(state, stopped).await;
    }
}

async fn upkeep(state: AppState) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        state.metrics.upkeep();
    }
}
