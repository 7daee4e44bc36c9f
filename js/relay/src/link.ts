/** The relay's end of the port: posts what happens, obeys acknowledgements, resends, pings and stops. */
import { checked, type FromRelay, LIMITS, parseToRelay, type Seed, type ToRelay } from "@scormbridge/protocol";
import { type Accepted, Journal } from "./journal.ts";
import type { Leaving } from "./leaving.ts";
import { Runtime } from "./runtime.ts";

/** The part of a `MessagePort` that a link needs. */
export type Port = Pick<MessagePort, "postMessage" | "onmessage">;

/** What the page around the link gives it. */
export type Surroundings = {
  now: () => number;
  /** Ends the SCO, which may still call. */
  unload: () => void;
  /** Takes care of what happens while the page is taken away; left out where there is nowhere to send it. */
  leaving?: Leaving | undefined;
};

/** Ties a run-time to the controller, by one port after another. */
export class Link {
  readonly runtime: Runtime;
  readonly #journal: Journal;
  readonly #unload: () => void;
  #port: Port;

  constructor(port: Port, seed: Seed, { now, unload, leaving }: Surroundings) {
    this.#unload = unload;
    this.#port = port;
    const journal = new Journal(seed.last_seq, (entries) => this.#post({ type: "entries", entries }), now);
    leaving?.follow(journal);
    this.#journal = journal;
    this.runtime = new Runtime(seed, {
      get full() {
        return journal.full;
      },
      append(call: Accepted) {
        journal.append(call);
        leaving?.appended(call.op);
      },
    });
    this.#listen(port);
    const { overruled } = this.runtime;
    if (overruled.length > 0) this.#log("warn", "seed_overruled", overruled.slice(0, 20).join(" "));
  }

  /** The seed is loaded, the SCO starts to load. */
  ready(): void {
    this.#post({ type: "ready" });
  }

  /** The host of the content does not answer any more. */
  gone(): void {
    this.#post({ type: "gone" });
  }

  /** The controller has heard nothing for a while: from now on by another port, and once more what may be lost. */
  rejoin(port: Port): void {
    this.#port.onmessage = null;
    this.#port = port;
    this.#listen(port);
    this.#journal.resend(0);
  }

  #listen(port: Port): void {
    port.onmessage = (event: MessageEvent<unknown>) => {
      const message = checked(() => parseToRelay(event.data));
      if (message.ok) this.#obey(message.value);
      else this.#log("warn", "message_refused", message.error.message);
    };
  }

  #obey(message: ToRelay): void {
    switch (message.type) {
      case "ack":
        return this.#journal.acknowledge(message.seq);
      case "resend":
        return this.#journal.resend(message.after);
      case "ping":
        return this.#post({ type: "pong", id: message.id });
      case "late":
        return this.runtime.late(message.late);
      case "leave":
        this.#unload();
        return this.#post({ type: "left" });
      case "stop":
        return this.runtime.stop();
    }
  }

  #log(level: "warn" | "error", code: string, message: string): void {
    this.#post({ type: "log", level, code, message: message.slice(0, LIMITS.message) });
  }

  #post(message: FromRelay): void {
    this.#port.postMessage(message);
  }
}
