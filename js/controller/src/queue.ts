/**
 * The entries that the server has not acknowledged, in order and without gaps.
 * Must never drop one that was taken in, and never let one in twice.
 */
import { type Entry, entryBytes, LIMITS } from "@scormbridge/protocol";

/** What became of a message of entries: taken, a gap before them, or no room for them. */
export type Taken = "taken" | "gap" | "full";

export type Batch = { entries: Entry[]; last: number };

export class Queue {
  #last: number;
  #waiting: { entry: Entry; bytes: number }[] = [];
  #bytes = 0;

  /** `last` is the number of the last entry that the server has. */
  constructor(last: number) {
    this.#last = last;
  }

  /** Number of the last entry taken in. */
  get last(): number {
    return this.#last;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes in what is new of `entries`. */
  take(entries: readonly Entry[]): Taken {
    for (const entry of entries) {
      if (entry.seq <= this.#last) continue;
      if (entry.seq > this.#last + 1) return "gap";
      if (this.#waiting.length >= LIMITS.tailEntries || this.#bytes >= 2 * LIMITS.tailBytes) return "full";
      const bytes = entryBytes(entry);
      this.#waiting.push({ entry, bytes });
      this.#bytes += bytes;
      this.#last = entry.seq;
    }
    return "taken";
  }

  /** The oldest entries that fit, at least one; nothing if there is none. `maxBytes` counts entries and commas. */
  batch(maxEntries: number, maxBytes: number): Batch | undefined {
    const entries: Entry[] = [];
    let bytes = 0;
    for (const one of this.#waiting) {
      bytes += one.bytes + 1;
      if (entries.length > 0 && (entries.length >= maxEntries || bytes > maxBytes)) break;
      entries.push(one.entry);
    }
    const last = entries.at(-1);
    return last && { entries, last: last.seq };
  }

  /** Forgets what the server has. */
  acknowledge(seq: number): void {
    while (this.#waiting[0] && this.#waiting[0].entry.seq <= seq) {
      this.#bytes -= this.#waiting[0].bytes;
      this.#waiting.shift();
    }
  }
}
