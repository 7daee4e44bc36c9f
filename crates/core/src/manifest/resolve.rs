//! What can only be said when the whole manifest is known: references, launch URLs, merged sequencing, duplicates.

use std::collections::{HashMap, HashSet};
use std::iter::Peekable;
use std::ops::Deref;

use super::contents::Parser;
use super::error::ManifestError;
use super::model::{Item, Organization, Resource, ScormType, SubManifest, Text};
use super::sequencing_model::Sequencing;
use super::warning::WarningCode;

/// What the activities of one manifest can refer to.
struct Scope<'s, S> {
    outer: Option<&'s Scope<'s, S>>,
    /// The manifest's own resources; of duplicates the last one, as in mod_scorm.
    resources: HashMap<&'s str, &'s Resource<S>>,
    /// Resources of its sub-manifests, for references into them.
    below: HashMap<&'s str, &'s Resource<S>>,
    /// Identifiers of its sub-manifests.
    manifests: HashSet<&'s str>,
    sequencing: HashMap<&'s str, &'s Sequencing<S>>,
}

impl<'s, S> Scope<'s, S> {
    fn resource(&self, identifier: &str) -> Option<&'s Resource<S>> {
        let own = self
            .resources
            .get(identifier)
            .or_else(|| self.below.get(identifier))
            .copied();
        own.or_else(|| self.outer.and_then(|outer| outer.resource(identifier)))
    }

    fn sequencing(&self, id: &str) -> Option<&'s Sequencing<S>> {
        let own = self.sequencing.get(id).copied();
        own.or_else(|| self.outer.and_then(|outer| outer.sequencing(id)))
    }
}

/// Resolves a whole manifest, sub-manifests included.
pub(super) fn resolve<'a, S: Text<'a>>(
    root: &mut SubManifest<S>,
    parser: &mut Parser<'a>,
) -> Result<(), ManifestError> {
    if root.organizations.is_empty() && root.manifests.is_empty() {
        let at = root.organizations_at.unwrap_or(root.at);
        parser
            .source
            .warn(WarningCode::MissingOrganizations, at, "");
    } else {
        match root.default_organization.as_deref() {
            None | Some("") => {
                let at = root.organizations_at.unwrap_or(root.at);
                parser
                    .source
                    .warn(WarningCode::MissingDefaultOrganization, at, "");
            }
            Some(wanted) => {
                if !root
                    .organizations
                    .iter()
                    .any(|organization| *organization.identifier == *wanted)
                {
                    let at = root.organizations_at.unwrap_or(root.at);
                    parser
                        .source
                        .warn(WarningCode::UnknownDefaultOrganization, at, wanted);
                }
            }
        }
    }
    part(root, None, parser)
}

fn part<'a, S: Text<'a>>(
    part: &mut SubManifest<S>,
    outer: Option<&Scope<'_, S>>,
    parser: &mut Parser<'a>,
) -> Result<(), ManifestError> {
    let SubManifest {
        organizations,
        resources,
        sequencing_collection,
        manifests,
        ..
    } = part;
    let mut scope = Scope {
        outer,
        resources: HashMap::with_capacity(resources.len()),
        below: HashMap::new(),
        manifests: HashSet::new(),
        sequencing: HashMap::new(),
    };
    for resource in resources.iter() {
        if scope
            .resources
            .insert(&resource.identifier, resource)
            .is_some()
            && !resource.identifier.is_empty()
        {
            parser.source.warn(
                WarningCode::DuplicateIdentifier,
                resource.at,
                &resource.identifier,
            );
        }
    }
    for sequencing in sequencing_collection.iter() {
        if let Some(id) = sequencing.id.as_deref()
            && scope.sequencing.insert(id, sequencing).is_some()
        {
            parser
                .source
                .warn(WarningCode::DuplicateIdentifier, sequencing.at, id);
        }
    }
    for inner in manifests.iter() {
        look_below(inner, &mut scope);
    }
    for resource in resources.iter() {
        for (dependency, &at) in resource.dependencies.iter().zip(&resource.dependencies_at) {
            if scope.resource(dependency).is_none() {
                parser
                    .source
                    .warn(WarningCode::UnknownDependency, at, dependency);
            }
        }
    }
    let repeated = repeated(organizations);
    let mut repeated = repeated.iter().copied().peekable();
    for organization in organizations.iter_mut() {
        if repeated.next_if_eq(&organization.at).is_some() {
            parser.source.warn(
                WarningCode::DuplicateIdentifier,
                organization.at,
                &organization.identifier,
            );
        }
        merge(&mut organization.sequencing, &scope, parser)?;
        for item in &mut organization.items {
            activity(item, &scope, &mut repeated, parser)?;
        }
    }
    if manifests.is_empty() {
        return Ok(());
    }
    // The scope above looks into the sub-manifests; this one, which they are resolved in, must not.
    let scope = Scope {
        outer,
        resources: resources
            .iter()
            .map(|resource| (&*resource.identifier, resource))
            .collect(),
        below: HashMap::new(),
        manifests: HashSet::new(),
        sequencing: sequencing_collection
            .iter()
            .filter_map(|member| Some((member.id.as_deref()?, member)))
            .collect(),
    };
    for inner in manifests {
        self::part(inner, Some(&scope), parser)?;
    }
    Ok(())
}

