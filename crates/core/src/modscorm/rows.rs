//! From activities to rows, step by step as `scorm_get_manifest()` and `scorm_parse_scorm()` go.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Deref;

use crate::manifest::{
    Edition, Item, Manifest, Organization, Resource, RuleKind, Sequencing, SequencingRule,
    SubManifest, Text, Version,
};

use super::columns::Columns;
use super::data;
use super::{ConditionRow, ObjectiveRow, RollupRuleRow, RuleRow, ScoRow, ScoTree};

/// The part of a manifest that sub-manifests have too.
struct Part<'m, T> {
    identifier: &'m str,
    default_organization: Option<&'m str>,
    organizations: &'m [Organization<T>],
    resources: &'m [Resource<T>],
    manifests: &'m [SubManifest<T>],
}

impl<'m, T: Deref<Target = str>> From<&'m Manifest<T>> for Part<'m, T> {
    fn from(manifest: &'m Manifest<T>) -> Self {
        Self {
            identifier: &manifest.identifier,
            default_organization: manifest.default_organization.as_deref(),
            organizations: &manifest.organizations,
            resources: &manifest.resources,
            manifests: &manifest.manifests,
        }
    }
}

impl<'m, T: Deref<Target = str>> From<&'m SubManifest<T>> for Part<'m, T> {
    fn from(manifest: &'m SubManifest<T>) -> Self {
        Self {
            identifier: &manifest.identifier,
            default_organization: manifest.default_organization.as_deref(),
            organizations: &manifest.organizations,
            resources: &manifest.resources,
            manifests: &manifest.manifests,
        }
    }
}

/// Where mod_scorm keeps a row: the number of its manifest, and of its organization within that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Group(usize, usize);

/// The organization whose items become rows.
struct Within<'m> {
    manifest: Cow<'m, str>,
    organization: Cow<'m, str>,
    group: Group,
}

/// Rows so far, in the order of the text.
struct Rows<'m, S> {
    rows: Vec<(Group, ScoRow<S>)>,
    /// Manifests and, in each, organizations by number. The organizations themselves are in the one without a name.
    groups: HashMap<String, (usize, HashMap<String, usize>)>,
    columns: Columns<'m>,
    default_organization: Option<Cow<'m, str>>,
    edition: Option<Edition>,
}

pub(super) fn tree<'m, S: Text<'m>, T: Deref<Target = str>>(
    manifest: &'m Manifest<T>,
) -> ScoTree<S> {
    let mut rows: Rows<'m, S> = Rows {
        // A list that grows leaves its smaller selves behind as holes in the memory of a large manifest.
        rows: Vec::with_capacity(activities(&manifest.organizations)),
        groups: HashMap::new(),
        columns: Columns::default(),
        default_organization: None,
        edition: manifest.edition,
    };
    rows.part(&Part::from(manifest));
    let Rows {
        rows,
        columns,
        default_organization,
        ..
    } = rows;
    let scoes = in_order(rows);
    let launch = launch(&scoes, default_organization.as_deref().unwrap_or_default());
    let version = match manifest.version {
        Version::V12 => "SCORM_1.2",
        Version::V2004 => "SCORM_1.3",
    };
    ScoTree {
        version: Cow::Borrowed(version).into(),
        launch: launch.map(|row| row.identifier.clone()),
        launch_sortorder: launch.map(|row| row.sortorder),
        scoes,
        warnings: columns.warnings,
    }
}

/// How many organizations and items there are.
fn activities<T>(organizations: &[Organization<T>]) -> usize {
    fn items<T>(list: &[Item<T>]) -> usize {
        list.iter().map(|item| 1 + items(&item.items)).sum()
    }
    organizations
        .iter()
        .map(|organization| 1 + items(&organization.items))
        .sum()
}

