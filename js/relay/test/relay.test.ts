import { type Entry, type FromRelay, LIMITS } from "@scormbridge/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accept, renewed, takeNonce } from "../src/connect.ts";
import { Journal } from "../src/journal.ts";
import { Link, type Port } from "../src/link.ts";
import { Leaving } from "../src/leaving.ts";
import { charsetOf } from "../src/load.ts";
import type { Runtime } from "../src/runtime.ts";
import { storageProxy } from "../src/sandbox.ts";
import { seed } from "./arbitraries.ts";

const NONCE = "0123456789abcdef0123456789abcdef";
const LMS = "https://moodle.example.org";
const welcome = { scormbridge: 1, type: "welcome", nonce: NONCE, seed: seed("1.2"), sco: "" };

describe("the relay's side of the handshake", () => {
  const parent = { name: "parent" };
  const port = {} as MessagePort;

  // Feature: external-scorm-bridge, Property 20: PostMessage Origin Validation
  it("takes a welcome only from its parent, a trusted origin, with its nonce and one port", () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.constantFrom<unknown>(parent, parent, parent, { name: "parent" }, null),
        fc.constantFrom(LMS, LMS, LMS, "https://evil.example", "null", `${LMS}.evil.example`, "http://moodle.example.org"),
        fc.constantFrom(NONCE, NONCE, NONCE, "f".repeat(32), ""),
        fc.constantFrom(1, 1, 1, 0, 2),
        (source, origin, nonce, ports) => {
          const event = { source: source as Window, origin, data: { ...welcome, nonce }, ports: Array.from({ length: ports }, () => port) };
          const right = source === parent && origin === LMS && nonce === NONCE && ports === 1;
          expect(accept(event, parent, [LMS], NONCE) !== undefined).toBe(right);
          if (right) taken += 1;
        },
      ),
      { numRuns: 1_000 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it("reads its nonce once, and leaves other names alone", () => {
    const named = { name: `scormbridge-${NONCE}` } as Window;
    expect(takeNonce(named)).toBe(NONCE);
    expect(named.name).toBe("");
    expect(takeNonce(named)).toBeUndefined();
    const other = { name: "scormbridge-" } as Window;
    expect(takeNonce(other)).toBeUndefined();
    expect(other.name).toBe("scormbridge-");
  });
});

describe("the relay's journal", () => {
  it("numbers without gaps, posts at once, and keeps what is not acknowledged", () => {
    const posted: Entry[][] = [];
    const journal = new Journal(41, (entries) => void posted.push(entries), () => 7);
    journal.append({ op: "initialize" });
    journal.append({ op: "set", element: "cmi.core.exit", value: "" });
    journal.append({ op: "commit" });
    expect(posted.flat()).toEqual([
      { seq: 42, op: "initialize", at: 7 },
      { seq: 43, op: "set", element: "cmi.core.exit", value: "", at: 7 },
      { seq: 44, op: "commit", at: 7 },
    ]);
    journal.acknowledge(42);
    journal.resend(0);
    expect(posted.at(-1)?.map((entry) => entry.seq)).toEqual([43, 44]);
    journal.resend(43);
    expect(posted.at(-1)?.map((entry) => entry.seq)).toEqual([44]);
  });

  it("is full when what is unacknowledged is as much as may be kept, and not when it was acknowledged", () => {
    const journal = new Journal(0, () => undefined, () => 0);
    const value = "x".repeat(250_000);
    let count = 0;
    for (; !journal.full; count++) journal.append({ op: "set", element: "cmi.suspend_data", value });
    expect(count * value.length).toBeGreaterThanOrEqual(LIMITS.tailBytes - value.length);
    journal.acknowledge(count);
    expect(journal.full).toBe(false);
  });
});

describe("the relay's end of the port", () => {
  const open = (leaving?: Leaving): { posted: FromRelay[]; port: Port; hear: (data: unknown) => void; link: Link; runtime: Runtime } => {
    const posted: FromRelay[] = [];
    const port: Port = { postMessage: (message: unknown) => void posted.push(message as FromRelay), onmessage: null };
    const unload = (): void => void link.runtime.terminate("");
    const link = new Link(port, seed("1.2", [["cmi.core.total_time", "not a time"]]), { now: () => 0, unload, leaving });
    const hear = (data: unknown): void => void Reflect.apply(port.onmessage ?? expect.fail(), port as MessagePort, [{ data } as MessageEvent]);
    return { posted, port, hear, link, runtime: link.runtime };
  };

  it("ends the SCO before it says that it has left", () => {
    const { posted, hear, runtime } = open();
    runtime.initialize("");
    hear({ type: "leave" });
    expect(posted.slice(1)).toEqual([
      { type: "entries", entries: [{ seq: 1, op: "initialize", at: 0 }] },
      { type: "entries", entries: [{ seq: 2, op: "terminate", at: 0 }] },
      { type: "left" },
    ]);
  });

  it("answers pings, resends, stops, and says what it refuses", () => {
    const { posted, hear, runtime, link } = open();
    expect(posted).toEqual([{ type: "log", level: "warn", code: "seed_overruled", message: "cmi.core.total_time" }]);
    link.ready();
    runtime.initialize("");
    hear({ type: "ping", id: 3 });
    hear({ type: "resend", after: 0 });
    hear({ type: "ack", seq: 1 });
    hear({ type: "resend", after: 0 });
    hear({ type: "eval" });
    hear({ type: "stop", code: "launch_closed" });
    expect(runtime.commit("")).toBe("false");
    const entries = [{ seq: 1, op: "initialize", at: 0 }];
    expect(posted.slice(1)).toEqual([
      { type: "ready" }, { type: "entries", entries }, { type: "pong", id: 3 }, { type: "entries", entries },
      { type: "log", level: "warn", code: "message_refused", message: "message.type: is none of the known words" },
    ]);
  });
});

describe("a relay whose controller fell silent", () => {
  it("takes the port it is offered, repeats what is not acknowledged, and heeds the old one no more", () => {
    const posted: FromRelay[] = [];
    const make = (): Port => ({ postMessage: (message: unknown) => void posted.push(message as FromRelay), onmessage: null });
    const [first, second] = [make(), make()];
    const link = new Link(first, seed("1.2"), { now: () => 0, unload: () => undefined });
    link.runtime.initialize("");
    link.rejoin(second);
    expect(posted).toEqual([1, 2].map(() => ({ type: "entries", entries: [{ seq: 1, op: "initialize", at: 0 }] })));
    expect(first.onmessage).toBeNull();
    expect(second.onmessage).not.toBeNull();
  });

  // Feature: external-scorm-bridge, Property 20: PostMessage Origin Validation
  it("takes none from another window or origin, with another nonce, or without exactly one port", () => {
    const parent = {};
    const port = {} as MessagePort;
    const good = { source: parent as Window, origin: LMS, data: { scormbridge: 1, type: "reconnect", nonce: NONCE }, ports: [port] };
    expect(renewed(good, parent, [LMS], NONCE)).toBe(port);
    for (const bad of [
      { source: {} as Window }, { source: null }, { origin: "https://evil.example" }, { origin: "null" }, { ports: [] }, { ports: [port, port] },
      { data: { ...good.data, nonce: "f".repeat(32) } }, { data: { ...good.data, type: "welcome" } }, { data: null },
    ]) {
      expect(renewed({ ...good, ...bad }, parent, [LMS], NONCE)).toBeUndefined();
    }
  });

  // Feature: external-scorm-bridge, Property 18: API Call Timeout Handling
  it.each([["1.2", "101"], ["2004", "391"]] as const)("answers a %s Commit with error %s while the site is late, and journals it", (version, code) => {
    const posted: FromRelay[] = [];
    const port: Port = { postMessage: (message: unknown) => void posted.push(message as FromRelay), onmessage: null };
    const { runtime } = new Link(port, seed(version), { now: () => 0, unload: () => undefined });
    const hear = (data: unknown): void => void Reflect.apply(port.onmessage ?? expect.fail(), port as MessagePort, [{ data } as MessageEvent]);
    runtime.initialize("");
    hear({ type: "late", late: true });
    expect([runtime.commit(""), runtime.lastError()]).toEqual(["false", code]);
    hear({ type: "late", late: false });
    expect([runtime.commit(""), runtime.lastError()]).toEqual(["true", "0"]);
    expect(posted.flatMap((message) => (message.type === "entries" ? message.entries : [])).map(({ op }) => op)).toEqual(["initialize", "commit", "commit"]);
  });
});

describe("a page that is taken away", () => {
  const beacon = { url: "https://moodle.example.org/local/externalscormbridge/beacon.php", ticket: "v1.k1.e30.AAAA" };
  type Sent = { ticket: string; entries: Entry[] };

  /** `room`: bytes that the browser still takes. */
  const open = (room = 65_536): { sent: Sent[]; journal: Journal; leaving: Leaving; fire: (type: string, isTrusted?: boolean) => void; act: (...values: string[]) => void } => {
    const sent: Sent[] = [];
    const leaving = new Leaving(beacon, (url, body) => {
      expect(url).toBe(beacon.url);
      if (body.length > room) return false;
      room -= body.length;
      sent.push(JSON.parse(body) as Sent);
      return true;
    });
    const journal = new Journal(0, () => undefined, () => 0);
    leaving.follow(journal);
    const listeners = new Map<string, (event: { isTrusted: boolean }) => void>();
    leaving.watch({ addEventListener: (type: string, listener: (event: { isTrusted: boolean }) => void) => void listeners.set(type, listener) } as unknown as Window);
    const act = (...values: string[]): void => {
      for (const value of values) {
        journal.append({ op: "set", element: "cmi.suspend_data", value });
        leaving.appended("set");
      }
    };
    return { sent, journal, leaving, fire: (type, isTrusted = true) => listeners.get(type)?.({ isTrusted }), act };
  };
  const seqs = (sent: Sent[]): number[][] => sent.map(({ entries }) => entries.map(({ seq }) => seq));

  it("sends nothing while it stays, nor when the SCO is only told of an end", async () => {
    const { sent, fire, act } = open();
    act("a");
    fire("pagehide", false);
    act("b");
    await Promise.resolve();
    expect(sent).toEqual([]);
  });

  it("sends what is not acknowledged, and then once more when the handlers of the SCO are through", async () => {
    const { sent, journal, leaving, fire, act } = open();
    act("a", "b");
    journal.acknowledge(1);
    fire("pagehide");
    act("c", "d");
    await Promise.resolve();
    journal.append({ op: "terminate" });
    leaving.appended("terminate");
    expect(seqs(sent)).toEqual([[2], [2, 3, 4], [2, 3, 4, 5]]);
    expect(sent[0]?.ticket).toBe(beacon.ticket);
  });

  it("sends only what is new where the browser takes no more at once", async () => {
    const { sent, fire, act } = open(65_536);
    act("x".repeat(40_000));
    fire("pagehide");
    act("y".repeat(20_000));
    await Promise.resolve();
    expect(seqs(sent)).toEqual([[1], [2]]);
  });

  it("goes on as before when it comes back", async () => {
    const { sent, fire, act } = open();
    fire("pagehide");
    fire("pageshow");
    act("a");
    await Promise.resolve();
    expect(sent).toEqual([]);
  });

  it("leaves out the newest where not all of it fits", () => {
    const { sent, fire, act } = open();
    act("x".repeat(30_000), "y".repeat(25_000), "z".repeat(20_000));
    fire("pagehide");
    expect(seqs(sent)).toEqual([[1, 2]]);
  });
});

describe("what stands in for storage", () => {
  it("behaves as a browser's own storage does", () => {
    const storage = storageProxy();
    storage.setItem("a", 5 as unknown as string);
    storage.b = "two";
    expect([storage.getItem("a"), storage.a, storage.b, storage.missing, storage.getItem("missing")]).toEqual(["5", "5", "two", undefined, null]);
    expect(["a" in storage, "missing" in storage, Object.keys(storage), storage.length]).toEqual([true, false, ["a", "b"], 2]);
    expect(storage.key(1)).toBe("b");
    delete storage.b;
    storage.removeItem("a");
    expect(storage.length).toBe(0);
    storage.setItem("c", "3");
    storage.clear();
    expect(JSON.stringify(storage)).toBe("{}");
  });
});

describe("the charset of a SCO's document", () => {
  const bytes = (text: string): ArrayBuffer => Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer;
  it.each([
    ["its byte order mark, before all", "text/html; charset=iso-8859-1", "\xEF\xBB\xBF<html>", "utf-8"],
    ["UTF-16", "text/html", "\xFF\xFE<\0", "utf-16le"],
    ["the header", "text/html; charset=\"windows-1251\"", '<meta charset="utf-8">', "windows-1251"],
    ["the document", "text/html", '<html><head><meta charset="iso-8859-2">', "iso-8859-2"],
    ["the document, the old way", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', "Shift_JIS"],
    ["nothing", "text/html", "<html>", "utf-8"],
  ])("comes from %s", (_name, type, text, expected) => {
    expect(charsetOf(type, bytes(text))).toBe(expected);
  });
});
