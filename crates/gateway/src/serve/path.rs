//! From the path of a request to the URL of a file inside the package, and nowhere else.
//!
//! A path is decoded once, judged, and encoded anew: what reaches the CDN never depends on how the request, or any
//! server in between, chose to spell it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};

/// Longest path, in bytes, as it was sent.
pub(crate) const MAX_PATH_BYTES: usize = 2048;
/// Longest query, in bytes, as it was sent.
pub(crate) const MAX_QUERY_BYTES: usize = 4096;

/// All that may not stand for itself in a path segment (RFC 3986, section 3.3).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// All that may not stand for itself in a query (RFC 3986, section 3.4). A percent sign stays what it was.
const QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\'');

/// Why a path is refused. For logs: the requester learns only that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathRefusal {
    #[error("path or query too long")]
    TooLong,
    #[error("a dot segment")]
    DotSegment,
    #[error("an encoded slash, a backslash or a control character")]
    Separator,
    #[error("a broken percent-encoding")]
    Malformed,
    #[error("encoded twice")]
    EncodedTwice,
}

/// The URL of the file at `path` and `query`, both as the request spelled them, below `base`, which ends in `/`.
pub(crate) fn file_url(base: &str, path: &str, query: Option<&str>) -> Result<String, PathRefusal> {
    if path.len() > MAX_PATH_BYTES || query.is_some_and(|query| query.len() > MAX_QUERY_BYTES) {
        return Err(PathRefusal::TooLong);
    }
    let mut url = base.to_owned();
    for (index, segment) in path.trim_start_matches('/').split('/').enumerate() {
        if index > 0 {
            url.push('/');
        }
        url.extend(percent_encode(&decoded(segment)?, SEGMENT));
    }
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        url.push('?');
        url.extend(percent_encode(query.as_bytes(), QUERY));
    }
    Ok(url)
}

/// How to get from the document at `path` to the package's base: `../` for each folder.
pub(crate) fn way_up(path: &str) -> String {
    "../".repeat(path.trim_start_matches('/').matches('/').count())
}

/// How to get from the document at `path` to `place`, which a CDN has named, below the package's base. Always relative:
/// a place may look like an address of its own, such as `//host/` or `https://host/`.
pub(crate) fn way_to(path: &str, place: &str) -> String {
    match way_up(path) {
        up if up.is_empty() => format!("./{place}"),
        up => up + place,
    }
}

fn decoded(segment: &str) -> Result<Cow<'_, [u8]>, PathRefusal> {
    if !well_encoded(segment) {
        return Err(PathRefusal::Malformed);
    }
    let bytes: Cow<'_, [u8]> = percent_decode_str(segment).into();
    if bytes
        .iter()
        .any(|&byte| matches!(byte, b'/' | b'\\' | 0..=0x1f | 0x7f))
    {
        return Err(PathRefusal::Separator);
    }
    // A server that decodes once more would see these; no honest file is called so.
    // Some drop what follows a semicolon first.
    if let Some(b"." | b"..") = bytes.split(|&byte| byte == b';').next() {
        return Err(PathRefusal::DotSegment);
    }
    if OVERLONG.iter().any(|form| contains(&bytes, form)) {
        return Err(PathRefusal::Separator);
    }
    if encoded_trouble(&bytes) {
        return Err(PathRefusal::EncodedTwice);
    }
    Ok(bytes)
}

/// A dot, slash or backslash in more bytes than UTF-8 allows it (RFC 3629, section 3). Careless decoders take them.
const OVERLONG: [&[u8]; 6] = [
    b"\xc0\xae",
    b"\xc0\xaf",
    b"\xc1\x9c",
    b"\xe0\x80\xae",
    b"\xe0\x80\xaf",
    b"\xe0\x81\x9c",
];

fn contains(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece)
}

/// Every percent sign is followed by two hexadecimal digits.
fn well_encoded(segment: &str) -> bool {
    segment.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes().take(2).filter(u8::is_ascii_hexdigit);
        digits.next().is_some() && digits.next().is_some()
    })
}

