// The course inside mod_scorm's player, wherever its frame may be: it is found by what it shows, then used by clicks.
import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { sleep } from '../../site/process.mjs';
import { patience } from './browser.ts';

/** Waits for the frame, at any depth and of any origin, in which `selector` is there. */
export async function findFrame(page: Page, selector: string, within = patience): Promise<Frame> {
  const end = Date.now() + within;
  for (;;) {
    for (const frame of page.frames()) {
      // A frame may go away while we look; then it is not the one.
      if ((await frame.locator(selector).count().catch(() => 0)) > 0) {
        return frame;
      }
    }
    if (Date.now() > end) {
      const seen = page.frames().map((frame) => frame.url());
      throw new Error(`no frame shows ${selector}; frames: ${seen.join(', ')}`);
    }
    await sleep(100);
  }
}

/** One of our own courses, running. */
export class Course {
  constructor(
    private readonly page: Page,
    readonly frame: Frame,
  ) {}

  /** Waits for the course to have found its API and begun; the heading tells SCOs of one package apart. */
  static async running(page: Page, heading?: string): Promise<Course> {
    const about = heading ? `:has(h1:text-is("${heading}"))` : '';
    const frame = await findFrame(page, `html[data-state="running"]${about}, html[data-state="no-api"]${about}`);
    const course = new Course(page, frame);
    assert.equal(await course.fact('state'), 'running', 'the course found no SCORM API');
    return course;
  }

  /** What the course says about itself, see tests/packages/common/course.js. */
  async fact(name: string): Promise<string | null> {
    return this.frame.locator('html').getAttribute(`data-${name}`);
  }

  async waitFor(name: string, value: string): Promise<void> {
    await this.frame.locator(`html[data-${name}="${value}"]`).waitFor({ state: 'attached' });
  }

  async click(button: string): Promise<void> {
    await this.frame.getByRole('button', { name: button, exact: true }).click();
  }

  async choose(...labels: string[]): Promise<void> {
    for (const label of labels) {
      await this.frame.getByLabel(label, { exact: true }).check();
    }
  }

  async write(label: string, text: string): Promise<void> {
    await this.frame.getByLabel(label).fill(text);
  }

  async says(text: string | RegExp): Promise<void> {
    await this.frame.locator('[role="status"]').getByText(text).waitFor();
  }

  async failures(): Promise<string[]> {
    return this.frame.evaluate(() => (window as unknown as { course: { failures: string[] } }).course.failures);
  }

  /** Saves and leaves; waits until the course says so. */
  async leave(button: 'Save and leave' | 'Finish'): Promise<void> {
    await this.click(button);
    await this.waitFor('state', 'ended');
    assert.ok(!this.page.isClosed());
  }
}

/** Answers the quiz of "Bees and their year": three of four questions right, 75 %. */
export async function answerBees(course: Course): Promise<void> {
  await course.choose('Water', 'Willow', 'Hazel', 'False');
  await course.write('Your answer', 'Queen');
}
