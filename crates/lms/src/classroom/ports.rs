//! What a store must do. Adapters implement these traits; nobody else writes SQL.
//!
//! A unit of work begins with an [`Actor`] and carries that identity to its end. Inside it each aggregate
//! has a trait of its own, reached through [`Tx`]. Dropping a unit of work rolls it back. After an error that
//! came from the database (not `NotFound`, `Denied`, `ReadOnly`, `Cursor`) it cannot go on: `Aborted`.
//!
//! Every method asks [`super::policy`] first. What the actor may not read is [`StoreError::NotFound`] (its
//! existence is not told), what they may not write is [`StoreError::Denied`], and a list of what is not
//! theirs is [`StoreError::Denied`] too.
//!
//! `get` demands (`NotFound` if there is none), `find` asks (`None`). `update` replaces the whole row and
//! is `NotFound` where there is none. Lists come in pages, see [`Page`].

use async_trait::async_trait;
use serde::Serialize;
use thiserror::Error;

use super::{
    Actor, Alias, AliasId, Asset, AssetId, AssetUse, AssignmentId, AssignmentTarget, Attempt,
    AttemptId, AttemptListing, BucketRule, Checkpoint, Claim, Course, CourseEvent, CourseId,
    CourseVersion, Enrollment, EnrollmentId, EnrollmentListing, ExternalCourse, ExternalCourseId,
    IdempotencyKey, Identity, LaunchId, LaunchToken, Lesson, LessonId, Poured, Provider,
    ProviderId, Redemption, RegistryFilter, ReportCall, ReportOpened, ReportOutcome, ScormHistory,
    ScormLaunch, ScormLaunchId, ScormPackage, ScormTrack, Session, StoredAnswer, TargetId,
    Timestamp, TokenHash, User, UserId, VersionId,
};

/// The most items a page has, whatever was asked for.
pub const MAX_PAGE: u32 = 200;

/// The most rows one `purge` forgets, so that no statement takes long: call it again while it forgets as many.
pub const PURGE_BATCH: u64 = 1_000;

/// Why a store does not do it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is none, or none that this actor may know of.
    #[error("there is no such thing, or none that may be read")]
    NotFound,
    /// There is one already: a unique rule of the data model stands against it.
    #[error("there is one already")]
    Conflict,
    /// What it refers to does not exist, or it is still referred to.
    #[error("it refers to something that is not there, or is still referred to")]
    Reference,
    /// A value breaks a rule of the data model.
    #[error("a value breaks a rule of the data model")]
    Invalid,
    /// The actor may not do this.
    #[error("this is not permitted")]
    Denied,
    /// The unit of work was begun for reading.
    #[error("a unit of work that reads does not write")]
    ReadOnly,
    /// An earlier step failed: nothing of this unit of work is kept. Begin another.
    #[error("an earlier step of this unit of work failed")]
    Aborted,
    /// The text is no cursor of this list.
    #[error("this cursor does not come from this list")]
    Cursor,
    /// Somebody else was faster, or held on too long. The same unit of work may be tried again.
    #[error("another unit of work is in the way; try again")]
    Busy,
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database answered with something that this version does not understand.
    #[error("the database and this program do not fit together")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// A stable code.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Reference => "reference",
            Self::Invalid => "invalid",
            Self::Denied => "denied",
            Self::ReadOnly => "read_only",
            Self::Aborted => "aborted",
            Self::Cursor => "cursor",
            Self::Busy => "busy",
            Self::Unavailable(_) => "unavailable",
            Self::Broken(_) => "broken",
        }
    }
}

/// What a store's call gives.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The `next` of the part before; absent for the first.
    pub after: Option<String>,
    /// How many items at most; 1 to [`MAX_PAGE`], brought into that range.
    pub limit: u32,
}

