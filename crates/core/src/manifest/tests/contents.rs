//! What ordinary manifests mean.

use super::*;

#[test]
fn an_ordinary_manifest_reads_clean() {
    let manifest = read(V12);
    assert_eq!(manifest.version, Version::V12);
    assert_eq!(manifest.warnings, []);
    let item = &manifest.organizations[0].items[0];
    assert_eq!(item.title, "Lesson & more");
    assert_eq!(item.launch.as_deref(), Some("c/index.html"));
    assert_eq!(item.scorm_type, Some(ScormType::Sco));
    assert_eq!(item.mastery_score.as_deref(), Some("80"));
    assert_eq!(item.parameters.as_deref(), Some("?a=1"));
}

#[test]
fn the_schema_version_decides_and_the_namespaces_where_it_is_silent() {
    let ns12 = "http://www.imsproject.org/xsd/imscp_rootv1p1p2";
    let ns2004 = "http://www.imsglobal.org/xsd/imscp_v1p1";
    let (second, third, fourth) = (
        Some(Edition::Second),
        Some(Edition::Third),
        Some(Edition::Fourth),
    );
    let table = [
        ("1.2", ns12, Version::V12, None),
        (" 1.2 ", ns12, Version::V12, None),
        ("1.2", ns2004, Version::V12, None),
        ("CAM 1.3", ns2004, Version::V2004, second),
        ("1.3", ns12, Version::V2004, second),
        ("2004 3rd Edition", ns2004, Version::V2004, third),
        ("2004 3rd edition", ns2004, Version::V2004, third),
        ("2004  4th Edition", ns2004, Version::V2004, fourth),
        ("2004 5th Edition", ns2004, Version::V2004, None),
        ("", ns2004, Version::V2004, None),
        ("", ns12, Version::V12, None),
        ("latest", ns2004, Version::V2004, None),
        ("latest", "urn:unknown:imscp", Version::V12, None),
    ];
    for (schema_version, ns, version, edition) in table {
        let manifest = read(&format!(
            "<manifest identifier='M' xmlns='{ns}'><metadata><schemaversion>{schema_version}</schemaversion>\
             </metadata></manifest>"
        ));
        assert_eq!(
            (manifest.version, manifest.edition),
            (version, edition),
            "{schema_version:?} in {ns}"
        );
    }
}

#[test]
fn the_default_organization_plays_else_the_first() {
    let manifest = |default: &str| {
        read(&format!(
            "<manifest identifier='M' xmlns='http://www.imsproject.org/xsd/imscp_rootv1p1p2'>\
             <organizations {default}><organization identifier='A'/><organization identifier='B'/></organizations>\
             </manifest>"
        ))
    };
    for (default, playing) in [
        ("default='B'", "B"),
        ("default='C'", "A"),
        ("default=''", "A"),
        ("", "A"),
    ] {
        assert_eq!(
            manifest(default).playing_organization().unwrap().identifier,
            playing,
            "{default}"
        );
    }
}

#[test]
fn every_prefix_will_do_as_long_as_the_namespace_is_right() {
    let mut prefixed = V12
        .replace("xmlns:adlcp=", "xmlns:x=")
        .replace("adlcp:", "x:")
        .replace("xmlns=", "xmlns:cp=");
    for name in [
        "manifest",
        "metadata",
        "schema",
        "schemaversion",
        "organizations",
        "organization",
        "title",
        "item",
        "resources",
        "resource",
        "file",
    ] {
        for end in [" ", ">", "/"] {
            prefixed = prefixed.replace(&format!("<{name}{end}"), &format!("<cp:{name}{end}"));
        }
        prefixed = prefixed.replace(&format!("</{name}>"), &format!("</cp:{name}>"));
    }
    assert_ne!(prefixed, V12);
    assert_eq!(read(&prefixed), {
        let mut expected = read(V12);
        // Offsets are the one thing that changes.
        let found = read(&prefixed);
        expected.organizations[0].at = found.organizations[0].at;
        expected.organizations[0].items[0].at = found.organizations[0].items[0].at;
        expected.resources[0].at = found.resources[0].at;
        expected
    });
}

