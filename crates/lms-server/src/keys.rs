//! Symmetric keys out of the configuration.

use scormbridge_core::keys::{Key, KeyError, Keys};
use scormbridge_core::sealing::Vault;
use secrecy::ExposeSecret;

use crate::config::{Fault, KeySet};

/// Id of the key that a developer's machine makes up.
const DEVELOPMENT_KEY: &str = "development";

/// The vault of `[gateway.sealing]`.
///
/// # Errors
/// The fault, if a key is of no use.
pub(crate) fn vault(settings: &KeySet) -> Result<Vault, Fault> {
    let fault = |error: KeyError| Fault {
        setting: "gateway.sealing.keys".to_owned(),
        message: error.to_string(),
    };
    let (keys, current) = keys(settings).map_err(fault)?;
    Vault::new(keys, &current).map_err(fault)
}

/// The keys of a set and the id of the current one. Without any, a developer's machine gets one that lives as long
/// as the process; in production that is a fault which was found before.
pub(crate) fn keys(settings: &KeySet) -> Result<(Keys, String), KeyError> {
    let mut keys = Keys::new();
    for (id, hex) in &settings.keys {
        keys.insert(id.clone(), Key::from_hex(hex.expose_secret())?);
    }
    if keys.is_empty() {
        keys.insert(DEVELOPMENT_KEY.to_owned(), Key::generate()?);
        return Ok((keys, DEVELOPMENT_KEY.to_owned()));
    }
    Ok((keys, settings.current.clone().unwrap_or_default()))
}
