import { beforeAll, describe, expect, it, vi } from "vitest";

// The modules define elements when they are loaded; nothing here makes one.
vi.stubGlobal("HTMLElement", Object);

let heard: typeof import("../src/course.ts").heard;
let form: typeof import("../src/form.ts");
let moved: typeof import("../src/order.ts").moved;
let pauseAfter: typeof import("../src/live.ts").pauseAfter;
let providers: typeof import("../src/providers.ts");
let problemOf: typeof import("../src/api.ts").problemOf;
beforeAll(async () => {
  ({ heard } = await import("../src/course.ts"));
  form = await import("../src/form.ts");
  ({ moved } = await import("../src/order.ts"));
  ({ pauseAfter } = await import("../src/live.ts"));
  providers = await import("../src/providers.ts");
  ({ problemOf } = await import("../src/api.ts"));
});

const ORIGIN = "https://games.example.com";

describe("what a course's frame says", () => {
  const frame = {} as Window;
  const say = (data: unknown, from: { source?: unknown; origin?: string } = {}): unknown =>
    heard({ data, source: (from.source ?? frame) as Window, origin: from.origin ?? ORIGIN }, frame, ORIGIN);

  it.each([
    [{ type: "course.ready" }, { type: "course.ready" }],
    [{ type: "course.progress", progress: 40, extra: true }, { type: "course.progress", progress: 40 }],
    [{ type: "course.attempt.completed", score: 3 }, { type: "course.attempt.completed" }],
  ])("is heard: %j", (data, expected) => {
    expect(say(data)).toEqual(expected);
  });

  it.each([
    ["a word it does not know", { type: "course.grade" }],
    ["progress that is no number", { type: "course.progress", progress: "40" }],
    ["progress beyond the end", { type: "course.progress", progress: 101 }],
    ["no number at all", { type: "course.progress", progress: Number.NaN }],
    ["text", "course.ready"],
    ["nothing", null],
  ])("is not heard when it is %s", (_name, data) => {
    expect(say(data)).toBeUndefined();
  });

  it("is heard from its own window and origin only", () => {
    const ready = { type: "course.ready" };
    expect(say(ready, { source: {} })).toBeUndefined();
    expect(say(ready, { origin: "https://games.example.com.evil.example" })).toBeUndefined();
    expect(say(ready, { origin: "null" })).toBeUndefined();
    expect(heard({ data: ready, source: null, origin: ORIGIN }, null, ORIGIN)).toBeUndefined();
  });
});

describe("a form", () => {
  it("stands for JSON: numbers, lists and yes or no where it says so, nothing for what is empty", () => {
    expect(
      form.bodyOf([
        { name: "title", value: " Bees ", as: undefined },
        { name: "position", value: "3", as: "number" },
        { name: "scopes", value: "a, b\nc", as: "list" },
        { name: "published", value: "on", as: "boolean", checked: true },
        { name: "archived", value: "on", as: "boolean", checked: false },
        { name: "hidden", value: "true", as: "boolean" },
        { name: "kind", value: "scorm", as: undefined, checked: true },
        { name: "kind", value: "none", as: undefined, checked: false },
        { name: "note", value: "  ", as: undefined },
        { name: "", value: "x", as: undefined },
      ]),
    ).toEqual({ title: " Bees ", position: 3, scopes: ["a", "b", "c"], published: true, archived: false, hidden: true, kind: "scorm" });
  });

  it.each([
    ["/courses/{id}", { id: "0a" }, "/courses/0a"],
    ["/courses/{id}", { id: "../x?y" }, "/courses/..%2Fx%3Fy"],
    ["/courses/{id}", undefined, "/courses/"],
    ["/courses", { id: "0a" }, "/courses"],
  ])("goes on to %s after %j", (pattern, answer, expected) => {
    expect(form.pageAfter(pattern, answer)).toBe(expected);
  });
});

describe("an item of a list", () => {
  it.each([
    [1, -1, "bacd"],
    [1, 1, "acbd"],
    [0, 1, "bacd"],
    [3, -1, "abdc"],
    [0, -1, undefined],
    [3, 1, undefined],
    [-1, 1, undefined],
    [4, -1, undefined],
  ])("at %i moves by %i, and the others keep their order", (from, step, expected) => {
    expect(moved(["a", "b", "c", "d"], from, step)?.join("")).toBe(expected);
  });
});

describe("a refusal", () => {
  it.each([
    [409, { code: "conflict", detail: "There is one already." }, "conflict", "There is one already."],
    [403, { title: "Forbidden" }, "unknown", "Forbidden"],
    [502, undefined, "unknown", "The site answered with an error (502). Try again later."],
    [500, "down", "unknown", "The site answered with an error (500). Try again later."],
  ])("of status %i and %j tells people what the server said", (status, answer, code, message) => {
    expect(problemOf(status, answer)).toMatchObject({ status, code, message });
  });

  it("names what is wrong where the server does", () => {
    const errors = [{ field: "title", message: "is too long" }, { field: 3 }, null, "x"];
    expect(problemOf(422, { code: "invalid_body", errors }).faults).toEqual([{ field: "title", message: "is too long" }]);
    expect(problemOf(422, { code: "invalid_body", errors: "none" }).faults).toEqual([]);
  });
});

it("a live part asks every two seconds, and less and less often while it is not answered", () => {
  expect([0, 1, 2, 3, 4, 10].map((failures) => pauseAfter(failures))).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

describe("a search for providers", () => {
  it("takes what the API lists and says how many there are", () => {
    const item = { id: "1", name: "Meadow", status: "active", origin: "https://a.example" };
    const found = providers.foundIn({ items: [item, { ...item, id: "2", status: "disabled" }], next: "x" });
    expect(found).toEqual({
      items: [
        { id: "1", name: "Meadow", active: true },
        { id: "2", name: "Meadow", active: false },
      ],
      more: true,
    });
    expect(providers.said(0, false)).toBe("No provider has this in its name.");
    expect(providers.said(2, false)).toBe("2 found.");
    expect(providers.said(50, true)).toContain("Type more");
  });

  it.each([undefined, null, "x", { items: "x" }, []])("takes nothing else: %j", (answer) => {
    expect(providers.foundIn(answer)).toBeUndefined();
  });
});
