//! IMS Simple Sequencing and ADL's extensions, as a manifest writes them.
//!
//! Each field is what stands there, `None` where the manifest is silent, with the standard's default in its comment
//! (SCORM 2004 4th Ed. SN chapter 3, IMS SS 1.0 information model). Words of a vocabulary are kept as written, decimals
//! as their text, because that is what an LMS stores.

use serde::Serialize;

/// `<imsss:sequencing>`. For an activity: the effective one, in which each element that the activity itself has
/// replaces the one of the collection as a whole (SCORM 2004 4th Ed. CAM section 5.1.1).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Sequencing {
    /// `ID`, for a member of a collection.
    pub id: Option<String>,
    /// `IDRef`.
    pub id_ref: Option<String>,
    /// `<imsss:controlMode>`.
    pub control_mode: Option<ControlMode>,
    /// `<imsss:sequencingRules>`, in the order of the manifest.
    pub rules: Option<Vec<SequencingRule>>,
    /// `<imsss:limitConditions>`.
    pub limit_conditions: Option<LimitConditions>,
    /// `<imsss:auxiliaryResources>`.
    pub auxiliary_resources: Option<Vec<AuxiliaryResource>>,
    /// `<imsss:rollupRules>`.
    pub rollup_rules: Option<RollupRules>,
    /// `<imsss:objectives>`; the primary one is marked.
    pub objectives: Option<Vec<Objective>>,
    /// `<adlseq:objectives>` (4th Ed.).
    pub adl_objectives: Option<Vec<AdlObjective>>,
    /// `<imsss:randomizationControls>`.
    pub randomization_controls: Option<RandomizationControls>,
    /// `<imsss:deliveryControls>`.
    pub delivery_controls: Option<DeliveryControls>,
    /// `<adlseq:constrainedChoiceConsiderations>`.
    pub constrained_choice: Option<ConstrainedChoice>,
    /// `<adlseq:rollupConsiderations>`.
    pub rollup_considerations: Option<RollupConsiderations>,
    #[serde(skip)]
    pub(super) at: usize,
}

impl Sequencing {
    /// Fills every element that is missing here from a member of the collection.
    pub(super) fn inherit(&mut self, from: &Self) {
        fn fill<T: Clone>(own: &mut Option<T>, theirs: &Option<T>) {
            if own.is_none() {
                own.clone_from(theirs);
            }
        }
        fill(&mut self.control_mode, &from.control_mode);
        fill(&mut self.rules, &from.rules);
        fill(&mut self.limit_conditions, &from.limit_conditions);
        fill(&mut self.auxiliary_resources, &from.auxiliary_resources);
        fill(&mut self.rollup_rules, &from.rollup_rules);
        fill(&mut self.objectives, &from.objectives);
        fill(&mut self.adl_objectives, &from.adl_objectives);
        fill(
            &mut self.randomization_controls,
            &from.randomization_controls,
        );
        fill(&mut self.delivery_controls, &from.delivery_controls);
        fill(&mut self.constrained_choice, &from.constrained_choice);
        fill(&mut self.rollup_considerations, &from.rollup_considerations);
    }

