/** API calls as SCOs make them, right and wrong, for the property tests of the run-time. */
import type { Seed, Version } from "@scormbridge/protocol";
import fc, { type Arbitrary } from "fast-check";
import type { Accepted } from "../src/journal.ts";
import { Runtime } from "../src/runtime.ts";

export const versions = fc.constantFrom<Version>("1.2", "2004");

/** Text of every plane, without what no transport keeps. */
export const anyText = fc.string({ unit: "binary", maxLength: 200 }).filter((text) => !text.includes("\0"));

const within = (min: number, max: number): Arbitrary<string> => fc.integer({ min, max }).map(String);
const two = (max: number): Arbitrary<string> => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, "0"));
const clock = fc.tuple(two(23), two(59), two(59)).map((parts) => parts.join(":"));
const duration = fc.tuple(within(0, 23), within(0, 59), within(0, 59)).map(([h, m, s]) => `PT${h}H${m}M${s}S`);

type Element = { valid: Arbitrary<string>; invalid: Arbitrary<string> };

const words = (...known: string[]): Element => ({
  valid: fc.constantFrom(...known),
  invalid: fc.string().filter((text) => !known.includes(text) && text !== ""),
});
const number = (min: number, max: number): Element => ({
  valid: within(min, max),
  invalid: fc.oneof(within(max + 1, max + 1_000), fc.constantFrom("a lot", "1,5", "--1", "1e2")),
});
const free = (max: number): Element => ({ valid: anyText, invalid: fc.constant("x".repeat(max + 1)) });
const status = words("passed", "completed", "failed", "incomplete", "browsed");

/** Elements that can be set at any time, with values that must and values that must not be taken. */
const ELEMENTS: Record<Version, Record<string, Element>> = {
  "1.2": {
    "cmi.core.lesson_status": status,
    "cmi.core.exit": words("time-out", "suspend", "logout"),
    "cmi.core.score.raw": number(0, 100),
    "cmi.core.score.max": number(0, 100),
    "cmi.core.session_time": { valid: clock, invalid: fc.constantFrom("1:00:00", "PT1H", "") },
    "cmi.core.lesson_location": free(255),
    "cmi.suspend_data": free(4_096),
    "cmi.student_preference.audio": number(-1, 100),
    "cmi.objectives.0.status": status,
    "cmi.interactions.0.type": words("true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric"),
    "cmi.interactions.0.latency": { valid: clock, invalid: fc.constantFrom("1:00:00", "PT1H", "") },
  },
  "2004": {
    "cmi.completion_status": words("completed", "incomplete", "not attempted", "unknown"),
    "cmi.success_status": words("passed", "failed", "unknown"),
    "cmi.exit": words("time-out", "suspend", "logout", "normal"),
    "cmi.score.raw": { valid: within(-1_000, 1_000), invalid: fc.constantFrom("a lot", "1,5", "") },
    "cmi.score.scaled": number(-1, 1),
    "cmi.progress_measure": number(0, 1),
    "cmi.session_time": { valid: duration, invalid: fc.constantFrom("01:00:00", "PT", "") },
    "cmi.location": free(1_000),
    "cmi.suspend_data": free(64_000),
    "adl.nav.request": words("continue", "previous", "exit", "exitAll", "abandon", "abandonAll", "suspendAll", "_none_"),
  },
};

const READ_ONLY: Record<Version, string[]> = {
  "1.2": ["cmi.core.student_id", "cmi.core.total_time", "cmi._version", "cmi.objectives._count", "cmi.student_data.mastery_score"],
  "2004": ["cmi.learner_id", "cmi.total_time", "cmi._version", "cmi.objectives._count", "cmi.scaled_passing_score"],
};

export type SetCall = { element: string; value: string };

function pick(version: Version, kind: keyof Element): Arbitrary<SetCall> {
  const elements = Object.entries(ELEMENTS[version]);
  return fc.oneof(...elements.map(([element, values]) => values[kind].map((value) => ({ element, value }))));
}

/** Sets that must be taken. */
export const validSet = (version: Version): Arbitrary<SetCall> => pick(version, "valid");

/** Sets that must not: wrong values, read-only elements, and names that are no elements, the library's own included. */
export function invalidSet(version: Version): Arbitrary<SetCall> {
  const foreign = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "cmi", "cmi.core", "cmi.nonsense", "cmi.objectives.n.id", "cmi.objectives.00.id", "cmi.objectives.5.id",
      "settings.lmsCommitUrl", "currentState", "cmi.reset", "cmi.__proto__.polluted", "constructor.prototype.x",
      "cmi.core.score.toString", version === "1.2" ? "cmi.location" : "cmi.core.lesson_location",
    ),
  ).filter((name) => !(name in ELEMENTS[version]));
  return fc.oneof(
    pick(version, "invalid"),
    fc.record({ element: fc.constantFrom(...READ_ONLY[version]), value: anyText }),
    fc.record({ element: foreign, value: anyText }),
  );
}

export function seed(version: Version, elements: [string, string][] = []): Seed {
  const limits: Record<string, number> =
    version === "1.2"
      ? { "cmi.suspend_data": 4_096, "cmi.core.lesson_location": 255 }
      : { "cmi.suspend_data": 64_000, "cmi.location": 1_000 };
  return { version, mode: "normal", elements, limits, last_seq: 0 };
}

/** A run-time that was just launched, and what it recorded. */
export function launched(from: Seed): { runtime: Runtime; recorded: Accepted[] } {
  const recorded: Accepted[] = [];
  return { runtime: new Runtime(from, { full: false, append: (call) => void recorded.push(call) }), recorded };
}

/** Everything that a run-time answers about the elements that can be set. */
export function snapshot(runtime: Runtime): Record<string, string> {
  const names = Object.keys(ELEMENTS[runtime.version]);
  return Object.fromEntries(names.map((name) => [name, `${runtime.getValue(name)}/${runtime.lastError()}`]));
}