impl Page {
    /// The first so many.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paged<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next part begins; absent at the end.
    pub next: Option<String>,
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a unit of work that may write.
    async fn begin(&self, actor: &Actor) -> Result<Box<dyn Tx>>;
    /// Begins a unit of work that only reads: it never waits for a writer.
    async fn read(&self, actor: &Actor) -> Result<Box<dyn Tx>>;
    /// Whether the database answers.
    async fn ping(&self) -> Result<()>;
    /// Takes `count` requests, or none, out of a bucket that all processes of this database share. At once, and in
    /// no unit of work: what is counted stays counted. The key is a hash, so that the database learns nobody's
    /// name or address from it.
    async fn pour(
        &self,
        key: u128,
        rule: &BucketRule,
        count: u32,
        now: Timestamp,
    ) -> Result<Poured>;
    /// Forgets buckets that are full again: at most [`PURGE_BATCH`], says how many.
    async fn purge_buckets(&self, now: Timestamp) -> Result<u64>;
}

/// A unit of work.
#[async_trait]
pub trait Tx: Send {
    /// On whose behalf.
    fn actor(&self) -> &Actor;
    /// Accounts.
    fn users(&mut self) -> &mut dyn Users;
    /// Signed-in browsers.
    fn sessions(&mut self) -> &mut dyn Sessions;
    /// Hosts of interactive courses.
    fn providers(&mut self) -> &mut dyn Providers;
    /// Courses.
    fn courses(&mut self) -> &mut dyn Courses;
    /// Static lessons.
    fn lessons(&mut self) -> &mut dyn Lessons;
    /// Who is in which course.
    fn enrollments(&mut self) -> &mut dyn Enrollments;
    /// Goes at courses.
    fn attempts(&mut self) -> &mut dyn Attempts;
    /// Launch tokens.
    fn launches(&mut self) -> &mut dyn Launches;
    /// What providers know learners by.
    fn aliases(&mut self) -> &mut dyn Aliases;
    /// External courses and their versions.
    fn registry(&mut self) -> &mut dyn Registry;
    /// Which assignment launches which version.
    fn targets(&mut self) -> &mut dyn Targets;
    /// The log.
    fn events(&mut self) -> &mut dyn Events;
    /// Where runtimes go on from.
    fn checkpoints(&mut self) -> &mut dyn Checkpoints;
    /// Answers kept for retries.
    fn idempotency(&mut self) -> &mut dyn Idempotency;
    /// What runtimes report.
    fn reports(&mut self) -> &mut dyn Reports;
    /// SCORM packages, launches and tracks.
    fn scorm(&mut self) -> &mut dyn Scorm;
    /// Files that learners made.
    fn assets(&mut self) -> &mut dyn Assets;
    /// Whether this unit of work is now the only one, of all processes, that does this work. It stays so until it
    /// ends.
    async fn alone(&mut self, work: i64) -> Result<bool>;
    /// Keeps what was done.
    async fn commit(self: Box<Self>) -> Result<()>;
    /// Undoes what was done.
    async fn rollback(self: Box<Self>) -> Result<()>;
}

/// Accounts.
#[async_trait]
pub trait Users: Send {
    /// Adds an account. `Conflict` if the login or the identity is taken.
    async fn insert(&mut self, user: &User) -> Result<()>;
    /// The account of this id.
    async fn get(&mut self, id: UserId) -> Result<User>;
    /// The account of this login, without regard to case.
    async fn find_by_login(&mut self, login: &str) -> Result<Option<User>>;
    /// The account of this external identity.
    async fn find_by_identity(&mut self, identity: &Identity) -> Result<Option<User>>;
    /// Changes an account.
    async fn update(&mut self, user: &User) -> Result<()>;
    /// Removes an account with everything that is about it.
    async fn delete(&mut self, id: UserId) -> Result<()>;
    /// All accounts by login; for those who may read every one.
    async fn list(&mut self, page: &Page) -> Result<Paged<User>>;
}

