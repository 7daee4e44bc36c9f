/** The launch seed: what the relay needs to answer a SCO at once. Computed by `scormbridge_core::cmi::seed`. */
import { LIMITS } from "./limits.ts";
import { integer, list, object, oneOf, record, ShapeError, text } from "./shape.ts";

export type Version = "1.2" | "2004";
export type Mode = "normal" | "browse" | "review";

export type Seed = {
  version: Version;
  mode: Mode;
  /** API names and values, in an order in which they can be set one by one. */
  elements: [element: string, value: string][];
  /** Longest value of an element, in characters. */
  limits: Record<string, number>;
  last_seq: number;
};

/** Throws `ShapeError` for anything but a well-formed seed. */
export function parseSeed(value: unknown, path: string): Seed {
  const fields = object(value, path, ["version", "mode", "elements", "limits", "last_seq"]);
  let size = 0;
  const elements = list(fields.elements, `${path}.elements`, LIMITS.seedElements, (pair, at): [string, string] => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new ShapeError(at, "is not a pair");
    const element = text(pair[0], `${at}[0]`, LIMITS.elementBytes);
    const stored = text(pair[1], `${at}[1]`, LIMITS.seedValue);
    size += element.length + stored.length;
    if (size > LIMITS.seedText) throw new ShapeError(at, "makes the seed too large");
    return [element, stored];
  });
  return {
    version: oneOf(fields.version, `${path}.version`, ["1.2", "2004"]),
    mode: oneOf(fields.mode, `${path}.mode`, ["normal", "browse", "review"]),
    elements,
    limits: parseLimits(fields.limits, `${path}.limits`),
    last_seq: integer(fields.last_seq, `${path}.last_seq`, 0),
  };
}

function parseLimits(value: unknown, path: string): Record<string, number> {
  const pairs = Object.entries(record(value, path));
  if (pairs.length > LIMITS.seedLimits) throw new ShapeError(path, "has too many items");
  return Object.fromEntries(
    pairs.map(([element, max]) => [text(element, path, LIMITS.elementBytes), integer(max, `${path}.${element}`, 0)]),
  );
}
