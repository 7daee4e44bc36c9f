//! What a manifest says, with the standard's names. `None` means the manifest is silent. Titles, launch data and
//! prerequisites are as written, white space around them included; every other text is trimmed.

use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use url::Url;

use super::sequencing_model::Sequencing;
use super::warning::Warning;

/// What the texts of a manifest are kept as: `String`, for a manifest that outlives the bytes it was read from, or
/// `Cow`, which borrows from the [`Document`](super::Document) what stands there as it is.
pub trait Text<'a>: From<Cow<'a, str>> + Deref<Target = str> + Clone + Default {}

impl<'a, S: From<Cow<'a, str>> + Deref<Target = str> + Clone + Default> Text<'a> for S {}

/// Which run-time API the content expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Version {
    /// SCORM 1.2: the API object is `API`.
    #[serde(rename = "1.2")]
    V12,
    /// SCORM 2004: the API object is `API_1484_11`.
    #[serde(rename = "2004")]
    V2004,
}

impl Version {
    /// The name on the wire: `1.2` or `2004`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V12 => "1.2",
            Self::V2004 => "2004",
        }
    }
}

/// Edition of SCORM 2004.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Edition {
    /// `CAM 1.3`.
    #[serde(rename = "2nd")]
    Second,
    /// `2004 3rd Edition`.
    #[serde(rename = "3rd")]
    Third,
    /// `2004 4th Edition`.
    #[serde(rename = "4th")]
    Fourth,
}

/// `adlcp:scormtype` (1.2) or `adlcp:scormType` (2004).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ScormType {
    /// Speaks to the run-time.
    Sco,
    /// Does not.
    Asset,
}

impl ScormType {
    /// As the manifest writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sco => "sco",
            Self::Asset => "asset",
        }
    }
}

/// A whole manifest, checked and resolved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Manifest<S = String> {
    /// Which run-time.
    pub version: Version,
    /// Which edition, for SCORM 2004 with a `<schemaversion>` that tells.
    pub edition: Option<Edition>,
    /// `<schemaversion>` as written, trimmed.
    pub schema_version: Option<S>,
    /// `identifier` of `<manifest>`; empty where it is missing.
    pub identifier: S,
    /// Metadata of the package.
    pub metadata: Option<Metadata<S>>,
    /// `default` of `<organizations>` as written, even if no organization has that name.
    pub default_organization: Option<S>,
    /// In the order of the manifest.
    pub organizations: Vec<Organization<S>>,
    /// In the order of the manifest.
    pub resources: Vec<Resource<S>>,
    /// `<imsss:sequencingCollection>`, as written.
    pub sequencing_collection: Vec<Sequencing<S>>,
    /// Sub-manifests, in the order of the manifest.
    pub manifests: Vec<SubManifest<S>>,
    /// What is wrong without stopping play, in the order of the text.
    pub warnings: Vec<Warning>,
    /// How many warnings were not kept.
    pub warnings_left_off: u32,
}

impl<S: Deref<Target = str>> Manifest<S> {
    /// The organization that plays unless somebody chooses another: the default one, else the first one.
    #[must_use]
    pub fn playing_organization(&self) -> Option<&Organization<S>> {
        self.default_organization
            .as_deref()
            .and_then(|wanted| self.organizations.iter().find(|o| *o.identifier == *wanted))
            .or_else(|| self.organizations.first())
    }
}

/// A `<manifest>` inside a `<manifest>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct SubManifest<S = String> {
    /// `identifier`; empty where it is missing.
    pub identifier: S,
    /// Metadata of this part.
    pub metadata: Option<Metadata<S>>,
    /// `default` of `<organizations>` as written.
    pub default_organization: Option<S>,
    /// In the order of the manifest.
    pub organizations: Vec<Organization<S>>,
    /// In the order of the manifest.
    pub resources: Vec<Resource<S>>,
    /// `<imsss:sequencingCollection>`, as written.
    pub sequencing_collection: Vec<Sequencing<S>>,
    /// Sub-manifests of this one.
    pub manifests: Vec<SubManifest<S>>,
    #[serde(skip)]
    pub(super) at: usize,
    /// Offset of `<organizations>`.
    #[serde(skip)]
    pub(super) organizations_at: Option<usize>,
}

/// The few things of `<metadata>` that somebody shows or decides by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Metadata<S = String> {
    /// `<schema>`.
    pub schema: Option<S>,
    /// `<schemaversion>`.
    pub schema_version: Option<S>,
    /// First `<adlcp:location>`: where the rest of the metadata lies.
    pub location: Option<S>,
    /// First LOM `general/title`.
    pub title: Option<S>,
}

