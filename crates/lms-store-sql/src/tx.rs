//! A unit of work: an open transaction that knows on whose behalf it runs.
//!
//! Every method of every aggregate goes through [`SqlTx::permit`] or [`SqlTx::demand`] before it touches a
//! row. Which grounds hold is looked up only where the policy's answer depends on them.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{self, Ground, Operation, Rule, Table};
use scormbridge_lms::classroom::ports::{
    Aliases, Assets, Attempts, Checkpoints, Courses, Enrollments, Events, Idempotency, Launches,
    Lessons, Providers, Registry, Reports, Result, Scorm, Sessions, StoreError, Targets, Tx, Users,
};
use scormbridge_lms::classroom::{Actor, AttemptId, CourseId, UserId};

use crate::link::{Link, Row, Value, values_of};

/// What a row is about, for finding the grounds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About {
    /// The site: nothing ties a person to it.
    Site,
    /// An account.
    Account(UserId),
    /// A course as it is stored.
    Course(CourseId),
    /// A course that this person teaches, or will.
    CourseOf(UserId),
    /// A course that this person is in.
    CourseJoinedBy(UserId),
    /// A learner in a course.
    Member(CourseId, UserId),
    /// A learner, whatever the course.
    Learner(UserId),
    /// Something in an attempt.
    Attempt(AttemptId),
}

/// A unit of work on either engine.
pub(crate) struct SqlTx {
    link: Link,
    actor: Actor,
    writable: bool,
    /// A statement failed. PostgreSQL gives such a transaction up; here both engines do.
    failed: bool,
}

const COURSE_GROUNDS: &str = "SELECT c.published AS published, c.teacher_id = $2 AS teaches, \
    EXISTS (SELECT 1 FROM enrollments e \
        WHERE e.course_id = c.id AND e.user_id = $2 AND e.status = 'active') AS enrolled \
    FROM courses c WHERE c.id = $1";

const ATTEMPT_GROUNDS: &str = "SELECT a.user_id = $2 AS owner, c.teacher_id = $2 AS teaches \
    FROM interactive_attempts a LEFT JOIN courses c ON c.id = a.course_id WHERE a.id = $1";

const ACCOUNT_GROUNDS: &str = "SELECT EXISTS (SELECT 1 FROM enrollments e \
    JOIN courses c ON c.id = e.course_id WHERE e.user_id = $1 AND c.teacher_id = $2) AS teaches";

impl SqlTx {
    pub(crate) const fn new(link: Link, actor: Actor, writable: bool) -> Self {
        Self {
            link,
            actor,
            writable,
            failed: false,
        }
    }

    /// Whether one statement may write to several tables and return rows.
    pub(crate) const fn writes_at_once(&self) -> bool {
        matches!(self.link, Link::Postgres(_))
    }

    fn usable(&self) -> Result<()> {
        if self.failed {
            Err(StoreError::Aborted)
        } else {
            Ok(())
        }
    }

    fn note<T>(&mut self, done: Result<T>) -> Result<T> {
        self.failed |= done.is_err();
        done
    }

    pub(crate) async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64> {
        self.usable()?;
        if !self.writable {
            return Err(StoreError::ReadOnly);
        }
        let done = self.link.execute(sql, values).await;
        self.note(done)
    }

