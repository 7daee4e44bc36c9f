//! What an instructor brings: a manifest, a URL, and an administrator's allowlist.

use scormbridge_core::{
    manifest::{self, Document, Item, Limits, Manifest, Organization, Resource, SubManifest},
    modscorm,
    url_policy::{PolicyOptions, UrlPolicy, special_range},
};
use url::Url;

use super::{ACCEPTED, NOT_TEXT, Verdict};

/// Narrow enough that small inputs meet them, wide enough that ordinary small packages do not.
fn narrow() -> Limits {
    Limits {
        max_bytes: 64 * 1024,
        max_items: 40,
        max_resources: 40,
        max_files: 60,
        max_sequencing: 60,
        max_resolved_bytes: 16 * 1024,
        max_depth: 20,
        max_attributes: 16,
        max_attribute_length: 512,
        max_text_length: 1024,
        max_warnings: 5,
    }
}

/// The same manifest always gets the same answer; limits hold, and only take away.
pub fn manifest(data: &[u8]) -> Verdict {
    let wide = Limits::default();
    let verdict = manifest::parse(data, &wide);
    assert_eq!(verdict, manifest::parse(data, &wide), "read twice");

    let limits = narrow();
    match manifest::parse(data, &limits) {
        Ok(small) => {
            holds(&small, &limits);
            let mut large = verdict.clone().expect("narrow limits allowed more");
            let kept = small.warnings.len() + small.warnings_left_off as usize;
            let all = large.warnings.len() + large.warnings_left_off as usize;
            assert_eq!(kept, all, "warnings are counted, whatever the limit");
            (large.warnings, large.warnings_left_off) =
                (small.warnings.clone(), small.warnings_left_off);
            assert_eq!(small, large, "limits change nothing but the verdict");
        }
        Err(error) => assert!(error.reason().starts_with("manifest_"), "{error}"),
    }

    let lean = manifest::parse_without_files(data, &wide);
    match (verdict, lean) {
        (Ok(full), Ok(lean)) => {
            holds(&full, &wide);
            let rows = modscorm::tree(&full);
            assert_eq!(rows, modscorm::tree(&lean), "files do not show in the rows");
            let document = Document::decode(data, &wide).expect("it was decoded before");
            let borrowed = document.parse_without_files().expect("it was read before");
            assert_eq!(
                serde_json::to_string(&modscorm::view(&borrowed)).expect("rows can be written"),
                serde_json::to_string(&rows).expect("rows can be written"),
                "borrowed rows say the same"
            );
            launches_stay_inside(&rows);
            serde_json::to_string(&full).expect("a manifest can be written");
            ACCEPTED
        }
        (Err(error), Err(lean)) => {
            assert_eq!(error, lean, "files are checked, kept or not");
            assert!(!error.to_string().is_empty());
            error.reason()
        }
        (full, lean) => panic!("{full:?} with files and {lean:?} without"),
    }
}

#[derive(Default)]
struct Count {
    items: usize,
    resources: usize,
    files: usize,
    resolved: usize,
}

impl Count {
    fn item(&mut self, item: &Item) {
        self.items += 1;
        self.resolved += item.launch.as_ref().map_or(0, String::len);
        item.items.iter().for_each(|child| self.item(child));
    }

    fn organization(&mut self, organization: &Organization) {
        self.items += 1;
        organization.items.iter().for_each(|item| self.item(item));
    }

    fn resource(&mut self, resource: &Resource) {
        self.resources += 1;
        self.files += resource.files.len() + resource.dependencies.len();
        self.resolved += resource.base.len();
    }

    fn sub_manifest(&mut self, sub: &SubManifest) {
        sub.organizations.iter().for_each(|o| self.organization(o));
        sub.resources.iter().for_each(|r| self.resource(r));
        sub.manifests.iter().for_each(|m| self.sub_manifest(m));
    }
}

fn holds(manifest: &Manifest, limits: &Limits) {
    let mut count = Count::default();
    manifest
        .organizations
        .iter()
        .for_each(|o| count.organization(o));
    manifest.resources.iter().for_each(|r| count.resource(r));
    manifest
        .manifests
        .iter()
        .for_each(|m| count.sub_manifest(m));
    assert!(count.items <= limits.max_items, "{} items", count.items);
    assert!(count.resources <= limits.max_resources);
    assert!(count.files <= limits.max_files);
    assert!(count.resolved <= limits.max_resolved_bytes);
    assert!(manifest.warnings.len() <= limits.max_warnings);
}

/// A launch URL lies below the package, or is said to lie elsewhere; there is no third way.
fn launches_stay_inside(rows: &modscorm::ScoTree) {
    const BASE: &str = "https://cdn.example.com/courses/safety/";
    for row in rows.scoes.iter().filter(|row| !row.launch.is_empty()) {
        let parameters = row
            .data
            .iter()
            .find(|(name, _)| name == "parameters")
            .map_or("", |(_, value)| value);
        match manifest::launch_url(BASE, &row.launch, parameters) {
            Ok(url) => {
                let parsed = Url::parse(&url).expect("a launch URL is one");
                assert!(parsed.as_str().starts_with(BASE), "{url}");
            }
            Err(elsewhere) => assert!(!elsewhere.reason().is_empty()),
        }
    }
}

/// The first line is an entry of the allowlist, or empty for none; the rest is the URL. Whatever is accepted is https,
/// of a public host, in a normal form that is accepted again; an allowlist only takes away.
pub fn url_policy(data: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(data) else {
        return NOT_TEXT;
    };
    let (entry, url) = text.split_once('\n').unwrap_or(("", text));
    let open = UrlPolicy::new(PolicyOptions::default()).expect("no allowlist");
    let verdict = open.check(url);
    if let Ok(checked) = &verdict {
        let normal = checked.url();
        assert_eq!((normal.scheme(), checked.port()), ("https", 443));
        assert_eq!(
            (normal.username(), normal.password(), normal.fragment()),
            ("", None, None)
        );
        assert!(
            normal
                .as_str()
                .bytes()
                .all(|b| b.is_ascii_graphic() && b != b'\\'),
            "{normal}"
        );
        assert!(checked.host().contains(['.', ':']));
        if let Some(address) = checked.address() {
            assert_eq!(special_range(address), None, "{address}");
            assert_eq!(open.check_address(address), Ok(()));
        }
        assert_eq!(open.check(normal.as_str()).as_ref(), Ok(checked));
    }
    if entry.is_empty() {
        return verdict.map_or_else(|refusal| refusal.reason(), |_| ACCEPTED);
    }
    let listed = UrlPolicy::new(PolicyOptions {
        allow: vec![entry.to_owned()],
        ..PolicyOptions::default()
    });
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => return error.reason(),
    };
    match listed.check(url) {
        Ok(checked) => {
            assert_eq!(listed.check(checked.url().as_str()).as_ref(), Ok(&checked));
            // A port that the entry names is the one thing it may add.
            let port = checked.url().port();
            assert!(port.is_some() || verdict.as_ref() == Ok(&checked));
            assert!(
                port.is_none_or(|port| entry.contains(&format!(":{port}")) || entry.contains(":0"))
            );
            ACCEPTED
        }
        Err(refusal) => refusal.reason(),
    }
}
