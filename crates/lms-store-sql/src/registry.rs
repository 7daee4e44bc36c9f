//! External courses, their versions, and which assignment launches which.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{
    MAX_PAGE, Page, Paged, Registry, Result, StoreError, Targets,
};
use scormbridge_lms::classroom::{
    AssignmentId, AssignmentTarget, CourseId, CourseVersion, ExternalCourse, ExternalCourseId,
    ProviderId, RegistryFilter, TargetId, VersionId, VersionStatus,
};

use crate::courses::scopes;
use crate::link::{Row, Value, values_of};
use crate::page;
use crate::tx::{About, SqlTx};

macro_rules! select_external {
    ($rest:literal) => {
        concat!(
            "SELECT id, provider_id, slug, title, created_at FROM external_courses ",
            $rest
        )
    };
}

macro_rules! select_versions {
    ($rest:literal) => {
        concat!(
            "SELECT id, external_course_id, version, launch_url, scopes, status, created_at \
             FROM course_versions ",
            $rest
        )
    };
}

fn external(row: &Row) -> Result<ExternalCourse> {
    Ok(ExternalCourse {
        id: row.id("id", ExternalCourseId::from_bits)?,
        provider: row.id("provider_id", ProviderId::from_bits)?,
        slug: row.text("slug")?,
        title: row.text("title")?,
        created_at: row.time("created_at")?,
    })
}

