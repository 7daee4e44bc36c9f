//! `Vault`: stored values that only their own row can open.

use scormbridge_core::keys::Key;
use scormbridge_core::sealing::{self, SealError};

use crate::read::{Limits, Source, read, text};
use crate::{Failure, Kind, keys};

/// Seals and opens values with a set of keys.
#[derive(Debug)]
pub struct Vault(sealing::Vault);

impl Vault {
    /// A vault with these keys, `kid => 64 hexadecimal digits`, of which one seals.
    ///
    /// # Errors
    /// `ConfigException` if there is no such key or one is of no use.
    pub fn new<'a>(keys: impl Source<'a>, current: &[u8]) -> Result<Self, Failure> {
        let keys = keys::from_source(keys)?;
        sealing::Vault::new(keys, text(current, Kind::Config, "current")?)
            .map(Self)
            .map_err(keys::failure)
    }

    /// Seals a value for exactly one place.
    ///
    /// # Errors
    /// `SealException` if the value is not UTF-8 or too large, or the context is no list of texts and whole numbers.
    pub fn seal<'a>(&self, plain: &[u8], context: impl Source<'a>) -> Result<String, Failure> {
        let fields = fields(context)?;
        self.0
            .seal(text(plain, Kind::Seal, "plain")?, &borrowed(&fields))
            .map_err(failure)
    }

    /// Opens a value that was sealed for this place.
    ///
    /// # Errors
    /// `SealException` if it was not, or was changed, or its key is gone.
    pub fn open<'a>(&self, sealed: &[u8], context: impl Source<'a>) -> Result<String, Failure> {
        let fields = fields(context)?;
        self.0
            .open(text(sealed, Kind::Seal, "sealed")?, &borrowed(&fields))
            .map_err(failure)
    }

    /// Whether the value was sealed with a key that is no longer the current one.
    ///
    /// # Errors
    /// `SealException` if it is not UTF-8.
    pub fn needs_reseal(&self, sealed: &[u8]) -> Result<bool, Failure> {
        Ok(self.0.needs_reseal(text(sealed, Kind::Seal, "sealed")?))
    }
}

/// Whether the value has the form of a sealed value. Bytes that are not text have not.
#[must_use]
pub fn is_sealed(value: &[u8]) -> bool {
    text(value, Kind::Seal, "value").is_ok_and(sealing::is_sealed)
}

/// A new random key, as 64 hexadecimal digits.
///
/// # Errors
/// `ConfigException` if the operating system has no randomness to give.
pub fn new_key() -> Result<String, Failure> {
    let key = Key::generate().map_err(keys::failure)?;
    Ok(key.to_hex().to_string())
}

/// The context is a list of texts and whole numbers (ids come from PHP as either).
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Field {
    Text(String),
    Number(i64),
}

fn fields<'a>(context: impl Source<'a>) -> Result<Vec<String>, Failure> {
    let fields: Vec<Field> = read(context, Limits::OPTIONS, Kind::Seal, "context")?;
    Ok(fields
        .into_iter()
        .map(|field| match field {
            Field::Text(text) => text,
            Field::Number(number) => number.to_string(),
        })
        .collect())
}

fn borrowed(fields: &[String]) -> Vec<&str> {
    fields.iter().map(String::as_str).collect()
}

fn failure(error: SealError) -> Failure {
    Failure::of(Kind::Seal, error.reason(), &error, error.details())
}
