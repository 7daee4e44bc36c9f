//! Sequencing, references to the collection, and what is out of range.

use super::*;

const COLLECTION: &str = "<imsss:sequencingCollection><imsss:sequencing ID='C'>\
    <imsss:controlMode choice='false' flow='true'/><imsss:limitConditions attemptLimit='3'/>\
    <imsss:rollupRules rollupObjectiveSatisfied='false'/><imsss:deliveryControls tracked='false'/>\
    </imsss:sequencing></imsss:sequencingCollection>";

fn sequencing(inside: &str, rest: &str) -> (Sequencing, Vec<WarningCode>) {
    let item = format!("<item identifier='I' identifierref='R'><title>t</title>{inside}</item>");
    let manifest = read(&v2004(&item, rest));
    (
        *manifest.organizations[0].items[0]
            .sequencing
            .clone()
            .unwrap(),
        codes(&manifest),
    )
}

#[test]
fn a_reference_brings_in_every_element_that_is_missing_and_none_that_is_there() {
    let (alone, warnings) = sequencing("<imsss:sequencing IDRef='C'/>", COLLECTION);
    assert_eq!(warnings, []);
    assert_eq!(alone.control_mode.as_ref().unwrap().flow, Some(true));
    assert_eq!(
        alone
            .limit_conditions
            .as_ref()
            .unwrap()
            .attempt_limit
            .as_deref(),
        Some("3")
    );

    let (own, _) = sequencing(
        "<imsss:sequencing IDRef='C'><imsss:controlMode choice='true'/><imsss:rollupRules/></imsss:sequencing>",
        COLLECTION,
    );
    // As a whole: the collection's flow does not come along with the activity's own choice.
    assert_eq!(
        own.control_mode,
        Some(ControlMode {
            choice: Some(true),
            ..ControlMode::default()
        })
    );
    assert_eq!(own.rollup_rules, Some(RollupRules::default()));
    assert_eq!(own.limit_conditions, alone.limit_conditions);
    assert_eq!(own.delivery_controls, alone.delivery_controls);
}

#[test]
fn a_reference_to_nothing_leaves_the_activity_as_it_is() {
    let (own, warnings) = sequencing("<imsss:sequencing IDRef='X'/>", COLLECTION);
    assert_eq!(warnings, [WarningCode::UnknownSequencing]);
    assert_eq!(own.control_mode, None);
}

#[test]
fn sequencing_in_another_namespace_is_not_sequencing() {
    let item = "<item identifier='I' identifierref='R'><title>t</title><sequencing><controlMode/></sequencing></item>";
    assert_eq!(
        read(&v2004(item, "")).organizations[0].items[0].sequencing,
        None
    );
}

#[test]
fn values_out_of_range_count_as_missing_and_words_are_put_right() {
    let (read, warnings) = sequencing(
        "<imsss:sequencing>\
         <imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions conditionCombination='ANY'>\
           <imsss:ruleCondition condition='satisfied' measureThreshold='1.5' operator='maybe'/>\
         </imsss:ruleConditions><imsss:ruleAction action='skip'/></imsss:preConditionRule></imsss:sequencingRules>\
         <imsss:limitConditions attemptLimit='-1'/>\
         <imsss:rollupRules objectiveMeasureWeight='1e-1'/>\
         <imsss:objectives><imsss:primaryObjective><imsss:minNormalizedMeasure>NaN</imsss:minNormalizedMeasure>\
         </imsss:primaryObjective></imsss:objectives></imsss:sequencing>",
        "",
    );
    let rule = &read.rules.as_ref().unwrap()[0];
    assert_eq!(rule.condition_combination.as_deref(), Some("any"));
    assert_eq!(rule.conditions[0].measure_threshold, None);
    assert_eq!(rule.conditions[0].operator.as_deref(), Some("maybe"));
    assert_eq!(read.limit_conditions.unwrap().attempt_limit, None);
    assert_eq!(read.rollup_rules.unwrap().objective_measure_weight, None);
    assert_eq!(read.objectives.unwrap()[0].min_normalized_measure, None);
    let invalid = warnings
        .iter()
        .filter(|code| **code == WarningCode::InvalidValue)
        .count();
    assert_eq!((invalid, warnings.len()), (5, 6));
}
