//! The denial matrix: actors × tables × operations, `denial_matrix.txt`, held against the ports on both engines and,
//! on PostgreSQL, against row level security alone, with statements that no policy of the program looked at.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod common;

use common::*;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::*;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

struct Cell {
    table: Table,
    operation: Operation,
    actor: &'static str,
    allowed: bool,
}

fn matrix() -> Vec<Cell> {
    let text = include_str!("denial_matrix.txt");
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let actors: Vec<&str> = lines.next().unwrap().split_whitespace().skip(2).collect();
    let mut cells = vec![];
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let table = Table::ALL
            .into_iter()
            .find(|table| table.name() == words[0])
            .unwrap();
        let operation = Operation::ALL
            .into_iter()
            .find(|op| op.name() == words[1])
            .unwrap();
        assert_eq!(words.len(), actors.len() + 2, "{line}");
        for (&actor, &word) in actors.iter().zip(&words[2..]) {
            cells.push(Cell {
                table,
                operation,
                actor,
                allowed: word == "yes",
            });
        }
    }
    cells
}

fn actor(school: &School, name: &str) -> Actor {
    match name {
        "anonymous" => Actor::Anonymous,
        "service" => Actor::Service,
        "learner" => school.actor(&school.learner),
        "stranger" => school.actor(&school.stranger),
        "teacher" => school.actor(&school.teacher),
        "other_teacher" => school.actor(&school.other_teacher),
        "admin" => school.actor(&school.admin),
        name => panic!("nobody is called {name}"),
    }
}

#[test]
fn the_matrix_names_every_table_operation_and_actor_once() {
    let cells = matrix();
    assert_eq!(cells.len(), Table::ALL.len() * Operation::ALL.len() * 7);
    let mut names: Vec<_> = cells
        .iter()
        .map(|cell| (cell.table.name(), cell.operation.name(), cell.actor))
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), cells.len());
}

fn found<T>(found: Result<Option<T>>) -> Result<()> {
    found?.map(|_| ()).ok_or(StoreError::NotFound)
}

