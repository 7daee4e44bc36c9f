//! Security headers, the same on every answer, and the content security policy.
//!
//! `frame-ancestors` and `X-Frame-Options` are derived from one value, so that they can never disagree.
//! A page that embeds lets what it embeds hear `unload`, which browsers grant only where every page above does:
//! SCOs save then. A handler widens the policy for its own answer only, by an extension: [`FrameSources`] for what the page may
//! embed, [`Framing`] for who may embed the page. [`Verbatim`] marks the files of a package, whose policy the
//! gateway writes.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::AppState;

/// Origins that the answered page may embed in frames: the provider's. Response extension.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrameSources(Vec<String>);

impl FrameSources {
    /// Takes origins (`scheme://host[:port]`); what is not one is left out, so that no value can smuggle a
    /// directive into the policy.
    pub fn new<I: IntoIterator<Item = S>, S: AsRef<str>>(origins: I) -> Self {
        Self(
            origins
                .into_iter()
                .filter_map(|text| origin_of(text.as_ref()))
                .collect(),
        )
    }
}

/// Who may put the answered page into a frame. Response extension; `Nobody` unless said otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Framing {
    /// No page at all.
    #[default]
    Nobody,
    /// Pages of this server.
    SameOrigin,
}

/// The answer's body and content policy come from elsewhere and stay as they are. Response extension.
#[derive(Debug, Clone, Copy)]
pub struct Verbatim;

/// The ASCII origin of an http(s) URL, if it has one that is safe inside a policy.
///
/// A URL's host may hold `;` and `,` (the URL standard forbids neither), which separate directives and policies;
/// no host of the DNS has them.
#[must_use]
pub fn origin_of(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    let origin = url.origin();
    if !matches!(url.scheme(), "http" | "https") || !origin.is_tuple() {
        return None;
    }
    let text = origin.ascii_serialization();
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '/' | '[' | ']');
    text.chars().all(plain).then_some(text)
}

/// Layer: writes the headers.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let production = state.config.is_production();
    let extensions = response.extensions();
    let verbatim = extensions.get::<Verbatim>().is_some();
    let framing = extensions.get::<Framing>().copied().unwrap_or_default();
    let embeds = extensions.get::<FrameSources>().cloned();
    let permissions = if embeds.is_some() {
        "camera=(), geolocation=(), microphone=(), unload=*"
    } else {
        "camera=(), geolocation=(), microphone=()"
    };
    let sources = embeds.unwrap_or_default();
    let headers = response.headers_mut();
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if production {
        put(
            headers,
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        );
    }
    if verbatim {
        return response;
    }
    put(
        headers,
        header::REFERRER_POLICY,
        "strict-origin-when-cross-origin",
    );
    put(
        headers,
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    put(
        headers,
        HeaderName::from_static("permissions-policy"),
        permissions,
    );
    put(headers, header::X_FRAME_OPTIONS, framing.x_frame_options());
    if !headers.contains_key(header::CACHE_CONTROL) {
        put(headers, header::CACHE_CONTROL, "no-store");
    }
    if let Ok(policy) = HeaderValue::from_str(&policy(framing, &sources, production)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

impl Framing {
    fn x_frame_options(self) -> &'static str {
        match self {
            Self::Nobody => "DENY",
            Self::SameOrigin => "SAMEORIGIN",
        }
    }

    fn frame_ancestors(self) -> &'static str {
        match self {
            Self::Nobody => "'none'",
            Self::SameOrigin => "'self'",
        }
    }
}

fn policy(framing: Framing, sources: &FrameSources, production: bool) -> String {
    let frames = match sources.0.as_slice() {
        [] => "'self'".to_owned(),
        some => format!("'self' {}", some.join(" ")),
    };
    let ancestors = framing.frame_ancestors();
    let upgrade = if production {
        "; upgrade-insecure-requests"
    } else {
        ""
    };
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-src {frames}; frame-ancestors {ancestors}{upgrade}"
    )
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_two_frame_headers_agree() {
        for (framing, old, new) in [
            (Framing::Nobody, "DENY", "frame-ancestors 'none'"),
            (Framing::SameOrigin, "SAMEORIGIN", "frame-ancestors 'self'"),
        ] {
            assert_eq!(framing.x_frame_options(), old);
            assert!(policy(framing, &FrameSources::default(), false).contains(new));
        }
    }

    #[test]
    fn a_provider_contributes_its_origin_and_nothing_else() {
        let sources = FrameSources::new([
            "https://Play.Example:8443/path?q#f",
            "data:text/html,x",
            "not a url",
        ]);
        let policy = policy(Framing::Nobody, &sources, false);
        assert!(
            policy.contains("frame-src 'self' https://play.example:8443; "),
            "{policy}"
        );
    }

    #[test]
    fn a_host_with_separators_in_it_is_no_origin() {
        for text in [
            "https://;a",
            "https://a,b.example",
            "https://a'b",
            "https://a;script-src *",
        ] {
            assert_eq!(origin_of(text), None, "{text}");
        }
        assert_eq!(
            origin_of("https://[::1]:8443/x").as_deref(),
            Some("https://[::1]:8443")
        );
    }

    proptest! {
        #[test]
        fn no_provider_text_can_add_a_directive(text in ".{0,60}", path in "[ -~]{0,30}") {
            let sources = FrameSources::new([text.clone(), format!("https://a.example/{path}"), format!("https://{text}")]);
            let policy = policy(Framing::Nobody, &sources, false);
            prop_assert_eq!(policy.split(';').count(), 9, "{}", policy);
            prop_assert!(!policy.contains(['\r', '\n', ',']), "{}", policy);
        }
    }
}
