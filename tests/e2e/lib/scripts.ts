// What a learner does with mod_scorm's own test packages, click by click.
import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { sleep } from '../../site/process.mjs';
import { openSco } from './moodle.ts';
import { findFrame } from './player.ts';

/** One session after another, each from the player's opening until the learner is done with it. */
export type Script = ((page: Page) => Promise<void>)[];

/** Rustici's golf course as one SCO: pages in a frame, a quiz on the last one. */
const golf: Script = [
  async (page) => {
    const course = await findFrame(page, '#butNext');
    for (let pages = 0; pages < 4; pages++) {
      await turnPage(page, course);
    }
    // Exit asks whether to save the progress; yes.
    await course.locator('#butExit').click();
  },
  async (page) => {
    const course = await findFrame(page, '#butNext');
    while (await course.locator('#butNext').isEnabled()) {
      await turnPage(page, course);
    }
    await answerQuiz(page);
    await course.locator('#butExit').click();
  },
];

export const scripts: Record<string, Script> = {
  // Each page is a SCO of its own that only initializes and finishes.
  RuntimeMinimumCalls_SCORM12: [
    async (page) => {
      await loaded(page, 'Play of the game');
      await openSco(page, 'Par?');
      await loaded(page, 'Par');
      await openSco(page, 'Playing Golf Quiz');
      await answerQuiz(page);
    },
  ],
  RuntimeBasicCalls_SCORM20043rdEdition: golf,
  singlescobasic: golf,
  // One page that makes no call at all.
  singlesco_scorm12: [
    async (page) => {
      await findFrame(page, 'h1:text-is("Not implemented yet")');
    },
  ],
  // A tool that sets single elements by hand.
  complexscorm: [
    async (page) => {
      const course = await commonOperations(page);
      await pick(course, 'set-lesson-status', 'incomplete');
      await pick(course, 'set-score', '7');
      await pick(course, 'set-exit', 'suspend');
      await course.locator('#commit-common').click();
      await openSco(page, 'The second content (one SCO too)');
      // The second looks just like the first, which may take its time to leave.
      await gone(course);
      const second = await commonOperations(page);
      await pick(second, 'set-lesson-status', 'completed');
      await pick(second, 'set-score', '10');
      await second.locator('#commit-common').click();
    },
  ],
};

/** A page of that heading, with its pictures: only then has it called LMSInitialize. */
async function loaded(page: Page, heading: string): Promise<void> {
  const frame = await findFrame(page, `h1:text-is("${heading}")`);
  // A document that is written has no navigation of its own that could be waited for.
  await frame.waitForFunction(() => document.readyState === 'complete');
}

async function gone(frame: Frame): Promise<void> {
  while (!frame.isDetached()) {
    await sleep(50);
  }
}

/** The debugger's tab of that name, once its tabs work and it has read what there is. */
async function commonOperations(page: Page): Promise<Frame> {
  const tool = await findFrame(page, '.ui-tabs a[href="#common-operations"]');
  await tool.locator('a[href="#common-operations"]').click();
  await tool.locator('#set-lesson-status-button').waitFor();
  return tool;
}

/** Chooses from one of the debugger's menus, which jQuery UI draws in place of select boxes. */
async function pick(tool: Frame, menu: string, choice: string): Promise<void> {
  await tool.locator(`#${menu}-button`).click();
  await tool.locator(`#${menu}-menu`).getByText(choice, { exact: true }).click();
}

/** Rustici's pages: waits until the page in the inner frame has changed. */
async function turnPage(page: Page, course: Frame): Promise<void> {
  const before = await course.locator('#contentFrame').getAttribute('src');
  await course.locator('#butNext').click();
  await course.locator(`#contentFrame:not([src="${before}"])`).waitFor();
  await sleep(200);
  assert.ok(!page.isClosed());
}

/** Rustici's quiz: every right answer is marked as such in the page; the first question is answered wrongly. */
async function answerQuiz(page: Page): Promise<void> {
  const quiz = await findFrame(page, 'input[value="Submit Answers"]');
  const questions = quiz.locator('.question');
  for (let at = 0; at < (await questions.count()); at++) {
    const question = questions.nth(at);
    const wrong = question.locator('.answer input[type="radio"]');
    const right = question.locator('.correctAnswer input');
    if (at === 0 && (await wrong.count()) > 0) {
      await wrong.first().check();
    } else if ((await right.getAttribute('type')) === 'radio') {
      await right.check();
    } else {
      const shown = (await question.locator('.correctAnswer').innerText()).replace(/\D/g, '');
      await right.fill(shown);
    }
  }
  await quiz.locator('input[value="Submit Answers"]').click();
  await quiz.getByText(/Score: \d+/).waitFor();
}
