//! What learners answer and what would be right, by type of interaction: SCORM 2004 4th Ed. RTE, 4.2.9.1
//! ("Correct Responses Pattern Data Model Element Specifics" and "Learner Response …").

use super::super::error::Reason;
use super::number::{is_real, parse_real};
use super::text::{fits, is_language, is_localized, is_short_identifier};

const BETWEEN_PARTS: &str = "[,]";
const BETWEEN_HALVES: &str = "[.]";
const BETWEEN_BOUNDS: &str = "[:]";

/// How many correct-response patterns an interaction of this type may have, where that is limited.
pub(in super::super) fn patterns_at_most(interaction: &str) -> Option<u32> {
    matches!(interaction, "true-false" | "likert" | "numeric" | "other").then_some(1)
}

/// Whether two patterns of an interaction of this type must differ.
pub(in super::super) fn patterns_are_unique(interaction: &str) -> bool {
    matches!(interaction, "choice" | "long-fill-in")
}

/// Checks a `learner_response`.
pub(super) fn check_response(interaction: &str, value: &str) -> Result<(), Reason> {
    match interaction {
        "true-false" => only(matches!(value, "true" | "false")),
        "choice" => choice(value),
        "fill-in" => parts(value, 10, |part| is_localized(part, 250)),
        "long-fill-in" => only(is_localized(value, 4_000)),
        "matching" => parts(value, 36, |part| {
            halves(part, is_short_identifier, is_short_identifier)
        }),
        "performance" => parts(value, 250, is_step),
        "sequencing" => parts(value, 36, is_short_identifier),
        "likert" => only(is_short_identifier(value)),
        "numeric" => only(is_real(value)),
        _ => only(fits(value, 4_000)),
    }
}

/// Checks a `correct_responses.n.pattern`.
pub(super) fn check_pattern(interaction: &str, value: &str) -> Result<(), Reason> {
    match interaction {
        "fill-in" => parts(without_flags(value)?, 10, |part| is_localized(part, 250)),
        "long-fill-in" => only(is_localized(without_flags(value)?, 4_000)),
        "performance" => parts(without_flags(value)?, 250, is_step),
        "numeric" => numeric_range(value),
        "matching" | "sequencing" => check_response(interaction, without_flags(value)?),
        _ => check_response(interaction, value),
    }
}

fn only(fits: bool) -> Result<(), Reason> {
    if fits { Ok(()) } else { Err(Reason::Type) }
}

fn parts(value: &str, at_most: usize, fits: impl Fn(&str) -> bool) -> Result<(), Reason> {
    if value.split(BETWEEN_PARTS).count() > at_most {
        return Err(Reason::TooManyParts);
    }
    only(value.split(BETWEEN_PARTS).all(fits))
}

/// A set: no identifier twice. It may be empty, when nothing was (or is to be) chosen.
fn choice(value: &str) -> Result<(), Reason> {
    if value.is_empty() {
        return Ok(());
    }
    parts(value, 36, is_short_identifier)?;
    let mut chosen: Vec<&str> = value.split(BETWEEN_PARTS).collect();
    chosen.sort_unstable();
    only(chosen.windows(2).all(|pair| pair.first() != pair.last()))
}

fn halves(part: &str, left: impl Fn(&str) -> bool, right: impl Fn(&str) -> bool) -> bool {
    let mut halves = part.split(BETWEEN_HALVES);
    match (halves.next(), halves.next(), halves.next()) {
        (Some(first), Some(second), None) => left(first) && right(second),
        _ => false,
    }
}

/// A step of a performance: a name and an answer, of which either may be left out.
fn is_step(part: &str) -> bool {
    halves(
        part,
        |name| name.is_empty() || is_short_identifier(name),
        |answer| fits(answer, 250),
    )
}

/// `min[:]max`, where either bound may be left open, or one number.
fn numeric_range(value: &str) -> Result<(), Reason> {
    let Some((min, max)) = value.split_once(BETWEEN_BOUNDS) else {
        return only(is_real(value));
    };
    let fits = |bound: &str| bound.is_empty() || is_real(bound);
    let ordered = match (parse_real(min), parse_real(max)) {
        (Some(min), Some(max)) => min <= max,
        _ => true,
    };
    only(fits(min) && fits(max) && ordered)
}

/// Takes `{case_matters=…}` and `{order_matters=…}` off the front; a `{lang=…}` may stand before them.
fn without_flags(value: &str) -> Result<&str, Reason> {
    let mut rest = value;
    loop {
        let Some((name, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('='))
        else {
            return Ok(rest);
        };
        let Some((setting, after)) = after.split_once('}') else {
            return Err(Reason::Type);
        };
        match name {
            "case_matters" | "order_matters" if matches!(setting, "true" | "false") => rest = after,
            "lang" if is_language(setting) && starts_with_flag(after) => rest = after,
            "case_matters" | "order_matters" => return Err(Reason::Type),
            _ => return Ok(rest),
        }
    }
}

fn starts_with_flag(text: &str) -> bool {
    text.starts_with("{case_matters=") || text.starts_with("{order_matters=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_has_the_form_of_its_interaction() {
        let type_error = Err(Reason::Type);
        for (interaction, value, expected) in [
            ("true-false", "true", Ok(())),
            ("true-false", "t", type_error),
            ("choice", "a[,]b", Ok(())),
            ("choice", "", Ok(())),
            ("choice", "a[,]a", type_error),
            ("choice", "a b", type_error),
            ("fill-in", "{lang=en}car[,]bus stop", Ok(())),
            ("long-fill-in", "a\nb", Ok(())),
            ("matching", "1[.]a[,]2[.]b", Ok(())),
            ("matching", "1[.]a[.]b", type_error),
            ("matching", "1", type_error),
            ("performance", "step1[.]answer one[,][.]5", Ok(())),
            ("sequencing", "a[,]a", Ok(())),
            ("likert", "likert_1", Ok(())),
            ("likert", "", type_error),
            ("numeric", "-5.5", Ok(())),
            ("numeric", "five", type_error),
            ("other", "anything at all", Ok(())),
        ] {
            assert_eq!(
                check_response(interaction, value),
                expected,
                "{interaction} {value}"
            );
        }
    }

    #[test]
    fn a_pattern_has_the_form_of_its_interaction() {
        let type_error = Err(Reason::Type);
        for (interaction, value, expected) in [
            (
                "fill-in",
                "{case_matters=true}{order_matters=false}{lang=en}car[,]bus",
                Ok(()),
            ),
            ("fill-in", "{lang=en}{case_matters=true}car", Ok(())),
            ("fill-in", "{case_matters=maybe}car", type_error),
            ("performance", "{order_matters=true}a[.]1", Ok(())),
            ("numeric", "1[:]2", Ok(())),
            ("numeric", "[:]2", Ok(())),
            ("numeric", "2[:]1", type_error),
            ("numeric", "1", Ok(())),
            ("true-false", "false", Ok(())),
        ] {
            assert_eq!(
                check_pattern(interaction, value),
                expected,
                "{interaction} {value}"
            );
        }
        let many = vec!["a"; 37].join(BETWEEN_PARTS);
        assert_eq!(
            check_pattern("sequencing", &many),
            Err(Reason::TooManyParts)
        );
    }
}
