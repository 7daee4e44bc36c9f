//! The policy, asked before the store is: where the work for the answer must not be done for everybody, or the store is
//! asked on the server's own account.

use scormbridge_lms::classroom::policy::{Ground, Operation, Table, permits};
use scormbridge_lms::classroom::ports::Tx;
use scormbridge_lms::classroom::{Course, CourseId};

use crate::auth::CurrentUser;
use crate::error::AppError;

/// The course, if the caller may do this to what belongs to it, as its teacher or by their role. `tx` is the caller's.
///
/// # Errors
/// 404 for a course that they may not know of, 403 where the policy says no.
pub(crate) async fn course(
    tx: &mut dyn Tx,
    user: &CurrentUser,
    id: CourseId,
    table: Table,
    operation: Operation,
) -> Result<Course, AppError> {
    let course = tx.courses().get(id).await?;
    let grounds: &[Ground] = if course.teacher == user.id {
        &[Ground::Teaches]
    } else {
        &[]
    };
    if permits(&user.actor(), table, operation, grounds) {
        Ok(course)
    } else {
        Err(AppError::denied())
    }
}