    /// For statements that must touch one row: `NotFound` where they touch none.
    pub(crate) async fn execute_one(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<()> {
        match self.execute(sql, values).await? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    pub(crate) async fn find(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<Row>> {
        self.usable()?;
        let found = self.link.find(sql, values).await;
        self.note(found)
    }

    /// A statement that writes and returns the row it wrote.
    pub(crate) async fn execute_returning(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<Row>> {
        if !self.writable {
            return Err(StoreError::ReadOnly);
        }
        self.find(sql, values).await
    }

    pub(crate) async fn find_locked(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<Row>> {
        self.usable()?;
        if !self.writable {
            return Err(StoreError::ReadOnly);
        }
        let found = self.link.find_locked(sql, values).await;
        self.note(found)
    }

    pub(crate) async fn all(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>> {
        self.usable()?;
        let found = self.link.all(sql, values).await;
        self.note(found)
    }

    async fn grounds(&mut self, about: About) -> Result<Vec<Ground>> {
        let me = self.actor.user();
        let is_me = |user: UserId| me == Some(user);
        let mut grounds = Vec::new();
        let mut add = |ground: Ground, holds: bool| {
            if holds {
                grounds.push(ground);
            }
        };
        match about {
            About::Site => {}
            About::Account(user) => {
                add(Ground::Owner, is_me(user));
                if let Some(row) = self.find(ACCOUNT_GROUNDS, values_of![user, me]).await? {
                    add(Ground::Teaches, row.flag("teaches")?);
                }
            }
            About::CourseOf(teacher) => add(Ground::Teaches, is_me(teacher)),
            About::CourseJoinedBy(user) => add(Ground::Enrolled, is_me(user)),
            About::Learner(user) => add(Ground::Owner, is_me(user)),
            About::Course(course) | About::Member(course, _) => {
                if let About::Member(_, user) = about {
                    add(Ground::Owner, is_me(user));
                }
                if let Some(row) = self.find(COURSE_GROUNDS, values_of![course, me]).await? {
                    add(Ground::Published, row.flag("published")?);
                    add(Ground::Teaches, row.flag("teaches")?);
                    add(Ground::Enrolled, row.flag("enrolled")?);
                }
            }
            About::Attempt(attempt) => {
                if let Some(row) = self.find(ATTEMPT_GROUNDS, values_of![attempt, me]).await? {
                    add(Ground::Owner, row.flag("owner")?);
                    add(Ground::Teaches, row.flag("teaches")?);
                }
            }
        }
        Ok(grounds)
    }

    /// Whether the actor may.
    pub(crate) async fn permit(
        &mut self,
        table: Table,
        operation: Operation,
        about: About,
    ) -> Result<bool> {
        match policy::rule(&self.actor, table, operation) {
            Rule::Always => Ok(true),
            Rule::Never => Ok(false),
            rule @ Rule::Where(_) => {
                let grounds = self.grounds(about).await?;
                Ok(rule.holds(&grounds))
            }
        }
    }

    /// `Denied` unless the actor may.
    pub(crate) async fn demand(
        &mut self,
        table: Table,
        operation: Operation,
        about: About,
    ) -> Result<()> {
        if self.permit(table, operation, about).await? {
            Ok(())
        } else {
            Err(StoreError::Denied)
        }
    }

    /// What was found, if the actor may read it.
    pub(crate) async fn shown<T>(
        &mut self,
        table: Table,
        found: Option<T>,
        about: impl FnOnce(&T) -> About,
    ) -> Result<Option<T>> {
        let Some(found) = found else { return Ok(None) };
        let permitted = self.permit(table, Operation::Select, about(&found)).await?;
        Ok(permitted.then_some(found))
    }
}

#[async_trait]
impl Tx for SqlTx {
    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn users(&mut self) -> &mut dyn Users {
        self
    }

    fn sessions(&mut self) -> &mut dyn Sessions {
        self
    }

    fn providers(&mut self) -> &mut dyn Providers {
        self
    }

    fn courses(&mut self) -> &mut dyn Courses {
        self
    }

    fn lessons(&mut self) -> &mut dyn Lessons {
        self
    }

    fn enrollments(&mut self) -> &mut dyn Enrollments {
        self
    }

    fn attempts(&mut self) -> &mut dyn Attempts {
        self
    }

    fn launches(&mut self) -> &mut dyn Launches {
        self
    }

    fn aliases(&mut self) -> &mut dyn Aliases {
        self
    }

    fn registry(&mut self) -> &mut dyn Registry {
        self
    }

    fn targets(&mut self) -> &mut dyn Targets {
        self
    }

    fn events(&mut self) -> &mut dyn Events {
        self
    }

    fn checkpoints(&mut self) -> &mut dyn Checkpoints {
        self
    }

    fn idempotency(&mut self) -> &mut dyn Idempotency {
        self
    }

    fn reports(&mut self) -> &mut dyn Reports {
        self
    }

    fn scorm(&mut self) -> &mut dyn Scorm {
        self
    }

    fn assets(&mut self) -> &mut dyn Assets {
        self
    }

    async fn alone(&mut self, work: i64) -> Result<bool> {
        self.usable()?;
        let done = self.link.alone(work).await;
        self.note(done)
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        if self.failed {
            self.link.rollback().await?;
            return Err(StoreError::Aborted);
        }
        self.link.commit().await
    }

    async fn rollback(self: Box<Self>) -> Result<()> {
        self.link.rollback().await
    }
}
