// The main job without a Moodle: learners play a SCORM 1.2 course, a SCORM 2004 course of several SCOs and an interactive
// course of another provider, leave half-way, come back and finish; the teacher watches it happen.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Chrome, picture } from '../e2e/lib/browser.ts';
import { answerBees, Course } from '../e2e/lib/player.ts';
import { LmsSite, lmsPeople } from '../site/lms.mjs';
import { stopAll } from '../site/process.mjs';
import { accessible } from '../e2e/lib/axe.ts';
import { Game } from './game.ts';
import * as people from './people.ts';
import type { Person } from './people.ts';

/** How soon the teacher's page must show what happened. */
const LIVE_MS = 5_000;

describe('a learning site of its own', () => {
  const site = new LmsSite('e2e', 10);
  let chrome: Chrome;

  before(async () => {
    await site.start();
    chrome = await Chrome.launch();
  });
  after(async () => {
    await chrome?.close();
    await site.stop();
    await stopAll();
  });

  const signedIn = (person: Person): Promise<Page> => people.signedIn(site, chrome, person);
  const open = (page: Page, course: string, how: 'Start' | 'Continue' | 'Start again'): Promise<void> => people.open(site, page, course, how);

  /** The row of a learner in the teacher's list, once it says so; the page is never loaded anew. */
  async function sees(teacher: Page, learner: string, text: RegExp): Promise<void> {
    await teacher.locator('tr', { hasText: learner }).filter({ hasText: text }).first().waitFor({ timeout: LIVE_MS });
  }

  async function watch(course: string): Promise<Page> {
    const teacher = await signedIn('teacher');
    await teacher.goto(`${site.url}/teach/courses/${course}`);
    return teacher;
  }

  test('a wrong password is told apart from nothing else', async () => {
    const page = await chrome.person();
    await page.goto(`${site.url}/courses/${site.courses.bees}`);
    assert.match(page.url(), /\/sign-in\?next=/);
    await accessible(page, 'the sign-in page');
    await picture(page, 'lms-sign-in');
    await page.getByLabel('Log-in').fill('ana');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The login or the password is wrong.').waitFor();
    await page.getByLabel('Password').fill(lmsPeople.ana.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${site.url}/courses/${site.courses.bees}`);
  });

  test('SCORM 1.2: a learner leaves half-way, resumes, passes, and the teacher sees it', async () => {
    const teacher = await watch(site.courses.bees);
    const ana = await signedIn('ana');
    await open(ana, site.courses.bees, 'Start');
    let course = await Course.running(ana, 'Bees and their year');
    await course.click('Next');
    await course.write('Your notes', 'hazel, then willow');
    await course.click('Save');
    await course.says('saved');
    await ana.getByText('All changes saved').waitFor();
    await sees(teacher, 'Ana Learner', /started/);
    // Left by a link: what the SCO says last is held until it is stored.
    await ana.getByRole('link', { name: 'Back to the course' }).click();
    await ana.getByRole('link', { name: 'Continue', exact: true }).click();

    course = await Course.running(ana, 'Bees and their year');
    assert.equal(await course.fact('resumed'), 'summer');
    assert.equal(await course.frame.getByLabel('Your notes').inputValue(), 'hazel, then willow');
    await picture(ana, 'lms-scorm12');
    await accessible(ana, 'the SCORM player');
    await course.click('Next');
    await course.click('Next');
    await answerBees(course);
    await course.click('Check my answers');
    await course.leave('Finish');
    await ana.getByText('All changes saved').waitFor();
    assert.deepEqual(await course.failures(), []);
    await sees(teacher, 'Ana Learner', /passed.*75 of 100/s);
    await picture(teacher, 'lms-teacher');
    await accessible(teacher, "the teacher's page of a course");
  });

  test('SCORM 2004: three SCOs are played in turn, and the attempt ends with the last of them', async () => {
    const teacher = await watch(site.courses.water);
    const ben = await signedIn('ben');
    await open(ben, site.courses.water, 'Start');
    for (const part of ['Rain', 'River']) {
      const course = await Course.running(ben, part);
      await course.click('Mark as complete');
      await course.leave('Finish');
      await ben.getByText('All changes saved').waitFor();
      await ben.getByRole('link', { name: part === 'Rain' ? 'River' : 'Test', exact: true }).click();
    }
    await sees(teacher, 'Ben Learner', /started.*66 %/s);
    const course = await Course.running(ben, 'Test');
    await picture(ben, 'lms-scorm2004');
    await accessible(ben, 'the player with a table of contents');
    await course.click('Next');
    await course.choose('True', 'In the sea');
    await course.click('Check my answers');
    await course.leave('Finish');
    await sees(teacher, 'Ben Learner', /passed/);
  });

  test('an interactive course: three pairs found, left, resumed, completed', async () => {
    const teacher = await watch(site.courses.game);
    const ana = await signedIn('ana');
    await open(ana, site.courses.game, 'Start');
    let game = await Game.open(ana);
    await accessible(game.frame, 'the game');
    await game.playTo(3);
    await sees(teacher, 'Ana Learner', /started.*50 %/s);
    await ana.getByRole('link', { name: 'Back to the course' }).click();
    await ana.getByRole('link', { name: 'Continue', exact: true }).click();

    game = await Game.open(ana);
    assert.equal(await game.fact('found'), '3');
    await picture(ana, 'lms-game');
    await accessible(ana, 'the player of an interactive course');
    await game.playTo(6);
    await ana.getByText('Completed. Well done!').waitFor();
    assert.equal(await game.trouble(), '');
    await sees(teacher, 'Ana Learner', /passed/);
  });

  test('a small screen and the other pages are readable too', async () => {
    const ana = await signedIn('ana');
    await picture(ana, 'lms-courses');
    await accessible(ana, 'the catalogue');
    await ana.goto(`${site.url}/courses/${site.courses.game}`);
    await accessible(ana, 'a course');
    await picture(ana, 'lms-course');
    await ana.setViewportSize({ width: 360, height: 700 });
    await picture(ana, 'lms-course-small');
    await ana.goto(`${site.url}/courses`);
    const wider = await ana.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.equal(wider, false, 'the page scrolls sideways');
    const missing = await ana.goto(`${site.url}/courses/${'0'.repeat(32)}`);
    assert.equal(missing?.status(), 404);
    await accessible(ana, 'a page that is not there');
    const admin = await signedIn('admin');
    for (const path of ['/admin/courses', '/admin/providers', '/admin/users', '/registry', '/teach']) {
      await admin.goto(`${site.url}${path}`);
      await accessible(admin, path);
      await picture(admin, `lms${path.replace('/', '-').replace('/', '-')}`);
    }
    for (const path of ['/admin/courses', '/admin/providers', '/admin/users', '/registry', '/teach']) {
      const refused = await ana.goto(`${site.url}${path}`);
      assert.equal(refused?.status(), 403, path);
    }
  });
});
