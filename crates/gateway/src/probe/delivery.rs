//! Which delivery modes a package can use, and why the others not.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, X_FRAME_OPTIONS};
use serde::Serialize;
use url::Url;

use super::{ProbeWarning, launch::Launch};
use crate::{
    Gateway,
    error::{Details, FetchError},
    fetch::Ask,
    relay::{PROTOCOL, RELAY_FOLDER, RELAY_HTML, RELAY_JSON, RelayConfig},
    serve::types,
};

/// Most bytes of a `relay.json`.
const RELAY_JSON_BYTES: u64 = 64 * 1024;

/// The delivery modes (`docs/protocol.md`, "Layout of a package and its relay").
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Everything from the CDN.
    pub direct: Usable,
    /// Through the gateway, on a host of its own. Any package can; whether the site has such a host, it knows itself.
    pub host: Usable,
    /// Through the gateway, in an opaque origin.
    pub sandbox: Usable,
}

/// Whether a delivery mode works for a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Usable {
    /// It does.
    pub usable: bool,
    /// Why not, as a stable code; empty if it does.
    pub reason: String,
    /// Placeholders for the message.
    pub details: BTreeMap<String, String>,
}

impl From<Result<(), Obstacle>> for Usable {
    fn from(outcome: Result<(), Obstacle>) -> Self {
        let usable = outcome.is_ok();
        let (reason, details) = outcome
            .err()
            .map(|obstacle| (obstacle.code, obstacle.details))
            .unwrap_or_default();
        let details = details
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Self {
            usable,
            reason: reason.to_owned(),
            details,
        }
    }
}

struct Obstacle {
    code: &'static str,
    details: Details,
}

impl Obstacle {
    fn new(code: &'static str, url: &Url) -> Self {
        Self {
            code,
            details: vec![("url", url.to_string())],
        }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.details.push((name, value.to_string()));
        self
    }
}

impl Gateway {
    pub(super) async fn delivery(
        &self,
        base: &Url,
        lms_origin: &str,
        launches: &[Launch],
        warnings: &mut Vec<ProbeWarning>,
    ) -> Delivery {
        Delivery {
            direct: self
                .direct(base, lms_origin, launches, warnings)
                .await
                .into(),
            host: Ok(()).into(),
            sandbox: sandbox(launches).into(),
        }
    }

    /// The relay lies beside the package, speaks our protocol, trusts the learning site, and may be framed by it.
    async fn direct(
        &self,
        base: &Url,
        lms_origin: &str,
        launches: &[Launch],
        warnings: &mut Vec<ProbeWarning>,
    ) -> Result<(), Obstacle> {
        let json = relay_url(base, RELAY_JSON);
        let bytes = match self.fetcher().read(json.as_str(), RELAY_JSON_BYTES).await {
            Ok((place, ..)) if place.origin() != base.origin() => {
                return Err(Obstacle::new("relay_elsewhere", &json).with("place", place));
            }
            Ok((_, bytes)) => bytes,
            Err(FetchError::Status { .. }) => return Err(Obstacle::new("relay_missing", &json)),
            Err(error) => {
                return Err(Obstacle::new("relay_unreachable", &json).with("cause", error.reason()));
            }
        };
        let config: RelayConfig =
            serde_json::from_slice(&bytes).map_err(|_| Obstacle::new("relay_invalid", &json))?;
        if config.protocol != PROTOCOL {
            let obstacle = Obstacle::new("relay_protocol", &json).with("found", config.protocol);
            return Err(obstacle.with("expected", PROTOCOL));
        }
        if !config.origins.iter().any(|origin| origin == lms_origin) {
            return Err(Obstacle::new("relay_origin", &json).with("origin", lms_origin));
        }
        self.relay_page(base, lms_origin).await?;
        if let Some(launch) = launches
            .iter()
            .find(|launch| launch.url.origin() != base.origin())
        {
            return Err(Obstacle::new("launch_redirected", &launch.url));
        }
        if let Some(launch) = launches
            .iter()
            .find(|launch| !may_be_framed(&launch.headers, lms_origin))
        {
            return Err(Obstacle::new("launch_not_framable", &launch.url));
        }
        if config.relay != env!("CARGO_PKG_VERSION") {
            let message = format!(
                "The relay beside the package is version {}; write it again.",
                config.relay
            );
            warnings.push(ProbeWarning::new("relay_version", message));
        }
        Ok(())
    }

