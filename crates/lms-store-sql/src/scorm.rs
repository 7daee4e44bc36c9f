//! SCORM packages, launches of SCOs, and what these stored.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Result, Scorm, StoreError};
use scormbridge_lms::classroom::{
    AttemptId, CourseId, LaunchMode, ScormHistory, ScormLaunch, ScormLaunchId, ScormPackage,
    ScormTrack, Timestamp,
};

use crate::link::{Row, strange, values_of};
use crate::page::batch;
use crate::tx::{About, SqlTx};

macro_rules! launch_columns {
    () => {
        "SELECT id, attempt_id, sco, mode, session, created_at, updated_at FROM scorm_launches "
    };
}

const LAUNCH: &str = concat!(launch_columns!(), "WHERE id = $1");

/// The same order in which launches are newer: by their beginning, and by chance where that is the same.
const LAUNCHES: &str = concat!(
    launch_columns!(),
    "WHERE attempt_id = $1 AND sco = $2 ORDER BY created_at DESC, id DESC LIMIT $3"
);

const NEWER_HISTORY: &str = "SELECT h.launch_id, h.first_seq, h.part, h.data, h.created_at \
    FROM scorm_launches l JOIN scorm_history h ON h.launch_id = l.id \
    WHERE l.attempt_id = $1 AND l.sco = $2 AND (l.created_at, l.id) > ($3, $4) \
    ORDER BY h.launch_id, h.first_seq, h.part";

/// What this program keeps as JSON text.
fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Broken(Box::new(error)))
}

