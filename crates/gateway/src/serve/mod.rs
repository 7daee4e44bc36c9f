//! Serving the files of one package to whoever holds its ticket.
//!
//! A request carries a ticket and a path. The ticket says which package, in which delivery mode, for which learning
//! site; the path can only choose a file inside it. Files are streamed as they arrive, never stored.
//!
//! This module must never send a request's cookies or credentials anywhere, never answer without the headers that keep
//! content out of the site's own origin, and never serve a ticket for the content host on the site's host.

mod headers;
mod page;
mod path;
mod shell;
pub(crate) mod types;

pub use page::ServeError;

use std::{
    borrow::Cow,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use reqwest::{Method, StatusCode, header};
use ring::digest;
use scormbridge_core::ticket::{Claims, Mode, Scope};
use url::Url;

use crate::{
    FetchError, Gateway,
    body::Body,
    fetch::{Answer, Ask, LOOP_HEADER, LOOP_NAME},
    relay::{RELAY_FOLDER, RelayConfig, relay_files},
};

/// The methods that a file understands.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// A request for a file of a package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// HTTP method.
    pub method: String,
    /// The ticket, from the URL.
    pub ticket: String,
    /// What follows the ticket in the URL, without the query and exactly as it was sent: still percent-encoded.
    pub path: String,
    /// The query, without its question mark, as it was sent.
    pub query: Option<String>,
    /// Names in lower case, and values. `host` must be among them.
    pub headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// The browser is about to show the answer as a document.
    fn is_navigation(&self) -> bool {
        match self.header("sec-fetch-dest") {
            Some(destination) => matches!(destination, "document" | "iframe" | "frame"),
            // Without fetch metadata: old browsers, and sites without https. Only navigations accept XHTML by name; a
            // script that fetches a piece of HTML does not.
            None => self
                .header("accept")
                .is_some_and(|accept| accept.contains("application/xhtml+xml")),
        }
    }

    /// Media that a page shows without being able to read it. The browser may as well get it from the CDN.
    fn is_opaque_media(&self) -> bool {
        self.header("sec-fetch-mode") == Some("no-cors")
            && matches!(
                self.header("sec-fetch-dest"),
                Some("image" | "audio" | "video")
            )
    }
}

/// The answer to a [`Request`]. Whatever went wrong is an answer too, with a page for the learner.
#[derive(Debug)]
pub struct Response {
    /// HTTP status code.
    pub status: u16,
    /// Names in lower case, and values, in the order to send them.
    pub headers: Vec<(String, String)>,
    /// The content. Empty for `HEAD`.
    pub body: Body,
    /// Why this is not what was asked for. For the log; the learner's page says what to do.
    pub error: Option<ServeError>,
}

/// Who asks, according to a ticket.
struct Holder {
    base: String,
    mode: Mode,
    lms: String,
}

impl Holder {
    fn relay_config(&self) -> RelayConfig {
        RelayConfig::new(self.mode.into(), [self.lms.clone()])
    }
}

impl Gateway {
    /// Answers a request for content.
    pub async fn serve(&self, request: &Request) -> Response {
        let holder = self.holder(request);
        let to = holder
            .as_ref()
            .ok()
            .map(|holder| (holder.mode, holder.lms.clone()));
        let outcome = match &holder {
            Ok(holder) => self.answer(request, holder).await,
            Err(error) => Err(error.clone()),
        };
        let mut response = outcome.unwrap_or_else(|error| refusal(request, error));
        response.headers.extend(headers::protection(
            to.as_ref().map(|(mode, lms)| (*mode, lms.as_str())),
        ));
        if request.method == "HEAD" {
            response.body = Body::empty();
        }
        response
    }

    fn holder(&self, request: &Request) -> Result<Holder, ServeError> {
        let content = self.content().ok_or(ServeError::NotServing)?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(i64::MAX, |now| now.as_secs().cast_signed());
        match content
            .tickets
            .verify(&request.ticket, Scope::Content, &content.audience, now)?
        {
            Claims::Content {
                mode: Mode::Host,
                lms,
                ..
            } if on_host_of(request, &lms) => Err(ServeError::WrongHost),
            Claims::Content {
                base, mode, lms, ..
            } => Ok(Holder { base, mode, lms }),
            // `verify` has seen to it that the scope is the right one.
            Claims::Commit { .. } => Err(ServeError::NotServing),
        }
    }