/// Does it through the ports; `None` where the ports have no way to.
async fn through_ports(
    tx: &mut dyn Tx,
    s: &School,
    table: Table,
    operation: Operation,
) -> Option<Result<()>> {
    use Operation::{Delete, Insert, Select, Update};
    use Table as T;
    let attempt = s.attempt.id;
    let tracks = [track("cmi.location", "p3")];
    let mut look = common::attempt(&s.enrollment, None);
    look.mode = LaunchMode::Browse;
    Some(match (table, operation) {
        (T::Users, Select) => tx.users().get(s.learner.id).await.map(|_| ()),
        (T::Users, Insert) => tx.users().insert(&user("fresh", Role::Student)).await,
        (T::Users, Update) => tx.users().update(&s.learner).await,
        (T::Users, Delete) => tx.users().delete(s.learner.id).await,
        (T::Sessions, Select) => found(tx.sessions().find(&s.session.token).await),
        (T::Sessions, Insert) => tx.sessions().insert(&session(s.learner.id, 8)).await,
        (T::Sessions, Update) => tx.sessions().extend(&s.session.token, NOW).await,
        (T::Sessions, Delete) => tx.sessions().delete(&s.session.token).await,
        (T::CourseProviders, Select) => tx.providers().get(s.provider.id).await.map(|_| ()),
        (T::CourseProviders, Insert) => tx.providers().insert(&provider(2)).await,
        (T::CourseProviders, Update) => tx.providers().update(&s.provider).await,
        (T::CourseProviders, Delete) => {
            // One that nothing refers to, where the actor may make one.
            let spare = provider(3);
            match tx.providers().insert(&spare).await {
                Ok(()) => tx.providers().delete(spare.id).await,
                Err(_) => tx.providers().delete(s.provider.id).await,
            }
        }
        (T::Courses, Select) => tx.courses().get(s.course.id).await.map(|_| ()),
        (T::Courses, Insert) => {
            tx.courses()
                .insert(&course(s.teacher.id, "New", None))
                .await
        }
        (T::Courses, Update) => tx.courses().update(&s.course).await,
        (T::Courses, Delete) => tx.courses().delete(s.course.id).await,
        (T::Lessons, Select) => tx.lessons().get(s.lesson.id).await.map(|_| ()),
        (T::Lessons, Insert) => tx.lessons().insert(&lesson(s.course.id, 1)).await,
        (T::Lessons, Update) => tx.lessons().update(&s.lesson).await,
        (T::Lessons, Delete) => tx.lessons().delete(s.lesson.id).await,
        (T::Enrollments, Select) => tx.enrollments().get(s.enrollment.id).await.map(|_| ()),
        (T::Enrollments, Insert) => {
            tx.enrollments()
                .insert(&enrollment(s.course.id, s.stranger.id))
                .await
        }
        (T::Enrollments, Update) => tx.enrollments().update(&s.enrollment).await,
        (T::Enrollments, Delete) => tx.enrollments().delete(s.enrollment.id).await,
        (T::InteractiveAttempts, Select) => tx.attempts().get(attempt).await.map(|_| ()),
        (T::InteractiveAttempts, Insert) => tx.attempts().insert(&look).await,
        (T::InteractiveAttempts, Update) => tx.attempts().update(&s.attempt).await,
        (T::InteractiveAttempts, Delete) => tx.attempts().delete(attempt).await,
        (T::InteractiveLaunchTokens, Insert) => tx.launches().insert(&token(attempt)).await,
        (T::InteractiveLaunchTokens, Update) => {
            tx.launches().redeem(s.token.nonce, NOW).await.map(|_| ())
        }
        (T::InteractiveLaunchTokens, Delete) => tx.launches().purge(NOW).await.map(|_| ()),
        (T::UserAliases, Select) => found(tx.aliases().find(s.provider.id, s.alias.alias).await),
        (T::UserAliases, Insert) => {
            let proposed = Alias::propose(s.provider.id, s.stranger.id, &Chance, NOW);
            tx.aliases().ensure(&proposed).await.map(|_| ())
        }
        (T::ExternalCourses, Select) => tx.registry().get_course(s.external.id).await.map(|_| ()),
        (T::ExternalCourses, Insert) => {
            tx.registry()
                .insert_course(&external(s.provider.id, "two"))
                .await
        }
        (T::ExternalCourses, Update) => tx.registry().update_course(&s.external).await,
        (T::ExternalCourses, Delete) => {
            let spare = external(s.provider.id, "three");
            match tx.registry().insert_course(&spare).await {
                Ok(()) => tx.registry().delete_course(spare.id).await,
                Err(_) => tx.registry().delete_course(s.external.id).await,
            }
        }
        (T::CourseVersions, Select) => tx.registry().get_version(s.version.id).await.map(|_| ()),
        (T::CourseVersions, Insert) => {
            tx.registry()
                .insert_version(&version(s.external.id, "2"))
                .await
        }
        (T::CourseVersions, Update) => tx.registry().update_version(&s.version).await,
        (T::CourseVersions, Delete) => {
            let spare = version(s.external.id, "3");
            match tx.registry().insert_version(&spare).await {
                Ok(()) => tx.registry().delete_version(spare.id).await,
                Err(_) => tx.registry().delete_version(s.version.id).await,
            }
        }
        (T::AssignmentTargets, Select) => found(tx.targets().find(s.target.assignment).await),
        (T::AssignmentTargets, Insert) => {
            tx.targets()
                .insert(&target(s.course.id, s.version.id))
                .await
        }
        (T::AssignmentTargets, Update) => tx.targets().update(&s.target).await,
        (T::AssignmentTargets, Delete) => tx.targets().delete(s.target.id).await,
        (T::CourseEvents, Select) => tx
            .events()
            .of_course(s.course.id, &Page::first(1))
            .await
            .map(|_| ()),
        (T::CourseEvents, Insert) => tx.events().append(&event(s.course.id, None, NOW)).await,
        (T::CourseEvents, Delete) => tx.events().purge(NOW).await.map(|_| ()),
        (T::RuntimeCheckpoints, Select) => found(tx.checkpoints().find(attempt, "main").await),
        (T::RuntimeCheckpoints, Insert | Update) => {
            tx.checkpoints().save(&checkpoint(attempt)).await
        }
        (T::RuntimeCheckpoints, Delete) => tx.checkpoints().delete(attempt, "main").await,
        (T::IdempotencyRecords, Insert) => tx
            .idempotency()
            .claim(&key("fresh"), &[2; 32], NOW)
            .await
            .map(|_| ()),
        (T::IdempotencyRecords, Update) => {
            let answer = StoredAnswer {
                status: 200,
                body: String::new(),
            };
            tx.idempotency().finish(&key("seed"), &answer).await
        }
        (T::IdempotencyRecords, Delete) => tx.idempotency().purge(NOW).await.map(|_| ()),
        (T::ScormPackages, Select) => found(tx.scorm().find_package(s.course.id).await),
        (T::ScormPackages, Insert | Update) => tx.scorm().save_package(&package(s.course.id)).await,
        (T::ScormPackages, Delete) => tx.scorm().delete_package(s.course.id).await,
        (T::ScormLaunches, Select) => tx.scorm().get_launch(s.scorm_launch.id).await.map(|_| ()),
        (T::ScormLaunches, Insert) => tx.scorm().insert_launch(&scorm_launch(attempt)).await,
        (T::ScormLaunches, Update) => tx.scorm().update_launch(&s.scorm_launch).await,
        (T::ScormTracks, Select) => tx.scorm().tracks(attempt, None).await.map(|_| ()),
        (T::ScormTracks, Insert | Update) => tx.scorm().save_tracks(attempt, &tracks, NOW).await,
        (T::ScormTracks, Delete) => tx.scorm().delete_tracks(attempt).await.map(|_| ()),
        (T::ScormHistory, Select) => {
            let newer = tx.scorm().newer_history(&s.scorm_launch).await;
            newer.map(|_| ())
        }
        (T::ScormHistory, Insert) => {
            tx.scorm()
                .append_history(&history(s.scorm_launch.id, 2))
                .await
        }
        (T::ScormHistory, Delete) => tx.scorm().purge_history(NOW).await.map(|_| ()),
        (T::RuntimeAssets, Select) => found(tx.assets().find(s.asset.id).await),
        (T::RuntimeAssets, Insert) => tx.assets().insert(&asset(attempt)).await,
        (T::RuntimeAssets, Update) => tx.assets().keep(s.asset.id, NOW).await,
        (T::RuntimeAssets, Delete) => tx.assets().purge(NOW).await.map(|_| ()),
        (T::InteractiveLaunchTokens | T::IdempotencyRecords, Select)
        | (T::UserAliases, Update | Delete)
        | (T::CourseEvents | T::ScormHistory, Update)
        | (T::ScormLaunches, Delete) => return None,
    })
}

