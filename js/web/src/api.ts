/** Calls to the LMS server's own API from its pages: JSON both ways, with the session's form token. */

/** A member of what was sent that is not as it must be. */
export type Fault = { field: string; message: string };

/** What the server says when it does not do what was asked (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly faults: readonly Fault[] = [],
  ) {
    super(detail);
    this.name = "Problem";
  }
}

/** Milliseconds after which nobody wants to wait for an answer any more. */
const PATIENCE_MS = 20_000;

/** The session's form token, from the cookie that the server gave for this. */
export function csrfToken(document: Pick<Document, "cookie">): string {
  return /(?:^|;\s*)csrf_token=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

/** Sends `body` and returns the answer's JSON, or undefined where there is none. Rejects with a `Problem`. */
export async function send(method: string, url: string, body: unknown, csrf: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf },
      credentials: "same-origin",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Problem(0, "unreachable", "The site cannot be reached. Check your connection and try again.");
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problemOf(response.status, answer);
  return answer;
}

/** A refusal for people to read, whatever the server, or something before it, answered. */
export function problemOf(status: number, answer: unknown): Problem {
  const field = (name: string): string => {
    const value: unknown = typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>)[name] : undefined;
    return typeof value === "string" ? value : "";
  };
  const detail = field("detail") || field("title") || `The site answered with an error (${status}). Try again later.`;
  return new Problem(status, field("code") || "unknown", detail, faultsOf(answer));
}

function faultsOf(answer: unknown): Fault[] {
  const errors: unknown = typeof answer === "object" && answer !== null && "errors" in answer ? answer.errors : undefined;
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    const { field, message } = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
    return typeof field === "string" && typeof message === "string" ? [{ field, message }] : [];
  });
}
