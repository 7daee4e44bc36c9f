//! Running a journal on what is stored.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{CmiError, Reason};
use super::finish;
use super::launch::{LaunchContext, Mode, Stored};
use super::load::{self, Loaded, Start};
use super::model::{Element, Key};
use super::name::{self, NameError};
use super::outcome::{Carry, Refusal, Replay, Row, Session, Status};
use super::state::State;
use super::value::Kind;
use crate::journal::{Entry, Op};
use crate::manifest::Version;
use crate::sealing;

/// Replays a batch of a launch's journal on what is stored of the attempt.
///
/// Entries the session has already are ignored. Every value is checked again; what an LMS decides at the end
/// of a session is decided here. The rows are those mod_scorm's own client would have stored, as far as they
/// differ from what is stored. A launch in [`Mode::Browse`] or [`Mode::Review`] gives no rows.
///
/// The session that is returned must come back with the next batch, whole.
///
/// # Errors
/// [`CmiError::JournalGap`] if an entry is missing, [`CmiError::StoredItems`] and [`CmiError::StoredBytes`] if
/// more is stored than a launch may carry. Nothing of the batch counts then.
pub fn replay(
    context: &LaunchContext,
    stored: &Stored,
    session: &Session,
    entries: &[Entry],
) -> Result<Replay, CmiError> {
    let start = match session.status {
        Status::Ready => Start::New,
        Status::Running | Status::Terminated => Start::Running(&session.carry.stale),
    };
    let Loaded {
        state,
        stored,
        stale,
        ..
    } = load::load(context, stored, &start)?;
    let mut run = Run {
        context,
        state,
        touched: BTreeSet::new(),
        stale_bytes: stale.values().sum(),
        stale,
        status: session.status,
        session_time: session.carry.session_time.clone(),
        navigation: session.carry.navigation.clone(),
        leaving: String::new(),
        refused: Vec::new(),
    };
    let mut last_seq = session.last_seq;
    for entry in entries {
        if entry.seq <= last_seq {
            continue;
        }
        let expected = last_seq.saturating_add(1);
        if entry.seq != expected {
            return Err(CmiError::JournalGap {
                expected,
                found: entry.seq,
            });
        }
        if let Err(reason) = run.apply(entry) {
            run.refuse(entry, reason);
        }
        last_seq = entry.seq;
    }
    run.force_completed();
    Ok(run.close(last_seq, &stored))
}

struct Run<'a> {
    context: &'a LaunchContext,
    state: State,
    /// Places whose value may have to be written.
    touched: BTreeSet<Key>,
    /// Places of an earlier session that this launch has not written, and their bytes.
    stale: BTreeMap<Key, usize>,
    stale_bytes: usize,
    status: Status,
    session_time: String,
    navigation: String,
    /// Where to go, once the SCO has ended.
    leaving: String,
    refused: Vec<Refusal>,
}