#[tokio::test]
async fn the_ports_deny_what_the_matrix_denies() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let (mut denied, mut allowed, mut absent) = (0, 0, 0);
        for cell in matrix() {
            let mut tx = test.store.begin(&actor(&school, cell.actor)).await.unwrap();
            let what = format!(
                "{}: {} {} {}",
                test.engine,
                cell.actor,
                cell.operation.name(),
                cell.table.name()
            );
            match through_ports(&mut *tx, &school, cell.table, cell.operation).await {
                Some(Ok(())) => {
                    assert!(cell.allowed, "{what} was let through");
                    allowed += 1;
                }
                Some(Err(StoreError::Denied | StoreError::NotFound)) => {
                    assert!(!cell.allowed, "{what} was refused");
                    denied += 1;
                }
                Some(Err(error)) => panic!("{what} failed: {error:?}"),
                None => absent += 1,
            }
            tx.rollback().await.unwrap();
        }
        println!(
            "denial matrix, ports on {}: {denied} denied, {allowed} allowed, {absent} without a port",
            test.engine
        );
        assert_eq!(denied + allowed + absent, matrix().len());
    }
}

/// How a table's row is found, what is changed in it, and what makes a second one of it.
fn row_of(school: &School, table: Table) -> (String, &'static str, &'static str) {
    let by = |column: &str, id: String| format!("{column} = '{id}'::uuid");
    let attempt = by("attempt_id", school.attempt.id.to_string());
    match table {
        Table::Users => (
            by("id", school.learner.id.to_string()),
            "display_name",
            r#"{"id":"ID","login":"x"}"#,
        ),
        Table::Sessions => (
            by("user_id", school.learner.id.to_string()),
            "expires_at",
            r#"{"token_hash":"\\x0000000000000000000000000000000000000000000000000000000000000000"}"#,
        ),
        Table::CourseProviders => (
            by("id", school.provider.id.to_string()),
            "name",
            r#"{"id":"ID","origin":"https://x.example.org"}"#,
        ),
        Table::Courses => (
            by("id", school.course.id.to_string()),
            "title",
            r#"{"id":"ID"}"#,
        ),
        Table::Lessons => (
            by("id", school.lesson.id.to_string()),
            "title",
            r#"{"id":"ID","position":9}"#,
        ),
        Table::Enrollments => (
            by("id", school.enrollment.id.to_string()),
            "status",
            r#"{"id":"ID","user_id":"STRANGER"}"#,
        ),
        Table::InteractiveAttempts => (
            by("id", school.attempt.id.to_string()),
            "progress",
            r#"{"id":"ID","mode":"browse"}"#,
        ),
        Table::InteractiveLaunchTokens => (attempt, "used_at", r#"{"nonce":"ID"}"#),
        Table::UserAliases => (
            by("user_id", school.learner.id.to_string()),
            "created_at",
            r#"{"alias":"ID","user_id":"STRANGER"}"#,
        ),
        Table::ExternalCourses => (
            by("id", school.external.id.to_string()),
            "title",
            r#"{"id":"ID","slug":"x"}"#,
        ),
        Table::CourseVersions => (
            by("id", school.version.id.to_string()),
            "status",
            r#"{"id":"ID","version":"x"}"#,
        ),
        Table::AssignmentTargets => (
            by("id", school.target.id.to_string()),
            "created_at",
            r#"{"id":"ID","assignment_id":"ID"}"#,
        ),
        Table::CourseEvents => (
            by("id", school.event.id.to_string()),
            "kind",
            r#"{"id":"ID"}"#,
        ),
        Table::RuntimeCheckpoints => (attempt, "data", r#"{"key":"x"}"#),
        Table::IdempotencyRecords => ("key = 'seed'".to_owned(), "created_at", r#"{"key":"x"}"#),
        Table::ScormPackages => (
            by("course_id", school.course.id.to_string()),
            "delivery",
            "{}",
        ),
        Table::ScormLaunches => (
            by("id", school.scorm_launch.id.to_string()),
            "sco",
            r#"{"id":"ID"}"#,
        ),
        Table::ScormTracks => (attempt, "value", r#"{"element":"x"}"#),
        Table::ScormHistory => (
            by("launch_id", school.scorm_launch.id.to_string()),
            "created_at",
            r#"{"part":1}"#,
        ),
        Table::RuntimeAssets => (attempt, "kept_at", r#"{"id":"ID"}"#),
    }
}

async fn become_actor(connection: &mut PgConnection, actor: &Actor) {
    sqlx::query("SELECT set_config('app.user_id', $1, true), set_config('app.role', $2, true)")
        .bind(
            actor
                .user()
                .map(|user| user.to_string())
                .unwrap_or_default(),
        )
        .bind(actor.role().map_or("anonymous", |role| role.name()))
        .execute(connection)
        .await
        .unwrap();
}

/// Does it in plain SQL. `true` where the database let it happen.
async fn in_sql(
    connection: &mut PgConnection,
    school: &School,
    cell: &Cell,
) -> std::result::Result<bool, sqlx::Error> {
    let table = cell.table.name();
    let (row, column, change) = row_of(school, cell.table);
    let who = actor(school, cell.actor);
    let sql = match cell.operation {
        Operation::Select => format!("SELECT 1 FROM {table} WHERE {row}"),
        Operation::Update => format!("UPDATE {table} SET {column} = {column} WHERE {row}"),
        Operation::Delete => format!("DELETE FROM {table} WHERE {row}"),
        Operation::Insert => {
            become_actor(connection, &Actor::Service).await;
            let change = change
                .replace("ID", &CourseId::random(&Chance).to_string())
                .replace("STRANGER", &school.stranger.id.to_string());
            let copy = format!(
                "SELECT (to_jsonb({table}) || '{change}'::jsonb)::text AS json FROM {table} \
                 WHERE {row}"
            );
            let copied = sqlx::query(AssertSqlSafe(copy))
                .fetch_one(&mut *connection)
                .await?;
            let json: String = copied.get("json");
            if change == "{}" {
                // There is room for one only.
                let clear = format!("DELETE FROM {table} WHERE {row}");
                sqlx::query(AssertSqlSafe(clear))
                    .execute(&mut *connection)
                    .await?;
            }
            become_actor(connection, &who).await;
            let insert = format!(
                "INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1::jsonb)"
            );
            let done = sqlx::query(AssertSqlSafe(insert))
                .bind(json)
                .execute(connection)
                .await?;
            return Ok(done.rows_affected() == 1);
        }
    };
    become_actor(connection, &who).await;
    let done = sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

#[tokio::test]
async fn row_level_security_alone_denies_what_the_matrix_denies() {
    let Some(test) = test_support::postgres().await else {
        return;
    };
    let school = School::found(&test.store).await;
    let pool = test.store.postgres_pool().unwrap();
    let (mut denied, mut allowed) = (0, 0);
    for cell in matrix() {
        let mut tx = pool.begin().await.unwrap();
        let what = format!(
            "{} {} {}",
            cell.actor,
            cell.operation.name(),
            cell.table.name()
        );
        let happened = match in_sql(&mut tx, &school, &cell).await {
            Ok(happened) => happened,
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => false,
            // A row that is still referred to: the policies let the statement through.
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => true,
            Err(error) => panic!("{what} failed: {error}"),
        };
        assert_eq!(happened, cell.allowed, "row level security: {what}");
        if happened {
            allowed += 1
        } else {
            denied += 1
        }
        tx.rollback().await.unwrap();
    }
    println!("denial matrix, row level security alone: {denied} denied, {allowed} allowed");
}

#[tokio::test]
async fn a_student_joins_a_published_course_alone_and_for_themselves() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let stranger = school.actor(&school.stranger);
        let own = enrollment(school.course.id, school.stranger.id);
        let mut tx = test.store.begin(&stranger).await.unwrap();
        assert!(matches!(
            tx.enrollments().insert(&own).await,
            Err(StoreError::Denied)
        ));
        drop(tx);

        let mut open = school.course.clone();
        open.published = true;
        let mut tx = test
            .store
            .begin(&school.actor(&school.teacher))
            .await
            .unwrap();
        tx.courses().update(&open).await.unwrap();
        tx.commit().await.unwrap();

        let foreign = enrollment(school.course.id, school.admin.id);
        let mut tx = test.store.begin(&stranger).await.unwrap();
        assert!(matches!(
            tx.enrollments().insert(&foreign).await,
            Err(StoreError::Denied)
        ));
        tx.enrollments().insert(&own).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_teacher_neither_takes_a_course_nor_gives_it_away() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let mut given = school.course.clone();
        given.teacher = school.other_teacher.id;
        for thief in [&school.teacher, &school.other_teacher] {
            let mut tx = test.store.begin(&school.actor(thief)).await.unwrap();
            let done = tx.courses().update(&given).await;
            assert!(
                matches!(done, Err(StoreError::Denied)),
                "{}: {done:?}",
                test.engine
            );
        }
        let mut tx = test
            .store
            .begin(&school.actor(&school.admin))
            .await
            .unwrap();
        tx.courses().update(&given).await.unwrap();
    }
}
