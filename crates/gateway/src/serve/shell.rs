//! The shell of the sandboxed mode: a document that waits with the SCO's document until the run-time is ready.
//!
//! Described in `docs/protocol.md`, section "Shell". It is pure ASCII and labelled with the SCO's own encoding, so that
//! style sheets and scripts that declare none are read as they would have been without it.

use std::fmt::Write;

use crate::{
    html,
    relay::{RELAY_JS, RelayConfig},
};

/// A wrapped document and its `Content-Type`.
pub(super) struct Shell {
    pub(super) html: String,
    pub(super) content_type: String,
}

/// Wraps the bytes of an HTML document. `way_up` leads from the document to the package's base.
pub(super) fn wrap(
    document: &[u8],
    http_charset: Option<&str>,
    config: &RelayConfig,
    way_up: &str,
) -> Shell {
    let (text, encoding) = html::decode(document, http_charset);
    let mut html = String::with_capacity(document.len() + 512);
    html.push_str("<!doctype html>\n<html>\n<head>\n<meta name=\"viewport\" content=\"width=device-width\">\n");
    html.push_str("<script type=\"application/json\" id=\"scormbridge-config\">");
    push_ascii(&mut html, &config.json());
    html.push_str("</script>\n<script type=\"application/json\" id=\"scormbridge-document\">");
    html.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => html.extend(['\\', character]),
            '\n' => html.push_str("\\n"),
            // Nothing inside may look like a tag or a comment to the HTML parser.
            '<' | '>' | '&' | '\0'..='\x1f' | '\x7f'.. => push_escaped(&mut html, character),
            _ => html.push(character),
        }
    }
    html.push_str("\"</script>\n<script src=\"");
    html.push_str(way_up);
    html.push_str("scormbridge/");
    html.push_str(RELAY_JS);
    html.push_str("\"></script>\n</head>\n<body></body>\n</html>\n");
    // ASCII cannot be read as UTF-16; UTF-8 stands in, and in it such a document's parts declare themselves or break
    // as they would have.
    Shell {
        html,
        content_type: format!("text/html; charset={}", encoding.output_encoding().name()),
    }
}

/// Appends JSON with everything escaped that HTML or an encoding could take for something else.
fn push_ascii(html: &mut String, json: &str) {
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\x7f'.. => push_escaped(html, character),
            _ => html.push(character),
        }
    }
}

/// JSON's notation for any character: one or two UTF-16 code units (RFC 8259, section 7).
fn push_escaped(html: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        // Writing to a string cannot fail.
        let _ = write!(html, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::html::Tags;

    fn config() -> RelayConfig {
        RelayConfig::new(
            crate::DeliveryMode::Sandbox,
            ["https://lms.example.org".to_owned()],
        )
    }

    fn document_of(shell: &str) -> String {
        let (_, rest) = shell.split_once("id=\"scormbridge-document\">").unwrap();
        let (json, _) = rest.split_once("</script>").unwrap();
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_shell_holds_config_document_and_relay_in_this_order() {
        let config = config();
        let shell = wrap(b"<script>1</script>", Some("utf-8"), &config, "../../");
        let tags: Vec<_> = Tags::new(shell.html.as_bytes())
            .filter(|tag| tag.name == "script")
            .collect();
        assert_eq!(tags.len(), 3);
        assert_eq!(tags[0].attribute("id"), Some("scormbridge-config"));
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(tags[0].text).unwrap(),
            serde_json::to_value(&config).unwrap()
        );
        assert_eq!(tags[1].attribute("id"), Some("scormbridge-document"));
        assert_eq!(tags[2].attribute("src"), Some("../../scormbridge/relay.js"));
    }

    #[test]
    fn a_shell_is_read_in_the_encoding_of_its_document() {
        let config = config();
        for (bytes, charset, labelled) in [
            (
                &b"<p>\x83\x41"[..],
                Some("shift_jis"),
                "text/html; charset=Shift_JIS",
            ),
            (
                b"<meta charset=windows-1251>\xc0",
                None,
                "text/html; charset=windows-1251",
            ),
            (b"\xff\xfep\0", None, "text/html; charset=UTF-8"),
        ] {
            assert_eq!(wrap(bytes, charset, &config, "").content_type, labelled);
        }
        assert_eq!(
            document_of(&wrap(b"<p>\x83\x41", Some("shift_jis"), &config, "").html),
            "<p>ア"
        );
    }

    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        /// Bytes of the document, in hexadecimal digits.
        document: String,
        charset: Option<String>,
        way_up: String,
        text: String,
        content_type: String,
        html: String,
    }

    /// The relay's tests read the same shells.
    #[test]
    fn shells_are_those_of_the_golden_file() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../../../tests/golden/shells.json")).unwrap();
        for case in cases {
            let document = data_encoding::HEXLOWER
                .decode(case.document.as_bytes())
                .unwrap();
            let shell = wrap(&document, case.charset.as_deref(), &config(), &case.way_up);
            assert_eq!(shell.html, case.html, "{}", case.name);
            assert_eq!(shell.content_type, case.content_type, "{}", case.name);
            assert_eq!(document_of(&shell.html), case.text, "{}", case.name);
        }
    }

    proptest! {
        /// Whatever the document holds, it comes out as it went in, and adds no tag and no byte outside ASCII.
        #[test]
        fn any_document_survives_its_shell(document in "(</script>|<!--|<script|\\PC|\u{2028}|\u{2029}|\0|\\s){0,48}") {
            let shell = wrap(document.as_bytes(), Some("utf-8"), &config(), "").html;
            prop_assert_eq!(document_of(&shell), document);
            prop_assert!(shell.is_ascii());
            prop_assert_eq!(Tags::new(shell.as_bytes()).filter(|tag| tag.name == "script").count(), 3);
        }
    }
}
