//! From any address of a package to its manifest.

use reqwest::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, HeaderMap, HeaderValue, ORIGIN};
use scormbridge_core::manifest::{self, Manifest};
use url::Url;

use crate::{
    Gateway,
    error::{FetchError, GatewayError},
    fetch::Ask,
    html::Tags,
};

const MANIFEST: &str = "imsmanifest.xml";
/// How many folders above a launch page the manifest may be.
const PARENTS: usize = 3;

/// A manifest that was found and understood.
pub(super) struct Found {
    pub(super) url: Url,
    pub(super) base: Url,
    pub(super) bytes: Vec<u8>,
    pub(super) manifest: Manifest,
    pub(super) cors: Option<String>,
}

impl Gateway {
    pub(super) async fn locate(&self, url: &str, lms_origin: &str) -> Result<Found, GatewayError> {
        let given = self
            .fetcher()
            .policy()
            .check(url)
            .map_err(FetchError::from)?;
        let mut tried = Vec::new();
        let mut page = None;
        for candidate in candidates(given.url()) {
            if !tried.is_empty() && self.fetcher().policy().check(candidate.as_str()).is_err() {
                // A folder further up that the allowlist does not cover.
                continue;
            }
            tried.push(candidate.to_string());
            match self.read_manifest(&candidate, lms_origin).await {
                Err(GatewayError::Fetch(FetchError::Status {
                    status: 403 | 404 | 410,
                    ..
                })) => {}
                Err(error @ GatewayError::ManifestIsPage { .. }) => page = page.or(Some(error)),
                outcome => return outcome,
            }
        }
        Err(page.unwrap_or(GatewayError::ManifestNotFound { tried }))
    }

    async fn read_manifest(&self, url: &Url, lms_origin: &str) -> Result<Found, GatewayError> {
        let mut ask = Ask::get(self.manifest.max_bytes as u64);
        if let Ok(origin) = HeaderValue::from_str(lms_origin) {
            ask.headers = HeaderMap::from_iter([(ORIGIN, origin)]);
        }
        let answer = self
            .fetcher()
            .ask(url.as_str(), &ask)
            .await?
            .success()
            .await?;
        let text = |name| {
            answer
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let cors = text(ACCESS_CONTROL_ALLOW_ORIGIN);
        let labelled_html = text(CONTENT_TYPE).is_some_and(|label| label.starts_with("text/html"));
        // Where a redirect keeps the name it moves the package; otherwise it only says where the bytes are.
        let same_name = answer.url.path().rsplit('/').next() == url.path().rsplit('/').next();
        let url = if same_name {
            answer.url.clone()
        } else {
            url.clone()
        };
        let bytes = answer.whole().await?;
        let manifest = manifest::parse_without_files(&bytes, &self.manifest).map_err(|error| {
            if labelled_html
                || Tags::new(&bytes)
                    .next()
                    .is_some_and(|tag| tag.name == "html")
            {
                GatewayError::ManifestIsPage {
                    url: url.to_string(),
                }
            } else {
                error.into()
            }
        })?;
        let base = folder(&url);
        Ok(Found {
            url,
            base,
            bytes,
            manifest,
            cors,
        })
    }
}

/// Where the manifest may be, likeliest first.
fn candidates(given: &Url) -> Vec<Url> {
    let name = given
        .path()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if name.ends_with(".xml") {
        return vec![given.clone()];
    }
    if name.is_empty() {
        return beside(given).into_iter().collect();
    }
    let mut found = Vec::new();
    if !name.contains('.') {
        // A folder without its slash.
        let mut folder = given.clone();
        folder.set_path(&format!("{}/", given.path()));
        found.extend(beside(&folder));
    }
    let mut folder = folder(given);
    found.extend(beside(&folder));
    for _ in 0..PARENTS {
        let Some(parent) = parent(&folder) else { break };
        found.extend(beside(&parent));
        folder = parent;
    }
    found
}

/// The manifest in the folder of `url`.
fn beside(url: &Url) -> Option<Url> {
    url.join(MANIFEST).ok()
}

/// The folder that the file at `url` is in.
fn folder(url: &Url) -> Url {
    url.join(".").unwrap_or_else(|_| url.clone())
}

fn parent(folder: &Url) -> Option<Url> {
    let parent = folder.join("..").ok()?;
    (parent != *folder).then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_looked_for_where_it_can_be() {
        let cases: [(&str, &[&str]); 7] = [
            ("/a/imsmanifest.xml", &["/a/imsmanifest.xml"]),
            ("/a/IMSManifest.XML?v=1", &["/a/IMSManifest.XML?v=1"]),
            ("/a/b/", &["/a/b/imsmanifest.xml"]),
            ("/a", &["/a/imsmanifest.xml", "/imsmanifest.xml"]),
            ("/index.html?x=1", &["/imsmanifest.xml"]),
            (
                "/a/b/index.html",
                &[
                    "/a/b/imsmanifest.xml",
                    "/a/imsmanifest.xml",
                    "/imsmanifest.xml",
                ],
            ),
            (
                "/1/2/3/4/5/a.htm",
                &[
                    "/1/2/3/4/5/imsmanifest.xml",
                    "/1/2/3/4/imsmanifest.xml",
                    "/1/2/3/imsmanifest.xml",
                    "/1/2/imsmanifest.xml",
                ],
            ),
        ];
        for (given, expected) in cases {
            let given = Url::parse("https://cdn.example.com")
                .unwrap()
                .join(given)
                .unwrap();
            let found: Vec<_> = candidates(&given)
                .iter()
                .map(|url| {
                    url.as_str()
                        .strip_prefix("https://cdn.example.com")
                        .unwrap()
                        .to_owned()
                })
                .collect();
            assert_eq!(found, expected, "{given}");
        }
    }
}