/// An `<organization>`: the root activity of a tree.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Organization<S = String> {
    /// `identifier`, or one made from its place where it is missing.
    pub identifier: S,
    /// `<title>`; empty where it is missing.
    pub title: S,
    /// `structure`.
    pub structure: Option<S>,
    /// `adlseq:objectivesGlobalToSystem`; the standard's default is true.
    pub objectives_global_to_system: Option<bool>,
    /// `adlcp:sharedDataGlobalToSystem`; the standard's default is true.
    pub shared_data_global_to_system: Option<bool>,
    /// `<adlcp:completionThreshold>`.
    pub completion_threshold: Option<Box<CompletionThreshold<S>>>,
    /// Effective sequencing, `IDRef` merged.
    pub sequencing: Option<Box<Sequencing<S>>>,
    /// `<metadata>`.
    pub metadata: Option<Box<Metadata<S>>>,
    /// Children, in order.
    pub items: Vec<Item<S>>,
    #[serde(skip)]
    pub(super) at: usize,
}

/// An `<item>`: an activity. What most items lack is boxed: a large manifest has thousands of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Item<S = String> {
    /// `identifier`, or one made from its place where it is missing.
    pub identifier: S,
    /// `<title>`; empty where it is missing.
    pub title: S,
    /// `identifierref` as written.
    pub identifier_ref: Option<S>,
    /// Where the content lies: `href` of the resource with every `xml:base` applied, relative to the manifest, without
    /// `parameters` (see [`with_parameters`]). `None` for an item that cannot be launched.
    pub launch: Option<S>,
    /// What the resource is; `None` for an item that refers to no resource.
    pub scorm_type: Option<ScormType>,
    /// `isvisible`; true where it is missing.
    pub is_visible: bool,
    /// `parameters` as written.
    pub parameters: Option<S>,
    /// `<adlcp:prerequisites>` (1.2).
    pub prerequisites: Option<Box<Prerequisites<S>>>,
    /// `<adlcp:maxtimeallowed>` (1.2): a CMITimespan.
    pub max_time_allowed: Option<S>,
    /// `<adlcp:timelimitaction>` or `<adlcp:timeLimitAction>`.
    pub time_limit_action: Option<S>,
    /// `<adlcp:datafromlms>` or `<adlcp:dataFromLMS>`.
    pub data_from_lms: Option<S>,
    /// `<adlcp:masteryscore>` (1.2).
    pub mastery_score: Option<S>,
    /// `<adlcp:completionThreshold>` (2004).
    pub completion_threshold: Option<Box<CompletionThreshold<S>>>,
    /// `<adlcp:data>` (2004 4th Ed.).
    pub shared_data: Vec<SharedData<S>>,
    /// `<adlnav:hideLMSUI>` values, in order.
    pub hide_lms_ui: Vec<S>,
    /// Effective sequencing, `IDRef` merged.
    pub sequencing: Option<Box<Sequencing<S>>>,
    /// `<metadata>`.
    pub metadata: Option<Box<Metadata<S>>>,
    /// Children, in order.
    pub items: Vec<Item<S>>,
    #[serde(skip)]
    pub(super) at: usize,
}

/// `<adlcp:prerequisites>` (SCORM 1.2 CAM section 2.3.2.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prerequisites<S = String> {
    /// `type`; the only one defined is `aicc_script`.
    pub kind: S,
    /// The script.
    pub expression: S,
}

/// `<adlcp:completionThreshold>`: text in the 3rd edition, attributes in the 4th.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CompletionThreshold<S = String> {
    /// `completedByMeasure` (4th Ed.); the standard's default is false.
    pub completed_by_measure: Option<bool>,
    /// `minProgressMeasure` (4th Ed.) or the text (3rd Ed.): a decimal between 0 and 1; the standard's default is 1.0.
    pub min_progress_measure: Option<S>,
    /// `progressWeight` (4th Ed.): a decimal between 0 and 1; the standard's default is 1.0.
    pub progress_weight: Option<S>,
}

/// `<adlcp:map>` of `<adlcp:data>`: a bucket shared between activities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedData<S = String> {
    /// `targetID`.
    pub target_id: S,
    /// `readSharedData`; the standard's default is true.
    pub read: Option<bool>,
    /// `writeSharedData`; the standard's default is true.
    pub write: Option<bool>,
}

/// A `<resource>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Resource<S = String> {
    /// `identifier`; empty where it is missing.
    pub identifier: S,
    /// `type`, nearly always `webcontent`.
    pub kind: Option<S>,
    /// What it is, if it says so in a way that can be understood.
    pub scorm_type: Option<ScormType>,
    /// `href` as written.
    pub href: Option<S>,
    /// The `xml:base` of manifest, resources and resource, joined; empty where there is none.
    pub base: S,
    /// `adlcp:persistState` (2004 2nd Ed.).
    pub persist_state: Option<bool>,
    /// `href` of each `<file>`, as written.
    pub files: Vec<S>,
    /// `identifierref` of each `<dependency>`.
    pub dependencies: Vec<S>,
    /// `<metadata>`.
    pub metadata: Option<Box<Metadata<S>>>,
    #[serde(skip)]
    pub(super) at: usize,
    /// Offsets of the dependencies, in their order.
    #[serde(skip)]
    pub(super) dependencies_at: Vec<usize>,
}

