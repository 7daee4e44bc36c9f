/**
 * What a SCO sees, by the vectors that the data model on the server is held to as well: the same calls, the same
 * answers, the same error codes. A call that only one side accepts is work that a learner loses.
 */
import { readFileSync } from "node:fs";
import { parseSeed, type Seed, type Version } from "@scormbridge/protocol";
import { describe, expect, it } from "vitest";
import { apiObject } from "../src/api.ts";
import { Runtime } from "../src/runtime.ts";

type Text = string | { repeat: string; times: number };
type Call = { fn: string; args: Text[]; returns: Text; error: string };
type SessionCase = { name: string; seed: Omit<Seed, "elements"> & { elements: [Text, Text][] }; calls: Call[] };

const text = (value: Text): string => (typeof value === "string" ? value : value.repeat.repeat(value.times));

function sessions(version: Version): SessionCase[] {
  const file = new URL(`../../../tests/golden/cmi/api-${version === "1.2" ? "12" : "2004"}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { sessions: SessionCase[] }).sessions;
}

/** The name of a method in a version's API object. */
function method(version: Version, fn: string): string {
  if (version === "2004") return fn;
  return fn === "Terminate" ? "LMSFinish" : `LMS${fn}`;
}

describe.each(["1.2", "2004"] as const)("SCORM %s", (version) => {
  it.each(sessions(version).map((session) => [session.name, session] as const))("%s", (_name, session) => {
    const seed = parseSeed({ ...session.seed, elements: session.seed.elements.map((pair) => pair.map(text)) }, "seed");
    const runtime = new Runtime(seed, { full: false, append: () => undefined });
    const api = apiObject(runtime);
    const seen = session.calls.map((call, index) => {
      const returns = (api[method(version, call.fn)] as (...args: string[]) => string)(...call.args.map(text));
      return { index, fn: call.fn, args: call.args, returns, error: runtime.lastError() };
    });
    const expected = session.calls.map(({ fn, args, returns, error }, index) => ({ index, fn, args, returns: text(returns), error }));
    expect(seen).toEqual(expected);
  });
});
