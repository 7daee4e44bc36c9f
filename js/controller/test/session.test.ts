import { type CommitAnswer, parseStageConfig, type Reconnect, type StageConfig, type ToRelay, type Welcome } from "@scormbridge/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { afterTerminate, findPlayer, launchFor, pageFor } from "../src/player.ts";
import { Reporter } from "../src/reporter.ts";
import { ServiceError } from "../src/refusal.ts";
import { type Port, Session } from "../src/session.ts";

const NONCE = "0123456789abcdef0123456789abcdef";
const ORIGIN = "https://cdn.example.com";
const config = parseStageConfig({
  protocol: 1,
  frame: { url: `${ORIGIN}/course/scormbridge/relay.html`, origin: ORIGIN, title: "Fire safety" },
  sco: `${ORIGIN}/course/index.html`,
  seed: { version: "1.2", mode: "normal", elements: [], limits: {}, last_seq: 0 },
  launch: NONCE,
  commit: { url: "https://moodle.example.org/lib/ajax/service.php", sesskey: "AbC123" },
});
const frame = {} as Window;
const hello = { scormbridge: 1, type: "hello", nonce: NONCE, relay: "0.1.0", mode: "host" };

function setUp(
  answer: Partial<CommitAnswer> = {},
  failures: ServiceError[] = [],
  tuning: Partial<StageConfig> = {},
): {
  session: Session; welcomes: Welcome[]; posted: ToRelay[]; reports: string[]; statuses: string[]; ended: string[]; offered: Reconnect[];
  hear: (data: unknown, source?: unknown, origin?: string) => void; relay: (data: unknown) => void;
} {
  const welcomes: Welcome[] = [];
  const posted: ToRelay[] = [];
  const reports: string[] = [];
  const statuses: string[] = [];
  const ended: string[] = [];
  const offered: Reconnect[] = [];
  const port: Port = { postMessage: (message: unknown) => void posted.push(message as ToRelay), onmessage: null };
  const reporter = new Reporter({ console: { warn: () => undefined }, send: (code) => void reports.push(code), now: () => 0 });
  const sender = {
    commit: (entries: readonly { seq: number }[]) => {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      return Promise.resolve({ ack: entries.at(-1)?.seq ?? 0, status: "running" as const, navigation: "", refused: [], ...answer });
    },
    commitLeaving: () => undefined,
  };
  const session = new Session({ ...config, ...tuning }, sender, { reporter, visible: () => true }, {
    status: (state) => void statuses.push(state),
    terminated: (navigation) => void ended.push(navigation),
    signedOut: () => void statuses.push("asked who is signed in"),
    saved: () => undefined,
    reused: () => void statuses.push("loaded anew"),
    reconnect: (message) => {
      offered.push(message);
      return port;
    },
  });
  session.expect(frame, NONCE);
  const hear = (data: unknown, source: unknown = frame, origin = ORIGIN): void =>
    session.receive({ data, source: source as Window, origin }, (welcome) => {
      welcomes.push(welcome);
      return port;
    });
  const relay = (data: unknown): void => void Reflect.apply(port.onmessage ?? expect.fail("not welcomed"), port as MessagePort, [{ data } as MessageEvent]);
  return { session, welcomes, posted, reports, statuses, ended, offered, hear, relay };
}

