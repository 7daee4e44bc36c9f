//! `Scormbridge\Vault`: stored values that only their own row can open.

use ext_php_rs::prelude::*;
use scormbridge_core::keys::Key;
use scormbridge_core::sealing::{self, SealError};

use crate::border::{Failure, Kind, Limits, Table, Text, read};
use crate::keys;

/// Seals and opens values with a set of keys.
#[php_class]
#[php(name = "Scormbridge\\Vault", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct Vault(sealing::Vault);

#[php_impl]
impl Vault {
    pub(crate) fn __construct(keys: Table<'_>, current: Text<'_>) -> Result<Self, Failure> {
        let keys = keys::from_table(keys)?;
        sealing::Vault::new(keys, current.utf8(Kind::Config, "current")?)
            .map(Self)
            .map_err(keys::failure)
    }

    pub(crate) fn seal(&self, plain: Text<'_>, context: Table<'_>) -> Result<String, Failure> {
        let fields = fields(context)?;
        self.0
            .seal(plain.utf8(Kind::Seal, "plain")?, &borrowed(&fields))
            .map_err(failure)
    }

    pub(crate) fn open(&self, sealed: Text<'_>, context: Table<'_>) -> Result<String, Failure> {
        let fields = fields(context)?;
        self.0
            .open(sealed.utf8(Kind::Seal, "sealed")?, &borrowed(&fields))
            .map_err(failure)
    }

    pub(crate) fn needs_reseal(&self, sealed: Text<'_>) -> Result<bool, Failure> {
        Ok(self.0.needs_reseal(sealed.utf8(Kind::Seal, "sealed")?))
    }

    /// Bytes that are not text are no sealed value; the question has an answer for them.
    pub(crate) fn is_sealed(value: Text<'_>) -> bool {
        value
            .utf8(Kind::Seal, "value")
            .is_ok_and(sealing::is_sealed)
    }

    pub(crate) fn new_key() -> Result<String, Failure> {
        let key = Key::generate().map_err(keys::failure)?;
        Ok(key.to_hex().to_string())
    }
}

/// The context is a list of texts and whole numbers (ids come from PHP as either).
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Field {
    Text(String),
    Number(i64),
}

fn fields(context: Table<'_>) -> Result<Vec<String>, Failure> {
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
