// The main job: an instructor adds a SCORM activity whose package lives on a CDN, a learner plays it in mod_scorm's own
// player, leaves, comes back and resumes; everything arrives where an uploaded package would have put it.
//
// Run by `tests/site/internet`, all of it happens under the plugin's default settings plus one entry on its list of
// hosts; only a content host, where one is tested, is a further setting.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addRelay } from '../../site/relay.mjs';
import { internet } from '../../site/internet.mjs';
import { people } from '../../site/site.mjs';
import { picture } from '../lib/browser.ts';
import { enterPlayer, exitActivity, fillForm, logIn, logOut, openSco, saveForm } from '../lib/moodle.ts';
import { answerBees, Course, findFrame } from '../lib/player.ts';
import { records, seconds, track, type Records } from '../lib/records.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

/** How our two single-SCO courses are played, and what must be stored after it. */
const courses = {
  'scorm12-single': {
    sco: 'bees-course',
    version: 'SCORM_1.2',
    second: 'summer',
    answer: answerBees,
    /** Three of four questions right: 75 %, above the mastery score. */
    tracks: {
      'cmi.core.score.raw': '75',
      'cmi.core.score.min': '0',
      'cmi.core.score.max': '100',
      'cmi.core.lesson_status': 'passed',
      'cmi.core.lesson_location': 'quiz',
      'cmi.interactions_0.id': 'q_honey',
      'cmi.interactions_0.student_response': 'water',
      'cmi.interactions_0.result': 'correct',
      'cmi.interactions_2.result': 'wrong',
      'cmi.objectives_0.id': 'obj_honey',
      'cmi.objectives_1.status': 'passed',
    } as Record<string, string>,
    total: 'cmi.core.total_time',
    suspend: 'cmi.suspend_data',
    resumedEntry: 'resume',
  },
  'scorm2004-single': {
    sco: 'soil-course',
    version: 'SCORM_1.3',
    second: 'worms',
    async answer(course: Course) {
      await course.choose('Centuries', 'Pull leaves down', 'Let rain in', 'False');
      await course.write('Your answer', 'earthworm');
    },
    tracks: {
      'cmi.score.raw': '75',
      'cmi.score.scaled': '0.75',
      'cmi.success_status': 'passed',
      'cmi.completion_status': 'completed',
      'cmi.location': 'quiz',
      'cmi.interactions.0.id': 'urn:soil:age',
      'cmi.interactions.0.learner_response': 'centuries',
      'cmi.interactions.0.result': 'correct',
      'cmi.interactions.2.result': 'incorrect',
    } as Record<string, string>,
    total: 'cmi.total_time',
    suspend: 'cmi.suspend_data',
    resumedEntry: 'resume',
  },
};

const modes = ['direct', 'host', 'sandbox'] as const;

/** What a learner writes into a course: 60,000 characters of every Unicode plane. */
const notes = everyPlane(60_000);

