//! Finding out whether a URL leads to a package that can be played, and how.
//!
//! A person pastes whatever address they have: of the manifest, of its folder, of the page that the package starts
//! with. The probe finds the manifest, reads it, asks every launch file whether it is there, and looks for what each
//! delivery mode needs. It changes nothing anywhere.

mod delivery;
mod launch;
mod locate;
mod page;

use std::fmt;

use ring::digest;
use scormbridge_core::{
    manifest::{Edition, Manifest, Version},
    modscorm::{self, ScoTree},
};
use serde::Serialize;
use tokio::time::timeout;

use crate::{
    Gateway,
    error::{FetchError, GatewayError, Stage},
};

pub use delivery::{Delivery, Usable};
pub use launch::Sco;

/// What a probe is asked with.
#[derive(Debug, Clone)]
pub struct ProbeOptions {
    /// Origin of the learning site that wants to play the package, such as `https://moodle.example.org`.
    pub lms_origin: String,
}

/// A package that can be played.
#[derive(Debug, Clone, Serialize)]
pub struct Probe {
    /// Where the manifest is, after redirects.
    pub manifest_url: String,
    /// Folder of the manifest; ends in `/`.
    pub base_url: String,
    /// SHA-256 of the manifest's bytes, in lower-case hexadecimal digits.
    pub manifest_sha256: String,
    /// Which run-time the package needs.
    pub version: Version,
    /// Edition of SCORM 2004, if the manifest tells.
    pub edition: Option<Edition>,
    /// Title of the organization that plays.
    pub title: String,
    /// Everything that can be launched, in the manifest's order.
    pub scos: Vec<Sco>,
    /// The package as mod_scorm stores it.
    pub tree: ScoTree,
    /// All that the manifest says. Stays on this side of every border: it may be far larger than the rows.
    #[serde(skip)]
    pub manifest: Manifest,
    /// Which delivery modes work.
    pub delivery: Delivery,
    /// `Access-Control-Allow-Origin` of the manifest, if the CDN sends one to the learning site.
    pub cors: Option<String>,
    /// What is odd, but does not stop the package.
    pub warnings: Vec<ProbeWarning>,
}

/// Something an instructor may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbeWarning {
    /// Stable code for localisation.
    pub code: String,
    /// In English.
    pub message: String,
}

impl ProbeWarning {
    fn new(code: &str, message: impl fmt::Display) -> Self {
        Self {
            code: code.to_owned(),
            message: message.to_string(),
        }
    }
}

impl Gateway {
    /// Looks at the package that `url` belongs to.
    ///
    /// # Errors
    /// [`GatewayError`], one variant for each reason why the package cannot be played.
    pub async fn probe(&self, url: &str, options: &ProbeOptions) -> Result<Probe, GatewayError> {
        timeout(self.timeouts.probe, self.probe_unhurried(url, options))
            .await
            .unwrap_or_else(|_| {
                let host = self
                    .fetcher()
                    .policy()
                    .check(url)
                    .map(|checked| checked.host().to_owned())
                    .unwrap_or_default();
                Err(FetchError::Timeout {
                    host,
                    stage: Stage::Total,
                }
                .into())
            })
    }

    async fn probe_unhurried(
        &self,
        url: &str,
        options: &ProbeOptions,
    ) -> Result<Probe, GatewayError> {
        let found = self.locate(url, &options.lms_origin).await?;
        // After redirects: what counts is where the browser would load it from.
        if found.base.origin().ascii_serialization() == options.lms_origin {
            return Err(GatewayError::OwnOrigin {
                url: found.url.into(),
            });
        }
        let mut warnings: Vec<_> = found
            .manifest
            .warnings
            .iter()
            .map(|warning| ProbeWarning::new("manifest", warning))
            .collect();
        let tree = modscorm::tree(&found.manifest);
        let scos = launch::scos(&tree, &found.base)?;
        warnings.extend(tree.warnings.iter().map(|cut| {
            let (identifier, column, limit) = (&cut.identifier, &cut.column, cut.limit);
            let message = format!(
                "The {column} of {identifier} is cut at {limit} characters; Moodle stores no more."
            );
            ProbeWarning::new("column_shortened", message)
        }));
        let launches = self.check_launches(&scos, &mut warnings).await?;
        let delivery = self
            .delivery(&found.base, &options.lms_origin, &launches, &mut warnings)
            .await;
        let title = found
            .manifest
            .playing_organization()
            .map(|playing| playing.title.clone())
            .unwrap_or_default();
        Ok(Probe {
            manifest_url: found.url.to_string(),
            base_url: found.base.to_string(),
            manifest_sha256: data_encoding::HEXLOWER
                .encode(digest::digest(&digest::SHA256, &found.bytes).as_ref()),
            version: found.manifest.version,
            edition: found.manifest.edition,
            title,
            scos,
            tree,
            manifest: found.manifest,
            delivery,
            cors: found.cors,
            warnings,
        })
    }
}
