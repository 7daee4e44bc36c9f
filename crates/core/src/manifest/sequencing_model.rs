//! IMS Simple Sequencing and ADL's extensions, as a manifest writes them.
//!
//! Each field is what stands there, `None` where the manifest is silent, with the standard's default in its comment
//! (SCORM 2004 4th Ed. SN chapter 3, IMS SS 1.0 information model). Words of a vocabulary are kept as written, decimals
//! as their text, because that is what an LMS stores.

use std::ops::Deref;

use serde::Serialize;

/// `<imsss:sequencing>`. For an activity: the effective one, in which each element that the activity itself has
/// replaces the one of the collection as a whole (SCORM 2004 4th Ed. CAM section 5.1.1).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Sequencing<S = String> {
    /// `ID`, for a member of a collection.
    pub id: Option<S>,
    /// `IDRef`.
    pub id_ref: Option<S>,
    /// `<imsss:controlMode>`.
    pub control_mode: Option<ControlMode>,
    /// `<imsss:sequencingRules>`, in the order of the manifest.
    pub rules: Option<Vec<SequencingRule<S>>>,
    /// `<imsss:limitConditions>`.
    pub limit_conditions: Option<LimitConditions<S>>,
    /// `<imsss:auxiliaryResources>`.
    pub auxiliary_resources: Option<Vec<AuxiliaryResource<S>>>,
    /// `<imsss:rollupRules>`.
    pub rollup_rules: Option<RollupRules<S>>,
    /// `<imsss:objectives>`; the primary one is marked.
    pub objectives: Option<Vec<Objective<S>>>,
    /// `<adlseq:objectives>` (4th Ed.).
    pub adl_objectives: Option<Vec<AdlObjective<S>>>,
    /// `<imsss:randomizationControls>`.
    pub randomization_controls: Option<RandomizationControls<S>>,
    /// `<imsss:deliveryControls>`.
    pub delivery_controls: Option<DeliveryControls>,
    /// `<adlseq:constrainedChoiceConsiderations>`.
    pub constrained_choice: Option<ConstrainedChoice>,
    /// `<adlseq:rollupConsiderations>`.
    pub rollup_considerations: Option<RollupConsiderations<S>>,
    #[serde(skip)]
    pub(super) at: usize,
}

impl<S: Clone + Deref<Target = str>> Sequencing<S> {
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
        fn node<S: Deref<Target = str>>(texts: &[&Option<S>]) -> usize {
            1 + texts
                .iter()
                .map(|text| text.as_deref().map_or(0, str::len))
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
pub struct SequencingRule<S = String> {
    /// When it is asked.
    pub kind: RuleKind,
    /// `conditionCombination`: `all` (the default) or `any`.
    pub condition_combination: Option<S>,
    /// The conditions, in order.
    pub conditions: Vec<RuleCondition<S>>,
    /// `action` of `<imsss:ruleAction>`.
    pub action: Option<S>,
}

/// `<imsss:ruleCondition>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RuleCondition<S = String> {
    /// `referencedObjective`; the primary objective where it is missing.
    pub referenced_objective: Option<S>,
    /// `measureThreshold`: decimal between -1 and 1, default 0.0.
    pub measure_threshold: Option<S>,
    /// `operator`: `noOp` (the default) or `not`.
    pub operator: Option<S>,
    /// `condition`.
    pub condition: Option<S>,
}

/// `<imsss:limitConditions>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LimitConditions<S = String> {
    /// `attemptLimit`: a whole number.
    pub attempt_limit: Option<S>,
    /// `attemptAbsoluteDurationLimit`: an ISO 8601 duration.
    pub attempt_absolute_duration_limit: Option<S>,
}

/// `<imsss:auxiliaryResource>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AuxiliaryResource<S = String> {
    /// `auxiliaryResourceID`.
    pub id: S,
    /// `purpose`.
    pub purpose: S,
}

/// `<imsss:rollupRules>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RollupRules<S = String> {
    /// `rollupObjectiveSatisfied`, default true.
    pub rollup_objective_satisfied: Option<bool>,
    /// `rollupProgressCompletion`, default true.
    pub rollup_progress_completion: Option<bool>,
    /// `objectiveMeasureWeight`: decimal between 0 and 1, default 1.0.
    pub objective_measure_weight: Option<S>,
    /// `<imsss:rollupRule>`, in order.
    pub rules: Vec<RollupRule<S>>,
}

/// `<imsss:rollupRule>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RollupRule<S = String> {
    /// `childActivitySet`, default `all`.
    pub child_activity_set: Option<S>,
    /// `minimumCount`: a whole number, default 0.
    pub minimum_count: Option<S>,
    /// `minimumPercent`: decimal between 0 and 1, default 0.0.
    pub minimum_percent: Option<S>,
    /// `conditionCombination`: `any` (the default) or `all`.
    pub condition_combination: Option<S>,
    /// The conditions, in order.
    pub conditions: Vec<RollupCondition<S>>,
    /// `action` of `<imsss:rollupAction>`.
    pub action: Option<S>,
}

/// `<imsss:rollupCondition>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RollupCondition<S = String> {
    /// `operator`: `noOp` (the default) or `not`.
    pub operator: Option<S>,
    /// `condition`.
    pub condition: Option<S>,
}

/// `<imsss:primaryObjective>` or `<imsss:objective>`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Objective<S = String> {
    /// Whether it is the primary one.
    pub primary: bool,
    /// `objectiveID`.
    pub objective_id: Option<S>,
    /// `satisfiedByMeasure`, default false.
    pub satisfied_by_measure: Option<bool>,
    /// `<imsss:minNormalizedMeasure>`: decimal between -1 and 1, default 1.0.
    pub min_normalized_measure: Option<S>,
    /// `<imsss:mapInfo>`, in order.
    pub map_infos: Vec<MapInfo<S>>,
}

/// `<imsss:mapInfo>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct MapInfo<S = String> {
    /// `targetObjectiveID`.
    pub target_objective_id: S,
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
pub struct AdlObjective<S = String> {
    /// `objectiveID`: the objective of `<imsss:objectives>` that this extends.
    pub objective_id: S,
    /// `<adlseq:mapInfo>`, in order.
    pub maps: Vec<AdlObjectiveMap<S>>,
}

/// `<adlseq:mapInfo>`. Reading is true by default, writing false.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[allow(missing_docs, reason = "each field is the attribute of that name")]
pub struct AdlObjectiveMap<S = String> {
    pub target_objective_id: S,
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
pub struct RandomizationControls<S = String> {
    /// `never` (the default), `once` or `onEachNewAttempt`.
    pub randomization_timing: Option<S>,
    /// Whole number, default 0.
    pub select_count: Option<S>,
    /// Default false.
    pub reorder_children: Option<bool>,
    /// `never` (the default), `once` or `onEachNewAttempt`.
    pub selection_timing: Option<S>,
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
pub struct RollupConsiderations<S = String> {
    /// `always` (the default), `ifAttempted`, `ifNotSkipped` or `ifNotSuspended`.
    pub required_for_satisfied: Option<S>,
    /// The same words.
    pub required_for_not_satisfied: Option<S>,
    /// The same words.
    pub required_for_completed: Option<S>,
    /// The same words.
    pub required_for_incomplete: Option<S>,
    /// Default true.
    pub measure_satisfaction_if_active: Option<bool>,
}