/// What is left after decoding is again an encoding of something that was refused above.
fn encoded_trouble(bytes: &[u8]) -> bool {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    bytes.windows(3).any(|window| match window {
        [b'%', high, low] => digit(*high).zip(digit(*low)).is_some_and(|(high, low)| {
            matches!(high * 16 + low, 0..=0x1f | 0x25 | 0x2e | 0x2f | 0x5c | 0x7f)
        }),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    const BASE: &str = "https://cdn.example.com/courses/safety/";

    #[test]
    fn paths_inside_the_package_reach_the_cdn_in_one_spelling() {
        for (path, url) in [
            ("index.html", "index.html"),
            ("/index.html", "index.html"),
            ("a/b/c.js", "a/b/c.js"),
            ("a//b.js", "a//b.js"),
            ("", ""),
            ("folder/", "folder/"),
            ("with%20space.html", "with%20space.html"),
            ("with space.html", "with%20space.html"),
            ("%C3%A9t%C3%A9.html", "%C3%A9t%C3%A9.html"),
            ("été.html", "%C3%A9t%C3%A9.html"),
            ("%E9.html", "%E9.html"),
            ("%61.html", "a.html"),
            ("100%25.html", "100%25.html"),
            ("a%3Fb.html", "a%3Fb.html"),
            ("a%23b.html", "a%23b.html"),
            ("...", "..."),
            ("a..b/.c", "a..b/.c"),
        ] {
            assert_eq!(
                file_url(BASE, path, None).as_deref(),
                Ok(format!("{BASE}{url}").as_str()),
                "{path}"
            );
        }
    }

    #[test]
    fn paths_that_could_leave_the_package_are_refused() {
        use PathRefusal::*;
        for (path, refusal) in [
            ("../secret", DotSegment),
            ("a/../../secret", DotSegment),
            ("a/..", DotSegment),
            ("./a", DotSegment),
            ("%2e%2e/secret", DotSegment),
            (".%2E/secret", DotSegment),
            ("a%2fb", Separator),
            ("..%2fsecret", Separator),
            ("..\\secret", Separator),
            ("..%5csecret", Separator),
            ("a%00.html", Separator),
            ("a\0.html", Separator),
            ("a%0d%0aX: y", Separator),
            ("a%7f", Separator),
            ("..;/secret", DotSegment),
            ("..%3bx=1/secret", DotSegment),
            ("%c0%ae%c0%ae/secret", Separator),
            ("..%C0%AFsecret", Separator),
            ("..%c1%9csecret", Separator),
            ("%e0%80%ae%e0%80%ae/secret", Separator),
            ("%252e%252e/secret", EncodedTwice),
            ("..%252fsecret", EncodedTwice),
            ("%255c", EncodedTwice),
            ("a%2500", EncodedTwice),
            ("%25252e", EncodedTwice),
            ("%", Malformed),
            ("a%2", Malformed),
            ("%zz", Malformed),
            ("%u002e", Malformed),
        ] {
            assert_eq!(file_url(BASE, path, None), Err(refusal), "{path}");
        }
        assert_eq!(
            file_url(BASE, &"a".repeat(MAX_PATH_BYTES + 1), None),
            Err(TooLong)
        );
        assert_eq!(
            file_url(BASE, "a", Some(&"q".repeat(MAX_QUERY_BYTES + 1))),
            Err(TooLong)
        );
    }

    #[test]
    fn a_query_stays_a_query() {
        let url = file_url(BASE, "a.html", Some("x=1&y=%20#frag")).unwrap();
        assert_eq!(url, format!("{BASE}a.html?x=1&y=%20%23frag"));
        assert_eq!(
            file_url(BASE, "a.html", Some("")).unwrap(),
            format!("{BASE}a.html")
        );
    }

    #[test]
    fn the_way_up_leads_to_the_base() {
        for (path, up) in [
            ("a.html", ""),
            ("/a.html", ""),
            ("a/b.html", "../"),
            ("a//b/c.html", "../../../"),
        ] {
            assert_eq!(way_up(path), up, "{path}");
        }
    }

    #[test]
    fn the_way_to_a_place_never_leaves_the_package() {
        let base = Url::parse("https://lms.example.org/content.php/ticket/").unwrap();
        for path in ["a.html", "a/b.html", "a/b/c.html"] {
            for place in [
                "",
                "?x",
                "f/",
                "/evil.example/",
                "//evil.example/",
                "https://evil.example/",
                "javascript:alert(1)",
                "data:text/html,x",
                "\\evil.example",
            ] {
                let there = base.join(path).unwrap().join(&way_to(path, place)).unwrap();
                assert!(
                    there.as_str().starts_with(base.as_str()),
                    "{path} {place}: {there}"
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        /// Whatever the path, the URL that is asked lies inside the package, also for a server that decodes it twice.
        #[test]
        fn no_path_leaves_the_package(path in "(/|\\.|%|2|e|E|f|5|c|\\\\|a|0|\\PC){0,24}", query in proptest::option::of("\\PC{0,12}")) {
            if let Ok(url) = file_url(BASE, &path, query.as_deref()) {
                let mut spelled = url.clone();
                for _ in 0..3 {
                    let parsed = Url::parse(&spelled).unwrap();
                    prop_assert!(parsed.as_str().starts_with(BASE), "{url}");
                    prop_assert_eq!(parsed.fragment(), None);
                    spelled = format!("{BASE}{}", percent_decode_str(&parsed.path()["/courses/safety/".len()..]).decode_utf8_lossy().replace(['?', '#'], ""));
                }
            }
        }
    }
}
