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
  type Reconnect,
  type StageConfig,
  type StageString,
  type ToRelay,
  type Welcome,
} from "@scormbridge/protocol";
import { Committer, type Saving, type Sender } from "./committer.ts";
import { judge } from "./gate.ts";
import { Queue } from "./queue.ts";
import { Pulse } from "./pulse.ts";
import type { Reporter } from "./reporter.ts";
import type { ServiceError } from "./refusal.ts";

/** How often a relay is asked again for entries that did not arrive before the launch is given up. */
const MAX_RESENDS = 3;
/** How long a learner who goes elsewhere waits at most, in milliseconds, for a busy server to save the last calls. */
const DEPART_MS = 6_000;

/** The longest time that a timer takes, in milliseconds. */
const LONGEST_MS = 2_147_483_647;

export type SessionEvents = {
  status: (state: StageString) => void;
  /** The server has stored Terminate. `navigation` is what the SCO asked for. */
  terminated: (navigation: string) => void;
  /** The server takes nothing from this session any more. */
  signedOut: () => void;
  /** The server has taken something. */
  saved: () => void;
  /** The page is an old copy: its launch has gone on without it, and what the SCO does now would be ignored. */
  reused: () => void;
  /** The relay is silent: offers its frame another port and returns our end of it. */
  reconnect: (message: Reconnect) => Port;
};

/** Where entries outlive the page. */
export type Memory = { keep: (entries: readonly Entry[]) => void; forget: (seq: number) => void };

/** What a session has besides its server. */
export type Means = { reporter: Reporter; memory?: Memory | undefined; visible: () => boolean };

/** The part of a `MessagePort` that a session needs. */
export type Port = Pick<MessagePort, "postMessage" | "onmessage">;

export class Session {
  readonly #config: StageConfig;
  readonly #reporter: Reporter;
  readonly #memory: Memory | undefined;
  readonly #events: SessionEvents;
  readonly #queue: Queue;
  readonly #committer: Committer;
  readonly #pulse: Pulse;
  #expected: { source: unknown; nonce: string } | undefined;
  #port: Port | undefined;
  #resends = 0;
  /** What kept commits from arriving, until one arrives again. */
  #unreached: string | undefined;
  /** The learner goes elsewhere; called once all that the SCO did last is saved. */
  #gone: (() => void) | undefined;
  #left = false;
  /** The server did not answer in time, and the relay was told. */
  #late = false;
  /** Why the launch is over before the SCO is. */
  #ending: "superseded" | "timeout" | undefined;
  #over = false;
  /** The server has answered a commit of this page. */
  #confirmed = false;
  #saving: Saving = "saved";

