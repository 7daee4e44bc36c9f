//! `scormbridge inspect`: what a package is, wherever it is.

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use scormbridge_core::{
    manifest::{self, Limits, with_parameters},
    modscorm::{self, ScoRow},
};
use scormbridge_gateway::{Gateway, GatewayOptions, Probe, ProbeOptions};

use crate::{
    error::{CliError, FAULT},
    package::LocalPackage,
    relay::parse_origin,
    report::{Failure, Fault, Report, Sco},
};

pub(crate) fn run(
    package: &str,
    json: bool,
    lms: Option<&str>,
    dev_loopback: bool,
) -> Result<ExitCode, CliError> {
    let lms = lms.map(parse_origin).transpose()?;
    let outcome = if package.contains("://") {
        remote(package, lms.unwrap_or_default(), dev_loopback)
    } else {
        local(Path::new(package))
    };
    let report = match outcome {
        Err(error) if json => {
            print(&to_json(&Failure::new(&error)))?;
            return Ok(error.exit_code());
        }
        outcome => outcome?,
    };
    print(&if json {
        to_json(&report)
    } else {
        report.to_string()
    })?;
    Ok(if report.faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAULT)
    })
}

fn local(path: &Path) -> Result<Report, CliError> {
    let limits = Limits::default();
    let package = LocalPackage::open(path, &limits)?;
    let manifest = manifest::parse(&package.manifest, &limits)?;
    let tree = modscorm::tree(&manifest);
    let mut report = Report::new(package.place.clone(), &manifest);
    for row in tree.scoes.iter().filter(|row| !row.launch.is_empty()) {
        match package.has(&row.launch) {
            Some(true) => {}
            Some(false) => report.faults.push(Fault::new(
                "launch_missing",
                row,
                "its launch file is missing",
            )),
            None => report.faults.push(Fault::new(
                "launch_elsewhere",
                row,
                "its launch file is outside the package",
            )),
        }
        report.scos.push(sco(row));
    }
    if report.scos.is_empty() {
        report.faults.push(Fault::of_package(
            "no_launchable_sco",
            "the package has no SCO that can be launched",
        ));
    }
    Ok(report)
}

fn sco(row: &ScoRow) -> Sco {
    let parameters = row
        .data
        .iter()
        .find(|(name, _)| name == "parameters")
        .map(|(_, value)| value.as_str());
    Sco {
        identifier: row.identifier.clone(),
        title: row.title.clone(),
        kind: row.scormtype.clone(),
        launch: with_parameters(&row.launch, parameters.unwrap_or_default()),
    }
}

fn remote(url: &str, lms_origin: String, dev_loopback: bool) -> Result<Report, CliError> {
    let mut options = GatewayOptions::default();
    options.policy.dev_loopback = dev_loopback;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    // Without an allowlist there is no entry that could be wrong.
    let gateway =
        Gateway::new(options).map_err(|error| CliError::Runtime(io::Error::other(error)))?;
    let probe = runtime.block_on(gateway.probe(url, &ProbeOptions { lms_origin }))?;
    Ok(of_probe(probe))
}

fn of_probe(probe: Probe) -> Report {
    let mut report = Report::new(probe.manifest_url, &probe.manifest);
    let rows = probe.tree.scoes.iter().filter(|row| !row.launch.is_empty());
    report.scos = rows
        .zip(probe.scos)
        .map(|(row, found)| Sco {
            launch: found.launch,
            ..sco(row)
        })
        .collect();
    report.delivery = Some(probe.delivery);
    for warning in probe
        .warnings
        .into_iter()
        .filter(|warning| warning.code != "manifest")
    {
        report.warnings.push(warning.message);
    }
    report
}

fn to_json(value: &impl serde::Serialize) -> String {
    // Text, numbers and lists of them: nothing here can fail to be written.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn print(text: &str) -> Result<(), CliError> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(CliError::Print),
    }
}
