//! The guarded client: the only way out of this crate.
//!
//! Each request, and each redirect it meets, goes through the URL policy; names are resolved once, checked, and pinned
//! (see [`crate::resolve`]). Proxy settings of the environment are ignored, because a proxy would resolve names itself.
//! No cookie, credential or referrer is ever sent.
//!
//! Nothing is set up before the first request: PHP's process manager forks after loading extensions, and threads or
//! sockets made before a fork do not work after it.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{
    Client, Method, Response, StatusCode,
    header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, LOCATION, TRANSFER_ENCODING},
    redirect,
};
use scormbridge_core::url_policy::{CheckedUrl, UrlPolicy};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::{
    body::{Body, Remote},
    error::{FetchError, Stage},
    options::{Limits, Timeouts},
    resolve::{Guarded, Resolve},
};

/// Tells those on the way that this request comes from a gateway (RFC 8586).
pub(crate) const LOOP_HEADER: HeaderName = HeaderName::from_static("cdn-loop");
/// The gateway's name in it.
pub(crate) const LOOP_NAME: &str = "scormbridge";

/// How long an unused connection is kept. Shorter than what servers and address translators commonly allow.
const KEEP_CONNECTION: Duration = Duration::from_secs(30);

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    /// Ask for a compressed body and unpack it. Otherwise the body arrives as it was sent.
    pub(crate) decode: bool,
    /// Bytes of body allowed, counted after unpacking.
    pub(crate) limit: u64,
}

impl Ask {
    /// A file that will be looked at here.
    pub(crate) fn get(limit: u64) -> Self {
        Self {
            method: Method::GET,
            headers: HeaderMap::new(),
            decode: true,
            limit,
        }
    }
}

/// What came back, up to the end of the headers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Bytes of the body, if that is certain. Not what `Content-Length` says: beside `Transfer-Encoding` that header
    /// means nothing (RFC 9112, section 6.3), and handed on it would end this answer early and begin a forged one.
    pub(crate) length: Option<u64>,
    remote: Remote,
    until: Instant,
}

impl Answer {
    /// The answer, if its status says success.
    pub(crate) async fn success(self) -> Result<Self, FetchError> {
        if self.status.is_success() {
            return Ok(self);
        }
        let (url, status) = (self.url.to_string(), self.status.as_u16());
        self.dismiss().await;
        Err(FetchError::Status { url, status })
    }

    /// Lets go of an answer whose content is of no interest. A short one is read all the same, because only then can
    /// its connection be used again.
    pub(crate) async fn dismiss(self) {
        if self.remote.is_short() {
            // Nobody waits for what is in it, so it does not matter if it never comes.
            let _ = self.whole().await;
        }
    }

    /// The whole body, within [`Timeouts::total`] of having asked.
    pub(crate) async fn whole(self) -> Result<Vec<u8>, FetchError> {
        self.remote.whole(self.until).await
    }

    /// As [`Self::whole`], with a limit lower than the one that was asked with.
    pub(crate) async fn whole_within(mut self, limit: u64) -> Result<Vec<u8>, FetchError> {
        self.remote.lower_limit(limit);
        self.whole().await
    }

    pub(crate) fn body(self) -> Body {
        Body::remote(self.remote)
    }
}

/// A client for each way of treating compression, made when first needed.
pub(crate) struct Fetcher {
    policy: Arc<UrlPolicy>,
    resolver: Arc<dyn Resolve>,
    limits: Limits,
    timeouts: Timeouts,
    plain: OnceLock<Client>,
    decoding: OnceLock<Client>,
}

impl Fetcher {
    pub(crate) fn new(
        policy: UrlPolicy,
        resolver: Arc<dyn Resolve>,
        limits: Limits,
        timeouts: Timeouts,
    ) -> Self {
        let policy = Arc::new(policy);
        Self {
            policy,
            resolver,
            limits,
            timeouts,
            plain: OnceLock::new(),
            decoding: OnceLock::new(),
        }
    }

    pub(crate) fn policy(&self) -> &UrlPolicy {
        &self.policy
    }

    /// Asks `url`, following redirects.
    pub(crate) async fn ask(&self, url: &str, ask: &Ask) -> Result<Answer, FetchError> {
        let client = self.client(ask.decode)?;
        // Lets the runtime see what happened to idle connections since the last call, so that none is picked that the
        // other end has closed.
        tokio::task::yield_now().await;
        let started = Instant::now();
        let until = started + self.timeouts.total;
        let mut target = self.policy.check(url)?;
        let mut from = None;
        for _ in 0..=self.limits.redirects {
            let answer = match (self.ask_once(client, &target, ask, until).await, from) {
                (Err(refusal @ FetchError::PrivateAddress { .. }), Some(from)) => {
                    return Err(FetchError::RedirectRefused {
                        from,
                        refusal: Box::new(refusal),
                    });
                }
                (answer, _) => answer?,
            };
            let Some(next) = self.redirect(&answer, &target)? else {
                return Ok(answer);
            };
            answer.dismiss().await;
            from = Some(target.url().to_string());
            target = next;
        }
        Err(FetchError::TooManyRedirects {
            limit: self.limits.redirects,
        })
    }