    /// What a copy of this costs: one for each rule, condition, objective and map, and one for every 64 bytes they
    /// hold, so that many references to one huge collection stay within [`Limits`](super::Limits).
    pub(super) fn weight(&self) -> usize {
        fn node(texts: &[&Option<String>]) -> usize {
            1 + texts
                .iter()
                .map(|text| text.as_ref().map_or(0, String::len))
                .sum::<usize>()
                / 64
        }
        fn id(text: &str) -> usize {
            1 + text.len() / 64
        }
        let mut weight = 1;
        for rule in self.rules.iter().flatten() {
            weight += node(&[&rule.condition_combination, &rule.action]);
            for c in &rule.conditions {
                weight += node(&[
                    &c.referenced_objective,
                    &c.measure_threshold,
                    &c.operator,
                    &c.condition,
                ]);
            }
        }
        for rule in self.rollup_rules.iter().flat_map(|r| &r.rules) {
            weight += node(&[
                &rule.child_activity_set,
                &rule.minimum_count,
                &rule.minimum_percent,
                &rule.action,
            ]);
            weight += rule
                .conditions
                .iter()
                .map(|c| node(&[&c.operator, &c.condition]))
                .sum::<usize>();
        }
        for objective in self.objectives.iter().flatten() {
            weight += node(&[&objective.objective_id, &objective.min_normalized_measure]);
            weight += objective
                .map_infos
                .iter()
                .map(|m| id(&m.target_objective_id))
                .sum::<usize>();
        }
        for objective in self.adl_objectives.iter().flatten() {
            weight += id(&objective.objective_id);
            weight += objective
                .maps
                .iter()
                .map(|m| id(&m.target_objective_id))
                .sum::<usize>();
        }
        weight
            + self
                .auxiliary_resources
                .iter()
                .flatten()
                .map(|a| id(&a.id) + id(&a.purpose))
                .sum::<usize>()
    }
}

/// `<imsss:controlMode>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ControlMode {
    /// Default true.
    pub choice: Option<bool>,
    /// Default true.
    pub choice_exit: Option<bool>,
    /// Default false.
    pub flow: Option<bool>,
    /// Default false.
    pub forward_only: Option<bool>,
    /// Default true.
    pub use_current_attempt_objective_info: Option<bool>,
    /// Default true.
    pub use_current_attempt_progress_info: Option<bool>,
}

/// When a rule is asked (SCORM 2004 4th Ed. SN section 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// `<imsss:preConditionRule>`: before the activity is chosen for delivery.
    #[default]
    Pre,
    /// `<imsss:postConditionRule>`: when an attempt on it has ended.
    Post,
    /// `<imsss:exitConditionRule>`: when an attempt on a descendant has ended.
    Exit,
}

/// One rule: if these conditions, then this action.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct SequencingRule {
    /// When it is asked.
    pub kind: RuleKind,
    /// `conditionCombination`: `all` (the default) or `any`.
    pub condition_combination: Option<String>,
    /// The conditions, in order.
    pub conditions: Vec<RuleCondition>,
    /// `action` of `<imsss:ruleAction>`.
    pub action: Option<String>,
}

/// `<imsss:ruleCondition>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RuleCondition {
    /// `referencedObjective`; the primary objective where it is missing.
    pub referenced_objective: Option<String>,
    /// `measureThreshold`: decimal between -1 and 1, default 0.0.
    pub measure_threshold: Option<String>,
    /// `operator`: `noOp` (the default) or `not`.
    pub operator: Option<String>,
    /// `condition`.
    pub condition: Option<String>,
}

/// `<imsss:limitConditions>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LimitConditions {
    /// `attemptLimit`: a whole number.
    pub attempt_limit: Option<String>,
    /// `attemptAbsoluteDurationLimit`: an ISO 8601 duration.
    pub attempt_absolute_duration_limit: Option<String>,
}

/// `<imsss:auxiliaryResource>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AuxiliaryResource {
    /// `auxiliaryResourceID`.
    pub id: String,
    /// `purpose`.
    pub purpose: String,
}

/// `<imsss:rollupRules>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RollupRules {
    /// `rollupObjectiveSatisfied`, default true.
    pub rollup_objective_satisfied: Option<bool>,
    /// `rollupProgressCompletion`, default true.
    pub rollup_progress_completion: Option<bool>,
    /// `objectiveMeasureWeight`: decimal between 0 and 1, default 1.0.
    pub objective_measure_weight: Option<String>,
    /// `<imsss:rollupRule>`, in order.
    pub rules: Vec<RollupRule>,
}

