/** The way to the server, whichever it is: one request for each call, and what its answer means for the journal. */
import { type CommitAnswer, type Entry, type StageConfig, utf8Length } from "@scormbridge/protocol";
import { cookie, lmsServer } from "./lms.ts";
import { moodle } from "./moodle.ts";
import { ServiceError } from "./refusal.ts";

/** Browsers refuse to keep more than 64 KiB of requests alive. */
const KEEPALIVE_BYTES = 64_000;

/** One request. Every call of the bridge is a POST of JSON text within the page's own session. */
export type Call = { url: string; headers: Record<string, string>; body: string };

/** Whose entries they are: the launch's token, and where that launch's batches go. */
export type Address = { launch: string; url: string };

/** What sets one server's requests and answers apart from another's. Holds no state. */
export type Dialect = {
  commit: (to: Address, entries: readonly Entry[]) => Call;
  report: (to: Address, code: string) => Call;
  /** Throws a `ServiceError` for whatever is not the acknowledgement of a commit. `body` is undefined if it was no JSON. */
  answer: (status: number, body: unknown) => CommitAnswer;
};

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

type Config = Pick<StageConfig, "commit" | "launch"> & { timeouts: Pick<StageConfig["timeouts"], "commit_ms"> };

export class Service {
  readonly #dialect: Dialect;
  readonly #own: Address;
  readonly #timeout: number;
  readonly #fetch: Fetch;
  readonly #cookies: () => string;
  readonly #csrf: string | undefined;
  /** Proves that a request is the page's own: Moodle's session key, or the LMS server's form token. */
  #token: string;

  constructor(config: Config, fetch: Fetch, cookies: () => string = () => "") {
    const { commit, launch, timeouts } = config;
    this.#cookies = cookies;
    this.#csrf = commit.to === "lms" ? commit.csrf : undefined;
    this.#token = commit.to === "moodle" ? commit.sesskey : cookie(cookies(), commit.csrf);
    this.#dialect = commit.to === "moodle" ? moodle(commit.url, () => this.#token) : lmsServer(commit, () => this.#token);
    this.#own = { launch, url: commit.url };
    this.#timeout = timeouts.commit_ms;
    this.#fetch = fetch;
  }

  /**
   * The learner has another session now. Until this is known, the token stays that of the page's own session: whoever
   * else signs in here has another one, and what this page sends does not pass for theirs.
   */
  renew(sesskey: string | undefined): void {
    if (this.#csrf !== undefined) this.#token = cookie(this.#cookies(), this.#csrf);
    else if (sesskey !== undefined) this.#token = sesskey;
  }

  /** Sends entries and answers what the server made of them. Rejects with a `ServiceError`. */
  async commit(entries: readonly Entry[], to: Address = this.#own): Promise<CommitAnswer> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.#timeout);
    try {
      const response = await this.#fetch(...request(this.#dialect.commit(to, entries), { signal: abort.signal }));
      return this.#dialect.answer(response.status, await response.json().catch(() => undefined));
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw new ServiceError("unreachable", abort.signal.aborted ? "commit_timeout" : "commit_network");
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends entries while the page goes away. Nobody is left to read the answer; a later launch knows what arrived. */
  commitLeaving(entries: readonly Entry[]): void {
    this.#send(this.#dialect.commit(this.#own, entries));
  }

  /** Tells the LMS what the controller dropped or could not do. Never more than an attempt. */
  report(code: string): void {
    this.#send(this.#dialect.report(this.#own, code));
  }

  #send(call: Call): void {
    // A failure has nowhere to go: the page is leaving, or it was only a report.
    this.#fetch(...request(call, {})).catch(() => undefined);
  }
}

function request({ url, headers, body }: Call, init: RequestInit): [string, RequestInit] {
  return [
    url,
    {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      credentials: "same-origin",
      body,
      // Whatever is on its way when the page goes away should still arrive.
      keepalive: utf8Length(body) <= KEEPALIVE_BYTES,
      ...init,
    },
  ];
}
