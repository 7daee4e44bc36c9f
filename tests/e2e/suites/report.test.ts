// What an instructor sees while a learner plays, and what they can do about it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { accessible } from '../lib/axe.ts';
import { picture } from '../lib/browser.ts';
import { enterPlayer, exitActivity, fillForm, saveForm } from '../lib/moodle.ts';
import { answerBees, Course } from '../lib/player.ts';
import { records } from '../lib/records.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

/** What a report may take to show what was stored, in milliseconds (Property 26). */
const SOON = 5_000;

describe(`the live report on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let instructor: Page;
  let learner: Page;
  let cmid: number;

  before(async () => {
    stage = await Stage.set();
    const [admin, ...others] = await stage.people('admin', 'instructor', 'learner');
    [instructor, learner] = others;
    await stage.allowCdn(admin);
    await stage.settings(admin, { delivery: 'sandbox' });
    await fillForm(instructor, stage.site, ids.course, { name: 'Bees', url: stage.manifest('scorm12-single'), completion: true });
    cmid = await saveForm(instructor);
  });

  after(async () => {
    await stage?.strike();
  });

  const row = (text: string | RegExp) => instructor.locator('#scormbridge-live tbody tr').filter({ hasText: text });

  test('Feature: external-scorm-bridge, Property 26: rows follow the learner within five seconds, without a reload', async (context) => {
    await witnessed(context, instructor, async () => {
      await instructor.goto(`${stage.site.url}/mod/scorm/view.php?id=${cmid}`);
      const link = instructor.getByRole('menuitem', { name: 'Live report' });
      if (!(await link.isVisible())) {
        await instructor.locator('.secondary-navigation').getByRole('menuitem', { name: 'More' }).click();
      }
      await link.click();
      await instructor.getByText('Nobody has begun yet').waitFor();
      await accessible(instructor, 'an empty report', '#region-main');
      await picture(instructor, `report-empty-${release}`);
      await instructor.evaluate(() => Object.assign(window, { same: true }));

      await enterPlayer(learner, stage.site, cmid);
      const course = await Course.running(learner);
      await course.click('Next');
      await course.click('Save');
      await course.says('Your place, answers and notes are saved.');
      await row(/Incomplete.*Playing now/s).waitFor({ timeout: SOON });
      await picture(instructor, `report-playing-${release}`);
      await accessible(instructor, 'a report', '#region-main');

      await row('Incomplete').getByRole('checkbox').check();
      while ((await course.fact('current')) !== 'quiz') {
        await course.click('Next');
      }
      await answerBees(course);
      await course.click('Check my answers');
      await course.waitFor('score', '75');
      await course.leave('Finish');
      await row(/Passed.*75 \/ 100.*100%/s).waitFor({ timeout: SOON });
      assert.equal(await row('Passed').getByRole('checkbox').isChecked(), true, 'what was selected stays so');
      assert.equal(await instructor.evaluate(() => 'same' in window), true, 'the page was never loaded anew');
      await exitActivity(learner);
    });
  });

  test('rows are sorted and narrowed, and go on following', async (context) => {
    await witnessed(context, instructor, async () => {
      await instructor.locator('#scormbridge-live th a[data-sortby="score"]').click();
      await instructor.locator('#scormbridge-live th:has(a[data-sortby="score"]) .icon').waitFor();
      await instructor.locator('#scormbridge-status').selectOption('failed');
      await instructor.getByRole('button', { name: 'Filter' }).click();
      await instructor.getByText('No learner matches').waitFor();
      await picture(instructor, `report-nomatch-${release}`);
      await instructor.getByRole('link', { name: 'Clear' }).click();
      await row('Passed').waitFor();
    });
  });

  test('one learner: answers, objectives and history are opened for whoever may see them', async (context) => {
    await witnessed(context, instructor, async () => {
      await row('Passed').getByRole('rowheader').getByRole('link').click();
      await instructor.getByRole('heading', { name: 'Bees and their year' }).waitFor();
      const answer = instructor.locator('tr', { hasText: 'q_honey' });
      assert.match((await answer.textContent()) ?? '', /water.*correct/s);
      await instructor.getByText(/History \(\d+ calls\)/).click();
      await instructor.getByText('cmi.core.lesson_status').first().waitFor();
      await accessible(instructor, 'a learner', '#region-main');
      await picture(instructor, `report-learner-${release}`);
      await learner.goto(instructor.url());
      await learner.getByText(/do not currently have permissions/).waitFor();
    });
  });

  test('a reset asks first, leaves nothing, and the learner begins anew', async (context) => {
    await witnessed(context, instructor, async () => {
      await instructor.getByRole('link', { name: 'Back to the live report' }).click();
      assert.equal(await instructor.getByRole('button', { name: 'Reset selected' }).isDisabled(), true);
      await row('Passed').getByRole('checkbox').check();
      await instructor.getByRole('button', { name: 'Reset selected' }).click();
      await instructor.getByText('This cannot be undone').waitFor();
      await accessible(instructor, 'the question before a reset', '#region-main');
      await picture(instructor, `report-reset-${release}`);
      await instructor.getByRole('button', { name: 'Reset progress' }).click();
      await instructor.getByText('Progress reset. Learners: 1.').waitFor();
      await instructor.getByText('Nobody has begun yet').waitFor();
      const { tracks, grade, completion } = await records(stage.site, cmid, ids.learner);
      assert.deepEqual({ tracks, grade, completion }, { tracks: [], grade: null, completion: 0 });
      await enterPlayer(learner, stage.site, cmid);
      assert.equal(await (await Course.running(learner)).fact('resumed'), '');
      await exitActivity(learner);
      assert.deepEqual(stage.site.phpErrors(), [], 'PHP logged nothing');
    });
  });
});