#[test]
fn a_namespace_can_be_declared_where_it_is_used_and_ends_there() {
    let manifest = read(
        r#"<m:manifest identifier="M" xmlns:m="http://www.imsproject.org/xsd/imscp_rootv1p1p2">
        <organizations xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" default="O">
          <organization identifier="O"><title>T</title><item identifier="I"><title>T</title>
            <masteryscore xmlns="http://www.adlnet.org/xsd/adlcp_rootv1p2">70</masteryscore>
            <masteryscore>1</masteryscore>
            <p:masteryscore xmlns:p="urn:other">2</p:masteryscore></item></organization>
        </organizations></m:manifest>"#,
    );
    assert_eq!(
        manifest.organizations[0].items[0].mastery_score.as_deref(),
        Some("70")
    );
}

#[test]
fn bases_of_manifest_resources_and_resource_are_joined() {
    let table = [
        ("", "", "", "a.html", "a.html"),
        ("m/", "", "", "a.html", "m/a.html"),
        ("m/", "s/", "r/", "a.html", "m/s/r/a.html"),
        ("m/", "/s/", "r/", "a.html", "/s/r/a.html"),
        (
            "m/",
            "s/",
            "https://cdn.example.com/x/",
            "a.html",
            "https://cdn.example.com/x/a.html",
        ),
        ("m/", "s", "", "a.html", "m/a.html"),
        ("", "", "r/?q#f", "a.html", "r/a.html"),
        ("m/", "", "", "/a.html", "/a.html"),
        (
            "m/",
            "",
            "",
            "//cdn.example.com/a.html",
            "//cdn.example.com/a.html",
        ),
        ("m/", "", "", "mailto:a@example.com", "mailto:a@example.com"),
        ("m/", "", "r/", "../a.html?x=1:2#y", "m/r/../a.html?x=1:2#y"),
        ("m/", "", "", "a:b/c.html", "a:b/c.html"),
        ("m/", "", "", "a/b:c.html", "m/a/b:c.html"),
    ];
    for (manifest, resources, resource, href, launch) in table {
        let read = read(&format!(
            "<manifest identifier='M' xml:base='{manifest}' xmlns='http://www.imsglobal.org/xsd/imscp_v1p1'>\
             <organizations><organization identifier='O'><item identifier='I' identifierref='R'/></organization>\
             </organizations><resources xml:base='{resources}'>\
             <resource identifier='R' xml:base='{resource}' href='{href}'/></resources></manifest>"
        ));
        assert_eq!(
            read.organizations[0].items[0].launch.as_deref(),
            Some(launch)
        );
    }
}

#[test]
fn parameters_continue_a_launch_url_as_the_standard_says() {
    let table = [
        ("a.html", "", "a.html"),
        ("a.html", "?x=1", "a.html?x=1"),
        ("a.html", "x=1", "a.html?x=1"),
        ("a.html", "&?&x=1", "a.html?x=1"),
        ("a.html?y=2", "?x=1", "a.html?y=2&x=1"),
        ("a.html", "#top", "a.html#top"),
        ("a.html#bottom", "#top", "a.html#bottom"),
        ("a.html#bottom", "x=1", "a.html?x=1#bottom"),
        ("a.html?y#b", "?x", "a.html?y&x#b"),
    ];
    for (launch, parameters, url) in table {
        assert_eq!(
            with_parameters(launch, parameters),
            url,
            "{launch} {parameters}"
        );
    }
}

#[test]
fn a_launch_url_is_below_its_package_whatever_its_author_wrote() {
    let base = "https://cdn.example.com/caf%C3%A9/";
    let table = [
        ("index.html", "", Some("index.html")),
        (
            "a b/Übung.html",
            "?naam=José&x=1 2",
            Some("a%20b/%C3%9Cbung.html?naam=Jos%C3%A9&x=1%202"),
        ),
        ("a%20b.html", "", Some("a%20b.html")),
        (
            "日本/入口.html#頁",
            "x",
            Some("%E6%97%A5%E6%9C%AC/%E5%85%A5%E5%8F%A3.html?x#%E9%A0%81"),
        ),
        ("a\\b.html", "", Some("a/b.html")),
        ("a/../b.html", "", Some("b.html")),
        (
            "https://cdn.example.com/caf%C3%A9/index.html",
            "",
            Some("index.html"),
        ),
        ("../index.html", "", None),
        ("%2e%2e/index.html", "", None),
        ("/index.html", "", None),
        ("//evil.example/index.html", "", None),
        ("https://cdn.example.com.evil.example/café/", "", None),
        ("javascript:alert(1)", "", None),
        ("http://[", "", None),
    ];
    for (launch, parameters, place) in table {
        assert_eq!(
            launch_url(base, launch, parameters).ok(),
            place.map(|place| format!("{base}{place}")),
            "{launch}"
        );
    }
}

