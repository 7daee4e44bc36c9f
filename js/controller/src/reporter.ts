/** What went wrong, on the console for whoever looks, and to the LMS as an event, without ever flooding either. */

const PER_CODE_MS = 60_000;
const MAX_REPORTS = 50;

export type Sink = { console: Pick<Console, "warn">; send: (code: string) => void; now: () => number };

export class Reporter {
  readonly #sink: Sink;
  readonly #sent = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** How often each code was reported here, sent on or not. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** `code`: `[a-z0-9_]{1,64}`. `detail` stays in this browser. */
  report(code: string, detail = ""): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
    const now = this.#sink.now();
    if (this.#total >= MAX_REPORTS || now - (this.#sent.get(code) ?? Number.NEGATIVE_INFINITY) < PER_CODE_MS) return;
    this.#sent.set(code, now);
    this.#total += 1;
    this.#sink.console.warn(`[scormbridge] ${code}${detail === "" ? "" : `: ${detail}`}`);
    this.#sink.send(code);
  }
}
