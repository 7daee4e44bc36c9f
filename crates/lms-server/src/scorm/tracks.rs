//! Tracks between the store and the data model: what learners write is sealed on its way in and opened on its way out.

use scormbridge_core::cmi::{Class, Row, Stored};
use scormbridge_core::sealing::{SealError, Vault, is_sealed};
use scormbridge_lms::classroom::{AttemptId, ScormTrack};

/// What a SCO goes on from. It only makes sense together.
const RESUMED_FROM: [&str; 5] = [
    "cmi.suspend_data",
    "cmi.core.lesson_location",
    "cmi.core.exit",
    "cmi.location",
    "cmi.exit",
];

/// Tracks as they can be read today.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// What the data model takes.
    pub(super) stored: Stored,
    /// What was sealed with a key that is gone, or for another place, as it is stored.
    pub(super) unreadable: Vec<ScormTrack>,
}

impl Opened {
    /// The elements of a new beginning: those that cannot be read, and where the learner was, which goes with them.
    pub(super) fn cleared(&self) -> Vec<String> {
        let lost = self.unreadable.iter().map(|track| &track.element);
        let names = self.stored.iter().map(|(name, _)| name);
        lost.chain(names.filter(|name| RESUMED_FROM.contains(&name.as_str())))
            .cloned()
            .collect()
    }
}

/// Opens what was sealed.
pub(super) fn opened(vault: &Vault, attempt: AttemptId, tracks: Vec<ScormTrack>) -> Opened {
    let attempt = attempt.to_string();
    let mut opened = Opened::default();
    for track in tracks {
        if !is_sealed(&track.value) {
            opened.stored.push((track.element, track.value));
            continue;
        }
        let context = [attempt.as_str(), track.sco.as_str(), track.element.as_str()];
        match vault.open(&track.value, &context) {
            Ok(value) => opened.stored.push((track.element, value)),
            Err(error) => {
                tracing::warn!(attempt, track.sco, track.element, %error, "a stored value cannot be read");
                opened.unreadable.push(track);
            }
        }
    }
    opened
}

/// What the store takes.
///
/// # Errors
/// [`SealError`] if a value cannot be sealed; nothing may be stored then.
pub(super) fn closed(
    vault: &Vault,
    attempt: AttemptId,
    sco: &str,
    rows: Vec<Row>,
) -> Result<Vec<ScormTrack>, SealError> {
    let attempt = attempt.to_string();
    rows.into_iter()
        .map(
            |Row {
                 element,
                 value,
                 class,
                 ..
             }| {
                let value = if is_the_learners(class) || is_sealed(&value) {
                    vault.seal(&value, &[attempt.as_str(), sco, element.as_str()])?
                } else {
                    value
                };
                Ok(ScormTrack {
                    sco: sco.to_owned(),
                    element,
                    value,
                })
            },
        )
        .collect()
}

/// Statuses, scores, times and bookmarks are what reports are made of; the rest is nobody else's business.
fn is_the_learners(class: Class) -> bool {
    matches!(class, Class::Suspend | Class::Interaction | Class::Comment)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use scormbridge_core::keys::Key;

    use super::*;

    fn row(element: &str, value: &str, class: Class) -> Row {
        Row {
            element: element.to_owned(),
            value: value.to_owned(),
            class,
        }
    }

    #[test]
    fn what_learners_write_is_sealed_and_comes_back() {
        let vault =
            Vault::new(BTreeMap::from([("k".to_owned(), Key::from([7; 32]))]), "k").unwrap();
        let attempt = AttemptId::from_bits(1);
        let looks_sealed = format!("esb1:k:{}", "A".repeat(64));
        let rows = vec![
            row("cmi.core.lesson_status", "passed", Class::Plain),
            row("cmi.suspend_data", "secret", Class::Suspend),
            row("cmi.core.lesson_location", &looks_sealed, Class::Location),
        ];
        let tracks = closed(&vault, attempt, "a", rows.clone()).unwrap();
        assert_eq!(tracks[0].value, "passed");
        assert!(is_sealed(&tracks[1].value) && is_sealed(&tracks[2].value));
        let expected: Stored = rows
            .into_iter()
            .map(|row| (row.element, row.value))
            .collect();
        let back = opened(&vault, attempt, tracks.clone());
        assert_eq!(back.stored, expected);
        assert_eq!(back.unreadable, []);
        let elsewhere = opened(&vault, AttemptId::from_bits(2), tracks.clone());
        assert_eq!(
            elsewhere.unreadable,
            tracks[1..],
            "a value belongs to its attempt"
        );
        assert_eq!(elsewhere.stored, expected[..1]);
        assert_eq!(
            elsewhere.cleared(),
            ["cmi.suspend_data", "cmi.core.lesson_location"]
        );
    }
}
