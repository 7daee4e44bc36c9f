//! Laws of manifests and their rows, on generated packages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::Index;
use scormbridge_core::manifest::{self, Limits, Manifest, Version};
use scormbridge_core::modscorm::{ScoTree, tree};

/// One activity of a generated package; its identifier is its number in the order of the manifest.
#[derive(Debug, Clone)]
struct Activity {
    title: String,
    /// Index into the resources; none for a chapter.
    resource: Option<Index>,
    children: Vec<Activity>,
}

#[derive(Debug, Clone)]
struct Package {
    v2004: bool,
    edition: usize,
    with_schema_version: bool,
    prefix: &'static str,
    resources: Vec<String>,
    organizations: Vec<Vec<Activity>>,
    default: Index,
    utf16: bool,
}

const EDITIONS: [&str; 3] = ["CAM 1.3", "2004 3rd Edition", "2004 4th Edition"];

fn title() -> impl Strategy<Value = String> {
    // Any text that XML can carry, plus what must be escaped.
    "[ -~\u{A0}-\u{D7FF}\u{E000}-\u{FFFD}\u{1F300}-\u{1F6FF}]{1,40}"
        .prop_filter("not only white space", |text| !text.trim().is_empty())
}

fn activity() -> impl Strategy<Value = Activity> {
    let leaf = (title(), any::<Option<Index>>()).prop_map(|(title, resource)| Activity {
        title,
        resource,
        children: Vec::new(),
    });
    leaf.prop_recursive(4, 30, 4, |inner| {
        (
            title(),
            any::<Option<Index>>(),
            prop::collection::vec(inner, 0..4),
        )
            .prop_map(|(title, resource, children)| Activity {
                title,
                resource,
                children,
            })
    })
}

prop_compose! {
    fn package()(
        v2004 in any::<bool>(),
        edition in 0..3_usize,
        with_schema_version in any::<bool>(),
        prefix in prop::sample::select(vec!["", "cp:", "ims-cp_1.1:", "ns0:"]),
        resources in prop::collection::vec("[a-z]{1,8}(/[a-z0-9_-]{1,8}){0,3}\\.html?(\\?[a-z]=[0-9&]{1,3})?", 1..6),
        organizations in prop::collection::vec(prop::collection::vec(activity(), 0..5), 1..4),
        default in any::<Index>(),
        utf16 in any::<bool>(),
    ) -> Package {
        Package { v2004, edition, with_schema_version, prefix, resources, organizations, default, utf16 }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#34;")
}

/// A SCO as the generator knows it: identifier, parent, title, launch.
type Expected = (String, String, String, String);

impl Package {
    fn write(&self) -> (Vec<u8>, Vec<Expected>) {
        let p = self.prefix;
        let xmlns = if p.is_empty() {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{}", p.trim_end_matches(':'))
        };
        let (cp, adlcp, kind) = if self.v2004 {
            (
                "http://www.imsglobal.org/xsd/imscp_v1p1",
                "http://www.adlnet.org/xsd/adlcp_v1p3",
                "scormType",
            )
        } else {
            (
                "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
                "http://www.adlnet.org/xsd/adlcp_rootv1p2",
                "scormtype",
            )
        };
        let mut text =
            format!("<{p}manifest identifier=\"M\" {xmlns}=\"{cp}\" xmlns:a=\"{adlcp}\">");
        if self.with_schema_version {
            let version = if self.v2004 {
                EDITIONS[self.edition]
            } else {
                "1.2"
            };
            write!(
                text,
                "<{p}metadata><{p}schemaversion>{version}</{p}schemaversion></{p}metadata>"
            )
            .unwrap();
        }
        let default = self.default.index(self.organizations.len());
        write!(text, "<{p}organizations default=\"O{default}\">").unwrap();
        let mut expected = Vec::new();
        let mut inside = Vec::new();
        for (index, activities) in self.organizations.iter().enumerate() {
            let id = format!("O{index}");
            write!(
                text,
                "<{p}organization identifier=\"{id}\"><{p}title>{id}</{p}title>"
            )
            .unwrap();
            expected.push((id.clone(), "/".to_owned(), id.clone(), String::new()));
            self.activities(activities, &id, &id, &mut text, &mut inside);
            write!(text, "</{p}organization>").unwrap();
        }
        expected.extend(inside);
        write!(text, "</{p}organizations><{p}resources>").unwrap();
        for (index, href) in self.resources.iter().enumerate() {
            let href = escape(href);
            write!(text, "<{p}resource identifier=\"R{index}\" type=\"webcontent\" a:{kind}=\"sco\" href=\"{href}\"/>")
                .unwrap();
        }
        write!(text, "</{p}resources></{p}manifest>").unwrap();
        let bytes = if self.utf16 {
            std::iter::once(0xFEFF)
                .chain(text.encode_utf16())
                .flat_map(u16::to_be_bytes)
                .collect()
        } else {
            text.into_bytes()
        };
        (bytes, expected)
    }

    fn activities(
        &self,
        of: &[Activity],
        root: &str,
        parent: &str,
        text: &mut String,
        expected: &mut Vec<Expected>,
    ) {
        let p = self.prefix;
        for activity in of {
            let id = format!("{root}-{}", expected.len());
            let resource = activity
                .resource
                .map(|index| index.index(self.resources.len()));
            let reference = resource
                .map(|index| format!(" identifierref=\"R{index}\""))
                .unwrap_or_default();
            let title = escape(&activity.title);
            write!(
                text,
                "<{p}item identifier=\"{id}\"{reference}><{p}title>{title}</{p}title>"
            )
            .unwrap();
            let launch = resource
                .map(|index| self.resources[index].clone())
                .unwrap_or_default();
            expected.push((
                id.clone(),
                parent.to_owned(),
                activity.title.clone(),
                launch,
            ));
            self.activities(&activity.children, root, &id, text, expected);
            write!(text, "</{p}item>").unwrap();
        }
    }
}

fn read(bytes: &[u8]) -> Manifest {
    manifest::parse(bytes, &Limits::default())
        .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(bytes)))
}