fn launch(row: &Row) -> Result<ScormLaunch> {
    Ok(ScormLaunch {
        id: row.id("id", ScormLaunchId::from_bits)?,
        attempt: row.id("attempt_id", AttemptId::from_bits)?,
        sco: row.text("sco")?,
        mode: row.word("mode", LaunchMode::from_word)?,
        session: row.json("session")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

fn package(row: &Row) -> Result<ScormPackage> {
    Ok(ScormPackage {
        course: row.id("course_id", CourseId::from_bits)?,
        manifest_url: row.text("manifest_url")?,
        base_url: row.text("base_url")?,
        manifest_sha256: row.text("manifest_sha256")?,
        tree: row.json("tree")?,
        delivery: row.text("delivery")?,
        checked_at: row.time("checked_at")?,
    })
}

fn history(row: &Row) -> Result<ScormHistory> {
    let number = |column| u64::try_from(row.int(column)?).map_err(|_| strange(column));
    Ok(ScormHistory {
        launch: row.id("launch_id", ScormLaunchId::from_bits)?,
        first_seq: number("first_seq")?,
        part: u32::try_from(number("part")?).map_err(|_| strange("part"))?,
        data: row.text("data")?,
        created_at: row.time("created_at")?,
    })
}

fn track(row: &Row) -> Result<ScormTrack> {
    Ok(ScormTrack {
        sco: row.text("sco")?,
        element: row.text("element")?,
        value: row.text("value")?,
    })
}

impl SqlTx {
    async fn shown_launch(&mut self, row: Option<Row>) -> Result<ScormLaunch> {
        let found = row.as_ref().map(launch).transpose()?;
        self.shown(Table::ScormLaunches, found, |launch| {
            About::Attempt(launch.attempt)
        })
        .await?
        .ok_or(StoreError::NotFound)
    }
}

#[async_trait]
impl Scorm for SqlTx {
    async fn save_package(&mut self, package: &ScormPackage) -> Result<()> {
        let about = About::Course(package.course);
        self.demand(Table::ScormPackages, Operation::Insert, about)
            .await?;
        self.demand(Table::ScormPackages, Operation::Update, about)
            .await?;
        self.execute(
            "INSERT INTO scorm_packages (course_id, manifest_url, base_url, manifest_sha256, \
             tree, delivery, checked_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (course_id) DO UPDATE SET manifest_url = excluded.manifest_url, \
             base_url = excluded.base_url, manifest_sha256 = excluded.manifest_sha256, \
             tree = excluded.tree, delivery = excluded.delivery, checked_at = excluded.checked_at",
            values_of![
                package.course,
                &package.manifest_url,
                &package.base_url,
                &package.manifest_sha256,
                json(&package.tree)?,
                &package.delivery,
                package.checked_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn find_package(&mut self, course: CourseId) -> Result<Option<ScormPackage>> {
        let row = self
            .find(
                "SELECT course_id, manifest_url, base_url, manifest_sha256, tree, delivery, \
                 checked_at FROM scorm_packages WHERE course_id = $1",
                values_of![course],
            )
            .await?;
        let found = row.as_ref().map(package).transpose()?;
        self.shown(Table::ScormPackages, found, |_| About::Course(course))
            .await
    }

    async fn delete_package(&mut self, course: CourseId) -> Result<()> {
        let about = About::Course(course);
        self.demand(Table::ScormPackages, Operation::Delete, about)
            .await?;
        self.execute_one(
            "DELETE FROM scorm_packages WHERE course_id = $1",
            values_of![course],
        )
        .await
    }

    async fn insert_launch(&mut self, launch: &ScormLaunch) -> Result<()> {
        let about = About::Attempt(launch.attempt);
        self.demand(Table::ScormLaunches, Operation::Insert, about)
            .await?;
        self.execute(
            "INSERT INTO scorm_launches \
             (id, attempt_id, sco, mode, session, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values_of![
                launch.id,
                launch.attempt,
                &launch.sco,
                launch.mode.word(),
                json(&launch.session)?,
                launch.created_at,
                launch.updated_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get_launch(&mut self, id: ScormLaunchId) -> Result<ScormLaunch> {
        let row = self.find(LAUNCH, values_of![id]).await?;
        self.shown_launch(row).await
    }

    async fn lock_launch(&mut self, id: ScormLaunchId) -> Result<ScormLaunch> {
        self.demand(Table::ScormLaunches, Operation::Update, About::Site)
            .await?;
        let row = self.find_locked(LAUNCH, values_of![id]).await?;
        self.shown_launch(row).await
    }

    async fn update_launch(&mut self, launch: &ScormLaunch) -> Result<()> {
        let about = About::Attempt(launch.attempt);
        self.demand(Table::ScormLaunches, Operation::Update, about)
            .await?;
        self.execute_one(
            "UPDATE scorm_launches SET session = $3, updated_at = $4 \
             WHERE id = $1 AND attempt_id = $2",
            values_of![
                launch.id,
                launch.attempt,
                json(&launch.session)?,
                launch.updated_at
            ],
        )
        .await
    }

    async fn launches(
        &mut self,
        attempt: AttemptId,
        sco: &str,
        most: u32,
    ) -> Result<Vec<ScormLaunch>> {
        let about = About::Attempt(attempt);
        self.demand(Table::ScormLaunches, Operation::Select, about)
            .await?;
        let rows = self
            .all(LAUNCHES, values_of![attempt, sco, i64::from(most)])
            .await?;
        rows.iter().map(launch).collect()
    }

    async fn append_history(&mut self, history: &ScormHistory) -> Result<()> {
        self.demand(Table::ScormHistory, Operation::Insert, About::Site)
            .await?;
        let first_seq = i64::try_from(history.first_seq).map_err(|_| StoreError::Invalid)?;
        self.execute(
            "INSERT INTO scorm_history (launch_id, first_seq, part, data, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
            values_of![
                history.launch,
                first_seq,
                i64::from(history.part),
                &history.data,
                history.created_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn newer_history(&mut self, launch: &ScormLaunch) -> Result<Vec<ScormHistory>> {
        self.demand(Table::ScormHistory, Operation::Select, About::Site)
            .await?;
        let values = values_of![launch.attempt, &launch.sco, launch.created_at, launch.id];
        let rows = self.all(NEWER_HISTORY, values).await?;
        rows.iter().map(history).collect()
    }

    async fn purge_history(&mut self, before: Timestamp) -> Result<u64> {
        self.demand(Table::ScormHistory, Operation::Delete, About::Site)
            .await?;
        self.execute(
            "DELETE FROM scorm_history WHERE (launch_id, first_seq, part) IN \
             (SELECT launch_id, first_seq, part FROM scorm_history WHERE created_at < $1 \
             ORDER BY created_at LIMIT $2)",
            values_of![before, batch()],
        )
        .await
    }

    async fn tracks(&mut self, attempt: AttemptId, sco: Option<&str>) -> Result<Vec<ScormTrack>> {
        let about = About::Attempt(attempt);
        self.demand(Table::ScormTracks, Operation::Select, about)
            .await?;
        let rows = match sco {
            Some(sco) => {
                self.all(
                    "SELECT sco, element, value FROM scorm_tracks \
                     WHERE attempt_id = $1 AND sco = $2 ORDER BY element",
                    values_of![attempt, sco],
                )
                .await?
            }
            None => {
                self.all(
                    "SELECT sco, element, value FROM scorm_tracks \
                     WHERE attempt_id = $1 ORDER BY sco, element",
                    values_of![attempt],
                )
                .await?
            }
        };
        rows.iter().map(track).collect()
    }

    async fn save_tracks(
        &mut self,
        attempt: AttemptId,
        tracks: &[ScormTrack],
        now: Timestamp,
    ) -> Result<()> {
        let about = About::Attempt(attempt);
        self.demand(Table::ScormTracks, Operation::Insert, about)
            .await?;
        self.demand(Table::ScormTracks, Operation::Update, about)
            .await?;
        for track in tracks {
            self.execute(
                "INSERT INTO scorm_tracks (attempt_id, sco, element, value, updated_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (attempt_id, sco, element) \
                 DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
                values_of![attempt, &track.sco, &track.element, &track.value, now],
            )
            .await?;
        }
        Ok(())
    }

    async fn delete_tracks(&mut self, attempt: AttemptId) -> Result<u64> {
        let about = About::Attempt(attempt);
        self.demand(Table::ScormTracks, Operation::Delete, about)
            .await?;
        self.execute(
            "DELETE FROM scorm_tracks WHERE attempt_id = $1",
            values_of![attempt],
        )
        .await
    }
}
