//! The two cookies of a session: its token, out of scripts' reach, and the value of the double submit.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::config::Config;

/// Cookie that scripts of our pages read and repeat in [`CSRF_HEADER`].
pub(crate) const CSRF: &str = "csrf_token";

/// Longest cookie header that is looked at, in bytes.
const MAX_HEADER: usize = 8_192;

/// Name of the session cookie. The prefix makes browsers insist on HTTPS, this host and the whole site.
pub(super) fn session_name(config: &Config) -> &'static str {
    if config.is_production() {
        "__Host-lms_session"
    } else {
        "lms_session"
    }
}

/// The value of a cookie, if it is there exactly once: of two, one may have been planted by a neighbour host.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter(|text| text.len() <= MAX_HEADER)
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    let only = values.next()?;
    values.next().is_none().then_some(only)
}

/// `Set-Cookie` headers of a fresh session.
pub(super) fn set(config: &Config, token: &str, csrf: &str) -> HeaderMap {
    let age = i64::from(config.sign_in.session_minutes) * 60;
    headers(config, token, csrf, age)
}

/// `Set-Cookie` headers that remove both.
pub(super) fn clear(config: &Config) -> HeaderMap {
    headers(config, "", "", 0)
}

fn headers(config: &Config, token: &str, csrf: &str, age: i64) -> HeaderMap {
    let secure = if config.is_production() {
        "; Secure"
    } else {
        ""
    };
    let session = session_name(config);
    let lines = [
        format!("{session}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"),
        format!("{CSRF}={csrf}; Path=/; Max-Age={age}; SameSite=Strict{secure}"),
    ];
    let mut headers = HeaderMap::new();
    for line in lines {
        if let Ok(mut value) = HeaderValue::try_from(line) {
            value.set_sensitive(true);
            headers.append(header::SET_COOKIE, value);
        }
    }
    headers
}
