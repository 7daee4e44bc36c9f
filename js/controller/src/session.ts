/**
 * One launch in the LMS page: opens the gate for its frame, welcomes the relay once, and carries its journal to the
 * server. Everything a SCO does arrives here through the port, and leaves through the committer.
 */
import {
  checked,
  type CommitAnswer,
  type Entry,
  parseFromRelay,
  PROTOCOL,
  type StageConfig,
  type StageString,
  type ToRelay,
  type Welcome,
} from "@scormbridge/protocol";
import { Committer, type Sender } from "./committer.ts";
import { judge } from "./gate.ts";
import { Queue } from "./queue.ts";
import type { Reporter } from "./reporter.ts";
import type { ServiceError } from "./refusal.ts";

/** How often a relay is asked again for entries that did not arrive before the launch is given up. */
const MAX_RESENDS = 3;
/** How long a learner who goes elsewhere waits at most, in milliseconds, for a busy server to save the last calls. */
const DEPART_MS = 6_000;

export type SessionEvents = {
  status: (state: StageString) => void;
  /** The server has stored Terminate. `navigation` is what the SCO asked for. */
  terminated: (navigation: string) => void;
};

/** The part of a `MessagePort` that a session needs. */
export type Port = Pick<MessagePort, "postMessage" | "onmessage">;

export class Session {
  readonly #config: StageConfig;
  readonly #reporter: Reporter;
  readonly #events: SessionEvents;
  readonly #queue: Queue;
  readonly #committer: Committer;
  #expected: { source: unknown; nonce: string } | undefined;
  #port: Port | undefined;
  #resends = 0;
  /** What kept commits from arriving, until one arrives again. */
  #unreached: string | undefined;
  /** The learner goes elsewhere; called once all that the SCO did last is saved. */
  #gone: (() => void) | undefined;
  #left = false;

  constructor(config: StageConfig, sender: Sender, reporter: Reporter, events: SessionEvents) {
    this.#config = config;
    this.#reporter = reporter;
    this.#events = events;
    this.#queue = new Queue(config.seed.last_seq);
    this.#committer = new Committer(this.#queue, sender, config.batching, {
      state: (state) => events.status(state),
      committed: (answer, entries) => this.#committed(answer, entries),
      failed: (error) => this.#failed(error),
      stopped: (code) => this.#stop(code),
    });
  }

  get welcomed(): boolean {
    return this.#port !== undefined;
  }

  /** From now on the hello of this frame, and of no other, is answered. */
  expect(source: unknown, nonce: string): void {
    this.#expected = { source, nonce };
  }

  /** Judges a window message. `welcome` sends the answer to the frame and returns our end of the channel. */
  receive(event: Pick<MessageEvent<unknown>, "source" | "origin" | "data">, welcome: (message: Welcome) => Port): void {
    if (!this.#expected) return;
    const { source, nonce } = this.#expected;
    const verdict = judge(event, { source, nonce, origin: this.#config.frame.origin });
    if (!verdict.pass) {
      if (verdict.dropped !== "none") this.#reporter.report(verdict.dropped, event.origin);
      return;
    }
    // The relay repeats its hello until the welcome arrives.
    if (this.#port) return;
    const { seed, sco, timeouts } = this.#config;
    this.#port = welcome({ scormbridge: PROTOCOL, type: "welcome", nonce, seed, sco, heartbeat: timeouts.heartbeat_ms });
    this.#port.onmessage = (message: MessageEvent<unknown>) => this.#fromRelay(message.data);
  }

  retry(): void {
    this.#committer.retry();
  }

  flush(): void {
    if (this.#queue.length > 0) this.#committer.flush();
  }

  leave(): void {
    this.#committer.leave();
  }

  /** Ends the SCO and saves what it does last. Resolves when that is done, or after a while when it cannot be. */
  depart(): Promise<void> {
    if (!this.#port || this.#left) return Promise.resolve();
    return new Promise((resolve) => {
      this.#gone = resolve;
      setTimeout(resolve, DEPART_MS);
      this.#post({ type: "leave" });
    });
  }

  #fromRelay(data: unknown): void {
    const message = checked(() => parseFromRelay(data));
    if (!message.ok) return this.#reporter.report("port_message_refused", message.error.message);
    switch (message.value.type) {
      case "entries":
        return this.#take(message.value.entries);
      case "ready":
        return this.#events.status("saved");
      case "log":
        return this.#reporter.report(`relay_${message.value.code}`.slice(0, 64), message.value.message);
      case "left":
        this.#left = true;
        this.flush();
        this.#goIfSaved();
        return;
      case "pong":
        return;
    }
  }

  #take(entries: readonly Entry[]): void {
    const taken = this.#queue.take(entries);
    if (taken === "full") return this.#stop("journal_full");
    if (taken === "taken") {
      this.#resends = 0;
      return this.#committer.added(entries);
    }
    this.#reporter.report("journal_gap", `after ${this.#queue.last}`);
    this.#resends += 1;
    if (this.#resends > MAX_RESENDS) this.#stop("journal_gap");
    else this.#post({ type: "resend", after: this.#queue.last });
  }

  /**
   * A site that cannot be reached cannot be told so either: that report waits for the next commit that arrives. A
   * request that is only cut off because the page goes away is thus never reported.
   */
  #failed(error: ServiceError): void {
    if (error.kind === "unreachable") this.#unreached = error.message;
    else this.#reporter.report("commit_failed", error.message);
  }

  #committed(answer: CommitAnswer, entries: readonly Entry[]): void {
    if (this.#unreached !== undefined) this.#reporter.report("commit_failed", this.#unreached);
    this.#unreached = undefined;
    this.#post({ type: "ack", seq: answer.ack });
    for (const { seq, element, code, reason } of answer.refused) {
      this.#reporter.report("entry_refused", `${seq} ${element} ${code} ${reason}`);
    }
    const terminate = entries.find((entry) => entry.op === "terminate");
    // A SCO that ends because the learner goes elsewhere has no say in where.
    if (terminate && terminate.seq <= answer.ack && !this.#gone) this.#events.terminated(answer.navigation);
    this.#goIfSaved();
  }

  #goIfSaved(): void {
    if (this.#left && this.#queue.length === 0) this.#gone?.();
  }

  #stop(code: string): void {
    this.#reporter.report("stopped", code);
    this.#events.status("stopped");
    this.#post({ type: "stop", code: /^[a-z0-9_]{1,64}$/.test(code) ? code : "refused" });
  }

  #post(message: ToRelay): void {
    this.#port?.postMessage(message);
  }
}