    async fn answer(&self, request: &Request, holder: &Holder) -> Result<Response, ServeError> {
        let method = match request.method.as_str() {
            "GET" => Method::GET,
            "HEAD" => Method::HEAD,
            "OPTIONS" => return Ok(plain(204, headers::preflight(holder.mode), Body::empty())),
            other => {
                return Err(ServeError::Method {
                    method: other.to_owned(),
                });
            }
        };
        if is_own_request(request) {
            return Err(ServeError::Loop);
        }
        // The older header is sent by browsers that know nothing of the newer one (Service Workers, section 4.2).
        if request.header("sec-fetch-dest") == Some("serviceworker")
            || request.header("service-worker").is_some()
        {
            return Err(ServeError::ServiceWorker);
        }
        let url = path::file_url(&holder.base, &request.path, request.query.as_deref())?;
        if let Some(name) = relay_name(&holder.base, &url) {
            return relay_file(request, name, holder);
        }
        if request.is_opaque_media() {
            // Judged here all the same, so that nobody is sent where the gateway itself would not go.
            let checked = self
                .fetcher()
                .policy()
                .check(&url)
                .map_err(FetchError::from)?;
            return Ok(redirect(checked.url().to_string()));
        }
        let wrap = holder.mode == Mode::Sandbox && request.is_navigation();
        let limit = self.limits().file_bytes;
        let ask = Ask {
            method,
            headers: headers::to_cdn(request, wrap),
            decode: wrap,
            limit,
        };
        let answer = self.fetcher().ask(&url, &ask).await?;
        let told = answer
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let media_type = types::media_type(told.as_deref(), answer.url.path()).to_owned();
        if answer.status.is_success() && answer.url.as_str() != url {
            // A folder without its slash, for one. The browser must know, or relative links lead elsewhere.
            if let Some(place) = answer.url.as_str().strip_prefix(&holder.base) {
                return Ok(redirect(path::way_to(&request.path, place)));
            }
        }
        match answer.status {
            StatusCode::OK if wrap && types::is_html(&media_type) => {
                self.wrapped(request, answer, &media_type, holder).await
            }
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => {
                let mut headers = headers::from_cdn(&answer, wrap);
                headers.insert(0, ("content-type".to_owned(), media_type));
                Ok(plain(answer.status.as_u16(), headers, answer.body()))
            }
            StatusCode::NOT_MODIFIED | StatusCode::RANGE_NOT_SATISFIABLE => {
                let mut headers = headers::from_cdn(&answer, false);
                headers.retain(|(name, _)| name != "content-length");
                Ok(plain(answer.status.as_u16(), headers, Body::empty()))
            }
            status => {
                let (url, status) = (answer.url.to_string(), status.as_u16());
                answer.dismiss().await;
                Err(match status {
                    401 | 403 | 404 | 410 => ServeError::Missing { url, status },
                    _ => FetchError::Status { url, status }.into(),
                })
            }
        }
    }

    async fn wrapped(
        &self,
        request: &Request,
        answer: Answer,
        media_type: &str,
        holder: &Holder,
    ) -> Result<Response, ServeError> {
        let mut headers = headers::from_cdn(&answer, true);
        let config = holder.relay_config();
        let document = if request.method == "HEAD" {
            Vec::new()
        } else {
            answer.whole_within(self.limits().document_bytes).await?
        };
        let way_up = path::way_up(&request.path);
        let shell = shell::wrap(&document, types::charset(media_type), &config, &way_up);
        headers.insert(0, ("content-type".to_owned(), shell.content_type));
        Ok(plain(200, headers, shell.html.into()))
    }
}

/// A request that reached the site itself, by the `Host` it was sent to. Without that header nobody can say, and the
/// safe answer is yes.
fn on_host_of(request: &Request, lms: &str) -> bool {
    let Some(host) = request.header("host") else {
        return true;
    };
    let (Ok(lms), Some((scheme, _))) = (Url::parse(lms), lms.split_once("://")) else {
        return true;
    };
    Url::parse(&format!("{scheme}://{host}/"))
        .map_or(true, |reached| reached.origin() == lms.origin())
}