#[test]
fn text_is_kept_and_its_references_are_characters() {
    let manifest = read(&v2004(
        "<item identifier='I'><title>a &lt;b&gt; &amp;amp; &quot;c&quot; &apos;d&apos; &#233;&#x1F600;\
         <![CDATA[<i>&amp;</i>]]><!-- not this --> e\r\nf</title>\
         <adlcp:dataFromLMS>  two\n lines </adlcp:dataFromLMS></item>",
        "",
    ));
    let item = &manifest.organizations[0].items[0];
    assert_eq!(item.title, "a <b> &amp; \"c\" 'd' é😀<i>&amp;</i> e\nf");
    assert_eq!(item.data_from_lms.as_deref(), Some("  two\n lines "));
}

#[test]
fn titles_of_the_package_come_from_lom_in_both_bindings() {
    for (ns, string) in [
        (
            "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
            "langstring",
        ),
        ("http://ltsc.ieee.org/xsd/LOM", "string"),
    ] {
        let manifest = read(&format!(
            "<manifest identifier='M' xmlns='http://www.imsglobal.org/xsd/imscp_v1p1'><metadata>\
             <lom xmlns='{ns}'><general><title><{string}> The title </{string}><{string}>Der Titel</{string}></title>\
             <description><{string}>no</{string}></description></general></lom></metadata></manifest>"
        ));
        assert_eq!(
            manifest.metadata.unwrap().title.as_deref(),
            Some("The title")
        );
    }
}

#[test]
fn sub_manifests_are_read_with_their_own_resources_first() {
    let manifest = read(
        r#"<manifest identifier="out" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1">
        <organizations default="o"><organization identifier="o"><title>o</title>
          <item identifier="i1" identifierref="same"><title>t</title></item>
          <item identifier="i2" identifierref="deep"><title>t</title></item></organization></organizations>
        <resources><resource identifier="same" href="out.html"/></resources>
        <manifest identifier="in" xml:base="in/">
          <organizations default="p"><organization identifier="p"><title>p</title>
            <item identifier="j1" identifierref="same"><title>t</title></item></organization></organizations>
          <resources><resource identifier="same" href="in.html"/></resources>
          <manifest identifier="inner"><organizations><organization identifier="q"><title>q</title>
              <item identifier="k1" identifierref="same"><title>t</title></item></organization></organizations>
            <resources><resource identifier="deep" href="deep.html"/></resources></manifest>
        </manifest></manifest>"#,
    );
    let launch = |organization: &Organization, index: usize| {
        organization.items[index].launch.clone().unwrap()
    };
    let inner = &manifest.manifests[0];
    assert_eq!(launch(&manifest.organizations[0], 0), "out.html");
    assert_eq!(launch(&manifest.organizations[0], 1), "in/deep.html");
    assert_eq!(launch(&inner.organizations[0], 0), "in/in.html");
    assert_eq!(
        launch(&inner.manifests[0].organizations[0], 0),
        "in/in.html"
    );
    assert_eq!(inner.default_organization.as_deref(), Some("p"));
}

#[test]
fn a_reader_that_needs_no_files_gets_the_rest_alike() {
    let xml = V12.replace(
        r#"<file href="index.html"/>"#,
        r#"<file href="index.html"/><file href="b.png"/><dependency identifierref="R"/>"#,
    );
    let mut whole = parse(xml.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(whole.resources[0].files, ["index.html", "b.png"]);
    for resource in &mut whole.resources {
        resource.files.clear();
    }
    let without = parse_without_files(xml.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(without, whole);
    let limits = Limits {
        max_files: 2,
        ..Limits::default()
    };
    assert_eq!(
        parse_without_files(xml.as_bytes(), &limits)
            .unwrap_err()
            .reason(),
        "manifest_too_many_files",
        "files that are not kept count all the same"
    );
}