describe(`Moodle ${release}, ${internet ? 'default settings' : 'with the development switch'}`, { skip: missing }, () => {
  let stage: Stage;
  let admin: Page;
  let instructor: Page;
  let learner: Page;
  let fresh: Record<string, string>;

  before(async () => {
    stage = await Stage.set();
    fresh = await settings();
    for (const name of Object.keys(courses)) {
      await addRelay(stage.cdn.root, name, stage.site.url);
    }
    [admin, instructor, learner] = await stage.people('admin', 'instructor', 'learner');
  });

  after(async () => {
    await stage?.strike();
  });

  /**
   * Leads to one way of delivery: the site takes the first that can be used of direct, which a relay beside the package
   * allows, the content host, if it has one, and the sandbox.
   */
  async function leadTo(mode: (typeof modes)[number]): Promise<void> {
    await stage.settings(admin, { contenthost: mode === 'host' ? stage.site.contentHost : '' });
  }

  async function settings(): Promise<Record<string, string>> {
    const text = await stage.site.moodle('admin/cli/cfg.php', '--component=local_externalscormbridge', '--json');
    return JSON.parse(text) as Record<string, string>;
  }

  async function add(name: string, mode: string, address = stage.manifest(name)): Promise<number> {
    await fillForm(instructor, stage.site, ids.course, { name: `${name}, ${mode}`, url: address, completion: true });
    await instructor.locator('#id_packageurl').evaluate((field) => field.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await picture(instructor, `form-${name}-${mode}-${release}`);
    return saveForm(instructor);
  }

  test('an administrator allows the CDN on the settings page', async (context) => {
    await witnessed(context, admin, async () => {
      await stage.allowCdn(admin);
      await picture(admin, `settings-${release}`);
    });
  });

  for (const [name, course] of Object.entries(courses)) {
    for (const mode of modes) {
      test(`${name} by ${mode}: played, left, resumed and finished`, async (context) => {
        await leadTo(mode);
        const cmid = await witnessed(context, instructor, () =>
          add(name, mode, stage.manifest(mode === 'direct' ? `${name}-relay` : name)),
        );
        await witnessed(context, learner, async () => {
          await firstSession(cmid, course.second, `${name}-${mode}`, mode);
          const between = await records(stage.site, cmid, ids.learner);
          same((JSON.parse(suspended(between, course.sco)) as { notes: string }).notes, 'notes as stored');
          await secondSession(cmid, course, `${name}-${mode}`);
        });
        const end = await records(stage.site, cmid, ids.learner);
        assert.equal(end.scorm.version, course.version);
        const found = Object.fromEntries(Object.keys(course.tracks).map((element) => [element, track(end, course.sco, element)]));
        assert.deepEqual(found, course.tracks);
        assert.ok((seconds(track(end, course.sco, course.total) ?? '') ?? 0) >= 2, 'both sessions count into the total');
        assert.equal(end.grade, 75, 'the gradebook');
        assert.equal(end.completion, 1, 'completion');
        assert.ok(end.tracks.some((row) => row.element === course.suspend && row.sealed), 'suspend data is sealed at rest');
        assert.deepEqual(stage.site.phpErrors(), [], 'PHP logged nothing');
      });
    }
  }

  async function firstSession(cmid: number, second: string, name: string, mode: (typeof modes)[number]): Promise<void> {
    await enterPlayer(learner, stage.site, cmid);
    const course = await Course.running(learner);
    const origins = { direct: stage.cdn.origin, host: stage.site.contentHost, sandbox: 'null' };
    assert.equal(await course.frame.evaluate(() => self.origin), origins[mode], 'the origin the course runs in');
    assert.equal(await course.fact('resumed'), '', 'a first session has no bookmark');
    await course.waitFor('facts', 'loaded');
    await picture(learner, `player-${name}-${release}`);
    await course.click('Next');
    await course.waitFor('current', second);
    await course.write('Your notes', notes);
    await course.click('Save');
    await course.says('Your place, answers and notes are saved.');
    await course.leave('Save and leave');
    assert.deepEqual(await course.failures(), []);
    await exitActivity(learner);
    await logOut(learner);
  }

  async function secondSession(cmid: number, about: (typeof courses)[keyof typeof courses], name: string): Promise<void> {
    await logIn(learner, stage.site, people.learner);
    await enterPlayer(learner, stage.site, cmid);
    const course = await Course.running(learner);
    // What GetValue answered first, right after Initialize.
    assert.equal(await course.fact('resumed'), about.second);
    assert.equal(await course.fact('entry'), about.resumedEntry);
    await course.says('Welcome back: you continue where you left.');
    same(await course.frame.getByLabel('Your notes').inputValue(), 'notes after resuming');
    while ((await course.fact('current')) !== 'quiz') {
      await course.click('Next');
    }
    await about.answer(course);
    await course.click('Check my answers');
    await course.waitFor('score', '75');
    await picture(learner, `quiz-${name}-${release}`);
    await course.leave('Finish');
    assert.deepEqual(await course.failures(), []);
    await exitActivity(learner);
  }

  const several = {
    'scorm12-multi': { mode: 'host', status: 'cmi.core.lesson_status', location: 'cmi.core.lesson_location' },
    'scorm2004-multi': { mode: 'sandbox', status: 'cmi.completion_status', location: 'cmi.location' },
  } as const;
  for (const [name, { mode, status, location }] of Object.entries(several)) {
    test(`${name}: a package of several SCOs keeps each one apart`, async (context) => {
      await leadTo(mode);
      const cmid = await witnessed(context, instructor, () => add(name, mode));
      await witnessed(context, learner, async () => {
        await enterPlayer(learner, stage.site, cmid);
        const rain = await Course.running(learner, 'Rain');
        await rain.click('Mark as complete');
        await rain.says('This lesson is complete.');
        await openSco(learner, 'River');
        const river = await Course.running(learner, 'River');
        await river.click('Next');
        await river.write('Your notes', 'down to the sea');
        await river.leave('Save and leave');
        await exitActivity(learner);
      });
      const end = await records(stage.site, cmid, ids.learner);
      assert.equal(track(end, 'lesson-rain', status), 'completed');
      assert.equal(track(end, 'lesson-river', status), 'incomplete');
      assert.equal(track(end, 'lesson-river', location), 'sea');
      assert.match(suspended(end, 'lesson-river'), /down to the sea/);
      assert.doesNotMatch(suspended(end, 'lesson-rain'), /down to the sea/);
    });
  }

  test('a SCO made of frames plays through the content host', async (context) => {
    await leadTo('host');
    const cmid = await witnessed(context, instructor, () => add('scorm12-frames', 'host'));
    await witnessed(context, learner, async () => {
      await enterPlayer(learner, stage.site, cmid);
      const course = await Course.running(learner);
      await findFrame(learner, 'h2:text-is("Contents")');
      await course.click('Next');
      await course.leave('Save and leave');
      await exitActivity(learner);
    });
    const end = await records(stage.site, cmid, ids.learner);
    assert.equal(track(end, 'birds-course', 'cmi.core.lesson_location'), 'corncrake');
  });

  test('all that was set for it is the list of hosts', {
    skip: internet ? false : 'not on an internet of its own (tests/site/internet), so the development switch is on',
  }, async () => {
    await leadTo('sandbox');
    // Besides, the plugin keeps keys there that it made for itself.
    const now = await settings();
    const changed = Object.keys(fresh).filter((name) => now[name] !== fresh[name]);
    assert.deepEqual(changed, ['allowlist']);
  });

  test('somebody who is not enrolled gets no player', async (context) => {
    const outsider = await stage.person('outsider');
    await witnessed(context, outsider, async () => {
      const cmid = await add('scorm12-single', 'closed');
      await outsider.goto(`${stage.site.url}/mod/scorm/view.php?id=${cmid}`);
      assert.equal(await outsider.getByRole('button', { name: 'Enter' }).count(), 0);
      assert.doesNotMatch(outsider.url(), /mod\/scorm/);
    });
  });
});

function suspended(of: Records, sco: string): string {
  return track(of, sco, 'cmi.suspend_data') ?? '';
}

/** Byte for byte, without 60,000 characters in the message. */
function same(text: string, what: string): void {
  assert.ok(Buffer.from(text).equals(Buffer.from(notes)), `${what} are not what was written`);
}

/** That many characters (code points), a hundred of them from each plane but the first. */
function everyPlane(length: number): string {
  let text = '';
  for (let plane = 1; plane <= 16; plane++) {
    for (let at = 0; at < 100; at++) {
      text += String.fromCodePoint(plane * 0x10000 + 0x1f300 % 0x10000 + at);
    }
  }
  const basic = 'aé€漢字ß¶Ωж∑ﷲ한';
  return text + basic.repeat(Math.ceil(length / basic.length)).slice(0, length - 1600);
}
