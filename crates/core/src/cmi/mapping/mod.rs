//! Carrying an attempt from SCORM 1.2 to SCORM 2004 and back.
//!
//! Both standards grew out of one (AICC CMI001, then IEEE 1484.11.1), so most of what a learner has done in
//! one can be said in the other. What can is in [`Mapped::elements`]; what cannot, or would not come back
//! exactly as it was, is in [`Mapped::kept`] under its old name, never dropped. [`Mapped::reverse`] gives the
//! attempt back with every value it had.

mod answer;
mod pairs;

use std::collections::BTreeMap;

use super::launch::{Settings, Stored};
use super::model::{Key, Model};
use super::name;
use crate::manifest::Version;
use pairs::{ALIKE, Alike};

/// An attempt in the words of the other standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The version the attempt came from.
    pub from: Version,
    /// Storage names and values of the other version; names that belong to neither (`x.start.time`) as they were.
    pub elements: Stored,
    /// What the other version has no words for, or only approximate ones, by its old storage name.
    pub kept: Stored,
}

type Values = BTreeMap<Key, String>;

/// Says an attempt in the words of the other standard. `settings` decide over the lengths that SCORM 1.2 allows.
#[must_use]
pub fn map(from: Version, stored: &Stored, settings: &Settings) -> Mapped {
    let mut source = Values::new();
    let (mut elements, mut kept) = (Stored::new(), Stored::new());
    for (element, value) in stored {
        let place = name::from_storage(element)
            .ok()
            .and_then(|name| Model::of(from).place(&name));
        match place {
            Some(key) => {
                source.insert(key, value.clone());
            }
            None if element.starts_with("cmi.") => kept.push((element.clone(), value.clone())),
            None => elements.push((element.clone(), value.clone())),
        }
    }
    let target = convert(from, &source, settings);
    let again = convert(other(from), &target, settings);
    let by_name = |version, key: Key| Model::of(version).storage_name(key);
    kept.extend(
        source
            .into_iter()
            .filter(|(key, value)| again.get(key) != Some(value))
            .map(|(key, value)| (by_name(from, key), value)),
    );
    elements.extend(
        target
            .into_iter()
            .map(|(key, value)| (by_name(other(from), key), value)),
    );
    Mapped {
        from,
        elements,
        kept,
    }
}

impl Mapped {
    /// The attempt as it was. Values that the other version derived from one another may be added.
    #[must_use]
    pub fn reverse(&self, settings: &Settings) -> Stored {
        let mut stored = map(other(self.from), &self.elements, settings).elements;
        for (element, value) in &self.kept {
            stored.retain(|(name, _)| name != element);
            stored.push((element.clone(), value.clone()));
        }
        stored
    }
}

fn other(version: Version) -> Version {
    match version {
        Version::V12 => Version::V2004,
        Version::V2004 => Version::V12,
    }
}

/// Values of a version as the other version can hold them.
fn convert(from: Version, source: &Values, settings: &Settings) -> Values {
    let mut target = Target {
        model: Model::of(other(from)),
        settings,
        values: Values::new(),
    };
    let source = Source {
        model: Model::of(from),
        values: source,
    };
    match from {
        Version::V12 => to_2004(&source, &mut target),
        Version::V2004 => to_12(&source, &mut target),
    }
    target.values
}

struct Source<'a> {
    model: &'static Model,
    values: &'a Values,
}

impl Source<'_> {
    fn get(&self, pattern: &str, outer: u32) -> Option<&str> {
        self.values
            .get(&self.model.member(pattern, outer, 0)?)
            .map(String::as_str)
    }

    /// Every value with the pattern of its name, in order.
    fn iter(&self) -> impl Iterator<Item = (&'static str, Key, &str)> {
        self.values.iter().filter_map(|(key, value)| {
            Some((self.model.element(*key)?.pattern, *key, value.as_str()))
        })
    }
}

struct Target<'a> {
    model: &'static Model,
    settings: &'a Settings,
    values: Values,
}

impl Target<'_> {
    /// Stores a value if the target's standard can hold it there.
    fn put(&mut self, pattern: &str, outer: u32, inner: u32, value: &str) {
        let Some(key) = self.model.member(pattern, outer, inner) else {
            return;
        };
        let Some(element) = self.model.element(key) else {
            return;
        };
        let interaction = self
            .model
            .member("cmi.interactions.n.type", outer, 0)
            .and_then(|key| self.values.get(&key));
        let is_status_of_lms = pattern == "cmi.core.lesson_status" && value == "not attempted";
        match element
            .kind
            .check(value, self.settings, interaction.map(String::as_str))
        {
            Ok(checked) => {
                let checked = checked.into_owned();
                self.values.insert(key, checked);
            }
            Err(_) if is_status_of_lms => {
                self.values.insert(key, value.to_owned());
            }
            Err(_) => {}
        }
    }
}

