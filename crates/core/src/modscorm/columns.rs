//! What mod_scorm's columns hold (`mod/scorm/db/install.xml`), and what becomes of longer values.

use ring::digest::{SHA256, digest};

use super::TreeWarning;

/// `manifest`, `organization`, `parent`, `identifier`, `title`, `objectiveid`, `refrencedobjective`.
const NAME: usize = 255;
/// Hexadecimal digits of the digest that keeps shortened identifiers apart.
const DIGEST: usize = 32;

/// Fits values into columns and remembers what did not fit.
#[derive(Default)]
pub(super) struct Columns {
    /// The SCO whose row is being made.
    identifier: String,
    pub(super) warnings: Vec<TreeWarning>,
}

impl Columns {
    /// Starts the row of an activity; gives its identifier as stored.
    pub(super) fn start(&mut self, identifier: &str) -> String {
        self.identifier = shorten(identifier);
        self.identifier(identifier, "identifier")
    }

    /// An identifier. The same long one is always shortened to the same short one, and different ones stay different:
    /// rows find their parents, and learners their SCOs, by it.
    pub(super) fn identifier(&mut self, value: &str, column: &str) -> String {
        if fits(value, NAME) {
            return value.to_owned();
        }
        self.warn(column, NAME);
        shorten(value)
    }

    /// Text for people.
    pub(super) fn title(&mut self, value: &str) -> String {
        self.text(value, "title", NAME)
    }

    /// A word of a vocabulary.
    pub(super) fn text(&mut self, value: &str, column: &str, limit: usize) -> String {
        if fits(value, limit) {
            return value.to_owned();
        }
        self.warn(column, limit);
        value.chars().take(limit).collect()
    }

    fn warn(&mut self, column: &str, limit: usize) {
        self.warnings.push(TreeWarning {
            identifier: self.identifier.clone(),
            column: column.to_owned(),
            limit,
        });
    }
}

/// Moodle's columns count characters, not bytes.
fn fits(value: &str, limit: usize) -> bool {
    value.len() <= limit || value.chars().nth(limit).is_none()
}

fn shorten(identifier: &str) -> String {
    if fits(identifier, NAME) {
        return identifier.to_owned();
    }
    let mut short: String = identifier.chars().take(NAME - DIGEST - 1).collect();
    short.push('-');
    let hash = data_encoding::HEXLOWER.encode(digest(&SHA256, identifier.as_bytes()).as_ref());
    short.push_str(hash.get(..DIGEST).unwrap_or_default());
    short
}
