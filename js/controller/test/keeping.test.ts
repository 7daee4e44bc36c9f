import type { CommitAnswer, Entry } from "@scormbridge/protocol";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Left } from "../src/keeper.ts";
import { ServiceError } from "../src/refusal.ts";
import { restore, type Restored } from "../src/restore.ts";
import { SignIn, type Who, whoIsSignedIn } from "../src/signin.ts";

const TAG = "0123456789abcdef0123456789abcdef";
const SESSION = "https://moodle.example.org/local/externalscormbridge/session.php";

describe("who is signed in", () => {
  const answered = (status: number, body: string): Promise<Who> => whoIsSignedIn(() => Promise.resolve(new Response(body, { status })), SESSION, TAG);

  it.each<[string, number, string, Who]>([
    ["the learner, with a new session", 200, `{"owner": "${TAG}", "sesskey": "New456"}`, { is: "same", sesskey: "New456" }],
    ["the learner, where there are no session keys", 200, `{"owner": "${TAG}"}`, { is: "same" }],
    ["somebody else", 200, `{"owner": "${"f".repeat(32)}", "sesskey": "New456"}`, { is: "other" }],
    ["nobody", 401, "", { is: "nobody" }],
    ["an error page", 503, "<html>", { is: "unknown" }],
    ["an error that looks like an answer", 500, `{"owner": "${TAG}"}`, { is: "unknown" }],
    ["an answer of another shape", 200, '{"owner": "ana"}', { is: "unknown" }],
  ])("%s", async (_name, status, body, expected) => {
    expect(await answered(status, body)).toEqual(expected);
  });

  it("is unknown where the site cannot be reached", async () => {
    expect(await whoIsSignedIn(() => Promise.reject(new TypeError("Failed to fetch")), SESSION, TAG)).toEqual({ is: "unknown" });
  });
});

describe("signing in again", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const setUp = (answers: Who[]): { signIn: SignIn; events: string[] } => {
    const events: string[] = [];
    const ask = (): Promise<Who> => Promise.resolve(answers.length > 1 ? (answers.shift() ?? { is: "unknown" }) : (answers[0] ?? { is: "unknown" }));
    const signIn = new SignIn(ask, {
      state: (state) => void events.push(state),
      again: (sesskey) => void events.push(`again:${sesskey ?? ""}`),
    });
    return { signIn, events };
  };

  // Feature: external-scorm-bridge, Property 19: Session Expiration Data Preservation
  it("goes on for the learner of the launch and for nobody else, whoever comes and goes in between", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom<Who["is"]>("other", "nobody", "unknown"), { maxLength: 12 }), async (before) => {
        const { signIn, events } = setUp([...before.map((is) => ({ is })), { is: "same", sesskey: "New456" }]);
        signIn.lost();
        for (let i = 0; i <= before.length; i++) {
          expect(events.filter((event) => event.startsWith("again"))).toEqual([]);
          await vi.advanceTimersByTimeAsync(i === 0 ? 0 : 10_000);
        }
        expect(events.at(-1)).toBe("again:New456");
        expect(events).toHaveLength(before.length + 1);
      }),
      { numRuns: 100 },
    );
  });

  it("asks at once when the learner comes back to the page, and never where nothing was lost", async () => {
    const { signIn, events } = setUp([{ is: "nobody" }, { is: "same" }]);
    signIn.check();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(events).toEqual([]);
    signIn.lost();
    await vi.advanceTimersByTimeAsync(0);
    signIn.check();
    await vi.advanceTimersByTimeAsync(0);
    expect(events).toEqual(["signedout", "again:"]);
  });

  it("does not ask without a pause where a session looks right and is refused all the same", async () => {
    const { signIn, events } = setUp([{ is: "same", sesskey: "New456" }]);
    for (let i = 0; i < 3; i++) {
      signIn.lost();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(events).toEqual(["again:New456", "again:New456", "error"]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events.at(-1)).toBe("again:New456");
    signIn.found();
    signIn.lost();
    await vi.advanceTimersByTimeAsync(0);
    expect(events.at(-1)).toBe("again:New456");
  });
});

describe("what earlier launches left", () => {
  const entry = (seq: number): Entry => ({ seq, op: "set", element: "cmi.suspend_data", value: "x", at: 0 });
  const left = (launch: string, first: number, count: number): Left => ({
    launch, url: "https://moodle.example.org/", entries: Array.from({ length: count }, (_, index) => entry(first + index)),
  });
  const batching = { max_entries: 3, max_bytes: 10_000 };

  const setUp = (all: Left[], earlier: ReadonlyMap<string, number>, failure?: (to: Left) => ServiceError | undefined): {
    sent: string[]; dropped: string[]; refused: string[]; done: Promise<Restored>;
  } => {
    const sent: string[] = [];
    const dropped: string[] = [];
    const refused: string[] = [];
    const keeper = { left: () => Promise.resolve(all), drop: (launch: string) => Promise.resolve(void dropped.push(launch)) };
    const send = (to: Left, batch: readonly Entry[]): Promise<CommitAnswer> => {
      sent.push(`${to.launch}:${batch.map(({ seq }) => seq).join()}`);
      const refusal = failure?.(to);
      return refusal ? Promise.reject(refusal) : Promise.resolve({ ack: 99, status: "running", refused: [], navigation: "" });
    };
    return { sent, dropped, refused, done: restore(keeper, { batching, earlier }, send, (code) => void refused.push(code)) };
  };
  it("is sent as each launch's own, in order and in batches, and forgotten", async () => {
    const { sent, dropped, done } = setUp([left("a", 5, 4), left("b", 1, 1)], new Map([["a", 7]]));
    expect(await done).toEqual({ news: true, waiting: false });
    expect([sent, dropped]).toEqual([["a:5,6,7", "a:8", "b:1"], ["a", "b"]]);
  });

  it.each([
    ["the seed knew of it all", new Map([["a", 8]])],
    ["it is another SCO's", new Map<string, number>()],
  ])("is no news where %s", async (_name, earlier) => {
    const { dropped, done } = setUp([left("a", 5, 4)], earlier);
    expect([await done, dropped]).toEqual([{ news: false, waiting: false }, ["a"]]);
  });

  it.each(["unreachable", "rejected", "signedout"] as const)("stays for the next time where sending is %s", async (kind) => {
    const { sent, dropped, done } = setUp([left("a", 1, 1), left("b", 1, 1)], new Map([["a", 0]]), () => new ServiceError(kind, "no"));
    expect([await done, sent, dropped]).toEqual([{ news: false, waiting: true }, ["a:1"], []]);
  });

  it("is given up, and told, where it will never be taken; the rest is sent", async () => {
    const { dropped, refused, done } = setUp([left("a", 1, 1), left("b", 1, 1)], new Map([["b", 0]]), (to) =>
      to.launch === "a" ? new ServiceError("final", "error_launch_unknown") : undefined,
    );
    expect([await done, dropped, refused]).toEqual([{ news: true, waiting: false }, ["a", "b"], ["error_launch_unknown"]]);
  });
});
