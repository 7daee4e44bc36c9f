//! The relay's files, as a package owner puts them beside a package and as the gateway answers for them.
//!
//! They are built by the `js` workspace into `assets/relay/` and are part of this crate, so that a gateway and the
//! command `scormbridge` always bring the relay that speaks their protocol.

use std::{
    borrow::Cow,
    io::{self, Write},
    sync::OnceLock,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use scormbridge_core::ticket::Mode;
use serde::{Deserialize, Serialize};

/// Folder of the relay below a package's base.
pub const RELAY_FOLDER: &str = "scormbridge";
/// The page that embeds the SCO.
pub const RELAY_HTML: &str = "relay.html";
/// Its script, which the shell of the sandboxed mode loads too.
pub const RELAY_JS: &str = "relay.js";
/// What the relay is and whom it trusts, for the probe.
pub const RELAY_JSON: &str = "relay.json";
/// Number of the wire protocol (`docs/protocol.md`).
pub const PROTOCOL: u32 = 1;

/// Most parent origins that a relay can be told.
pub const MAX_ORIGINS: usize = 50;

const PAGE: &str = include_str!("../assets/relay/relay.html");
const SCRIPT: &str = include_str!("../assets/relay/relay.js");
/// Where the page takes its configuration.
const PLACEHOLDER: &str = "__SCORMBRIDGE_CONFIG__";

/// How relay and SCO come to share an origin. The names are the wire names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryMode {
    /// Both lie on the CDN.
    #[default]
    Direct,
    /// Both come through the gateway on a host of its own.
    Host,
    /// Both are one document, in an opaque origin.
    Sandbox,
}

impl From<Mode> for DeliveryMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Host => Self::Host,
            Mode::Sandbox => Self::Sandbox,
        }
    }
}

/// What a relay is told: the content of `relay.json` and of the page's configuration element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayConfig {
    /// Version of the relay.
    pub relay: String,
    /// Number of the wire protocol it speaks.
    pub protocol: u32,
    /// The only parent origins it will speak to, in ASCII.
    pub origins: Vec<String>,
    /// Where it runs.
    #[serde(default, skip_serializing_if = "is_direct")]
    pub mode: DeliveryMode,
}

impl RelayConfig {
    /// The relay of this version, for these parent origins.
    #[must_use]
    pub fn new(mode: DeliveryMode, origins: impl IntoIterator<Item = String>) -> Self {
        let relay = env!("CARGO_PKG_VERSION").to_owned();
        Self {
            relay,
            protocol: PROTOCOL,
            origins: origins.into_iter().collect(),
            mode,
        }
    }

    /// As JSON that is safe inside an HTML script element.
    #[must_use]
    pub fn json(&self) -> String {
        // Strings and a number: there is nothing that could not be written.
        serde_json::to_string(self)
            .unwrap_or_default()
            .replace('<', "\\u003c")
    }
}

fn is_direct(mode: &DeliveryMode) -> bool {
    *mode == DeliveryMode::Direct
}

/// A file of the relay: its media type and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayFile {
    /// Name inside [`RELAY_FOLDER`].
    pub name: &'static str,
    /// Value for `Content-Type`.
    pub media_type: &'static str,
    /// All of it.
    pub content: Cow<'static, str>,
}

impl RelayFile {
    /// The script, gzipped once per process: it is what a launch is waiting for, and four times as large without. The
    /// other files are too small to gain.
    #[must_use]
    pub fn compressed(&self) -> Option<Bytes> {
        static COMPRESSED: OnceLock<Option<Bytes>> = OnceLock::new();
        if self.name != RELAY_JS {
            return None;
        }
        COMPRESSED
            .get_or_init(|| gzip(SCRIPT.as_bytes()).ok().map(Bytes::from))
            .clone()
    }
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    encoder.finish()
}

/// The files of the relay for `config`.
#[must_use]
pub fn relay_files(config: &RelayConfig) -> [RelayFile; 3] {
    let json = config.json();
    [
        RelayFile {
            name: RELAY_HTML,
            media_type: "text/html; charset=utf-8",
            content: PAGE.replace(PLACEHOLDER, &json).into(),
        },
        RelayFile {
            name: RELAY_JS,
            media_type: "text/javascript; charset=utf-8",
            content: SCRIPT.into(),
        },
        RelayFile {
            name: RELAY_JSON,
            media_type: "application/json",
            content: json.into(),
        },
    ]
}
