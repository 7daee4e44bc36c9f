/** Error codes by SCORM version for what the facade decides itself. Sources: SCORM 1.2 RTE 3.3, SCORM 2004 4th Ed. RTE 3.1.7. */
import type { Version } from "@scormbridge/protocol";

/** A call of the API, whatever it is named in a version. */
export type Call = "initialize" | "terminate" | "get" | "set" | "commit";

export type Errors = {
  /** The call came before Initialize. */
  before: Record<Call, string>;
  /** The call came after Terminate. */
  after: Record<Call, string>;
  /** The call cannot be carried out, for a reason that is not the SCO's. */
  failed: Record<Call, string>;
  initializedTwice: string;
  /** The argument of Initialize, Terminate or Commit is not "". */
  argument: string;
  /** The data model has no such element. */
  unknown: string;
  /** `_children` or `_count` of an element that has none. */
  noChildren: string;
  noCount: string;
  /** The value is not of the element's type. */
  type: string;
  /** Another element must be set first. */
  dependency: string;
};

export const ERRORS: Record<Version, Errors> = {
  "1.2": {
    before: { initialize: "0", terminate: "301", get: "301", set: "301", commit: "301" },
    after: { initialize: "101", terminate: "301", get: "301", set: "301", commit: "301" },
    failed: { initialize: "101", terminate: "101", get: "101", set: "101", commit: "101" },
    initializedTwice: "101",
    argument: "201",
    unknown: "201",
    noChildren: "202",
    noCount: "203",
    type: "405",
    dependency: "201",
  },
  "2004": {
    before: { initialize: "0", terminate: "112", get: "122", set: "132", commit: "142" },
    after: { initialize: "104", terminate: "113", get: "123", set: "133", commit: "143" },
    failed: { initialize: "102", terminate: "111", get: "301", set: "351", commit: "391" },
    initializedTwice: "103",
    argument: "201",
    unknown: "401",
    noChildren: "301",
    noCount: "301",
    type: "406",
    dependency: "408",
  },
};
