//! The command `scormbridge`: look into a package, make one ready to be played from a CDN, and serve the API of the PHP
//! extension.
//!
//! It holds no rules of its own: manifests are read by `scormbridge-core`, URLs are asked by `scormbridge-gateway`, in
//! the same way as when Moodle asks. It must never change a package except for its folder `scormbridge/`.

#![forbid(unsafe_code)]
// Doc comments of arguments are what `--help` prints.
#![allow(rustdoc::bare_urls)]

mod error;
mod inspect;
mod package;
mod relay;
mod report;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Inspect SCORM packages, make them ready to be played from a CDN, serve a learning site's PHP
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 all is well, 1 the package has a fault, 2 the command was used wrongly."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell what a package is: version, organizations, SCOs, sequencing, and what is wrong with it
    ///
    /// A package on this machine is checked for its launch files. A package on a CDN is looked at exactly as the
    /// learning site would do it, and its delivery modes are told as well.
    Inspect {
        /// imsmanifest.xml, the folder it is in, a zip file, or an https URL of manifest, folder or launch page
        package: String,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
        /// Origin of the learning site that will play it, such as https://moodle.example.org (for a URL)
        #[arg(long, value_name = "ORIGIN")]
        lms: Option<String>,
        /// Allow http and loopback addresses (for a URL, during development)
        #[arg(long)]
        dev_loopback: bool,
    },
    /// Write the relay beside a package, so that it can be delivered directly from a CDN
    ///
    /// Writes scormbridge/relay.html, relay.js and relay.json into the folder. Upload them with the package. Run it
    /// again after an update of this command, or when a learning site is added: files that are right stay as they are.
    Relay {
        /// Folder that holds imsmanifest.xml
        folder: PathBuf,
        /// Origin of a learning site that may play the package, such as https://moodle.example.org; may be repeated
        #[arg(long, value_name = "ORIGIN", required = true)]
        lms: Vec<String>,
    },
    /// Serve the API of the PHP extension to a learning site on this machine that cannot load the extension
    ///
    /// The site and this service share a secret. Nothing is stored; the site's keys come with its calls.
    Serve(serve::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Inspect {
            package,
            json,
            lms,
            dev_loopback,
        } => inspect::run(&package, json, lms.as_deref(), dev_loopback),
        Command::Relay { folder, lms } => relay::run(&folder, &lms),
        Command::Serve(options) => serve::run(&options),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", report::printable(&error.to_string()));
            error.exit_code()
        }
    }
}
