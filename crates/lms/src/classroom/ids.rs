//! Opaque identifiers: 128 random bits, written as 32 lower-case hexadecimal digits.
//!
//! One type per thing, so that a course is never mistaken for a lesson. An id says nothing about order,
//! age or number of what it names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::time::Entropy;

/// Text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an id is 32 lower-case hexadecimal digits")]
pub struct IdError;

fn parse(text: &str) -> Result<u128, IdError> {
    let digits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !digits {
        return Err(IdError);
    }
    u128::from_str_radix(text, 16).map_err(|_| IdError)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u128);

        impl $name {
            /// A fresh id.
            pub fn random(entropy: &dyn Entropy) -> Self {
                Self(u128::from_be_bytes(entropy.bytes()))
            }

            /// The id of these bits, as a store keeps them.
            #[must_use]
            pub const fn from_bits(bits: u128) -> Self {
                Self(bits)
            }

            /// The bits, for a store.
            #[must_use]
            pub const fn bits(self) -> u128 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:032x})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    UserId;
    /// A course of this site.
    CourseId;
    /// A lesson of a course.
    LessonId;
    /// One learner's place in one course.
    EnrollmentId;
    /// Who hosts interactive courses.
    ProviderId;
    /// One go at a course.
    AttemptId;
    /// One launch, and the nonce of its token: redeemed once.
    LaunchId;
    /// What a provider knows a learner by.
    AliasId;
    /// One line of the event log.
    EventId;
    /// A file of an attempt.
    AssetId;
    /// A course in the registry of external courses.
    ExternalCourseId;
    /// One version of an external course.
    VersionId;
    /// The link from an assignment to a version.
    TargetId;
    /// An assignment. The *learn* module owns it; here it is a name.
    AssignmentId;
    /// One launch of one SCO: the journal's scope.
    ScormLaunchId;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_reads_back_from_its_text(bits: u128) {
            let id = CourseId::from_bits(bits);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<CourseId>(&json).unwrap(), id);
        }
    }

    #[test]
    fn text_of_another_form_is_no_id() {
        for text in [
            "",
            "0",
            &"A".repeat(32),
            &"0".repeat(33),
            "+0000000000000000000000000000000",
        ] {
            assert_eq!(text.parse::<UserId>(), Err(IdError), "{text}");
        }
    }
}
