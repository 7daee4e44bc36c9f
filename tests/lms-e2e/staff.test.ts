// What the staff does through the pages, and what learners then can and cannot do.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { Chrome, picture } from '../e2e/lib/browser.ts';
import { Course } from '../e2e/lib/player.ts';
import { signIn } from '../site/lms-api.mjs';
import { LmsSite, lmsPeople } from '../site/lms.mjs';
import { stopAll } from '../site/process.mjs';
import { accessible } from '../e2e/lib/axe.ts';
import { Game } from './game.ts';
import * as people from './people.ts';
import type { Person } from './people.ts';

describe('a site that its staff keeps by pages', () => {
  const site = new LmsSite('staff', 24);
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

  /** Looks at a page: its rules, at two widths, and a picture for people. */
  async function shown(page: Page, name: string): Promise<void> {
    await accessible(page, name);
    await picture(page, `lms-${name}`);
    await page.setViewportSize({ width: 360, height: 740 });
    await picture(page, `lms-${name}-small`);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.equal(wider, false, `${name} scrolls sideways on a small screen`);
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  test('a teacher makes a course with lessons and a package, enrols a learner, suspends and resumes them', async () => {
    const teacher = await signedIn('teacher');
    await teacher.goto(`${site.url}/teach`);
    await teacher.getByLabel('Title').fill('Bees for beginners');
    await teacher.getByLabel('How it starts').selectOption('scorm');
    await teacher.getByLabel('Address of the manifest').fill(site.manifest('scorm12-single'));
    await teacher.getByRole('button', { name: 'Make the course' }).click();
    await teacher.waitForURL(/\/teach\/courses\/[0-9a-f]{32}$/);
    const course = teacher.url().split('/').at(-1) ?? '';
    await teacher.getByText('Nobody has begun yet').waitFor();

    await teacher.getByRole('link', { name: 'Lessons' }).click();
    await teacher.getByText('This course has no lessons yet').waitFor();
    for (const title of ['Flowers', 'Wax', 'Honey']) {
      await teacher.getByLabel('Heading').last().fill(title);
      await teacher.getByLabel('Text').last().fill(`All about ${title.toLowerCase()}.`);
      await people.press(teacher, 'Add the lesson');
      await teacher.getByRole('heading', { name: title }).waitFor();
    }
    const lessons = (): Promise<string[]> => teacher.locator('li[data-id] h3').allTextContents();
    // By keyboard: focus stays on the button, so that it can be pressed again.
    await teacher.getByRole('button', { name: 'Move Honey up' }).focus();
    await teacher.keyboard.press('Enter');
    await teacher.getByText('Honey: now 2 of 3.').waitFor();
    await teacher.keyboard.press('Enter');
    await teacher.getByText('Honey: now 1 of 3.').waitFor();
    assert.deepEqual(await lessons(), ['Honey', 'Flowers', 'Wax']);
    assert.equal(await teacher.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Move Honey down');
    await teacher.locator('li', { hasText: 'Wax' }).getByText('Edit').click();
    await shown(teacher, 'teach-lessons');
    await teacher.locator('li', { hasText: 'Wax' }).getByLabel('Heading').fill('Beeswax');
    await people.press(teacher, 'Save', teacher.locator('li', { hasText: 'Wax' }));
    await teacher.getByRole('heading', { name: 'Beeswax' }).waitFor();
    await teacher.locator('li', { hasText: 'Flowers' }).getByText('Delete', { exact: false }).first().click();
    await people.press(teacher, 'Delete the lesson');
    assert.deepEqual(await lessons(), ['Honey', 'Beeswax']);

    await teacher.getByRole('link', { name: 'Learners' }).click();
    await teacher.getByText('Nobody is in this course yet').waitFor();
    await teacher.getByLabel('Log-in').fill('nobody');
    await teacher.getByRole('button', { name: 'Enrol' }).click();
    await teacher.getByRole('alert').getByText('Nobody signs in with this').waitFor();
    await teacher.getByLabel('Log-in').fill(lmsPeople.ana.login);
    await people.press(teacher, 'Enrol');
    await teacher.getByRole('rowheader', { name: 'Ana Learner' }).waitFor();
    await shown(teacher, 'teach-learners');

    const ana = await signedIn('ana');
    await ana.goto(`${site.url}/courses/${course}`);
    assert.deepEqual(await ana.locator('.lessons summary').allTextContents(), ['Honey', 'Beeswax']);
    await ana.getByRole('link', { name: 'Start', exact: true }).click();
    const playing = await Course.running(ana, 'Bees and their year');
    await playing.click('Next');
    await playing.click('Save');
    await ana.getByText('All changes saved').waitFor();

    await people.press(teacher, 'Suspend Ana Learner');
    // In the middle of it: what the learner does now is refused, and the player says so.
    await playing.click('Next');
    await playing.click('Save');
    await ana.getByText('can no longer be saved').waitFor();
    const refused = await ana.goto(ana.url());
    assert.equal(refused?.status(), 403);
    await ana.getByText('Your place in this course is suspended').waitFor();
    await accessible(ana, 'the refusal of a suspended learner');
    await ana.goto(`${site.url}/courses`);
    assert.equal(await ana.getByRole('link', { name: 'Bees for beginners' }).count(), 0, 'an unpublished course is gone for them');

    await people.press(teacher, 'Resume Ana Learner');
    await people.open(site, ana, course, 'Continue');
    // What was refused, the browser has kept; it goes in now that the learner may again.
    assert.equal(await (await Course.running(ana, 'Bees and their year')).fact('resumed'), 'winter');
  });

  test('another address ends what learners had begun, and the next launch reads the new package', async () => {
    const teacher = await signedIn('teacher');
    const ben = await signedIn('ben');
    await people.open(site, ben, site.courses.bees, 'Start');
    await (await Course.running(ben, 'Bees and their year')).click('Save');
    await ben.getByText('All changes saved').waitFor();
    await teacher.goto(`${site.url}/teach/courses/${site.courses.bees}`);
    await teacher.getByLabel('Address of the manifest').fill(site.manifest('scorm12-multi'));
    await teacher.getByRole('button', { name: 'Save' }).click();
    await teacher.locator('tr', { hasText: 'Ben Learner' }).getByText('abandoned').waitFor();
    await teacher.getByText('Nobody has looked at the package yet').waitFor();
    await people.open(site, ben, site.courses.bees, 'Start again');
    await Course.running(ben, 'Rain');
  });

  test('an administrator approves a version, a teacher adds it, a learner plays it, and nobody once it is disabled', async () => {
    const admin = await signedIn('admin');
    await admin.goto(`${site.url}/admin/providers`);
    await admin.getByRole('link', { name: 'Meadow Games' }).click();
    await admin.getByRole('button', { name: 'Make a new secret' }).click();
    const secret = admin.getByLabel('Webhook secret');
    await admin.getByText('it is shown this once').waitFor();
    assert.match((await secret.textContent()) ?? '', /^whsec_/);
    await shown(admin, 'admin-provider');
    await admin.reload();
    assert.equal(await secret.textContent(), '');
    await admin.getByText('cannot be shown again').waitFor();

    await admin.goto(`${site.url}/registry`);
    await admin.getByText('The registry is empty').waitFor();
    await admin.getByLabel('Title').last().fill('Pairs for everybody');
    await admin.getByLabel('Short name').fill('pairs');
    await admin.getByRole('button', { name: 'Add the course' }).click();
    await admin.waitForURL(/\/registry\/[0-9a-f]{32}$/);
    const entry = admin.url();
    await admin.getByLabel('Version', { exact: true }).fill('1.0');
    await admin.getByLabel('Address of its runtime').fill('https://elsewhere.example/');
    await admin.getByRole('button', { name: 'Add as a draft' }).click();
    await admin.getByRole('alert').getByText(/must lie at the provider's origin/).waitFor();
    await admin.getByLabel('Address of its runtime').fill(`${site.play?.origin}/index.html`);
    await people.press(admin, 'Add as a draft');
    await admin.getByRole('button', { name: 'Approve version 1.0' }).waitFor();

    const teacher = await signedIn('teacher');
    const assignments = `${site.url}/teach/courses/${site.courses.water}/assignments`;
    await teacher.goto(assignments);
    await teacher.getByText('No version is approved yet').waitFor();
    await people.press(admin, 'Approve version 1.0');
    await shown(admin, 'registry-course');
    await teacher.getByLabel('Title').fill('PAIRS');
    await people.press(teacher, 'Search');
    await people.press(teacher, 'Add Pairs for everybody');
    await teacher.locator('summary', { hasText: 'Remove Pairs for everybody' }).waitFor();
    await shown(teacher, 'teach-assignments');
    await teacher.goto(entry);
    assert.equal(await teacher.getByRole('button', { name: /Approve|Disable/ }).count(), 0, 'teachers read the registry');

    const ana = await signedIn('ana');
    await ana.goto(`${site.url}/courses/${site.courses.water}`);
    await accessible(ana, 'a course with an assignment');
    await ana.getByRole('link', { name: 'Open Pairs for everybody' }).click();
    const game = await Game.open(ana);
    const framed = (await (await ana.request.get(ana.url())).headers())['content-security-policy'] ?? '';
    assert.match(framed, new RegExp(`frame-src [^;]*${site.play?.origin}`));
    await game.playTo(6);
    await ana.getByText('Completed. Well done!').waitFor();
    await teacher.goto(`${site.url}/teach/courses/${site.courses.water}`);
    await teacher.locator('tr', { hasText: 'Ana Learner' }).filter({ hasText: /passed.*assignment/s }).waitFor();

    await people.press(admin, 'Disable version 1.0');
    const refused = await ana.goto(ana.url());
    assert.equal(refused?.status(), 409);
    await ana.goto(`${site.url}/courses/${site.courses.water}`);
    await ana.getByText('cannot be opened now').waitFor();
    await teacher.goto(assignments);
    await teacher.getByText('Version 1.0: learners cannot open it').waitFor();
  });

  test('what is typed while a page still loads goes to the API, never into an address', async () => {
    const page = await chrome.person();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.route('**/assets/web.js', async (route) => {
      await setTimeout(700);
      await route.continue();
    });
    await page.goto(`${site.url}/sign-in`, { waitUntil: 'commit' });
    const { login, password } = lmsPeople.ben;
    await page.getByLabel('Log-in').fill(login);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your courses' }).waitFor();
    assert.deepEqual(asked.filter((url) => url.includes(password)), []);
  });

  test('a long list goes on from page to page', async () => {
    const asTeacher = await signIn(site.url, lmsPeople.teacher);
    for (let n = 10; n < 40; n++) {
      await asTeacher('POST', '/api/courses', { title: `Zoology ${n}`, launch_kind: 'none', published: true });
    }
    const ana = await signedIn('ana');
    const titles: string[] = [];
    const catalogue = ana.locator('ul.cards').last();
    for (;;) {
      titles.push(...(await catalogue.locator('h2').allTextContents()));
      const next = ana.getByRole('navigation', { name: 'Pages: Catalogue' }).getByRole('link', { name: 'Next page' });
      if ((await next.count()) === 0) break;
      await next.click();
      await ana.getByRole('link', { name: 'To the beginning' }).waitFor();
    }
    const zoology = titles.filter((title) => title.startsWith('Zoology'));
    assert.equal(zoology.length, 30);
    assert.equal(new Set(titles).size, titles.length, 'nothing comes twice');
    await shown(ana, 'courses-last-page');
    const wrong = await ana.goto(`${site.url}/courses?after=nonsense`);
    assert.equal(wrong?.status(), 400);
  });

  test('of many providers the one that is meant is found by its name', async () => {
    const asAdmin = await signIn(site.url, lmsPeople.admin);
    for (let n = 100; n < 155; n++) {
      await asAdmin('POST', '/api/providers', { name: `Forest school ${n}`, origin: `https://p${n}.example`, domain: `p${n}.example` });
    }
    await asAdmin('POST', '/api/providers', { name: 'Zebra works', origin: 'https://zebra.example', domain: 'zebra.example' });
    const teacher = await signedIn('teacher');
    await teacher.goto(`${site.url}/teach`);
    const choice = teacher.locator('provider-choice');
    const options = choice.locator('select').locator('option');
    assert.equal(await options.count(), 51, 'fifty and none');
    await choice.getByLabel('Find a provider').fill('ZEBRA');
    await choice.getByText('1 found.').waitFor();
    assert.deepEqual(await options.allTextContents(), ['None', 'Zebra works']);
    await shown(teacher, 'teach-many-providers');
    await teacher.getByLabel('Title').fill('Stripes');
    await teacher.getByLabel('How it starts').selectOption('web_embed');
    await teacher.getByLabel('Address of the manifest').fill('https://zebra.example/stripes');
    await choice.locator('select').selectOption('Zebra works');
    await choice.getByLabel('Find a provider').fill('nobody');
    await choice.getByText('No provider has this in its name.').waitFor();
    assert.deepEqual(await options.allTextContents(), ['None', 'Zebra works'], 'what is chosen stays');
    await teacher.getByRole('button', { name: 'Make the course' }).click();
    await teacher.waitForURL(/\/teach\/courses\/[0-9a-f]{32}$/);
    const made = await asAdmin('GET', `/api/courses/${teacher.url().split('/').at(-1) ?? ''}`);
    const zebra = await asAdmin('GET', '/api/providers?name=zebra');
    assert.equal(made.provider_id, zebra.items[0].id);
  });

  test('an address that leads nowhere is told by a page', async () => {
    const ana = await signedIn('ana');
    const answer = await ana.goto(`${site.url}/nowhere`);
    assert.equal(answer?.status(), 404);
    await ana.getByRole('heading', { name: 'There is no such page' }).waitFor();
  });
});
