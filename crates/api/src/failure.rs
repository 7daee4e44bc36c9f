//! Why a call was refused: one class per subject, one stable reason code per cause.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// What a failure is about; each kind is one class of exceptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The family's base class.
    Base,
    /// A URL that the policy refuses.
    Url,
    /// A manifest that cannot be used.
    Manifest,
    /// A package that cannot be fetched or served.
    Fetch,
    /// A launch, a stored state or a journal that the data model refuses.
    DataModel,
    /// A sealed value that cannot be opened.
    Seal,
    /// A ticket that is not valid.
    Ticket,
    /// Options that the caller got wrong.
    Config,
}

impl Kind {
    /// Name of the class in its namespace.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Base => "Exception",
            Self::Url => "UrlException",
            Self::Manifest => "ManifestException",
            Self::Fetch => "FetchException",
            Self::DataModel => "DataModelException",
            Self::Seal => "SealException",
            Self::Ticket => "TicketException",
            Self::Config => "ConfigException",
        }
    }
}

/// Why a call failed; becomes one exception of the family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    kind: Kind,
    reason: &'static str,
    message: String,
    details: Vec<(&'static str, String)>,
}

impl Failure {
    /// A failure of `kind` with its stable reason code and an English message for logs.
    pub fn new(kind: Kind, reason: &'static str, message: impl ToString) -> Self {
        Self {
            kind,
            reason,
            // PHP cuts exception messages at a NUL in places; a message never needs one.
            message: message.to_string().replace('\0', ""),
            details: Vec::new(),
        }
    }

    /// An error of the crates below as a failure: its reason, its message, its placeholders.
    pub fn of(
        kind: Kind,
        reason: &'static str,
        error: &impl ToString,
        details: Vec<(&'static str, String)>,
    ) -> Self {
        Self::new(kind, reason, error.to_string()).with(details)
    }

    /// Adds facts for the placeholders of a localised message.
    #[must_use]
    pub fn with(mut self, details: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let details = details.into_iter();
        self.details
            .extend(details.map(|(name, value)| (name, value.replace('\0', ""))));
        self
    }

    /// The class it is thrown as.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The stable code of the cause, such as `url_scheme`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// The message, in English.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Facts for the placeholders of a localised message.
    #[must_use]
    pub fn details(&self) -> &[(&'static str, String)] {
        &self.details
    }
}

/// `{"class": …, "reason": …, "message": …, "details": {…}}`.
impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Details<'a>(&'a [(&'static str, String)]);

        impl Serialize for Details<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
            }
        }

        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("class", self.kind.class())?;
        map.serialize_entry("reason", self.reason)?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("details", &Details(&self.details))?;
        map.end()
    }
}
