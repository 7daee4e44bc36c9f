//! What authoring tools get wrong and LMSs accept: what it counts as, and where it is told.

use super::*;

/// A manifest that is right but for what is put in its places.
fn manifest(root: &str, organizations: &str, item: &str, resource: &str) -> String {
    format!(
        "<manifest identifier='M' xmlns='http://www.imsproject.org/xsd/imscp_rootv1p1p2' \
         xmlns:adlcp='http://www.adlnet.org/xsd/adlcp_rootv1p2' {root}>\
         <metadata><schemaversion>1.2</schemaversion></metadata>\
         <organizations {organizations}><organization identifier='O'><title>O</title>\n{item}</organization>\
         </organizations><resources>\n{resource}</resources></manifest>"
    )
}

const DEFAULT: &str = "default='O'";
const ITEM: &str = "<item identifier='I' identifierref='R'><title>I</title></item>";
const RESOURCE: &str = "<resource identifier='R' adlcp:scormtype='sco' href='a.html'/>";

#[test]
fn each_slip_has_its_code_and_its_line() {
    use WarningCode as W;
    let item = |text: &str| manifest("", DEFAULT, text, RESOURCE);
    let resource = |text: &str| manifest("", DEFAULT, ITEM, text);
    let xsi = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    let table = [
        (manifest("", DEFAULT, ITEM, RESOURCE), vec![]),
        (
            manifest("", "", ITEM, RESOURCE),
            vec![(W::MissingDefaultOrganization, 1)],
        ),
        (
            manifest("", "default='X'", ITEM, RESOURCE),
            vec![(W::UnknownDefaultOrganization, 1)],
        ),
        (
            manifest(
                &format!("{xsi} xsi:schemaLocation='a.xsd'"),
                DEFAULT,
                ITEM,
                RESOURCE,
            ),
            vec![(W::SchemaLocationOdd, 1)],
        ),
        (
            item("<item identifier='I' identifierref='R'/>"),
            vec![(W::MissingTitle, 2)],
        ),
        (
            item("<item identifierref='R'><title>I</title></item>"),
            vec![(W::MissingIdentifier, 2)],
        ),
        (
            item("<item identifier='I'><title>I</title></item>"),
            vec![(W::EmptyItem, 2)],
        ),
        (
            item("<item identifier='O' identifierref='R'><title>I</title></item>"),
            vec![(W::DuplicateIdentifier, 2)],
        ),
        (
            item("<item identifier='I' identifierref='X'><title>I</title></item>"),
            vec![(W::UnknownReference, 2)],
        ),
        (
            item("<item identifier='I' identifierRef='R'><title>I</title></item>"),
            vec![(W::WrongCase, 2)],
        ),
        (
            item("<Item identifier='I' identifierref='R'><title>I</title></Item>"),
            vec![(W::WrongCase, 2)],
        ),
        (
            item("<item identifier='I' identifierref='R' isvisible='Yes'><title>I</title></item>"),
            vec![(W::InvalidValue, 2)],
        ),
        (
            item("<item identifier='I' identifierref='R'><title>R & D</title></item>"),
            vec![(W::BareAmpersand, 2)],
        ),
        (
            item(
                "<item identifier='I' identifierref='R' parameters='?a=1&b=2;'><title>I</title></item>",
            ),
            vec![(W::BareAmpersand, 2)],
        ),
        (
            item(
                "<item identifier='I' identifierref='R'><title>I</title><foo:masteryscore/><adlseq:x/></item>",
            ),
            vec![(W::UnboundPrefix, 2)],
        ),
        (
            item(
                "<item identifier='I' identifierref='R'><title>I</title><adlcp:prerequisites type='perl'>x</adlcp:prerequisites>\
                  <adlcp:timelimitaction>explode</adlcp:timelimitaction><adlcp:masteryscore>101</adlcp:masteryscore></item>",
            ),
            vec![
                (W::InvalidValue, 2),
                (W::InvalidValue, 2),
                (W::InvalidValue, 2),
            ],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='SCO' href='a.html'/>"),
            vec![(W::ScormTypeCase, 3)],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='course' href='a.html'/>"),
            vec![(W::UnknownScormType, 3)],
        ),
        (
            resource("<resource identifier='R' href='a.html'/>"),
            vec![(W::MissingScormType, 3)],
        ),
        (
            resource("<resource identifier='R' adlcp:scormType='sco' href='a.html'/>"),
            vec![],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='sco'/>"),
            vec![(W::MissingHref, 2)],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='sco' href=''/>"),
            vec![(W::MissingHref, 2)],
        ),
        (
            resource(
                "<resource identifier='R' adlcp:scormtype='sco' href='http://x.example/a.html'/>",
            ),
            vec![(W::AbsoluteHref, 3)],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='sco' href='//x.example/a.html'/>"),
            vec![(W::AbsoluteHref, 3)],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='sco' href='C:/a.html'/>"),
            vec![(W::AbsoluteHref, 3)],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='sco' href='/a.html'/>"),
            vec![(W::RootedHref, 3)],
        ),
        (
            resource(r"<resource identifier='R' adlcp:scormtype='sco' href='b\a.html'/>"),
            vec![(W::BackslashInHref, 3)],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='sco' href='b c.html'/>"),
            vec![(W::SpaceInHref, 3)],
        ),
        (
            resource("<resource identifier='R' adlcp:scormtype='sco' href='a.html' xml:base='b'/>"),
            vec![(W::BaseWithoutSlash, 3)],
        ),
        (
            resource(&format!(
                "{RESOURCE}\n<resource><dependency identifierref='X'/></resource>"
            )),
            vec![(W::MissingIdentifier, 4), (W::UnknownDependency, 4)],
        ),
        (
            resource(&format!("{RESOURCE}\n{RESOURCE}")),
            vec![(W::DuplicateIdentifier, 4)],
        ),
    ];
    for (text, expected) in table {
        let found: Vec<_> = read(&text)
            .warnings
            .iter()
            .map(|warning| (warning.code, warning.at.line))
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn versions_and_namespaces_that_disagree_are_told() {
    use WarningCode as W;
    let with = |ns: &str, metadata: &str| {
        codes(&read(&format!(
            "<manifest identifier='M' {ns}>{metadata}<organizations default='O'><organization identifier='O'>\
             <title>t</title></organization></organizations></manifest>"
        )))
    };
    let ns12 = "xmlns='http://www.imsproject.org/xsd/imscp_rootv1p1p2'";
    let ns2004 = "xmlns='http://www.imsglobal.org/xsd/imscp_v1p1'";
    let version =
        |text: &str| format!("<metadata><schemaversion>{text}</schemaversion></metadata>");
    assert_eq!(with(ns12, &version("1.2")), []);
    assert_eq!(with(ns2004, &version("1.2")), [W::VersionMismatch]);
    assert_eq!(
        with(ns12, &version("2004 4th Edition")),
        [W::VersionMismatch]
    );
    assert_eq!(with(ns12, ""), [W::MissingSchemaVersion]);
    assert_eq!(with(ns12, &version("9")), [W::UnknownSchemaVersion]);
    assert_eq!(with("", &version("1.2")), [W::MissingNamespace]);
    assert_eq!(
        with(
            "xmlns='http://www.imsglobal.org/xsd/imscp_rootv1p1p2'",
            &version("1.2")
        ),
        [W::NamespaceVariant]
    );
}

#[test]
fn an_invented_namespace_counts_as_what_its_prefix_means() {
    let text = manifest("", DEFAULT, ITEM, RESOURCE)
        .replace(
            "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
            "http://www.imsproject.org/content",
        )
        .replace(
            "http://www.adlnet.org/xsd/adlcp_rootv1p2",
            "http://www.adlnet.org/xsd/adl_cp_rootv1p1",
        );
    let manifest = read(&text);
    assert_eq!(codes(&manifest), [WarningCode::NamespaceVariant; 2]);
    let item = &manifest.organizations[0].items[0];
    assert_eq!(item.scorm_type, Some(ScormType::Sco));
}

#[test]
fn a_package_without_organizations_says_so() {
    let manifest = read(
        "<manifest identifier='M' xmlns='http://www.imsproject.org/xsd/imscp_rootv1p1p2'>\
         <metadata><schemaversion>1.2</schemaversion></metadata><organizations/></manifest>",
    );
    assert_eq!(codes(&manifest), [WarningCode::MissingOrganizations]);
}

#[test]
fn a_missing_identifier_is_made_from_the_place_and_stays_the_same() {
    let text = manifest(
        "",
        DEFAULT,
        "<item><title>a</title></item><item><title>b</title></item>",
        RESOURCE,
    );
    let identifiers = |manifest: &Manifest| -> Vec<String> {
        manifest.organizations[0]
            .items
            .iter()
            .map(|item| item.identifier.clone())
            .collect()
    };
    assert_eq!(identifiers(&read(&text)), ["item-2", "item-3"]);
    assert_eq!(
        identifiers(&read(&text)),
        identifiers(&read(&format!("\n{text}\n")))
    );
}

#[test]
fn a_warning_reads_like_a_sentence_with_its_place() {
    let warning = read(&manifest("", "default='X'", ITEM, RESOURCE))
        .warnings
        .remove(0);
    assert_eq!(
        warning.to_string(),
        format!(
            "{}: The default organization does not exist; the first one counts (X)",
            warning.at
        )
    );
    let json = serde_json::to_value(&warning).unwrap();
    assert_eq!(json["code"], "unknown_default_organization");
}
