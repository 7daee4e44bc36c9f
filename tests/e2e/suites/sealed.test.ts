// mod_scorm's own reports where everything is sealed that can be: none breaks, each shows ciphertext only where docs/report.md
// says so, and nothing is changed by looking.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { picture } from '../lib/browser.ts';
import { enterPlayer, exitActivity, fillForm, saveForm } from '../lib/moodle.ts';
import { answerBees, Course } from '../lib/player.ts';
import { records } from '../lib/records.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

const classes = ['suspend', 'interaction', 'objective', 'comment', 'location'];

/** How sealed values begin. */
const sealed = 'esb1:';

const courses = [
  {
    name: 'Bees',
    package: 'scorm12-single',
    answer: answerBees,
    objectives: ['obj_honey', 'obj_year'],
    // mod_scorm's reports of interactions know the names of SCORM 1.2 only.
    interactions: true,
  },
  {
    name: 'Soil',
    package: 'scorm2004-single',
    answer: (course: Course) => course.choose('Centuries', 'Pull leaves down', 'Let rain in', 'True'),
    objectives: ['obj_course', 'obj_formation', 'obj_life'],
    interactions: false,
  },
];

describe(`mod_scorm's reports of sealed tracks on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let instructor: Page;
  let learner: Page;

  before(async () => {
    stage = await Stage.set();
    const [admin, ...others] = await stage.people('admin', 'instructor', 'learner');
    [instructor, learner] = others;
    await stage.allowCdn(admin);
    const scope = Object.fromEntries(classes.map((name) => [`sealscope[${name}]`, true]));
    await stage.settings(admin, { contenthost: stage.site.contentHost, ...scope });
  });

  after(async () => {
    await stage?.strike();
  });

  for (const about of courses) {
    test(`${about.name}: every report opens, with ciphertext only in what is sealed`, async (context) => {
      await witnessed(context, instructor, async () => {
        await fillForm(instructor, stage.site, ids.course, { name: about.name, url: stage.manifest(about.package) });
        const cmid = await saveForm(instructor);
        await enterPlayer(learner, stage.site, cmid);
        const course = await Course.running(learner);
        while ((await course.fact('current')) !== 'quiz') {
          await course.click('Next');
        }
        await about.answer(course);
        await course.click('Check my answers');
        await course.waitFor('score', '75');
        await course.leave('Finish');
        await exitActivity(learner);
        const before = await records(stage.site, cmid, ids.learner);
        const sco = before.scoes.find(({ launch }) => launch !== '')?.id;
        assert.ok(before.tracks.filter((track) => track.sealed).length > 10);
        const objectives = before.tracks.filter(({ element }) => /^cmi\.objectives[._]\d+\.id$/.test(element));
        assert.deepEqual(objectives.map(({ value, sealed: closed }) => [value, closed]), about.objectives.map((id) => [id, false]));

        const report = (mode: string) => `report.php?id=${cmid}&mode=${mode}`;
        const of = (page: string, more = '') => `report/${page}.php?id=${cmid}&user=${ids.learner}&attempt=1&mode=basic${more}`;
        const pages: [name: string, address: string, ciphertext: boolean | undefined][] = [
          ['basic', report('basic'), false],
          ['graphs', report('graphs'), false],
          ['interactions', report('interactions'), about.interactions],
          // It names the objectives; the cells below it leaves empty, sealed or not.
          ['objectives', report('objectives'), false],
          ['learner', of('userreport'), false],
          // It reads one value of the attempt, whichever comes last.
          ['learner-interactions', of('userreportinteractions'), undefined],
          ['learner-tracks', of('userreporttracks', `&scoid=${sco}`), true],
        ];
        for (const [name, address, ciphertext] of pages) {
          await instructor.goto(`${stage.site.url}/mod/scorm/${address}`);
          await choose(instructor);
          const text = (await instructor.locator('#region-main').textContent()) ?? '';
          assert.equal(text.includes(sealed), ciphertext ?? text.includes(sealed), `${name}: ${text}`);
          assert.equal(await instructor.locator('.errorbox, .alert-danger, [data-rel="fatalerror"]').count(), 0, name);
          await picture(instructor, `sealed-${about.name}-${name}-${release}`);
        }
        for (const mode of ['basic', 'interactions', 'objectives']) {
          const answer = await instructor.request.get(`${stage.site.url}/mod/scorm/${report(mode)}&download=CSV`);
          const [head = '', ...rows] = (await answer.text()).trim().split('\n');
          const row = rows.find((one) => one.includes('Ana Learner')) ?? '';
          assert.equal(answer.status(), 200);
          assert.ok(!head.includes(sealed), head);
          assert.notEqual(row, '');
          assert.equal(row.includes(sealed), mode === 'interactions' && about.interactions, row);
          assert.equal(mode === 'objectives' && !about.objectives.every((id) => head.includes(id)), false, head);
        }

        // The live report opens what these show closed.
        await instructor.goto(`${stage.site.url}/local/externalscormbridge/report/learner.php?id=${cmid}&user=${ids.learner}`);
        await instructor.locator('tr', { hasText: about.objectives[0] ?? '' }).first().waitFor();
        assert.ok(!((await instructor.locator('#region-main').textContent()) ?? '').includes(sealed));
        assert.deepEqual((await records(stage.site, cmid, ids.learner)).tracks, before.tracks, 'looking changes nothing');
        assert.deepEqual(stage.site.phpErrors(), [], 'PHP logged nothing');
      });
    });
  }

  /** Has a report show every column it can. */
  async function choose(page: Page): Promise<void> {
    const boxes = page.locator('#region-main form.mform input[type="checkbox"]:not([disabled])');
    if ((await boxes.count()) === 0) {
      return;
    }
    await page.waitForLoadState('networkidle');
    for (const box of await boxes.all()) {
      await box.setChecked(true, { force: true });
    }
    await page.locator('#region-main form.mform input[type="submit"]').first().click();
    await page.waitForLoadState();
  }
});