    /// As [`Self::ask`] with GET, and reads all of a successful answer.
    pub(crate) async fn read(&self, url: &str, limit: u64) -> Result<(Url, Vec<u8>), FetchError> {
        let answer = self.ask(url, &Ask::get(limit)).await?.success().await?;
        Ok((answer.url.clone(), answer.whole().await?))
    }

    async fn ask_once(
        &self,
        client: &Client,
        target: &CheckedUrl,
        ask: &Ask,
        until: Instant,
    ) -> Result<Answer, FetchError> {
        let host = target.host().to_owned();
        let response = match self.send(client, target, ask, until).await {
            // The CDN may have closed a kept connection while nothing ran here to notice, as in a PHP worker between
            // two requests. Reading is safe to repeat.
            Err(FetchError::Protocol { .. }) => self.send(client, target, ask, until).await?,
            sent => sent?,
        };
        let headers = response.headers().clone();
        let size: usize = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        if size > self.limits.header_bytes {
            return Err(FetchError::HeadersTooLarge {
                limit: self.limits.header_bytes,
            });
        }
        // A length that is told in advance saves the reading. Of a body still to be unpacked it says nothing.
        if ask.method != Method::HEAD
            && response
                .content_length()
                .is_some_and(|length| length > ask.limit)
        {
            return Err(FetchError::TooLarge { limit: ask.limit });
        }
        let length = if ask.method == Method::HEAD {
            told_length(&headers)
        } else {
            response.content_length()
        };
        Ok(Answer {
            url: target.url().clone(),
            status: response.status(),
            headers,
            length,
            remote: Remote::new(response, host, self.timeouts, ask.limit),
            until,
        })
    }

    async fn send(
        &self,
        client: &Client,
        target: &CheckedUrl,
        ask: &Ask,
        until: Instant,
    ) -> Result<Response, FetchError> {
        let request = client
            .request(ask.method.clone(), target.url().clone())
            .headers(ask.headers.clone());
        timeout_at(
            until.min(Instant::now() + self.timeouts.response),
            request.send(),
        )
        .await
        .map_err(|_| FetchError::Timeout {
            host: target.host().to_owned(),
            stage: Stage::Response,
        })?
        .map_err(|error| FetchError::from_client(&error, target.host()))
    }

    /// Where `answer` redirects to, if it does and may.
    fn redirect(
        &self,
        answer: &Answer,
        from: &CheckedUrl,
    ) -> Result<Option<CheckedUrl>, FetchError> {
        if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let invalid = || FetchError::RedirectInvalid {
            from: from.url().to_string(),
        };
        let location = answer
            .headers
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
            .ok_or_else(invalid)?;
        let next = from.url().join(location).map_err(|_| invalid())?;
        self.policy
            .check(next.as_str())
            .map(Some)
            .map_err(|refusal| FetchError::RedirectRefused {
                from: from.url().to_string(),
                refusal: Box::new(refusal.into()),
            })
    }

    fn client(&self, decode: bool) -> Result<&Client, FetchError> {
        let cell = if decode { &self.decoding } else { &self.plain };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let made = self.make_client(decode)?;
        Ok(cell.get_or_init(|| made))
    }

    fn make_client(&self, decode: bool) -> Result<Client, FetchError> {
        // Fails only where somebody has installed a provider already, which is then as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .user_agent(concat!("scormbridge/", env!("CARGO_PKG_VERSION")))
                .default_headers(HeaderMap::from_iter([(
                    LOOP_HEADER,
                    HeaderValue::from_static(LOOP_NAME),
                )]))
                .no_proxy()
                .redirect(redirect::Policy::none())
                .referer(false)
                .gzip(decode)
                .brotli(decode)
                .connect_timeout(self.timeouts.connect)
                .pool_idle_timeout(KEEP_CONNECTION)
                .dns_resolver(Guarded {
                    policy: Arc::clone(&self.policy),
                    resolver: Arc::clone(&self.resolver),
                })
        };
        // The system's own certificates first, for an organization may have added its own. A container without any
        // gets Mozilla's list, as it was when this was built.
        builder()
            .build()
            .or_else(|_| {
                let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS
                    .iter()
                    .filter_map(|der| reqwest::Certificate::from_der(der).ok());
                builder().tls_certs_only(roots).build()
            })
            .map_err(|error| FetchError::Client {
                detail: error.to_string(),
            })
    }
}

/// The length of the body that an answer to `HEAD` does not have.
fn told_length(headers: &HeaderMap) -> Option<u64> {
    let told = headers.get(CONTENT_LENGTH)?.to_str().ok()?;
    let digits = told.bytes().all(|byte| byte.is_ascii_digit());
    if digits && !headers.contains_key(TRANSFER_ENCODING) {
        told.parse().ok()
    } else {
        None
    }
}
