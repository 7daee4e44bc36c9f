//! The statements behind the ports' lists, by name: `tests/plans.rs` shows how each engine runs them.

use crate::{attempts, courses, enrollments, providers, registry, runtime, users};

/// What a list is sorted by, which is what its cursor starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// Text: `$1` a key, `$2` an id, `$3` a limit.
    Text,
    /// A time: the same.
    Time,
    /// No pages: `$1` an id, `$2` a limit.
    None,
}

/// Every list: its name, its sort key, its statement.
pub const LISTS: &[(&str, SortKey, &str)] = &[
    (
        "courses, catalogue",
        SortKey::Text,
        courses::COURSES_CATALOGUE,
    ),
    (
        "courses of a teacher",
        SortKey::Text,
        courses::COURSES_TAUGHT_BY,
    ),
    (
        "courses of a learner",
        SortKey::Text,
        courses::COURSES_JOINED_BY,
    ),
    ("courses, all", SortKey::Text, courses::COURSES_LIST),
    (
        "lessons of a course",
        SortKey::None,
        courses::LESSONS_OF_COURSE,
    ),
    (
        "enrolments of a course",
        SortKey::Time,
        enrollments::ENROLLMENTS_OF_COURSE,
    ),
    (
        "enrolments of a learner",
        SortKey::Time,
        enrollments::ENROLLMENTS_OF_USER,
    ),
    (
        "attempts of an enrolment",
        SortKey::Time,
        attempts::ATTEMPTS_OF_ENROLLMENT,
    ),
    (
        "attempts of a course, with names",
        SortKey::Time,
        attempts::ATTEMPTS_OF_COURSE,
    ),
    (
        "attempts of a learner",
        SortKey::Time,
        attempts::ATTEMPTS_OF_USER,
    ),
    (
        "events of a course",
        SortKey::Time,
        runtime::EVENTS_OF_COURSE,
    ),
    ("registry, search", SortKey::Text, registry::REGISTRY_SEARCH),
    (
        "registry, of a provider",
        SortKey::Text,
        registry::REGISTRY_OF_PROVIDER,
    ),
    (
        "versions of an external course",
        SortKey::None,
        registry::VERSIONS_OF_COURSE,
    ),
    (
        "targets of a course",
        SortKey::None,
        registry::TARGETS_OF_COURSE,
    ),
    ("accounts, all", SortKey::Text, users::USERS_LIST),
    ("providers, all", SortKey::Text, providers::PROVIDERS_LIST),
    (
        "providers, search",
        SortKey::Text,
        providers::PROVIDERS_SEARCH,
    ),
];