/// A gateway asks: the CDN has sent it back here, and each turn of the circle would hold one more worker of the site.
fn is_own_request(request: &Request) -> bool {
    let passed = request.header(LOOP_HEADER.as_str()).unwrap_or_default();
    passed
        .split(',')
        .filter_map(|station| station.split(';').next())
        .any(|station| station.trim().eq_ignore_ascii_case(LOOP_NAME))
}

/// The name of the relay's file that `url` stands for, if it does.
fn relay_name<'a>(base: &str, url: &'a str) -> Option<&'a str> {
    let path = url.strip_prefix(base)?;
    path.split('?')
        .next()?
        .strip_prefix(RELAY_FOLDER)?
        .strip_prefix('/')
}

/// The gateway's own copy of a relay file. A package that brings one built for somebody else is not asked.
fn relay_file(request: &Request, name: &str, holder: &Holder) -> Result<Response, ServeError> {
    let file = relay_files(&holder.relay_config())
        .into_iter()
        .find(|file| file.name == name)
        .ok_or_else(|| ServeError::Missing {
            url: format!("{}{RELAY_FOLDER}/{name}", holder.base),
            status: 404,
        })?;
    let hash = digest::digest(&digest::SHA256, file.content.as_bytes());
    let etag = format!(
        "\"{}\"",
        data_encoding::BASE64URL_NOPAD.encode(hash.as_ref())
    );
    let known = request
        .header("if-none-match")
        .is_some_and(|known| known.split(',').any(|tag| tag.trim() == etag));
    let mut headers = vec![
        ("content-type".to_owned(), file.media_type.to_owned()),
        ("cache-control".to_owned(), "private, no-cache".to_owned()),
        ("vary".to_owned(), "accept-encoding".to_owned()),
        ("etag".to_owned(), etag),
    ];
    if known {
        return Ok(plain(304, headers, Body::empty()));
    }
    let compressed = accepts_gzip(request).then(|| file.compressed()).flatten();
    let content = match (compressed, file.content) {
        (Some(compressed), _) => {
            headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
            compressed
        }
        (None, Cow::Borrowed(content)) => Bytes::from_static(content.as_bytes()),
        (None, Cow::Owned(content)) => content.into(),
    };
    headers.push(("content-length".to_owned(), content.len().to_string()));
    Ok(plain(200, headers, content.into()))
}

/// Whether the browser asked for gzip by name; `gzip;q=0` refuses it (RFC 9110, section 12.5.3).
fn accepts_gzip(request: &Request) -> bool {
    request
        .header("accept-encoding")
        .unwrap_or_default()
        .split(',')
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
                && !parts.any(|weight| {
                    weight
                        .strip_prefix("q=")
                        .and_then(|q| q.parse::<f32>().ok())
                        .is_some_and(|q| q == 0.0)
                })
        })
}

fn redirect(location: String) -> Response {
    let headers = vec![
        ("location".to_owned(), location),
        (
            "cache-control".to_owned(),
            "private, max-age=300".to_owned(),
        ),
        (
            "vary".to_owned(),
            "sec-fetch-dest, sec-fetch-mode".to_owned(),
        ),
    ];
    plain(302, headers, Body::empty())
}

fn refusal(request: &Request, error: ServeError) -> Response {
    let (content_type, text) = if request.is_navigation() {
        ("text/html; charset=utf-8", error.page())
    } else {
        ("text/plain; charset=utf-8", error.line())
    };
    let mut headers = vec![
        ("content-type".to_owned(), content_type.to_owned()),
        ("content-length".to_owned(), text.len().to_string()),
        ("cache-control".to_owned(), "private, no-store".to_owned()),
    ];
    if matches!(error, ServeError::Method { .. }) {
        headers.push(("allow".to_owned(), METHODS.to_owned()));
    }
    Response {
        status: error.status(),
        headers,
        body: text.into(),
        error: Some(error),
    }
}

fn plain(status: u16, headers: Vec<(String, String)>, body: Body) -> Response {
    Response {
        status,
        headers,
        body,
        error: None,
    }
}