/// mod_scorm keeps rows by manifest, organization and identifier. So those of one manifest come together, first its
/// organizations and then the items of each; of duplicates the last one counts, in the place of the first.
fn in_order<S: Deref<Target = str>>(mut rows: Vec<(Group, ScoRow<S>)>) -> Vec<ScoRow<S>> {
    let mut first = HashMap::with_capacity(rows.len());
    let mut duplicates = Vec::new();
    for (at, (group, row)) in rows.iter().enumerate() {
        match first.entry((*group, &*row.identifier)) {
            Entry::Vacant(free) => {
                free.insert(at);
            }
            Entry::Occupied(taken) => duplicates.push((*taken.get(), at)),
        }
    }
    for &(first, later) in &duplicates {
        rows.swap(first, later);
    }
    let mut superseded = duplicates.iter().map(|&(_, at)| at).peekable();
    let mut at = 0..;
    rows.retain(|_| {
        superseded
            .next_if_eq(&at.next().unwrap_or_default())
            .is_none()
    });
    // A manifest with one organization is in order, and sorting would take as much memory again.
    if !rows.is_sorted_by_key(|&(group, _)| group) {
        rows.sort_by_key(|&(group, _)| group);
    }
    rows.into_iter()
        .zip(1..)
        .map(|((_, row), sortorder)| ScoRow { sortorder, ..row })
        .collect()
}

/// The first row with a launch URL inside the default organization or after it, else the first one at all.
fn launch<'r, S: Deref<Target = str>>(
    scoes: &'r [ScoRow<S>],
    default_organization: &str,
) -> Option<&'r ScoRow<S>> {
    let launchable = |row: &&ScoRow<S>| !row.launch.is_empty();
    let default = if default_organization.is_empty() {
        scoes.first()
    } else {
        scoes
            .iter()
            .find(|row| *row.identifier == *default_organization)
    };
    let inside = default.and_then(|default| {
        if !default.launch.is_empty() {
            return Some(default);
        }
        let first = scoes
            .iter()
            .skip_while(|row| row.sortorder <= default.sortorder)
            .find(|row| !default_organization.is_empty() && *row.parent == *default_organization)
            .map_or(0, |row| row.sortorder);
        scoes
            .iter()
            .filter(|row| row.sortorder >= first)
            .find(launchable)
    });
    inside.or_else(|| scoes.iter().find(launchable))
}

