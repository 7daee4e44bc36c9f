// What every suite starts from: one Moodle release, a CDN, a browser, and the people at their own computers.
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { Cdn } from '../../site/cdn.mjs';
import { findMoodle, MoodleMissing, releases, type Release } from '../../site/moodle.mjs';
import { layOut } from '../../site/packages.mjs';
import { ports } from '../../site/paths.mjs';
import { stopAll, stopOnSignals } from '../../site/process.mjs';
import { people, Site } from '../../site/site.mjs';
import { Chrome } from './browser.ts';
import { logIn } from './moodle.ts';

export type Role = keyof typeof people;

/** The course that tests/site/fixtures.php makes on a fresh site, and its learner. */
export const ids = { course: 2, learner: 4 };

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
  static async set(): Promise<Stage> {
    stopOnSignals();
    const site = new Site('test', release);
    const { root, zips } = await layOut(`test-${release}`);
    const cdn = await new Cdn(root, ports.cdn + releases[release].offset).start();
    await site.prepare();
    return new Stage(site, cdn, zips, await Chrome.launch());
  }

  /** Somebody at a computer of their own, logged in. */
  async person(role: Role): Promise<Page> {
    const page = await this.chrome.person();
    await logIn(page, this.site, people[role]);
    return page;
  }

  /** Address of a package's manifest on the CDN. */
  manifest(name: string): string {
    return `${this.cdn.origin}/${name}/imsmanifest.xml`;
  }

  async strike(): Promise<void> {
    await this.chrome.close();
    await this.cdn.stop();
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