  constructor(config: StageConfig, sender: Sender, { reporter, memory, visible }: Means, events: SessionEvents) {
    this.#config = config;
    this.#reporter = reporter;
    this.#memory = memory;
    this.#events = events;
    this.#queue = new Queue(config.seed.last_seq);
    this.#committer = new Committer(this.#queue, sender, config.batching, {
      state: (state) => this.#show(state),
      committed: (answer, entries) => this.#committed(answer, entries),
      failed: (error) => this.#failed(error),
      stopped: (code) => this.#stop(code),
    });
    this.#pulse = new Pulse(config.timeouts.heartbeat_ms, visible, {
      ping: (id) => this.#post({ type: "ping", id }),
      reconnect: () => this.#reconnect(),
      silent: () => {
        reporter.report("relay_silent");
        events.status("noanswer");
      },
      back: () => events.status(this.#saving),
    });
  }

  get welcomed(): boolean {
    return this.#port !== undefined;
  }

  /** Whether work of the learner waits that cannot be saved at the moment. */
  get unsaved(): boolean {
    return this.#committer.held;
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
    const { seed, sco, beacon, timeouts } = this.#config;
    this.#listen(welcome({ scormbridge: PROTOCOL, type: "welcome", nonce, seed, sco, ...(beacon && { beacon }) }));
    this.#pulse.start();
    if (timeouts.session_ms > 0) setTimeout(() => this.#end("timeout"), Math.min(timeouts.session_ms, LONGEST_MS));
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
      const before = this.#gone;
      this.#gone = () => {
        before?.();
        resolve();
      };
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
        return this.#pulse.pong();
      case "gone":
        this.#reporter.report("content_gone");
        this.flush();
        return this.#events.status("gone");
    }
  }

  #listen(port: Port): void {
    this.#port = port;
    port.onmessage = (message: MessageEvent<unknown>) => this.#fromRelay(message.data);
  }

  #reconnect(): void {
    const nonce = this.#expected?.nonce;
    if (nonce === undefined || !this.#port) return;
    this.#reporter.report("relay_reconnect");
    this.#port.onmessage = null;
    this.#listen(this.#events.reconnect({ scormbridge: PROTOCOL, type: "reconnect", nonce }));
  }

  #take(entries: readonly Entry[]): void {
    const last = this.#queue.last;
    const taken = this.#queue.take(entries);
    this.#memory?.keep(entries.filter(({ seq }) => seq > last && seq <= this.#queue.last));
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
   * A site that cannot be reached, or that knows nobody, cannot be told so either: that report waits for the next commit
   * that is taken. A request that is only cut off because the page goes away is thus never reported.
   */
  #failed(error: ServiceError): void {
    if (error.kind === "signedout") this.#events.signedOut();
    if (error.code === "commit_timeout") this.#tellLate(true);
    if (error.kind === "unreachable" || error.kind === "signedout") this.#unreached = error.message;
    else this.#reporter.report("commit_failed", error.message);
  }

  #committed(answer: CommitAnswer, entries: readonly Entry[]): void {
    if (!this.#confirmed && answer.ack > this.#queue.last) {
      this.#reporter.report("launch_reused");
      return this.#events.reused();
    }
    this.#confirmed = true;
    if (this.#unreached !== undefined) this.#reporter.report("commit_failed", this.#unreached);
    this.#unreached = undefined;
    this.#events.saved();
    this.#tellLate(false);
    this.#post({ type: "ack", seq: answer.ack });
    this.#memory?.forget(answer.ack);
    for (const { seq, element, code, reason } of answer.refused) {
      this.#reporter.report("entry_refused", `${seq} ${element} ${code} ${reason}`);
    }
    const terminate = entries.find((entry) => entry.op === "terminate");
    // A SCO that ends because the learner goes elsewhere has no say in where.
    if (terminate && terminate.seq <= answer.ack && !this.#gone) this.#events.terminated(answer.navigation);
    if (answer.status === "superseded") this.#end("superseded");
    this.#goIfSaved();
  }

  /** Ends the SCO, and takes nothing more from it. The learner hears why when all that it did is saved. */
  #end(why: "superseded" | "timeout"): void {
    if (this.#ending !== undefined) return;
    this.#ending = why;
    this.#reporter.report(`session_${why}`);
    this.#pulse.stop();
    void this.depart().then(() => {
      this.#over = true;
      this.#post({ type: "stop", code: why });
      this.#show(this.#saving);
    });
  }

  #tellLate(late: boolean): void {
    if (late === this.#late) return;
    this.#late = late;
    this.#post({ type: "late", late });
  }

  #show(saving: Saving): void {
    this.#saving = saving;
    const over = this.#over && this.#queue.length === 0 ? this.#ending : undefined;
    this.#events.status(over ?? saving);
  }

  #goIfSaved(): void {
    if (this.#left && this.#queue.length === 0) this.#gone?.();
  }

  #stop(code: string): void {
    this.#reporter.report("stopped", code);
    this.#pulse.stop();
    this.#events.status("stopped");
    this.#post({ type: "stop", code: /^[a-z0-9_]{1,64}$/.test(code) ? code : "refused" });
  }

  #post(message: ToRelay): void {
    this.#port?.postMessage(message);
  }
}
