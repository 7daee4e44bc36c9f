//! Who is in which course.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Enrollments, Page, Paged, Result, StoreError};
use scormbridge_lms::classroom::{CourseId, Enrollment, EnrollmentId, EnrollmentStatus, UserId};

use crate::link::{Row, Value, values_of};
use crate::page;
use crate::tx::{About, SqlTx};

macro_rules! select_enrollments {
    ($rest:literal) => {
        concat!(
            "SELECT id, course_id, user_id, status, created_at FROM enrollments ",
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

const fn about(enrollment: &Enrollment) -> About {
    About::Member(enrollment.course, enrollment.user)
}

impl SqlTx {
    async fn enrollment_page(
        &mut self,
        sql: &'static str,
        page: &Page,
        of: Value,
    ) -> Result<Paged<Enrollment>> {
        let (key, id) = page::after_time(page)?;
        let rows = self.all(sql, vec![key, id, page::fetch(page), of]).await?;
        page::paged(page, &rows, enrollment, |item| {
            (item.created_at.0.to_string(), item.id.bits())
        })
    }

    /// The enrolment of this id, if the actor may read it.
    pub(crate) async fn enrollment(&mut self, id: EnrollmentId) -> Result<Enrollment> {
        let row = self
            .find(select_enrollments!("WHERE id = $1"), values_of![id])
            .await?;
        let found = row.as_ref().map(enrollment).transpose()?;
        self.shown(Table::Enrollments, found, about)
            .await?
            .ok_or(StoreError::NotFound)
    }
}

pub(crate) const ENROLLMENTS_OF_COURSE: &str = select_enrollments!(
    "WHERE course_id = $4 AND (created_at, id) > ($1, $2) \
             ORDER BY created_at, id LIMIT $3"
);
pub(crate) const ENROLLMENTS_OF_USER: &str = select_enrollments!(
    "WHERE user_id = $4 AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3"
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
            select_enrollments!("WHERE course_id = $1 AND user_id = $2"),
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

    async fn of_course(&mut self, course: CourseId, page: &Page) -> Result<Paged<Enrollment>> {
        self.demand(Table::Enrollments, Operation::Select, About::Course(course))
            .await?;
        self.enrollment_page(ENROLLMENTS_OF_COURSE, page, course.into())
            .await
    }

    async fn of_user(&mut self, user: UserId, page: &Page) -> Result<Paged<Enrollment>> {
        self.demand(Table::Enrollments, Operation::Select, About::Learner(user))
            .await?;
        self.enrollment_page(ENROLLMENTS_OF_USER, page, user.into())
            .await
    }
}
