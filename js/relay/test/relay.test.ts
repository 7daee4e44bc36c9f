import { type Entry, type FromRelay, LIMITS } from "@scormbridge/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accept, takeNonce } from "../src/connect.ts";
import { Journal } from "../src/journal.ts";
import { link, type Port } from "../src/link.ts";
import { charsetOf } from "../src/load.ts";
import { storageProxy } from "../src/sandbox.ts";
import { seed } from "./arbitraries.ts";

const NONCE = "0123456789abcdef0123456789abcdef";
const LMS = "https://moodle.example.org";
const welcome = { scormbridge: 1, type: "welcome", nonce: NONCE, seed: seed("1.2"), sco: "", heartbeat: 5_000 };

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
  const open = (): { posted: FromRelay[]; port: Port; hear: (data: unknown) => void } & ReturnType<typeof link> => {
    const posted: FromRelay[] = [];
    const port: Port = { postMessage: (message: unknown) => void posted.push(message as FromRelay), onmessage: null };
    const linked = link(port, seed("1.2", [["cmi.core.total_time", "not a time"]]), () => 0, () => void linked.runtime.terminate(""));
    const hear = (data: unknown): void => void Reflect.apply(port.onmessage ?? expect.fail(), port as MessagePort, [{ data } as MessageEvent]);
    return { posted, port, hear, ...linked };
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
    const { posted, hear, runtime, ready } = open();
    expect(posted).toEqual([{ type: "log", level: "warn", code: "seed_overruled", message: "cmi.core.total_time" }]);
    ready();
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
