//! The same manifest in every encoding that packages come in.

use encoding_rs::{SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

use super::*;

fn titled(declaration: &str, title: &str) -> String {
    V12.replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", declaration)
        .replace("Course", title)
}

fn title(bytes: &[u8]) -> (String, Vec<WarningCode>) {
    let manifest = parse(bytes, &Limits::default()).unwrap();
    (manifest.organizations[0].title.clone(), codes(&manifest))
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn a_byte_order_mark_decides() {
    let text = titled("<?xml version='1.0'?>", "Ελληνικά 😀");
    let expected = ("Ελληνικά 😀".to_owned(), vec![]);
    assert_eq!(
        title(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        expected
    );
    assert_eq!(
        title(&[&b"\xFF\xFE"[..], &utf16(&text, false)].concat()),
        expected
    );
    assert_eq!(
        title(&[&b"\xFE\xFF"[..], &utf16(&text, true)].concat()),
        expected
    );
}

#[test]
fn a_second_byte_order_mark_does_no_harm() {
    let text = titled("<?xml version='1.0'?>", "\u{FEFF}Größe");
    let marked = [b"\xEF\xBB\xBF\xEF\xBB\xBF", text.as_bytes()].concat();
    assert_eq!(title(&marked), ("\u{FEFF}Größe".to_owned(), vec![]));
}

#[test]
fn utf_16_is_recognised_without_a_mark_and_its_label_is_no_contradiction() {
    for declaration in [
        "<?xml version='1.0'?>",
        "<?xml version='1.0' encoding='UTF-16'?>",
    ] {
        let text = titled(declaration, "日本語");
        for big in [false, true] {
            assert_eq!(
                title(&utf16(&text, big)),
                ("日本語".to_owned(), vec![]),
                "{declaration} {big}"
            );
        }
    }
}

#[test]
fn legacy_encodings_are_read_as_declared() {
    for (label, encoding, text) in [
        ("ISO-8859-1", WINDOWS_1252, "Größe déjà"),
        ("windows-1252", WINDOWS_1252, "“Größe” – 5 €"),
        ("windows-1251", WINDOWS_1251, "Привет"),
        ("Shift_JIS", SHIFT_JIS, "日本語"),
    ] {
        let source = titled(
            &format!("<?xml version=\"1.0\" encoding=\"{label}\" standalone=\"no\"?>"),
            text,
        );
        let (bytes, _, unmappable) = encoding.encode(&source);
        assert!(!unmappable);
        assert_eq!(title(&bytes), (text.to_owned(), vec![]), "{label}");
    }
}

#[test]
fn a_declaration_that_the_bytes_contradict_is_overruled_with_a_warning() {
    let expected = ("Größe".to_owned(), vec![WarningCode::EncodingMismatch]);
    let declared = titled("<?xml version='1.0' encoding='utf-16'?>", "Größe");
    assert_eq!(title(declared.as_bytes()), expected);
    let declared = titled("<?xml version='1.0' encoding='iso-8859-1'?>", "Größe");
    assert_eq!(
        title(&[b"\xEF\xBB\xBF", declared.as_bytes()].concat()),
        expected
    );
    assert_eq!(
        title(&[&b"\xFF\xFE"[..], &utf16(&declared, false)].concat()),
        expected
    );
}

#[test]
fn what_cannot_be_decoded_is_refused_with_the_place() {
    let mut bytes = titled("<?xml version='1.0'?>", "Größe").into_bytes();
    let umlaut = bytes
        .windows(2)
        .position(|pair| pair == "ö".as_bytes())
        .unwrap();
    bytes.splice(umlaut..umlaut + 2, [0xF6]);
    let refused = refusal(&bytes);
    assert_eq!(refused.reason(), "manifest_bad_encoding");
    assert_eq!(
        refused.position(),
        Some(Position {
            line: 6,
            column: 43
        })
    );

    let refused = refusal("<?xml version='1.0' encoding='klingon'?><manifest/>");
    assert_eq!(
        refused,
        ManifestError::UnknownEncoding {
            label: "klingon".to_owned()
        }
    );

    let truncated = &utf16("<manifest/>", false)[..21];
    assert_eq!(refusal(truncated).reason(), "manifest_bad_encoding");
}

#[test]
fn positions_count_characters_whatever_the_encoding() {
    let text = "<manifest identifier='ÄÖ'>\n é😀<broken attribute></manifest>";
    let expected = Some(Position {
        line: 2,
        column: 21,
    });
    assert_eq!(refusal(text).position(), expected);
    assert_eq!(
        refusal([&b"\xFF\xFE"[..], &utf16(text, false)].concat()).position(),
        expected
    );
}
