//! Requests and answers: who may call, how much a call may cost, and what becomes of it.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Body as _, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use scormbridge_api::{Failure, Kind, PROTOCOL};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::arguments::MALFORMED;
use crate::calls::{self, Answer, Brought, Gateways};
use crate::{Limits, Listener, Secret, content};

/// Requests longer than this are worked on apart, so that the others do not wait.
const LONG: usize = 64 * 1024;

/// How long before accepting again after a failure.
const RETRY: Duration = Duration::from_millis(500);

type Payload = UnsyncBoxBody<Bytes, Infallible>;

struct Service {
    secret: Secret,
    limits: Limits,
    gateways: Gateways,
    /// Room for requests, in KiB.
    room: Semaphore,
}

pub(crate) async fn run(
    listener: Listener,
    secret: Secret,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let service = Arc::new(Service {
        secret,
        limits,
        gateways: Gateways::default(),
        room: Semaphore::new(limits.held_bytes / 1024),
    });
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = accept(&listener, &service, &connections) => {}
        () = stop => {}
    }
    // From here on nobody gets in.
    drop(listener);
    tracing::info!("stopping: calls under way may finish");
    if timeout(limits.grace, connections.shutdown()).await.is_err() {
        tracing::warn!("stopped with calls under way: the grace is over");
    }
}

/// Takes connections for as long as it is polled.
async fn accept(listener: &Listener, service: &Arc<Service>, connections: &GracefulShutdown) {
    let limits = service.limits;
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time);
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let stream = match listener.accept().await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(RETRY).await;
                continue;
            }
        };
        let service = Arc::clone(service);
        let answer = service_fn(move |request| {
            let service = Arc::clone(&service);
            async move { Ok::<_, Infallible>(service.answer(request).await) }
        });
        let served = connections.watch(builder.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}

impl Service {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Payload> {
        let path = request.uri().path().to_owned();
        if path == "/health" {
            return value(StatusCode::OK, calls::json(&scormbridge_api::version()));
        }
        let authorization = request.headers().get(AUTHORIZATION);
        if !self.secret.is_in(authorization.map(HeaderValue::as_bytes)) {
            tracing::warn!("a call without the secret was refused");
            return refusal(
                StatusCode::UNAUTHORIZED,
                "service_secret",
                "the secret is not the service's; give both the same",
            );
        }
        if request.method() != Method::POST {
            return refusal(
                StatusCode::METHOD_NOT_ALLOWED,
                MALFORMED,
                "the service does not understand the request: its method is not POST",
            );
        }
        let Some((protocol, function)) = path
            .strip_prefix('/')
            .and_then(|path| path.split_once('/'))
            .filter(|(protocol, _)| protocol.parse() == Ok(PROTOCOL))
        else {
            return wrong_protocol();
        };
        let began = std::time::Instant::now();
        let response = match self.clone().work(function.to_owned(), request).await {
            Ok(response) => response,
            Err(response) => response,
        };
        tracing::debug!(
            protocol,
            function,
            status = response.status().as_u16(),
            ms = began.elapsed().as_millis(),
            "called"
        );
        response
    }

    async fn work(
        self: Arc<Self>,
        function: String,
        request: Request<Incoming>,
    ) -> Result<Response<Payload>, Response<Payload>> {
        let (content, held) = self.content(request).await?;
        let long = content.len() > LONG;
        let service = Arc::clone(&self);
        let call = move || calls::call(&function, &content, &service.gateways);
        let outcome = if long {
            tokio::task::spawn_blocking(call).await.unwrap_or_else(|_| {
                Some(Err(Failure::new(
                    Kind::Base,
                    "service_failed",
                    "the service could not finish the call; look into its log",
                )))
            })
        } else {
            call()
        };
        // What was sent is gone; an errand may take long.
        drop(held);
        let answer = outcome.ok_or_else(wrong_protocol)?.map_err(failed)?;
        let errand = match answer {
            Answer::Value(json) => return Ok(value(StatusCode::OK, Ok(json))),
            Answer::Errand(errand) => errand,
        };
        match calls::run(errand).await.map_err(failed)? {
            Brought::Value(json) => Ok(value(StatusCode::OK, Ok(json))),
            Brought::File(file) => {
                let frames = content::frames(file).map_err(failed)?;
                let mut response = Response::new(StreamBody::new(frames).boxed_unsync());
                let kind = HeaderValue::from_static("application/octet-stream");
                response.headers_mut().insert(CONTENT_TYPE, kind);
                Ok(response)
            }
        }
    }

    /// Reads a request, once there is room for it.
    async fn content(
        &self,
        request: Request<Incoming>,
    ) -> Result<(Bytes, SemaphorePermit<'_>), Response<Payload>> {
        let body = request.into_body();
        let length = body.size_hint().exact().ok_or_else(|| {
            refusal(
                StatusCode::LENGTH_REQUIRED,
                MALFORMED,
                "the service does not understand the request: it does not say its length",
            )
        })?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > self.limits.request_bytes {
            return Err(refusal(
                StatusCode::PAYLOAD_TOO_LARGE,
                "service_too_large",
                &format!(
                    "the call has {length} bytes, more than the {} that the service takes",
                    self.limits.request_bytes
                ),
            ));
        }
        let room = u32::try_from(length / 1024 + 1).unwrap_or(u32::MAX);
        let held = timeout(self.limits.request_time, self.room.acquire_many(room)).await;
        let Ok(Ok(held)) = held else {
            return Err(refusal(
                StatusCode::SERVICE_UNAVAILABLE,
                "service_busy",
                "the service has too much to do; try again",
            ));
        };
        match timeout(self.limits.request_time, body.collect()).await {
            Ok(Ok(content)) => Ok((content.to_bytes(), held)),
            Ok(Err(_)) => Err(refusal(
                StatusCode::BAD_REQUEST,
                MALFORMED,
                "the service does not understand the request: it broke off",
            )),
            Err(_) => Err(refusal(
                StatusCode::REQUEST_TIMEOUT,
                "service_slow",
                "the call took too long to arrive; try again",
            )),
        }
    }
}

/// A function, or a whole set of them, that this service does not have: its caller is of another version.
fn wrong_protocol() -> Response<Payload> {
    let version = scormbridge_api::version();
    let failure = Failure::new(
        Kind::Base,
        "service_protocol",
        format!(
            "the service is version {} (protocol {PROTOCOL}) and does not know this call; update the service and its callers to the same version",
            version.version
        ),
    )
    .with([
        ("version", version.version.to_owned()),
        ("protocol", PROTOCOL.to_string()),
    ]);
    value(StatusCode::NOT_FOUND, calls::json(&failure))
}

fn refusal(status: StatusCode, reason: &'static str, message: &str) -> Response<Payload> {
    value(
        status,
        calls::json(&Failure::new(Kind::Base, reason, message)),
    )
}

/// A call that was understood and refused.
fn failed(failure: Failure) -> Response<Payload> {
    let status = if failure.reason() == MALFORMED {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    value(status, calls::json(&failure))
}

fn value(status: StatusCode, json: Result<Vec<u8>, Failure>) -> Response<Payload> {
    let (status, json) = match json {
        Ok(json) => (status, json),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, Vec::new()),
    };
    let mut response = Response::new(Full::from(json).boxed_unsync());
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
