//! Courses and their static lessons.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Courses, Lessons, Page, Paged, Result, StoreError};
use scormbridge_lms::classroom::{
    Course, CourseId, LaunchKind, Lesson, LessonId, MAX_LESSONS, ProviderId, Scopes, UserId,
};

use crate::link::{Row, Value, values_of};
use crate::page;
use crate::tx::{About, SqlTx};

macro_rules! select_courses {
    ($rest:literal) => {
        concat!(
            "SELECT c.id AS id, c.teacher_id AS teacher_id, c.title AS title, \
             c.description AS description, c.launch_kind AS launch_kind, \
             c.launch_url AS launch_url, c.scopes AS scopes, c.provider_id AS provider_id, \
             c.published AS published, c.created_at AS created_at, c.updated_at AS updated_at \
             FROM courses c ",
            $rest
        )
    };
}

/// Scopes this program wrote.
pub(crate) fn scopes(row: &Row) -> Result<Scopes> {
    row.word("scopes", |text| Scopes::parse(text).ok())
}

fn course(row: &Row) -> Result<Course> {
    Ok(Course {
        id: row.id("id", CourseId::from_bits)?,
        teacher: row.id("teacher_id", UserId::from_bits)?,
        title: row.text("title")?,
        description: row.text("description")?,
        launch_kind: row.word("launch_kind", LaunchKind::from_name)?,
        launch_url: row.opt_text("launch_url")?,
        scopes: scopes(row)?,
        provider: row.opt_id("provider_id", ProviderId::from_bits)?,
        published: row.flag("published")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

impl SqlTx {
    async fn course_page(
        &mut self,
        sql: &'static str,
        page: &Page,
        first: Option<Value>,
    ) -> Result<Paged<Course>> {
        let (key, id) = page::after_text(page)?;
        let mut values = vec![key, id, page::fetch(page)];
        values.extend(first);
        let rows = self.all(sql, values).await?;
        page::paged(page, &rows, course, |course| {
            (course.title.clone(), course.id.bits())
        })
    }
}

pub(crate) const COURSES_CATALOGUE: &str = select_courses!(
    "WHERE c.published AND (c.title, c.id) > ($1, $2) ORDER BY c.title, c.id LIMIT $3"
);
pub(crate) const COURSES_TAUGHT_BY: &str = select_courses!(
    "WHERE c.teacher_id = $4 AND (c.title, c.id) > ($1, $2) \
             ORDER BY c.title, c.id LIMIT $3"
);
pub(crate) const COURSES_JOINED_BY: &str = select_courses!(
    "JOIN enrollments e ON e.course_id = c.id \
             WHERE e.user_id = $4 AND e.status = 'active' AND (c.title, c.id) > ($1, $2) \
             ORDER BY c.title, c.id LIMIT $3"
);
pub(crate) const COURSES_LIST: &str =
    select_courses!("WHERE (c.title, c.id) > ($1, $2) ORDER BY c.title, c.id LIMIT $3");

#[async_trait]
impl Courses for SqlTx {
    async fn insert(&mut self, course: &Course) -> Result<()> {
        self.demand(
            Table::Courses,
            Operation::Insert,
            About::CourseOf(course.teacher),
        )
        .await?;
        self.execute(
            "INSERT INTO courses (id, teacher_id, title, description, launch_kind, launch_url, \
             scopes, provider_id, published, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values_of![
                course.id,
                course.teacher,
                &course.title,
                &course.description,
                course.launch_kind.name(),
                &course.launch_url,
                course.scopes.to_string(),
                course.provider,
                course.published,
                course.created_at,
                course.updated_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get(&mut self, id: CourseId) -> Result<Course> {
        let row = self
            .find(select_courses!("WHERE c.id = $1"), values_of![id])
            .await?;
        let found = row.as_ref().map(course).transpose()?;
        self.shown(Table::Courses, found, |course| About::Course(course.id))
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn update(&mut self, course: &Course) -> Result<()> {
        // Before and after the change: a teacher neither takes a course nor gives it away.
        self.demand(Table::Courses, Operation::Update, About::Course(course.id))
            .await?;
        self.demand(
            Table::Courses,
            Operation::Update,
            About::CourseOf(course.teacher),
        )
        .await?;
        self.execute_one(
            "UPDATE courses SET teacher_id = $2, title = $3, description = $4, launch_kind = $5, \
             launch_url = $6, scopes = $7, provider_id = $8, published = $9, updated_at = $10 \
             WHERE id = $1",
            values_of![
                course.id,
                course.teacher,
                &course.title,
                &course.description,
                course.launch_kind.name(),
                &course.launch_url,
                course.scopes.to_string(),
                course.provider,
                course.published,
                course.updated_at,
            ],
        )
        .await
    }

    async fn delete(&mut self, id: CourseId) -> Result<()> {
        self.demand(Table::Courses, Operation::Delete, About::Course(id))
            .await?;
        self.execute_one("DELETE FROM courses WHERE id = $1", values_of![id])
            .await
    }

    async fn catalogue(&mut self, page: &Page) -> Result<Paged<Course>> {
        self.course_page(COURSES_CATALOGUE, page, None).await
    }

    async fn taught_by(&mut self, teacher: UserId, page: &Page) -> Result<Paged<Course>> {
        self.demand(Table::Courses, Operation::Select, About::CourseOf(teacher))
            .await?;
        self.course_page(COURSES_TAUGHT_BY, page, Some(teacher.into()))
            .await
    }

    async fn joined_by(&mut self, user: UserId, page: &Page) -> Result<Paged<Course>> {
        self.demand(
            Table::Courses,
            Operation::Select,
            About::CourseJoinedBy(user),
        )
        .await?;
        self.course_page(COURSES_JOINED_BY, page, Some(user.into()))
            .await
    }

    async fn list(&mut self, page: &Page) -> Result<Paged<Course>> {
        self.demand(Table::Courses, Operation::Select, About::Site)
            .await?;
        self.course_page(COURSES_LIST, page, None).await
    }
}

fn lesson(row: &Row) -> Result<Lesson> {
    Ok(Lesson {
        id: row.id("id", LessonId::from_bits)?,
        course: row.id("course_id", CourseId::from_bits)?,
        position: row.small("position")?,
        title: row.text("title")?,
        body: row.text("body")?,
    })
}

macro_rules! select_lessons {
    ($rest:literal) => {
        concat!(
            "SELECT id, course_id, position, title, body FROM lessons ",
            $rest
        )
    };
}

pub(crate) const LESSONS_OF_COURSE: &str =
    select_lessons!("WHERE course_id = $1 ORDER BY position LIMIT $2");

#[async_trait]
impl Lessons for SqlTx {
    async fn insert(&mut self, lesson: &Lesson) -> Result<()> {
        self.demand(
            Table::Lessons,
            Operation::Insert,
            About::Course(lesson.course),
        )
        .await?;
        self.execute(
            "INSERT INTO lessons (id, course_id, position, title, body) \
             VALUES ($1, $2, $3, $4, $5)",
            values_of![
                lesson.id,
                lesson.course,
                i64::from(lesson.position),
                &lesson.title,
                &lesson.body,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get(&mut self, id: LessonId) -> Result<Lesson> {
        let row = self
            .find(select_lessons!("WHERE id = $1"), values_of![id])
            .await?;
        let found = row.as_ref().map(lesson).transpose()?;
        self.shown(Table::Lessons, found, |lesson| About::Course(lesson.course))
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn update(&mut self, lesson: &Lesson) -> Result<()> {
        self.demand(
            Table::Lessons,
            Operation::Update,
            About::Course(lesson.course),
        )
        .await?;
        self.execute_one(
            "UPDATE lessons SET position = $3, title = $4, body = $5 \
             WHERE id = $1 AND course_id = $2",
            values_of![
                lesson.id,
                lesson.course,
                i64::from(lesson.position),
                &lesson.title,
                &lesson.body,
            ],
        )
        .await
    }

    async fn delete(&mut self, id: LessonId) -> Result<()> {
        let row = self
            .find(select_lessons!("WHERE id = $1"), values_of![id])
            .await?;
        let found = row.as_ref().map(lesson).transpose()?;
        let about = |lesson: &Lesson| About::Course(lesson.course);
        let found = self
            .shown(Table::Lessons, found, about)
            .await?
            .ok_or(StoreError::NotFound)?;
        self.demand(Table::Lessons, Operation::Delete, about(&found))
            .await?;
        self.execute_one("DELETE FROM lessons WHERE id = $1", values_of![id])
            .await
    }

    async fn of_course(&mut self, course: CourseId) -> Result<Vec<Lesson>> {
        self.demand(Table::Lessons, Operation::Select, About::Course(course))
            .await?;
        let limit = i64::try_from(MAX_LESSONS).unwrap_or(i64::MAX);
        let rows = self
            .all(LESSONS_OF_COURSE, values_of![course, limit])
            .await?;
        rows.iter().map(lesson).collect()
    }

    async fn arrange(&mut self, course: CourseId, order: &[LessonId]) -> Result<()> {
        self.demand(Table::Lessons, Operation::Update, About::Course(course))
            .await?;
        let lessons = Lessons::of_course(self, course).await?;
        let mut there: Vec<LessonId> = lessons.iter().map(|lesson| lesson.id).collect();
        let mut named = order.to_vec();
        there.sort_unstable();
        named.sort_unstable();
        if there != named {
            return Err(StoreError::Conflict);
        }
        // A position is unique at every moment: all move out of the way first, then each to its place.
        let last = lessons.last().map_or(0, |lesson| lesson.position);
        let far = i64::from(last).saturating_add(i64::try_from(lessons.len()).unwrap_or(0));
        self.execute(
            "UPDATE lessons SET position = position + $2 WHERE course_id = $1",
            values_of![course, far.saturating_add(1)],
        )
        .await?;
        for (position, id) in (0_i64..).zip(order) {
            self.execute_one(
                "UPDATE lessons SET position = $3 WHERE id = $1 AND course_id = $2",
                values_of![*id, course, position],
            )
            .await?;
        }
        Ok(())
    }
}
