//! Packages on this machine: where the manifest is, and which files there are.

use std::{
    borrow::Cow,
    collections::HashSet,
    fs::{self, File},
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;
use scormbridge_core::manifest::Limits;
use url::Url;
use zip::ZipArchive;

use crate::error::CliError;

pub(crate) const MANIFEST: &str = "imsmanifest.xml";
/// First bytes of a zip file with content.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// Most entries of a zip file. Large courses have some ten thousand.
const MAX_ZIP_ENTRIES: usize = 200_000;
/// Stands for the folder of the manifest where launch URLs are resolved.
const BASE: &str = "https://package.invalid/package/";

/// A package on this machine, its manifest read and its files at hand.
pub(crate) struct LocalPackage {
    pub(crate) place: String,
    pub(crate) manifest: Vec<u8>,
    files: Files,
}

enum Files {
    Folder(PathBuf),
    Zip(HashSet<String>),
}

impl LocalPackage {
    /// Opens a manifest, a folder or a zip file. Of the manifest not more is read than `limits` allow, and one byte.
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, CliError> {
        if path.is_dir() {
            let manifest = path.join(MANIFEST);
            if !manifest.is_file() {
                return Err(CliError::NoManifest(path.to_owned()));
            }
            return Self::folder(&manifest, limits);
        }
        if !path.exists() {
            return Err(CliError::NotFound(path.to_owned()));
        }
        let unreadable = |source| CliError::Read {
            path: path.to_owned(),
            source,
        };
        let mut start = Vec::new();
        let mut file = File::open(path).map_err(unreadable)?;
        file.by_ref()
            .take(ZIP_MAGIC.len() as u64)
            .read_to_end(&mut start)
            .map_err(unreadable)?;
        if start == ZIP_MAGIC {
            Self::zip(path, limits)
        } else {
            Self::folder(path, limits)
        }
    }

    fn folder(manifest: &Path, limits: &Limits) -> Result<Self, CliError> {
        let unreadable = |source| CliError::Read {
            path: manifest.to_owned(),
            source,
        };
        let file = File::open(manifest).map_err(unreadable)?;
        let folder = manifest.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self {
            place: manifest.display().to_string(),
            manifest: read_capped(file, limits).map_err(unreadable)?,
            files: Files::Folder(folder),
        })
    }

    fn zip(path: &Path, limits: &Limits) -> Result<Self, CliError> {
        let unreadable = |source| CliError::Read {
            path: path.to_owned(),
            source,
        };
        let mut archive = ZipArchive::new(BufReader::new(File::open(path).map_err(unreadable)?))?;
        if archive.len() > MAX_ZIP_ENTRIES {
            return Err(CliError::ZipEntries {
                count: archive.len(),
                limit: MAX_ZIP_ENTRIES,
            });
        }
        let names: HashSet<String> = archive
            .file_names()
            .filter_map(Result::ok)
            .map(Cow::into_owned)
            .collect();
        if !names.contains(MANIFEST) {
            let deeper = names
                .iter()
                .filter_map(|name| name.strip_suffix(MANIFEST)?.strip_suffix('/'))
                .min_by_key(|f| f.len());
            return Err(deeper.map_or(CliError::NoManifestInZip, |folder| {
                CliError::ManifestInFolder(folder.to_owned())
            }));
        }
        // Only this entry is ever unpacked, and only as far as a manifest may be long: a zip bomb stays what it is.
        let manifest = read_capped(archive.by_name(MANIFEST)?, limits).map_err(unreadable)?;
        Ok(Self {
            place: format!("{MANIFEST} in {}", path.display()),
            manifest,
            files: Files::Zip(names),
        })
    }

    /// Whether the file that a launch URL of the manifest leads to is there; `None` if it leads out of the package.
    pub(crate) fn has(&self, launch: &str) -> Option<bool> {
        let url = Url::parse(BASE).ok()?.join(launch).ok()?;
        let path = url.as_str().strip_prefix(BASE)?.split(['?', '#']).next()?;
        let name = percent_decode_str(path).decode_utf8().ok()?;
        if name.split('/').any(|part| part == "..") || name.contains(['\\', '\0']) {
            return None;
        }
        Some(match &self.files {
            Files::Folder(folder) => {
                fs::metadata(folder.join(name.as_ref())).is_ok_and(|file| file.is_file())
            }
            Files::Zip(names) => names.contains(name.as_ref()),
        })
    }
}

fn read_capped(file: impl Read, limits: &Limits) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take((limits.max_bytes as u64).saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