/// Signed-in browsers.
#[async_trait]
pub trait Sessions: Send {
    /// Adds a session.
    async fn insert(&mut self, session: &Session) -> Result<()>;
    /// The session of this cookie, live or not.
    async fn find(&mut self, token: &TokenHash) -> Result<Option<Session>>;
    /// Moves its end.
    async fn extend(&mut self, token: &TokenHash, expires_at: Timestamp) -> Result<()>;
    /// Signs a browser out. Nothing happens if it is.
    async fn delete(&mut self, token: &TokenHash) -> Result<()>;
    /// Signs every browser of a person out.
    async fn delete_of_user(&mut self, user: UserId) -> Result<u64>;
    /// Forgets sessions that ended before this time: at most [`PURGE_BATCH`], says how many.
    async fn purge(&mut self, before: Timestamp) -> Result<u64>;
}

/// Hosts of interactive courses.
#[async_trait]
pub trait Providers: Send {
    /// Adds a provider. `Conflict` if the origin is taken.
    async fn insert(&mut self, provider: &Provider) -> Result<()>;
    /// The provider of this id.
    async fn get(&mut self, id: ProviderId) -> Result<Provider>;
    /// The provider whose runtimes are served from here.
    async fn find_by_origin(&mut self, origin: &str) -> Result<Option<Provider>>;
    /// Changes a provider.
    async fn update(&mut self, provider: &Provider) -> Result<()>;
    /// Removes a provider. `Reference` while courses or attempts name it.
    async fn delete(&mut self, id: ProviderId) -> Result<()>;
    /// Providers whose name contains this, without regard to ASCII case, by name.
    async fn search(&mut self, name: &str, page: &Page) -> Result<Paged<Provider>>;
    /// All providers by name.
    async fn list(&mut self, page: &Page) -> Result<Paged<Provider>>;
}

/// Courses.
#[async_trait]
pub trait Courses: Send {
    /// Adds a course.
    async fn insert(&mut self, course: &Course) -> Result<()>;
    /// The course of this id.
    async fn get(&mut self, id: CourseId) -> Result<Course>;
    /// Changes a course.
    async fn update(&mut self, course: &Course) -> Result<()>;
    /// Removes a course with everything in it.
    async fn delete(&mut self, id: CourseId) -> Result<()>;
    /// What is published, by title.
    async fn catalogue(&mut self, page: &Page) -> Result<Paged<Course>>;
    /// A teacher's courses, by title.
    async fn taught_by(&mut self, teacher: UserId, page: &Page) -> Result<Paged<Course>>;
    /// The courses a learner is actively enrolled in, by title.
    async fn joined_by(&mut self, user: UserId, page: &Page) -> Result<Paged<Course>>;
    /// All courses by title; for those who may read every one.
    async fn list(&mut self, page: &Page) -> Result<Paged<Course>>;
}

/// Static lessons.
#[async_trait]
pub trait Lessons: Send {
    /// Adds a lesson. `Conflict` if the position is taken.
    async fn insert(&mut self, lesson: &Lesson) -> Result<()>;
    /// The lesson of this id.
    async fn get(&mut self, id: LessonId) -> Result<Lesson>;
    /// Changes a lesson; it stays in its course.
    async fn update(&mut self, lesson: &Lesson) -> Result<()>;
    /// Removes a lesson.
    async fn delete(&mut self, id: LessonId) -> Result<()>;
    /// A course's lessons by position, at most [`super::MAX_LESSONS`].
    async fn of_course(&mut self, course: CourseId) -> Result<Vec<Lesson>>;
    /// Puts a course's lessons in this order, from position 0. `Conflict` unless it names each of them once.
    async fn arrange(&mut self, course: CourseId, order: &[LessonId]) -> Result<()>;
}

