//! What a database's refusal means to the domain.

use scormbridge_lms::classroom::ports::StoreError;
use sqlx::error::ErrorKind;

/// Sorts a driver's error by what the caller can do about it.
pub(crate) fn translate(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(ref refusal) => match refusal.kind() {
            ErrorKind::UniqueViolation => StoreError::Conflict,
            ErrorKind::ForeignKeyViolation => StoreError::Reference,
            ErrorKind::NotNullViolation | ErrorKind::CheckViolation => StoreError::Invalid,
            _ => by_code(
                refusal
                    .code()
                    .as_deref()
                    .unwrap_or_default()
                    .to_owned()
                    .as_str(),
                error,
            ),
        },
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => StoreError::Unavailable(Box::new(error)),
        sqlx::Error::RowNotFound => StoreError::NotFound,
        error => StoreError::Broken(Box::new(error)),
    }
}

/// PostgreSQL, appendix A: five characters. SQLite, "Result and Error Codes": a number whose low byte is the
/// kind, 5 for busy and 6 for locked.
fn by_code(code: &str, error: sqlx::Error) -> StoreError {
    let busy_sqlite = code.len() < 5
        && code
            .parse::<u32>()
            .is_ok_and(|number| matches!(number & 0xff, 5 | 6));
    match code {
        // insufficient_privilege: also what row level security says to an INSERT.
        "42501" => StoreError::Denied,
        // serialization_failure, deadlock_detected, lock_not_available, query_canceled (statement_timeout).
        "40001" | "40P01" | "55P03" | "57014" => StoreError::Busy,
        _ if busy_sqlite => StoreError::Busy,
        // connection exceptions, insufficient resources, operator intervention.
        _ if code.len() == 5
            && (code.starts_with("08") || code.starts_with("53") || code.starts_with("57P")) =>
        {
            StoreError::Unavailable(Box::new(error))
        }
        _ => StoreError::Broken(Box::new(error)),
    }
}
