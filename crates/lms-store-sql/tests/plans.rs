//! How each engine runs the lists: by an index, in the index's order. `docs/data-model.md` shows the plans; run with
//! `UPDATE_DOCS=1` to write them there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fmt::Write as _;
use std::path::PathBuf;

use scormbridge_lms_store_sql::lists::{LISTS, SortKey};
use scormbridge_lms_store_sql::test_support;
use sqlx::{AssertSqlSafe, Row as _};

const ID: &str = "'00000000000000000000000000000007'";

/// The statement with values in place of its parameters: a plan needs some.
fn filled(sql: &str, key: SortKey) -> String {
    let (first, second, third) = match key {
        SortKey::Text => ("'m'", ID, "51"),
        SortKey::Time => ("1790000000000", ID, "51"),
        SortKey::None => (ID, "200", ""),
    };
    let fourth = if sql.contains("LIKE $4") {
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

#[tokio::test]
async fn sqlite_runs_every_list_by_an_index() {
    let test = test_support::sqlite().await;
    let mut plans = String::new();
    for (name, key, sql) in LISTS {
        let explain = format!("EXPLAIN QUERY PLAN {}", filled(sql, *key));
        let rows = sqlx::query(AssertSqlSafe(explain))
            .fetch_all(test.store.sqlite_pool().unwrap())
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
    document("SQLite", &plans);
}

#[tokio::test]
async fn postgresql_runs_every_list_by_an_index() {
    let Some(test) = test_support::postgres().await else {
        return;
    };
    // Row level security adds the same filters to every plan; they are left out, and so is what is only cheaper
    // while the tables are empty.
    let mut tx = test.store.postgres_pool().unwrap().begin().await.unwrap();
    sqlx::query(
        "SELECT set_config('app.role', 'service', true), set_config('enable_seqscan', 'off', true), \
         set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true), \
         set_config('enable_mergejoin', 'off', true)",
    )
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
            assert!(!step.contains("Seq Scan"), "{name}: {step}");
            let step = step
                .replace("'00000000-0000-0000-0000-000000000007'::uuid", "?")
                .replace("'1790000000000'::bigint", "?")
                .replace("'m'::text", "?");
            writeln!(plans, "    {step}").unwrap();
        }
    }
    let version: String = sqlx::query("SHOW server_version_num")
        .fetch_one(&mut *tx)
        .await
        .unwrap()
        .get(0);
    // Another version words its plans in another way.
    if version.starts_with("15") {
        document("PostgreSQL", &plans);
    }
}
