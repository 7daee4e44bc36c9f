/**
 * What a learner did survives what browsers do to pages: tabs that close, reloads, networks and sessions that end.
 * In a real browser, between two origins. Skipped, and counted as skipped, where there is no Chromium.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Frame, type Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { CHROMIUM, FLAGS, hasChromium } from "./chromium.ts";
import { OWNER } from "./lms.ts";
import { PART, sco } from "./scos.ts";
import { type Mode, useSites, type Version } from "./sites.ts";

const PAGES: Record<string, string> = { "/course/1.2.html": sco("1.2"), "/course/2004.html": sco("2004"), "/course/part.js": PART };
const pages = (url: URL): string | undefined => PAGES[url.pathname];

describe.skipIf(!hasChromium)("what a learner did", () => {
  const { lms, browser, launch } = useSites(pages);
  let page: Page;

  afterEach(async () => {
    lms.cached = false;
    await page.context().close();
  });

  async function play(mode: Mode, version: Version, at = "/stage"): Promise<Frame> {
    launch(mode, version, []);
    page = await (await browser().newContext()).newPage();
    await page.goto(`${lms.origin}${at}`);
    return loaded();
  }

  async function loaded(): Promise<Frame> {
    let frame: Frame | undefined;
    const find = async (): Promise<unknown> => {
      frame = page.frames().find((one) => one.url().includes("/course/"));
      return frame?.evaluate("(window.log || []).join()").catch(() => "");
    };
    await expect.poll(find).toContain("load:");
    return frame ?? expect.fail("no frame");
  }

  const run = (frame: Frame, code: string): Promise<unknown> => frame.evaluate(code);
  const state = (): Promise<string | null> => page.locator(".scormbridge-status").getAttribute("data-state");
  const place = (version: Version): string => (version === "1.2" ? "cmi.core.lesson_location" : "cmi.location");
  const ops = (): string[] => lms.entries.map(({ op }) => op);

  describe.each([
    ["direct", "1.2"], ["host", "1.2"], ["host", "2004"], ["sandbox", "2004"],
  ] as const)("in a tab that is closed, %s, SCORM %s", (mode, version) => {
    it.each(["beforeunload", "pagehide", "unload"])("is saved where the SCO ends in %s", async (type) => {
      const frame = await play(mode, version);
      await expect.poll(ops).toEqual(["initialize"]);
      await run(frame, `endsOn = "${type}"`);
      await page.close({ runBeforeUnload: true });
      await expect.poll(ops).toEqual(["initialize", "set", "terminate"]);
      expect(lms.stored().get(place(version))).toBe(type);
    });
  });

  it.each(["host", "sandbox"] as const)("is saved when the whole player goes elsewhere or is loaded anew, %s", async (mode) => {
    const frame = await play(mode, "1.2", "/player");
    await run(frame, 'endsOn = "unload"');
    await page.goto(`${lms.origin}/elsewhere`);
    await expect.poll(ops).toEqual(["initialize", "set", "terminate"]);
    await page.goBack();
    const again = await loaded();
    await run(again, 'endsOn = "pagehide"');
    await page.reload();
    await expect.poll(() => lms.stored().get(place("1.2"))).toBe("pagehide");
  });

  it("is not lost to an old copy of the page, which the browser shows on the way back", async () => {
    lms.cached = true;
    const frame = await play("host", "1.2", "/player");
    await run(frame, 'endsOn = "unload"');
    await page.goto(`${lms.origin}/elsewhere`);
    await expect.poll(ops).toEqual(["initialize", "set", "terminate"]);
    await page.goBack();
    lms.cached = false;
    await expect.poll(() => lms.reports).toContain("launch_reused");
    const stage = (): Frame | undefined => page.frames().find((one) => one.url().endsWith("/stage"));
    await expect.poll(() => stage()?.evaluate('performance.getEntriesByType("navigation")[0].type').catch(() => "")).toBe("reload");
    const again = await loaded();
    await run(again, 'api.LMSSetValue("cmi.core.lesson_location", "again") + api.LMSCommit("")');
    await expect.poll(() => lms.stored().get("cmi.core.lesson_location")).toBe("again");
  });

  it("is kept over a reload without network, saved under its own launch, and known to the SCO that follows", async () => {
    const frame = await play("host", "1.2");
    await expect.poll(ops).toEqual(["initialize"]);
    lms.down = true;
    await run(frame, 'api.LMSSetValue("cmi.suspend_data", "\u{1F393} kept") + api.LMSCommit("")');
    await expect.poll(state).toBe("offline");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload({ waitUntil: "commit" });
    lms.down = false;
    await expect.poll(() => lms.stored().get("cmi.suspend_data")).toBe("\u{1F393} kept");
    await expect.poll(async () => run(await loaded(), "suspended")).toBe("\u{1F393} kept");
    expect(lms.entries.filter(({ op }) => op === "set")).toHaveLength(1);
  });

  it("is sent as soon as the site takes work again, where it did not when the next page began", async () => {
    const frame = await play("host", "1.2");
    await expect.poll(ops).toEqual(["initialize"]);
    lms.down = true;
    await run(frame, 'api.LMSSetValue("cmi.suspend_data", "kept twice") + api.LMSCommit("")');
    await expect.poll(state).toBe("offline");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    expect(await run(await loaded(), "suspended")).toBe("");
    lms.down = false;
    await expect.poll(() => lms.stored().get("cmi.suspend_data"), { timeout: 15_000 }).toBe("kept twice");
  });

  it("is sent by a page where nothing counts, which keeps nothing of its own", async () => {
    const frame = await play("host", "1.2");
    await expect.poll(ops).toEqual(["initialize"]);
    lms.down = true;
    await run(frame, 'api.LMSSetValue("cmi.suspend_data", "counted") + api.LMSCommit("")');
    await expect.poll(state).toBe("offline");
    page.on("dialog", (dialog) => void dialog.accept());
    lms.mode = "review";
    await page.reload({ waitUntil: "commit" });
    lms.down = false;
    await expect.poll(async () => run(await loaded(), "suspended")).toBe("counted");
    await expect.poll(() => page.evaluate(DUMP)).toMatch(/^0 entries/);
    lms.down = true;
    await run(await loaded(), 'api.LMSSetValue("cmi.suspend_data", "looked at") + api.LMSCommit("")');
    await expect.poll(state).toBe("offline");
    expect(await page.evaluate(DUMP)).toMatch(/^0 entries/);
  });

  it("is warned about before it is left unsaved, and only then", async () => {
    const frame = await play("host", "1.2");
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await frame.locator("#text").click();
    await expect.poll(state).toBe("saved");
    await page.reload();
    await (await loaded()).locator("#text").click();
    expect(asked).toEqual([]);
    lms.down = true;
    await run(await loaded(), 'api.LMSCommit("")');
    await expect.poll(state).toBe("offline");
    await page.reload();
    expect(asked).toEqual(["beforeunload"]);
    lms.down = false;
  });

  // Feature: external-scorm-bridge, Property 19: Session Expiration Data Preservation
  it("waits for the learner to sign in again, and is never sent in somebody else's name", async () => {
    const frame = await play("host", "1.2");
    await expect.poll(ops).toEqual(["initialize"]);
    lms.signedIn = "";
    await run(frame, 'api.LMSSetValue("cmi.core.lesson_location", "p3") + api.LMSCommit("")');
    await expect.poll(state).toBe("signedout");
    expect(await page.locator(".scormbridge-status button").textContent()).toBe("Sign in");
    lms.signedIn = "f".repeat(32);
    lms.sesskey = "Other9";
    await expect.poll(state, { timeout: 15_000 }).toBe("otherperson");
    expect(ops()).toEqual(["initialize"]);
    const [login] = await Promise.all([page.context().waitForEvent("page"), page.locator(".scormbridge-status button").click()]);
    await login.waitForLoadState();
    expect(new URL(login.url()).pathname).toBe("/login");
    lms.signedIn = OWNER;
    lms.sesskey = "New456";
    await expect.poll(() => lms.stored().get("cmi.core.lesson_location"), { timeout: 15_000 }).toBe("p3");
    await expect.poll(state).toBe("saved");
  });

  it("stays sealed, and unsent, where another learner opens the same activity on the same device", async () => {
    const frame = await play("host", "1.2");
    lms.down = true;
    await run(frame, 'api.LMSSetValue("cmi.suspend_data", "ana\'s own") + api.LMSCommit("")');
    await expect.poll(state).toBe("offline");
    lms.signedIn = "f".repeat(32);
    await page.goto(`${lms.origin}/stage`);
    expect(await run(await loaded(), "suspended")).toBe("");
    lms.down = false;
    await expect.poll(state).toBe("saved");
    expect(lms.stored().get("cmi.suspend_data")).toBeUndefined();
    const kept = await page.evaluate(DUMP);
    expect(kept).toMatch(/^[1-9]\d* entries/);
    expect(kept).not.toContain("ana's own");
    lms.signedIn = OWNER;
    await page.goto(`${lms.origin}/stage`);
    await expect.poll(() => lms.stored().get("cmi.suspend_data")).toBe("ana's own");
  });

  it("survives a browser that is killed while the site is down", async () => {
    const profile = mkdtempSync(join(tmpdir(), "scormbridge-"));
    const open = async (): Promise<BrowserContext> => {
      const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: FLAGS });
      page = await context.newPage();
      await page.goto(`${lms.origin}/stage`);
      return context;
    };
    const frame = await play("host", "1.2");
    expect(await run(frame, "suspended")).toBe("");
    await page.context().close();
    try {
      await open();
      const first = await loaded();
      await expect.poll(state).toBe("saved");
      lms.down = true;
      await run(first, 'api.LMSSetValue("cmi.suspend_data", "before the end")');
      await expect.poll(() => page.evaluate(DUMP)).toMatch(/^[1-9]\d* entries/);
      execFileSync("pkill", ["-KILL", "-f", profile]);
      lms.down = false;
      rmSync(join(profile, "SingletonLock"), { force: true });
      await open();
      await expect.poll(async () => run(await loaded(), "suspended")).toBe("before the end");
    } finally {
      await page.context().close();
      rmSync(profile, { recursive: true, force: true });
    }
  });

  // Feature: external-scorm-bridge, Property 17: PostMessage Connection Recovery
  it("is saved by another port when the first one breaks", async () => {
    const frame = await play("host", "1.2");
    await expect.poll(ops).toEqual(["initialize"]);
    const relay = page.frames().find((one) => one.url().includes("relay.html")) ?? expect.fail("no relay");
    // Nothing that the relay posts arrives any more, until it has another port.
    await relay.evaluate('var post = MessagePort.prototype.postMessage, deaf; MessagePort.prototype.postMessage = function (m) { deaf = deaf || this; if (this !== deaf) post.apply(this, arguments); }; undefined');
    await run(frame, 'api.LMSSetValue("cmi.core.lesson_location", "p4")');
    await expect.poll(() => lms.stored().get("cmi.core.lesson_location")).toBe("p4");
    expect(lms.reports).toContain("relay_reconnect");
  });

  // Feature: external-scorm-bridge, Property 16: URL Unavailability Handling
  it("is saved when the content's host goes away, and the learner can try again", async () => {
    const frame = await play("host", "1.2");
    await run(frame, 'api.LMSSetValue("cmi.core.lesson_location", "p5")');
    await page.route("**/course/gone.html", (route) => route.abort("connectionrefused"));
    await page.route("**/course/1.2.html*", (route) => (route.request().method() === "HEAD" ? route.abort("connectionrefused") : route.continue()));
    await run(frame, 'location.href = "gone.html"').catch(() => undefined);
    await expect.poll(state).toBe("gone");
    expect(lms.stored().get("cmi.core.lesson_location")).toBe("p5");
    await page.locator(".scormbridge-status button").click();
    await expect.poll(async () => run(await loaded(), 'api.LMSGetValue("cmi.core.lesson_location")'), { timeout: 15_000 }).toBe("p5");
  });
});

/** All that this browser keeps for the learning site, as text. */
const DUMP = `new Promise(function (resolve) {
  var open = indexedDB.open("scormbridge");
  open.onsuccess = function () {
    var all = open.result.transaction("entries").objectStore("entries").getAll();
    all.onsuccess = function () {
      resolve(all.result.length + " entries " + all.result.map(function (one) { return JSON.stringify(one) + new TextDecoder("latin1").decode(one.data); }).join());
    };
  };
})`;

