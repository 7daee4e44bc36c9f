//! Reads the configuration and collects every fault in it.

use std::fmt;
use std::path::Path;

use figment::error::Kind;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Profile};
use garde::Validate;

use super::{Config, check};

/// Prefix of the environment variables.
const PREFIX: &str = "LMS_";

/// More faults than this in one file are not worth listing.
const MAX_FAULTS: usize = 100;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The setting, `http.public_origin`.
    pub setting: String,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Everything that is wrong. Never empty, never shows a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} fault(s):", self.0.len())?;
        for Fault { setting, message } in &self.0 {
            writeln!(f, "  {setting}: {message}")?;
        }
        Ok(())
    }
}

/// Reads `file`, if given, then the environment over it.
///
/// # Errors
/// All faults: an unreadable file, unknown settings, wrong types, values out of range, and combinations that the
/// mode forbids.
pub fn load(file: Option<&Path>) -> Result<Config, Faults> {
    let mut figment = Figment::new();
    if let Some(path) = file {
        figment = figment.merge(Toml::file_exact(path));
    }
    read(figment.merge(Env::prefixed(PREFIX).split("__").lowercase(true)))
}

fn read(figment: Figment) -> Result<Config, Faults> {
    let mut tree: Dict = figment.extract().map_err(|error| {
        Faults(vec![Fault {
            setting: "file".to_owned(),
            message: error.to_string(),
        }])
    })?;
    let mut faults = Vec::new();
    // Deserialization stops at the first fault, so the faulty setting is noted, taken out, and the rest read again.
    let config = loop {
        let attempt = Figment::from(Serialized::from(&tree, Profile::Default)).extract::<Config>();
        let error = match attempt {
            Ok(config) => break config,
            Err(error) => error,
        };
        let (path, message) = describe(&error);
        let found = remove(&mut tree, &path);
        faults.push(Fault {
            setting: path.join("."),
            message,
        });
        if !found || faults.len() >= MAX_FAULTS {
            return Err(Faults(faults));
        }
    };
    if let Err(report) = config.validate() {
        faults.extend(report.iter().map(|(path, error)| Fault {
            setting: path.to_string(),
            message: error.message().to_owned(),
        }));
    }
    // Rules about absent settings would only repeat a fault that took a setting out.
    let noted: Vec<String> = faults.iter().map(|fault| fault.setting.clone()).collect();
    faults.extend(
        check::combinations(&config)
            .into_iter()
            .filter(|fault| !noted.contains(&fault.setting)),
    );
    if faults.is_empty() {
        Ok(config)
    } else {
        Err(Faults(faults))
    }
}

/// Where the fault lies and what it is. Values are not repeated: one of them may be a secret in the wrong place.
fn describe(error: &figment::Error) -> (Vec<String>, String) {
    let mut path = error.path.clone();
    let message = match &error.kind {
        Kind::UnknownField(_, known) => {
            format!("there is no such setting; known here: {}", known.join(", "))
        }
        Kind::MissingField(name) => {
            path.push(name.clone().into_owned());
            "is required".to_owned()
        }
        Kind::UnknownVariant(_, known) => format!("must be one of {}", known.join(", ")),
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => format!("must be {wanted}"),
        Kind::InvalidLength(_, wanted) => format!("must have {wanted} items"),
        Kind::Message(text) if path.last().is_some_and(|name| name != "keys") => text.clone(),
        _ => "is not of the expected form".to_owned(),
    };
    (path, message)
}

/// Takes a setting out, or for a missing member the section that lacks it.
fn remove(tree: &mut Dict, path: &[String]) -> bool {
    let Some((last, parents)) = path.split_last() else {
        return false;
    };
    let mut section = tree;
    for (depth, name) in parents.iter().enumerate() {
        match section.get_mut(name) {
            Some(Value::Dict(_, _)) => {}
            Some(_) => return section.remove(name).is_some(),
            None => return false,
        }
        let lacks_member = depth + 1 == parents.len()
            && matches!(section.get(name), Some(Value::Dict(_, inner)) if !inner.contains_key(last));
        if lacks_member {
            return section.remove(name).is_some();
        }
        let Some(Value::Dict(_, inner)) = section.get_mut(name) else {
            return false;
        };
        section = inner;
    }
    section.remove(last).is_some()
}
