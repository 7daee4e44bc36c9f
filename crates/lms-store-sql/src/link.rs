//! One face for the two drivers: values in, rows out, nothing else.
//!
//! sqlx has such a face of its own (`Any`), but it knows neither UUIDs nor hooks on the pool.

use scormbridge_lms::classroom::Timestamp;
use scormbridge_lms::classroom::ports::StoreError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::types::Uuid;
use sqlx::{AssertSqlSafe, Postgres, Row as _, Sqlite};

use crate::error::translate;
use crate::postgres::PgWork;

/// A value to bind. `None` is NULL of that type.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// `uuid`, or 32 hexadecimal digits.
    Id(Option<u128>),
    /// `text`.
    Text(Option<String>),
    /// `bigint`.
    Int(Option<i64>),
    /// `double precision`.
    Real(Option<f64>),
    /// `boolean`, or 0 and 1.
    Bool(bool),
    /// `bytea`, or a blob.
    Bytes(Vec<u8>),
}

macro_rules! values {
    ($($from:ty => |$value:ident| $made:expr;)+) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $made
            }
        }
    )+};
}

values! {
    &str => |text| Self::Text(Some(text.to_owned()));
    String => |text| Self::Text(Some(text));
    &String => |text| Self::Text(Some(text.clone()));
    Option<&str> => |text| Self::Text(text.map(str::to_owned));
    &Option<String> => |text| Self::Text(text.clone());
    i64 => |number| Self::Int(Some(number));
    Option<i64> => |number| Self::Int(number);
    Timestamp => |time| Self::Int(Some(time.0));
    Option<Timestamp> => |time| Self::Int(time.map(|time| time.0));
    Option<f64> => |number| Self::Real(number);
    bool => |flag| Self::Bool(flag);
    &[u8; 32] => |bytes| Self::Bytes(bytes.to_vec());
}

macro_rules! id_values {
    ($($id:ident)+) => {$(
        impl From<scormbridge_lms::classroom::$id> for Value {
            fn from(id: scormbridge_lms::classroom::$id) -> Self {
                Self::Id(Some(id.bits()))
            }
        }

        impl From<Option<scormbridge_lms::classroom::$id>> for Value {
            fn from(id: Option<scormbridge_lms::classroom::$id>) -> Self {
                Self::Id(id.map(|id| id.bits()))
            }
        }
    )+};
}

id_values! {
    UserId CourseId LessonId EnrollmentId ProviderId AttemptId LaunchId AliasId EventId AssetId
    ExternalCourseId VersionId TargetId AssignmentId ScormLaunchId
}

/// The values of a statement, in the order of `$1`, `$2` …
macro_rules! values_of {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::link::Value::from($value)),*]
    };
}
pub(crate) use values_of;

/// A row that came back.
pub(crate) enum Row {
    Postgres(PgRow),
    Sqlite(SqliteRow),
}

/// A column that does not hold what this program put there.
#[derive(Debug, thiserror::Error)]
#[error("column {0} holds something else than this program writes")]
struct Strange(&'static str);

/// For text and numbers that are not among those this program writes.
pub(crate) fn strange(column: &'static str) -> StoreError {
    StoreError::Broken(Box::new(Strange(column)))
}

macro_rules! read {
    ($row:expr, $column:expr) => {
        match $row {
            Row::Postgres(row) => row.try_get($column),
            Row::Sqlite(row) => row.try_get($column),
        }
        .map_err(translate)
    };
}

impl Row {
    pub(crate) fn opt_id_bits(&self, column: &'static str) -> Result<Option<u128>, StoreError> {
        match self {
            Self::Postgres(row) => {
                let id: Option<Uuid> = row.try_get(column).map_err(translate)?;
                Ok(id.map(|id| id.as_u128()))
            }
            Self::Sqlite(row) => {
                let text: Option<&str> = row.try_get(column).map_err(translate)?;
                text.map(|text| u128::from_str_radix(text, 16).map_err(|_| strange(column)))
                    .transpose()
            }
        }
    }

    pub(crate) fn id<T>(
        &self,
        column: &'static str,
        make: impl FnOnce(u128) -> T,
    ) -> Result<T, StoreError> {
        self.opt_id_bits(column)?
            .map(make)
            .ok_or_else(|| strange(column))
    }

    pub(crate) fn opt_id<T>(
        &self,
        column: &'static str,
        make: impl FnOnce(u128) -> T,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.opt_id_bits(column)?.map(make))
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        read!(self, column)
    }

    pub(crate) fn opt_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        read!(self, column)
    }

    /// Text that must be one of the words `parse` knows.
    pub(crate) fn word<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        parse(&self.text(column)?).ok_or_else(|| strange(column))
    }

    /// JSON this program wrote.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|_| strange(column))
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        read!(self, column)
    }

    pub(crate) fn opt_int(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        read!(self, column)
    }

    /// A number that fits a smaller type.
    pub(crate) fn small<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        T::try_from(self.int(column)?).map_err(|_| strange(column))
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.int(column).map(Timestamp)
    }

    pub(crate) fn opt_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int(column)?.map(Timestamp))
    }

    pub(crate) fn opt_real(&self, column: &'static str) -> Result<Option<f64>, StoreError> {
        read!(self, column)
    }

    /// NULL counts as no.
    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        let flag: Option<bool> = read!(self, column)?;
        Ok(flag.unwrap_or(false))
    }

    pub(crate) fn hash(&self, column: &'static str) -> Result<[u8; 32], StoreError> {
        let bytes: Vec<u8> = read!(self, column)?;
        bytes.try_into().map_err(|_| strange(column))
    }
}

