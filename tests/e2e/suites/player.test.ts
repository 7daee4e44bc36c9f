// mod_scorm's player has settings and modes of its own; a package on a CDN must play under each as an uploaded one does.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addRelay } from '../../site/relay.mjs';
import { enterPlayer, exitActivity, fillForm, openSco, saveForm } from '../lib/moodle.ts';
import { answerBees, Course } from '../lib/player.ts';
import { records, track } from '../lib/records.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

/** mod_scorm's values of the setting "Display course structure in player". */
const contents = { dropDown: '2', disabled: '3' };

describe(`the player on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let admin: Page;
  let instructor: Page;
  let learner: Page;

  before(async () => {
    stage = await Stage.set();
    [admin, instructor, learner] = await stage.people('admin', 'instructor', 'learner');
    await stage.allowCdn(admin);
    await deliverBy('host');
  });

  after(async () => {
    await stage?.strike();
  });

  async function deliverBy(mode: string): Promise<void> {
    await stage.settings(admin, { delivery: mode, contenthost: mode === 'host' ? stage.site.contentHost : '' });
  }

  async function add(name: string, url: string, choose: Record<string, string> = {}): Promise<number> {
    return witnessed({ name }, instructor, async () => {
      await fillForm(instructor, stage.site, ids.course, { name, url, choose });
      return saveForm(instructor);
    });
  }

  for (const mode of ['direct', 'host', 'sandbox']) {
    test(`by ${mode}: names with spaces and letters of any script, parameters, and a URL longer than Moodle's column`, async (context) => {
      await deliverBy(mode);
      const folder = `${mode} names/${'a long name '.repeat(8).trim()}/${'und noch länger '.repeat(8).trim()}`;
      const place = await oddlyNamed(folder, mode === 'direct');
      const address = `${stage.cdn.origin}/${place.split('/').map(encodeURIComponent).join('/')}/`;
      assert.ok(address.length > 255);
      const cmid = await add(context.name.slice(0, 100), address);
      await witnessed(context, learner, async () => {
        await enterPlayer(learner, stage.site, cmid);
        const course = await Course.running(learner);
        const { search, name } = await course.frame.evaluate(() => ({
          search: decodeURIComponent(location.search),
          name: decodeURIComponent(location.pathname.split('/').slice(-2).join('/')),
        }));
        assert.deepEqual({ search, name }, { search: '?naam=José&plaats=a b', name: 'Übung 1/日本 入口.html' });
        await course.waitFor('facts', 'loaded');
        await course.leave('Save and leave');
        await exitActivity(learner);
      });
      assert.equal(track(await records(stage.site, cmid, ids.learner), 'bees-course', 'cmi.core.lesson_location'), 'spring');
    });
  }

  test('in a window of its own, with its table of contents', async (context) => {
    await deliverBy('host');
    const cmid = await add(context.name, stage.manifest('scorm12-multi'), { popup: '1' });
    await witnessed(context, learner, async () => {
      await learner.goto(`${stage.site.url}/mod/scorm/view.php?id=${cmid}`);
      const opened = learner.waitForEvent('popup');
      await learner.getByRole('button', { name: 'Enter' }).click();
      const player = await opened;
      const rain = await Course.running(player, 'Rain');
      await rain.click('Mark as complete');
      await rain.says('This lesson is complete.');
      await openSco(player, 'River');
      const river = await Course.running(player, 'River');
      await river.click('Next');
      await river.leave('Save and leave');
      await player.close();
    });
    const end = await records(stage.site, cmid, ids.learner);
    assert.equal(track(end, 'lesson-rain', 'cmi.core.lesson_status'), 'completed');
    assert.equal(track(end, 'lesson-river', 'cmi.core.lesson_location'), 'sea');
  });

  test('goes on by itself to the next SCO where the activity says so', async (context) => {
    const cmid = await add(context.name, stage.manifest('scorm12-multi'), { auto: '1' });
    await witnessed(context, learner, async () => {
      await enterPlayer(learner, stage.site, cmid);
      const rain = await Course.running(learner, 'Rain');
      await rain.click('Mark as complete');
      await rain.says('This lesson is complete.');
      await rain.click('Finish');
      await Course.running(learner, 'River');
      await exitActivity(learner);
    });
    assert.equal(track(await records(stage.site, cmid, ids.learner), 'lesson-rain', 'cmi.core.lesson_status'), 'completed');
  });

  test('switches SCOs by the list above the player, saving what the one that is left does last', async (context) => {
    const cmid = await add(context.name, stage.manifest('scorm12-multi'), { hidetoc: contents.dropDown });
    await witnessed(context, learner, async () => {
      await enterPlayer(learner, stage.site, cmid);
      const rain = await Course.running(learner, 'Rain');
      await rain.click('Next');
      await rain.waitFor('current', 'drop');
      const list = learner.locator('#scormnav select');
      // Moodle follows a choice once it is certain, so that arrow keys can be used: after Enter, for one.
      await list.focus();
      await list.selectOption({ label: await label(list.locator('option'), 'River') });
      await list.press('Enter');
      const river = await Course.running(learner, 'River');
      await river.leave('Save and leave');
      await exitActivity(learner);
    });
    const end = await records(stage.site, cmid, ids.learner);
    assert.equal(track(end, 'lesson-rain', 'cmi.core.lesson_location'), 'drop');
    assert.equal(track(end, 'lesson-rain', 'cmi.core.exit'), 'suspend', 'the SCO ended itself when it was left');
  });

  test('plays without any table of contents', async (context) => {
    const cmid = await add(context.name, stage.manifest('scorm2004-single'), { hidetoc: contents.disabled });
    await witnessed(context, learner, async () => {
      await enterPlayer(learner, stage.site, cmid);
      const course = await Course.running(learner);
      await course.click('Next');
      await course.leave('Save and leave');
      await exitActivity(learner);
    });
    assert.equal(track(await records(stage.site, cmid, ids.learner), 'soil-course', 'cmi.location'), 'worms');
  });

  test('holds SCORM 1.2 to its 4,096 characters where the site is strict about the standard, as the player itself does', async (context) => {
    const strict = (value: string) => stage.site.moodle('admin/cli/cfg.php', '--component=scorm', '--name=scormstandard', `--set=${value}`);
    await strict('1');
    const cmid = await add(context.name, stage.manifest('scorm12-single'));
    await witnessed(context, learner, async () => {
      await enterPlayer(learner, stage.site, cmid);
      const course = await Course.running(learner);
      await course.click('Next');
      await course.write('Your notes', 'n'.repeat(4_096));
      await course.click('Save');
      assert.deepEqual(await course.failures(), ['cmi.suspend_data: error 405']);
      await course.write('Your notes', 'n'.repeat(3_900));
      await course.leave('Save and leave');
      assert.equal((await course.failures()).length, 1);
      await exitActivity(learner);
    });
    await strict('0');
    const kept = track(await records(stage.site, cmid, ids.learner), 'bees-course', 'cmi.suspend_data') ?? '';
    assert.equal((JSON.parse(kept) as { notes: string }).notes.length, 3_900);
  });

  test('a preview and a review change nothing, and a new attempt begins afresh', async (context) => {
    const cmid = await add(context.name, stage.manifest('scorm12-single'), { hidebrowse: '0', maxattempt: '0' });
    await witnessed(context, learner, async () => {
      await learner.goto(`${stage.site.url}/mod/scorm/view.php?id=${cmid}`);
      await learner.getByRole('button', { name: 'Preview' }).click();
      await visit('summer', '');
      assert.deepEqual(await places(cmid), {}, 'a preview stores nothing');

      await enterPlayer(learner, stage.site, cmid);
      const course = await Course.running(learner);
      await course.click('Next');
      while ((await course.fact('current')) !== 'quiz') {
        await course.click('Next');
      }
      await answerBees(course);
      await course.click('Check my answers');
      await course.waitFor('score', '75');
      await course.leave('Finish');
      await exitActivity(learner);
      const done = await records(stage.site, cmid, ids.learner);
      assert.equal(track(done, 'bees-course', 'cmi.core.lesson_status'), 'passed');

      // A finished attempt is entered for review, unless the learner asks for another.
      await enterPlayer(learner, stage.site, cmid);
      assert.match(learner.url(), /player\.php/);
      await visit('winter', 'quiz', 'Back');
      assert.deepEqual((await places(cmid))[1], 'quiz', 'a review stores nothing');

      await learner.goto(`${stage.site.url}/mod/scorm/view.php?id=${cmid}`);
      await learner.getByLabel('Start a new attempt').check();
      await learner.getByRole('button', { name: 'Enter' }).click();
      await visit('summer', '');
    });
    assert.deepEqual(await places(cmid), { 1: 'quiz', 2: 'summer' });
  });

  /** Finds the course at `from`, turns one page to `to`, and leaves. */
  async function visit(to: string, from: string, button: 'Next' | 'Back' = 'Next'): Promise<void> {
    const course = await Course.running(learner);
    assert.equal(await course.fact('resumed'), from);
    await course.click(button);
    await course.waitFor('current', to);
    await course.leave('Save and leave');
    await exitActivity(learner);
  }

  /** The learner's place in the course by attempt. */
  async function places(cmid: number): Promise<Record<number, string>> {
    const { tracks } = await records(stage.site, cmid, ids.learner);
    const found = tracks.filter((row) => row.element === 'cmi.core.lesson_location');
    return Object.fromEntries(found.map((row) => [row.attempt, row.value]));
  }

  /** A copy of a course under names that URLs must encode; answers the folder of its manifest. */
  async function oddlyNamed(folder: string, relay: boolean): Promise<string> {
    const root = join(stage.cdn.root, folder);
    cpSync(join(stage.cdn.root, 'scorm12-single'), join(root, 'Übung 1'), { recursive: true });
    renameSync(join(root, 'Übung 1/index.html'), join(root, 'Übung 1/日本 入口.html'));
    const manifest = readFileSync(join(root, 'Übung 1/imsmanifest.xml'), 'utf8')
      .replace('isvisible="true"', 'isvisible="true" parameters="?naam=José&amp;plaats=a b"')
      .replace('href="index.html">', 'href="Übung 1/日本 入口.html">');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'imsmanifest.xml'), manifest);
    return relay ? addRelay(stage.cdn.root, folder, stage.site.url) : folder;
  }
});

/** The whole text of the option that names a SCO; the list indents its levels. */
async function label(options: ReturnType<Page['locator']>, name: string): Promise<string> {
  const texts = await options.allTextContents();
  return texts.find((text) => text.trim().endsWith(name)) ?? assert.fail(`${name} is not in the list: ${texts.join(' | ')}`);
}
