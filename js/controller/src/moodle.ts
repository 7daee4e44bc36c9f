/** Moodle's ajax endpoint: calls one external function and tells apart what is over from what may be tried again. */
import type { CommitAnswer } from "@scormbridge/protocol";
import { acknowledgement, ServiceError } from "./refusal.ts";
import type { Call, Dialect } from "./service.ts";

const COMMIT = "local_externalscormbridge_commit";
const REPORT = "local_externalscormbridge_report";

/** `sesskey` is the session's of the moment. */
export function moodle(url: string, sesskey: () => string): Dialect {
  const call = (methodname: string, args: Record<string, string>): Call => ({
    url: `${url}?sesskey=${sesskey()}&info=${methodname}`,
    headers: {},
    body: JSON.stringify([{ index: 0, methodname, args }]),
  });
  return {
    commit: ({ launch }, entries) => call(COMMIT, { launch, entries: JSON.stringify(entries) }),
    report: ({ launch }, code) => call(REPORT, { launch, code }),
    answer,
  };
}

function answer(status: number, body: unknown): CommitAnswer {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const code = exceptionCode(first);
  if (code !== undefined) throw new ServiceError(kindOf(code), code);
  const ok = status >= 200 && status < 300;
  if (!ok || typeof first !== "object" || first === null || !("data" in first)) {
    throw new ServiceError("unreachable", "commit_no_answer");
  }
  return acknowledgement(first.data);
}

/** Moodle answers `[{error: true, exception: {errorcode}}]`, or `{error, errorcode}` when it fails early. */
function exceptionCode(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("error" in answer) || answer.error === false) return undefined;
  const holder: unknown = "exception" in answer ? answer.exception : answer;
  const code: unknown = typeof holder === "object" && holder !== null && "errorcode" in holder ? holder.errorcode : "";
  return typeof code === "string" && code !== "" ? code : "unknown";
}

/** Moodle's codes for a request that is not, or no longer, that of a session. */
const SIGNED_OUT: ReadonlySet<string> = new Set([
  "servicerequireslogin", "requireloginerror", "invalidsesskey", "sessionerroruser", "sessionerroruser2", "forcepasswordchangenotice",
]);

/** The plugin's own refusals carry `error_` codes; only a busy attempt is worth another try among them. */
function kindOf(code: string): ServiceError["kind"] {
  if (SIGNED_OUT.has(code)) return "signedout";
  return code.startsWith("error_") && code !== "error_busy" && code !== "error_generic" ? "final" : "rejected";
}
