/**
 * The data model elements that a SCO may name, and what the run-time does to each where the library would not do it.
 *
 * The library resolves an element name on its own objects, methods and settings included: nothing that is not listed
 * here may reach it. Sources: SCORM 1.2 RTE 3.4, SCORM 2004 4th Ed. RTE 4.2, and mod_scorm's datamodels/scorm_12.js
 * and scorm_13.js for what an LMS of today accepts.
 */
import type { Version } from "@scormbridge/protocol";

/** `n` stands for an index. */
const NAMES: Record<Version, string> = {
  "1.2": `
    cmi._children cmi._version cmi.suspend_data cmi.launch_data cmi.comments cmi.comments_from_lms
    cmi.core._children cmi.core.student_id cmi.core.student_name cmi.core.lesson_location cmi.core.credit
    cmi.core.lesson_status cmi.core.entry cmi.core.total_time cmi.core.lesson_mode cmi.core.exit cmi.core.session_time
    cmi.core.score._children cmi.core.score.raw cmi.core.score.min cmi.core.score.max
    cmi.objectives._children cmi.objectives._count cmi.objectives.n.id cmi.objectives.n.status
    cmi.objectives.n.score._children cmi.objectives.n.score.raw cmi.objectives.n.score.min cmi.objectives.n.score.max
    cmi.student_data._children cmi.student_data.mastery_score cmi.student_data.max_time_allowed
    cmi.student_data.time_limit_action
    cmi.student_preference._children cmi.student_preference.audio cmi.student_preference.language
    cmi.student_preference.speed cmi.student_preference.text
    cmi.interactions._children cmi.interactions._count cmi.interactions.n.id cmi.interactions.n.time
    cmi.interactions.n.type cmi.interactions.n.weighting cmi.interactions.n.student_response
    cmi.interactions.n.result cmi.interactions.n.latency
    cmi.interactions.n.objectives._count cmi.interactions.n.objectives.n.id
    cmi.interactions.n.correct_responses._count cmi.interactions.n.correct_responses.n.pattern
    nav.event`,
  "2004": `
    cmi._children cmi._version cmi.completion_status cmi.completion_threshold cmi.credit cmi.entry cmi.exit
    cmi.launch_data cmi.learner_id cmi.learner_name cmi.location cmi.max_time_allowed cmi.mode cmi.progress_measure
    cmi.scaled_passing_score cmi.session_time cmi.success_status cmi.suspend_data cmi.time_limit_action cmi.total_time
    cmi.score._children cmi.score.scaled cmi.score.raw cmi.score.min cmi.score.max
    cmi.comments_from_learner._children cmi.comments_from_learner._count cmi.comments_from_learner.n.comment
    cmi.comments_from_learner.n.location cmi.comments_from_learner.n.timestamp
    cmi.comments_from_lms._children cmi.comments_from_lms._count cmi.comments_from_lms.n.comment
    cmi.comments_from_lms.n.location cmi.comments_from_lms.n.timestamp
    cmi.interactions._children cmi.interactions._count cmi.interactions.n.id cmi.interactions.n.type
    cmi.interactions.n.objectives._count cmi.interactions.n.objectives.n.id cmi.interactions.n.timestamp
    cmi.interactions.n.correct_responses._count cmi.interactions.n.correct_responses.n.pattern
    cmi.interactions.n.weighting cmi.interactions.n.learner_response cmi.interactions.n.result
    cmi.interactions.n.latency cmi.interactions.n.description
    cmi.learner_preference._children cmi.learner_preference.audio_level cmi.learner_preference.language
    cmi.learner_preference.delivery_speed cmi.learner_preference.audio_captioning
    cmi.objectives._children cmi.objectives._count cmi.objectives.n.id cmi.objectives.n.score._children
    cmi.objectives.n.score.scaled cmi.objectives.n.score.raw cmi.objectives.n.score.min cmi.objectives.n.score.max
    cmi.objectives.n.success_status cmi.objectives.n.completion_status cmi.objectives.n.progress_measure
    cmi.objectives.n.description
    adl.nav.request`,
};

/** Names whose last part is a navigation request or a target of the content's choosing. */
const REQUEST_VALID = /^adl\.nav\.request_valid\.(continue|previous|(choice|jump)\.\{target=[^\s{}]{1,4000}\})$/;

const INDEX = /\.(0|[1-9]\d{0,8})(?=\.)/g;

/** The element with `n` for every index, the way tables name it. */
export function generic(element: string): string {
  return element.replace(INDEX, ".n");
}

/** Whether a data model has an element; says nothing about access or the existence of a collection's member. */
export function elements(version: Version): (element: string) => boolean {
  const names = new Set(NAMES[version].trim().split(/\s+/));
  return (element) =>
    (names.has(generic(element)) && !/\.n(\.|$)/.test(element)) || (version === "2004" && REQUEST_VALID.test(element));
}
