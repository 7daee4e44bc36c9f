//! Claims about the rows that mod_scorm's own parser cannot show: where it fails, ours are sound.
//! Where it does not, `tests/native_parity.rs` compares the two.

use super::*;
use crate::manifest::{Limits, parse};

/// The row of the only item of a SCORM 2004 manifest of an edition.
fn row(edition: &str, inside: &str) -> ScoRow {
    let text = format!(
        "<manifest identifier='M' xmlns='http://www.imsglobal.org/xsd/imscp_v1p1' \
         xmlns:adlcp='http://www.adlnet.org/xsd/adlcp_v1p3' xmlns:imsss='http://www.imsglobal.org/xsd/imsss'>\
         <metadata><schemaversion>{edition}</schemaversion></metadata><organizations default='O'>\
         <organization identifier='O'><title>o</title><item identifier='I' identifierref='R'><title>t</title>{inside}\
         </item></organization></organizations><resources>\
         <resource identifier='R' adlcp:scormType='SCO' href='a.html'/></resources></manifest>"
    );
    let mut tree = tree(&parse(text.as_bytes(), &Limits::default()).unwrap());
    assert_eq!(tree.scoes.len(), 2);
    tree.scoes.remove(1)
}

fn datum(row: &ScoRow, name: &str) -> Option<String> {
    let found = row.data.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone())
}

#[test]
fn a_completion_threshold_counts_as_its_edition_says() {
    let table = [
        ("2004 3rd Edition", "", ">0.4<", Some("0.4")),
        ("2004 3rd Edition", "", "><", Some("1.0")),
        (
            "2004 3rd Edition",
            "minProgressMeasure='0.5'",
            "><",
            Some("0.5"),
        ),
        ("2004 4th Edition", "minProgressMeasure='0.5'", "><", None),
        ("2004 4th Edition", "progressWeight='0.5'", "><", None),
        (
            "2004 4th Edition",
            "completedByMeasure='false' minProgressMeasure='0.5'",
            "><",
            None,
        ),
        (
            "2004 4th Edition",
            "completedByMeasure='true' minProgressMeasure='0.5'",
            "><",
            Some("0.5"),
        ),
        (
            "2004 4th Edition",
            "completedByMeasure='true'",
            "><",
            Some("1.0"),
        ),
        (
            "2004 4th Edition",
            "completedByMeasure='true' minProgressMeasure='7'",
            "><",
            Some("1.0"),
        ),
    ];
    for (edition, attributes, text, threshold) in table {
        let element =
            format!("<adlcp:completionThreshold {attributes}{text}/adlcp:completionThreshold>");
        let row = row(edition, &element);
        assert_eq!(
            datum(&row, "threshold").as_deref(),
            threshold,
            "{edition} {element}"
        );
    }
}

#[test]
fn a_zero_is_a_value() {
    let row = row("1.2", "<adlcp:masteryscore>0</adlcp:masteryscore>");
    assert_eq!(datum(&row, "masteryscore").as_deref(), Some("0"));
}

#[test]
fn the_type_is_one_that_the_player_knows() {
    assert_eq!(row("1.2", "").scormtype, "sco");
}

#[test]
fn rules_without_action_or_conditions_do_not_stop_the_rest() {
    let condition =
        "<imsss:ruleConditions><imsss:ruleCondition condition='always'/></imsss:ruleConditions>";
    let row = row(
        "2004 3rd Edition",
        &format!(
            "<imsss:sequencing><imsss:sequencingRules>\
             <imsss:preConditionRule>{condition}</imsss:preConditionRule>\
             <imsss:preConditionRule><imsss:ruleAction action='skip'/></imsss:preConditionRule>\
             <imsss:exitConditionRule>{condition}<imsss:ruleAction action='exit'/></imsss:exitConditionRule>\
             </imsss:sequencingRules><imsss:rollupRules><imsss:rollupRule/></imsss:rollupRules>\
             <imsss:objectives><imsss:objective objectiveID='o'><imsss:mapInfo targetObjectiveID='t'/></imsss:objective>\
             </imsss:objectives></imsss:sequencing>"
        ),
    );
    let rules: Vec<_> = row
        .rules
        .iter()
        .map(|rule| (rule.ruletype, rule.action.as_str(), rule.conditions.len()))
        .collect();
    assert_eq!(rules, [(0, "skip", 0), (2, "exit", 1)]);
    assert!(
        row.rules
            .iter()
            .all(|rule| rule.conditioncombination == "all")
    );
    assert_eq!(row.rollup_rules.len(), 1);
    assert_eq!(row.rollup_rules[0].conditioncombination, "all");
    assert_eq!(row.objectives.len(), 1);
}

#[test]
fn words_too_long_for_their_column_are_cut_and_told() {
    let text = format!(
        "<manifest identifier='M' xmlns='http://www.imsglobal.org/xsd/imscp_v1p1' \
         xmlns:imsss='http://www.imsglobal.org/xsd/imsss'><organizations><organization identifier='O'>\
         <title>{}</title><imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions>\
         <imsss:ruleCondition operator='notAtAll' condition='always'/></imsss:ruleConditions>\
         <imsss:ruleAction action='skip'/></imsss:preConditionRule></imsss:sequencingRules></imsss:sequencing>\
         </organization></organizations></manifest>",
        "t".repeat(256)
    );
    let tree = tree(&parse(text.as_bytes(), &Limits::default()).unwrap());
    assert_eq!(tree.scoes[0].title.len(), 255);
    assert_eq!(tree.scoes[0].rules[0].conditions[0].operator, "notAt");
    let told: Vec<_> = tree
        .warnings
        .iter()
        .map(|w| (w.identifier.as_str(), w.column.as_str(), w.limit))
        .collect();
    assert_eq!(told, [("O", "title", 255), ("O", "operator", 5)]);
    assert_eq!(tree.launch, None);
}
