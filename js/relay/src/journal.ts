/**
 * The relay's side of the journal: numbers the accepted calls, posts each at once and keeps it until it is
 * acknowledged. Must never drop an entry that was not acknowledged.
 */
import { type Entry, entryBytes, LIMITS } from "@scormbridge/protocol";

/** An accepted call, before it has a number and a time. */
export type Accepted = { op: "set"; element: string; value: string } | { op: "initialize" | "commit" | "terminate" };

export class Journal {
  readonly #post: (entries: Entry[]) => void;
  readonly #now: () => number;
  #last: number;
  #tail: { entry: Entry; bytes: number }[] = [];
  #bytes = 0;

  /** `last` is the number of the last entry that the server has for this launch. */
  constructor(last: number, post: (entries: Entry[]) => void, now: () => number) {
    this.#last = last;
    this.#post = post;
    this.#now = now;
  }

  /** So much is unacknowledged that no further value may be accepted: what could not be kept must not be promised. */
  get full(): boolean {
    return this.#tail.length >= LIMITS.tailEntries || this.#bytes >= LIMITS.tailBytes;
  }

  append(call: Accepted): void {
    this.#last += 1;
    const entry: Entry = { seq: this.#last, ...call, at: this.#now() };
    const bytes = entryBytes(entry);
    this.#tail.push({ entry, bytes });
    this.#bytes += bytes;
    this.#post([entry]);
  }

  /** Forgets what the server has. */
  acknowledge(seq: number): void {
    while (this.#tail[0] && this.#tail[0].entry.seq <= seq) {
      this.#bytes -= this.#tail[0].bytes;
      this.#tail.shift();
    }
  }

  /** What is not acknowledged, oldest first. */
  tail(): Entry[] {
    return this.#tail.map(({ entry }) => entry);
  }

  /** Posts again everything after `seq` that is not acknowledged. */
  resend(seq: number): void {
    const entries = this.tail().filter((entry) => entry.seq > seq);
    for (let i = 0; i < entries.length; i += LIMITS.entriesPerMessage) {
      this.#post(entries.slice(i, i + LIMITS.entriesPerMessage));
    }
  }
}
