//! Which part of a learner's file a request wants (RFC 9110, 13.1.5 and 14.2).
//!
//! One range is answered as asked. Several at once are not: they may ask for more bytes than the file has, and the
//! standard lets a server answer with the whole.

use axum::http::{HeaderMap, HeaderName, header};

/// What a request wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// The bytes from the first to the last, both included.
    Part(u64, u64),
    /// Bytes that the file does not have.
    Beyond,
}

/// What a request wants of a file of so many bytes that has this entity tag. What cannot be understood is as if it were
/// not said.
pub(super) fn wanted(headers: &HeaderMap, bytes: u64, etag: &str) -> Wanted {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    if text(header::IF_RANGE).is_some_and(|known| known != etag) {
        return Wanted::Whole;
    }
    text(header::RANGE)
        .and_then(|range| part(range, bytes))
        .unwrap_or(Wanted::Whole)
}

/// `None` for what is no range.
fn part(range: &str, bytes: u64) -> Option<Wanted> {
    let (unit, rest) = range.split_once('=')?;
    let (first, last) = rest.trim().split_once('-')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than a number has are beyond every file.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let end = bytes.checked_sub(1)?;
    let (first, last) = match (first, last) {
        ("", suffix) => match number(suffix)? {
            0 => return Some(Wanted::Beyond),
            count => (bytes.saturating_sub(count), end),
        },
        (first, "") => (number(first)?, end),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.min(end))
        }
    };
    Some(if first > end {
        Wanted::Beyond
    } else {
        Wanted::Part(first, last)
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn of_ten(range: &str) -> Wanted {
        asked(range, None, 10)
    }

    fn asked(range: &str, known: Option<&'static str>, bytes: u64) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        if let Some(known) = known {
            headers.insert(header::IF_RANGE, HeaderValue::from_static(known));
        }
        wanted(&headers, bytes, "\"a\"")
    }

    #[test]
    fn a_range_is_a_part_of_the_file_or_none() {
        use Wanted::{Beyond, Part, Whole};
        for (range, expected) in [
            ("bytes=0-0", Part(0, 0)),
            ("bytes=2-5", Part(2, 5)),
            ("bytes=2-", Part(2, 9)),
            ("bytes=2-99", Part(2, 9)),
            ("bytes=-3", Part(7, 9)),
            ("bytes=-99", Part(0, 9)),
            ("Bytes= 2-5", Part(2, 5)),
            ("bytes=10-", Beyond),
            ("bytes=10-12", Beyond),
            ("bytes=99999999999999999999-", Beyond),
            ("bytes=-0", Beyond),
            ("bytes=5-2", Whole),
            ("bytes=0-1,4-5", Whole),
            ("bytes=+1-2", Whole),
            ("bytes=-", Whole),
            ("bytes=a-b", Whole),
            ("bytes", Whole),
            ("lines=0-1", Whole),
            ("", Whole),
        ] {
            assert_eq!(of_ten(range), expected, "{range}");
        }
        assert_eq!(wanted(&HeaderMap::new(), 10, "\"a\""), Whole);
    }

    #[test]
    fn a_range_of_another_file_is_the_whole_of_this_one() {
        assert_eq!(asked("bytes=1-2", Some("\"a\""), 10), Wanted::Part(1, 2));
        assert_eq!(asked("bytes=1-2", Some("\"b\""), 10), Wanted::Whole);
        assert_eq!(asked("bytes=1-2", Some("W/\"a\""), 10), Wanted::Whole);
    }

    proptest! {
        #[test]
        fn no_range_leaves_the_file(range in "(bytes)?=?[0-9,-]{0,12}|[ -~]{0,20}", bytes in 1_u64..50) {
            if let Wanted::Part(first, last) = asked(&range, None, bytes) {
                prop_assert!(first <= last && last < bytes);
            }
        }
    }
}