/// Who is in which course.
#[async_trait]
pub trait Enrollments: Send {
    /// Enrols. `Conflict` if the learner is in the course already.
    async fn insert(&mut self, enrollment: &Enrollment) -> Result<()>;
    /// The enrolment of this id.
    async fn get(&mut self, id: EnrollmentId) -> Result<Enrollment>;
    /// The learner's place in the course.
    async fn find(&mut self, course: CourseId, user: UserId) -> Result<Option<Enrollment>>;
    /// Changes the status; course and learner stay.
    async fn update(&mut self, enrollment: &Enrollment) -> Result<()>;
    /// Removes an enrolment with its attempts.
    async fn delete(&mut self, id: EnrollmentId) -> Result<()>;
    /// A course's enrolments with the learners' names, oldest first.
    async fn of_course(
        &mut self,
        course: CourseId,
        page: &Page,
    ) -> Result<Paged<EnrollmentListing>>;
    /// A learner's enrolments, oldest first.
    async fn of_user(&mut self, user: UserId, page: &Page) -> Result<Paged<Enrollment>>;
}

/// Goes at courses.
#[async_trait]
pub trait Attempts: Send {
    /// Adds an attempt. `Conflict` if the enrolment has an open one in normal mode, at the same assignment or like
    /// this at none, and this is another.
    async fn insert(&mut self, attempt: &Attempt) -> Result<()>;
    /// The attempt of this id.
    async fn get(&mut self, id: AttemptId) -> Result<Attempt>;
    /// The attempt of this id, for a change: nobody else changes it before this unit of work ends.
    async fn lock(&mut self, id: AttemptId) -> Result<Attempt>;
    /// Changes an attempt; whose it is stays.
    async fn update(&mut self, attempt: &Attempt) -> Result<()>;
    /// Removes an attempt with everything in it.
    async fn delete(&mut self, id: AttemptId) -> Result<()>;
    /// The open attempt of an enrolment in normal mode, at an assignment or at what the course itself launches: what a
    /// launch resumes.
    async fn find_open(
        &mut self,
        enrollment: EnrollmentId,
        assignment: Option<AssignmentId>,
    ) -> Result<Option<Attempt>>;
    /// Gives up every open attempt at what the course itself launches, as [`Attempt::abandon`] does; says how many.
    async fn abandon_open(&mut self, course: CourseId, now: Timestamp) -> Result<u64>;
    /// An enrolment's attempts, latest activity first.
    async fn of_enrollment(
        &mut self,
        enrollment: EnrollmentId,
        page: &Page,
    ) -> Result<Paged<Attempt>>;
    /// A course's attempts with the learners' names, latest activity first.
    async fn of_course(&mut self, course: CourseId, page: &Page) -> Result<Paged<AttemptListing>>;
    /// A learner's attempts, latest activity first.
    async fn of_user(&mut self, user: UserId, page: &Page) -> Result<Paged<Attempt>>;
}

/// Launch tokens.
#[async_trait]
pub trait Launches: Send {
    /// Notes a token that is about to be handed out.
    async fn insert(&mut self, token: &LaunchToken) -> Result<()>;
    /// Lets a nonce count, once: of two at the same time one is [`Redemption::AlreadyUsed`].
    async fn redeem(&mut self, nonce: LaunchId, now: Timestamp) -> Result<Redemption>;
    /// Forgets tokens that expired before this time: at most [`PURGE_BATCH`], says how many.
    async fn purge(&mut self, before: Timestamp) -> Result<u64>;
}

/// What providers know learners by.
#[async_trait]
pub trait Aliases: Send {
    /// The pair's alias: the proposed one if there was none, else the one that has always been.
    async fn ensure(&mut self, proposed: &Alias) -> Result<Alias>;
    /// Who is behind an alias.
    async fn find(&mut self, provider: ProviderId, alias: AliasId) -> Result<Option<Alias>>;
}

