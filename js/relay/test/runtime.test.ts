import { type Entry, parseFromRelay } from "@scormbridge/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { API_NAMES, apiObject, expose } from "../src/api.ts";
import { Runtime } from "../src/runtime.ts";
import { anyText, invalidSet, launched, seed, snapshot, validSet, versions } from "./arbitraries.ts";

const runs = { numRuns: 200 };

describe("the API object", () => {
  // Feature: external-scorm-bridge, Property 2: SCORM Version Detection
  it("is the one of the package's version, and the only one", () => {
    fc.assert(
      fc.property(versions, fc.constantFrom("normal", "browse", "review"), (version, mode) => {
        const target = { parent: {} } as unknown as Window;
        expose(target, new Runtime({ ...seed(version), mode }, { full: false, append: () => undefined }), false);
        const other = version === "1.2" ? "2004" : "1.2";
        expect(API_NAMES[version] in target).toBe(true);
        expect(API_NAMES[other] in target).toBe(false);
        // A search that goes on from here finds the same window again, and stops.
        expect(target.parent).toBe(target);
      }),
      runs,
    );
  });

  it("is found by searches that begin at the parent, where the SCO has the window to itself", () => {
    type Target = Window & { API?: unknown; whoami: () => string };
    const target = { name: "sco", whoami() { return this.name; } } as Target;
    expose(target, launched(seed("1.2")).runtime, true);
    const parent = target.parent as typeof target;
    expect(parent).not.toBe(target);
    expect(parent.API).toBe(target.API);
    expect([parent.parent === parent, (parent.window as unknown) === parent, "API" in parent]).toEqual([true, true, true]);
    expect(parent.whoami()).toBe("sco");
    parent.name = "set through the parent";
    expect(target.name).toBe("set through the parent");
  });

  it("has the methods of its version, which work without their object", () => {
    const { LMSInitialize, LMSGetValue, ...rest } = apiObject(launched(seed("1.2", [["cmi.core.student_id", "ana"]])).runtime);
    expect(Object.keys(rest).sort()).toEqual(
      ["LMSCommit", "LMSFinish", "LMSGetDiagnostic", "LMSGetErrorString", "LMSGetLastError", "LMSSetValue"],
    );
    expect((LMSInitialize as (argument: string) => string)("")).toBe("true");
    expect((LMSGetValue as (element: string) => string)("cmi.core.student_id")).toBe("ana");
    expect(Object.keys(apiObject(launched(seed("2004")).runtime)).sort()).toEqual(
      ["Commit", "GetDiagnostic", "GetErrorString", "GetLastError", "GetValue", "Initialize", "SetValue", "Terminate", "version"],
    );
  });
});

