//! Who may do what to which table. The one place that says so.
//!
//! [`rule`] answers for a role, a table and an operation with the grounds that permit it. A store finds out
//! which of those grounds hold for a row ([`Ground`]) and asks [`permits`]. PostgreSQL's row level security
//! says the same a second time; `docs/data-model.md` shows the whole table, and one denial matrix runs against
//! the rules, the stores and the database.

use serde::Serialize;

use super::actor::{Actor, Role};

/// The tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// Accounts.
    Users,
    /// Signed-in browsers.
    Sessions,
    /// Hosts of interactive courses.
    CourseProviders,
    /// Courses.
    Courses,
    /// Static lessons.
    Lessons,
    /// Who is in which course.
    Enrollments,
    /// Goes at courses.
    InteractiveAttempts,
    /// Nonces of launch tokens.
    InteractiveLaunchTokens,
    /// What providers know learners by.
    UserAliases,
    /// The registry's courses.
    ExternalCourses,
    /// Their versions.
    CourseVersions,
    /// Which assignment launches which version.
    AssignmentTargets,
    /// The log.
    CourseEvents,
    /// Where runtimes go on from.
    RuntimeCheckpoints,
    /// Answers kept for retries.
    IdempotencyRecords,
    /// Packages behind courses.
    ScormPackages,
    /// Launches of SCOs.
    ScormLaunches,
    /// What SCOs stored.
    ScormTracks,
    /// What their commits accepted.
    ScormHistory,
    /// Files that learners made.
    RuntimeAssets,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 20] = [
        Self::Users,
        Self::Sessions,
        Self::CourseProviders,
        Self::Courses,
        Self::Lessons,
        Self::Enrollments,
        Self::InteractiveAttempts,
        Self::InteractiveLaunchTokens,
        Self::UserAliases,
        Self::ExternalCourses,
        Self::CourseVersions,
        Self::AssignmentTargets,
        Self::CourseEvents,
        Self::RuntimeCheckpoints,
        Self::IdempotencyRecords,
        Self::ScormPackages,
        Self::ScormLaunches,
        Self::ScormTracks,
        Self::ScormHistory,
        Self::RuntimeAssets,
    ];

    /// Its name in SQL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Sessions => "sessions",
            Self::CourseProviders => "course_providers",
            Self::Courses => "courses",
            Self::Lessons => "lessons",
            Self::Enrollments => "enrollments",
            Self::InteractiveAttempts => "interactive_attempts",
            Self::InteractiveLaunchTokens => "interactive_launch_tokens",
            Self::UserAliases => "user_aliases",
            Self::ExternalCourses => "external_courses",
            Self::CourseVersions => "course_versions",
            Self::AssignmentTargets => "assignment_targets",
            Self::CourseEvents => "course_events",
            Self::RuntimeCheckpoints => "runtime_checkpoints",
            Self::IdempotencyRecords => "idempotency_records",
            Self::ScormPackages => "scorm_packages",
            Self::ScormLaunches => "scorm_launches",
            Self::ScormTracks => "scorm_tracks",
            Self::ScormHistory => "scorm_history",
            Self::RuntimeAssets => "runtime_assets",
        }
    }
}

/// What is done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Reading it.
    Select,
    /// Adding it.
    Insert,
    /// Changing it.
    Update,
    /// Removing it.
    Delete,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 4] = [Self::Select, Self::Insert, Self::Update, Self::Delete];

    /// Its name in SQL, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// What ties an actor to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// The row is about the actor.
    Owner,
    /// The actor is the teacher of the row's course (of an account: of a course it is enrolled in).
    Teaches,
    /// The actor has an active enrolment in the row's course.
    Enrolled,
    /// The row's course is in the catalogue.
    Published,
}

/// When an operation is permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// On every row.
    Always,
    /// On none.
    Never,
    /// Where all of any one of these sets of grounds hold.
    Where(&'static [&'static [Ground]]),
}

impl Rule {
    /// Whether these grounds are enough.
    #[must_use]
    pub fn holds(self, grounds: &[Ground]) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Where(sets) => sets
                .iter()
                .any(|set| set.iter().all(|ground| grounds.contains(ground))),
        }
    }
}

