/**
 * scorm-again as a data model: it validates, stores and reads; it never commits, sends, schedules or sequences.
 * What a SCO sees is the facade; nothing else in the relay touches the library.
 */
import type { Version } from "@scormbridge/protocol";
import { Scorm12API, Scorm2004API } from "scorm-again";

/** The answer of the library to one call. `code` is `"0"` on success. */
export type Answer = { value: string; code: string };

/** Everything the library can do on its own, switched off. The HTTP service is a wall for what is left. */
const SETTINGS = {
  autocommit: false,
  lmsCommitUrl: false,
  autoProgress: false,
  autoCompleteLessonStatus: false,
  mastery_override: false,
  score_overrides_status: false,
  selfReportSessionTime: false,
  alwaysSendTotalTime: false,
  enableOfflineSupport: false,
  globalStudentPreferences: false,
  logLevel: "NONE",
  httpService: {
    processHttpRequest: () => ({ result: "false", errorCode: 101 }),
    updateSettings: () => undefined,
  },
} as const;

/** Interactions may repeat: one question is asked twice. The library takes any id twice for an error. */
class Api2004 extends Scorm2004API {
  override _checkForDuplicateId(element: string, value: string): boolean {
    return !/^cmi\.interactions\.\d+\.id$/.test(element) && super._checkForDuplicateId(element, value);
  }
}

export class Library {
  readonly #api: Scorm12API | Scorm2004API;

  constructor(version: Version) {
    this.#api = version === "1.2" ? new Scorm12API({ ...SETTINGS }) : new Api2004({ ...SETTINGS });
    // The library's default maximum is "100"; an LMS has none (mod_scorm, SCORM 1.2 RTE 3.4.2.2.2).
    if (this.#api instanceof Scorm12API) this.#api.cmi.core.score.max = "";
  }

  /** Puts a stored value in place, read-only elements too. Only before `initialize`. */
  seed(element: string, value: string): boolean {
    return this.#answer(() => this.#api.setCMIValue(element, value)).value === "true";
  }

  /** Reads a value as it would be read later. Write-only elements and those not seeded have none. */
  peek(element: string): string | undefined {
    const { value, code } = this.#answer(() => this.#api.getCMIValue(element));
    return code === "0" ? value : undefined;
  }

  initialize(): Answer {
    return this.#answer(() => this.#api.lmsInitialize(""));
  }

  get(element: string): Answer {
    return this.#answer(() => this.#api.lmsGetValue(element));
  }

  /** Sets a value. A refused call leaves no half-made member in a collection, as the library alone would. */
  set(element: string, value: string): Answer {
    const lengths = collections(this.#api, element).map((members) => ({ members, length: members.length }));
    const answer = this.#answer(() => this.#api.lmsSetValue(element, value));
    if (answer.value !== "true" || answer.code !== "0") {
      for (const { members, length } of lengths) members.length = length;
    }
    return answer;
  }

  errorString(code: string): string {
    return this.#api.lmsGetErrorString(code);
  }

  diagnostic(code: string): string {
    return this.#api.lmsGetDiagnostic(code);
  }

  #answer(call: () => unknown): Answer {
    this.#api.lastErrorCode = "0";
    try {
      const value = asText(call());
      return { value, code: asText(this.#api.lastErrorCode) };
    } catch (error) {
      return { value: "", code: codeOf(error) };
    }
  }
}

/** The library's types promise text where it answers numbers: counts, error codes. */
function asText(read: unknown): string {
  return String(read);
}

/** The library throws its validation errors where it does not catch them itself; each carries a SCORM error code. */
function codeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "errorCode" in error) return String(error.errorCode);
  return "101";
}

/** The member lists of every collection that `element` passes through and that exists already. */
function collections(root: object, element: string): unknown[][] {
  const found: unknown[][] = [];
  let node: unknown = root;
  for (const part of element.split(".")) {
    if (typeof node !== "object" || node === null) break;
    const members = membersOf(node);
    try {
      node = members ? members[Number(part)] : (node as Record<string, unknown>)[part];
    } catch {
      break; // A write-only element: no collection lies below it.
    }
    const below = membersOf(node);
    if (below) found.push(below);
  }
  return found;
}

function membersOf(node: unknown): unknown[] | undefined {
  if (typeof node !== "object" || node === null || !("childArray" in node)) return undefined;
  return Array.isArray(node.childArray) ? node.childArray : undefined;
}
