//! What mod_scorm's columns hold (`mod/scorm/db/install.xml`), and what becomes of longer values.

use std::borrow::Cow;

use ring::digest::{SHA256, digest};

use super::TreeWarning;

/// `manifest`, `organization`, `parent`, `identifier`, `title`, `objectiveid`, `refrencedobjective`.
const NAME: usize = 255;
/// Hexadecimal digits of the digest that keeps shortened identifiers apart.
const DIGEST: usize = 32;

/// Fits values into columns and remembers what did not fit.
#[derive(Default)]
pub(super) struct Columns<'m> {
    /// The SCO whose row is being made.
    identifier: Cow<'m, str>,
    pub(super) warnings: Vec<TreeWarning>,
}

impl<'m> Columns<'m> {
    /// Starts the row of an activity; gives its identifier as stored.
    pub(super) fn start(&mut self, identifier: &'m str) -> Cow<'m, str> {
        self.identifier = shorten(identifier);
        self.identifier(identifier, "identifier")
    }

    /// An identifier. The same long one is always shortened to the same short one, and different ones stay different:
    /// rows find their parents, and learners their SCOs, by it.
    pub(super) fn identifier(&mut self, value: &'m str, column: &str) -> Cow<'m, str> {
        if fits(value, NAME) {
            return Cow::Borrowed(value);
        }
        self.warn(column, NAME);
        shorten(value)
    }

    /// Text for people.
    pub(super) fn title(&mut self, value: &'m str) -> Cow<'m, str> {
        self.text(value, "title", NAME)
    }

    /// A word of a vocabulary.
    pub(super) fn text(&mut self, value: &'m str, column: &str, limit: usize) -> Cow<'m, str> {
        if fits(value, limit) {
            return Cow::Borrowed(value);
        }
        self.warn(column, limit);
        value.chars().take(limit).collect()
    }

    fn warn(&mut self, column: &str, limit: usize) {
        self.warnings.push(TreeWarning {
            identifier: self.identifier.clone().into_owned(),
            column: column.to_owned(),
            limit,
        });
    }
}

/// Moodle's columns count characters, not bytes.
fn fits(value: &str, limit: usize) -> bool {
    value.len() <= limit || value.chars().nth(limit).is_none()
}

fn shorten(identifier: &str) -> Cow<'_, str> {
    if fits(identifier, NAME) {
        return Cow::Borrowed(identifier);
    }
    let mut short: String = identifier.chars().take(NAME - DIGEST - 1).collect();
    short.push('-');
    let hash = data_encoding::HEXLOWER.encode(digest(&SHA256, identifier.as_bytes()).as_ref());
    short.push_str(hash.get(..DIGEST).unwrap_or_default());
    Cow::Owned(short)
}
