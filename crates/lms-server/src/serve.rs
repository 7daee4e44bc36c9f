//! The life of the process: listen, wait until everything is there, serve, drain, stop.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::state::AppState;

/// How long between two looks at a dependency that is not there yet.
const RETRY: Duration = Duration::from_millis(500);

/// How often histograms are drained.
const UPKEEP: Duration = Duration::from_secs(10);

/// Serves on `listener` until `stop` resolves, then lets open requests finish within the configured grace.
///
/// Traffic is refused (503 `not_ready`) until the store answers.
///
/// # Errors
/// When the listener fails.
pub async fn run(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let opener = tokio::spawn(open_when_ready(state.clone()));
    let upkeep = tokio::spawn(upkeep(state.clone()));
    let grace = Duration::from_millis(state.config.http.shutdown_grace_ms);
    let (draining, drained) = tokio::sync::oneshot::channel::<()>();
    let readiness = state.readiness.clone();
    let service = crate::router(state).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        readiness.drain();
        tracing::info!("stopping: open requests may finish");
        let _ = draining.send(());
    });
    let out_of_time = async {
        // An error means that the server ended by itself; then the other branch has won already.
        if drained.await.is_ok() {
            tokio::time::sleep(grace).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    let ended = tokio::select! {
        result = server.into_future() => result,
        () = out_of_time => {
            tracing::warn!("stopped with requests open: the grace is over");
            Ok(())
        }
    };
    opener.abort();
    upkeep.abort();
    ended
}

async fn open_when_ready(state: AppState) {
    while let Err(error) = state.store.ping().await {
        tracing::warn!(reason = error.reason(), "waiting for the database");
        tokio::time::sleep(RETRY).await;
    }
    state.readiness.open();
    tracing::info!("ready");
}

async fn upkeep(state: AppState) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        state.metrics.upkeep();
    }
}