impl Run<'_> {
    fn apply(&mut self, entry: &Entry) -> Result<(), Reason> {
        match (self.status, entry.op) {
            (Status::Terminated, _) => Err(Reason::Terminated),
            (Status::Ready, Op::Initialize) => {
                self.status = Status::Running;
                Ok(())
            }
            (Status::Ready, _) => Err(Reason::NotInitialized),
            (Status::Running, Op::Initialize) => Err(Reason::AlreadyInitialized),
            (Status::Running, Op::Set) => match (&entry.element, &entry.value) {
                (Some(element), Some(value)) if !element.is_empty() => self.set(element, value),
                _ => Err(Reason::Malformed),
            },
            (Status::Running, Op::Commit) => {
                self.commit();
                Ok(())
            }
            (Status::Running, Op::Terminate) => {
                self.terminate();
                Ok(())
            }
        }
    }

    fn refuse(&mut self, entry: &Entry, reason: Reason) {
        self.refused.push(Refusal {
            seq: entry.seq,
            element: entry.element.clone().unwrap_or_default(),
            code: reason.code(self.context.version, entry.op),
            reason: reason.word().to_owned(),
        });
    }

    fn set(&mut self, element: &str, value: &str) -> Result<(), Reason> {
        let model = self.state.model();
        let name = name::from_api(element).map_err(|error| match error {
            NameError::Unknown => Reason::UnknownElement,
            NameError::Index => Reason::IndexFormat,
        })?;
        let key = model.place(&name).ok_or(Reason::UnknownElement)?;
        let line = model.element(key).ok_or(Reason::UnknownElement)?;
        if !line.is_writable() {
            return Err(line.write_refusal());
        }
        if self.context.mode != Mode::Normal && !is_kept_by_session(line) {
            // Not kept, so what came before is unknown here and the rest cannot be checked.
            return Ok(());
        }
        let checked = self.check(line, key, value);
        if checked == Err(Reason::Type) {
            return Err(Reason::Type);
        }
        self.check_place(line, key)?;
        let value = checked?;
        if self.context.version == Version::V2004 {
            self.state.check_identity(key, &value)?;
        }
        self.keep(line, key, value)
    }

    fn check(&self, line: &Element, key: Key, value: &str) -> Result<String, Reason> {
        let interaction = self.state.member("cmi.interactions.n.type", key.outer, 0);
        line.kind
            .check(value, &self.context.settings, interaction)
            .map(|value| value.into_owned())
    }

    /// The next member of a collection may be made, none beyond it. In SCORM 2004 an objective or interaction
    /// is made by its id (RTE, 4.2.9 and 4.2.17), and what is inside needs it to be there.
    fn check_place(&self, line: &Element, key: Key) -> Result<(), Reason> {
        let (outer, inner) = line.collections();
        if outer.is_none() {
            return Ok(());
        }
        let count = self.state.count(key);
        if key.outer > count {
            return Err(Reason::IndexOrder);
        }
        if key.outer >= self.context.limits.collection {
            return Err(Reason::CollectionLimit);
        }
        let needs_id = self.context.version == Version::V2004
            && !line.pattern.starts_with("cmi.comments_from_learner.")
            && !matches!(
                line.pattern,
                "cmi.objectives.n.id" | "cmi.interactions.n.id"
            );
        if needs_id && key.outer == count {
            return Err(Reason::Dependency);
        }
        if matches!(line.kind, Kind::Response | Kind::Pattern)
            && self
                .state
                .member("cmi.interactions.n.type", key.outer, 0)
                .is_none()
        {
            return Err(Reason::Dependency);
        }
        if inner.is_some() && key.inner > self.state.inner_count(key) {
            return Err(Reason::IndexOrder);
        }
        if inner.is_some() && key.inner >= self.context.limits.collection {
            return Err(Reason::CollectionLimit);
        }
        Ok(())
    }

    fn keep(&mut self, line: &Element, key: Key, value: String) -> Result<(), Reason> {
        match line.pattern {
            "cmi.core.session_time" => {
                self.session_time = value;
                return Ok(());
            }
            "nav.event" | "adl.nav.request" => {
                self.navigation = if value == "_none_" {
                    String::new()
                } else {
                    value
                };
                return Ok(());
            }
            "cmi.session_time" => self.session_time.clone_from(&value),
            _ => {}
        }
        let value = match line.pattern {
            // mod_scorm appends, as SCORM 1.2 RTE, 3.4.4 wants it.
            "cmi.comments" => format!("{}{value}", self.state.get("cmi.comments")),
            _ => value,
        };
        let limits = self.context.limits;
        let old = self
            .state
            .at(key)
            .map(str::len)
            .or_else(|| self.stale.get(&key).copied());
        let bytes = self.state.bytes() + self.stale_bytes - old.unwrap_or(0) + value.len();
        let elements = self.state.len() + self.stale.len();
        if value.len() > sealing::MAX_PLAIN_BYTES
            || bytes > limits.bytes
            || old.is_none() && elements >= limits.elements
        {
            return Err(Reason::StateLimit);
        }
        if self.stale.contains_key(&key) && line.says_nothing(&value) {
            return Ok(());
        }
        self.write(key, value);
        Ok(())
    }

    fn write(&mut self, key: Key, value: String) {
        self.state.put(key, value);
        self.touched.insert(key);
        if let Some(bytes) = self.stale.remove(&key) {
            self.stale_bytes -= bytes;
        }
    }

    /// What mod_scorm's client sends with every commit, though no SCO has set it.
    fn commit(&mut self) {
        if self.context.version == Version::V12 {
            let status = self.state.model().fixed("cmi.core.lesson_status");
            if let Some(key) = status.filter(|key| self.state.at(*key).is_none()) {
                self.write(key, "not attempted".to_owned());
            }
        } else {
            self.touched
                .extend(load::manifest_objectives(self.context).map(|(key, _)| key));
        }
    }

    fn terminate(&mut self) {
        self.commit();
        let set = match self.context.version {
            Version::V12 => finish::finish_12(self.context, &mut self.state, &self.session_time),
            Version::V2004 => {
                finish::finish_2004(self.context, &mut self.state, &self.session_time)
            }
        };
        self.touched.extend(set);
        self.status = Status::Terminated;
        self.leaving = std::mem::take(&mut self.navigation);
        self.session_time.clear();
    }

    fn force_completed(&mut self) {
        let model = self.state.model();
        let counts = ["cmi.core.lesson_status", "cmi.core.score.raw"]
            .into_iter()
            .filter_map(|name| model.fixed(name));
        if self.context.version == Version::V12
            && self.context.settings.forcecompleted
            && counts.into_iter().any(|key| self.touched.contains(&key))
        {
            self.touched
                .extend(finish::force_completed(&mut self.state));
        }
    }

    fn close(self, last_seq: u64, stored: &BTreeMap<Key, String>) -> Replay {
        let model = self.state.model();
        let mut rows = Vec::new();
        for key in &self.touched {
            let (Some(line), Some(value)) = (model.element(*key), self.state.at(*key)) else {
                continue;
            };
            let is_written = match stored.get(key) {
                Some(old) => old != value,
                None => line.initial != Some(value),
            };
            if is_written && self.context.mode == Mode::Normal {
                rows.push(Row {
                    element: model.storage_name(*key),
                    value: value.to_owned(),
                    class: line.class(),
                });
            }
        }
        // Only while the launch runs is there anything left to remember.
        let carry = match self.status {
            Status::Running => Carry {
                session_time: self.session_time,
                navigation: self.navigation,
                stale: self
                    .stale
                    .into_keys()
                    .map(|key| model.storage_name(key))
                    .collect(),
            },
            Status::Ready | Status::Terminated => Carry::default(),
        };
        Replay {
            rows,
            refused: self.refused,
            session: Session {
                last_seq,
                status: self.status,
                carry,
            },
            navigation: self.leaving,
        }
    }
}

/// What a launch remembers without a row.
fn is_kept_by_session(line: &Element) -> bool {
    matches!(
        line.pattern,
        "cmi.core.session_time" | "nav.event" | "adl.nav.request"
    )
}
