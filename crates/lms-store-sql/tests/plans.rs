//! How each engine runs the lists on tables of some size: by an index, in the index's order. `docs/data-model.md` shows
//! the plans; run with `UPDATE_DOCS=1` to write them there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fmt::Write as _;
use std::path::PathBuf;

use scormbridge_lms_store_sql::lists::{LISTS, SortKey};
use scormbridge_lms_store_sql::test_support::{self, Address};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection,
};

/// Rows for every list. `#…#` stands for the id of that number, `@…@` for as many numbers `n` from 1.
const SEED: &[&str] = &[
    "INSERT INTO users (id, login, display_name, role, created_at) \
     SELECT #n#, 'user' || n, 'User ' || n, 'student', 1790000000000 + n FROM @2000@",
    "INSERT INTO course_providers (id, name, origin, domain, status, created_at) \
     SELECT #n#, substr('abcdefghijklmnopqrstuvwxyz', CAST(n % 26 + 1 AS integer), 1) || ' provider ' || n, \
     'https://p' || n || '.example', 'p.example', 'active', 0 FROM @20000@",
    "INSERT INTO courses (id, teacher_id, title, description, launch_kind, scopes, published, created_at, updated_at) \
     SELECT #n#, #n % 40 + 1#, substr('abcdefghijklmnopqrstuvwxyz', CAST(n % 26 + 1 AS integer), 1) || ' course ' || n, '', 'none', '', \
     n % 2 = 0, 0, 0 FROM @2000@",
    "INSERT INTO lessons (id, course_id, position, title, body) \
     SELECT #n#, #n % 2000 + 1#, n / 2000, 'Lesson', 'Read this.' FROM @10000@",
    "INSERT INTO enrollments (id, course_id, user_id, status, created_at) \
     SELECT #n#, #n % 2000 + 1#, #(n / 2000 * 97 + n) % 2000 + 1#, 'active', 1790000000000 + n * 1000 FROM @20000@",
    "INSERT INTO interactive_attempts (id, enrollment_id, course_id, user_id, mode, status, progress, started_at, \
     completed_at, last_activity_at) \
     SELECT #n#, #n#, #n % 2000 + 1#, #(n / 2000 * 97 + n) % 2000 + 1#, 'normal', 'completed', 100, \
     1790000000000, 1790000000000 + n * 1000, 1790000000000 + n * 1000 FROM @20000@",
    "INSERT INTO course_events (id, course_id, kind, payload, at, request_id) \
     SELECT #n#, #n % 2000 + 1#, 'course.progress', '{}', 1790000000000 + n * 1000, 'r' FROM @20000@",
    "INSERT INTO external_courses (id, provider_id, slug, title, created_at) \
     SELECT #n#, #n % 50 + 1#, 's' || n, substr('abcdefghijklmnopqrstuvwxyz', CAST(n % 26 + 1 AS integer), 1) || ' game ' || n, 0 \
     FROM @2000@",
    "INSERT INTO course_versions (id, external_course_id, version, launch_url, scopes, status, created_at) \
     SELECT #n#, #n % 2000 + 1#, 'v' || n, 'https://p.example', '', 'approved', n FROM @6000@",
    "INSERT INTO assignment_targets (id, course_id, assignment_id, version_id, created_at) \
     SELECT #n#, #n % 2000 + 1#, #n#, #n#, n FROM @4000@",
];

const ID: &str = "'00000000000000000000000000000007'";
/// In the middle of the attempts, enrolments and events.
const TIME: &str = "1790010000000";

/// Replaces what stands between pairs of a mark.
fn between(text: &str, mark: char, make: impl Fn(&str) -> String) -> String {
    let pieces = text.split(mark).enumerate();
    pieces
        .map(|(at, piece)| {
            if at % 2 == 1 {
                make(piece)
            } else {
                piece.to_owned()
            }
        })
        .collect()
}

/// The statement with values in place of its parameters: a plan needs some.
fn filled(sql: &str, key: SortKey) -> String {
    let (first, second, third) = match key {
        SortKey::Text => ("'m'", ID, "51"),
        SortKey::Time => (TIME, ID, "51"),
        SortKey::None => (ID, "200", ""),
    };
    let fourth = if sql.contains("lower(name) LIKE $4") {
        "'%provider 1999%'"
    } else if sql.contains("LIKE $4") {
        "'%game%'"
    } else {
        ID
    };
    sql.replace("$1", first)
        .replace("$2", second)
        .replace("$3", third)
        .replace("$4", fourth)
        .replace("$5", ID)
}

