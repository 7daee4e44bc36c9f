/**
 * The whole bridge in a real browser, between two origins: built controller, built relay, SCOs of both versions.
 * Skipped, and counted as skipped, where there is no Chromium (set CHROMIUM to its path).
 */
import type { Frame, Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { hasChromium } from "./chromium.ts";
import { DEEP, HOSTILE, PART, sco } from "./scos.ts";
import { type Mode, useSites, type Version } from "./sites.ts";

const PAGES: Record<string, string> = {
  "/course/1.2.html": sco("1.2"),
  "/course/2004.html": sco("2004"),
  "/course/part.js": PART,
  "/course/deep.html": DEEP,
  "/hostile.html": HOSTILE,
};
const pages = (url: URL): string | undefined => PAGES[url.pathname];

/** 60,000 code units with characters of every plane, and the ones that trip transports up. */
const ALL_PLANES = (() => {
  const planes = Array.from({ length: 17 }, (_, plane) => String.fromCodePoint(plane * 0x10000 + (plane === 0 ? 0x41 : 0x1041)));
  const part = `${planes.join("")}\uFEFF\uFFFD\u2028\n\r\t"\\</script><!--&%+`;
  return part.repeat(2_000).slice(0, 60_000).replace(/[\uD800-\uDBFF]$/u, "A");
})();

describe.skipIf(!hasChromium)("the bridge in a browser", () => {
  const { lms, content, browser, launch } = useSites(pages);
  let page: Page;

  afterEach(() => page.close());

  /** Launches a SCO in a delivery mode and answers the SCO's frame once the SCO has loaded. */
  async function play(mode: Mode, version: Version, stored: [string, string][] = [], at = "/stage"): Promise<Frame> {
    const id: [string, string] = [version === "1.2" ? "cmi.core.student_id" : "cmi.learner_id", "ana"];
    const document = launch(mode, version, [id, ...stored]);
    page = await browser().newPage();
    await page.goto(`${lms.origin}${at}`);
    return loaded(document);
  }

  async function loaded(document: string): Promise<Frame> {
    let frame: Frame | undefined;
    await expect.poll(() => (frame = page.frames().find((one) => one.url().endsWith(document)))).toBeDefined();
    if (!frame) throw new Error("no frame");
    const found = frame;
    await expect.poll(() => run(found, "(window.log || []).join()")).toContain("load:");
    return found;
  }

  const run = (frame: Frame, code: string): Promise<unknown> => frame.evaluate(code);
  const state = (): Promise<string | null> => page.locator(".scormbridge-status").getAttribute("data-state");

  describe.each(["direct", "host", "sandbox"] as const)("%s layout", (mode) => {
    it("runs a SCORM 1.2 SCO only once it is seeded, and saves what it does", async () => {
      const frame = await play(mode, "1.2", [["cmi.core.lesson_status", "incomplete"]]);
      expect(await run(frame, "log")).toEqual(["initialize:true", "storage:yes:true", "part", "load:CSS1Compat:?page=2"]);
      expect(await run(frame, "first")).toBe("ana");
      expect(await run(frame, "typeof window.API_1484_11 + typeof window.parent.API_1484_11")).toBe("undefinedundefined");
      expect(await run(frame, 'api.LMSSetValue("cmi.core.score.raw", 80) + api.LMSSetValue("cmi.core.score.raw", "a lot")')).toBe("truefalse");
      expect(await run(frame, 'api.LMSGetLastError() + ":" + api.LMSCommit("") + ":" + api.LMSFinish("")')).toBe("405:true:true");
      await expect.poll(() => lms.entries.map((entry) => entry.op)).toEqual(["initialize", "set", "commit", "terminate"]);
      expect(lms.entries[1]).toMatchObject({ element: "cmi.core.score.raw", value: "80" });
      await expect.poll(state).toBe("saved");
    });

    it("runs a SCORM 2004 SCO only once it is seeded, and saves what it does", async () => {
      const frame = await play(mode, "2004", [["cmi.completion_status", "incomplete"]]);
      expect(await run(frame, "log")).toEqual(["initialize:true", "storage:yes:true", "part", "load:CSS1Compat:?page=2"]);
      expect(await run(frame, "first")).toBe("ana");
      expect(await run(frame, "typeof window.API + typeof window.parent.API")).toBe("undefinedundefined");
      expect(await run(frame, 'api.SetValue("cmi.score.scaled", "0.8") + api.SetValue("cmi.score.scaled", "8")')).toBe("truefalse");
      expect(await run(frame, 'api.GetLastError() + ":" + api.Commit("") + ":" + api.Terminate("")')).toBe("407:true:true");
      await expect.poll(() => lms.entries.map((entry) => entry.op)).toEqual(["initialize", "set", "commit", "terminate"]);
    });

    // Feature: external-scorm-bridge, Property 6: Suspend Data Round Trip
    it.each(["1.2", "2004"] as const)("gives %s suspend data of every plane back as it was, at the first read", async (version) => {
      const set = version === "1.2" ? "LMSSetValue" : "SetValue";
      const first = await play(mode, version);
      const stored = await first.evaluate(`(function (text) { return api.${set}("cmi.suspend_data", text); })(${JSON.stringify(ALL_PLANES)})`);
      expect(stored).toBe("true");
      await expect.poll(() => lms.stored().get("cmi.suspend_data")).toBe(ALL_PLANES);
      await page.close();
      const second = await play(mode, version, [...lms.stored()]);
      expect(await run(second, "suspended")).toBe(ALL_PLANES);
    });
  });

  it("is found by a page deep inside the SCO and by a window that the SCO opened", async () => {
    const frame = await play("host", "1.2");
    await run(frame, 'var inner = document.createElement("iframe"); inner.src = "deep.html"; document.body.append(inner); undefined');
    await expect.poll(() => run(frame, "window.frames[0].answer")).toBe("ana");
    await run(frame, 'var popup = window.open("deep.html"); undefined');
    await expect.poll(() => run(frame, "popup.answer")).toBe("ana");
  });

  it("stops an API search of the other version at the relay, without an error", async () => {
    const frame = await play("host", "1.2");
    expect(await run(frame, 'String(search("API_1484_11"))')).toBe("null");
  });

  it("keeps what the SCO does while the site is down, says so, and saves it later", async () => {
    const frame = await play("host", "1.2");
    lms.down = true;
    await run(frame, 'api.LMSSetValue("cmi.core.lesson_location", "p3") + api.LMSCommit("")');
    await expect.poll(state).toBe("offline");
    expect(await page.locator("[aria-live=polite]").textContent()).toContain("cannot be reached");
    lms.down = false;
    await page.locator(".scormbridge-status button").click();
    await expect.poll(() => lms.stored().get("cmi.core.lesson_location")).toBe("p3");
    await expect.poll(state).toBe("saved");
  });

  it("saves what was set just before the learner leaves", async () => {
    const frame = await play("host", "1.2");
    await run(frame, 'api.LMSSetValue("cmi.core.lesson_location", "last page")');
    await page.goto("about:blank");
    await expect.poll(() => lms.stored().get("cmi.core.lesson_location")).toBe("last page");
  });

  it("refreshes the table of contents and goes on after Terminate, never from inside an event", async () => {
    const frame = await play("host", "1.2", [], "/player");
    await run(frame, 'api.LMSFinish("")');
    await expect.poll(() => page.evaluate("calls")).toEqual([
      { name: "contents:<ul><li>contents</li></ul>", event: "none" },
      { name: "next", event: "none" },
    ]);
  });

  describe.each(["host", "sandbox"] as const)("a SCO that ends when it is unloaded, %s", (mode) => {
    const ended = (): Promise<void> => expect.poll(() => lms.entries.map((entry) => entry.op)).toEqual(["initialize", "set", "terminate"]);

    it("is heard when the player's contents take the learner to another SCO", async () => {
      const frame = await play(mode, "1.2", [], "/player");
      await run(frame, 'endsOn = "unload"');
      await page.evaluate('var gone = document.getElementById("scorm_object"); gone.parentNode.removeChild(gone); undefined');
      await ended();
      await expect.poll(() => page.evaluate('document.querySelectorAll("iframe").length')).toBe(0);
      // Where the learner goes is the learner's choice.
      expect(await page.evaluate("calls")).toEqual([]);
    });

    it("is heard when a link takes the learner out of the player", async () => {
      const frame = await play(mode, "1.2", [], "/player");
      await run(frame, 'endsOn = "unload"');
      await page.getByText("Exit activity").click();
      await ended();
      await expect.poll(() => page.title()).toBe("Elsewhere");
    });
  });

  describe("hostile frames", () => {
    // Feature: external-scorm-bridge, Property 20: PostMessage Origin Validation
    it("learn nothing from the learning site and write nothing to it", async () => {
      await play("host", "1.2");
      await page.evaluate(`var bad = document.createElement("iframe"); bad.src = "${content.origin}/hostile.html"; document.body.append(bad); undefined`);
      const bad = await frameAt("/hostile.html");
      await expect.poll(() => run(bad, "typeof window.attack")).toBe("function");
      await run(bad, "attack(window.parent); attack(window.parent.frames[0])");
      await expect.poll(() => lms.reports).toContain("message_source");
      expect(await run(bad, "got")).toEqual([]);
      expect(lms.entries.map((entry) => entry.op)).toEqual(["initialize"]);
      // One report, however many messages.
      expect(lms.reports.filter((code) => code === "message_source")).toHaveLength(1);
    });

    it("cannot make a relay speak that does not trust them", async () => {
      page = await browser().newPage();
      await page.goto(`${content.origin}/hostile.html`);
      await page.evaluate(`var frame = document.createElement("iframe"); frame.name = "scormbridge-" + "0".repeat(32); frame.src = "/scormbridge/relay.html"; frame.onload = function () { attack(frame.contentWindow); }; document.body.append(frame); undefined`);
      const relay = await frameAt("/scormbridge/relay.html");
      await expect.poll(() => relay.locator("[role=alert]").getAttribute("data-failure"), { timeout: 20_000 }).toBe("no_answer");
      expect(await page.evaluate("got")).toEqual([]);
      expect(relay.childFrames()).toEqual([]);
    });

    it.each([
      ["opened by itself", "no_parent", ""],
      ["in a frame that nobody named", "no_nonce", "frame"],
    ])("a relay %s says why it shows nothing", async (_name, failure, where) => {
      page = await browser().newPage();
      await page.goto(where === "" ? `${content.origin}/scormbridge/relay.html` : `${content.origin}/hostile.html`);
      if (where !== "") {
        await page.evaluate('var frame = document.createElement("iframe"); frame.src = "/scormbridge/relay.html"; document.body.append(frame); undefined');
      }
      const relay = where === "" ? page.mainFrame() : await frameAt("/scormbridge/relay.html");
      await expect.poll(() => relay.locator("[role=alert]").getAttribute("data-failure")).toBe(failure);
    });
  });

  async function frameAt(path: string): Promise<Frame> {
    let frame: Frame | undefined;
    await expect.poll(() => (frame = page.frames().find((one) => new URL(one.url()).pathname === path))).toBeDefined();
    if (!frame) throw new Error("no frame");
    return frame;
  }
});

