//! Who is in which course.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Enrollments, Page, Paged, Result, StoreError};
use scormbridge_lms::classroom::{
    CourseId, Enrollment, EnrollmentId, EnrollmentListing, EnrollmentStatus, UserId,
};

use crate::link::{Row, Value, values_of};
use crate::page;
use crate::tx::{About, SqlTx};

macro_rules! select_enrollments {
    ($rest:literal) => {
        concat!(
            "SELECT e.id AS id, e.course_id AS course_id, e.user_id AS user_id, \
             e.status AS status, e.created_at AS created_at ",
            $rest
        )
    };
}

fn enrollment(row: &Row) -> Result<Enrollment> {
    Ok(Enrollment {
        id: row.id("id", EnrollmentId::from_bits)?,
        course: row.id("course_id", CourseId::from_bits)?,
        user: row.id("user_id", UserId::from_bits)?,
        status: row.word("status", EnrollmentStatus::from_name)?,
        created_at: row.time("created_at")?,
    })
}

fn listing(row: &Row) -> Result<EnrollmentListing> {
    Ok(EnrollmentListing {
        enrollment: enrollment(row)?,
        learner: row.text("learner")?,
        login: row.text("login")?,
    })
}

fn cursor(enrollment: &Enrollment) -> (String, u128) {
    (enrollment.created_at.0.to_string(), enrollment.id.bits())
}

const fn about(enrollment: &Enrollment) -> About {
    About::Member(enrollment.course, enrollment.user)
}

impl SqlTx {
    async fn enrollment_rows(
        &mut self,
        sql: &'static str,
        page: &Page,
        of: Value,
    ) -> Result<Vec<Row>> {
        let (key, id) = page::after_time(page)?;
        self.all(sql, vec![key, id, page::fetch(page), of]).await
    }

    /// The enrolment of this id, if the actor may read it.
    pub(crate) async fn enrollment(&mut self, id: EnrollmentId) -> Result<Enrollment> {
        let row = self
            .find(
                select_enrollments!("FROM enrollments e WHERE e.id = $1"),
                values_of![id],
            )
            .await?;
        let found = row.as_ref().map(enrollment).transpose()?;
        self.shown(Table::Enrollments, found, about)
            .await?
            .ok_or(StoreError::NotFound)
    }
}

pub(crate) const ENROLLMENTS_OF_COURSE: &str = select_enrollments!(
    ", u.display_name AS learner, u.login AS login FROM enrollments e \
             JOIN users u ON u.id = e.user_id \
             WHERE e.course_id = $4 AND (e.created_at, e.id) > ($1, $2) \
             ORDER BY e.created_at, e.id LIMIT $3"
);
pub(crate) const ENROLLMENTS_OF_USER: &str = select_enrollments!(
    "FROM enrollments e WHERE e.user_id = $4 AND (e.created_at, e.id) > ($1, $2) \
             ORDER BY e.created_at, e.id LIMIT $3"
);

#[async_trait]
impl Enrollments for SqlTx {
    async fn insert(&mut self, enrollment: &Enrollment) -> Result<()> {
        self.demand(Table::Enrollments, Operation::Insert, about(enrollment))
            .await?;
        self.execute(
            "INSERT INTO enrollments (id, course_id, user_id, status, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
            values_of![
                enrollment.id,
                enrollment.course,
                enrollment.user,
                enrollment.status.name(),
                enrollment.created_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get(&mut self, id: EnrollmentId) -> Result<Enrollment> {
        self.enrollment(id).await
    }

    async fn find(&mut self, course: CourseId, user: UserId) -> Result<Option<Enrollment>> {
        let row = SqlTx::find(
            self,
            select_enrollments!("FROM enrollments e WHERE e.course_id = $1 AND e.user_id = $2"),
            values_of![course, user],
        )
        .await?;
        let found = row.as_ref().map(enrollment).transpose()?;
        self.shown(Table::Enrollments, found, about).await
    }

    async fn update(&mut self, enrollment: &Enrollment) -> Result<()> {
        self.demand(Table::Enrollments, Operation::Update, about(enrollment))
            .await?;
        self.execute_one(
            "UPDATE enrollments SET status = $4 WHERE id = $1 AND course_id = $2 AND user_id = $3",
            values_of![
                enrollment.id,
                enrollment.course,
                enrollment.user,
                enrollment.status.name(),
            ],
        )
        .await
    }

    async fn delete(&mut self, id: EnrollmentId) -> Result<()> {
        let found = self.enrollment(id).await?;
        self.demand(Table::Enrollments, Operation::Delete, about(&found))
            .await?;
        self.execute_one("DELETE FROM enrollments WHERE id = $1", values_of![id])
            .await
    }

    async fn of_course(
        &mut self,
        course: CourseId,
        page: &Page,
    ) -> Result<Paged<EnrollmentListing>> {
        self.demand(Table::Enrollments, Operation::Select, About::Course(course))
            .await?;
        let rows = self
            .enrollment_rows(ENROLLMENTS_OF_COURSE, page, course.into())
            .await?;
        page::paged(page, &rows, listing, |item| cursor(&item.enrollment))
    }

    async fn of_user(&mut self, user: UserId, page: &Page) -> Result<Paged<Enrollment>> {
        self.demand(Table::Enrollments, Operation::Select, About::Learner(user))
            .await?;
        let rows = self
            .enrollment_rows(ENROLLMENTS_OF_USER, page, user.into())
            .await?;
        page::paged(page, &rows, enrollment, cursor)
    }
}