/// What every tree must hold, whatever it was made from.
fn check_rows(tree: &ScoTree) {
    let fits = |text: &str, limit| text.chars().count() <= limit;
    let identifiers: HashSet<&str> = tree
        .scoes
        .iter()
        .map(|row| row.identifier.as_str())
        .collect();
    for (row, sortorder) in tree.scoes.iter().zip(1..) {
        assert_eq!(row.sortorder, sortorder);
        assert!(
            row.parent == "/" || identifiers.contains(row.parent.as_str()),
            "{}",
            row.parent
        );
        assert!(["", "sco", "asset"].contains(&row.scormtype.as_str()));
        for text in [
            &row.manifest,
            &row.organization,
            &row.parent,
            &row.identifier,
            &row.title,
        ] {
            assert!(fits(text, 255));
        }
        let names: HashSet<&str> = row.data.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), row.data.len(), "a name is stored once");
        for rule in &row.rules {
            assert!(
                fits(&rule.action, 25) && fits(&rule.conditioncombination, 3) && rule.ruletype <= 2
            );
            assert!(
                rule.conditions
                    .iter()
                    .all(|c| fits(&c.cond, 30) && fits(&c.operator, 5))
            );
        }
        assert!(
            row.objectives
                .iter()
                .all(|o| fits(&o.objectiveid, 255) && o.minnormalizedmeasure.abs() <= 1.0)
        );
        assert!(
            row.rollup_rules
                .iter()
                .all(|rule| fits(&rule.childactivityset, 15))
        );
    }
    let first = tree.launch_sortorder.map(|n| &tree.scoes[n as usize - 1]);
    assert_eq!(first.map(|row| row.identifier.clone()), tree.launch);
    assert_eq!(
        first.is_some(),
        tree.scoes.iter().any(|row| !row.launch.is_empty())
    );
    assert!(first.is_none_or(|row| !row.launch.is_empty()));
}

fn samples() -> Vec<Vec<u8>> {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/manifests");
    let folders = std::fs::read_dir(golden).unwrap();
    folders
        .map(|folder| std::fs::read(folder.unwrap().path().join("imsmanifest.xml")).unwrap())
        .collect()
}

