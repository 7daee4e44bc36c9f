//! The launch files of a package: where they are, and whether they are there.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use scormbridge_core::{
    manifest::launch_url,
    modscorm::{ScoRow, ScoTree},
};
use serde::Serialize;
use url::Url;

use super::{ProbeWarning, page::Page};
use crate::{
    Gateway,
    error::{FetchError, GatewayError},
    fetch::Ask,
    serve::types,
};

/// Something that can be launched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sco {
    /// Identifier of its item.
    pub identifier: String,
    /// Title of its item.
    pub title: String,
    /// Absolute URL on the CDN, parameters included.
    pub launch: String,
}

/// A launch file that answered.
pub(super) struct Launch {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    /// What is in it, if it is HTML of a bearable size.
    pub(super) page: Option<Page>,
}

/// Everything that can be launched, of all organizations.
pub(super) fn scos(tree: &ScoTree, base: &Url) -> Result<Vec<Sco>, GatewayError> {
    let launchable = tree.scoes.iter().filter(|row| !row.launch.is_empty());
    let scos = launchable
        .map(|row| sco(row, base))
        .collect::<Result<Vec<_>, _>>()?;
    if scos.is_empty() {
        Err(GatewayError::NoLaunchableSco)
    } else {
        Ok(scos)
    }
}

fn sco(row: &ScoRow, base: &Url) -> Result<Sco, GatewayError> {
    let parameters = row
        .data
        .iter()
        .find(|(name, _)| name == "parameters")
        .map(|(_, value)| value.as_str());
    let launch = launch_url(base.as_str(), &row.launch, parameters.unwrap_or_default());
    let launch = launch.map_err(|elsewhere| GatewayError::LaunchElsewhere {
        identifier: row.identifier.clone(),
        url: elsewhere.url,
        base: base.to_string(),
    })?;
    Ok(Sco {
        identifier: row.identifier.clone(),
        title: row.title.clone(),
        launch,
    })
}

impl Gateway {
    /// Asks for every launch file once, or for a sample of very many. The first that is missing ends the probe.
    pub(super) async fn check_launches(
        &self,
        scos: &[Sco],
        warnings: &mut Vec<ProbeWarning>,
    ) -> Result<Vec<Launch>, GatewayError> {
        // Several SCOs may be one file with different parameters.
        let mut files = BTreeMap::new();
        for sco in scos {
            files.entry(file(&sco.launch)).or_insert(sco);
        }
        let total = files.len();
        let most = self.limits().launch_checks.max(1);
        if total > most {
            let message =
                format!("The package has {total} launch files, of which {most} were checked.");
            warnings.push(ProbeWarning::new("launch_files_sampled", message));
        }
        // Spread evenly, so that no folder goes unseen only because it comes late.
        let sample: Vec<_> = files
            .into_iter()
            .enumerate()
            .filter(|(index, _)| total <= most || index * most % total < most)
            .collect();
        // Made one by one outside the stream, so that the compiler sees that the whole may change threads.
        let mut checks = Vec::with_capacity(sample.len());
        for (_, (url, sco)) in sample {
            checks.push(self.check_launch(url, sco));
        }
        let mut running = stream::iter(checks).buffered(self.limits().concurrency.max(1));
        let mut launches = Vec::new();
        while let Some(launch) = running.next().await {
            launches.push(launch?);
        }
        Ok(launches)
    }

    /// One request tells whether the file is there, how it is labelled, and what is in it. Of anything but a page the
    /// content is not awaited.
    async fn check_launch(&self, url: &str, sco: &Sco) -> Result<Launch, GatewayError> {
        let (identifier, url) = (|| sco.identifier.clone(), url.to_owned());
        let ask = Ask::get(self.limits().file_bytes);
        let answer = match self.fetcher().ask(&url, &ask).await {
            Ok(answer) => answer,
            Err(error) => {
                return Err(GatewayError::LaunchUnreachable {
                    identifier: identifier(),
                    url,
                    error,
                });
            }
        };
        if !answer.status.is_success() {
            let status = answer.status.as_u16();
            return Err(GatewayError::LaunchMissing {
                identifier: identifier(),
                url,
                status,
            });
        }
        let (place, headers) = (answer.url.clone(), answer.headers.clone());
        let label = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let media_type = types::media_type(label, place.path());
        let page = if types::is_html(media_type) {
            match answer.whole_within(self.limits().document_bytes).await {
                Ok(bytes) => Some(Page::look_at(&bytes, types::charset(media_type))),
                Err(FetchError::TooLarge { .. }) => None,
                Err(error) => {
                    return Err(GatewayError::LaunchUnreachable {
                        identifier: identifier(),
                        url,
                        error,
                    });
                }
            }
        } else {
            None
        };
        Ok(Launch {
            url: place,
            headers,
            page,
        })
    }
}

/// A URL without query and fragment: what is stored on a CDN.
fn file(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sample_has_the_size_it_should_and_begins_at_the_beginning() {
        for (total, most) in [(101, 100), (1000, 100), (250, 100), (3, 2), (7, 1)] {
            let sample: Vec<usize> = (0..total)
                .filter(|index| index * most % total < most)
                .collect();
            assert_eq!((sample.len(), sample[0]), (most, 0), "{most} of {total}");
        }
    }
}
