import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Entry, entryBytes, storable, utf8Length } from "../src/index.ts";

/** Any JavaScript string, lone surrogates and U+0000 included. */
const anyString = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
const wellFormedString = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));

describe("text that crosses a border", () => {
  it("is left alone when it is well formed, whatever plane it is from", () => {
    fc.assert(
      fc.property(wellFormedString, (text) => {
        expect(storable(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("survives UTF-8 once it is storable", () => {
    fc.assert(
      fc.property(anyString, (text) => {
        const kept = storable(text);
        expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(kept))).toBe(kept);
        expect(kept).not.toContain("\0");
        expect(kept).toHaveLength(text.length);
      }),
      { numRuns: 500 },
    );
  });

  it("is measured as UTF-8 counts it", () => {
    fc.assert(
      fc.property(anyString, (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
      { numRuns: 500 },
    );
  });

  it("costs in a request what it is counted for", () => {
    fc.assert(
      fc.property(wellFormedString, wellFormedString, (element, value) => {
        const entry: Entry = { seq: 1, op: "set", element, value, at: 0 };
        const around = JSON.stringify({ entries: JSON.stringify([]) });
        const body = JSON.stringify({ entries: JSON.stringify([entry]) });
        expect(utf8Length(body) - utf8Length(around)).toBe(entryBytes(entry));
      }),
    );
  });
});
