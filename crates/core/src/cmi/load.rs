//! Reading what is stored: what can be used becomes a state, what cannot is left out and reported.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{CmiError, Reason};
use super::launch::LaunchContext;
use super::model::{Element, Key, Model};
use super::name;
use super::outcome::Skipped;
use super::state::State;
use super::value::Kind;
use crate::manifest::Version;
use crate::sealing;

/// A stored member of a collection may lie so far behind the one before it; further off, it is left out.
const WIDEST_GAP: u32 = 16;

/// What is stored, as a launch finds it.
pub(super) struct Loaded {
    /// What the SCO goes on from.
    pub(super) state: State,
    /// Every stored value that has a place, usable or not.
    pub(super) stored: BTreeMap<Key, String>,
    /// Places of an earlier session that this launch does not go on from, and their bytes.
    pub(super) stale: BTreeMap<Key, usize>,
    /// Values left out.
    pub(super) skipped: Vec<Skipped>,
}

/// Which stored values a launch goes on from.
pub(super) enum Start<'a> {
    /// The launch begins: the standard decides.
    New,
    /// The launch goes on: all but these storage names.
    Running(&'a [String]),
}

/// Reads what is stored. What cannot be used is left out and reported.
///
/// # Errors
/// [`CmiError::StoredItems`] and [`CmiError::StoredBytes`] if there is more than a launch may carry.
pub(super) fn load(
    context: &LaunchContext,
    stored: &[(String, String)],
    start: &Start<'_>,
) -> Result<Loaded, CmiError> {
    check_size(context, stored)?;
    let model = Model::of(context.version);
    let mut skipped = Vec::new();
    let mut places = BTreeMap::new();
    for (element, value) in stored {
        match place(model, element) {
            Ok(Some(key)) => {
                places.insert(key, value.clone());
            }
            Ok(None) => {}
            Err(reason) => skipped.push(Skipped {
                element: element.clone(),
                reason: reason.word().to_owned(),
            }),
        }
    }
    let stale = stale_places(model, &places, start);
    let mut state = State::new(context.version);
    give_objectives(context, &mut state);
    for (key, value) in &places {
        if stale.contains(key) || is_of_one_session(model, *key) {
            continue;
        }
        match usable(context, &state, *key, value) {
            Ok(value) => state.put(*key, value),
            // Nothing is no damage: some databases know no other way to say "not set".
            Err(_) if value.is_empty() => {}
            Err(reason) => skipped.push(Skipped {
                element: model.storage_name(*key),
                reason: reason.to_owned(),
            }),
        }
    }
    let bytes = |key| places.get(&key).map_or(0, String::len);
    let stale = stale.into_iter().map(|key| (key, bytes(key))).collect();
    Ok(Loaded {
        state,
        stored: places,
        stale,
        skipped,
    })
}

fn check_size(context: &LaunchContext, stored: &[(String, String)]) -> Result<(), CmiError> {
    // What a SCO may store is limited when it stores it. Twice as much here, because rows of the LMS's own come
    // on top and nobody must be locked out by them.
    let (elements, bytes) = (
        context.limits.elements.saturating_mul(2),
        context.limits.bytes.saturating_mul(2),
    );
    if stored.len() > elements {
        return Err(CmiError::StoredItems {
            found: stored.len(),
            limit: elements,
        });
    }
    let found = stored.iter().map(|(_, value)| value.len()).sum();
    if found > bytes {
        return Err(CmiError::StoredBytes {
            found,
            limit: bytes,
        });
    }
    Ok(())
}

/// The place of a stored element; `None` for what is none of the SCO's (`x.start.time` and the like).
fn place(model: &Model, element: &str) -> Result<Option<Key>, Reason> {
    let name = match name::from_storage(element) {
        Ok(name) => name,
        Err(name::NameError::Unknown) => return Ok(None),
        Err(name::NameError::Index) => return Err(Reason::IndexFormat),
    };
    Ok(model
        .place(&name)
        .filter(|key| model.element(*key).is_some_and(Element::is_stored)))
}

