/**
 * Brings the queue to the server: one request at a time, in order, batched, at once where the SCO asked for it or much
 * is waiting, and again after 1, 2, 4, 8 and then every 30 seconds where it failed. Must never give up an entry.
 */
import { type CommitAnswer, type Entry, LIMITS, type StageConfig } from "@scormbridge/protocol";
import type { Queue } from "./queue.ts";
import { ServiceError } from "./refusal.ts";

const RETRY_MS = [1_000, 2_000, 4_000, 8_000] as const;
const LATER_MS = 30_000;
/** Each wait is up to so much longer by chance, so that a site that comes back is not asked by everybody at once. */
const JITTER = 0.25;
/** So much waits for no interval: what is not sent when the page goes away should fit into one last request. */
const PROMPT_BYTES = 16_000;

/** How the saving goes, for the learner. `signedout`: nothing is sent until `retry`. */
export type Saving = "saved" | "saving" | "offline" | "error" | "signedout" | "stopped";

export type CommitterEvents = {
  state: (state: Saving) => void;
  /** The server has everything of this batch. */
  committed: (answer: CommitAnswer, entries: readonly Entry[]) => void;
  failed: (error: ServiceError) => void;
  /** Nothing more can be saved. */
  stopped: (code: string) => void;
};

export type Sender = {
  commit: (entries: readonly Entry[]) => Promise<CommitAnswer>;
  commitLeaving: (entries: readonly Entry[]) => void;
};

export class Committer {
  readonly #queue: Queue;
  readonly #sender: Sender;
  readonly #batching: StageConfig["batching"];
  readonly #events: CommitterEvents;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #sending = false;
  #urgent = false;
  /** The server wants to be called again, with or without entries. */
  #asked = false;
  #failures = 0;
  #paused = false;
  #stopped = false;
  readonly #random: () => number;

  /** `random` answers numbers from 0 to 1. */
  constructor(queue: Queue, sender: Sender, batching: StageConfig["batching"], events: CommitterEvents, random: () => number = Math.random) {
    this.#random = random;
    this.#queue = queue;
    this.#sender = sender;
    this.#batching = batching;
    this.#events = events;
  }

  /** New entries are in the queue. */
  added(entries: readonly Entry[]): void {
    if (this.#stopped || this.#paused || this.#queue.length === 0) return;
    const asked = entries.some((entry) => entry.op === "commit" || entry.op === "terminate");
    if (asked) this.#urgent = true;
    if (this.#failures > 0) return;
    this.#events.state("saving");
    this.#schedule(this.#interval());
  }

  /** Sends what there is now, whatever was planned. */
  flush(): void {
    this.#urgent = true;
    if (this.#failures === 0) this.#schedule(0);
  }

  /** Whether something waits that cannot be sent at the moment. */
  get held(): boolean {
    return this.#queue.length > 0 && (this.#failures > 0 || this.#paused || this.#stopped);
  }

  /** Tries again at once: the learner asked, the network is back, or there is a session again. */
  retry(): void {
    this.#paused = false;
    if (this.#stopped || this.#queue.length === 0) return;
    this.#failures = 0;
    clearTimeout(this.#timer);
    this.#due = Number.POSITIVE_INFINITY;
    this.#urgent = true;
    this.#events.state("saving");
    this.#schedule(0);
  }

  /** The page goes away: sends the oldest entries in a request that outlives it. */
  leave(): void {
    if (this.#stopped || this.#paused) return;
    const batch = this.#queue.batch(this.#batching.max_entries, LIMITS.leavingBytes);
    if (batch) this.#sender.commitLeaving(batch.entries);
  }

  #interval(): number {
    const much = this.#queue.length >= this.#batching.max_entries || this.#queue.bytes >= PROMPT_BYTES;
    return this.#urgent || much ? 0 : this.#batching.interval_ms;
  }

  #schedule(delay: number): void {
    const due = Date.now() + delay;
    if (this.#sending || this.#stopped || this.#paused || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#send(), delay);
  }

  async #send(): Promise<void> {
    this.#due = Number.POSITIVE_INFINITY;
    const entries = this.#queue.batch(this.#batching.max_entries, this.#batching.max_bytes)?.entries ?? [];
    if (entries.length === 0 && !this.#asked) return;
    this.#sending = true;
    this.#urgent = false;
    this.#asked = false;
    try {
      const answer = await this.#sender.commit(entries);
      this.#sending = false;
      this.#succeed(answer, entries);
    } catch (error) {
      this.#sending = false;
      if (!(error instanceof ServiceError)) throw error;
      this.#fail(error);
    }
  }

  #succeed(answer: CommitAnswer, entries: readonly Entry[]): void {
    const before = this.#queue.length;
    this.#queue.acknowledge(Math.min(answer.ack, this.#queue.last));
    // An answer that acknowledges nothing of what was sent would be asked for again for ever.
    if (entries.length > 0 && this.#queue.length === before) {
      return this.#fail(new ServiceError("unreachable", "commit_not_acknowledged"));
    }
    this.#failures = 0;
    this.#asked = answer.again_ms !== undefined;
    this.#events.committed(answer, entries);
    this.#events.state(this.#queue.length === 0 ? "saved" : "saving");
    if (this.#queue.length > 0) this.#schedule(this.#interval());
    if (answer.again_ms !== undefined) this.#schedule(answer.again_ms);
  }

  #fail(error: ServiceError): void {
    this.#events.failed(error);
    if (error.kind === "final") {
      this.#stopped = true;
      this.#events.state("stopped");
      return this.#events.stopped(error.code);
    }
    if (error.kind === "signedout") {
      this.#paused = true;
      return this.#events.state("signedout");
    }
    // Nothing of the learner's hangs on a call that the server asked for.
    if (this.#queue.length === 0) return;
    const delay = RETRY_MS[this.#failures] ?? LATER_MS;
    this.#failures += 1;
    this.#events.state(error.kind === "unreachable" && this.#failures <= RETRY_MS.length ? "offline" : "error");
    this.#schedule(Math.max(delay, error.again_ms) * (1 + JITTER * this.#random()));
  }
}
