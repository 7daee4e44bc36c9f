//! Keys as configuration holds them: key id to 64 hexadecimal digits.

use std::collections::BTreeMap;

use scormbridge_core::keys::{Key, KeyError, Keys};

use crate::read::{Limits, Source, read};
use crate::{Failure, Kind};

/// Reads `[kid => hex]`.
pub(crate) fn from_source<'a>(keys: impl Source<'a>) -> Result<Keys, Failure> {
    let keys: BTreeMap<String, String> = read(keys, Limits::OPTIONS, Kind::Config, "keys")?;
    from_map(&keys)
}

/// The same for keys that were read as part of larger options.
pub(crate) fn from_map(keys: &BTreeMap<String, String>) -> Result<Keys, Failure> {
    keys.iter()
        .map(|(id, hex)| Ok((id.clone(), Key::from_hex(hex).map_err(failure)?)))
        .collect()
}

/// A bad key is the configuration's fault, whatever it was meant for.
pub(crate) fn failure(error: KeyError) -> Failure {
    Failure::of(Kind::Config, error.reason(), &error, error.details())
}