    async fn relay_page(&self, base: &Url, lms_origin: &str) -> Result<(), Obstacle> {
        let url = relay_url(base, RELAY_HTML);
        let answer = match self
            .fetcher()
            .ask(url.as_str(), &Ask::get(self.limits().document_bytes))
            .await
        {
            Ok(answer) if answer.status.is_success() => answer,
            Ok(_) => return Err(Obstacle::new("relay_page_missing", &url)),
            Err(error) => {
                return Err(Obstacle::new("relay_unreachable", &url).with("cause", error.reason()));
            }
        };
        if answer.url.origin() != base.origin() {
            return Err(Obstacle::new("relay_elsewhere", &url).with("place", &answer.url));
        }
        let label = answer
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !types::is_html(label) {
            return Err(Obstacle::new("relay_page_type", &url).with("found", label));
        }
        if may_be_framed(&answer.headers, lms_origin) {
            Ok(())
        } else {
            Err(Obstacle::new("relay_not_framable", &url))
        }
    }
}

fn relay_url(base: &Url, name: &str) -> Url {
    base.join(&format!("{RELAY_FOLDER}/{name}"))
        .unwrap_or_else(|_| base.clone())
}

/// One document is all there is of each SCO.
fn sandbox(launches: &[Launch]) -> Result<(), Obstacle> {
    for launch in launches {
        let Some(page) = launch.page else {
            return Err(Obstacle::new("sandbox_not_html", &launch.url));
        };
        if let Some(trouble) = page.trouble {
            return Err(Obstacle::new(trouble.code(), &launch.url));
        }
    }
    Ok(())
}

/// The CDN's headers let a page of the learning site hold this one in a frame. Only the plain cases are understood; a
/// list with wildcards is taken for a yes.
fn may_be_framed(headers: &HeaderMap, lms_origin: &str) -> bool {
    let policies = headers
        .get_all(CONTENT_SECURITY_POLICY)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let ancestors = policies
        .flat_map(|policy| policy.split([';', ',']))
        .find_map(|directive| directive.trim().strip_prefix("frame-ancestors"));
    match ancestors {
        Some(sources) => sources.split_ascii_whitespace().any(|source| {
            source.contains('*') || source == "https:" || source.trim_end_matches('/') == lms_origin
        }),
        // Without the newer directive the older header decides (CSP Level 3, section 6.4.2.2).
        None => !headers.contains_key(X_FRAME_OPTIONS),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn headers_against_framing_are_understood() {
        let lms = "https://lms.example.org";
        for (name, value, framed) in [
            (X_FRAME_OPTIONS, "SAMEORIGIN", false),
            (X_FRAME_OPTIONS, "DENY", false),
            (
                CONTENT_SECURITY_POLICY,
                "default-src *; frame-ancestors 'none'",
                false,
            ),
            (CONTENT_SECURITY_POLICY, "frame-ancestors 'self'", false),
            (
                CONTENT_SECURITY_POLICY,
                "frame-ancestors https://lms.example.org/ https://x.example",
                true,
            ),
            (CONTENT_SECURITY_POLICY, "frame-ancestors *", true),
            (
                CONTENT_SECURITY_POLICY,
                "frame-ancestors https://*.example.org",
                true,
            ),
            (CONTENT_SECURITY_POLICY, "default-src 'self'", true),
            (CONTENT_TYPE, "text/html", true),
        ] {
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
            assert_eq!(may_be_framed(&headers, lms), framed, "{value}");
        }
    }
}
