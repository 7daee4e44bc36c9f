//! `Scormbridge\DataModel`: the run-time data model, for the server that keeps the truth.

use std::fmt;

use ext_php_rs::prelude::*;
use scormbridge_core::cmi::{self, CmiError, LaunchContext, Session, Stored};
use scormbridge_core::journal::{self, BatchLimits};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::border::{Failure, Kind, Limits, PhpArray, Table, Text, array, read};

/// Seeds a launch and replays its journal. There is nothing to make an object of.
#[php_class]
#[php(name = "Scormbridge\\DataModel", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct DataModel;

#[php_impl]
impl DataModel {
    #[php(vis = "private")]
    pub(crate) fn __construct() -> Self {
        Self
    }

    pub(crate) fn seed(context: Table<'_>, stored: Table<'_>) -> Result<PhpArray, Failure> {
        let context = launch(context)?;
        let seed = cmi::seed(&context, &state(stored)?).map_err(|error| failure(&error))?;
        array(&seed)
    }

    pub(crate) fn replay(
        context: Table<'_>,
        stored: Table<'_>,
        session: Table<'_>,
        entries: Text<'_>,
    ) -> Result<PhpArray, Failure> {
        let context = launch(context)?;
        let stored = state(stored)?;
        let session: Session = read(session, Limits::STATE, Kind::DataModel, "session")?;
        let text = entries.utf8(Kind::DataModel, "entries")?;
        let entries = journal::parse_batch(text, &BatchLimits::default()).map_err(|error| {
            Failure::of(Kind::DataModel, error.reason(), &error, error.details())
        })?;
        let replay =
            cmi::replay(&context, &stored, &session, &entries).map_err(|error| failure(&error))?;
        array(&replay)
    }
}

fn launch(context: Table<'_>) -> Result<LaunchContext, Failure> {
    read(context, Limits::STATE, Kind::DataModel, "context")
}

fn state(stored: Table<'_>) -> Result<Stored, Failure> {
    let Pairs(stored) = read(stored, Limits::STATE, Kind::DataModel, "stored")?;
    Ok(stored)
}

fn failure(error: &CmiError) -> Failure {
    Failure::of(Kind::DataModel, error.reason(), error, error.details())
}

/// `[element => value]` in PHP's order, which is the order of the rows.
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
