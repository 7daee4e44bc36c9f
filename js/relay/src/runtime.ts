/**
 * The run-time that a SCO talks to: the library's data model with mod_scorm's behaviour where the two differ.
 * Every call that it answers with "true" is journalled; a call that is not journalled is never answered with "true".
 */
import { LIMITS, type Seed, storable, utf8Length, type Version } from "@scormbridge/protocol";
import { elements, generic } from "./elements.ts";
import { type Call, ERRORS } from "./errors.ts";
import { FORMATS } from "./formats.ts";
import type { Accepted } from "./journal.ts";
import { Library } from "./library.ts";
import { fitsLength } from "./responses.ts";

/** Where accepted calls go. */
export type Recorder = { readonly full: boolean; append: (call: Accepted) => void };

type State = "ready" | "running" | "terminated";

const COMMENTS = "cmi.comments";
const INTERACTION_ID = "cmi.interactions.n.id";
const OBJECTIVE_MAX = /^cmi\.objectives\.\d+\.score\.max$/;

export class Runtime {
  readonly version: Version;
  /** Elements of the seed that the library would not take or would change; the SCO reads them all the same. */
  readonly overruled: readonly string[];
  readonly #library: Library;
  readonly #has: (element: string) => boolean;
  readonly #limits: ReadonlyMap<string, number>;
  readonly #recorder: Recorder;
  /** What GetValue answers instead of the library. */
  readonly #overlay = new Map<string, string>();
  /** Elements with a value of their own, seeded or set. */
  readonly #known = new Set<string>();
  #state: State = "ready";
  #stopped = false;
  #late = false;
  #error = "0";