/// An open transaction of either engine.
pub(crate) enum Link {
    Postgres(PgWork),
    Sqlite(sqlx::Transaction<'static, Sqlite>),
}

type PgQuery = Query<'static, Postgres, PgArguments>;
type LiteQuery = Query<'static, Sqlite, SqliteArguments>;

fn pg(query: PgQuery, values: Vec<Value>) -> PgQuery {
    values.into_iter().fold(query, |query, value| match value {
        Value::Id(id) => query.bind(id.map(Uuid::from_u128)),
        Value::Text(text) => query.bind(text),
        Value::Int(number) => query.bind(number),
        Value::Real(number) => query.bind(number),
        Value::Bool(flag) => query.bind(flag),
        Value::Bytes(bytes) => query.bind(bytes),
    })
}

fn lite(query: LiteQuery, values: Vec<Value>) -> LiteQuery {
    values.into_iter().fold(query, |query, value| match value {
        Value::Id(id) => query.bind(id.map(|id| format!("{id:032x}"))),
        Value::Text(text) => query.bind(text),
        Value::Int(number) => query.bind(number),
        Value::Real(number) => query.bind(number),
        Value::Bool(flag) => query.bind(flag),
        Value::Bytes(bytes) => query.bind(bytes),
    })
}

/// PostgreSQL has no text with NUL. SQLite has, and is held to the same.
fn storable(values: &[Value]) -> Result<(), StoreError> {
    let nul = |value: &Value| matches!(value, Value::Text(Some(text)) if text.contains('\0'));
    if values.iter().any(nul) {
        Err(StoreError::Invalid)
    } else {
        Ok(())
    }
}

impl Link {
    /// Runs a statement; says how many rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        storable(&values)?;
        match self {
            Self::Postgres(tx) => pg(sqlx::query(sql), values)
                .execute(tx.connection().map_err(translate)?)
                .await
                .map(|done| done.rows_affected()),
            Self::Sqlite(tx) => lite(sqlx::query(sql), values)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err(translate)
    }

    /// The one row, or none.
    pub(crate) async fn find(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        storable(&values)?;
        match self {
            Self::Postgres(tx) => pg(sqlx::query(sql), values)
                .fetch_optional(tx.connection().map_err(translate)?)
                .await
                .map(|row| row.map(Row::Postgres)),
            Self::Sqlite(tx) => lite(sqlx::query(sql), values)
                .fetch_optional(&mut **tx)
                .await
                .map(|row| row.map(Row::Sqlite)),
        }
        .map_err(translate)
    }

    /// The one row, locked until the transaction ends. On SQLite a transaction that writes is alone anyway.
    pub(crate) async fn find_locked(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        storable(&values)?;
        match self {
            Self::Postgres(tx) => {
                let locking = AssertSqlSafe(format!("{sql} FOR UPDATE"));
                pg(sqlx::query(locking), values)
                    .fetch_optional(tx.connection().map_err(translate)?)
                    .await
                    .map(|row| row.map(Row::Postgres))
                    .map_err(translate)
            }
            Self::Sqlite(_) => self.find(sql, values).await,
        }
    }

    /// All rows.
    pub(crate) async fn all(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        storable(&values)?;
        match self {
            Self::Postgres(tx) => pg(sqlx::query(sql), values)
                .fetch_all(tx.connection().map_err(translate)?)
                .await
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
            Self::Sqlite(tx) => lite(sqlx::query(sql), values)
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Row::Sqlite).collect()),
        }
        .map_err(translate)
    }

    /// Takes the advisory lock of this work until the transaction ends, if it is free. On SQLite a transaction that
    /// writes is alone anyway.
    pub(crate) async fn alone(&mut self, work: i64) -> Result<bool, StoreError> {
        match self {
            Self::Postgres(tx) => sqlx::query("SELECT pg_try_advisory_xact_lock($1) AS taken")
                .bind(work)
                .fetch_one(tx.connection().map_err(translate)?)
                .await
                .and_then(|row| row.try_get("taken"))
                .map_err(translate),
            Self::Sqlite(_) => Ok(true),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Postgres(tx) => tx.commit().await,
            Self::Sqlite(tx) => tx.commit().await,
        }
        .map_err(translate)
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Postgres(tx) => tx.rollback().await,
            Self::Sqlite(tx) => tx.rollback().await,
        }
        .map_err(translate)
    }
}
