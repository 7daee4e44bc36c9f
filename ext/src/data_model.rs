//! `Scormbridge\DataModel`: the run-time data model, for the server that keeps the truth.

use ext_php_rs::prelude::*;
use scormbridge_api as api;

use crate::border::{Failure, PhpArray, Table, Text, array};

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
        array(&api::seed(context.value(), stored.value())?)
    }

    pub(crate) fn replay(
        context: Table<'_>,
        stored: Table<'_>,
        session: Table<'_>,
        entries: Text<'_>,
    ) -> Result<PhpArray, Failure> {
        array(&api::replay(
            context.value(),
            stored.value(),
            session.value(),
            entries.bytes(),
        )?)
    }

    pub(crate) fn replay_late(
        context: Table<'_>,
        stored: Table<'_>,
        session: Table<'_>,
        entries: Text<'_>,
        newer: Table<'_>,
    ) -> Result<PhpArray, Failure> {
        array(&api::replay_late(
            context.value(),
            stored.value(),
            session.value(),
            entries.bytes(),
            newer.value(),
        )?)
    }
}