  constructor(seed: Seed, recorder: Recorder) {
    this.version = seed.version;
    this.#library = new Library(seed.version);
    this.#has = elements(seed.version);
    this.#limits = new Map(Object.entries(seed.limits));
    this.#recorder = recorder;
    this.overruled = seed.elements.filter(([element, value]) => !this.#seed(element, value)).map(([element]) => element);
  }

  /** From now on every call fails: nothing more can be saved. */
  stop(): void {
    this.#stopped = true;
  }

  /** While the site answers late, Commit fails: it is what a SCO asks to know whether its work is stored. */
  late(late: boolean): void {
    this.#late = late;
  }

  initialize(argument: unknown): string {
    const errors = ERRORS[this.version];
    if (!isEmpty(argument)) return this.#refuse(errors.argument);
    if (this.#stopped) return this.#refuse(errors.failed.initialize);
    if (this.#state === "running") return this.#refuse(errors.initializedTwice);
    if (this.#state === "terminated") return this.#refuse(errors.after.initialize);
    const { value } = this.#library.initialize();
    if (value !== "true") return this.#refuse(errors.failed.initialize);
    this.#state = "running";
    return this.#accept({ op: "initialize" });
  }

  terminate(argument: unknown): string {
    const refusal = this.#argumentOrState("terminate", argument);
    if (refusal !== undefined) return this.#refuse(refusal);
    this.#state = "terminated";
    return this.#accept({ op: "terminate" });
  }

  commit(argument: unknown): string {
    const refusal = this.#argumentOrState("commit", argument);
    if (refusal !== undefined) return this.#refuse(refusal);
    const answer = this.#accept({ op: "commit" });
    return this.#late ? this.#refuse(ERRORS[this.version].failed.commit) : answer;
  }

  getValue(name: unknown): string {
    const refusal = this.#notRunning("get");
    if (refusal !== undefined) return this.#fail(refusal);
    const element = asText(name);
    if (element === undefined || !this.#has(element)) return this.#fail(this.#unknown(element ?? "", "get"));
    const overlaid = this.#overlay.get(element);
    if (overlaid !== undefined) {
      this.#error = "0";
      return overlaid;
    }
    const { value, code } = this.#library.get(element);
    this.#error = code;
    if (code !== "0") return "";
    // The library's default maximum of an objective's score is "100"; an LMS has none.
    if (this.version === "1.2" && OBJECTIVE_MAX.test(element) && !this.#known.has(element)) return "";
    return value;
  }

  setValue(name: unknown, given: unknown): string {
    const refusal = this.#notRunning("set");
    if (refusal !== undefined) return this.#refuse(refusal);
    const element = asText(name);
    if (element === undefined || !this.#has(element)) return this.#refuse(this.#unknown(element ?? "", "set"));
    const value = asText(given);
    if (value === undefined || utf8Length(value) > LIMITS.valueBytes) return this.#refuse(ERRORS[this.version].type);
    if (this.#recorder.full) return this.#refuse(ERRORS[this.version].failed.set);
    const code = this.#store(element, value);
    if (code !== "0") return this.#refuse(code);
    this.#known.add(element);
    return this.#accept({ op: "set", element, value });
  }

  lastError(): string {
    return this.#error;
  }

  errorString(code: unknown): string {
    return this.#library.errorString(asText(code) ?? "");
  }

  diagnostic(code: unknown): string {
    const asked = asText(code) ?? "";
    return this.#library.diagnostic(asked === "" ? this.#error : asked);
  }

  /** Answers whether the library took the value as it is. Write-only values cannot be read back, and need not be. */
  #seed(element: string, value: string): boolean {
    if (!this.#has(element)) return false;
    this.#known.add(element);
    if (this.version === "1.2" && element === COMMENTS) {
      this.#overlay.set(element, value);
      return true;
    }
    if (this.#taken(element, value)) return true;
    this.#overlay.set(element, value);
    // What the library took only for a stand-in when the SCO set it is no surprise when it comes back.
    const format = FORMATS[this.version][generic(element)];
    const interaction = this.#interactionType(element);
    const standIn = format?.fits(value, interaction) ? format.standIn?.(interaction) : undefined;
    return standIn !== undefined && this.#taken(element, standIn);
  }

  /** Seeds the library; answers whether it reads back what it was given. */
  #taken(element: string, value: string): boolean {
    if (!this.#library.seed(element, value)) return false;
    const read = this.#library.peek(element);
    return read === undefined || read === value;
  }

  /** Answers the error code, `"0"` when stored. */
  #store(element: string, value: string): string {
    const errors = ERRORS[this.version];
    const name = generic(element);
    if (this.#lacksId(element)) return errors.dependency;
    const limit = this.#limits.get(name);
    const format = FORMATS[this.version][name];
    const interaction = this.#interactionType(element);
    if (limit !== undefined && !fitsLength(value, limit)) return errors.type;
    if (format && !format.fits(value, interaction)) return errors.type;
    // An interaction may be renamed; the library takes its first id for ever.
    if (this.version === "2004" && name === INTERACTION_ID && this.#library.get(element).code === "0") {
      this.#overlay.set(element, value);
      return "0";
    }
    const standIn = limit === undefined ? format?.standIn?.(interaction) : "x";
    let { code } = this.#library.set(element, value);
    const overruled = code === errors.type && standIn !== undefined;
    if (overruled) code = this.#library.set(element, standIn).code;
    if (code !== "0") return code;
    // mod_scorm appends to the learner's comments; the library would overwrite them.
    if (this.version === "1.2" && element === COMMENTS) {
      this.#overlay.set(element, (this.#overlay.get(element) ?? "") + value);
    } else if (format?.ranged) this.#overlay.set(element, String(Number(value) + 0));
    else if (overruled) this.#overlay.set(element, value);
    else this.#overlay.delete(element);
    return "0";
  }

  /** In SCORM 2004 an objective or interaction is made by its id; nothing else of it can be set before. */
  #lacksId(element: string): boolean {
    const member = /^(cmi\.(?:objectives|interactions))\.(\d+)\.(?!id$)/.exec(element);
    return this.version === "2004" && member !== null && this.#library.get(`${member[1] ?? ""}._count`).value === member[2];
  }

  #interactionType(element: string): string {
    const interaction = /^cmi\.interactions\.\d+\./.exec(element)?.[0];
    return this.version === "2004" && interaction !== undefined ? (this.#library.peek(`${interaction}type`) ?? "") : "";
  }

  #unknown(element: string, call: "get" | "set"): string {
    const errors = ERRORS[this.version];
    if (this.version === "2004" && element === "") return errors.failed[call];
    const keyword = /^(.*)\.(_children|_count)$/.exec(element);
    if (call === "get" && keyword && this.#has(keyword[1] ?? "")) {
      return keyword[2] === "_children" ? errors.noChildren : errors.noCount;
    }
    return errors.unknown;
  }

  #argumentOrState(call: "terminate" | "commit", argument: unknown): string | undefined {
    return isEmpty(argument) ? this.#notRunning(call) : ERRORS[this.version].argument;
  }

  #notRunning(call: Call): string | undefined {
    const errors = ERRORS[this.version];
    if (this.#state === "ready") return errors.before[call];
    if (this.#state === "terminated") return errors.after[call];
    return this.#stopped ? errors.failed[call] : undefined;
  }

  #accept(call: Accepted): string {
    this.#error = "0";
    this.#recorder.append(call);
    return "true";
  }

  #refuse(code: string): string {
    this.#error = code;
    return "false";
  }

  #fail(code: string): string {
    this.#error = code;
    return "";
  }
}

/** SCOs leave the empty argument out often enough that an LMS takes it as given. */
function isEmpty(argument: unknown): boolean {
  return argument === undefined || argument === null || argument === "";
}

/** A value as the SCO meant it, as text that can be stored; nothing for what has no text. */
function asText(value: unknown): string | undefined {
  try {
    return storable(String(value));
  } catch {
    return undefined;
  }
}
