//! What the controller is told about a launch (`docs/protocol.md`, "Stage page").

use scormbridge_core::cmi::Seed;
use scormbridge_core::manifest::with_parameters;
use scormbridge_core::modscorm::ScoRow;
use scormbridge_gateway::{DeliveryMode, PROTOCOL, RELAY_FOLDER, RELAY_HTML};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use super::bridge::Delivery;
use super::derived::Owner;
use crate::auth::CSRF_COOKIE;
use crate::http::headers::origin_of;

/// Bytes of a batch: well below what a request's body may have.
const MAX_BATCH_BYTES: usize = 500_000;

/// A launch, as the controller takes it.
#[derive(Serialize, ToSchema)]
pub struct Stage {
    protocol: u32,
    frame: Frame,
    /// Launch URL of the SCO; empty in the sandbox.
    sco: String,
    /// The first state of the data model.
    #[schema(value_type = Object)]
    seed: Seed,
    /// Names the launch: 32 hexadecimal digits.
    launch: String,
    /// Earlier launches of the SCO in the attempt, each with the last entry that the seed knows of.
    #[schema(value_type = Vec<Vec<Object>>)]
    earlier: Vec<(String, u64)>,
    commit: Commit,
    batching: Batching,
    navigation: Ways,
    /// Who the learner is to their browser. A page that keeps nothing still sends what an earlier one could not.
    owner: Owner,
    /// How entries outlive the page and the session; absent for a launch that counts for nothing.
    #[serde(flatten)]
    keeping: Option<Keeping>,
}

/// How entries outlive the page and the session.
#[derive(Serialize, ToSchema)]
pub(super) struct Keeping {
    pub(super) beacon: Beacon,
    pub(super) signin: SignInAgain,
}

/// Where the relay sends what its page cannot hand over any more.
#[derive(Serialize, ToSchema)]
pub(super) struct Beacon {
    url: String,
    ticket: String,
}

impl Beacon {
    /// The beacon of this site, with a ticket for one launch.
    pub(super) fn new(origin: &str, ticket: String) -> Self {
        Self {
            url: format!("{origin}/api/scorm/beacon"),
            ticket,
        }
    }
}

/// Where to ask who is signed in, and where to sign in.
#[derive(Serialize, ToSchema)]
pub(super) struct SignInAgain {
    session: String,
    login: String,
}

impl SignInAgain {
    /// Of this site.
    pub(super) fn new(origin: &str) -> Self {
        Self {
            session: format!("{origin}/api/scorm/session"),
            login: format!("{origin}/sign-in"),
        }
    }
}

/// What the frame loads.
#[derive(Debug, Serialize, ToSchema)]
struct Frame {
    url: String,
    /// Where the frame's messages come from; `null` as text in the sandbox.
    origin: String,
    title: String,
}

/// Where the journal goes.
#[derive(Debug, Serialize, ToSchema)]
struct Commit {
    url: String,
    report: String,
    /// The cookie whose value is repeated in `x-csrf-token`.
    csrf: &'static str,
}

/// How the journal is cut.
#[derive(Debug, Serialize, ToSchema)]
struct Batching {
    max_bytes: usize,
}

/// Pages that the SCO may ask for; empty where there is none.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct Ways {
    pub(super) next: String,
    pub(super) previous: String,
    pub(super) exit: String,
    /// The activities that a request may name.
    pub(super) targets: Vec<Way>,
}

/// A page that a request for an activity leads to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Way {
    /// The activity, by its identifier in the manifest.
    pub(super) sco: String,
    pub(super) url: String,
    /// Whether learners may choose it from here; a jump asks for no permission.
    pub(super) choice: bool,
}

/// Everything about one launch.
pub(super) struct Facts<'a> {
    pub(super) origin: &'a str,
    pub(super) launch: String,
    pub(super) row: &'a ScoRow,
    pub(super) delivery: &'a Delivery,
    pub(super) seed: Seed,
    pub(super) earlier: Vec<(String, u64)>,
    pub(super) navigation: Ways,
    pub(super) owner: Owner,
    pub(super) keeping: Option<Keeping>,
}

impl Stage {
    /// `None` if the SCO's launch URL is no URL below the package.
    pub(super) fn new(facts: Facts<'_>) -> Option<Self> {
        let Facts {
            origin,
            launch,
            row,
            delivery,
            seed,
            earlier,
            navigation,
            owner,
            keeping,
        } = facts;
        let sco = launch_url(row, &delivery.base)?;
        let api = format!("{origin}/api/scorm/launches/{launch}");
        let (url, frame_origin, sco) = match delivery.mode {
            DeliveryMode::Sandbox => (sco, "null".to_owned(), String::new()),
            DeliveryMode::Direct | DeliveryMode::Host => {
                let relay = format!("{}{RELAY_FOLDER}/{RELAY_HTML}", delivery.base);
                (relay, origin_of(&delivery.base)?, sco)
            }
        };
        Some(Self {
            protocol: PROTOCOL,
            frame: Frame {
                url,
                origin: frame_origin,
                title: row.title.clone(),
            },
            sco,
            seed,
            launch,
            earlier,
            commit: Commit {
                url: format!("{api}/commit"),
                report: format!("{api}/report"),
                csrf: CSRF_COOKIE,
            },
            batching: Batching {
                max_bytes: MAX_BATCH_BYTES,
            },
            navigation,
            owner,
            keeping,
        })
    }
}

/// The SCO's address below `base`, with its parameters.
fn launch_url(row: &ScoRow, base: &str) -> Option<String> {
    let parameters = row
        .data
        .iter()
        .find(|(name, _)| name == "parameters")
        .map_or("", |(_, value)| value.as_str());
    let base = Url::parse(base).ok()?;
    let url = base.join(&with_parameters(&row.launch, parameters)).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}
