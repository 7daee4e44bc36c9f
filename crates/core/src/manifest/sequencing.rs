//! Reading `<imsss:sequencing>` (SCORM 2004 4th Ed. CAM chapter 5).

use std::borrow::Cow;

use super::contents::{Parser, trim};
use super::error::ManifestError;
use super::model::Text;
use super::names::{Ns, Tag};
use super::sequencing_model::{
    AdlObjective, AdlObjectiveMap, AuxiliaryResource, ConstrainedChoice, ControlMode,
    DeliveryControls, LimitConditions, MapInfo, Objective, RandomizationControls, RollupCondition,
    RollupConsiderations, RollupRule, RollupRules, RuleCondition, RuleKind, Sequencing,
    SequencingRule,
};
use super::source::Element;
use super::warning::WarningCode;

const COMBINATIONS: &[&str] = &["all", "any"];
const OPERATORS: &[&str] = &["noOp", "not"];
const RULE_CONDITIONS: &[&str] = &[
    "satisfied",
    "objectiveStatusKnown",
    "objectiveMeasureKnown",
    "objectiveMeasureGreaterThan",
    "objectiveMeasureLessThan",
    "completed",
    "activityProgressKnown",
    "attempted",
    "attemptLimitExceeded",
    "timeLimitExceeded",
    "outsideAvailableTimeRange",
    "always",
];
const ROLLUP_CONDITIONS: &[&str] = &[
    "satisfied",
    "objectiveStatusKnown",
    "objectiveMeasureKnown",
    "completed",
    "activityProgressKnown",
    "attempted",
    "attemptLimitExceeded",
    "timeLimitExceeded",
    "outsideAvailableTimeRange",
];
const RULE_ACTIONS: &[&str] = &[
    "skip",
    "disabled",
    "hiddenFromChoice",
    "stopForwardTraversal",
    "exitParent",
    "exitAll",
    "retry",
    "retryAll",
    "continue",
    "previous",
    "exit",
];
const ROLLUP_ACTIONS: &[&str] = &["satisfied", "notSatisfied", "completed", "incomplete"];
const CHILD_SETS: &[&str] = &["all", "any", "none", "atLeastCount", "atLeastPercent"];
const TIMINGS: &[&str] = &["never", "once", "onEachNewAttempt"];
const CONSIDERATIONS: &[&str] = &["always", "ifAttempted", "ifNotSkipped", "ifNotSuspended"];

