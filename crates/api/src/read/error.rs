//! Why a value could not be read, and where in its array it stood.

use std::fmt::Display;

use crate::{Failure, Kind};

/// What to say of text that is not UTF-8.
pub(super) const NOT_UTF8: &str = "the text is not UTF-8; convert it before the call";

/// The cause, each with its stable reason code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// The value has the wrong type, is missing, unknown or out of range.
    Value,
    /// A string is not UTF-8.
    Encoding,
    /// Arrays are nested too deeply, or contain themselves.
    Depth,
    /// There are too many array elements.
    Items,
    /// The strings are too long in total.
    Bytes,
}

impl Cause {
    fn reason(self) -> &'static str {
        match self {
            Self::Value => "input_value",
            Self::Encoding => "input_encoding",
            Self::Depth => "input_depth",
            Self::Items => "input_items",
            Self::Bytes => "input_bytes",
        }
    }
}

/// Why an array could not be read, with the path to the value, innermost key last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadError {
    cause: Cause,
    message: String,
    path: Vec<String>,
}

impl ReadError {
    pub(super) fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self {
            cause,
            message: message.into(),
            path: Vec::new(),
        }
    }

    /// Says under which key it happened. Called while the error travels outwards.
    #[must_use]
    pub(super) fn within(mut self, key: String) -> Self {
        self.path.push(key);
        self
    }

    /// The exception: where (`options.allow.3`), what, and the same as details.
    pub(crate) fn into_failure(self, kind: Kind, root: &str) -> Failure {
        let mut at = root.to_owned();
        for key in self.path.iter().rev() {
            at.push('.');
            at.push_str(key);
        }
        Failure::new(kind, self.cause.reason(), format!("{at}: {}", self.message))
            .with([("at", at), ("cause", self.message)])
    }
}

impl Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

impl serde::de::Error for ReadError {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(Cause::Value, message.to_string())
    }
}
