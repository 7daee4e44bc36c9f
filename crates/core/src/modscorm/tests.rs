//! Claims about the rows.

use super::*;
use crate::manifest::{Limits, parse};

fn rows(text: &str) -> ScoTree {
    tree(&parse(text.as_bytes(), &Limits::default()).unwrap())
}

#[test]
fn the_first_launchable_item_of_the_default_organization_is_launched() {
    let tree = rows(
        r#"<manifest identifier="M" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2">
        <organizations default="B">
          <organization identifier="A"><title>A</title><item identifier="a1" identifierref="R"/></organization>
          <organization identifier="B"><title>B</title><item identifier="b1"><item identifier="b2" identifierref="R"/></item>
          </organization>
        </organizations>
        <resources><resource identifier="R" href="x.html"/></resources></manifest>"#,
    );
    assert_eq!(tree.scoes.len(), 5);
    assert_eq!(tree.launch.as_deref(), Some("b2"));
    assert_eq!(tree.launch_sortorder, Some(5));
}