impl<'a> Parser<'a> {
    pub(super) fn sequencing<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
    ) -> Result<Sequencing<S>, ManifestError> {
        let mut sequencing = Sequencing {
            id: self.token(element, "ID"),
            id_ref: self.token(element, "IDRef"),
            at: element.at,
            ..Sequencing::default()
        };
        while let Some(child) = self.source.child()? {
            match child.tag {
                Tag::ControlMode => {
                    sequencing.control_mode = Some(ControlMode {
                        choice: self.flag(&child, "choice"),
                        choice_exit: self.flag(&child, "choiceExit"),
                        flow: self.flag(&child, "flow"),
                        forward_only: self.flag(&child, "forwardOnly"),
                        use_current_attempt_objective_info: self
                            .flag(&child, "useCurrentAttemptObjectiveInfo"),
                        use_current_attempt_progress_info: self
                            .flag(&child, "useCurrentAttemptProgressInfo"),
                    });
                    self.source.skip()?;
                }
                Tag::SequencingRules => sequencing.rules = Some(self.sequencing_rules()?),
                Tag::LimitConditions => {
                    sequencing.limit_conditions = Some(LimitConditions {
                        attempt_limit: self.whole(&child, "attemptLimit"),
                        attempt_absolute_duration_limit: self.string(
                            &child,
                            Ns::None,
                            "attemptAbsoluteDurationLimit",
                        ),
                    });
                    self.source.skip()?;
                }
                Tag::AuxiliaryResources => {
                    sequencing.auxiliary_resources = Some(self.auxiliary_resources()?)
                }
                Tag::RollupRules => sequencing.rollup_rules = Some(self.rollup_rules(&child)?),
                Tag::Objectives => sequencing.objectives = Some(self.objectives()?),
                Tag::AdlObjectives => sequencing.adl_objectives = Some(self.adl_objectives()?),
                Tag::RandomizationControls => {
                    sequencing.randomization_controls = Some(RandomizationControls {
                        randomization_timing: self.choice(&child, "randomizationTiming", TIMINGS),
                        select_count: self.whole(&child, "selectCount"),
                        reorder_children: self.flag(&child, "reorderChildren"),
                        selection_timing: self.choice(&child, "selectionTiming", TIMINGS),
                    });
                    self.source.skip()?;
                }
                Tag::DeliveryControls => {
                    sequencing.delivery_controls = Some(DeliveryControls {
                        tracked: self.flag(&child, "tracked"),
                        completion_set_by_content: self.flag(&child, "completionSetByContent"),
                        objective_set_by_content: self.flag(&child, "objectiveSetByContent"),
                    });
                    self.source.skip()?;
                }
                Tag::ConstrainedChoice => {
                    sequencing.constrained_choice = Some(ConstrainedChoice {
                        prevent_activation: self.flag(&child, "preventActivation"),
                        constrain_choice: self.flag(&child, "constrainChoice"),
                    });
                    self.source.skip()?;
                }
                Tag::RollupConsiderations => {
                    sequencing.rollup_considerations = Some(RollupConsiderations {
                        required_for_satisfied: self.choice(
                            &child,
                            "requiredForSatisfied",
                            CONSIDERATIONS,
                        ),
                        required_for_not_satisfied: self.choice(
                            &child,
                            "requiredForNotSatisfied",
                            CONSIDERATIONS,
                        ),
                        required_for_completed: self.choice(
                            &child,
                            "requiredForCompleted",
                            CONSIDERATIONS,
                        ),
                        required_for_incomplete: self.choice(
                            &child,
                            "requiredForIncomplete",
                            CONSIDERATIONS,
                        ),
                        measure_satisfaction_if_active: self
                            .flag(&child, "measureSatisfactionIfActive"),
                    });
                    self.source.skip()?;
                }
                _ => self.source.skip()?,
            }
        }
        Ok(sequencing)
    }

    fn sequencing_rules<S: Text<'a>>(&mut self) -> Result<Vec<SequencingRule<S>>, ManifestError> {
        let mut rules = Vec::new();
        while let Some(child) = self.source.child()? {
            let kind = match child.tag {
                Tag::PreConditionRule => RuleKind::Pre,
                Tag::PostConditionRule => RuleKind::Post,
                Tag::ExitConditionRule => RuleKind::Exit,
                _ => {
                    self.source.skip()?;
                    continue;
                }
            };
            let rule = self.sequencing_rule(&child, kind)?;
            rules.push(rule);
        }
        Ok(rules)
    }

    fn sequencing_rule<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
        kind: RuleKind,
    ) -> Result<SequencingRule<S>, ManifestError> {
        self.count_sequencing(element.at, 1)?;
        let mut rule = SequencingRule {
            kind,
            ..SequencingRule::default()
        };
        while let Some(child) = self.source.child()? {
            match child.tag {
                Tag::RuleConditions => {
                    rule.condition_combination =
                        self.choice(&child, "conditionCombination", COMBINATIONS);
                    while let Some(child) = self.source.child()? {
                        if child.tag == Tag::RuleCondition {
                            self.count_sequencing(child.at, 1)?;
                            rule.conditions.push(RuleCondition {
                                referenced_objective: self.string(
                                    &child,
                                    Ns::None,
                                    "referencedObjective",
                                ),
                                measure_threshold: self.decimal(
                                    &child,
                                    "measureThreshold",
                                    -1.0,
                                    1.0,
                                ),
                                operator: self.choice(&child, "operator", OPERATORS),
                                condition: self.choice(&child, "condition", RULE_CONDITIONS),
                            });
                        }
                        self.source.skip()?;
                    }
                }
                Tag::RuleAction => {
                    rule.action = self.choice(&child, "action", RULE_ACTIONS);
                    self.source.skip()?;
                }
                _ => self.source.skip()?,
            }
        }
        Ok(rule)
    }

    fn rollup_rules<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
    ) -> Result<RollupRules<S>, ManifestError> {
        let mut rollup = RollupRules {
            rollup_objective_satisfied: self.flag(element, "rollupObjectiveSatisfied"),
            rollup_progress_completion: self.flag(element, "rollupProgressCompletion"),
            objective_measure_weight: self.decimal(element, "objectiveMeasureWeight", 0.0, 1.0),
            rules: Vec::new(),
        };
        while let Some(child) = self.source.child()? {
            if child.tag == Tag::RollupRule {
                let rule = self.rollup_rule(&child)?;
                rollup.rules.push(rule);
            } else {
                self.source.skip()?;
            }
        }
        Ok(rollup)
    }

    fn rollup_rule<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
    ) -> Result<RollupRule<S>, ManifestError> {
        self.count_sequencing(element.at, 1)?;
        let mut rule = RollupRule {
            child_activity_set: self.choice(element, "childActivitySet", CHILD_SETS),
            minimum_count: self.whole(element, "minimumCount"),
            minimum_percent: self.decimal(element, "minimumPercent", 0.0, 1.0),
            ..RollupRule::default()
        };
        while let Some(child) = self.source.child()? {
            match child.tag {
                Tag::RollupConditions => {
                    rule.condition_combination =
                        self.choice(&child, "conditionCombination", COMBINATIONS);
                    while let Some(child) = self.source.child()? {
                        if child.tag == Tag::RollupCondition {
                            self.count_sequencing(child.at, 1)?;
                            rule.conditions.push(RollupCondition {
                                operator: self.choice(&child, "operator", OPERATORS),
                                condition: self.choice(&child, "condition", ROLLUP_CONDITIONS),
                            });
                        }
                        self.source.skip()?;
                    }
                }
                Tag::RollupAction => {
                    rule.action = self.choice(&child, "action", ROLLUP_ACTIONS);
                    self.source.skip()?;
                }
                _ => self.source.skip()?,
            }
        }
        Ok(rule)
    }

    fn objectives<S: Text<'a>>(&mut self) -> Result<Vec<Objective<S>>, ManifestError> {
        let mut objectives = Vec::new();
        while let Some(child) = self.source.child()? {
            let primary = match child.tag {
                Tag::PrimaryObjective => true,
                Tag::Objective => false,
                _ => {
                    self.source.skip()?;
                    continue;
                }
            };
            self.count_sequencing(child.at, 1)?;
            let mut objective = Objective {
                primary,
                objective_id: self.token(&child, "objectiveID"),
                satisfied_by_measure: self.flag(&child, "satisfiedByMeasure"),
                ..Objective::default()
            };
            while let Some(child) = self.source.child()? {
                match child.tag {
                    Tag::MinNormalizedMeasure => {
                        let text = self.trimmed()?;
                        objective.min_normalized_measure =
                            self.checked_decimal(child.at, text, -1.0, 1.0);
                    }
                    Tag::MapInfo => {
                        self.count_sequencing(child.at, 1)?;
                        objective.map_infos.push(MapInfo {
                            target_objective_id: self.required(&child, "targetObjectiveID"),
                            read_satisfied_status: self.flag(&child, "readSatisfiedStatus"),
                            read_normalized_measure: self.flag(&child, "readNormalizedMeasure"),
                            write_satisfied_status: self.flag(&child, "writeSatisfiedStatus"),
                            write_normalized_measure: self.flag(&child, "writeNormalizedMeasure"),
                        });
                        self.source.skip()?;
                    }
                    _ => self.source.skip()?,
                }
            }
            objectives.push(objective);
        }
        Ok(objectives)
    }

    fn adl_objectives<S: Text<'a>>(&mut self) -> Result<Vec<AdlObjective<S>>, ManifestError> {
        let mut objectives = Vec::new();
        while let Some(child) = self.source.child()? {
            if child.tag != Tag::AdlObjective {
                self.source.skip()?;
                continue;
            }
            self.count_sequencing(child.at, 1)?;
            let mut objective = AdlObjective {
                objective_id: self.required(&child, "objectiveID"),
                maps: Vec::new(),
            };
            while let Some(child) = self.source.child()? {
                if child.tag == Tag::AdlMapInfo {
                    self.count_sequencing(child.at, 1)?;
                    objective.maps.push(AdlObjectiveMap {
                        target_objective_id: self.required(&child, "targetObjectiveID"),
                        read_raw_score: self.flag(&child, "readRawScore"),
                        read_min_score: self.flag(&child, "readMinScore"),
                        read_max_score: self.flag(&child, "readMaxScore"),
                        read_completion_status: self.flag(&child, "readCompletionStatus"),
                        read_progress_measure: self.flag(&child, "readProgressMeasure"),
                        write_raw_score: self.flag(&child, "writeRawScore"),
                        write_min_score: self.flag(&child, "writeMinScore"),
                        write_max_score: self.flag(&child, "writeMaxScore"),
                        write_completion_status: self.flag(&child, "writeCompletionStatus"),
                        write_progress_measure: self.flag(&child, "writeProgressMeasure"),
                    });
                }
                self.source.skip()?;
            }
            objectives.push(objective);
        }
        Ok(objectives)
    }

    fn auxiliary_resources<S: Text<'a>>(
        &mut self,
    ) -> Result<Vec<AuxiliaryResource<S>>, ManifestError> {
        let mut resources = Vec::new();
        while let Some(child) = self.source.child()? {
            if child.tag == Tag::AuxiliaryResource {
                self.count_sequencing(child.at, 1)?;
                resources.push(AuxiliaryResource {
                    id: self.required(&child, "auxiliaryResourceID"),
                    purpose: self.required(&child, "purpose"),
                });
            }
            self.source.skip()?;
        }
        Ok(resources)
    }

    /// Charges `weight` to the limit on sequencing.
    pub(super) fn count_sequencing(
        &mut self,
        at: usize,
        weight: usize,
    ) -> Result<(), ManifestError> {
        self.sequencing = self.sequencing.saturating_add(weight);
        let limit = self.source.limits().max_sequencing;
        if self.sequencing > limit {
            return Err(ManifestError::TooMuchSequencing {
                at: self.source.position(at),
                limit,
            });
        }
        Ok(())
    }

    fn flag(&mut self, element: &Element<'a>, name: &str) -> Option<bool> {
        self.boolean(element, Ns::None, name)
    }

    fn required<S: Text<'a>>(&mut self, element: &Element<'a>, name: &str) -> S {
        let value: S = self.token(element, name).unwrap_or_default();
        if value.is_empty() {
            self.source
                .warn(WarningCode::InvalidValue, element.at, name);
        }
        value
    }

    /// A decimal between `low` and `high`, as written; anything else is warned about and counts as missing.
    pub(super) fn decimal<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
        name: &str,
        low: f64,
        high: f64,
    ) -> Option<S> {
        let value = self.source.attribute(element, Ns::None, name)?;
        self.checked_decimal(element.at, value, low, high)
    }

    pub(super) fn checked_decimal<S: Text<'a>>(
        &mut self,
        at: usize,
        value: Cow<'a, str>,
        low: f64,
        high: f64,
    ) -> Option<S> {
        let value = trim(value);
        let is_decimal = value
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
        if is_decimal
            && value
                .parse::<f64>()
                .is_ok_and(|number| (low..=high).contains(&number))
        {
            return Some(value.into());
        }
        self.source.warn(WarningCode::InvalidValue, at, &value);
        None
    }

    /// A whole number that fits a 32-bit column.
    fn whole<S: Text<'a>>(&mut self, element: &Element<'a>, name: &str) -> Option<S> {
        let value = trim(self.source.attribute(element, Ns::None, name)?);
        if value.bytes().all(|b| b.is_ascii_digit()) && value.parse::<i32>().is_ok() {
            return Some(value.into());
        }
        self.source
            .warn(WarningCode::InvalidValue, element.at, &value);
        None
    }

    fn choice<S: Text<'a>>(
        &mut self,
        element: &Element<'a>,
        name: &str,
        vocabulary: &'static [&str],
    ) -> Option<S> {
        let value = self.source.attribute(element, Ns::None, name)?;
        Some(self.word(element.at, value, vocabulary))
    }

    /// A word of a vocabulary. The wrong case is put right; an unknown word stays, because what is stored should show
    /// what the manifest says.
    pub(super) fn word<S: Text<'a>>(
        &mut self,
        at: usize,
        value: Cow<'a, str>,
        vocabulary: &'static [&str],
    ) -> S {
        let value = trim(value);
        if vocabulary.contains(&&*value) {
            return value.into();
        }
        match vocabulary
            .iter()
            .find(|word| word.eq_ignore_ascii_case(&value))
        {
            Some(&word) => {
                self.source.warn(WarningCode::WrongCase, at, &value);
                Cow::Borrowed(word).into()
            }
            None => {
                self.source.warn(WarningCode::InvalidValue, at, &value);
                value.into()
            }
        }
    }
}