impl<S: Deref<Target = str>> Resource<S> {
    /// Where the resource starts, relative to the manifest. `None` without `href`.
    #[must_use]
    pub fn url(&self) -> Option<Cow<'_, str>> {
        let href = self.href.as_deref().filter(|href| !href.is_empty())?;
        Some(joined(&self.base, href))
    }

    /// As [`url`](Self::url), for a text of the manifest.
    pub(super) fn launch<'a>(&self) -> Option<S>
    where
        S: Text<'a>,
    {
        match self.url()? {
            Cow::Borrowed(_) => self.href.clone(),
            Cow::Owned(url) => Some(Cow::<str>::Owned(url).into()),
        }
    }

    /// A `<file>`'s `href`, relative to the manifest.
    #[must_use]
    pub fn file_url(&self, href: &str) -> String {
        join_base(&self.base, href)
    }
}

/// Resolves `reference` against `base`, both relative (RFC 3986 section 5.2.3): the last segment of the base gives way,
/// and what has a scheme, a host or a rooted path stands alone. Characters stay as they are, and dot segments are
/// left to whoever fetches, so that the result of the usual `xml:base="folder/"` is plain concatenation.
#[must_use]
pub fn join_base(base: &str, reference: &str) -> String {
    joined(base, reference).into_owned()
}

/// Borrowed if it is the reference as it stands.
fn joined<'r>(base: &str, reference: &'r str) -> Cow<'r, str> {
    if base.is_empty() || reference.starts_with('/') || has_scheme(reference) {
        return Cow::Borrowed(reference);
    }
    if reference.is_empty() {
        return Cow::Owned(base.to_owned());
    }
    let path_end = base.find(['?', '#']).unwrap_or(base.len());
    let folder_end = base
        .get(..path_end)
        .and_then(|path| path.rfind('/'))
        .map_or(0, |slash| slash + 1);
    let mut joined = base.get(..folder_end).unwrap_or_default().to_owned();
    joined.push_str(reference);
    Cow::Owned(joined)
}

/// Whether a reference starts with a scheme (RFC 3986 section 3.1). A drive letter counts as one.
pub(super) fn has_scheme(reference: &str) -> bool {
    let Some(colon) = reference.find([':', '/', '?', '#']) else {
        return false;
    };
    let scheme = reference.get(..colon).unwrap_or_default();
    reference
        .get(colon..)
        .is_some_and(|rest| rest.starts_with(':'))
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Adds an item's `parameters` to a launch URL by the rules of SCORM 2004 4th Ed. CAM section 3.4.1.14: leading `?` and
/// `&` go, a `#` fragment is added only if there is none, and a query is continued rather than started twice.
#[must_use]
pub fn with_parameters(launch: &str, parameters: &str) -> String {
    let parameters = parameters.trim_start_matches(['?', '&']);
    if parameters.is_empty() {
        return launch.to_owned();
    }
    if parameters.starts_with('#') {
        return if launch.contains('#') {
            launch.to_owned()
        } else {
            format!("{launch}{parameters}")
        };
    }
    // A query after a fragment would be part of the fragment.
    let (before, fragment) = match launch.find('#') {
        Some(at) => launch.split_at(at),
        None => (launch, ""),
    };
    let separator = if before.contains('?') { '&' } else { '?' };
    format!("{before}{separator}{parameters}{fragment}")
}

/// Where a SCO of the package in the folder `base` is launched: an absolute URL, percent-encoded, parameters included.
/// `base` is an absolute URL in normal form that ends in `/`; `launch` is a resource's `href`, with spaces or letters of any script as
/// authors write them.
///
/// # Errors
/// [`LaunchElsewhere`] where that is not below `base`, or no URL at all.
pub fn launch_url(base: &str, launch: &str, parameters: &str) -> Result<String, LaunchElsewhere> {
    let launch = with_parameters(launch, parameters);
    let url = Url::parse(base).and_then(|base| base.join(&launch));
    match url.map(String::from) {
        Ok(url) if url.starts_with(base) => Ok(url),
        Ok(url) => Err(LaunchElsewhere { url }),
        Err(_) => Err(LaunchElsewhere { url: launch }),
    }
}

/// A SCO would be launched outside its package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{url} lies outside the package")]
pub struct LaunchElsewhere {
    /// Where it would be launched, as far as that can be said.
    pub url: String,
}

impl LaunchElsewhere {
    /// Stable code for localisation.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        "launch_elsewhere"
    }

    /// Placeholders for the message.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, String)> {
        vec![("url", self.url.clone())]
    }
}
