/**
 * What a SCO does while its page is taken away: messages to the controller do not arrive any more, so the relay sends
 * what is not acknowledged itself, in requests that outlive the page. Must send nothing while the page stays.
 */
import { type Beacon, type Entry, entryBytes, LIMITS } from "@scormbridge/protocol";
import type { Accepted } from "./journal.ts";

/** Hands a request to the browser for after the page; answers whether the browser took it. */
export type SendBeacon = (url: string, body: string) => boolean;

type Tail = { tail: () => readonly Entry[] };

export class Leaving {
  readonly #beacon: Beacon;
  readonly #send: SendBeacon;
  #journal: Tail | undefined;
  #leaving = false;
  #due = false;
  /** Last entry that the browser has taken to send. */
  #sent = 0;

  constructor(beacon: Beacon, send: SendBeacon) {
    this.#beacon = beacon;
    this.#send = send;
  }

  /** Whose entries they are. */
  follow(journal: Tail): void {
    this.#journal = journal;
  }

  /** A window whose end is the SCO's end. Only the browser's own events count: SCOs are told of an end by made ones. */
  watch(window: Window): void {
    window.addEventListener("pagehide", (event) => {
      if (!event.isTrusted) return;
      this.#leaving = true;
      this.#flush();
    });
    window.addEventListener("pageshow", (event) => {
      if (event.isTrusted) this.#leaving = false;
    });
  }

  /** The SCO has done something. Handlers of one event often do many things: they go together when it is over. */
  appended(op: Accepted["op"]): void {
    if (!this.#leaving) return;
    if (op === "terminate") return this.#flush();
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#flush();
    });
  }

  /**
   * All that is not acknowledged, as an earlier request may be lost; where the browser refuses so much, because earlier
   * requests are still on their way, what those did not hold.
   */
  #flush(): void {
    const tail = this.#journal?.tail() ?? [];
    if ((tail.at(-1)?.seq ?? 0) <= this.#sent) return;
    if (!this.#post(tail)) this.#post(tail.filter((entry) => entry.seq > this.#sent));
  }

  #post(entries: readonly Entry[]): boolean {
    const fitting = oldest(entries);
    const last = fitting.at(-1);
    if (!last || last.seq <= this.#sent) return false;
    const taken = this.#send(this.#beacon.url, JSON.stringify({ ticket: this.#beacon.ticket, entries: fitting }));
    if (taken) this.#sent = last.seq;
    return taken;
  }
}

/** The oldest entries that one request may hold; the server takes no later ones without them. */
function oldest(entries: readonly Entry[]): Entry[] {
  const fitting: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entryBytes(entry) + 1;
    if (fitting.length > 0 && bytes > LIMITS.leavingBytes) break;
    fitting.push(entry);
  }
  return fitting;
}
