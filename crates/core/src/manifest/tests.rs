//! Claims about reading manifests.

use super::*;

const V12: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="O">
    <organization identifier="O"><title>Course</title>
      <item identifier="I" identifierref="R" isvisible="true" parameters="?a=1"><title>Lesson &amp; more</title>
        <adlcp:masteryscore>80</adlcp:masteryscore></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="R" type="webcontent" adlcp:scormtype="sco" href="index.html" xml:base="c/">
      <file href="index.html"/></resource>
  </resources>
</manifest>"#;

fn read(text: &str) -> Manifest {
    parse(text.as_bytes(), &Limits::default()).unwrap()
}

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
}
