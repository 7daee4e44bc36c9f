//! What `scormbridge inspect` says, as text and as JSON.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use scormbridge_core::{
    manifest::{Edition, Item, Manifest, Sequencing, Version},
    modscorm::ScoRow,
};
use scormbridge_gateway::{Delivery, Usable};
use serde::Serialize;

use crate::error::CliError;

/// A package that could be read.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) manifest: String,
    pub(crate) version: Version,
    pub(crate) edition: Option<Edition>,
    pub(crate) schema_version: Option<String>,
    pub(crate) identifier: String,
    pub(crate) title: String,
    pub(crate) organizations: Vec<OrganizationReport>,
    pub(crate) scos: Vec<Sco>,
    pub(crate) sequencing: SequencingReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delivery: Option<Delivery>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct OrganizationReport {
    pub(crate) identifier: String,
    pub(crate) title: String,
    /// The one that plays.
    pub(crate) default: bool,
    pub(crate) items: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Sco {
    pub(crate) identifier: String,
    pub(crate) title: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) launch: String,
}

/// How many of each, over all activities.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct SequencingReport {
    pub(crate) activities: usize,
    pub(crate) rules: usize,
    pub(crate) rollup_rules: usize,
    pub(crate) objectives: usize,
    /// Activities by what their control mode allows.
    pub(crate) control_modes: BTreeMap<&'static str, usize>,
}

/// What keeps a package from being played.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    code: &'static str,
    message: String,
}

impl Fault {
    pub(crate) fn new(code: &'static str, row: &ScoRow, problem: &str) -> Self {
        Self {
            code,
            message: format!("{}: {problem} ({})", row.identifier, row.launch),
        }
    }

    pub(crate) fn of_package(code: &'static str, problem: &str) -> Self {
        Self {
            code,
            message: problem.to_owned(),
        }
    }
}

/// A package that could not be read, for JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    faults: [Fault; 1],
}

impl Failure {
    pub(crate) fn new(error: &CliError) -> Self {
        Self {
            faults: [Fault {
                code: error.reason(),
                message: error.to_string(),
            }],
        }
    }
}

impl Report {
    pub(crate) fn new(place: String, manifest: &Manifest) -> Self {
        let playing = manifest.playing_organization();
        let mut sequencing = SequencingReport::default();
        let organizations = manifest
            .organizations
            .iter()
            .map(|organization| {
                sequencing.count(organization.sequencing.as_deref());
                OrganizationReport {
                    identifier: organization.identifier.clone(),
                    title: organization.title.clone(),
                    default: playing.is_some_and(|playing| std::ptr::eq(playing, organization)),
                    items: sequencing.count_items(&organization.items),
                }
            })
            .collect();
        let mut warnings: Vec<String> = manifest.warnings.iter().map(ToString::to_string).collect();
        if manifest.warnings_left_off > 0 {
            warnings.push(format!(
                "{} more warnings like these",
                manifest.warnings_left_off
            ));
        }
        Self {
            manifest: place,
            version: manifest.version,
            edition: manifest.edition,
            schema_version: manifest.schema_version.clone(),
            identifier: manifest.identifier.clone(),
            title: playing
                .map(|playing| playing.title.clone())
                .unwrap_or_default(),
            organizations,
            scos: Vec::new(),
            sequencing,
            delivery: None,
            faults: Vec::new(),
            warnings,
        }
    }
}

impl SequencingReport {
    /// Counts items and all below them; says how many they are.
    fn count_items(&mut self, items: &[Item]) -> usize {
        let mut open: Vec<&Item> = items.iter().collect();
        let mut count = 0;
        while let Some(item) = open.pop() {
            count += 1;
            self.count(item.sequencing.as_deref());
            open.extend(&item.items);
        }
        count
    }

    fn count(&mut self, sequencing: Option<&Sequencing>) {
        let Some(sequencing) = sequencing else { return };
        self.activities += 1;
        self.rules += sequencing.rules.as_ref().map_or(0, Vec::len);
        self.rollup_rules += sequencing
            .rollup_rules
            .as_ref()
            .map_or(0, |rollup| rollup.rules.len());
        self.objectives += sequencing.objectives.as_ref().map_or(0, Vec::len);
        if let Some(mode) = &sequencing.control_mode {
            // Defaults of the standard: choice allowed, flow and forward-only not.
            for (name, allowed) in [
                ("choice", mode.choice.unwrap_or(true)),
                ("flow", mode.flow.unwrap_or(false)),
                ("forward_only", mode.forward_only.unwrap_or(false)),
            ] {
                if allowed {
                    *self.control_modes.entry(name).or_default() += 1;
                }
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", line(&self.title, "(no title)"))?;
        write!(f, "SCORM {}", self.version.as_str())?;
        if let Some(edition) = self.edition {
            let edition = match edition {
                Edition::Second => "2nd",
                Edition::Third => "3rd",
                Edition::Fourth => "4th",
            };
            write!(f, " {edition} edition")?;
        }
        writeln!(f, ", {}", printable(&self.manifest))?;
        writeln!(f, "\nOrganizations ({})", self.organizations.len())?;
        for organization in &self.organizations {
            let mark = if organization.default { '*' } else { ' ' };
            let (identifier, title) = (
                printable(&organization.identifier),
                line(&organization.title, "(no title)"),
            );
            writeln!(
                f,
                "{mark} {identifier}  {title} (items: {})",
                organization.items
            )?;
        }
        writeln!(f, "\nLaunchable ({})", self.scos.len())?;
        for sco in &self.scos {
            let kind = line(&sco.kind, "?");
            writeln!(
                f,
                "  {kind:<5} {}  {}",
                printable(&sco.identifier),
                line(&sco.title, "(no title)")
            )?;
            writeln!(f, "        {}", printable(&sco.launch))?;
        }
        writeln!(f, "\nSequencing: {}", self.sequencing)?;
        if let Some(delivery) = &self.delivery {
            writeln!(f, "\nDelivery")?;
            for (mode, usable) in [
                ("direct", &delivery.direct),
                ("host", &delivery.host),
                ("sandbox", &delivery.sandbox),
            ] {
                writeln!(f, "  {mode:<8}{}", describe(usable))?;
            }
        }
        if !self.faults.is_empty() {
            writeln!(f, "\nFaults ({})", self.faults.len())?;
            for fault in &self.faults {
                writeln!(f, "  {}", printable(&fault.message))?;
            }
        }
        if !self.warnings.is_empty() {
            writeln!(f, "\nWarnings ({})", self.warnings.len())?;
            for warning in &self.warnings {
                writeln!(f, "  {}", printable(warning))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for SequencingReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.activities == 0 {
            return write!(f, "none");
        }
        let Self {
            activities,
            rules,
            rollup_rules,
            objectives,
            control_modes,
        } = self;
        write!(
            f,
            "{activities} activities, {rules} rules, {rollup_rules} rollup rules, {objectives} objectives"
        )?;
        for (name, count) in control_modes {
            write!(f, ", {name} in {count}")?;
        }
        Ok(())
    }
}

fn describe(usable: &Usable) -> String {
    if usable.usable {
        return "yes".to_owned();
    }
    let details: Vec<_> = usable
        .details
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    printable(&format!("no: {} ({})", usable.reason, details.join(", "))).into_owned()
}

fn line<'a>(text: &'a str, otherwise: &'a str) -> Cow<'a, str> {
    if text.is_empty() {
        Cow::Borrowed(otherwise)
    } else {
        printable(text)
    }
}

/// Text of a package as a terminal may have it: control characters, which could move the cursor or worse, become
/// U+FFFD.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.replace(char::is_control, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