describe("a session", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("welcomes its frame once, with the seed and the launch URL", () => {
    const { welcomes, hear, reports } = setUp();
    hear(hello);
    hear(hello);
    expect(welcomes).toHaveLength(1);
    expect(welcomes[0]).toMatchObject({ nonce: NONCE, sco: config.sco, seed: config.seed });
    expect(reports).toEqual([]);
  });

  it("drops and reports what only pretends to be its frame", () => {
    const { welcomes, hear, reports } = setUp();
    hear(hello, {});
    hear(hello, frame, "https://evil.example");
    hear({ ...hello, nonce: NONCE.replace("0", "f") });
    hear({ ...hello, extra: 1 });
    hear({ ...hello, mode: "sandbox" });
    expect(welcomes).toEqual([]);
    expect(reports).toEqual(["message_source", "message_origin", "message_nonce", "message_shape"]);
  });

  it("acknowledges what is stored, reports what is refused, and says when the SCO has ended", async () => {
    const refusal = { seq: 2, element: "cmi.core.score.raw", code: 405, reason: "type_mismatch" };
    const { hear, relay, posted, reports, ended } = setUp({ navigation: "continue", refused: [refusal] });
    hear(hello);
    relay({ type: "entries", entries: [{ seq: 1, op: "initialize", at: 0 }, { seq: 2, op: "set", element: "cmi.core.score.raw", value: "x", at: 0 }] });
    relay({ type: "entries", entries: [{ seq: 3, op: "terminate", at: 0 }] });
    await vi.advanceTimersByTimeAsync(0);
    expect(posted).toEqual([{ type: "ack", seq: 3 }]);
    expect(reports).toEqual(["entry_refused"]);
    expect(ended).toEqual(["continue"]);
  });

  it("asks again for entries that did not arrive, and gives up a relay that cannot send them", () => {
    const { hear, relay, posted, statuses } = setUp();
    hear(hello);
    const late = { type: "entries", entries: [{ seq: 5, op: "commit", at: 0 }] };
    for (let i = 0; i < 4; i++) relay(late);
    expect(posted).toEqual([
      { type: "resend", after: 0 }, { type: "resend", after: 0 }, { type: "resend", after: 0 }, { type: "stop", code: "journal_gap" },
    ]);
    expect(statuses.at(-1)).toBe("stopped");
  });

  it("reports a site that could not be reached once it can be, and not when the learner only left", async () => {
    const { hear, relay, reports } = setUp({}, [new ServiceError("unreachable", "commit_network")]);
    hear(hello);
    relay({ type: "entries", entries: [{ seq: 1, op: "commit", at: 0 }] });
    await vi.advanceTimersByTimeAsync(0);
    expect(reports).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_250);
    expect(reports).toEqual(["commit_failed"]);
  });

  it("reports at once what the site itself refused", async () => {
    const { hear, relay, reports } = setUp({}, [new ServiceError("rejected", "error_busy")]);
    hear(hello);
    relay({ type: "entries", entries: [{ seq: 1, op: "commit", at: 0 }] });
    await vi.advanceTimersByTimeAsync(0);
    expect(reports).toEqual(["commit_failed"]);
  });

  it("refuses messages of another shape on the port, and goes on", async () => {
    const { hear, relay, reports, posted } = setUp();
    hear(hello);
    relay({ type: "eval", code: "alert(1)" });
    relay({ type: "entries", entries: [{ seq: 1, op: "commit", at: 0, extra: 1 }] });
    relay({ type: "entries", entries: [{ seq: 1, op: "commit", at: 0 }] });
    await vi.advanceTimersByTimeAsync(0);
    expect(reports).toEqual(["port_message_refused"]);
    expect(posted).toEqual([{ type: "ack", seq: 1 }]);
  });
});

describe("a learner who goes elsewhere", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("goes when all that the SCO did last is saved, and where the learner wants", async () => {
    const { session, hear, relay, posted, ended } = setUp({ navigation: "continue", refused: [] });
    hear(hello);
    const gone = vi.fn();
    void session.depart().then(gone);
    expect(posted).toEqual([{ type: "leave" }]);
    relay({ type: "entries", entries: [{ seq: 1, op: "terminate", at: 0 }] });
    relay({ type: "left" });
    expect(gone).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(0);
    expect(gone).toHaveBeenCalledOnce();
    expect(ended).toEqual([]);
  });

  it("goes at once where no relay is connected, and after a while where it does not answer", async () => {
    const { session, hear, relay } = setUp();
    const gone = vi.fn();
    await session.depart();
    hear(hello);
    void session.depart().then(gone);
    await vi.advanceTimersByTimeAsync(0);
    for (let id = 1; id < 10; id++) {
      relay({ type: "pong", id });
      await vi.advanceTimersByTimeAsync(id === 9 ? 1_999 : 500);
    }
    expect(gone).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(gone).toHaveBeenCalledOnce();
  });
});

