// What every suite starts from: one Moodle release, a CDN, a browser, and the people at their own computers.
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { Cdn } from '../../site/cdn.mjs';
import { internet } from '../../site/internet.mjs';
import { findMoodle, MoodleMissing, releases, type Release } from '../../site/moodle.mjs';
import { layOut } from '../../site/packages.mjs';
import { ports } from '../../site/paths.mjs';
import { stopAll, stopOnSignals } from '../../site/process.mjs';
import { people, Site } from '../../site/site.mjs';
import { Chrome } from './browser.ts';
import { configure, logIn } from './moodle.ts';

export type Role = keyof typeof people;

/** The course that tests/site/fixtures.php makes on a fresh site, and its people. */
export const ids = { course: 2, instructor: 3, learner: 4 };

export const release = (process.env.MOODLE_RELEASE ?? '4.5') as Release;

/** Why this release cannot be tested here, or false. Given to `skip` so that every test is counted. */
export const missing: string | false = await findMoodle(release).then(
  () => false as const,
  (error: unknown) => {
    if (error instanceof MoodleMissing) {
      return error.message;
    }
    throw error;
  },
);

export class Stage {
  private constructor(
    readonly site: Site,
    readonly cdn: Cdn,
    readonly zips: string,
    readonly chrome: Chrome,
  ) {}

  /** A fresh site with default settings. */
  static async set(prepare = (site: Site) => site.prepare()): Promise<Stage> {
    stopOnSignals();
    const site = new Site('test', release);
    const [{ root, zips }] = await Promise.all([layOut(`test-${release}`), prepare(site)]);
    const cdn = await new Cdn(root, ports.cdn + releases[release].offset, internet?.cdn).start();
    return new Stage(site, cdn, zips, await Chrome.launch());
  }

  /** Somebody at a computer of their own, logged in. */
  async person(role: Role): Promise<Page> {
    const page = await this.chrome.person();
    await logIn(page, this.site, people[role]);
    return page;
  }

  /**
   * An administrator allows the CDN, on the settings page. That is the one setting a real site needs; where everybody
   * meets on loopback addresses, the plugin only allows it with the development switch on.
   */
  async allowCdn(admin: Page): Promise<void> {
    await this.settings(admin, { allowlist: this.cdn.host, ...(internet ? {} : { devmode: true }) });
  }

  /** Sets some of the plugin's settings, on its page. */
  async settings(admin: Page, values: Record<string, string | boolean>): Promise<void> {
    await configure(admin, this.site, 'local_externalscormbridge', values);
  }

  /** Several at once. */
  async people<T extends Role[]>(...roles: T): Promise<{ [K in keyof T]: Page }> {
    return Promise.all(roles.map((role) => this.person(role))) as Promise<{ [K in keyof T]: Page }>;
  }

  /** Address of a package's manifest on the CDN. */
  manifest(name: string): string {
    return `${this.cdn.origin}/${name}/imsmanifest.xml`;
  }

  async strike(): Promise<void> {
    await this.chrome.close();
    await this.cdn.stop();
    await this.site.stop();
    await stopAll();
  }
}

/** Ends a test with a picture if it fails, so that somebody can see why. */
export async function witnessed<T>(context: Pick<TestContext, 'name'>, page: Page, steps: () => Promise<T>): Promise<T> {
  try {
    return await steps();
  } catch (error) {
    const { picture } = await import('./browser.ts');
    await picture(page, `failed-${release}-${context.name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}`).catch(() => {});
    throw error;
  }
}