fn look_below<'s, S: Deref<Target = str>>(inner: &'s SubManifest<S>, scope: &mut Scope<'s, S>) {
    scope.manifests.insert(&inner.identifier);
    for resource in &inner.resources {
        scope.below.entry(&resource.identifier).or_insert(resource);
    }
    for deeper in &inner.manifests {
        look_below(deeper, scope);
    }
}

/// Offsets of the organizations and items whose identifier an earlier one has, in the order of the manifest.
fn repeated<S: Deref<Target = str>>(organizations: &[Organization<S>]) -> Vec<usize> {
    fn below<'m, S: Deref<Target = str>>(
        children: &'m [Item<S>],
        seen: &mut HashSet<&'m str>,
        found: &mut Vec<usize>,
    ) {
        for item in children {
            if !seen.insert(&item.identifier) {
                found.push(item.at);
            }
            below(&item.items, seen, found);
        }
    }
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    for organization in organizations {
        if !seen.insert(&*organization.identifier) {
            found.push(organization.at);
        }
        below(&organization.items, &mut seen, &mut found);
    }
    found
}

fn activity<'a, S: Text<'a>>(
    item: &mut Item<S>,
    scope: &Scope<'_, S>,
    repeated: &mut Peekable<impl Iterator<Item = usize>>,
    parser: &mut Parser<'a>,
) -> Result<(), ManifestError> {
    if repeated.next_if_eq(&item.at).is_some() {
        parser
            .source
            .warn(WarningCode::DuplicateIdentifier, item.at, &item.identifier);
    }
    if let Some(reference) = item
        .identifier_ref
        .as_deref()
        .filter(|reference| !reference.is_empty())
    {
        match scope.resource(reference) {
            Some(resource) => {
                item.launch = resource.launch();
                parser.count_resolved(item.at, item.launch.as_deref().map_or(0, str::len))?;
                if item.launch.is_none() {
                    parser
                        .source
                        .warn(WarningCode::MissingHref, item.at, reference);
                }
                if resource.scorm_type.is_none() {
                    parser
                        .source
                        .warn(WarningCode::MissingScormType, resource.at, reference);
                }
                item.scorm_type = Some(resource.scorm_type.unwrap_or(ScormType::Asset));
            }
            None if scope.manifests.contains(reference) => {
                parser
                    .source
                    .warn(WarningCode::ReferenceToManifest, item.at, reference);
            }
            None => parser
                .source
                .warn(WarningCode::UnknownReference, item.at, reference),
        }
    }
    merge(&mut item.sequencing, scope, parser)?;
    for inner in &mut item.items {
        activity(inner, scope, repeated, parser)?;
    }
    Ok(())
}

/// Applies an `IDRef`. Members of a collection do not refer further (IMS SS 1.0 binding), so one step is enough.
fn merge<'a, S: Text<'a>>(
    own: &mut Option<Box<Sequencing<S>>>,
    scope: &Scope<'_, S>,
    parser: &mut Parser<'a>,
) -> Result<(), ManifestError> {
    let Some(own) = own else { return Ok(()) };
    let Some(wanted) = own.id_ref.as_deref() else {
        return Ok(());
    };
    match scope.sequencing(wanted) {
        Some(shared) => {
            parser.count_sequencing(own.at, shared.weight())?;
            own.inherit(shared);
        }
        None => parser
            .source
            .warn(WarningCode::UnknownSequencing, own.at, wanted),
    }
    Ok(())
}
