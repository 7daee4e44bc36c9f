/**
 * Brings the queue to the server: one request at a time, in order, batched, at once where the SCO asked for it,
 * and again after 1, 2, 4 and 8 seconds where it failed. Must never give up an entry.
 */
import type { CommitAnswer, Entry, StageConfig } from "@scormbridge/protocol";
import type { Queue } from "./queue.ts";
import { ServiceError } from "./refusal.ts";

const LAST_RETRY_MS = 8_000;
const RETRY_MS = [1_000, 2_000, 4_000, LAST_RETRY_MS] as const;
/** Entries in the request that outlives the page: with what is around them less than the 64 KiB that browsers allow. */
const LEAVING_BYTES = 60_000;

/** How the saving goes, for the learner. */
export type Saving = "saved" | "saving" | "offline" | "error" | "stopped";

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
  #failures = 0;
  #stopped = false;

  constructor(queue: Queue, sender: Sender, batching: StageConfig["batching"], events: CommitterEvents) {
    this.#queue = queue;
    this.#sender = sender;
    this.#batching = batching;
    this.#events = events;
  }

  /** New entries are in the queue. */
  added(entries: readonly Entry[]): void {
    if (this.#stopped || this.#queue.length === 0) return;
    const asked = entries.some((entry) => entry.op === "commit" || entry.op === "terminate");
    if (asked) this.#urgent = true;
    if (this.#failures === 0) {
      this.#events.state("saving");
      this.#schedule(asked || this.#full() ? 0 : this.#batching.interval_ms);
    } else if (this.#failures > RETRY_MS.length) {
      // All retries are used up: what the SCO does next is as good a moment as any.
      this.#schedule(asked ? 0 : LAST_RETRY_MS);
    }
  }

  /** Sends what there is now, whatever was planned. */
  flush(): void {
    this.#urgent = true;
    if (this.#failures === 0) this.#schedule(0);
  }

  /** Tries again at once: the learner asked, or the network is back. */
  retry(): void {
    if (this.#stopped || this.#queue.length === 0) return;
    this.#failures = 0;
    this.#urgent = true;
    this.#events.state("saving");
    this.#schedule(0);
  }

  /** The page goes away: sends the oldest entries in a request that outlives it. */
  leave(): void {
    if (this.#stopped) return;
    const batch = this.#queue.batch(this.#batching.max_entries, LEAVING_BYTES);
    if (batch) this.#sender.commitLeaving(batch.entries);
  }

  #full(): boolean {
    return this.#queue.length >= this.#batching.max_entries || this.#queue.bytes >= this.#batching.max_bytes;
  }

  #schedule(delay: number): void {
    const due = Date.now() + delay;
    if (this.#sending || this.#stopped || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#send(), delay);
  }

  async #send(): Promise<void> {
    this.#due = Number.POSITIVE_INFINITY;
    const batch = this.#queue.batch(this.#batching.max_entries, this.#batching.max_bytes);
    if (!batch) return;
    this.#sending = true;
    this.#urgent = false;
    try {
      const answer = await this.#sender.commit(batch.entries);
      this.#sending = false;
      this.#succeed(answer, batch.entries);
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
    if (this.#queue.length === before) return this.#fail(new ServiceError("unreachable", "commit_not_acknowledged"));
    this.#failures = 0;
    this.#events.committed(answer, entries);
    if (this.#queue.length === 0) return this.#events.state("saved");
    this.#events.state("saving");
    this.#schedule(this.#urgent || this.#full() ? 0 : this.#batching.interval_ms);
  }

  #fail(error: ServiceError): void {
    this.#events.failed(error);
    if (error.kind === "final") {
      this.#stopped = true;
      this.#events.state("stopped");
      return this.#events.stopped(error.code);
    }
    const delay = RETRY_MS[this.#failures];
    this.#failures += 1;
    this.#events.state(error.kind === "unreachable" && delay !== undefined ? "offline" : "error");
    if (delay !== undefined) this.#schedule(delay);
  }
}