fn version(row: &Row) -> Result<CourseVersion> {
    Ok(CourseVersion {
        id: row.id("id", VersionId::from_bits)?,
        external_course: row.id("external_course_id", ExternalCourseId::from_bits)?,
        version: row.text("version")?,
        launch_url: row.text("launch_url")?,
        scopes: scopes(row)?,
        status: row.word("status", VersionStatus::from_name)?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) const VERSIONS_OF_COURSE: &str =
    select_versions!("WHERE external_course_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2");

pub(crate) const REGISTRY_SEARCH: &str = select_external!(
    r"WHERE (title, id) > ($1, $2) AND lower(title) LIKE $4 ESCAPE '\'
                  ORDER BY title, id LIMIT $3"
);

pub(crate) const REGISTRY_OF_PROVIDER: &str = select_external!(
    r"WHERE provider_id = $5 AND (title, id) > ($1, $2)
                      AND lower(title) LIKE $4 ESCAPE '\' ORDER BY title, id LIMIT $3"
);

#[async_trait]
impl Registry for SqlTx {
    async fn insert_course(&mut self, course: &ExternalCourse) -> Result<()> {
        self.demand(Table::ExternalCourses, Operation::Insert, About::Site)
            .await?;
        self.execute(
            "INSERT INTO external_courses (id, provider_id, slug, title, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
            values_of![
                course.id,
                course.provider,
                &course.slug,
                &course.title,
                course.created_at
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get_course(&mut self, id: ExternalCourseId) -> Result<ExternalCourse> {
        let row = self
            .find(select_external!("WHERE id = $1"), values_of![id])
            .await?;
        let found = row.as_ref().map(external).transpose()?;
        self.shown(Table::ExternalCourses, found, |_| About::Site)
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn update_course(&mut self, course: &ExternalCourse) -> Result<()> {
        self.demand(Table::ExternalCourses, Operation::Update, About::Site)
            .await?;
        self.execute_one(
            "UPDATE external_courses SET slug = $3, title = $4 WHERE id = $1 AND provider_id = $2",
            values_of![course.id, course.provider, &course.slug, &course.title],
        )
        .await
    }

    async fn delete_course(&mut self, id: ExternalCourseId) -> Result<()> {
        self.demand(Table::ExternalCourses, Operation::Delete, About::Site)
            .await?;
        self.execute_one("DELETE FROM external_courses WHERE id = $1", values_of![id])
            .await
    }

    async fn search(
        &mut self,
        filter: &RegistryFilter,
        page: &Page,
    ) -> Result<Paged<ExternalCourse>> {
        self.demand(Table::ExternalCourses, Operation::Select, About::Site)
            .await?;
        let (key, id) = page::after_text(page)?;
        let pattern = Value::from(page::anywhere(filter.title.as_deref()));
        let mut values = vec![key, id, page::fetch(page), pattern];
        let sql = match filter.provider {
            None => REGISTRY_SEARCH,
            Some(provider) => {
                values.push(provider.into());
                REGISTRY_OF_PROVIDER
            }
        };
        let rows = self.all(sql, values).await?;
        page::paged(page, &rows, external, |item| {
            (item.title.clone(), item.id.bits())
        })
    }

    async fn insert_version(&mut self, version: &CourseVersion) -> Result<()> {
        self.demand(Table::CourseVersions, Operation::Insert, About::Site)
            .await?;
        self.execute(
            "INSERT INTO course_versions \
             (id, external_course_id, version, launch_url, scopes, status, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values_of![
                version.id,
                version.external_course,
                &version.version,
                &version.launch_url,
                version.scopes.to_string(),
                version.status.name(),
                version.created_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get_version(&mut self, id: VersionId) -> Result<CourseVersion> {
        let row = self
            .find(select_versions!("WHERE id = $1"), values_of![id])
            .await?;
        let found = row.as_ref().map(version).transpose()?;
        self.shown(Table::CourseVersions, found, |_| About::Site)
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn update_version(&mut self, version: &CourseVersion) -> Result<()> {
        self.demand(Table::CourseVersions, Operation::Update, About::Site)
            .await?;
        self.execute_one(
            "UPDATE course_versions SET status = $2 WHERE id = $1",
            values_of![version.id, version.status.name()],
        )
        .await
    }

    async fn delete_version(&mut self, id: VersionId) -> Result<()> {
        self.demand(Table::CourseVersions, Operation::Delete, About::Site)
            .await?;
        self.execute_one("DELETE FROM course_versions WHERE id = $1", values_of![id])
            .await
    }

    async fn versions(&mut self, course: ExternalCourseId) -> Result<Vec<CourseVersion>> {
        self.demand(Table::CourseVersions, Operation::Select, About::Site)
            .await?;
        let rows = self
            .all(VERSIONS_OF_COURSE, values_of![course, i64::from(MAX_PAGE)])
            .await?;
        rows.iter().map(version).collect()
    }
}

macro_rules! select_targets {
    ($rest:literal) => {
        concat!(
            "SELECT id, course_id, assignment_id, version_id, created_at FROM assignment_targets ",
            $rest
        )
    };
}

fn target(row: &Row) -> Result<AssignmentTarget> {
    Ok(AssignmentTarget {
        id: row.id("id", TargetId::from_bits)?,
        course: row.id("course_id", CourseId::from_bits)?,
        assignment: row.id("assignment_id", AssignmentId::from_bits)?,
        version: row.id("version_id", VersionId::from_bits)?,
        created_at: row.time("created_at")?,
    })
}

const fn about(target: &AssignmentTarget) -> About {
    About::Course(target.course)
}

pub(crate) const TARGETS_OF_COURSE: &str =
    select_targets!("WHERE course_id = $1 ORDER BY created_at, id LIMIT $2");

#[async_trait]
impl Targets for SqlTx {
    async fn insert(&mut self, target: &AssignmentTarget) -> Result<()> {
        self.demand(Table::AssignmentTargets, Operation::Insert, about(target))
            .await?;
        self.execute(
            "INSERT INTO assignment_targets (id, course_id, assignment_id, version_id, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
            values_of![
                target.id,
                target.course,
                target.assignment,
                target.version,
                target.created_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn find(&mut self, assignment: AssignmentId) -> Result<Option<AssignmentTarget>> {
        let row = SqlTx::find(
            self,
            select_targets!("WHERE assignment_id = $1"),
            values_of![assignment],
        )
        .await?;
        let found = row.as_ref().map(target).transpose()?;
        self.shown(Table::AssignmentTargets, found, about).await
    }

    async fn update(&mut self, target: &AssignmentTarget) -> Result<()> {
        self.demand(Table::AssignmentTargets, Operation::Update, about(target))
            .await?;
        self.execute_one(
            "UPDATE assignment_targets SET version_id = $4 \
             WHERE id = $1 AND course_id = $2 AND assignment_id = $3",
            values_of![target.id, target.course, target.assignment, target.version],
        )
        .await
    }

    async fn delete(&mut self, id: TargetId) -> Result<()> {
        let row = SqlTx::find(self, select_targets!("WHERE id = $1"), values_of![id]).await?;
        let found = row.as_ref().map(target).transpose()?;
        let found = self
            .shown(Table::AssignmentTargets, found, about)
            .await?
            .ok_or(StoreError::NotFound)?;
        self.demand(Table::AssignmentTargets, Operation::Delete, about(&found))
            .await?;
        self.execute_one(
            "DELETE FROM assignment_targets WHERE id = $1",
            values_of![id],
        )
        .await
    }

    async fn of_course(&mut self, course: CourseId) -> Result<Vec<AssignmentTarget>> {
        self.demand(
            Table::AssignmentTargets,
            Operation::Select,
            About::Course(course),
        )
        .await?;
        let rows = self
            .all(TARGETS_OF_COURSE, values_of![course, i64::from(MAX_PAGE)])
            .await?;
        rows.iter().map(target).collect()
    }
}
