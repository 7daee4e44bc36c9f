//! What is refused, with which reason and where.

use super::*;

/// Text, reason and position (line, column).
type Refused = (String, &'static str, Option<(u32, u32)>);

#[test]
fn what_is_no_manifest_is_refused_by_its_own_reason() {
    let wrap = |inside: &str| format!("<manifest identifier='M'>\n{inside}</manifest>");
    let table: Vec<Refused> = vec![
        (String::new(), "manifest_empty", None),
        ("  \n<!-- nothing -->".to_owned(), "manifest_empty", None),
        ("<?xml version='1.0'?>".to_owned(), "manifest_empty", None),
        (
            "{\"manifest\": 1}".to_owned(),
            "manifest_not_xml",
            Some((1, 1)),
        ),
        (
            "PK\x03\x04".to_owned(),
            "manifest_illegal_character",
            Some((1, 3)),
        ),
        (
            "<!DOCTYPE html>\n<html><head></head></html>".to_owned(),
            "manifest_not_manifest",
            Some((2, 1)),
        ),
        ("<rss/>".to_owned(), "manifest_not_manifest", Some((1, 1))),
        (
            "<x:manifest xmlns:x='urn:x'/>".to_owned(),
            "manifest_not_manifest",
            Some((1, 1)),
        ),
        (
            "<manifest identifier='M'>\n <organizations>".to_owned(),
            "manifest_truncated",
            Some((2, 2)),
        ),
        (
            "<manifest identifier='M'>\n <organizations".to_owned(),
            "manifest_truncated",
            Some((1, 1)),
        ),
        (wrap("</organizations>"), "manifest_not_xml", Some((2, 1))),
        (wrap("<a></b>"), "manifest_not_xml", Some((2, 4))),
        (
            wrap("<item identifier=x/>"),
            "manifest_not_xml",
            Some((2, 18)),
        ),
        (
            wrap("<metadata><schema>a < b</schema></metadata>"),
            "manifest_not_xml",
            Some((2, 21)),
        ),
        (
            wrap("<item identifier='x><title/></item>"),
            "manifest_not_xml",
            Some((2, 1)),
        ),
        (
            wrap("<item identifier/>"),
            "manifest_not_xml",
            Some((2, 17)),
        ),
        (
            wrap("<item a='1' a='2'/>"),
            "manifest_not_xml",
            Some((2, 13)),
        ),
        (
            wrap("") + "<manifest/>",
            "manifest_content_after",
            Some((2, 12)),
        ),
        (
            wrap("") + "\nleftover",
            "manifest_content_after",
            Some((2, 12)),
        ),
        (
            wrap("<metadata><schema>&nbsp;</schema></metadata>"),
            "manifest_unknown_entity",
            Some((2, 19)),
        ),
        (
            wrap("<item identifier='&eacute;'/>"),
            "manifest_unknown_entity",
            Some((2, 1)),
        ),
        (
            wrap("<item identifier='&#0;'/>"),
            "manifest_bad_character_reference",
            Some((2, 1)),
        ),
        (
            wrap("<metadata><schema>&#xD800;</schema></metadata>"),
            "manifest_bad_character_reference",
            Some((2, 19)),
        ),
        (
            wrap("<metadata><schema>&#x110000;</schema></metadata>"),
            "manifest_bad_character_reference",
            Some((2, 19)),
        ),
        (wrap("a\u{1}b"), "manifest_illegal_character", Some((2, 2))),
        (wrap("\u{FFFE}"), "manifest_illegal_character", Some((2, 1))),
    ];
    for (text, reason, at) in table {
        let refused = refusal(&text);
        let position = refused.position().map(|at| (at.line, at.column));
        assert_eq!(
            (refused.reason(), position),
            (reason, at),
            "{refused} {text}"
        );
        assert!(refused.to_string().len() > 40, "{refused} says what to do");
        let details = refused.details();
        assert_eq!(
            details.iter().any(|(name, _)| *name == "line"),
            at.is_some(),
            "{details:?}"
        );
    }
}

#[test]
fn entities_of_a_document_type_are_never_expanded() {
    let laughs: String = (1..10)
        .map(|n| {
            format!(
                "<!ENTITY lol{n} \"{}\">",
                format!("&lol{};", n - 1).repeat(10)
            )
        })
        .collect();
    let text = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE manifest [<!ENTITY lol0 \"lol\">{laughs}]>\
         <manifest identifier='M'><metadata><schema>&lol9;</schema></metadata></manifest>"
    );
    assert_eq!(refusal(&text).reason(), "manifest_unknown_entity");
    let file = "<!DOCTYPE manifest [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
                <manifest identifier=\"&x;\"/>";
    assert_eq!(refusal(file).reason(), "manifest_unknown_entity");
    let unused = "<!DOCTYPE manifest SYSTEM \"imscp_rootv1p1.dtd\"><manifest identifier='M'/>";
    assert!(codes(&read(unused)).contains(&WarningCode::DoctypeIgnored));
}

#[test]
fn every_limit_refuses_the_first_thing_too_many() {
    type Change = fn(&mut Limits);
    let items = "<item identifier='a'><item identifier='b'/></item>";
    let sequencing = |inside: &str| {
        v2004(
            &format!("<imsss:sequencing>{inside}</imsss:sequencing>"),
            "",
        )
    };
    let rule = "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions>\
                <imsss:ruleCondition condition='always'/></imsss:ruleConditions></imsss:preConditionRule>\
                </imsss:sequencingRules>";
    let table: Vec<(String, Change, Change, &str)> = vec![
        (
            V12.to_owned(),
            |l| l.max_bytes = V12.len(),
            |l| l.max_bytes = V12.len() - 1,
            "manifest_too_large",
        ),
        (
            v2004(items, ""),
            |l| l.max_items = 3,
            |l| l.max_items = 2,
            "manifest_too_many_items",
        ),
        (
            v2004(items, ""),
            |l| l.max_depth = 5,
            |l| l.max_depth = 4,
            "manifest_too_deep",
        ),
        (
            v2004("<metadata><x><y><z/></y></x></metadata>", ""),
            |l| l.max_depth = 7,
            |l| l.max_depth = 6,
            "manifest_too_deep",
        ),
        (
            v2004("", "<resources><resource identifier='X'/></resources>"),
            |l| l.max_resources = 2,
            |l| l.max_resources = 1,
            "manifest_too_many_resources",
        ),
        (
            v2004(
                "",
                "<resources><resource identifier='X'><file href='a'/><dependency/></resource></resources>",
            ),
            |l| l.max_files = 2,
            |l| l.max_files = 1,
            "manifest_too_many_files",
        ),
        (
            sequencing(rule),
            |l| l.max_sequencing = 2,
            |l| l.max_sequencing = 1,
            "manifest_too_much_sequencing",
        ),
        (
            V12.to_owned(),
            |l| l.max_attributes = 5,
            |l| l.max_attributes = 4,
            "manifest_too_many_attributes",
        ),
        (
            v2004(&format!("<item identifier='{}'/>", "i".repeat(100)), ""),
            |l| l.max_attribute_length = 100,
            |l| l.max_attribute_length = 99,
            "manifest_attribute_too_long",
        ),
        (
            v2004(
                &format!(
                    "<item identifier='i'><title>{}&amp;</title></item>",
                    "t".repeat(99)
                ),
                "",
            ),
            |l| l.max_text_length = 100,
            |l| l.max_text_length = 99,
            "manifest_text_too_long",
        ),
    ];
    for (text, enough, short, reason) in table {
        let (mut just, mut below) = (Limits::default(), Limits::default());
        enough(&mut just);
        short(&mut below);
        parse(text.as_bytes(), &just).unwrap_or_else(|error| panic!("{reason}: {error}"));
        assert_eq!(parse(text.as_bytes(), &below).unwrap_err().reason(), reason);
    }
}

#[test]
fn many_references_to_one_huge_collection_are_refused_before_they_are_copied() {
    let objectives: String = (0..400)
        .map(|n| format!("<imsss:objective objectiveID='{n}{}'/>", "x".repeat(640)))
        .collect();
    let collection = format!(
        "<imsss:sequencingCollection><imsss:sequencing ID='big'><imsss:objectives>{objectives}</imsss:objectives>\
         </imsss:sequencing></imsss:sequencingCollection>"
    );
    let items: String = (0..100)
        .map(|n| format!("<item identifier='i{n}'><imsss:sequencing IDRef='big'/></item>"))
        .collect();
    assert_eq!(
        refusal(v2004(&items, &collection)).reason(),
        "manifest_too_much_sequencing"
    );
}

#[test]
fn one_long_url_that_everything_shares_is_refused_before_it_is_copied() {
    let long = "b".repeat(15_000);
    let items: String = (0..5000)
        .map(|n| format!("<item identifier='i{n}' identifierref='L'/>"))
        .collect();
    let resource = format!("<resources><resource identifier='L' href='{long}'/></resources>");
    let refused = refusal(v2004(&items, &resource));
    assert_eq!(refused.reason(), "manifest_resolved_too_long");

    let resources = "<resource identifier='r'/>".repeat(5000);
    let refused = refusal(v2004(
        "",
        &format!("<resources xml:base='{long}/'>{resources}</resources>"),
    ));
    assert_eq!(refused.reason(), "manifest_resolved_too_long");
}

#[test]
fn nesting_of_any_kind_ends_at_the_limit_and_not_on_the_stack() {
    for (open, close) in [
        ("<item identifier='i'>", "</item>"),
        ("<x>", "</x>"),
        ("<manifest>", "</manifest>"),
    ] {
        let deep = format!("{}{}", open.repeat(200_000), close.repeat(200_000));
        assert_eq!(
            refusal(v2004(&deep, &deep)).reason(),
            "manifest_too_deep",
            "{open}"
        );
    }
}

#[test]
fn namespace_declarations_in_force_are_limited_like_attributes() {
    let declare = |n: usize| {
        (0..100)
            .map(|i| format!(" xmlns:p{n}x{i}='urn:{i}'"))
            .collect::<String>()
    };
    let text = format!(
        "<manifest identifier='M'{}><metadata{}/></manifest>",
        declare(0),
        declare(1)
    );
    assert_eq!(refusal(text).reason(), "manifest_too_many_attributes");
}

#[test]
fn warnings_are_limited_and_the_rest_is_counted() {
    let items = "<item identifier='same'/>".repeat(300);
    let manifest = read(&v2004(&items, ""));
    assert_eq!(manifest.warnings.len(), Limits::default().max_warnings);
    // Each is empty and without a title, and all but the first repeat an identifier.
    assert_eq!(manifest.warnings_left_off, 300 + 300 + 299 - 200);
}