/// `<imsss:rollupRule>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RollupRule {
    /// `childActivitySet`, default `all`.
    pub child_activity_set: Option<String>,
    /// `minimumCount`: a whole number, default 0.
    pub minimum_count: Option<String>,
    /// `minimumPercent`: decimal between 0 and 1, default 0.0.
    pub minimum_percent: Option<String>,
    /// `conditionCombination`: `any` (the default) or `all`.
    pub condition_combination: Option<String>,
    /// The conditions, in order.
    pub conditions: Vec<RollupCondition>,
    /// `action` of `<imsss:rollupAction>`.
    pub action: Option<String>,
}

/// `<imsss:rollupCondition>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RollupCondition {
    /// `operator`: `noOp` (the default) or `not`.
    pub operator: Option<String>,
    /// `condition`.
    pub condition: Option<String>,
}

/// `<imsss:primaryObjective>` or `<imsss:objective>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Objective {
    /// Whether it is the primary one.
    pub primary: bool,
    /// `objectiveID`.
    pub objective_id: Option<String>,
    /// `satisfiedByMeasure`, default false.
    pub satisfied_by_measure: Option<bool>,
    /// `<imsss:minNormalizedMeasure>`: decimal between -1 and 1, default 1.0.
    pub min_normalized_measure: Option<String>,
    /// `<imsss:mapInfo>`, in order.
    pub map_infos: Vec<MapInfo>,
}

/// `<imsss:mapInfo>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct MapInfo {
    /// `targetObjectiveID`.
    pub target_objective_id: String,
    /// Default true.
    pub read_satisfied_status: Option<bool>,
    /// Default true.
    pub read_normalized_measure: Option<bool>,
    /// Default false.
    pub write_satisfied_status: Option<bool>,
    /// Default false.
    pub write_normalized_measure: Option<bool>,
}

/// `<adlseq:objective>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AdlObjective {
    /// `objectiveID`: the objective of `<imsss:objectives>` that this extends.
    pub objective_id: String,
    /// `<adlseq:mapInfo>`, in order.
    pub maps: Vec<AdlObjectiveMap>,
}

/// `<adlseq:mapInfo>`. Reading is true by default, writing false.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[allow(missing_docs, reason = "each field is the attribute of that name")]
pub struct AdlObjectiveMap {
    pub target_objective_id: String,
    pub read_raw_score: Option<bool>,
    pub read_min_score: Option<bool>,
    pub read_max_score: Option<bool>,
    pub read_completion_status: Option<bool>,
    pub read_progress_measure: Option<bool>,
    pub write_raw_score: Option<bool>,
    pub write_min_score: Option<bool>,
    pub write_max_score: Option<bool>,
    pub write_completion_status: Option<bool>,
    pub write_progress_measure: Option<bool>,
}

/// `<imsss:randomizationControls>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RandomizationControls {
    /// `never` (the default), `once` or `onEachNewAttempt`.
    pub randomization_timing: Option<String>,
    /// Whole number, default 0.
    pub select_count: Option<String>,
    /// Default false.
    pub reorder_children: Option<bool>,
    /// `never` (the default), `once` or `onEachNewAttempt`.
    pub selection_timing: Option<String>,
}

/// `<imsss:deliveryControls>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DeliveryControls {
    /// Default true.
    pub tracked: Option<bool>,
    /// Default false.
    pub completion_set_by_content: Option<bool>,
    /// Default false.
    pub objective_set_by_content: Option<bool>,
}

/// `<adlseq:constrainedChoiceConsiderations>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ConstrainedChoice {
    /// Default false.
    pub prevent_activation: Option<bool>,
    /// Default false.
    pub constrain_choice: Option<bool>,
}

/// `<adlseq:rollupConsiderations>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RollupConsiderations {
    /// `always` (the default), `ifAttempted`, `ifNotSkipped` or `ifNotSuspended`.
    pub required_for_satisfied: Option<String>,
    /// The same words.
    pub required_for_not_satisfied: Option<String>,
    /// The same words.
    pub required_for_completed: Option<String>,
    /// The same words.
    pub required_for_incomplete: Option<String>,
    /// Default true.
    pub measure_satisfaction_if_active: Option<bool>,
}