/// External courses and their versions.
#[async_trait]
pub trait Registry: Send {
    /// Adds an external course. `Conflict` if the provider has one of this slug.
    async fn insert_course(&mut self, course: &ExternalCourse) -> Result<()>;
    /// The external course of this id.
    async fn get_course(&mut self, id: ExternalCourseId) -> Result<ExternalCourse>;
    /// Changes an external course; its provider stays.
    async fn update_course(&mut self, course: &ExternalCourse) -> Result<()>;
    /// Removes an external course with its versions. `Reference` while an assignment targets one.
    async fn delete_course(&mut self, id: ExternalCourseId) -> Result<()>;
    /// External courses by title.
    async fn search(
        &mut self,
        filter: &RegistryFilter,
        page: &Page,
    ) -> Result<Paged<ExternalCourse>>;
    /// Adds a version. `Conflict` if the course has one of this name.
    async fn insert_version(&mut self, version: &CourseVersion) -> Result<()>;
    /// The version of this id.
    async fn get_version(&mut self, id: VersionId) -> Result<CourseVersion>;
    /// Changes a version's status; what it launches stays.
    async fn update_version(&mut self, version: &CourseVersion) -> Result<()>;
    /// Removes a version. `Reference` while an assignment targets it.
    async fn delete_version(&mut self, id: VersionId) -> Result<()>;
    /// An external course's versions, newest first, at most [`MAX_PAGE`].
    async fn versions(&mut self, course: ExternalCourseId) -> Result<Vec<CourseVersion>>;
}

/// Which assignment launches which version.
#[async_trait]
pub trait Targets: Send {
    /// Links an assignment. `Conflict` if it is linked already.
    async fn insert(&mut self, target: &AssignmentTarget) -> Result<()>;
    /// The link of an assignment.
    async fn find(&mut self, assignment: AssignmentId) -> Result<Option<AssignmentTarget>>;
    /// Points a link at another version; its course and assignment stay.
    async fn update(&mut self, target: &AssignmentTarget) -> Result<()>;
    /// Removes a link.
    async fn delete(&mut self, id: TargetId) -> Result<()>;
    /// A course's links, oldest first, at most [`MAX_PAGE`].
    async fn of_course(&mut self, course: CourseId) -> Result<Vec<AssignmentTarget>>;
}

/// The log. It has no way to change a line.
#[async_trait]
pub trait Events: Send {
    /// Adds a line.
    async fn append(&mut self, event: &CourseEvent) -> Result<()>;
    /// A course's log, newest first.
    async fn of_course(&mut self, course: CourseId, page: &Page) -> Result<Paged<CourseEvent>>;
    /// Forgets lines from before this time: at most [`PURGE_BATCH`], says how many.
    async fn purge(&mut self, before: Timestamp) -> Result<u64>;
}

/// Where runtimes go on from.
#[async_trait]
pub trait Checkpoints: Send {
    /// Saves, over what was there.
    async fn save(&mut self, checkpoint: &Checkpoint) -> Result<()>;
    /// The attempt's checkpoint of this key.
    async fn find(&mut self, attempt: AttemptId, key: &str) -> Result<Option<Checkpoint>>;
    /// Removes one. Nothing happens if there is none.
    async fn delete(&mut self, attempt: AttemptId, key: &str) -> Result<()>;
    /// Forgets what was last saved before this time: at most [`PURGE_BATCH`], says how many.
    async fn purge(&mut self, before: Timestamp) -> Result<u64>;
}

/// Files that learners made. The bytes are elsewhere; this says which there are.
#[async_trait]
pub trait Assets: Send {
    /// How much an attempt and its learner have. Nobody else adds to it before this unit of work ends.
    async fn usage(&mut self, attempt: AttemptId) -> Result<AssetUse>;
    /// Announces a file.
    async fn insert(&mut self, asset: &Asset) -> Result<()>;
    /// The file of this id.
    async fn find(&mut self, id: AssetId) -> Result<Option<Asset>>;
    /// Notes that it arrived. `NotFound` if it is not announced, or arrived before.
    async fn keep(&mut self, id: AssetId, now: Timestamp) -> Result<()>;
    /// An attempt's files, in no order.
    async fn of_attempt(&mut self, attempt: AttemptId) -> Result<Vec<AssetId>>;
    /// Forgets files that were announced before this time and never arrived: at most [`PURGE_BATCH`], says how many.
    async fn purge(&mut self, before: Timestamp) -> Result<u64>;
}

