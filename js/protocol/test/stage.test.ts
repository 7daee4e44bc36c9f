import { describe, expect, it } from "vitest";
import { checked, parseStageConfig } from "../src/index.ts";

const minimal = {
  protocol: 1,
  frame: { url: "https://cdn.example.com/course/scormbridge/relay.html", origin: "https://cdn.example.com", title: "Fire safety" },
  sco: "https://cdn.example.com/course/index.html",
  seed: { version: "1.2", mode: "normal", elements: [], limits: {}, last_seq: 0 },
  launch: "0123456789abcdef0123456789abcdef",
  commit: { url: "https://moodle.example.org/lib/ajax/service.php", sesskey: "AbC123" },
};

describe("the stage page's configuration", () => {
  it("needs only what cannot be guessed", () => {
    const config = parseStageConfig(minimal);
    expect(config.batching).toEqual({ interval_ms: 2_000, max_entries: 500, max_bytes: 1_000_000 });
    expect(config.navigation).toEqual({ auto: false, prereqs: "", next: "", previous: "", exit: "", targets: [] });
    expect(config.strings.retry).toBe("Try again");
    expect(config.frame.allow).toContain("unload");
  });

  it("takes the LMS's own texts and settings", () => {
    const config = parseStageConfig({ ...minimal, strings: { saved: "Gespeichert" }, navigation: { auto: true } });
    expect(config.strings.saved).toBe("Gespeichert");
    expect(config.strings.saving).toBe("Saving…");
    expect(config.navigation.auto).toBe(true);
  });

  it("knows its server by the proof that the server wants", () => {
    const lms = "https://lms.example.org/api/scorm/launches/0123456789abcdef0123456789abcdef";
    expect(parseStageConfig(minimal).commit).toEqual({ to: "moodle", ...minimal.commit });
    const commit = { url: `${lms}/commit`, report: `${lms}/report`, csrf: "csrf_token" };
    expect(parseStageConfig({ ...minimal, commit }).commit).toEqual({ to: "lms", ...commit });
  });

  it("takes PHP's empty lists for empty maps", () => {
    expect(checked(() => parseStageConfig({ ...minimal, strings: [], batching: [], navigation: [] })).ok).toBe(true);
  });

  it("has no launch URL in sandbox mode, where the SCO is the frame itself", () => {
    expect(parseStageConfig({ ...minimal, frame: { ...minimal.frame, origin: "null" } }).sco).toBe("");
  });

  it.each([
    ["another protocol", { protocol: 2 }],
    ["no frame", { frame: undefined }],
    ["a frame that runs a script of its address", { frame: { ...minimal.frame, url: "javascript:alert(1)" } }],
    ["a frame of any origin", { frame: { ...minimal.frame, origin: "*" } }],
    ["no launch URL outside sandbox mode", { sco: "" }],
    ["a launch that is none", { launch: "1" }],
    ["a sesskey that could change the address", { commit: { ...minimal.commit, sesskey: "a&b" } }],
    ["a form token's cookie that is no name", { commit: { ...minimal.commit, report: minimal.commit.url, csrf: "a=b; c" } }],
    ["no place for reports beside a form token", { commit: { url: minimal.commit.url, csrf: "csrf_token" } }],
    ["a next page that is a script", { navigation: { next: "javascript:alert(1)" } }],
    ["a target that is a script", { navigation: { targets: [{ sco: "a", url: "javascript:alert(1)", choice: true }] } }],
    ["a target without a word about choice", { navigation: { targets: [{ sco: "a", url: "https://lms.example/a" }] } }],
    ["an interval that is no number", { batching: { interval_ms: "2000" } }],
  ])("refuses %s", (_name, change) => {
    expect(checked(() => parseStageConfig({ ...minimal, ...change })).ok).toBe(false);
  });
});
