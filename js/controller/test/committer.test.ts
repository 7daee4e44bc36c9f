import type { CommitAnswer, Entry } from "@scormbridge/protocol";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Committer, type Saving } from "../src/committer.ts";
import { Queue } from "../src/queue.ts";
import { ServiceError } from "../src/refusal.ts";

const set = (seq: number, value = "x"): Entry => ({ seq, op: "set", element: "cmi.suspend_data", value, at: 0 });
const commit = (seq: number): Entry => ({ seq, op: "commit", at: 0 });

/** A server that keeps what it is sent, and fails as often as it is told to. */
class Server {
  readonly has: number[] = [];
  readonly requests: number[][] = [];
  readonly left: number[][] = [];
  failures: ServiceError[] = [];

  commit = (entries: readonly Entry[]): Promise<CommitAnswer> => {
    this.requests.push(entries.map((entry) => entry.seq));
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    for (const { seq } of entries) if (seq === this.has.length + 1) this.has.push(seq);
    return Promise.resolve({ ack: this.has.length, status: "running", refused: [], navigation: "" });
  };

  commitLeaving = (entries: readonly Entry[]): void => void this.left.push(entries.map((entry) => entry.seq));
}

function setUp(batching = { interval_ms: 2_000, max_entries: 3, max_bytes: 10_000 }, chance = 0): {
  server: Server; queue: Queue; committer: Committer; states: Saving[]; stops: string[]; add: (...entries: Entry[]) => void;
} {
  const server = new Server();
  const queue = new Queue(0);
  const states: Saving[] = [];
  const stops: string[] = [];
  const committer = new Committer(queue, server, batching, {
    state: (state) => void states.push(state),
    committed: () => undefined,
    failed: () => undefined,
    stopped: (code) => void stops.push(code),
  }, () => chance);
  const add = (...entries: Entry[]): void => {
    queue.take(entries);
    committer.added(entries);
  };
  return { server, queue, committer, states, stops, add };
}

const unreachable = (): ServiceError => new ServiceError("unreachable", "commit_network");

