//! Goes at courses.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Attempts, Page, Paged, Result, StoreError};
use scormbridge_lms::classroom::{
    AssignmentId, Attempt, AttemptId, AttemptListing, AttemptStatus, CourseId, EnrollmentId,
    LaunchMode, ProviderId, Score, Timestamp, UserId,
};

use crate::link::{Row, Value, strange, values_of};
use crate::page;
use crate::tx::{About, SqlTx};

/// The columns that [`attempt`] reads, before the rest of the statement.
macro_rules! select_attempts {
    ($rest:literal) => {
        concat!(
            "SELECT a.id AS id, a.enrollment_id AS enrollment_id, a.course_id AS course_id, \
             a.user_id AS user_id, a.provider_id AS provider_id, \
             a.assignment_id AS assignment_id, a.mode AS mode, \
             a.status AS status, a.progress AS progress, a.score_raw AS score_raw, \
             a.score_max AS score_max, a.started_at AS started_at, \
             a.completed_at AS completed_at, a.last_activity_at AS last_activity_at ",
            $rest
        )
    };
}

pub(crate) use select_attempts;

const ONE: &str = select_attempts!("FROM interactive_attempts a WHERE a.id = $1");

pub(crate) fn attempt(row: &Row) -> Result<Attempt> {
    let score = match (row.opt_real("score_raw")?, row.opt_real("score_max")?) {
        (Some(raw), Some(max)) => Some(Score::new(raw, max).map_err(|_| strange("score_raw"))?),
        (None, None) => None,
        _ => return Err(strange("score_max")),
    };
    Ok(Attempt {
        id: row.id("id", AttemptId::from_bits)?,
        enrollment: row.id("enrollment_id", EnrollmentId::from_bits)?,
        course: row.id("course_id", CourseId::from_bits)?,
        user: row.id("user_id", UserId::from_bits)?,
        provider: row.opt_id("provider_id", ProviderId::from_bits)?,
        assignment: row.opt_id("assignment_id", AssignmentId::from_bits)?,
        mode: row.word("mode", LaunchMode::from_word)?,
        status: row.word("status", AttemptStatus::from_name)?,
        progress: row.small("progress")?,
        score,
        started_at: row.time("started_at")?,
        completed_at: row.opt_time("completed_at")?,
        last_activity_at: row.time("last_activity_at")?,
    })
}

fn listing(row: &Row) -> Result<AttemptListing> {
    Ok(AttemptListing {
        attempt: attempt(row)?,
        learner: row.text("learner")?,
    })
}

/// Whose it is can be read from the row itself; only a teacher's claim needs the course.
pub(crate) const fn about(attempt: &Attempt) -> About {
    About::Member(attempt.course, attempt.user)
}

fn cursor(attempt: &Attempt) -> (String, u128) {
    (attempt.last_activity_at.0.to_string(), attempt.id.bits())
}

impl SqlTx {
    async fn attempt_page(
        &mut self,
        sql: &'static str,
        page: &Page,
        of: Value,
    ) -> Result<Paged<Attempt>> {
        let (key, id) = page::before_time(page)?;
        let rows = self.all(sql, vec![key, id, page::fetch(page), of]).await?;
        page::paged(page, &rows, attempt, cursor)
    }

    async fn shown_attempt(&mut self, row: Option<Row>) -> Result<Attempt> {
        let found = row.as_ref().map(attempt).transpose()?;
        self.shown(Table::InteractiveAttempts, found, about)
            .await?
            .ok_or(StoreError::NotFound)
    }
}

pub(crate) const ATTEMPTS_OF_ENROLLMENT: &str = select_attempts!(
    "FROM interactive_attempts a WHERE a.enrollment_id = $4 \
             AND (a.last_activity_at, a.id) < ($1, $2) \
             ORDER BY a.last_activity_at DESC, a.id DESC LIMIT $3"
);
pub(crate) const ATTEMPTS_OF_COURSE: &str = select_attempts!(
    ", u.display_name AS learner FROM interactive_attempts a \
             JOIN users u ON u.id = a.user_id \
             WHERE a.course_id = $4 AND (a.last_activity_at, a.id) < ($1, $2) \
             ORDER BY a.last_activity_at DESC, a.id DESC LIMIT $3"
);
pub(crate) const ATTEMPTS_OF_USER: &str = select_attempts!(
    "FROM interactive_attempts a WHERE a.user_id = $4 \
             AND (a.last_activity_at, a.id) < ($1, $2) \
             ORDER BY a.last_activity_at DESC, a.id DESC LIMIT $3"
);