/// Replaces what is between the markers of the document, or holds it to this text.
fn document(engine: &str, plans: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/data-model.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let begin = format!("<!-- plans: {engine} -->\n");
    let end = format!("<!-- end of plans: {engine} -->");
    let (head, rest) = text.split_once(&begin).unwrap();
    let (shown, tail) = rest.split_once(&end).unwrap();
    let fresh = format!("```text\n{plans}```\n");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{head}{begin}{fresh}{end}{tail}")).unwrap();
    } else {
        assert_eq!(
            shown, fresh,
            "docs/data-model.md shows other plans; run with UPDATE_DOCS=1"
        );
    }
}

// One test, so that the two never write the document at once.
#[tokio::test]
async fn every_list_runs_by_an_index_on_both_engines() {
    document("SQLite", &on_sqlite().await);
    if let Some(plans) = on_postgresql().await {
        document("PostgreSQL", &plans);
    }
}

async fn on_sqlite() -> String {
    let test = test_support::sqlite().await;
    let Address::Sqlite(path) = &test.address else {
        panic!("another engine")
    };
    let url = format!("sqlite://{}", path.display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    for sql in SEED {
        let sql = between(sql, '#', |number| format!("printf('%032x', {number})"));
        let sql = between(&sql, '@', |count| {
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"
            )
        });
        file.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    file.execute("ANALYZE").await.unwrap();
    let mut plans = String::new();
    for (name, key, sql) in LISTS {
        let explain = format!("EXPLAIN QUERY PLAN {}", filled(sql, *key));
        let rows = sqlx::query(AssertSqlSafe(explain))
            .fetch_all(&mut file)
            .await
            .unwrap();
        writeln!(plans, "{name}").unwrap();
        for row in rows {
            let step: String = row.get("detail");
            assert!(
                !step.starts_with("SCAN") || step.contains("INDEX"),
                "{name}: {step}"
            );
            writeln!(plans, "    {step}").unwrap();
        }
    }
    plans
}

/// `None` where there is no PostgreSQL, or one of another version, which words its plans in another way.
async fn on_postgresql() -> Option<String> {
    let test = test_support::postgres().await?;
    let Address::Postgres { owner, .. } = &test.address else {
        panic!("another engine")
    };
    // Only the owner may gather statistics.
    let mut owner = PgConnection::connect(owner).await.unwrap();
    owner
        .execute("SELECT set_config('app.role', 'service', false)")
        .await
        .unwrap();
    for sql in SEED {
        let sql = between(sql, '#', |number| {
            format!("lpad(to_hex(({number})::bigint), 32, '0')::uuid")
        });
        let sql = between(&sql, '@', |count| {
            format!("generate_series(1, {count}) AS n")
        });
        owner.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    owner.execute("ANALYZE").await.unwrap();
    owner.close().await.unwrap();
    // Row level security adds the same filters to every plan; they are left out.
    let mut tx = test.store.postgres_pool().unwrap().begin().await.unwrap();
    sqlx::query("SELECT set_config('app.role', 'service', true)")
        .execute(&mut *tx)
        .await
        .unwrap();
    let mut plans = String::new();
    for (name, key, sql) in LISTS {
        let explain = format!("EXPLAIN (COSTS OFF) {}", filled(sql, *key));
        let rows = sqlx::query(AssertSqlSafe(explain))
            .fetch_all(&mut *tx)
            .await
            .unwrap();
        writeln!(plans, "{name}").unwrap();
        // The policies' own queries hang on the nodes they filter.
        let mut policy = usize::MAX;
        for row in rows {
            let step: String = row.get(0);
            let depth = step.len() - step.trim_start().len();
            if depth > policy || step.trim_start().starts_with("Filter:") {
                continue;
            }
            policy = usize::MAX;
            if step.trim_start().starts_with("SubPlan") {
                policy = depth;
                continue;
            }
            // Part of a title is looked for from end to end; everything else has an index.
            assert!(
                !step.contains("Seq Scan") || sql.contains("LIKE"),
                "{name}: {step}"
            );
            let step = step
                .replace("'00000000-0000-0000-0000-000000000007'::uuid", "?")
                .replace(&format!("'{TIME}'::bigint"), "?")
                .replace("'m'::text", "?");
            writeln!(plans, "    {step}").unwrap();
        }
    }
    let version: String = sqlx::query("SHOW server_version_num")
        .fetch_one(&mut *tx)
        .await
        .unwrap()
        .get(0);
    version.starts_with("15").then_some(plans)
}
