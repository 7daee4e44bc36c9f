/**
 * The journal entry: one call of the SCO that the run-time answered with "true".
 * The same format as `scormbridge_core::journal`; the golden vectors hold both to it.
 */
import { LIMITS } from "./limits.ts";
import { integer, list, object, oneOf, ShapeError, text } from "./shape.ts";
import { storable, utf8Length, wellFormed } from "./text.ts";

export type SetEntry = { seq: number; op: "set"; element: string; value: string; at: number };
export type PlainEntry = { seq: number; op: "initialize" | "commit" | "terminate"; at: number };
export type Entry = SetEntry | PlainEntry;

const OPS = ["initialize", "set", "commit", "terminate"] as const;

/** Throws `ShapeError` for anything but one well-formed entry. */
export function parseEntry(value: unknown, path: string): Entry {
  const op = oneOf(object(value, path, ["seq", "op", "element", "value", "at"]).op, `${path}.op`, OPS);
  const fields = object(value, path, op === "set" ? ["seq", "op", "element", "value", "at"] : ["seq", "op", "at"]);
  const seq = integer(fields.seq, `${path}.seq`, 1);
  const at = integer(fields.at, `${path}.at`, Number.MIN_SAFE_INTEGER);
  if (op !== "set") return { seq, op, at };
  return {
    seq,
    op,
    element: scalars(fields.element, `${path}.element`, LIMITS.elementBytes),
    value: scalars(fields.value, `${path}.value`, LIMITS.valueBytes),
    at,
  };
}

/** Throws `ShapeError` unless every entry is well formed and follows the one before it. */
export function parseEntries(value: unknown, path: string, max: number): Entry[] {
  const entries = list(value, path, max, parseEntry);
  entries.forEach((entry, index) => {
    const before = entries[index - 1];
    if (before && entry.seq !== before.seq + 1) throw new ShapeError(`${path}[${index}].seq`, "leaves a gap");
  });
  return entries;
}

/** Bytes that an entry costs in a request, where the journal is JSON text inside JSON. */
export function entryBytes(entry: Entry): number {
  return utf8Length(JSON.stringify(JSON.stringify(entry))) - 2;
}

function scalars(value: unknown, path: string, max: number): string {
  const found = text(value, path, max);
  if (utf8Length(found) > max) throw new ShapeError(path, "is too long");
  if (!wellFormed(found)) throw new ShapeError(path, "holds a lone surrogate");
  return storable(found);
}
