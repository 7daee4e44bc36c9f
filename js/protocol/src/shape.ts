/**
 * The few checks from which every validator of this package is made.
 * A validator never trusts, never coerces and never throws anything but `ShapeError`.
 */

/** Says which part of a message is wrong, for the log. Never holds the value: it may be a learner's. */
export class ShapeError extends Error {
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(`${path}: ${problem}`);
    this.name = "ShapeError";
  }
}

/** What a validator answers: the checked value, or why it was refused. */
export type Checked<T> = { ok: true; value: T } | { ok: false; error: ShapeError };

/** Runs `parse` and turns a `ShapeError` into an answer. */
export function checked<T>(parse: () => T): Checked<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (error instanceof ShapeError) return { ok: false, error };
    throw error;
  }
}

export type Fields = Record<string, unknown>;

/** An object with any keys, for what our own server says. */
export function record(value: unknown, path: string): Fields {
  // PHP writes an empty map as an empty list.
  if (Array.isArray(value) && value.length === 0) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ShapeError(path, "is not an object");
  }
  return value as Fields;
}

/** An object with no other keys than `allowed`. */
export function object(value: unknown, path: string, allowed: readonly string[]): Fields {
  const fields = record(value, path);
  for (const key of Object.keys(fields)) {
    if (!allowed.includes(key)) throw new ShapeError(path, "has an unknown field");
  }
  return fields;
}

export function text(value: unknown, path: string, max: number): string {
  if (typeof value !== "string") throw new ShapeError(path, "is not text");
  if (value.length > max) throw new ShapeError(path, "is too long");
  return value;
}

export function match(value: unknown, path: string, pattern: RegExp, max: number): string {
  const found = text(value, path, max);
  if (!pattern.test(found)) throw new ShapeError(path, "is malformed");
  return found;
}

export function integer(value: unknown, path: string, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new ShapeError(path, "is not a whole number");
  if (value < min || value > max) throw new ShapeError(path, "is out of range");
  return value;
}

export function boolean(value: unknown, path: string): boolean {
  if (typeof value !== "boolean") throw new ShapeError(path, "is not true or false");
  return value;
}

export function oneOf<const T extends string>(value: unknown, path: string, words: readonly T[]): T {
  for (const word of words) if (value === word) return word;
  throw new ShapeError(path, "is none of the known words");
}

export function list<T>(value: unknown, path: string, max: number, item: (value: unknown, path: string) => T): T[] {
  if (!Array.isArray(value)) throw new ShapeError(path, "is not a list");
  if (value.length > max) throw new ShapeError(path, "has too many items");
  return value.map((one: unknown, index) => item(one, `${path}[${index}]`));
}

/** An absolute http(s) URL without user info. */
export function url(value: unknown, path: string, max: number): string {
  const found = text(value, path, max);
  let parsed: URL;
  try {
    parsed = new URL(found);
  } catch {
    throw new ShapeError(path, "is not an absolute URL");
  }
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") throw new ShapeError(path, "is not a web address");
  if (parsed.username !== "" || parsed.password !== "") throw new ShapeError(path, "holds user info");
  return found;
}

/** A serialized origin: scheme, host and port, nothing else. */
export function origin(value: unknown, path: string): string {
  const found = url(value, path, 300);
  if (new URL(found).origin !== found) throw new ShapeError(path, "is not an origin");
  return found;
}
