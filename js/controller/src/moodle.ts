/** Moodle's ajax endpoint: calls one external function and tells apart what is over from what may be tried again. */
import type { CommitAnswer, StageConfig } from "@scormbridge/protocol";
import { acknowledgement, ServiceError } from "./refusal.ts";
import type { Call, Dialect } from "./service.ts";

const COMMIT = "local_externalscormbridge_commit";
const REPORT = "local_externalscormbridge_report";

export function moodle({ url, sesskey }: Extract<StageConfig["commit"], { to: "moodle" }>, launch: string): Dialect {
  const call = (methodname: string, args: Record<string, string>): Call => ({
    url: `${url}?sesskey=${sesskey}&info=${methodname}`,
    headers: {},
    body: JSON.stringify([{ index: 0, methodname, args }]),
  });
  return {
    commit: (entries) => call(COMMIT, { launch, entries: JSON.stringify(entries) }),
    report: (code) => call(REPORT, { launch, code }),
    answer,
  };
}

function answer(status: number, body: unknown): CommitAnswer {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const code = exceptionCode(first);
  if (code !== undefined) throw new ServiceError(isFinal(code) ? "final" : "rejected", code);
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

/** The plugin's own refusals carry `error_` codes; only a busy attempt is worth another try among them. */
function isFinal(code: string): boolean {
  return code.startsWith("error_") && code !== "error_busy" && code !== "error_generic";
}
