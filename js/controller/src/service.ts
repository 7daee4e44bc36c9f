/** Moodle's ajax endpoint: calls one external function and tells apart what is over from what may be tried again. */
import { checked, type CommitAnswer, type Entry, parseCommitAnswer, type StageConfig, utf8Length } from "@scormbridge/protocol";

const COMMIT = "local_externalscormbridge_commit";
/** Browsers refuse to keep more than 64 KiB of requests alive. */
const KEEPALIVE_BYTES = 64_000;
const REPORT = "local_externalscormbridge_report";

/**
 * Why a commit did not happen.
 * `unreachable`: no answer, or one that is not Moodle's. `rejected`: Moodle answered with an exception that may pass
 * (session, lock, database). `final`: the launch itself is refused, and no repetition changes that.
 */
export class ServiceError extends Error {
  constructor(
    readonly kind: "unreachable" | "rejected" | "final",
    readonly code: string,
  ) {
    super(`${kind}: ${code}`);
    this.name = "ServiceError";
  }
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Service {
  readonly #config: Pick<StageConfig, "commit" | "launch" | "timeouts">;
  readonly #fetch: Fetch;

  constructor(config: Pick<StageConfig, "commit" | "launch" | "timeouts">, fetch: Fetch) {
    this.#config = config;
    this.#fetch = fetch;
  }

  /** Sends entries and answers what the server made of them. Rejects with a `ServiceError`. */
  async commit(entries: readonly Entry[]): Promise<CommitAnswer> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.#config.timeouts.commit_ms);
    try {
      const response = await this.#fetch(...this.#request(COMMIT, this.#commitArgs(entries), { signal: abort.signal }));
      return answerOf(response.ok, await response.json().catch(() => undefined));
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw new ServiceError("unreachable", abort.signal.aborted ? "commit_timeout" : "commit_network");
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends entries while the page goes away. Nobody is left to read the answer; a later launch knows what arrived. */
  commitLeaving(entries: readonly Entry[]): void {
    this.#send(COMMIT, this.#commitArgs(entries));
  }

  /** Tells the LMS what the controller dropped or could not do. Never more than an attempt. */
  report(code: string): void {
    this.#send(REPORT, { launch: this.#config.launch, code });
  }

  #commitArgs(entries: readonly Entry[]): Record<string, string> {
    return { launch: this.#config.launch, entries: JSON.stringify(entries) };
  }

  #send(method: string, args: Record<string, string>): void {
    // A failure has nowhere to go: the page is leaving, or it was only a report.
    this.#fetch(...this.#request(method, args, {})).catch(() => undefined);
  }

  #request(methodname: string, args: Record<string, string>, init: RequestInit): [string, RequestInit] {
    const { url, sesskey } = this.#config.commit;
    const body = JSON.stringify([{ index: 0, methodname, args }]);
    return [
      `${url}?sesskey=${sesskey}&info=${methodname}`,
      {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        credentials: "same-origin",
        body,
        // Whatever is on its way when the page goes away should still arrive.
        keepalive: utf8Length(body) <= KEEPALIVE_BYTES,
        ...init,
      },
    ];
  }
}

function answerOf(ok: boolean, body: unknown): CommitAnswer {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const code = exceptionCode(first);
  if (code !== undefined) throw new ServiceError(isFinal(code) ? "final" : "rejected", code);
  if (!ok || typeof first !== "object" || first === null || !("data" in first)) {
    throw new ServiceError("unreachable", "commit_no_answer");
  }
  const answer = checked(() => parseCommitAnswer(first.data));
  if (!answer.ok) throw new ServiceError("unreachable", "commit_bad_answer");
  return answer.value;
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