describe("a call", () => {
  // Feature: external-scorm-bridge, Property 3: API Method Execution
  it("with correct parameters is answered \"true\", leaves no error and is recorded", () => {
    fc.assert(
      fc.property(versions.chain((version) => fc.tuple(fc.constant(version), fc.array(validSet(version)))), ([version, sets]) => {
        const { runtime, recorded } = launched(seed(version));
        const answers = [runtime.initialize(""), ...sets.map(({ element, value }) => runtime.setValue(element, value))];
        answers.push(runtime.commit(""), runtime.terminate(""));
        expect(new Set(answers)).toEqual(new Set(["true"]));
        expect(runtime.lastError()).toBe("0");
        expect(recorded.map((call) => call.op)).toEqual(["initialize", ...sets.map(() => "set"), "commit", "terminate"]);
      }),
      runs,
    );
  });

  // Feature: external-scorm-bridge, Property 3: API Method Execution
  it("with incorrect parameters is answered \"false\", says why, changes nothing and is not recorded", () => {
    fc.assert(
      fc.property(versions.chain((version) => fc.tuple(fc.constant(version), fc.array(validSet(version)), invalidSet(version))), ([version, sets, wrong]) => {
        const { runtime, recorded } = launched(seed(version));
        runtime.initialize("");
        for (const { element, value } of sets) runtime.setValue(element, value);
        const before = { state: snapshot(runtime), recorded: recorded.length };
        expect(runtime.setValue(wrong.element, wrong.value)).toBe("false");
        expect(runtime.lastError()).toMatch(/^[1-9]\d\d$/);
        expect({ state: snapshot(runtime), recorded: recorded.length }).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["1.2", { early: "301", late: "301", twice: "101", argument: "201" }],
    ["2004", { early: "132", late: "133", twice: "103", argument: "201" }],
  ] as const)("of SCORM %s at the wrong time fails with the code of that version", (version, codes) => {
    const { runtime, recorded } = launched(seed(version));
    const element = version === "1.2" ? "cmi.core.lesson_location" : "cmi.location";
    const fails = (answer: string, code: string): void => {
      expect([answer, runtime.lastError()]).toEqual(["false", code]);
    };
    fails(runtime.setValue(element, "p1"), codes.early);
    fails(runtime.initialize("now"), codes.argument);
    expect(runtime.initialize("")).toBe("true");
    fails(runtime.initialize(""), codes.twice);
    expect(runtime.terminate("")).toBe("true");
    fails(runtime.setValue(element, "p1"), codes.late);
    expect(runtime.commit("")).toBe("false");
    expect(runtime.terminate("")).toBe("false");
    expect(recorded.map((call) => call.op)).toEqual(["initialize", "terminate"]);
  });

  it("fails once nothing more can be saved", () => {
    const { runtime, recorded } = launched(seed("2004"));
    runtime.initialize("");
    runtime.stop();
    expect([runtime.setValue("cmi.location", "p1"), runtime.lastError()]).toEqual(["false", "351"]);
    expect([runtime.commit(""), runtime.lastError()]).toEqual(["false", "391"]);
    expect([runtime.terminate(""), runtime.lastError()]).toEqual(["false", "111"]);
    expect(recorded).toEqual([{ op: "initialize" }]);
  });

  it("is not promised what cannot be kept", () => {
    const runtime = new Runtime(seed("1.2"), { full: true, append: () => undefined });
    runtime.initialize("");
    expect([runtime.setValue("cmi.suspend_data", "x"), runtime.lastError()]).toEqual(["false", "101"]);
  });

  it("takes whatever a SCO passes, and never throws", () => {
    const { runtime } = launched(seed("1.2"));
    runtime.initialize(undefined);
    const odd: unknown[] = [undefined, null, 5, true, {}, [], Symbol("s"), () => 1, { toString: () => { throw new Error("no"); } }];
    for (const value of odd) {
      expect(typeof runtime.setValue("cmi.suspend_data", value)).toBe("string");
      expect(typeof runtime.setValue(value, "x")).toBe("string");
      expect(typeof runtime.getValue(value)).toBe("string");
      expect(typeof runtime.errorString(value)).toBe("string");
      expect(typeof runtime.diagnostic(value)).toBe("string");
    }
    expect(runtime.setValue("cmi.core.score.raw", 80)).toBe("true");
    expect(runtime.getValue("cmi.core.score.raw")).toBe("80");
  });
});

describe("a value", () => {
  const suspend = "cmi.suspend_data";

  // Feature: external-scorm-bridge, Property 5: Tracking Data Capture and Persistence
  it("is recorded exactly as the SCO set it", () => {
    fc.assert(
      fc.property(versions, anyText, (version, text) => {
        const { runtime, recorded } = launched(seed(version));
        runtime.initialize("");
        expect(runtime.setValue(suspend, text)).toBe("true");
        expect(recorded.at(-1)).toEqual({ op: "set", element: suspend, value: text });
        expect(runtime.getValue(suspend)).toBe(text);
      }),
      runs,
    );
  });

  // Feature: external-scorm-bridge, Property 6: Suspend Data Round Trip
  it("that was stored is what the first read of the next launch gives", () => {
    fc.assert(
      fc.property(versions, anyText, anyText, (version, text, location) => {
        const where = version === "1.2" ? "cmi.core.lesson_location" : "cmi.location";
        const { runtime } = launched(seed(version, [[suspend, text], [where, location]]));
        expect(runtime.initialize("")).toBe("true");
        expect([runtime.getValue(suspend), runtime.lastError()]).toEqual([text, "0"]);
        expect(runtime.getValue(where)).toBe(location);
      }),
      runs,
    );
  });

  it("with a lone surrogate or U+0000 reads back as it will be stored", () => {
    const { runtime, recorded } = launched(seed("1.2"));
    runtime.initialize("");
    runtime.setValue(suspend, "a\uD800b\0c");
    expect(runtime.getValue(suspend)).toBe("a\uFFFDb\uFFFDc");
    expect(recorded.at(-1)).toMatchObject({ value: "a\uFFFDb\uFFFDc" });
  });

  it("that is seeded is read even where the library would not take it", () => {
    const { runtime } = launched(seed("1.2", [["cmi.core.total_time", "0000:10:00.5"], ["cmi.core.lesson_status", "half done"]]));
    runtime.initialize("");
    expect(runtime.overruled).toEqual(["cmi.core.total_time", "cmi.core.lesson_status"]);
    expect(runtime.getValue("cmi.core.total_time")).toBe("0000:10:00.5");
    expect(runtime.getValue("cmi.core.lesson_status")).toBe("half done");
    runtime.setValue("cmi.core.lesson_status", "completed");
    expect(runtime.getValue("cmi.core.lesson_status")).toBe("completed");
  });
});

describe("what mod_scorm does and the library does not", () => {
  it("has no default for the maximum of a score, an objective's included", () => {
    const { runtime } = launched(seed("1.2"));
    runtime.initialize("");
    runtime.setValue("cmi.objectives.0.id", "one");
    expect(runtime.getValue("cmi.core.score.max")).toBe("");
    expect(runtime.getValue("cmi.objectives.0.score.max")).toBe("");
    runtime.setValue("cmi.objectives.0.score.max", "50");
    expect(runtime.getValue("cmi.objectives.0.score.max")).toBe("50");
  });

  it("appends to the learner's comments, those of earlier sessions included", () => {
    const { runtime } = launched(seed("1.2", [["cmi.comments", "first "]]));
    runtime.initialize("");
    runtime.setValue("cmi.comments", "second ");
    runtime.setValue("cmi.comments", "third");
    expect(runtime.getValue("cmi.comments")).toBe("first second third");
  });

  it("lets the site say how long suspend data may be", () => {
    for (const limit of [4_096, 64_000]) {
      const { runtime } = launched({ ...seed("1.2"), limits: { "cmi.suspend_data": limit } });
      runtime.initialize("");
      expect(runtime.setValue("cmi.suspend_data", "x".repeat(limit + 1))).toBe("false");
      expect(runtime.lastError()).toBe("405");
      expect(runtime.setValue("cmi.suspend_data", "x".repeat(limit))).toBe("true");
    }
  });

  it("counts characters, not their halves", () => {
    const { runtime } = launched({ ...seed("2004"), limits: { "cmi.suspend_data": 64_000 } });
    runtime.initialize("");
    const text = "\u{1F393}".repeat(60_000);
    expect(runtime.setValue("cmi.suspend_data", text)).toBe("true");
    expect(runtime.getValue("cmi.suspend_data")).toBe(text);
  });

  it.each([
    ["fill-in", "learner_response", "{case_matters=true}Queen"],
    ["likert", "learner_response", "https://example.org/scale?agree"],
    ["sequencing", "correct_responses.0.pattern", "{order_matters=false}a[,]b"],
    ["other", "correct_responses.0.pattern", "a,b"],
  ])("finds again, without a word, what the library took only for a stand-in: %s, %s", (type, name, value) => {
    const elements: [string, string][] = [["cmi.interactions.0.id", "q"], ["cmi.interactions.0.type", type]];
    const element = `cmi.interactions.0.${name}`;
    const first = launched({ ...seed("2004"), elements }).runtime;
    first.initialize("");
    expect(first.setValue(element, value)).toBe("true");
    const second = launched({ ...seed("2004"), elements: [...elements, [element, value]] }).runtime;
    expect(second.overruled).toEqual([]);
    second.initialize("");
    expect(second.getValue(element)).toBe(value);
  });

  it("leaves no half-made member behind when a call is refused", () => {
    const { runtime } = launched(seed("1.2"));
    runtime.initialize("");
    expect(runtime.setValue("cmi.objectives.0.status", "brilliant")).toBe("false");
    expect(runtime.getValue("cmi.objectives._count")).toBe("0");
    expect(runtime.setValue("cmi.objectives.1.id", "two")).toBe("false");
  });
});

describe("the way to the other side", () => {
  // Feature: external-scorm-bridge, Property 4: PostMessage Serialization Round Trip
  it("changes no call: what arrives does the same as what was called", async () => {
    const channel = new MessageChannel();
    const arrive = (message: unknown): Promise<unknown> =>
      new Promise((resolve) => {
        channel.port2.onmessage = (event) => resolve(event.data);
        channel.port1.postMessage(message);
      });
    await fc.assert(
      fc.asyncProperty(versions.chain((version) => fc.tuple(fc.constant(version), fc.array(fc.oneof(validSet(version), invalidSet(version))))), async ([version, sets]) => {
        const direct = launched(seed(version));
        direct.runtime.initialize("");
        for (const { element, value } of sets) direct.runtime.setValue(element, value);

        const entries = direct.recorded.map((call, index): Entry => ({ seq: index + 1, ...call, at: 0 }));
        const message = parseFromRelay(await arrive({ type: "entries", entries }));
        const remote = launched(seed(version));
        const answers = (message.type === "entries" ? message.entries : []).map((entry) =>
          entry.op === "set" ? remote.runtime.setValue(entry.element, entry.value) : remote.runtime.initialize(""),
        );

        expect(new Set(answers)).toEqual(new Set(["true"]));
        expect(snapshot(remote.runtime)).toEqual(snapshot(direct.runtime));
        expect(remote.recorded).toEqual(direct.recorded);
      }),
      runs,
    );
    channel.port1.close();
  });
});
