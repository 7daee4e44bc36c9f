//! Claims about reading manifests.

mod contents;
mod encodings;
mod refusals;
mod sequencing;
mod slips;

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

/// A SCORM 2004 4th Ed. manifest around `organization` (the inside of the only one) and `rest` (after resources).
fn v2004(organization: &str, rest: &str) -> String {
    format!(
        r#"<manifest identifier="M" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
          xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
          xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
        <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
        <organizations default="O"><organization identifier="O"><title>Course</title>{organization}</organization>
        </organizations>
        <resources><resource identifier="R" type="webcontent" adlcp:scormType="sco" href="index.html"/></resources>
        {rest}</manifest>"#
    )
}

fn read(text: &str) -> Manifest {
    parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refusal(bytes: impl AsRef<[u8]>) -> ManifestError {
    parse(bytes.as_ref(), &Limits::default()).unwrap_err()
}

fn codes(manifest: &Manifest) -> Vec<WarningCode> {
    manifest
        .warnings
        .iter()
        .map(|warning| warning.code)
        .collect()
}