fn to_2004(source: &Source<'_>, target: &mut Target<'_>) {
    for (pattern, key, value) in source.iter() {
        let (outer, inner) = (key.outer, key.inner);
        if let Some((_, twin, alike)) = ALIKE.iter().find(|(twelve, _, _)| *twelve == pattern) {
            let interaction = source.get("cmi.interactions.n.type", outer);
            if let Some(value) = alike.to_2004(value, interaction) {
                target.put(twin, outer, inner, &value);
            }
            continue;
        }
        match pattern {
            "cmi.core.lesson_status" => {
                put_status(
                    target,
                    "cmi.completion_status",
                    "cmi.success_status",
                    outer,
                    value,
                );
            }
            "cmi.objectives.n.status" => {
                let (completion, success) = (
                    "cmi.objectives.n.completion_status",
                    "cmi.objectives.n.success_status",
                );
                put_status(target, completion, success, outer, value);
            }
            "cmi.core.score.raw" => {
                put_raw(target, "cmi.score.raw", "cmi.score.scaled", outer, value)
            }
            "cmi.objectives.n.score.raw" => {
                put_raw(
                    target,
                    "cmi.objectives.n.score.raw",
                    "cmi.objectives.n.score.scaled",
                    outer,
                    value,
                );
            }
            "cmi.comments" => target.put("cmi.comments_from_learner.n.comment", 0, 0, value),
            "cmi.comments_from_lms" => target.put("cmi.comments_from_lms.n.comment", 0, 0, value),
            _ => {}
        }
    }
}

/// SCORM 1.2 RTE, 3.4.4: a learner who passed or failed "is considered to have completed the SCO".
fn put_status(target: &mut Target<'_>, completion: &str, success: &str, outer: u32, status: &str) {
    let (completed, succeeded) = match status {
        "passed" => ("completed", Some("passed")),
        "failed" => ("completed", Some("failed")),
        "completed" => ("completed", None),
        "incomplete" | "browsed" => ("incomplete", None),
        "not attempted" => ("not attempted", None),
        _ => return,
    };
    target.put(completion, outer, 0, completed);
    if let Some(succeeded) = succeeded {
        target.put(success, outer, 0, succeeded);
    }
}

/// SCORM 1.2 scores are normalised to 0 … 100 (RTE, 3.4.4), scaled scores to -1 … 1.
fn put_raw(target: &mut Target<'_>, raw: &str, scaled: &str, outer: u32, value: &str) {
    target.put(raw, outer, 0, value);
    if let Some(value) = Alike::Percent.to_2004(value, None) {
        target.put(scaled, outer, 0, &value);
    }
}

fn to_12(source: &Source<'_>, target: &mut Target<'_>) {
    let mut comments: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (pattern, key, value) in source.iter() {
        let (outer, inner) = (key.outer, key.inner);
        if let Some((twin, _, alike)) = ALIKE.iter().find(|(_, later, _)| *later == pattern) {
            let interaction = source.get("cmi.interactions.n.type", outer);
            if let Some(value) = alike.to_12(value, interaction) {
                target.put(twin, outer, inner, &value);
            }
            continue;
        }
        match pattern {
            "cmi.completion_status" | "cmi.success_status" => {
                let status = status_12(
                    source.get("cmi.completion_status", 0),
                    source.get("cmi.success_status", 0),
                );
                target.put("cmi.core.lesson_status", 0, 0, status);
            }
            "cmi.objectives.n.completion_status" | "cmi.objectives.n.success_status" => {
                let of = |name: &str| source.get(&format!("cmi.objectives.n.{name}"), outer);
                let status = status_12(of("completion_status"), of("success_status"));
                target.put("cmi.objectives.n.status", outer, 0, status);
            }
            "cmi.score.raw" => target.put("cmi.core.score.raw", 0, 0, value),
            "cmi.objectives.n.score.raw" => target.put(pattern, outer, 0, value),
            // Where there is a raw score the scaled one says the same again.
            "cmi.score.scaled" if source.get("cmi.score.raw", 0).is_none() => {
                put_scaled(target, "cmi.core.score.raw", 0, value);
            }
            "cmi.objectives.n.score.scaled"
                if source.get("cmi.objectives.n.score.raw", outer).is_none() =>
            {
                put_scaled(target, "cmi.objectives.n.score.raw", outer, value);
            }
            "cmi.comments_from_learner.n.comment" => {
                comments.entry("cmi.comments").or_default().push(value)
            }
            "cmi.comments_from_lms.n.comment" => comments
                .entry("cmi.comments_from_lms")
                .or_default()
                .push(value),
            _ => {}
        }
    }
    for (element, said) in comments {
        target.put(element, 0, 0, &said.join("\n"));
    }
}

fn put_scaled(target: &mut Target<'_>, raw: &str, outer: u32, value: &str) {
    if let Some(value) = Alike::Percent.to_12(value, None) {
        target.put(raw, outer, 0, &value);
    }
}

/// Success says more than completion where it is known.
fn status_12<'a>(completion: Option<&'a str>, success: Option<&'a str>) -> &'a str {
    match (success, completion) {
        (Some(known @ ("passed" | "failed")), _) => known,
        (_, Some(known @ ("completed" | "incomplete" | "not attempted"))) => known,
        _ => "",
    }
}
