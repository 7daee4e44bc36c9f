//! Claims about the data model. The tables under `tests/golden/cmi` are shared with the relay.

mod golden;

use super::{
    LaunchContext, Learner, Replay, Session, Settings, StateLimits, Stored, Version, replay,
};
use crate::journal::{Entry, Op};

/// Replays a journal in one batch from the start of a launch.
fn run(context: &LaunchContext, stored: &Stored, entries: &[Entry]) -> Replay {
    replay(context, stored, &Session::default(), entries).expect("a journal without gaps")
}
