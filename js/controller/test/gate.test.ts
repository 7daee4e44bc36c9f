import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../src/gate.ts";
import { newNonce } from "../src/frame.ts";

const ours = { name: "our frame" };
const others = [null, undefined, { name: "another frame" }, { name: "our frame" }];
const hex = fc.nat(15).map((digit) => digit.toString(16));
const nonces = fc.array(hex, { minLength: 32, maxLength: 32 }).map((digits) => digits.join(""));
const origins = fc.oneof(
  fc.webUrl().map((url) => new URL(url).origin),
  fc.constantFrom("null", "", "*", "https://cdn.example.com", "http://cdn.example.com", "https://cdn.example.com:444", "https://cdn.example.com.evil.example"),
);
/** Mostly right, so that the one case that passes comes up, and every single mistake too. */
const mostly = <T>(right: T, wrong: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.oneof({ weight: 3, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: wrong });

describe("the gate", () => {
  // Feature: external-scorm-bridge, Property 20: PostMessage Origin Validation
  it("opens for our frame, its origin, the right shape and its nonce together, and for nothing else", () => {
    let passed = 0;
    const cases = fc.tuple(fc.constantFrom("https://cdn.example.com", "null"), nonces).chain(([origin, nonce]) =>
      fc.record({
        expected: fc.constant({ source: ours, origin, nonce }),
        source: mostly<unknown>(ours, fc.constantFrom(...others)),
        origin: mostly(origin, origins),
        nonce: mostly(nonce, fc.oneof(nonces, fc.constant(nonce.toUpperCase() + "x"))),
        scormbridge: mostly<unknown>(1, fc.constantFrom(2, "1", null)),
        type: mostly("hello", fc.constantFrom("welcome", "entries", "")),
        mode: mostly(origin === "null" ? "sandbox" : "host", fc.constantFrom("sandbox", "host", "popup")),
      }),
    );
    fc.assert(
      fc.property(cases, ({ expected, source, origin, nonce, scormbridge, type, mode }) => {
        const verdict = judge({ source: source as MessageEventSource, origin, data: { scormbridge, type, nonce, relay: "0.1.0", mode } }, expected);
        const right =
          source === ours && origin === expected.origin && nonce === expected.nonce && scormbridge === 1 &&
          type === "hello" && mode !== "popup" && (mode === "sandbox") === (expected.origin === "null");
        expect(verdict.pass).toBe(right);
        if (right) passed += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(passed).toBeGreaterThan(0);
  });

  // Feature: external-scorm-bridge, Property 20: PostMessage Origin Validation
  it("stays shut for any data at all that is no hello", () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        const event = { source: ours as unknown as MessageEventSource, origin: "https://cdn.example.com", data };
        expect(judge(event, { source: ours, origin: "https://cdn.example.com", nonce: "0".repeat(32) })).toMatchObject({ pass: false });
      }),
      { numRuns: 500 },
    );
  });

  it("says nothing about messages that are not the bridge's business", () => {
    const event = { source: null, origin: "https://extension.example", data: { hello: "there" } };
    expect(judge(event, { source: ours, origin: "null", nonce: "0".repeat(32) })).toEqual({ pass: false, dropped: "none" });
  });

  it("gives every frame a nonce of its own", () => {
    const seen = new Set(Array.from({ length: 100 }, () => newNonce(crypto)));
    expect(seen.size).toBe(100);
    for (const nonce of seen) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  });
});
