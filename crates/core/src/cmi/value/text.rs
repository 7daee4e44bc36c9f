//! Text: lengths, identifiers, languages, navigation requests.

/// Whether a text is at most so long, in Unicode characters.
pub(super) fn fits(value: &str, characters: u32) -> bool {
    let limit = usize::try_from(characters).unwrap_or(usize::MAX);
    value.len() <= limit || value.chars().nth(limit).is_none()
}

/// CMIIdentifier (SCORM 1.2 RTE, 3.4.3): printable ASCII without blanks, at most 255.
pub(super) fn is_identifier_12(value: &str) -> bool {
    value.len() <= 255 && value.bytes().all(|byte| byte.is_ascii_graphic())
}

/// long_identifier_type (SCORM 2004 4th Ed. RTE, 4.1.1.5): a URI without blanks, a URN if it says so.
pub(super) fn is_long_identifier(value: &str) -> bool {
    let bare = |text: &str| {
        !text.is_empty() && fits(text, 4_000) && !text.chars().any(char::is_whitespace)
    };
    match value.strip_prefix("urn:") {
        Some(rest) => rest.split_once(':').is_some_and(|(space, name)| {
            (1..=31).contains(&space.len())
                && space
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && bare(name)
        }),
        None => bare(value),
    }
}

/// short_identifier_type (SCORM 2004 4th Ed. RTE, 4.1.1.6): the characters of a URI, at most 250.
pub(super) fn is_short_identifier(value: &str) -> bool {
    (1..=250).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~()+:=@;$!*'%/#?&".contains(&byte))
        && value
            .bytes()
            .any(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// language_type (SCORM 2004 4th Ed. RTE, 4.1.1.4): a language tag of ISO 646 letters and subtags.
pub(super) fn is_language(value: &str) -> bool {
    let mut parts = value.split('-');
    let primary = parts.next().unwrap_or("");
    let primary_fits = (2..=8).contains(&primary.len()) || matches!(primary, "i" | "x" | "I" | "X");
    value.len() <= 250
        && primary_fits
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// localized_string_type (SCORM 2004 4th Ed. RTE, 4.1.1.3): the length is that of the text alone.
pub(super) fn is_localized(value: &str, characters: u32) -> bool {
    match value.strip_prefix("{lang=") {
        Some(rest) => rest
            .split_once('}')
            .is_some_and(|(language, text)| is_language(language) && fits(text, characters)),
        None => fits(value, characters),
    }
}

/// `adl.nav.request` (SCORM 2004 4th Ed. SN, 5.6.4).
pub(super) fn is_navigation(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "_none_",
        "continue",
        "previous",
        "exit",
        "exitAll",
        "abandon",
        "abandonAll",
        "suspendAll",
    ];
    if WORDS.contains(&value) {
        return true;
    }
    let Some(rest) = value.strip_prefix("{target=") else {
        return false;
    };
    let Some((target, verb)) = rest.rsplit_once('}') else {
        return false;
    };
    matches!(verb, "choice" | "jump") && is_long_identifier(target) && !target.contains(['{', '}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_counts_characters_of_every_plane_as_one() {
        assert!(fits("\u{1F600}\u{1F600}", 2));
        assert!(!fits("\u{1F600}\u{1F600}a", 2));
        assert!(fits("", 0) && !fits("a", 0));
    }

    #[test]
    fn identifiers_have_no_blanks() {
        assert!(is_identifier_12("Q_1.a#~") && is_identifier_12(""));
        assert!(
            !is_identifier_12("Q 1")
                && !is_identifier_12("Ä")
                && !is_identifier_12(&"a".repeat(256))
        );
        assert!(is_long_identifier("urn:ADL:interaction-1") && is_long_identifier("http://a/ü"));
        assert!(
            !is_long_identifier("") && !is_long_identifier("a b") && !is_long_identifier("urn:x")
        );
        assert!(!is_long_identifier("urn::a") && !is_long_identifier(&"a".repeat(4_001)));
        assert!(
            is_short_identifier("a-1.b")
                && !is_short_identifier("a b")
                && !is_short_identifier("-")
        );
    }

    #[test]
    fn a_language_may_stand_before_a_text() {
        assert!(
            is_localized("{lang=en-GB}colour", 6)
                && is_localized("colour", 6)
                && is_localized("{x", 6)
        );
        assert!(
            !is_localized("{lang=en}colours", 6)
                && !is_localized("{lang=1}x", 6)
                && !is_localized("{lang=en", 9)
        );
        assert!(is_language("de") && is_language("zh-Hant-TW") && is_language("i-klingon"));
        assert!(
            !is_language("d") && !is_language("de_DE") && !is_language("de-") && !is_language("")
        );
    }

    #[test]
    fn a_navigation_request_is_a_word_or_names_its_target() {
        for good in [
            "continue",
            "_none_",
            "{target=act-1}choice",
            "{target=a.b_c}jump",
        ] {
            assert!(is_navigation(good), "{good}");
        }
        for bad in [
            "",
            "Continue",
            "choice",
            "jump",
            "{target=}choice",
            "{target=a b}choice",
            "{target=a}exit",
            "{target=a",
        ] {
            assert!(!is_navigation(bad), "{bad}");
        }
    }
}
