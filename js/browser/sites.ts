/** What every browser test starts from: a learning site, content sites of other origins, and one browser. */
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { CHROMIUM, FLAGS } from "./chromium.ts";
import { ContentSite, LearningSite, seedOf } from "./lms.ts";

export type Mode = "direct" | "host" | "sandbox";
export type Version = "1.2" | "2004";

export type Sites = {
  lms: LearningSite;
  content: ContentSite;
  /** Fails before the tests have begun. */
  browser: () => Browser;
  /** Has the learning site launch the SCO of a version, for a learner whose stored elements these are. */
  launch: (mode: Mode, version: Version, stored: Iterable<readonly [string, string]>) => string;
};

/** Runs the sites and the browser as long as the tests of the describe block that calls this. */
export function useSites(pages: (url: URL) => string | undefined): Sites {
  const lms = new LearningSite(pages);
  const content: ContentSite = new ContentSite("localhost", "host", () => lms.origin, pages);
  // Another origin of the same site, whose frames keep their storage even where third-party storage is blocked.
  const near: ContentSite = new ContentSite("127.0.0.1", "direct", () => lms.origin, pages);
  let browser: Browser | undefined;

  beforeAll(async () => {
    await Promise.all([lms.listen(), content.listen(), near.listen()]);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([lms.close(), content.close(), near.close()]);
  });

  return {
    lms,
    content,
    browser: () => {
      if (!browser) throw new Error("the browser is not there yet");
      return browser;
    },
    launch: (mode, version, stored) => {
      const document = `/course/${version}.html?page=2`;
      const { origin } = mode === "direct" ? near : content;
      lms.launch({
        seed: seedOf(version, stored),
        sco: mode === "sandbox" ? "" : `${origin}${document}`,
        frame: mode === "sandbox" ? { url: `${lms.origin}${document}`, origin: "null" } : { url: `${origin}/scormbridge/relay.html`, origin },
      });
      return document;
    },
  };
}