proptest! {
    /// Feature: external-scorm-bridge, Property 2: for any SCORM package (1.2 or 2004) the version is detected, and
    /// with it the API object that the content looks for.
    #[test]
    fn the_version_of_any_package_is_detected(package in package()) {
        let manifest = read(&package.write().0);
        let expected = if package.v2004 { Version::V2004 } else { Version::V12 };
        prop_assert_eq!(manifest.version, expected);
        prop_assert_eq!(manifest.edition.is_some(), package.v2004 && package.with_schema_version);
        let stored = if package.v2004 { "SCORM_1.3" } else { "SCORM_1.2" };
        prop_assert_eq!(tree(&manifest).version, stored);
    }

    /// Feature: external-scorm-bridge, Property 2: a package says the same in whatever way of XML its tags are written.
    #[test]
    fn how_tags_are_written_does_not_matter(package in package()) {
        let package = Package { utf16: false, ..package };
        let text = String::from_utf8(package.write().0).unwrap();
        // In these packages quotes, "=" before them and ">" stand in tags alone.
        let spellings = [
            text.replace('"', "'"),
            text.replace("=\"", " =\r\n \""),
            text.replace(" identifier", "\t\n  identifier").replace("/>", "  />"),
            text.replace("</", "<!-- - --></"),
            text.replace("/>", &format!("></{}resource >", package.prefix)),
        ];
        let expected = read(text.as_bytes());
        for spelling in spellings {
            let manifest = read(spelling.as_bytes());
            prop_assert_eq!(tree(&manifest), tree(&expected), "{}", spelling);
            let codes = |manifest: &Manifest| manifest.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>();
            prop_assert_eq!(codes(&manifest), codes(&expected), "{}", spelling);
        }
    }

    /// Feature: external-scorm-bridge, Property 11: every SCO of a package with many is found, can be launched by
    /// itself, and keeps its identifier when the package is read again.
    #[test]
    fn every_sco_of_any_package_is_found_and_can_be_launched(package in package()) {
        let (bytes, expected) = package.write();
        let rows = tree(&read(&bytes));
        check_rows(&rows);
        let mut found: Vec<Expected> = rows.scoes.iter()
            .map(|row| (row.identifier.clone(), row.parent.clone(), row.title.clone(), row.launch.clone()))
            .collect();
        let unique: HashSet<&str> = rows.scoes.iter().map(|row| row.identifier.as_str()).collect();
        prop_assert_eq!(unique.len(), expected.len());
        prop_assert_eq!(&found, &expected, "{}", String::from_utf8_lossy(&bytes));

        // Read again, from a later edition of the file with one item more at the end.
        let mut later = package.clone();
        later.utf16 = !package.utf16;
        later.organizations.last_mut().unwrap().push(Activity { title: "new".to_owned(), resource: None, children: vec![] });
        let again = tree(&read(&later.write().0));
        prop_assert_eq!(again.scoes.len(), found.len() + 1);
        let kept: HashMap<&str, &str> = again.scoes.iter().map(|row| (row.identifier.as_str(), row.launch.as_str())).collect();
        found.retain(|(identifier, _, _, launch)| kept.get(identifier.as_str()) != Some(&launch.as_str()));
        prop_assert_eq!(found, Vec::<Expected>::new());
    }

    /// Feature: external-scorm-bridge, Property 11: the first SCO of the default organization is launched first.
    #[test]
    fn the_default_organization_is_launched_first(package in package()) {
        let rows = tree(&read(&package.write().0));
        let default = format!("O{}", package.default.index(package.organizations.len()));
        let launchable = |row: &&scormbridge_core::modscorm::ScoRow| !row.launch.is_empty();
        if let Some(first) = rows.scoes.iter().filter(|row| row.organization == default).find(launchable) {
            prop_assert_eq!(rows.launch, Some(first.identifier.clone()));
        }
    }

    /// Feature: external-scorm-bridge, Property 1: what is no SCORM package is rejected (bytes of any kind).
    #[test]
    fn bytes_of_any_kind_are_no_manifest(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let refused = manifest::parse(&bytes, &Limits::default()).unwrap_err();
        prop_assert!(refused.reason().starts_with("manifest_"));
        prop_assert!(refused.to_string().ends_with('.'));
    }

    /// Feature: external-scorm-bridge, Property 1: what is no SCORM package is rejected (XML of another kind).
    #[test]
    fn xml_of_another_kind_is_no_manifest(
        name in "[a-zA-Z_][a-zA-Z0-9_.-]{0,20}",
        inside in "[ -%'-;=?-~]{0,60}",
        package in package(),
    ) {
        prop_assume!(!name.eq_ignore_ascii_case("manifest"));
        let reason = |text: String| manifest::parse(text.as_bytes(), &Limits::default()).unwrap_err().reason();
        prop_assert_eq!(reason(format!("<{name}>{inside}</{name}>")), "manifest_not_manifest");
        let wrapped = String::from_utf8(Package { utf16: false, ..package }.write().0).unwrap();
        prop_assert_eq!(reason(format!("<{name}>{wrapped}</{name}>")), "manifest_not_manifest");
    }

    /// Feature: external-scorm-bridge, Property 1: what is no SCORM package is rejected (uploads that were cut off).
    #[test]
    fn no_part_of_a_manifest_is_a_manifest(package in package(), end in any::<Index>()) {
        let (bytes, _) = package.write();
        let part = &bytes[..end.index(bytes.len())];
        let refused = manifest::parse(part, &Limits::default()).unwrap_err();
        prop_assert!(["manifest_empty", "manifest_truncated", "manifest_not_xml", "manifest_bad_encoding", "manifest_not_manifest"]
            .contains(&refused.reason()), "{}", refused);
    }

    /// Whatever happens to a manifest on its way, reading it gives rows that can be stored or an error: never a panic.
    #[test]
    fn a_damaged_manifest_gives_sound_rows_or_an_error(
        sample in any::<Index>(),
        damage in prop::collection::vec((any::<Index>(), 0..5_u8, any::<u8>(), 1..60_usize), 1..8),
    ) {
        let samples = samples();
        let mut bytes = samples[sample.index(samples.len())].clone();
        for (at, kind, byte, length) in damage {
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.drain(at..end); }
                3 => { let copy = bytes[at..end].to_vec(); bytes.splice(at..at, copy); }
                _ => { let long = vec![b'x'; usize::from(byte) * 4]; bytes.splice(at..at, long); }
            }
            if bytes.is_empty() { break; }
        }
        match manifest::parse(&bytes, &Limits::default()) {
            Ok(manifest) => check_rows(&tree(&manifest)),
            Err(error) => prop_assert!(error.to_string().ends_with('.')),
        }
    }

    /// The longest identifiers stay different and find their parents; the longest titles are cut.
    #[test]
    fn identifiers_beyond_the_column_stay_apart(length in 240..300_usize, wide in any::<bool>()) {
        let stem = if wide { "é" } else { "i" }.repeat(length);
        let text = format!(
            "<manifest identifier='{stem}' xmlns='http://www.imsproject.org/xsd/imscp_rootv1p1p2'>\
             <organizations default='{stem}o'><organization identifier='{stem}o'><title>{stem}</title>\
             <item identifier='{stem}a' identifierref='R'><title>{stem}</title><item identifier='{stem}b'/></item>\
             </organization></organizations><resources><resource identifier='R' href='x'/></resources></manifest>"
        );
        let rows = tree(&read(text.as_bytes()));
        check_rows(&rows);
        let identifiers: Vec<&str> = rows.scoes.iter().map(|row| row.identifier.as_str()).collect();
        prop_assert_eq!(identifiers.iter().collect::<HashSet<_>>().len(), 3);
        let parents: Vec<&str> = rows.scoes.iter().map(|row| row.parent.as_str()).collect();
        prop_assert_eq!(parents, vec!["/", identifiers[0], identifiers[1]]);
        prop_assert_eq!(rows.launch.as_deref(), Some(identifiers[1]));
        let columns: HashSet<&str> = rows.warnings.iter().map(|warning| warning.column.as_str()).collect();
        prop_assert_eq!(columns.contains("title"), length > 255);
        prop_assert_eq!(columns.contains("identifier"), length + 1 > 255);
    }
}