describe("a launch that does not go as it should", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const entries = (...seqs: number[]): unknown => ({ type: "entries", entries: seqs.map((seq) => ({ seq, op: "commit", at: 0 })) });

  it("asks who is signed in when the session is refused, keeps what it has, and goes on", async () => {
    const { session, hear, relay, statuses, posted, reports } = setUp({}, [new ServiceError("signedout", "servicerequireslogin")]);
    hear(hello);
    relay(entries(1));
    await vi.advanceTimersByTimeAsync(0);
    expect(statuses.slice(-2)).toEqual(["asked who is signed in", "signedout"]);
    expect(session.unsaved).toBe(true);
    expect(reports).toEqual([]);
    session.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(posted.at(-1)).toEqual({ type: "ack", seq: 1 });
    expect([session.unsaved, reports]).toEqual([false, ["commit_failed"]]);
  });

  // Feature: external-scorm-bridge, Property 18: API Call Timeout Handling
  it("has the SCO's Commit fail while the site does not answer in time, and logs it once it does", async () => {
    const { hear, relay, posted, reports } = setUp({}, [new ServiceError("unreachable", "commit_timeout"), new ServiceError("unreachable", "commit_timeout")]);
    hear(hello);
    relay(entries(1));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(posted).toEqual([{ type: "late", late: true }, { type: "late", late: false }, { type: "ack", seq: 1 }]);
    expect(reports).toEqual(["commit_failed"]);
  });

  it("ends when a newer launch reports, and says so once everything is saved", async () => {
    const { hear, relay, posted, statuses, reports } = setUp({ status: "superseded" });
    hear(hello);
    relay(entries(1));
    await vi.advanceTimersByTimeAsync(0);
    expect(posted).toEqual([{ type: "ack", seq: 1 }, { type: "leave" }]);
    relay(entries(2));
    relay({ type: "left" });
    expect(statuses).not.toContain("superseded");
    await vi.advanceTimersByTimeAsync(0);
    expect([posted.at(-1), statuses.at(-1)]).toEqual([{ type: "stop", code: "superseded" }, "superseded"]);
    expect(reports).toEqual(["session_superseded"]);
  });

  it("is loaded anew where the server is ahead of a page that has just begun, and only there", async () => {
    const old = setUp({ ack: 9 });
    old.hear(hello);
    old.relay(entries(1));
    await vi.advanceTimersByTimeAsync(0);
    expect([old.statuses.at(-2), old.reports]).toEqual(["loaded anew", ["launch_reused"]]);
    const { hear, relay, statuses, reports } = setUp();
    hear(hello);
    relay(entries(1));
    await vi.advanceTimersByTimeAsync(0);
    expect([statuses.includes("loaded anew"), reports]).toEqual([false, []]);
  });

  // Feature: external-scorm-bridge, Property 15: Timeout Enforcement
  it.each([1_000, 60_000, 3_600_000])("ends after %i ms where it may not go on for longer, with everything saved", async (session_ms) => {
    const { hear, relay, posted, statuses, reports } = setUp({}, [], { timeouts: { ...config.timeouts, session_ms, heartbeat_ms: 600_000 } });
    hear(hello);
    await vi.advanceTimersByTimeAsync(session_ms - 1);
    expect(posted.filter(({ type }) => type === "leave")).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(posted.at(-1)).toEqual({ type: "leave" });
    relay(entries(1));
    relay({ type: "left" });
    await vi.advanceTimersByTimeAsync(0);
    expect([posted.at(-1), statuses.at(-1), reports.at(-1)]).toEqual([{ type: "stop", code: "timeout" }, "timeout", "session_timeout"]);
  });

  // Feature: external-scorm-bridge, Property 17: PostMessage Connection Recovery
  it("offers a silent relay a new port, three times, before it tells the learner; and says when it is back", async () => {
    const { hear, relay, posted, offered, statuses } = setUp();
    hear(hello);
    relay(entries(1));
    await vi.advanceTimersByTimeAsync(config.timeouts.heartbeat_ms);
    expect(posted.at(-1)).toEqual({ type: "ping", id: 1 });
    await vi.advanceTimersByTimeAsync(499);
    expect(offered).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(offered).toEqual([{ scormbridge: 1, type: "reconnect", nonce: NONCE }]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([offered.length, statuses.at(-1)]).toEqual([3, "saved"]);
    await vi.advanceTimersByTimeAsync(500);
    expect([offered.length, statuses.at(-1)]).toEqual([3, "noanswer"]);
    relay({ type: "pong", id: 4 });
    expect(statuses.at(-1)).toBe("saved");
    await vi.advanceTimersByTimeAsync(config.timeouts.heartbeat_ms);
    relay({ type: "pong", id: 5 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect([offered.length, statuses.at(-1)]).toEqual([3, "saved"]);
  });

  // Feature: external-scorm-bridge, Property 16: URL Unavailability Handling
  it("saves what there is and says so when the content's host is gone", async () => {
    const { hear, relay, statuses, reports, posted } = setUp();
    hear(hello);
    relay({ type: "entries", entries: [{ seq: 1, op: "set", element: "cmi.core.exit", value: "", at: 0 }] });
    relay({ type: "gone" });
    expect([statuses.at(-1), reports]).toEqual(["gone", ["content_gone"]]);
    await vi.advanceTimersByTimeAsync(0);
    expect(posted).toEqual([{ type: "ack", seq: 1 }]);
  });
});

describe("mod_scorm's player", () => {
  it.each([
    ["continue", false, "mod_scorm_launch_next_sco"],
    ["previous", true, "mod_scorm_launch_prev_sco"],
    ["", true, "mod_scorm_launch_next_sco"],
    ["_none_", true, "mod_scorm_launch_next_sco"],
    ["", false, undefined],
    ["exitAll", true, undefined],
    ["{target=a}choice", true, undefined],
  ])("goes where %j and auto-continue %j say", (request, auto, expected) => {
    expect(launchFor(request, auto)).toBe(expected);
  });

  it.each([
    ["continue", true, "/next"],
    ["previous", true, "/previous"],
    ["exit", true, "/exit"],
    ["exitAll", false, "/exit"],
    ["suspendAll", false, "/exit"],
    ["", true, "/next"],
    ["", false, undefined],
    ["_none_", true, "/next"],
    ["{target=a}choice", true, "/a"],
    ["{target=b}choice", true, undefined],
    ["{target=b}jump", true, "/b"],
    ["{target=c}choice", true, undefined],
    ["choice.{target=a}", true, undefined],
  ])("that is not there leaves its pages for %j with auto-continue %j", (request, auto, expected) => {
    const targets = [
      { sco: "a", url: "/a", choice: true },
      { sco: "b", url: "/b", choice: false },
    ];
    const pages = { auto, prereqs: "", next: "/next", previous: "/previous", exit: "/exit", targets };
    expect(pageFor(request, pages)).toBe(expected);
    expect(pageFor(request, { ...pages, next: "", previous: "", exit: "", targets: [] })).toBeUndefined();
  });

  it("is left alone where there is none: no parent, no mod_scorm, another origin", async () => {
    const alone = {} as { parent?: unknown };
    alone.parent = alone;
    expect(findPlayer(alone as Window)).toBeUndefined();
    expect(findPlayer({ parent: {} } as Window)).toBeUndefined();
    const foreign = { get parent(): Window { throw new Error("cross-origin"); } };
    expect(findPlayer(foreign as Window)).toBeUndefined();
    const fetch = vi.fn<() => Promise<Response>>();
    await afterTerminate(undefined, { auto: true, prereqs: "https://moodle.example.org/prereqs.php" }, "", fetch);
    expect(fetch).not.toHaveBeenCalled();
  });

  it("goes on even when its table of contents cannot be had", async () => {
    const calls: string[] = [];
    const player = {
      setTimeout: (call: () => void) => call(),
      M: { mod_scorm: { connectPrereqCallback: { success: () => calls.push("contents") } } },
      mod_scorm_launch_next_sco: () => calls.push("next"),
    } as unknown as NonNullable<ReturnType<typeof findPlayer>>;
    await afterTerminate(player, { auto: true, prereqs: "https://moodle.example.org/prereqs.php" }, "", () => Promise.reject(new Error("down")));
    expect(calls).toEqual(["next"]);
  });
});