fn is_of_one_session(model: &Model, key: Key) -> bool {
    model
        .element(key)
        .is_some_and(|element| element.pattern.ends_with("session_time"))
}

/// SCORM 2004 4th Ed. RTE, 4.2.8: only what was suspended is resumed. SCORM 1.2, with mod_scorm, goes on
/// from whatever is stored.
fn stale_places(model: &Model, places: &BTreeMap<Key, String>, start: &Start<'_>) -> BTreeSet<Key> {
    match start {
        Start::Running(names) => names
            .iter()
            .filter_map(|name| place(model, name).ok().flatten())
            .collect(),
        Start::New => {
            let suspended = model
                .fixed("cmi.exit")
                .and_then(|key| places.get(&key))
                .is_some_and(|exit| exit == "suspend");
            match model.version {
                Version::V12 => BTreeSet::new(),
                Version::V2004 if suspended => BTreeSet::new(),
                Version::V2004 => places.keys().copied().collect(),
            }
        }
    }
}

/// A stored value as it can be set again, or why it cannot.
fn usable(
    context: &LaunchContext,
    state: &State,
    key: Key,
    value: &str,
) -> Result<String, &'static str> {
    let model = state.model();
    let Some(element) = model.element(key) else {
        return Err(Reason::UnknownElement.word());
    };
    if sealing::is_sealed(value) {
        return Err("sealed");
    }
    let beyond = |index: u32, count: u32| index > count.saturating_add(WIDEST_GAP);
    let (outer, inner) = element.collections();
    if outer.is_some() && key.outer >= context.limits.collection
        || inner.is_some() && key.inner >= context.limits.collection
    {
        return Err(Reason::CollectionLimit.word());
    }
    if outer.is_some() && beyond(key.outer, state.count(key))
        || inner.is_some() && beyond(key.inner, state.inner_count(key))
    {
        return Err(Reason::IndexOrder.word());
    }
    match element.kind {
        // A setting may have changed since: what the learner has is never cut off.
        Kind::Text(_) | Kind::Localized(_) | Kind::Given => return Ok(value.to_owned()),
        // mod_scorm takes nothing for zero when a SCO says it, not when a row does.
        Kind::Decimal12(..) if value.is_empty() => return Err(Reason::Type.word()),
        // The one status that only an LMS sets.
        Kind::Vocabulary(_)
            if element.pattern == "cmi.core.lesson_status" && value == "not attempted" =>
        {
            return Ok(value.to_owned());
        }
        _ => {}
    }
    let interaction = state.member("cmi.interactions.n.type", key.outer, 0);
    let value = match (
        element.kind,
        element.kind.check(value, &context.settings, interaction),
    ) {
        (_, Ok(checked)) => checked.into_owned(),
        // It had the form of another type, before the SCO changed that.
        (Kind::Response | Kind::Pattern, Err(_)) if interaction.is_some() => value.to_owned(),
        (_, Err(reason)) => return Err(reason.word()),
    };
    if context.version == Version::V2004 && !matches!(element.kind, Kind::Pattern) {
        state.check_identity(key, &value).map_err(Reason::word)?;
    }
    Ok(value)
}

/// SCORM 2004 4th Ed. RTE, 4.2.17: the objectives of the manifest are there from the start.
fn give_objectives(context: &LaunchContext, state: &mut State) {
    if context.version == Version::V12 {
        return;
    }
    for (key, id) in manifest_objectives(context) {
        state.put(key, id.to_owned());
    }
}

/// The objectives of the manifest that have an id, with their places.
pub(super) fn manifest_objectives(context: &LaunchContext) -> impl Iterator<Item = (Key, &str)> {
    let model = Model::of(Version::V2004);
    let named = context
        .objectives
        .iter()
        .map(|objective| objective.objectiveid.as_str())
        .filter(|id| !id.is_empty());
    (0..context.limits.collection)
        .zip(named)
        .filter_map(move |(index, id)| Some((model.member("cmi.objectives.n.id", index, 0)?, id)))
}
