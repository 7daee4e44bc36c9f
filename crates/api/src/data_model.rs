//! `DataModel`: the run-time data model, for the server that keeps the truth.

use std::fmt;

use scormbridge_core::cmi::{
    self, CmiError, LaunchContext, Replay, Seed, Session, Stored, Written,
};
use scormbridge_core::journal::{self, BatchLimits, Entry, Op};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::read::{Limits, Source, read, text};
use crate::{Failure, Kind};

/// What the relay needs before the SCO may run.
///
/// # Errors
/// `DataModelException` if the launch or the stored state is none.
pub fn seed<'a>(context: impl Source<'a>, stored: impl Source<'a>) -> Result<Seed, Failure> {
    let context = launch(context)?;
    cmi::seed(&context, &state(stored)?).map_err(|error| failure(&error))
}

/// The rows to write after a batch of the journal, `entries`, which is JSON as it came from the browser, and the
/// session to keep for the next one.
///
/// # Errors
/// `DataModelException` if the launch, the stored state, the session or the batch is none. Nothing may be stored then.
pub fn replay<'a>(
    context: impl Source<'a>,
    stored: impl Source<'a>,
    session: impl Source<'a>,
    entries: &[u8],
) -> Result<Replay, Failure> {
    let context = launch(context)?;
    let stored = state(stored)?;
    let session = past(session)?;
    cmi::replay(&context, &stored, &session, &batch(entries)?).map_err(|error| failure(&error))
}

/// The same for a batch that comes after newer launches of the SCO have reported what `newer` says: without the rows that
/// would replace something of theirs.
///
/// # Errors
/// As [`replay`], and `DataModelException` if `newer` says nothing of the kind.
pub fn replay_late<'a>(
    context: impl Source<'a>,
    stored: impl Source<'a>,
    session: impl Source<'a>,
    entries: &[u8],
    newer: impl Source<'a>,
) -> Result<Replay, Failure> {
    let context = launch(context)?;
    let stored = state(stored)?;
    let session = past(session)?;
    let entries = batch(entries)?;
    let newer: Newer = read(newer, Limits::STATE, Kind::DataModel, "newer")?;
    cmi::replay_late(&context, &stored, &session, &entries, &newer.written())
        .map_err(|error| failure(&error))
}

/// What newer launches have reported.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Newer {
    /// It cannot be known what.
    everything: bool,
    /// Their accepted calls.
    calls: Vec<Call>,
}

/// An accepted call; what was set does not matter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    op: Op,
    #[serde(default)]
    element: Option<String>,
}

impl Newer {
    fn written(&self) -> Written {
        let mut written = if self.everything {
            Written::everything()
        } else {
            Written::default()
        };
        for call in &self.calls {
            written.note(call.op, call.element.as_deref());
        }
        written
    }
}

fn past<'a>(session: impl Source<'a>) -> Result<Session, Failure> {
    read(session, Limits::STATE, Kind::DataModel, "session")
}

fn batch(entries: &[u8]) -> Result<Vec<Entry>, Failure> {
    let entries = text(entries, Kind::DataModel, "entries")?;
    journal::parse_batch(entries, &BatchLimits::default())
        .map_err(|error| Failure::of(Kind::DataModel, error.reason(), &error, error.details()))
}

fn launch<'a>(context: impl Source<'a>) -> Result<LaunchContext, Failure> {
    read(context, Limits::STATE, Kind::DataModel, "context")
}

fn state<'a>(stored: impl Source<'a>) -> Result<Stored, Failure> {
    let Pairs(stored) = read(stored, Limits::STATE, Kind::DataModel, "stored")?;
    Ok(stored)
}

fn failure(error: &CmiError) -> Failure {
    Failure::of(Kind::DataModel, error.reason(), error, error.details())
}

/// `[element => value]` in the caller's order, which is the order of the rows.
struct Pairs(Stored);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of values by element name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Stored::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
