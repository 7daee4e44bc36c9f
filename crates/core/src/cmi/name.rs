//! Element names: `cmi.interactions.3.objectives.0.id` for a SCO, `cmi.interactions_3.objectives_0.id` in
//! mod_scorm's tables for SCORM 1.2, the SCO's own name there for SCORM 2004.

/// Longer names are no element of any data model.
const MAX_NAME_BYTES: usize = 255;

/// An element name with its indices taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// The name with `n` for every index.
    pub(super) pattern: String,
    /// First and second index, 0 where there is none.
    pub(super) indices: [u32; 2],
}

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameError {
    /// No element can be called that.
    Unknown,
    /// An index with leading zeros or out of any range.
    Index,
}

/// Reads a name as a SCO writes it.
pub(super) fn from_api(name: &str) -> Result<Name, NameError> {
    read(name, |segment| {
        if is_digits(segment) {
            Some((None, segment))
        } else {
            None
        }
    })
}

/// Reads a name as mod_scorm stores it: `interactions_3`, or `interactions.3`, or `interactions.N3`.
pub(super) fn from_storage(name: &str) -> Result<Name, NameError> {
    read(name, |segment| {
        if is_digits(segment) {
            return Some((None, segment));
        }
        if let Some(index) = segment.strip_prefix('N').filter(|rest| is_digits(rest)) {
            return Some((None, index));
        }
        let (collection, index) = segment.rsplit_once('_')?;
        (is_digits(index) && !collection.is_empty()).then_some((Some(collection), index))
    })
}

fn read<'a>(
    name: &'a str,
    index_of: impl Fn(&'a str) -> Option<(Option<&'a str>, &'a str)>,
) -> Result<Name, NameError> {
    if name.len() > MAX_NAME_BYTES {
        return Err(NameError::Unknown);
    }
    let mut pattern = String::with_capacity(name.len());
    let mut indices = [0; 2];
    let mut slots = indices.iter_mut();
    for segment in name.split('.') {
        if !pattern.is_empty() {
            pattern.push('.');
        }
        let Some((collection, digits)) = index_of(segment) else {
            // A literal `n` would pass for an index.
            if segment == "n" {
                return Err(NameError::Unknown);
            }
            pattern.push_str(segment);
            continue;
        };
        if let Some(collection) = collection {
            pattern.push_str(collection);
            pattern.push('.');
        }
        pattern.push('n');
        let slot = slots.next().ok_or(NameError::Unknown)?;
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(NameError::Index);
        }
        *slot = digits.parse().map_err(|_| NameError::Index)?;
    }
    Ok(Name { pattern, indices })
}

/// Writes a name with `.3` for an index (a SCO's names, and storage in SCORM 2004).
pub(super) fn dotted(pattern: &str, indices: [u32; 2]) -> String {
    fill(pattern, indices, '.')
}

/// Writes a name with `_3` for an index (storage in SCORM 1.2).
pub(super) fn underscored(pattern: &str, indices: [u32; 2]) -> String {
    fill(pattern, indices, '_')
}

fn fill(pattern: &str, indices: [u32; 2], separator: char) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut next = indices.into_iter();
    for (position, segment) in pattern.split('.').enumerate() {
        if segment == "n" {
            out.push(separator);
            out.push_str(&next.next().unwrap_or(0).to_string());
        } else {
            if position > 0 {
                out.push('.');
            }
            out.push_str(segment);
        }
    }
    out
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_storing_an_index_are_read() {
        let expected = Name {
            pattern: "cmi.interactions.n.objectives.n.id".into(),
            indices: [3, 12],
        };
        for name in [
            "cmi.interactions_3.objectives_12.id",
            "cmi.interactions.3.objectives.12.id",
            "cmi.interactions.N3.objectives.N12.id",
        ] {
            assert_eq!(from_storage(name).as_ref(), Ok(&expected), "{name}");
        }
        assert_eq!(
            from_api("cmi.interactions.3.objectives.12.id"),
            Ok(expected)
        );
    }

    #[test]
    fn underscores_of_plain_names_stay() {
        assert_eq!(
            from_storage("cmi.suspend_data").map(|name| name.pattern),
            Ok("cmi.suspend_data".into())
        );
        assert_eq!(
            from_api("cmi.interactions_3.id").map(|name| name.pattern),
            Ok("cmi.interactions_3.id".into())
        );
    }

    #[test]
    fn an_index_is_a_plain_number() {
        assert_eq!(from_api("cmi.objectives.01.id"), Err(NameError::Index));
        assert_eq!(
            from_api("cmi.objectives.99999999999.id"),
            Err(NameError::Index)
        );
        assert_eq!(from_api("cmi.objectives.n.id"), Err(NameError::Unknown));
        assert_eq!(from_api("cmi.a.0.b.0.c.0"), Err(NameError::Unknown));
        assert_eq!(from_api(&"a".repeat(256)), Err(NameError::Unknown));
    }

    #[test]
    fn names_are_written_as_each_side_wants_them() {
        let pattern = "cmi.interactions.n.objectives.n.id";
        assert_eq!(
            dotted(pattern, [3, 1]),
            "cmi.interactions.3.objectives.1.id"
        );
        assert_eq!(
            underscored(pattern, [3, 1]),
            "cmi.interactions_3.objectives_1.id"
        );
        assert_eq!(underscored("cmi.core.exit", [0, 0]), "cmi.core.exit");
    }
}