/// Answers kept for retries.
#[async_trait]
pub trait Idempotency: Send {
    /// Takes a key for a request whose SHA-256 this is. After [`Claim::Fresh`] nobody else gets the key before
    /// this unit of work ends; if it is rolled back, the key was never taken.
    async fn claim(
        &mut self,
        key: &IdempotencyKey,
        request: &[u8; 32],
        now: Timestamp,
    ) -> Result<Claim>;
    /// Keeps the answer of a fresh claim. A claim that is committed without one answers later requests with
    /// `Busy`.
    async fn finish(&mut self, key: &IdempotencyKey, answer: &StoredAnswer) -> Result<()>;
    /// Forgets keys taken before this time: at most [`PURGE_BATCH`], says how many.
    async fn purge(&mut self, before: Timestamp) -> Result<u64>;
}

/// What runtimes report, many times in an attempt: the steps that every report takes, in as few exchanges with the
/// database as there can be. Each means what the methods it stands for mean, one after the other.
#[async_trait]
pub trait Reports: Send {
    /// Looks at the provider, takes the key ([`Idempotency::claim`]) and holds the attempt ([`Attempts::lock`]).
    ///
    /// Both are held until the unit of work ends, whatever the caller makes of what it reads.
    async fn open(&mut self, call: &ReportCall<'_>, now: Timestamp) -> Result<ReportOpened>;
    /// Keeps the attempt ([`Attempts::update`]), a line of the log ([`Events::append`]) and the answer
    /// ([`Idempotency::finish`]).
    async fn keep(&mut self, outcome: &ReportOutcome<'_>) -> Result<()>;
}

/// SCORM packages, launches and tracks.
#[async_trait]
pub trait Scorm: Send {
    /// Keeps what a check found, over what was there.
    async fn save_package(&mut self, package: &ScormPackage) -> Result<()>;
    /// The package behind a course.
    async fn find_package(&mut self, course: CourseId) -> Result<Option<ScormPackage>>;
    /// Removes the package behind a course.
    async fn delete_package(&mut self, course: CourseId) -> Result<()>;
    /// Adds a launch.
    async fn insert_launch(&mut self, launch: &ScormLaunch) -> Result<()>;
    /// The launch of this id.
    async fn get_launch(&mut self, id: ScormLaunchId) -> Result<ScormLaunch>;
    /// The launch of this id, for a change: nobody else changes it before this unit of work ends.
    async fn lock_launch(&mut self, id: ScormLaunchId) -> Result<ScormLaunch>;
    /// Keeps a launch's session.
    async fn update_launch(&mut self, launch: &ScormLaunch) -> Result<()>;
    /// The launches of a SCO in an attempt, the newest first, at most this many.
    async fn launches(
        &mut self,
        attempt: AttemptId,
        sco: &str,
        most: u32,
    ) -> Result<Vec<ScormLaunch>>;
    /// Adds what a commit accepted.
    async fn append_history(&mut self, history: &ScormHistory) -> Result<()>;
    /// What launches of the same SCO in the same attempt had accepted that began after this one, each commit's pieces
    /// together and in order.
    async fn newer_history(&mut self, launch: &ScormLaunch) -> Result<Vec<ScormHistory>>;
    /// Forgets history from before this time: at most [`PURGE_BATCH`] rows, says how many.
    async fn purge_history(&mut self, before: Timestamp) -> Result<u64>;
    /// What an attempt stored, by SCO and element; of one SCO or of all.
    async fn tracks(&mut self, attempt: AttemptId, sco: Option<&str>) -> Result<Vec<ScormTrack>>;
    /// Keeps elements, over what was there.
    async fn save_tracks(
        &mut self,
        attempt: AttemptId,
        tracks: &[ScormTrack],
        now: Timestamp,
    ) -> Result<()>;
    /// Forgets everything an attempt stored.
    async fn delete_tracks(&mut self, attempt: AttemptId) -> Result<u64>;
}
