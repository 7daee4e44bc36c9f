//! Lines in a course's log about what its staff changed, in the unit of work of the change: both are kept or neither.

use scormbridge_lms::classroom::ports::Tx;
use scormbridge_lms::classroom::{CourseEvent, CourseId, EventId};
use serde_json::Value;

use crate::auth::CurrentUser;
use crate::error::AppError;
use crate::http::RequestId;
use crate::state::AppState;

/// Who asks, by which request.
pub(super) struct Audit<'a> {
    pub(super) state: &'a AppState,
    pub(super) user: &'a CurrentUser,
    pub(super) request: &'a RequestId,
}

impl Audit<'_> {
    /// Adds a line: `kind` is dotted, `details` an object, which the account is added to.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn note(
        &self,
        tx: &mut dyn Tx,
        course: CourseId,
        kind: &str,
        mut details: Value,
    ) -> Result<(), AppError> {
        if let Some(members) = details.as_object_mut() {
            members.insert("by".to_owned(), self.user.id.to_string().into());
        }
        let event = CourseEvent {
            id: EventId::random(self.state.entropy.as_ref()),
            course,
            attempt: None,
            kind: kind.to_owned(),
            payload: details.to_string(),
            at: self.state.clock.now(),
            request_id: self.request.as_str().to_owned(),
        };
        Ok(tx.events().append(&event).await?)
    }
}
