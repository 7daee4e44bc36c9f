/**
 * The types of values where the library takes more or less than the server does. What is not listed here, the library
 * judges alone, and the two agree. The shared vectors (`tests/golden/cmi`) hold both to it.
 */
import type { Version } from "@scormbridge/protocol";
import { isLocalized, isPattern, isResponse, LANGUAGE_TYPE, SAMPLES } from "./responses.ts";

export type Format = {
  /** `interaction` is the type of the interaction that the value belongs to. */
  fits: (value: string, interaction: string) => boolean;
  /** What the library is given where it refuses a value that fits. Without one, its refusal stands. */
  standIn?: (interaction: string) => string;
  /** A number with a range: it is kept, and read back, as JavaScript prints it. */
  ranged?: true;
};

const pattern = (regex: RegExp, standIn?: string): Format => ({
  fits: (value) => regex.test(value),
  ...(standIn === undefined ? {} : { standIn: () => standIn }),
});
const localized = (characters: number): Format => ({
  fits: (value) => isLocalized(value, characters),
  standIn: () => "x",
});
const ranged: Format = { fits: () => true, ranged: true };

/** CMIDecimal, at most three digits before the point. The empty text is zero to mod_scorm. */
const DECIMAL_12 = /^(-?(\d{1,3}(\.\d{0,32})?|\.\d{1,32}))?$/;
const IDENTIFIER_12 = pattern(/^[\u0021-\u007E]{0,255}$/);
const TIMESPAN = pattern(/^\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?$/);
const SCORE_12: Format = { fits: (value) => DECIMAL_12.test(value), ranged: true };
const LONG_IDENTIFIER = pattern(/^(urn:[A-Za-z0-9-]{1,31}:[^\s\u0085]{1,4000}|(?!urn:)[^\s\u0085]{1,4000})$/u);
const DURATION = pattern(
  /^P(?=\d|T)(\d{1,8}Y)?(\d{1,8}M)?(\d{1,8}D)?(T(?=\d)(\d{1,8}H)?(\d{1,8}M)?(\d{1,8}(\.\d{1,2})?S)?)?$/,
);
const TIMESTAMP = pattern(
  /^(19[7-9]\d|[2-9]\d{3})(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d(\.\d{1,6})?)?)?(Z|[+-]([01]\d|2[0-3])(:[0-5]\d)?)?)?)?)?$/,
  "2026",
);
const NAVIGATION =
  /^(_none_|continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|\{target=(urn:[A-Za-z0-9-]{1,31}:[^\s{}]{1,4000}|(?!urn:)[^\s{}]{1,4000})\}(choice|jump))$/u;

/** By element, `n` for an index. */
export const FORMATS: Record<Version, Readonly<Record<string, Format>>> = {
  "1.2": {
    "cmi.core.exit": pattern(/^(time-out|suspend|logout|)$/),
    "cmi.core.session_time": TIMESPAN,
    "cmi.core.score.raw": SCORE_12,
    "cmi.core.score.min": SCORE_12,
    "cmi.core.score.max": SCORE_12,
    "cmi.objectives.n.id": IDENTIFIER_12,
    "cmi.objectives.n.score.raw": SCORE_12,
    "cmi.objectives.n.score.min": SCORE_12,
    "cmi.objectives.n.score.max": SCORE_12,
    "cmi.student_preference.audio": ranged,
    "cmi.student_preference.speed": ranged,
    "cmi.student_preference.text": ranged,
    "cmi.interactions.n.id": IDENTIFIER_12,
    "cmi.interactions.n.objectives.n.id": IDENTIFIER_12,
    "cmi.interactions.n.weighting": SCORE_12,
    "cmi.interactions.n.result": pattern(
      /^(correct|wrong|unanticipated|neutral|-?\d{0,3}(\.\d{0,32})?)$/,
      "neutral",
    ),
    "cmi.interactions.n.latency": TIMESPAN,
    "nav.event": pattern(/^(previous|continue)$/),
  },
  "2004": {
    "cmi.exit": pattern(/^(time-out|suspend|logout|normal|)$/, "normal"),
    "cmi.session_time": DURATION,
    "cmi.score.scaled": ranged,
    "cmi.progress_measure": ranged,
    "cmi.comments_from_learner.n.comment": localized(4_000),
    "cmi.comments_from_learner.n.timestamp": TIMESTAMP,
    "cmi.interactions.n.id": LONG_IDENTIFIER,
    "cmi.interactions.n.objectives.n.id": LONG_IDENTIFIER,
    "cmi.interactions.n.timestamp": TIMESTAMP,
    "cmi.interactions.n.latency": DURATION,
    "cmi.interactions.n.description": localized(250),
    "cmi.interactions.n.result": pattern(/^(correct|incorrect|unanticipated|neutral|-?\d{1,10}(\.\d{1,18})?)$/, "neutral"),
    "cmi.interactions.n.learner_response": {
      fits: (value, interaction) => isResponse(interaction, value),
      standIn: (interaction) => SAMPLES[interaction] ?? "a",
    },
    "cmi.interactions.n.correct_responses.n.pattern": {
      fits: (value, interaction) => isPattern(interaction, value),
      standIn: (interaction) => SAMPLES[interaction] ?? "a",
    },
    "cmi.learner_preference.audio_level": ranged,
    "cmi.learner_preference.delivery_speed": ranged,
    "cmi.learner_preference.audio_captioning": ranged,
    "cmi.learner_preference.language": pattern(LANGUAGE_TYPE, "en"),
    "cmi.objectives.n.id": LONG_IDENTIFIER,
    "cmi.objectives.n.score.scaled": ranged,
    "cmi.objectives.n.progress_measure": ranged,
    "cmi.objectives.n.description": localized(250),
    "adl.nav.request": pattern(NAVIGATION),
  },
};
