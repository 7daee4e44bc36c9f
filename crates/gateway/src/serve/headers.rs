//! Which headers pass, in either direction. Everything else stops here: no cookie, credential, referrer or address of
//! a learner reaches the CDN, and nothing the CDN says can change how the browser treats this host.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    IF_RANGE, LAST_MODIFIED, RANGE,
};
use scormbridge_core::ticket::Mode;

use super::Request;
use crate::fetch::Answer;

/// Sent on as the browser sent them.
const TO_CDN: [HeaderName; 6] = [
    ACCEPT,
    ACCEPT_ENCODING,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_RANGE,
    RANGE,
];
/// Those of them that make no sense for a document that will be wrapped.
const FOR_PARTS: [HeaderName; 5] = [
    ACCEPT_ENCODING,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_RANGE,
    RANGE,
];
/// Handed back as the CDN sent them. `Content-Type`, `Content-Length` and `Cache-Control` are made anew.
const FROM_CDN: [HeaderName; 5] = [
    ACCEPT_RANGES,
    CONTENT_ENCODING,
    CONTENT_RANGE,
    ETAG,
    LAST_MODIFIED,
];

/// Longest value of a request header that is sent on, in bytes.
const MAX_VALUE_BYTES: usize = 1024;
/// Longest time a browser may use a file without asking again, in seconds. A ticket does not live much longer.
const MAX_AGE: u64 = 3600;
/// The same where the CDN says nothing.
const DEFAULT_AGE: u64 = 300;

/// What SCOs may do in the sandboxed mode. Never `allow-same-origin`, which would give them this host's origin, and
/// never a way to navigate the top window. Popups leave the sandbox, for courses link to ordinary websites; a popup of
/// this gateway's own files is sandboxed by its own header again.
const SANDBOX: &str = "sandbox allow-scripts allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox \
                       allow-downloads allow-pointer-lock";

/// Headers for the request to the CDN. `whole` leaves out what asks for parts or for changes only.
pub(super) fn to_cdn(request: &Request, whole: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in TO_CDN
        .iter()
        .filter(|name| !(whole && FOR_PARTS.contains(name)))
    {
        let value = request.header(name.as_str()).filter(|value| {
            value.len() <= MAX_VALUE_BYTES && (*name != RANGE || is_one_range(value))
        });
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    // Without this the client or the CDN might choose; compressed parts of a file are of no use to a media element.
    if !whole && (headers.contains_key(RANGE) || !headers.contains_key(ACCEPT_ENCODING)) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    headers
}

/// One part of a file, as media elements ask for it. Many parts in one request make a CDN send a file many times over
/// (RFC 9110, section 14.2, lets a server ignore such a header); no browser asks so.
fn is_one_range(value: &str) -> bool {
    let digits = |text: &str| text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
    value
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
        .is_some_and(|(from, to)| digits(from) && digits(to) && !(from.is_empty() && to.is_empty()))
}

/// Headers of an answer that come from the CDN's. Those that describe the exact bytes are left out of a document that
/// was changed on the way.
pub(super) fn from_cdn(answer: &Answer, changed: bool) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let cdn = &answer.headers;
    if !changed {
        if let Some(length) = answer.length {
            headers.push((CONTENT_LENGTH.as_str().to_owned(), length.to_string()));
        }
        for name in &FROM_CDN {
            if let Some(value) = cdn.get(name).and_then(|value| value.to_str().ok()) {
                headers.push((name.as_str().to_owned(), value.to_owned()));
            }
        }
    }
    let told = cdn.get(CACHE_CONTROL).and_then(|value| value.to_str().ok());
    headers.push(("cache-control".to_owned(), cache_control(told)));
    headers.push((
        "vary".to_owned(),
        "accept-encoding, sec-fetch-dest, sec-fetch-mode".to_owned(),
    ));
    headers
}

/// How long the browser may keep an answer. Never a shared cache: the URL is a capability.
fn cache_control(told: Option<&str>) -> String {
    let mut age = DEFAULT_AGE;
    for directive in told
        .unwrap_or_default()
        .split(',')
        .map(|part| part.trim().to_ascii_lowercase())
    {
        match directive.as_str() {
            "no-store" => return "private, no-store".to_owned(),
            "no-cache" | "max-age=0" => return "private, no-cache".to_owned(),
            _ => {
                if let Some(seconds) = directive
                    .strip_prefix("max-age=")
                    .and_then(|age| age.parse().ok())
                {
                    age = seconds;
                }
            }
        }
    }
    format!("private, max-age={}", age.min(MAX_AGE))
}

/// Headers of every answer, whatever it is.
pub(super) fn protection(to: Option<(Mode, &str)>) -> Vec<(String, String)> {
    let policy = match to {
        Some((Mode::Host, lms)) => format!("frame-ancestors 'self' {lms}"),
        // No `frame-ancestors`: a frame inside the SCO has an opaque ancestor, which no source expression matches.
        Some((Mode::Sandbox, _)) => SANDBOX.to_owned(),
        // Nobody knows who asks: the page that says so may be shown anywhere, and do nothing.
        None => "sandbox; default-src 'none'; style-src 'unsafe-inline'".to_owned(),
    };
    let mut headers = vec![
        ("content-security-policy".to_owned(), policy),
        ("x-content-type-options".to_owned(), "nosniff".to_owned()),
        ("referrer-policy".to_owned(), "no-referrer".to_owned()),
        // SCOs save in `unload` handlers, which browsers no longer run unless told to.
        ("permissions-policy".to_owned(), "unload=*".to_owned()),
    ];
    if matches!(to, Some((Mode::Sandbox, _))) {
        // In an opaque origin everything is cross-origin, even the SCO's own fonts, modules and fetches. The ticket in
        // the URL is what permits the reading; no cookie or other credential is involved.
        headers.push(("access-control-allow-origin".to_owned(), "*".to_owned()));
        headers.push(("access-control-expose-headers".to_owned(), "*".to_owned()));
    }
    headers
}

/// The answer to `OPTIONS`.
pub(super) fn preflight(mode: Mode) -> Vec<(String, String)> {
    let mut headers = vec![("allow".to_owned(), super::METHODS.to_owned())];
    if mode == Mode::Sandbox {
        headers.push((
            "access-control-allow-methods".to_owned(),
            super::METHODS.to_owned(),
        ));
        headers.push(("access-control-allow-headers".to_owned(), "*".to_owned()));
        headers.push(("access-control-max-age".to_owned(), MAX_AGE.to_string()));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_by_the_browser_alone_and_not_for_long() {
        for (told, kept) in [
            (None, "private, max-age=300"),
            (Some("public, max-age=60"), "private, max-age=60"),
            (
                Some("public, max-age=31536000, immutable"),
                "private, max-age=3600",
            ),
            (Some("No-Cache"), "private, no-cache"),
            (Some("max-age=60, no-store"), "private, no-store"),
            (Some("max-age=0"), "private, no-cache"),
            (Some("max-age=soon"), "private, max-age=300"),
        ] {
            assert_eq!(cache_control(told), kept, "{told:?}");
        }
    }

    #[test]
    fn no_mode_gives_content_the_site_s_origin_or_its_window() {
        assert!(!SANDBOX.contains("same-origin") && !SANDBOX.contains("top-navigation"));
        for to in [Some((Mode::Sandbox, "https://lms.example")), None] {
            let headers = protection(to);
            assert!(
                headers
                    .iter()
                    .any(|(name, value)| name == "content-security-policy"
                        && value.starts_with("sandbox"))
            );
        }
    }
}
