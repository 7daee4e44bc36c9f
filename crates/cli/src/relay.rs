//! `scormbridge relay`: the relay's files beside a package.

use std::{fs, io, path::Path, process::ExitCode};

use scormbridge_gateway::{DeliveryMode, MAX_ORIGINS, RELAY_FOLDER, RelayConfig, relay_files};
use url::{Host, Url};

use crate::{error::CliError, package::MANIFEST};

pub(crate) fn run(folder: &Path, lms: &[String]) -> Result<ExitCode, CliError> {
    let mut origins = Vec::new();
    for origin in lms {
        let origin = parse_origin(origin)?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    if origins.len() > MAX_ORIGINS {
        return Err(CliError::TooManyOrigins { limit: MAX_ORIGINS });
    }
    if !folder.exists() {
        return Err(CliError::NotFound(folder.to_owned()));
    }
    if !folder.join(MANIFEST).is_file() {
        return Err(CliError::NoManifest(folder.to_owned()));
    }
    let target = folder.join(RELAY_FOLDER);
    fs::create_dir_all(&target).map_err(|source| CliError::Write {
        path: target.clone(),
        source,
    })?;
    for file in relay_files(&RelayConfig::new(DeliveryMode::Direct, origins)) {
        let path = target.join(file.name);
        let written = write_if_different(&path, file.content.as_bytes()).map_err(|source| {
            CliError::Write {
                path: path.clone(),
                source,
            }
        })?;
        println!(
            "{} {}",
            if written { "wrote    " } else { "unchanged" },
            path.display()
        );
    }
    println!("Upload the folder {RELAY_FOLDER}/ beside {MANIFEST}.");
    Ok(ExitCode::SUCCESS)
}

/// Replaces a file in one step, so that an upload that runs meanwhile never gets half of it.
fn write_if_different(path: &Path, content: &[u8]) -> io::Result<bool> {
    if fs::read(path).is_ok_and(|found| found == content) {
        return Ok(false);
    }
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, content)?;
    fs::rename(&unfinished, path)?;
    Ok(true)
}

/// An origin in the form in which browsers compare it.
pub(crate) fn parse_origin(text: &str) -> Result<String, CliError> {
    let wrong = |problem| CliError::Origin {
        origin: text.to_owned(),
        problem,
    };
    let url =
        Url::parse(text.trim()).map_err(|_| wrong("write it as https://moodle.example.org"))?;
    if url.host_str().is_some_and(|host| host.contains('*')) {
        return Err(wrong("name each site by itself; a relay knows no patterns"));
    }
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if !(url.scheme() == "https" || url.scheme() == "http" && loopback) {
        return Err(wrong("it must start with https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("leave out user name and password"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("leave out everything after the host name and port"));
    }
    Ok(url.origin().ascii_serialization())
}