describe("the committer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("waits for more before it sends what nobody asked to be saved", async () => {
    const { server, add, states } = setUp();
    add(set(1));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(server.requests).toEqual([]);
    add(set(2));
    await vi.advanceTimersByTimeAsync(1);
    expect(server.requests).toEqual([[1, 2]]);
    expect(states.at(-1)).toBe("saved");
  });

  it.each(["commit", "terminate"] as const)("sends at once on %s", async (op) => {
    const { server, add } = setUp();
    add(set(1));
    add({ seq: 2, op, at: 0 });
    await vi.advanceTimersByTimeAsync(0);
    expect(server.requests).toEqual([[1, 2]]);
  });

  it("sends one batch at a time, none larger than allowed, all in order", async () => {
    const { server, add } = setUp();
    add(...[1, 2, 3, 4, 5, 6, 7].map((seq) => set(seq)), commit(8));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.requests).toEqual([[1, 2, 3], [4, 5, 6], [7, 8]]);
  });

  it("sends an entry that is larger than a batch by itself", async () => {
    const { server, add } = setUp({ interval_ms: 0, max_entries: 100, max_bytes: 1_000 });
    add(set(1), set(2, "x".repeat(5_000)), set(3));
    await vi.advanceTimersByTimeAsync(10);
    expect(server.requests).toEqual([[1], [2], [3]]);
  });

  it.each([
    ["without chance", 0, [0, 1, 3, 7, 15, 45, 75]],
    ["with chance against it", 1, [0, 2, 4, 9, 19, 57]],
  ])("tries again after 1, 2, 4 and 8 seconds, then now and then, and asks the learner, %s", async (_name, chance, expected) => {
    const { server, add, states, committer } = setUp(undefined, chance);
    server.failures = Array.from({ length: 8 }, unreachable);
    add(commit(1));
    const times: number[] = [];
    let seen = 0;
    for (let second = 0; second <= 80; second++) {
      await vi.advanceTimersByTimeAsync(second === 0 ? 0 : 1_000);
      if (server.requests.length > seen) times.push(second);
      seen = server.requests.length;
    }
    expect(times).toEqual(expected);
    server.failures = [];
    expect(states).toContain("offline");
    expect(states.at(-1)).toBe("error");
    committer.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.has).toEqual([1]);
    expect(states.at(-1)).toBe("saved");
  });

  it("waits for as long as the server asks for", async () => {
    const { server, add } = setUp(undefined, 0);
    server.failures = [new ServiceError("rejected", "rate_limited", 5_000)];
    add(commit(1));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.has).toEqual([1]);
  });

  it("sends at once what is much, as it would not fit into the last request of a page", async () => {
    const { server, add } = setUp({ interval_ms: 2_000, max_entries: 100, max_bytes: 1_000_000 });
    add(set(1, "x".repeat(20_000)));
    await vi.advanceTimersByTimeAsync(0);
    expect(server.requests).toEqual([[1]]);
  });

  it("sends nothing without a session, and everything once there is one again", async () => {
    const { server, add, states, committer } = setUp();
    server.failures = [new ServiceError("signedout", "servicerequireslogin")];
    add(commit(1));
    await vi.advanceTimersByTimeAsync(60_000);
    add(commit(2));
    committer.leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([server.requests.length, server.left, states.at(-1), committer.held]).toEqual([1, [], "signedout", true]);
    committer.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect([server.has, states.at(-1), committer.held]).toEqual([[1, 2], "saved", false]);
  });

  it("calls again when the server asks for it, with nothing where there is nothing, and no longer than it asks", async () => {
    const { server, add } = setUp();
    const waits = [1_000, 2_000];
    server.commit = (entries) => {
      server.requests.push(entries.map((entry) => entry.seq));
      const again_ms = waits.shift();
      return Promise.resolve({ ack: 1, status: "running", refused: [], navigation: "", ...(again_ms === undefined ? {} : { again_ms }) });
    };
    add(commit(1));
    await vi.advanceTimersByTimeAsync(999);
    expect(server.requests).toEqual([[1]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.requests).toEqual([[1], []]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.requests).toEqual([[1], [], []]);
  });

  it("stops for good when the launch itself is refused", async () => {
    const { server, add, states, stops, committer } = setUp();
    server.failures = [new ServiceError("final", "error_launch_unknown")];
    add(commit(1));
    await vi.advanceTimersByTimeAsync(60_000);
    add(commit(2));
    committer.retry();
    committer.leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.requests).toHaveLength(1);
    expect(server.left).toEqual([]);
    expect([states.at(-1), stops]).toEqual(["stopped", ["error_launch_unknown"]]);
  });

  it("does not ask for ever where the server acknowledges nothing", async () => {
    const { server, add, states } = setUp();
    server.commit = (entries) => {
      server.requests.push(entries.map((entry) => entry.seq));
      return Promise.resolve({ ack: 0, status: "running", refused: [], navigation: "" });
    };
    add(commit(1));
    await vi.advanceTimersByTimeAsync(75_000);
    expect(server.requests).toHaveLength(7);
    expect(states.at(-1)).toBe("error");
  });

  it("hands the oldest entries on when the page goes away, no more than a browser keeps alive", () => {
    const { server, add, committer } = setUp({ interval_ms: 2_000, max_entries: 100, max_bytes: 1_000_000 });
    add(set(1, "x".repeat(40_000)), set(2, "x".repeat(15_000)), set(3, "x".repeat(15_000)));
    committer.leave();
    expect(server.left).toEqual([[1, 2]]);
  });

  // Feature: external-scorm-bridge, Property 5: Tracking Data Capture and Persistence
  it("brings every entry to the server exactly once and in order, however requests fail", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<"set" | "commit">("set", "commit"), { minLength: 1, maxLength: 40 }),
        fc.array(fc.boolean(), { maxLength: 20 }),
        async (ops, fails) => {
          const { server, add, queue, committer } = setUp();
          server.failures = fails.filter(Boolean).map(unreachable);
          for (const [index, op] of ops.entries()) {
            add(op === "set" ? set(index + 1) : commit(index + 1));
            await vi.advanceTimersByTimeAsync(300);
          }
          for (let i = 0; i < fails.length + 1; i++) {
            committer.retry();
            await vi.advanceTimersByTimeAsync(60_000);
          }
          expect(server.has).toEqual(ops.map((_op, index) => index + 1));
          expect(queue.length).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("the queue", () => {
  // Feature: external-scorm-bridge, Property 4: PostMessage Serialization Round Trip
  it("takes each entry once, in order, whatever is repeated on the way", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 10 })), { maxLength: 50 }), (messages) => {
        const queue = new Queue(0);
        let last = 0;
        for (const [start, length] of messages) {
          const entries = Array.from({ length }, (_, index) => set(start + index + 1));
          const gap = start > last;
          expect(queue.take(entries)).toBe(gap ? "gap" : "taken");
          if (!gap) last = Math.max(last, start + length);
          expect(queue.last).toBe(last);
        }
        expect(queue.batch(1_000, 1_000_000)?.entries.map((entry) => entry.seq) ?? []).toEqual(Array.from({ length: last }, (_, index) => index + 1));
      }),
    );
  });

  it("goes on where the server is", () => {
    const queue = new Queue(41);
    expect(queue.take([set(41)])).toBe("taken");
    expect(queue.length).toBe(0);
    expect(queue.take([set(42)])).toBe("taken");
    queue.acknowledge(42);
    expect([queue.length, queue.bytes]).toEqual([0, 0]);
  });
});
