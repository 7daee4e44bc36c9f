//! Numbers: CMIDecimal and CMISInteger of SCORM 1.2, real(10,7) of SCORM 2004.

use super::super::error::Reason;

/// CMIDecimal (SCORM 1.2 RTE, 3.4.3) as mod_scorm reads it: at most three digits before the point.
pub(in super::super) fn is_decimal_12(value: &str) -> bool {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    whole.len() <= 3 && fraction.len() <= 32 && digits(whole) && digits(fraction)
}

/// real(10,7) (SCORM 2004 4th Ed. RTE, 4.1.1.7): ten digits before the point, as many behind it as real
/// content sends.
pub(in super::super) fn is_real(value: &str) -> bool {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    (1..=10).contains(&whole.len())
        && digits(whole)
        && fraction.is_none_or(|fraction| (1..=18).contains(&fraction.len()) && digits(fraction))
}

/// A CMIDecimal within a range, as mod_scorm stores it. The empty string is zero to it.
pub(super) fn decimal_12_within(value: &str, min: f64, max: f64) -> Result<String, Reason> {
    if !is_decimal_12(value) {
        return Err(Reason::Type);
    }
    if value.is_empty() {
        return within(0.0, min, max);
    }
    within(value.parse().map_err(|_| Reason::Type)?, min, max)
}

/// real(10,7) within a range, as mod_scorm stores it.
pub(super) fn real_within(value: &str, min: f64, max: f64) -> Result<String, Reason> {
    within(parse_real(value).ok_or(Reason::Type)?, min, max)
}

/// CMISInteger (SCORM 1.2 RTE, 3.4.3) within a range.
pub(super) fn integer_within(value: &str, min: i64, max: i64) -> Result<String, Reason> {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    if unsigned.is_empty() || !digits(unsigned) {
        return Err(Reason::Type);
    }
    let number: i64 = value.parse().map_err(|_| Reason::Range)?;
    if (min..=max).contains(&number) {
        Ok(number.to_string())
    } else {
        Err(Reason::Range)
    }
}

/// The number a real(10,7) stands for.
pub(in super::super) fn parse_real(value: &str) -> Option<f64> {
    is_real(value).then(|| value.parse().ok()).flatten()
}

/// The number a text starts with, as JavaScript's `parseFloat` finds it: manifests hold mastery scores
/// such as `"80 "`.
pub(in super::super) fn leading_number(value: &str) -> Option<f64> {
    let value = value.trim_start();
    let mut seen_point = false;
    let end = value
        .char_indices()
        .find(|(at, character)| match character {
            '0'..='9' => false,
            '-' | '+' => *at != 0,
            '.' => std::mem::replace(&mut seen_point, true),
            _ => true,
        })
        .map_or(value.len(), |(at, _)| at);
    value.get(..end)?.parse().ok()
}

fn within(number: f64, min: f64, max: f64) -> Result<String, Reason> {
    if number < min || number > max {
        return Err(Reason::Range);
    }
    // Adding zero turns -0 into 0, as JavaScript prints it.
    Ok((number + 0.0).to_string())
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ranged_number_is_written_as_javascript_prints_it() {
        for (given, kept) in [
            ("85.0", "85"),
            ("085", "85"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-0", "0"),
            ("", "0"),
        ] {
            assert_eq!(
                decimal_12_within(given, 0.0, 100.0).as_deref(),
                Ok(kept),
                "{given}"
            );
        }
        assert_eq!(
            real_within("0.100000000000000005", -1.0, 1.0).as_deref(),
            Ok("0.1")
        );
    }

    #[test]
    fn what_is_no_number_is_a_type_error_and_what_is_too_large_a_range_error() {
        for bad in ["-", ".", "-.", "1e2", "1000", "5,5", " 5", "٣"] {
            assert_eq!(
                decimal_12_within(bad, 0.0, 100.0),
                Err(Reason::Type),
                "{bad}"
            );
        }
        for bad in [
            "",
            "-",
            "1.",
            ".5",
            "+1",
            "1e2",
            "12345678901",
            "NaN",
            "inf",
        ] {
            assert_eq!(real_within(bad, -1.0, 1.0), Err(Reason::Type), "{bad}");
        }
        assert_eq!(decimal_12_within("100.01", 0.0, 100.0), Err(Reason::Range));
        assert_eq!(real_within("-1.01", -1.0, 1.0), Err(Reason::Range));
        assert_eq!(integer_within("2", -1, 1), Err(Reason::Range));
        assert_eq!(
            integer_within("99999999999999999999", -1, 1),
            Err(Reason::Range)
        );
        assert_eq!(integer_within("0.5", -1, 1), Err(Reason::Type));
    }

    #[test]
    fn a_mastery_score_is_the_number_its_text_starts_with() {
        let cases = [
            ("80", Some(80.0)),
            (" 80%", Some(80.0)),
            ("7.5.1", Some(7.5)),
            ("-3x", Some(-3.0)),
            ("x", None),
            ("", None),
        ];
        for (text, number) in cases {
            assert_eq!(leading_number(text), number, "{text}");
        }
    }
}
