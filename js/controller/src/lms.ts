/** The LMS server: the batch as it is, proof that the page asked for it, and problem documents (RFC 9457) for refusals. */
import type { CommitAnswer, StageConfig } from "@scormbridge/protocol";
import { acknowledgement, ServiceError } from "./refusal.ts";
import type { Call, Dialect } from "./service.ts";

/**
 * Refusals of this very batch or launch, which come back however often it is sent. What is not here may pass: load (429)
 * or a fault (5xx). A session that ended is 401, a form token of an earlier one 403 with a code `csrf_…`.
 */
const FINAL: ReadonlySet<number> = new Set([400, 403, 404, 409, 410, 413, 415, 422]);

/** The server may ask for this much patience, in milliseconds, and no more. */
const PATIENCE_MS = 300_000;

/** `token` is the form token of the session that this page belongs to. */
export function lmsServer({ report }: Extract<StageConfig["commit"], { to: "lms" }>, token: () => string): Dialect {
  const call = (to: string, body: unknown): Call => ({
    url: to,
    headers: { "X-CSRF-Token": token() },
    body: JSON.stringify(body),
  });
  return {
    commit: ({ url }, entries) => call(url, entries),
    report: (_, code) => call(report, { code }),
    answer,
  };
}

function answer(status: number, body: unknown): CommitAnswer {
  if (status >= 200 && status < 300) return acknowledgement(body);
  const code = problemCode(body);
  if (code === undefined) throw new ServiceError("unreachable", "commit_no_answer");
  if (status === 401 || code.startsWith("csrf")) throw new ServiceError("signedout", code);
  throw new ServiceError(FINAL.has(status) ? "final" : "rejected", code, patience(body));
}

/** How long the problem document asks to wait before the next try. */
function patience(body: unknown): number {
  const asked: unknown = typeof body === "object" && body !== null && "again_ms" in body ? body.again_ms : 0;
  return typeof asked === "number" && asked > 0 ? Math.min(asked, PATIENCE_MS) : 0;
}

/** The value of a cookie; empty if there is none. `cookies` as `document.cookie` gives them. */
export function cookie(cookies: string, name: string): string {
  const pairs = cookies.split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

/** The stable `code` of a problem document. An error page of something in between has none. */
function problemCode(body: unknown): string | undefined {
  const code: unknown = typeof body === "object" && body !== null && "code" in body ? body.code : undefined;
  return typeof code === "string" && /^[a-z0-9_]{1,64}$/.test(code) ? code : undefined;
}
