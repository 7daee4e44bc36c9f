//! Answers: SCORM 1.2 separates with commas and points (RTE, 3.4.4, `student_response`), SCORM 2004 with
//! `[,]` and `[.]` (4th Ed. RTE, 4.2.9.1).

/// A SCORM 1.2 answer in SCORM 2004's form.
pub(super) fn to_2004(interaction: &str, value: &str) -> Option<String> {
    match interaction {
        "true-false" => match value {
            "t" | "true" | "1" => Some("true".to_owned()),
            "f" | "false" | "0" => Some("false".to_owned()),
            _ => None,
        },
        "choice" | "sequencing" => Some(bare(value).replace(',', "[,]")),
        "matching" => Some(bare(value).replace(',', "[,]").replace('.', "[.]")),
        _ => Some(value.to_owned()),
    }
}

/// A SCORM 2004 answer in SCORM 1.2's form. `None` where parts hold a character that separates there.
pub(super) fn to_12(interaction: &str, value: &str) -> Option<String> {
    match interaction {
        "true-false" => match value {
            "true" => Some("t".to_owned()),
            "false" => Some("f".to_owned()),
            _ => None,
        },
        "choice" | "sequencing" => joined(value, false),
        "matching" => joined(value, true),
        _ => Some(value.to_owned()),
    }
}

/// SCORM 1.2 may put braces around a set of answers.
fn bare(value: &str) -> &str {
    value
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(value)
}

fn joined(value: &str, in_halves: bool) -> Option<String> {
    let mut parts = Vec::new();
    for part in value.split("[,]") {
        let halves: Vec<&str> = part.split("[.]").collect();
        let clash = |half: &&str| half.contains(',') || in_halves && half.contains('.');
        if halves.iter().any(clash) {
            return None;
        }
        parts.push(halves.join("."));
    }
    Some(parts.join(","))
}
