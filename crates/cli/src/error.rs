//! What ends the command, and with which exit status.

use std::{io, path::PathBuf, process::ExitCode};

use scormbridge_core::manifest::ManifestError;
use scormbridge_gateway::GatewayError;
use scormbridge_service::{ListenError, SecretError};

/// Exit status for a package with a fault.
pub(crate) const FAULT: u8 = 1;
/// Exit status for a command that cannot be carried out as given. The same that clap uses.
const USAGE: u8 = 2;

/// Why there is nothing to report.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error("{} does not exist", .0.display())]
    NotFound(PathBuf),
    #[error("{} cannot be read: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} cannot be written: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{} holds no imsmanifest.xml; give the folder that does", .0.display())]
    NoManifest(PathBuf),
    #[error(
        "the zip file holds imsmanifest.xml in the folder \"{0}\"; pack the content of that folder, not the folder"
    )]
    ManifestInFolder(String),
    #[error("the zip file holds no imsmanifest.xml; this is not a SCORM package")]
    NoManifestInZip,
    #[error("the zip file cannot be read: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("the zip file has {count} entries, more than the {limit} allowed")]
    ZipEntries { count: usize, limit: usize },
    #[error("{0}")]
    Manifest(#[from] ManifestError),
    #[error("{0}")]
    Gateway(#[from] GatewayError),
    #[error("\"{origin}\" is no origin: {problem}")]
    Origin {
        origin: String,
        problem: &'static str,
    },
    #[error("too many learning sites; a relay trusts at most {limit}")]
    TooManyOrigins { limit: usize },
    #[error("the network cannot be used: {0}")]
    Runtime(io::Error),
    #[error("{0}")]
    Listen(#[from] ListenError),
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("there is no secret; name a file with --secret-file, or set SCORMBRIDGE_SECRET")]
    NoSecret,
    #[error("there is no place to listen on; give --socket or --listen")]
    NoPlace,
    #[error("the answer cannot be printed: {0}")]
    Print(io::Error),
}

impl CliError {
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::NotFound(_)
            | Self::Origin { .. }
            | Self::TooManyOrigins { .. }
            | Self::Listen(_)
            | Self::Secret(_)
            | Self::NoSecret
            | Self::NoPlace => USAGE,
            _ => FAULT,
        })
    }

    /// Stable code, for JSON.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Read { .. } => "read",
            Self::Write { .. } => "write",
            Self::NoManifest(_) | Self::NoManifestInZip => "no_manifest",
            Self::ManifestInFolder(_) => "manifest_in_folder",
            Self::Zip(_) => "zip",
            Self::ZipEntries { .. } => "zip_entries",
            Self::Manifest(error) => error.reason(),
            Self::Gateway(error) => error.reason(),
            Self::Origin { .. } => "origin",
            Self::TooManyOrigins { .. } => "too_many_origins",
            Self::Runtime(_) => "runtime",
            Self::Listen(_) => "listen",
            Self::Secret(_) => "secret",
            Self::NoSecret => "no_secret",
            Self::NoPlace => "no_place",
            Self::Print(_) => "print",
        }
    }
}
