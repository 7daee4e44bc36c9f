//! What comes out of a secret of the site (HMAC-SHA-256), each thing independently of every other.
//!
//! How a learner's browser tells them from others who use it (`docs/protocol.md`, "What the browser keeps"): what waits
//! there to be sent is filed under the tag and sealed with the key. Whoever finds a tag on a shared computer learns
//! neither the key nor whose it is. Neither may ever be given to anybody but that learner.
//!
//! And by which a way through a package is known again as one that this site offered.

use data_encoding::HEXLOWER;
use ring::hmac::{self, HMAC_SHA256};
use scormbridge_core::keys::KeyError;
use scormbridge_lms::classroom::{EnrollmentId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::KeySet;
use crate::keys;

/// Who the learner of a launch is to their own browser.
#[derive(Serialize, ToSchema)]
pub(super) struct Owner {
    /// Names the learner without saying who it is: 32 hexadecimal digits.
    tag: String,
    /// Seals what the browser keeps for the learner: 64 hexadecimal digits.
    key: String,
}

/// The secret that all of it is derived from.
pub(super) struct Derived(hmac::Key);

impl Derived {
    /// From the current key of a set.
    ///
    /// # Errors
    /// [`KeyError`] if there is none.
    pub(super) fn new(settings: &KeySet) -> Result<Self, KeyError> {
        let (keys, current) = keys::keys(settings)?;
        let key = keys
            .get(&current)
            .ok_or(KeyError::Current { id: current })?;
        Ok(Self(hmac::Key::new(HMAC_SHA256, key.to_hex().as_bytes())))
    }

    /// The learner's tag.
    pub(super) fn tag(&self, user: UserId) -> String {
        self.short(&format!("owner tag {user}"))
    }

    /// What is told to the learner's own page, and to nobody else.
    pub(super) fn of(&self, user: UserId) -> Owner {
        Owner {
            tag: self.tag(user),
            key: self.derive(&format!("owner key {user}")),
        }
    }

    /// Proves that this site has offered a learner the way to a SCO: 32 hexadecimal digits.
    pub(super) fn way(&self, enrollment: EnrollmentId, sco: &str) -> String {
        self.short(&format!("way {enrollment} {sco}"))
    }

    fn short(&self, about: &str) -> String {
        let mut text = self.derive(about);
        text.truncate(32);
        text
    }

    fn derive(&self, about: &str) -> String {
        let about = format!("scormbridge {about}");
        HEXLOWER.encode(hmac::sign(&self.0, about.as_bytes()).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use secrecy::SecretString;

    use super::*;

    fn site(digit: &str) -> Derived {
        let set = KeySet {
            keys: BTreeMap::from([("k".to_owned(), SecretString::from(digit.repeat(64)))]),
            current: Some("k".to_owned()),
        };
        Derived::new(&set).unwrap()
    }

    #[test]
    fn every_learner_has_a_tag_and_a_key_that_say_nothing_of_each_other() {
        let site = site("a");
        let ana = site.of(UserId::from_bits(1));
        assert_eq!((ana.tag.len(), ana.key.len()), (32, 64));
        assert!(!ana.key.contains(&ana.tag));
        assert_eq!(ana.tag, site.tag(UserId::from_bits(1)));
        let ben = site.of(UserId::from_bits(2));
        assert!(ana.tag != ben.tag && ana.key != ben.key);
        let elsewhere = self::site("b").of(UserId::from_bits(1));
        assert_ne!(ana.key, elsewhere.key);
    }

    #[test]
    fn a_way_is_of_one_enrolment_to_one_sco() {
        let site = site("a");
        let (one, other) = (EnrollmentId::from_bits(1), EnrollmentId::from_bits(2));
        assert_eq!(site.way(one, "a"), site.way(one, "a"));
        assert_ne!(site.way(one, "a"), site.way(one, "b"));
        assert_ne!(site.way(one, "a"), site.way(other, "a"));
    }

    #[test]
    fn a_set_without_its_current_key_makes_nobody() {
        let set = KeySet {
            keys: BTreeMap::from([("k".to_owned(), SecretString::from("a".repeat(64)))]),
            current: Some("other".to_owned()),
        };
        assert!(matches!(Derived::new(&set), Err(KeyError::Current { .. })));
    }
}