const OWNER: Rule = Rule::Where(&[&[Ground::Owner]]);
const TEACHES: Rule = Rule::Where(&[&[Ground::Teaches]]);
const OWNER_OR_TEACHES: Rule = Rule::Where(&[&[Ground::Owner], &[Ground::Teaches]]);
const CLASS: Rule = Rule::Where(&[&[Ground::Enrolled], &[Ground::Teaches]]);
const CATALOGUE: Rule = Rule::Where(&[
    &[Ground::Published],
    &[Ground::Enrolled],
    &[Ground::Teaches],
]);
const OWN_PUBLISHED: Rule = Rule::Where(&[&[Ground::Owner, Ground::Published]]);
const JOIN_OR_TEACHES: Rule =
    Rule::Where(&[&[Ground::Owner, Ground::Published], &[Ground::Teaches]]);

/// When this actor's role may do this.
///
/// The server itself may do anything but rewrite the log.
#[must_use]
pub fn rule(actor: &Actor, table: Table, operation: Operation) -> Rule {
    use Operation::{Delete, Insert, Select, Update};
    let Some(role) = actor.role() else {
        return match (table, operation) {
            (Table::Courses, Select) => Rule::Where(&[&[Ground::Published]]),
            _ => Rule::Never,
        };
    };
    if role == Role::Service {
        return match (table, operation) {
            (Table::CourseEvents, Update) => Rule::Never,
            _ => Rule::Always,
        };
    }
    let staff = matches!(role, Role::Teacher | Role::Admin);
    let admin = role == Role::Admin;
    let always_if = |yes: bool| if yes { Rule::Always } else { Rule::Never };
    match (table, operation) {
        // Only the server: secrets, nonces, what ties an alias to a person, and all that a learner ever entered.
        (
            Table::Sessions
            | Table::InteractiveLaunchTokens
            | Table::UserAliases
            | Table::ScormHistory
            | Table::IdempotencyRecords,
            _,
        ) => Rule::Never,

        (Table::Users, _) if admin => Rule::Always,
        (Table::Users, Select) if role == Role::Teacher => OWNER_OR_TEACHES,
        (Table::Users, Select) => OWNER,
        (Table::Users, _) => Rule::Never,

        (Table::CourseProviders | Table::ExternalCourses | Table::CourseVersions, Select) => {
            always_if(staff)
        }
        (Table::CourseProviders | Table::ExternalCourses | Table::CourseVersions, _) => {
            always_if(admin)
        }

        (
            Table::Courses
            | Table::Lessons
            | Table::Enrollments
            | Table::AssignmentTargets
            | Table::ScormPackages,
            _,
        ) if admin => Rule::Always,
        (Table::Courses, Select) => CATALOGUE,
        (Table::Lessons | Table::AssignmentTargets | Table::ScormPackages, Select) => CLASS,
        (
            Table::Courses | Table::Lessons | Table::AssignmentTargets | Table::ScormPackages,
            Insert | Update | Delete,
        ) if role == Role::Teacher => TEACHES,
        (Table::Courses | Table::Lessons | Table::AssignmentTargets | Table::ScormPackages, _) => {
            Rule::Never
        }
        (Table::Enrollments, Select) => OWNER_OR_TEACHES,
        (Table::Enrollments, Insert) if role == Role::Teacher => JOIN_OR_TEACHES,
        (Table::Enrollments, Insert) => OWN_PUBLISHED,
        (Table::Enrollments, _) if role == Role::Teacher => TEACHES,
        (Table::Enrollments, _) => Rule::Never,

        // What runtimes report: people read, only the server writes.
        (
            Table::InteractiveAttempts
            | Table::ScormLaunches
            | Table::ScormTracks
            | Table::RuntimeAssets
            | Table::RuntimeCheckpoints,
            Insert | Update | Delete,
        ) => Rule::Never,
        // What the staff changes is noted in the same unit of work. Nobody rewrites the log, and only the server
        // forgets.
        (Table::CourseEvents, Insert) if admin => Rule::Always,
        (Table::CourseEvents, Insert) if role == Role::Teacher => TEACHES,
        (Table::CourseEvents, Insert | Update | Delete) => Rule::Never,
        (_, Select) if admin => Rule::Always,
        (
            Table::InteractiveAttempts
            | Table::ScormLaunches
            | Table::ScormTracks
            | Table::RuntimeAssets,
            Select,
        ) => OWNER_OR_TEACHES,
        (Table::CourseEvents, Select) => TEACHES,
        (Table::RuntimeCheckpoints, Select) => OWNER,
    }
}

/// Whether this actor may do this to a row that these grounds tie them to.
#[must_use]
pub fn permits(actor: &Actor, table: Table, operation: Operation, grounds: &[Ground]) -> bool {
    rule(actor, table, operation).holds(grounds)
}
