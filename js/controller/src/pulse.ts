/**
 * Notices when the relay falls silent, tries to reach it by another port, and says so when that does not help.
 * Counts only while the page is seen: browsers let hidden pages sleep.
 */

/** How long a ping may stay unanswered, in milliseconds. */
const PATIENCE_MS = 500;
const RECONNECTS = 3;

export type PulseEvents = {
  ping: (id: number) => void;
  /** Offers the relay another port. */
  reconnect: () => void;
  /** Nothing helped. */
  silent: () => void;
  /** It answers again after it was silent. */
  back: () => void;
};

export class Pulse {
  readonly #every: number;
  readonly #seen: () => boolean;
  readonly #events: PulseEvents;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #id = 0;
  #unanswered = 0;
  #silent = false;

  /** `every`: milliseconds between two pings. `seen`: whether the page is visible. */
  constructor(every: number, seen: () => boolean, events: PulseEvents) {
    this.#every = every;
    this.#seen = seen;
    this.#events = events;
  }

  start(): void {
    this.#timer = setTimeout(() => this.#beat(), this.#every);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** The relay has answered. An answer to an older ping is a sign of life as well. */
  pong(): void {
    this.#unanswered = 0;
    if (this.#silent) this.#events.back();
    this.#silent = false;
    clearTimeout(this.#timer);
    this.start();
  }

  #beat(): void {
    if (!this.#seen()) return this.start();
    this.#id += 1;
    this.#events.ping(this.#id);
    this.#timer = setTimeout(() => this.#miss(), PATIENCE_MS);
  }

  #miss(): void {
    if (!this.#seen()) return this.start();
    if (this.#unanswered < RECONNECTS) {
      this.#unanswered += 1;
      this.#events.reconnect();
      return this.#beat();
    }
    if (!this.#silent) this.#events.silent();
    this.#silent = true;
    this.#unanswered = RECONNECTS - 1;
    this.start();
  }
}
