// The ways of a package to the browser, and the ways of a learner through a package of several SCOs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Chrome, picture } from '../e2e/lib/browser.ts';
import { answerBees, Course } from '../e2e/lib/player.ts';
import { signIn } from '../site/lms-api.mjs';
import { LmsSite, lmsPeople } from '../site/lms.mjs';
import { stopAll } from '../site/process.mjs';
import { accessible } from '../e2e/lib/axe.ts';
import { open, signedIn } from './people.ts';

/** What a SCO of SCORM 2004 asks for before it ends. */
async function asks(course: Course, request: string): Promise<void> {
  const answer = await course.frame.evaluate((value) => {
    type Api = { SetValue: (element: string, value: string) => string };
    let place: Window & { API_1484_11?: Api } = window;
    while (!place.API_1484_11 && place.parent !== place) place = place.parent as typeof place;
    return place.API_1484_11?.SetValue('adl.nav.request', value);
  }, request);
  assert.equal(answer, 'true', `the run-time refuses ${request}`);
}

const modes = [
  { mode: 'host', contentHost: true, suffix: '' },
  { mode: 'direct', contentHost: false, suffix: '-relay' },
  { mode: 'sandbox', contentHost: false, suffix: '' },
] as const;

for (const [at, { mode, contentHost, suffix }] of modes.entries()) {
  describe(`content delivered by ${mode}`, () => {
    const relays = suffix === '' ? [] : ['scorm12-single', 'scorm2004-multi'];
    const site = new LmsSite(mode, 30 + at * 3, { contentHost, relays });
    const courses = { bees: '', water: '' };
    let chrome: Chrome;

    before(async () => {
      await site.start();
      const asTeacher = await signIn(site.url, lmsPeople.teacher);
      const asAna = await signIn(site.url, lmsPeople.ana);
      for (const [course, name] of [['bees', 'scorm12-single'], ['water', 'scorm2004-multi']] as const) {
        const made = await asTeacher('POST', '/api/courses', {
          title: `${name} by ${mode}`, launch_kind: 'scorm', launch_url: site.manifest(`${name}${suffix}`), published: true,
        });
        courses[course] = made.id;
        const found = await asTeacher('PUT', `/api/courses/${made.id}/scorm-package`, {});
        assert.equal(found.delivery, mode);
        await asAna('POST', `/api/courses/${made.id}/enrollments`, {});
      }
      chrome = await Chrome.launch();
    });
    after(async () => {
      await chrome?.close();
      await site.stop();
      await stopAll();
    });

    test('SCORM 1.2: a learner leaves half-way, resumes and passes', async () => {
      const ana = await signedIn(site, chrome, 'ana');
      await open(site, ana, courses.bees, 'Start');
      let course = await Course.running(ana, 'Bees and their year');
      await course.click('Next');
      await course.click('Save');
      await ana.getByText('All changes saved').waitFor();
      await ana.getByRole('link', { name: 'Back to the course' }).click();
      await ana.getByRole('link', { name: 'Continue', exact: true }).click();
      course = await Course.running(ana, 'Bees and their year');
      assert.equal(await course.fact('resumed'), 'summer');
      await course.click('Next');
      await course.click('Next');
      await answerBees(course);
      await course.click('Check my answers');
      await course.leave('Finish');
      await ana.getByText('All changes saved').waitFor();
      await ana.goto(`${site.url}/courses/${courses.bees}`);
      await ana.getByRole('cell', { name: 'passed' }).waitFor();
    });

    test('SCORM 2004: on and back by the site, on, back and anywhere by what the SCO asks for', async () => {
      const ana = await signedIn(site, chrome, 'ana');
      await open(site, ana, courses.water, 'Start');
      await Course.running(ana, 'Rain');
      const control = (page: Page, name: string) => page.getByRole('navigation', { name: 'Before and after' }).getByRole('link', { name });
      assert.equal(await control(ana, 'Previous').count(), 0, 'nothing is before the first');
      await control(ana, 'Next').click();
      await Course.running(ana, 'River');
      await control(ana, 'Next').click();
      await Course.running(ana, 'Test');
      assert.equal(await control(ana, 'Next').count(), 0, 'nothing is after the last');
      await accessible(ana, 'the player with controls');
      await picture(ana, `lms-navigation-${mode}`);
      await control(ana, 'Previous').click();
      let course = await Course.running(ana, 'River');
      for (const [request, arrives] of [
        ['previous', 'Rain'],
        ['continue', 'River'],
        ['{target=water-test}choice', 'Test'],
        ['{target=lesson-rain}jump', 'Rain'],
      ] as const) {
        await asks(course, request);
        // The page goes as soon as that is stored, and the course with it.
        await course.click('Save and leave');
        course = await Course.running(ana, arrives);
      }
      // By the table of contents.
      await ana.getByRole('navigation', { name: 'Parts of this course' }).getByRole('link', { name: 'Test' }).click();
      course = await Course.running(ana, 'Test');
      await asks(course, 'exitAll');
      await course.click('Save and leave');
      await ana.waitForURL(`${site.url}/courses/${courses.water}`);
    });
  });
}
