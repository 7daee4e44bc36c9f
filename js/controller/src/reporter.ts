/** What went wrong, on the console for whoever looks, and to the LMS as an event, without ever flooding either. */

const PER_CODE_MS = 60_000;
const MAX_REPORTS = 50;

export type Sink = { console: Pick<Console, "warn">; send: (code: string) => void; now: () => number };

export class Reporter {
  readonly #sink: Sink;
  readonly #sent = new Map<string, number>();
  #total = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** `code`: `[a-z0-9_]{1,64}`. `detail` stays in this browser. */
  report(code: string, detail = ""): void {
    const now = this.#sink.now();
    if (this.#total >= MAX_REPORTS || now - (this.#sent.get(code) ?? Number.NEGATIVE_INFINITY) < PER_CODE_MS) return;
    this.#sent.set(code, now);
    this.#total += 1;
    this.#sink.console.warn(`[scormbridge] ${code}${detail === "" ? "" : `: ${detail}`}`);
    this.#sink.send(code);
  }
}
