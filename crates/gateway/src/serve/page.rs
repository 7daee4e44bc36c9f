//! What a learner, or a script of the SCO, gets instead of a file.

use scormbridge_core::ticket::TicketError;

use crate::error::FetchError;

use super::path::PathRefusal;

/// Why a request for content was not answered with content.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The ticket is not one of this site's, or not one for content.
    #[error("the ticket is not valid: {0}")]
    Ticket(TicketError),
    /// The ticket was valid once.
    #[error("the ticket has expired")]
    Expired,
    /// This gateway was made without keys.
    #[error("this gateway serves no content")]
    NotServing,
    /// The path leads outside the package, or is not one.
    #[error("the path is refused: {detail}")]
    Path {
        /// What is wrong with it.
        detail: String,
    },
    /// A method other than `GET`, `HEAD` or `OPTIONS`.
    #[error("the method {method} is not allowed")]
    Method {
        /// The method of the request.
        method: String,
    },
    /// A ticket for the content host was presented on the site's own host, where content would share its origin.
    #[error("content for a host of its own was asked for on the site's host")]
    WrongHost,
    /// A service worker would outlive the ticket and answer in the gateway's place.
    #[error("service workers are not allowed")]
    ServiceWorker,
    /// The CDN has sent the gateway back to the gateway.
    #[error("the CDN redirects to this gateway")]
    Loop,
    /// The CDN has no such file, or does not show it to the public.
    #[error("{url} does not exist (status {status})")]
    Missing {
        /// URL that was asked.
        url: String,
        /// HTTP status code.
        status: u16,
    },
    /// The CDN did not answer, or not with a file.
    #[error(transparent)]
    Upstream(#[from] FetchError),
}

impl From<TicketError> for ServeError {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Expired { .. } => Self::Expired,
            other => Self::Ticket(other),
        }
    }
}

impl From<PathRefusal> for ServeError {
    fn from(refusal: PathRefusal) -> Self {
        Self::Path {
            detail: refusal.to_string(),
        }
    }
}

impl ServeError {
    /// Stable code, for logs.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Ticket(error) => error.reason(),
            Self::Expired => "ticket_expired",
            Self::NotServing => "content_not_serving",
            Self::Path { .. } => "content_path",
            Self::Method { .. } => "content_method",
            Self::WrongHost => "content_wrong_host",
            Self::ServiceWorker => "content_service_worker",
            Self::Loop => "content_loop",
            Self::Missing { .. } => "content_missing",
            Self::Upstream(error) => error.reason(),
        }
    }

    /// HTTP status code that says so.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Ticket(_)
            | Self::Expired
            | Self::NotServing
            | Self::WrongHost
            | Self::ServiceWorker => 403,
            Self::Path { .. } => 400,
            Self::Method { .. } => 405,
            Self::Missing { .. } => 404,
            Self::Loop => 508,
            Self::Upstream(FetchError::Timeout { .. }) => 504,
            Self::Upstream(FetchError::Client { .. }) => 500,
            Self::Upstream(_) => 502,
        }
    }

    /// What to tell the learner: title and advice. Says nothing about the inner workings.
    fn message(&self) -> (&'static str, &'static str) {
        match self {
            Self::Expired => (
                "This activity has been open for too long",
                "Go back to the course and open the activity again.",
            ),
            Self::Ticket(_) | Self::NotServing | Self::WrongHost | Self::ServiceWorker => (
                "This content cannot be opened here",
                "Go back to the course and open the activity again.",
            ),
            Self::Path { .. } | Self::Missing { .. } => (
                "A part of this activity is missing",
                "Tell your teacher. The package may have been moved or changed.",
            ),
            Self::Method { .. } => (
                "This cannot be done here",
                "Go back to the course and open the activity again.",
            ),
            Self::Loop | Self::Upstream(_) => (
                "The server that holds this activity does not answer",
                "Wait a moment and try again. If it does not help, tell your teacher.",
            ),
        }
    }

    /// A page for a person.
    pub(crate) fn page(&self) -> String {
        let (title, advice) = self.message();
        let reason = self.reason();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
             <style>:root{{color-scheme:light dark}}body{{font:1.125rem/1.5 system-ui,sans-serif;max-width:36rem;\
             margin:4rem auto;padding:0 1.5rem}}small{{opacity:.75}}</style></head>\n\
             <body><main role=\"alert\"><h1>{title}</h1><p>{advice}</p><p><small>{reason}</small></p></main></body>\n</html>\n"
        )
    }

    /// The same for a program.
    pub(crate) fn line(&self) -> String {
        let (title, _) = self.message();
        format!("{title} ({})\n", self.reason())
    }
}
