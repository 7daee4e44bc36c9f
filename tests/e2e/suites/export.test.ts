// What learners did, taken out of the site: at once, in the background, and from a command line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { accessible } from '../lib/axe.ts';
import { picture } from '../lib/browser.ts';
import { enterPlayer, exitActivity, fillForm, saveForm } from '../lib/moodle.ts';
import { Course } from '../lib/player.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

/** One more than are exported while somebody waits. */
const MANY = 101;

/** What a learner writes that a spreadsheet could take for a formula. */
const FORMULA = '=1+1';

type Row = Record<string, string>;

describe(`exports on Moodle ${release}`, { skip: missing }, () => {
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
    await enterPlayer(learner, stage.site, cmid);
    const course = await Course.running(learner);
    while ((await course.fact('current')) !== 'quiz') {
      await course.click('Next');
    }
    await course.choose('Water', 'Willow', 'Hazel', 'False');
    await course.write('Your answer', FORMULA);
    await course.click('Check my answers');
    await course.leave('Finish');
    await exitActivity(learner);
  });

  after(async () => {
    await stage?.strike();
  });

  /** Presses a button and gives the file that comes. */
  const download = async (press: () => Promise<void>): Promise<{ name: string; text: string }> => {
    const [file] = await Promise.all([instructor.waitForEvent('download'), press()]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };

  const only = async (...parts: string[]): Promise<void> => {
    for (const box of await instructor.getByRole('checkbox').all()) {
      await box.setChecked(parts.includes((await box.getAttribute('name')) ?? ''));
    }
  };

  /** The page at a desk and on a telephone. */
  const pictures = async (name: string): Promise<void> => {
    const end = () => instructor.locator('#region-main').evaluate((main) => main.scrollIntoView({ block: 'end', behavior: 'instant' }));
    await end();
    await picture(instructor, `${name}-${release}`);
    await instructor.setViewportSize({ width: 400, height: 900 });
    const index = instructor.locator('.drawer-left.show');
    if (await index.isVisible()) {
      await index.locator('[data-action="closedrawer"]').click();
      await instructor.waitForFunction(() => (document.querySelector('.drawer-left')?.getBoundingClientRect().right ?? 0) <= 0);
    }
    await end();
    await picture(instructor, `${name}-narrow-${release}`);
    await instructor.setViewportSize({ width: 1280, height: 900 });
  };

  test('from the live report: what a learner did, as CSV and as JSON', async (context) => {
    await witnessed(context, instructor, async () => {
      await instructor.goto(`${stage.site.url}/local/externalscormbridge/report/index.php?id=${cmid}`);
      await instructor.getByRole('link', { name: 'Export' }).click();
      await instructor.getByRole('heading', { name: 'Export' }).waitFor();
      await accessible(instructor, 'the form of an export', '#region-main');
      await pictures('export-form');

      await only();
      await instructor.getByRole('button', { name: 'Export' }).click();
      await instructor.getByText('Choose at least one part.').waitFor();

      await only('parts[interactions]');
      await instructor.getByLabel('Format', { exact: true }).selectOption('csv');
      const csv = await download(() => instructor.getByRole('button', { name: 'Export' }).click());
      assert.match(csv.name, /^Bees-[\d-]+\.csv$/);
      assert.match(csv.text, /q_honey/);
      assert.ok(csv.text.includes(`'${FORMULA}`), 'no spreadsheet takes it for a formula');

      await only('parts[summary]', 'parts[values]', 'parts[interactions]', 'parts[objectives]', 'parts[history]');
      await instructor.getByLabel('Format', { exact: true }).selectOption('json');
      const json = await download(() => instructor.getByRole('button', { name: 'Export' }).click());
      const [summary, values, interactions, , history] = JSON.parse(json.text) as [Row[], Row[], Row[], Row[], Row[]];
      assert.deepEqual(summary.map((row) => row['score']), ['50 / 100']);
      assert.ok(values.some((row) => row['element'] === 'cmi.suspend_data' && !row['value']?.startsWith('esb1:')));
      assert.ok(interactions.some((row) => row['response'] === FORMULA));
      assert.ok(history.some((row) => row['call'] === 'terminate'));
    });
  });

  test('from a learner: their work alone', async (context) => {
    await witnessed(context, instructor, async () => {
      await instructor.goto(`${stage.site.url}/local/externalscormbridge/report/learner.php?id=${cmid}&user=${ids.learner}`);
      await instructor.getByRole('link', { name: 'Export' }).click();
      assert.match((await instructor.getByLabel('Whose').locator('option:checked').textContent()) ?? '', /Learner/i);
      await only('parts[summary]');
      await instructor.getByLabel('Format', { exact: true }).selectOption('json');
      const { text } = await download(() => instructor.getByRole('button', { name: 'Export' }).click());
      assert.deepEqual((JSON.parse(text) as [Row[]])[0].map((row) => row['userid']), [String(ids.learner)]);
      await learner.goto(instructor.url());
      await learner.getByText(/do not currently have permissions/).waitFor();
    });
  });

  test('what is large is made in the background, can be cancelled and repeated, and arrives by itself', async (context) => {
    await witnessed(context, instructor, async () => {
      const users = (await stage.site.script('learners.php', { course: ids.course, count: MANY, password: 'Learner-1' })) as number[];
      await stage.site.script('attempts.php', { cmid, users, values: { 'cmi.core.lesson_status': 'incomplete' } });
      await instructor.goto(`${stage.site.url}/local/externalscormbridge/report/export.php?id=${cmid}`);
      await only('parts[summary]', 'parts[values]');
      await instructor.getByLabel('Format', { exact: true }).selectOption('json');
      await instructor.getByRole('button', { name: 'Export' }).click();
      await instructor.getByText('larger than can be waited for').waitFor();
      const entry = instructor.locator('[data-export]').first();
      await entry.getByText('· Waiting').waitFor();
      await accessible(instructor, 'an export that waits', '#region-main');
      await pictures('export-waiting');
      await entry.getByRole('button', { name: 'Cancel' }).click();
      await entry.getByText('· Cancelled').waitFor();
      await entry.getByRole('button', { name: 'Export again' }).click();
      await entry.getByText('· Waiting').waitFor();

      // While nobody touches the page.
      await stage.site.moodle('admin/cli/adhoc_task.php', '--execute', '--classname=\\local_externalscormbridge\\task\\write_export');
      await entry.getByRole('link', { name: /Download/ }).waitFor();
      await accessible(instructor, 'an export that is ready', '#region-main');
      await pictures('export-ready');
      const file = await download(() => entry.getByRole('link', { name: /Download/ }).click());
      const [summary] = JSON.parse(file.text) as [Row[]];
      assert.equal(new Set(summary.map((row) => row['userid'])).size, MANY + 1);
      const url = await entry.getByRole('link', { name: /Download/ }).getAttribute('href');
      await learner.goto(url ?? '');
      await learner.getByText(/do not currently have permissions/).waitFor();
    });
  });

  test('from a command line: the same, with progress beside it and codes that say what came of it', async () => {
    const program = 'local/externalscormbridge/cli/export.php';
    const out = join(stage.site.data, 'export.json');
    await stage.site.moodle(program, `--activity=${cmid}`, '--parts=summary', `--out=${out}`);
    assert.equal((JSON.parse(readFileSync(out, 'utf8')) as [Row[]])[0].length, MANY + 1);
    const text = await stage.site.moodle(program, `--activity=${cmid}`, `--user=${ids.learner}`, '--format=csv', '--parts=interactions');
    assert.match(text, /q_honey/);
    assert.match(await stage.site.moodle(program, '--help'), /Exit code/);
    for (const [code, ...options] of [
      [2, `--activity=${cmid}`, '--format=nonsense'],
      [2, `--activity=${cmid}`, '--parts=everything'],
      [2, '--activity=0'],
      [1, `--activity=${cmid}`, '--parts=summary', '--out=/nowhere/at/all'],
    ] as [number, ...string[]][]) {
      await assert.rejects(stage.site.moodle(program, ...options), new RegExp(`failed \\(${code}\\)`), options.join(' '));
    }
    assert.deepEqual(
      stage.site.phpErrors().filter((line) => !line.includes('/nowhere/at/all')),
      [],
      'PHP logged nothing',
    );
  });
});