impl<'m, S: Text<'m>> Rows<'m, S> {
    fn part<T: Deref<Target = str>>(&mut self, part: &Part<'m, T>) {
        if self.default_organization.is_none() {
            self.default_organization = part
                .default_organization
                .map(|wanted| self.columns.identifier(wanted, "organization"));
        }
        for organization in part.organizations {
            self.organization(part.identifier, organization);
        }
        for inner in part.manifests {
            self.part(&Part::from(inner));
        }
        if self.rows.is_empty() {
            self.resources(part);
        }
    }

    /// A package without organizations: every resource that can be launched.
    fn resources<T: Deref<Target = str>>(&mut self, part: &Part<'m, T>) {
        for resource in part.resources {
            let Some(launch) = resource.url() else {
                continue;
            };
            let identifier = self.columns.start(&resource.identifier);
            let row: ScoRow<S> = ScoRow {
                manifest: self.columns.identifier(part.identifier, "manifest").into(),
                parent: word("/"),
                launch: launch.into(),
                scormtype: word(resource.scorm_type.map_or("", |kind| kind.as_str())),
                title: self.columns.title(&resource.identifier).into(),
                identifier: identifier.into(),
                ..ScoRow::default()
            };
            let group = self.group(&row.manifest, "");
            self.rows.push((group, row));
        }
    }

    fn organization<T: Deref<Target = str>>(
        &mut self,
        manifest: &'m str,
        organization: &'m Organization<T>,
    ) {
        let identifier = self.columns.start(&organization.identifier);
        let manifest = self.columns.identifier(manifest, "manifest");
        let mut row: ScoRow<S> = ScoRow {
            manifest: manifest.clone().into(),
            parent: word("/"),
            title: self.columns.title(&organization.title).into(),
            identifier: identifier.clone().into(),
            ..ScoRow::default()
        };
        data::threshold(
            &mut row.data,
            organization.completion_threshold.as_deref(),
            self.edition,
        );
        self.sequencing(&mut row, organization.sequencing.as_deref());
        let group = self.group(&manifest, "");
        self.rows.push((group, row));
        if organization.items.is_empty() {
            return;
        }
        let within = Within {
            group: self.group(&manifest, &identifier),
            organization: identifier.clone(),
            manifest,
        };
        for item in &organization.items {
            self.item(&within, identifier.clone(), item);
        }
    }

    fn item<T: Deref<Target = str>>(
        &mut self,
        within: &Within<'m>,
        parent: Cow<'m, str>,
        item: &'m Item<T>,
    ) {
        let identifier = self.columns.start(&item.identifier);
        let scormtype = match (&item.identifier_ref, item.scorm_type) {
            (_, Some(kind)) => kind.as_str(),
            (None, None) => "asset",
            // A reference to nothing: not even mod_scorm knows what it is.
            (Some(_), None) => "",
        };
        let mut row: ScoRow<S> = ScoRow {
            manifest: within.manifest.clone().into(),
            organization: within.organization.clone().into(),
            parent: parent.into(),
            launch: Cow::Borrowed(item.launch.as_deref().unwrap_or_default()).into(),
            scormtype: word(scormtype),
            title: self.columns.title(&item.title).into(),
            identifier: identifier.clone().into(),
            ..ScoRow::default()
        };
        data::item(&mut row.data, item, self.edition);
        self.sequencing(&mut row, item.sequencing.as_deref());
        data::hidden_controls(&mut row.data, &item.hide_lms_ui);
        self.rows.push((within.group, row));
        for inner in &item.items {
            self.item(within, identifier.clone(), inner);
        }
    }

    fn group(&mut self, manifest: &str, organization: &str) -> Group {
        let next = self.groups.len();
        let (number, organizations) = self
            .groups
            .entry(manifest.to_owned())
            .or_insert_with(|| (next, HashMap::new()));
        let next = organizations.len();
        let organization = organizations.entry(organization.to_owned()).or_insert(next);
        Group(*number, *organization)
    }

    fn sequencing<T: Deref<Target = str>>(
        &mut self,
        row: &mut ScoRow<S>,
        sequencing: Option<&'m Sequencing<T>>,
    ) {
        let Some(sequencing) = sequencing else { return };
        data::sequencing(&mut row.data, sequencing);
        for rule in sequencing.rules.iter().flatten() {
            row.rules.extend(self.rule(rule));
        }
        for rule in sequencing
            .rollup_rules
            .iter()
            .flat_map(|rollup| &rollup.rules)
        {
            row.rollup_rules.push(RollupRuleRow {
                childactivityset: self
                    .columns
                    .text(
                        rule.child_activity_set.as_deref().unwrap_or("all"),
                        "childactivityset",
                        15,
                    )
                    .into(),
                minimumcount: rule
                    .minimum_count
                    .as_deref()
                    .and_then(|count| count.parse().ok())
                    .unwrap_or(0),
                minimumpercent: number(rule.minimum_percent.as_deref(), 0.0),
                conditioncombination: word("all"),
                action: S::default(),
            });
        }
        for objective in sequencing.objectives.iter().flatten() {
            row.objectives.push(ObjectiveRow {
                primaryobj: u8::from(objective.primary),
                objectiveid: self
                    .columns
                    .identifier(
                        objective.objective_id.as_deref().unwrap_or_default(),
                        "objectiveid",
                    )
                    .into(),
                satisfiedbymeasure: u8::from(objective.satisfied_by_measure.unwrap_or(false)),
                minnormalizedmeasure: number(objective.min_normalized_measure.as_deref(), 1.0),
            });
        }
    }

    fn rule<T: Deref<Target = str>>(&mut self, rule: &'m SequencingRule<T>) -> Option<RuleRow<S>> {
        let action = rule.action.as_deref()?;
        let columns = &mut self.columns;
        let conditions = rule.conditions.iter().filter_map(|condition| {
            let objective = condition.referenced_objective.as_deref();
            let operator = condition.operator.as_deref();
            Some(ConditionRow {
                refrencedobjective: columns
                    .identifier(objective.unwrap_or_default(), "refrencedobjective")
                    .into(),
                measurethreshold: number(condition.measure_threshold.as_deref(), 0.0),
                operator: columns
                    .text(operator.unwrap_or("noOp"), "operator", 5)
                    .into(),
                cond: columns
                    .text(condition.condition.as_deref()?, "cond", 30)
                    .into(),
            })
        });
        let conditions = conditions.collect();
        let combination = rule.condition_combination.as_deref().unwrap_or("all");
        Some(RuleRow {
            conditioncombination: columns.text(combination, "conditioncombination", 3).into(),
            ruletype: match rule.kind {
                RuleKind::Pre => 0,
                RuleKind::Post => 1,
                RuleKind::Exit => 2,
            },
            action: columns.text(action, "action", 25).into(),
            conditions,
        })
    }
}

fn word<'m, S: Text<'m>>(word: &'static str) -> S {
    Cow::Borrowed(word).into()
}

fn number(text: Option<&str>, default: f64) -> f64 {
    text.and_then(|text| text.parse().ok()).unwrap_or(default)
}
