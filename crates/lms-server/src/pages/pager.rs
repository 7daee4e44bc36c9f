//! The way through a long list: to its next part, and back to the first.

use scormbridge_lms::classroom::ports::Page;
use url::form_urlencoded::Serializer;

/// Rows of a table's part.
pub(super) const ROWS: u32 = 50;
/// Cards of a grid's part.
pub(super) const CARDS: u32 = 24;

/// Links below a list. A list that fits on one page has none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pager {
    /// What the list is of, for people who cannot see where the links stand.
    pub(super) label: &'static str,
    pub(super) first: Option<String>,
    pub(super) next: Option<String>,
}

impl Pager {
    /// The links of a list that shows what comes `after` a cursor. `query` is what else the address says, `name` what the
    /// cursor is called in it.
    pub(super) fn new(
        label: &'static str,
        path: &str,
        query: &[(&str, &str)],
        name: &str,
        after: Option<&str>,
        next: Option<String>,
    ) -> Self {
        let link = |cursor: Option<&str>| {
            let mut text = Serializer::new(String::new());
            text.extend_pairs(query);
            if let Some(cursor) = cursor {
                text.append_pair(name, cursor);
            }
            match text.finish() {
                query if query.is_empty() => path.to_owned(),
                query => format!("{path}?{query}"),
            }
        };
        Self {
            label,
            first: after.map(|_| link(None)),
            next: next.map(|cursor| link(Some(&cursor))),
        }
    }
}

/// A part of a list, for the store.
pub(super) fn part(after: Option<&String>, limit: u32) -> Page {
    Page {
        after: after.cloned(),
        limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_what_else_the_address_says() {
        let here = |after, next: Option<&str>| {
            let query = [("title", "a b")];
            Pager::new(
                "Courses",
                "/registry",
                &query,
                "after",
                after,
                next.map(str::to_owned),
            )
        };
        assert_eq!(
            here(None, None),
            Pager {
                label: "Courses",
                first: None,
                next: None
            }
        );
        let middle = here(Some("1x"), Some("2&y"));
        assert_eq!(middle.first.as_deref(), Some("/registry?title=a+b"));
        assert_eq!(
            middle.next.as_deref(),
            Some("/registry?title=a+b&after=2%26y")
        );
        let bare = Pager::new("", "/teach", &[], "after", Some("1"), None);
        assert_eq!(bare.first.as_deref(), Some("/teach"));
    }
}