#[async_trait]
impl Attempts for SqlTx {
    async fn insert(&mut self, attempt: &Attempt) -> Result<()> {
        self.demand(
            Table::InteractiveAttempts,
            Operation::Insert,
            about(attempt),
        )
        .await?;
        self.execute(
            "INSERT INTO interactive_attempts (id, enrollment_id, course_id, user_id, \
             provider_id, mode, status, progress, score_raw, score_max, started_at, \
             completed_at, last_activity_at, assignment_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            values_of![
                attempt.id,
                attempt.enrollment,
                attempt.course,
                attempt.user,
                attempt.provider,
                attempt.mode.word(),
                attempt.status.name(),
                i64::from(attempt.progress),
                attempt.score.map(|score| score.raw()),
                attempt.score.map(|score| score.max()),
                attempt.started_at,
                attempt.completed_at,
                attempt.last_activity_at,
                attempt.assignment,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get(&mut self, id: AttemptId) -> Result<Attempt> {
        let row = self.find(ONE, values_of![id]).await?;
        self.shown_attempt(row).await
    }

    async fn lock(&mut self, id: AttemptId) -> Result<Attempt> {
        self.demand(
            Table::InteractiveAttempts,
            Operation::Update,
            About::Attempt(id),
        )
        .await?;
        let row = self.find_locked(ONE, values_of![id]).await?;
        self.shown_attempt(row).await
    }

    async fn update(&mut self, attempt: &Attempt) -> Result<()> {
        self.demand(
            Table::InteractiveAttempts,
            Operation::Update,
            about(attempt),
        )
        .await?;
        self.execute_one(
            "UPDATE interactive_attempts SET status = $2, progress = $3, score_raw = $4, \
             score_max = $5, completed_at = $6, last_activity_at = $7 WHERE id = $1",
            values_of![
                attempt.id,
                attempt.status.name(),
                i64::from(attempt.progress),
                attempt.score.map(|score| score.raw()),
                attempt.score.map(|score| score.max()),
                attempt.completed_at,
                attempt.last_activity_at,
            ],
        )
        .await
    }

    async fn delete(&mut self, id: AttemptId) -> Result<()> {
        self.demand(
            Table::InteractiveAttempts,
            Operation::Delete,
            About::Attempt(id),
        )
        .await?;
        self.execute_one(
            "DELETE FROM interactive_attempts WHERE id = $1",
            values_of![id],
        )
        .await
    }

    async fn find_open(
        &mut self,
        enrollment: EnrollmentId,
        assignment: Option<AssignmentId>,
    ) -> Result<Option<Attempt>> {
        // Two statements, one for each of the partial unique indexes that hold at most one such attempt.
        let (sql, values) = match assignment {
            None => (
                select_attempts!(
                    "FROM interactive_attempts a WHERE a.enrollment_id = $1 \
                     AND a.assignment_id IS NULL AND a.status = 'started' AND a.mode = 'normal'"
                ),
                values_of![enrollment],
            ),
            Some(assignment) => (
                select_attempts!(
                    "FROM interactive_attempts a WHERE a.enrollment_id = $1 \
                     AND a.assignment_id = $2 AND a.status = 'started' AND a.mode = 'normal'"
                ),
                values_of![enrollment, assignment],
            ),
        };
        let row = self.find(sql, values).await?;
        let found = row.as_ref().map(attempt).transpose()?;
        self.shown(Table::InteractiveAttempts, found, about).await
    }

    async fn abandon_open(&mut self, course: CourseId, now: Timestamp) -> Result<u64> {
        self.demand(
            Table::InteractiveAttempts,
            Operation::Update,
            About::Course(course),
        )
        .await?;
        self.execute(
            "UPDATE interactive_attempts SET status = 'abandoned', completed_at = $2, \
             last_activity_at = CASE WHEN last_activity_at > $2 THEN last_activity_at ELSE $2 END \
             WHERE course_id = $1 AND status = 'started' AND assignment_id IS NULL",
            values_of![course, now],
        )
        .await
    }

    async fn of_enrollment(
        &mut self,
        enrollment: EnrollmentId,
        page: &Page,
    ) -> Result<Paged<Attempt>> {
        // Who may read the enrolment may read its attempts: both belong to the learner and the teacher.
        self.enrollment(enrollment).await?;
        self.attempt_page(ATTEMPTS_OF_ENROLLMENT, page, enrollment.into())
            .await
    }

    async fn of_course(&mut self, course: CourseId, page: &Page) -> Result<Paged<AttemptListing>> {
        self.demand(
            Table::InteractiveAttempts,
            Operation::Select,
            About::Course(course),
        )
        .await?;
        let (key, id) = page::before_time(page)?;
        let rows = self
            .all(
                ATTEMPTS_OF_COURSE,
                vec![key, id, page::fetch(page), course.into()],
            )
            .await?;
        page::paged(page, &rows, listing, |item| cursor(&item.attempt))
    }

    async fn of_user(&mut self, user: UserId, page: &Page) -> Result<Paged<Attempt>> {
        self.demand(
            Table::InteractiveAttempts,
            Operation::Select,
            About::Learner(user),
        )
        .await?;
        self.attempt_page(ATTEMPTS_OF_USER, page, user.into()).await
    }
}
