// mod_scorm's rules about attempts, modes and statuses: the same SCO, played from the CDN and uploaded, is told the same
// and leaves the same. And Moodle's rules about who may enter, which hold while a learner plays, too.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { sleep } from '../../site/process.mjs';
import { picture } from '../lib/browser.ts';
import { enterPlayer, exitActivity, openSco, saveForm } from '../lib/moodle.ts';
import { findFrame } from '../lib/player.ts';
import { call, publish, type Call, type QuietPackage } from '../lib/quiet.ts';
import { differences, records, track, type Records } from '../lib/records.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

/** One visit of the player: how it is entered, and what each SCO calls in turn. Null where there must be no way in. */
type Visit = { by?: 'Enter' | 'Preview'; organization?: string; afresh?: boolean; scos: [sco: string, calls: Call[]][] } | null;

const mastery = '<adlcp:masteryscore>60</adlcp:masteryscore>';
const old: QuietPackage = { name: 'quiet-12', version: '1.2', organizations: { course: ['lesson'] }, item: mastery };
const modern: QuietPackage = { name: 'quiet-2004', version: '2004', organizations: { course: ['lesson'] } };
const twofold: QuietPackage = { name: 'quiet-twofold', version: '1.2', organizations: { short: ['a'], long: ['b', 'c'] } };

const begin: Call[] = [['Initialize'], ...get('lesson_mode', 'credit', 'entry', 'lesson_status', 'lesson_location', 'score.raw')];
const beginModern: Call[] = [
  ['Initialize'],
  ...['mode', 'credit', 'entry', 'completion_status', 'success_status', 'location'].map((name): Call => ['GetValue', `cmi.${name}`]),
];
const pause: Call[] = [...set({ lesson_status: 'incomplete', lesson_location: 'p2', exit: 'suspend' }), ['Finish']];
const complete = (score: string): Call[] => [...set({ lesson_status: 'completed', 'score.raw': score }), ['Finish']];
const look: Visit = { scos: [['lesson', begin]] };

const table: [claim: string, what: QuietPackage, settings: Record<string, string>, visits: Visit[]][] = [
  ['mastery decides where it overrides, passed', old, { masteryoverride: '1' }, [lesson(complete('75')), look]],
  ['mastery decides where it overrides, failed', old, { masteryoverride: '1' }, [lesson(complete('40'))]],
  ['the SCO decides where mastery does not override', old, { masteryoverride: '0' }, [lesson(complete('40'))]],
  ['a score completes where completion is forced', old, { masteryoverride: '0', forcecompleted: '1' }, [
    lesson([...set({ lesson_status: 'incomplete', 'score.raw': '40' }), ['Finish']]),
  ]],
  ['what was begun goes on', old, {}, [lesson(pause), lesson(pause)]],
  ['a new attempt when asked for', old, {}, [lesson(complete('75')), { ...lesson(pause), afresh: true }, lesson(pause)]],
  ['a new attempt once one is complete', old, { forcenewattempt: '1' }, [lesson(pause), lesson(complete('75')), lesson(pause)]],
  ['a new attempt at each entry, beyond the maximum too', old, { forcenewattempt: '2', maxattempt: '2' }, [
    lesson(pause), lesson(complete('75')), lesson(pause),
  ]],
  ['a review once all attempts are made', old, { maxattempt: '1' }, [lesson(complete('75')), look]],
  ['no way in once all attempts are made', old, { maxattempt: '1', lastattemptlock: '1' }, [lesson(pause), null]],
  ['the organization that was chosen', twofold, {}, [
    { organization: 'long', scos: [['b', [...begin, ...pause]], ['c', [...begin, ...complete('80')]]] },
    { scos: [['a', begin]] },
  ]],
  ['a review and a new attempt in SCORM 2004', modern, { forcenewattempt: '1' }, [
    { scos: [['lesson', [...beginModern, ['SetValue', 'cmi.location', 'p2'], ['SetValue', 'cmi.exit', 'suspend'], ['Finish']]]] },
    { scos: [['lesson', [
      ...beginModern, ['SetValue', 'cmi.completion_status', 'completed'], ['SetValue', 'cmi.score.scaled', '0.4'], ['Finish'],
    ]]] },
    { scos: [['lesson', beginModern]] },
  ]],
];

describe(`rules on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let admin: Page;
  let instructor: Page;
  let learner: Page;
  const sources = new Map<QuietPackage, { url: string; zip: string }>();

  before(async () => {
    stage = await Stage.set();
    for (const wanted of [old, modern, twofold]) {
      sources.set(wanted, await publish(stage, wanted));
    }
    [admin, instructor, learner] = await stage.people('admin', 'instructor', 'learner');
    // Tall enough for the line below the content that says how the saving goes.
    await learner.setViewportSize({ width: 1280, height: 1500 });
    await stage.allowCdn(admin);
    await stage.settings(admin, { contenthost: stage.site.contentHost });
  });

  after(async () => {
    await stage?.strike();
  });

  for (const [claim, what, settings, visits] of table) {
    test(claim, async (context) => {
      const [bridge, native] = await pair(claim, what, settings);
      const told = await witnessed(context, learner, async () => ({
        native: await play(learner, native, visits),
        bridge: await play(learner, bridge, visits),
      }));
      assert.deepEqual(told.bridge, told.native);
      const [left, expected] = [await found(bridge), await found(native)];
      assert.ok(expected.tracks.length > 0);
      assert.deepEqual(differences(left, expected), []);
    });
  }

  test('a teacher may look without leaving a trace, and has an attempt like anybody who enters', async (context) => {
    const [bridge, native] = await pair(context.name, old, {});
    await witnessed(context, instructor, async () => {
      const preview: Visit = { by: 'Preview', scos: [['lesson', [...begin, ...complete('75')]]] };
      assert.deepEqual((await play(instructor, bridge, [preview]))[0]?.slice(0, 3), ['true', 'browse', 'no-credit']);
      assert.deepEqual(reported(await records(stage.site, bridge, ids.instructor)), []);
      for (const cmid of [native, bridge]) {
        await play(instructor, cmid, [lesson(complete('75'))]);
      }
    });
    assert.deepEqual(differences(await records(stage.site, bridge, ids.instructor), await records(stage.site, native, ids.instructor)), []);
    assert.equal(track(await records(stage.site, bridge, ids.instructor), 'lesson', 'cmi.core.lesson_status'), 'passed');
  });

  test('a guest may look, is told that nothing counts, and leaves no more than at an upload', async (context) => {
    const [bridge, native] = await pair(context.name, old, {});
    await admin.goto(`${stage.site.url}/enrol/instances.php?id=${ids.course}`);
    await admin.locator('tr', { hasText: 'Guest access' }).getByRole('link', { name: 'Enable' }).click();
    const guest = await stage.chrome.person();
    await witnessed(context, guest, async () => {
      await guest.goto(`${stage.site.url}/mod/scorm/view.php?id=${bridge}`);
      await guest.getByRole('button', { name: 'Access as a guest' }).click();
      await guest.waitForURL(/view\.php/);
      const [answers] = await play(guest, bridge, [lesson(complete('75'))]);
      assert.deepEqual(answers?.slice(0, 3), ['true', 'browse', 'no-credit']);
      await play(guest, native, [lesson(complete('75'))]);
    });
    const visitor = 1;
    assert.deepEqual(reported(await records(stage.site, bridge, visitor)), []);
    assert.deepEqual(differences(await records(stage.site, bridge, visitor), await records(stage.site, native, visitor)), []);
  });

  test('an activity for members of a group is closed to others, by its pages and by their addresses', async (context) => {
    const condition = { op: '&', c: [{ type: 'group' }], showc: [true] };
    const cmids = await pair(context.name, old, { groupmode: '1', availabilityconditionsjson: JSON.stringify(condition) });
    for (const cmid of cmids) {
      const { scoes } = await found(cmid);
      const sco = scoes.find((one) => one.identifier === 'lesson')?.id;
      for (const page of [`view.php?id=${cmid}`, `player.php?cm=${cmid}&scoid=${sco}`, `loadSCO.php?id=${cmid}&scoid=${sco}`]) {
        await witnessed(context, learner, async () => {
          await learner.goto(`${stage.site.url}/mod/scorm/${page}`);
          assert.equal(learner.frames().length, 1, `${page} shows content`);
          await learner.getByText('You belong to any group').first().waitFor();
        });
      }
      assert.deepEqual((await found(cmid)).tracks, []);
    }
  });

  test('an activity that is hidden while a learner plays stores nothing more, and says so', async (context) => {
    const [cmid] = await pair(context.name, old, {});
    await witnessed(context, learner, async () => {
      await enterPlayer(learner, stage.site, cmid);
      await call(learner, 'lesson', [['Initialize'], ...set({ lesson_location: 'before' }), ['Commit']]);
      await until(async () => track(await found(cmid), 'lesson', 'cmi.core.lesson_location') === 'before');
      await hide(cmid);
      await call(learner, 'lesson', [...set({ lesson_location: 'after' }), ['Commit']]);
      const status = (await findFrame(learner, '#scormbridge-root')).getByRole('status');
      await status.getByText('can no longer be saved').waitFor();
      await picture(learner, `hidden-${release}`);
    });
    assert.equal(track(await found(cmid), 'lesson', 'cmi.core.lesson_location'), 'before');
    const { events } = (await stage.site.script('tables.php')) as { events: Record<string, number> };
    assert.ok(events['\\local_externalscormbridge\\event\\access_denied'], 'the refusal is in the log');
  });

  // The last one: a reset may end enrolments, too.
  test('a course that is reset forgets what was stored, and an open window does not bring it back', async (context) => {
    const [cmid] = await pair(context.name, old, {});
    const other = await stage.person('learner');
    await witnessed(context, other, async () => {
      await enterPlayer(other, stage.site, cmid);
      await call(other, 'lesson', [['Initialize'], ...set({ lesson_location: 'before' }), ['Commit']]);
      await until(async () => track(await found(cmid), 'lesson', 'cmi.core.lesson_location') === 'before');
      await witnessed({ name: `${context.name}, the instructor` }, instructor, reset);
      assert.deepEqual((await found(cmid)).tracks, []);
      await call(other, 'lesson', [...set({ lesson_location: 'after' }), ['Commit']]);
      await (await findFrame(other, '#scormbridge-root')).getByText('can no longer be saved').waitFor();
    });
    assert.deepEqual((await found(cmid)).tracks, []);
    const { rows } = (await stage.site.script('tables.php')) as { rows: Record<string, number> };
    assert.equal(rows.local_externalscormbridge_launch, 0);
  });

  /** The same package as an activity of a CDN's and as an uploaded one. */
  async function pair(name: string, what: QuietPackage, settings: Record<string, string>): Promise<[bridge: number, native: number]> {
    const { url, zip } = sources.get(what) ?? assert.fail('not published');
    const activities = [{ name: `${name}, from the CDN`, url, settings }, { name: `${name}, uploaded`, zip, settings }];
    const { cmids } = (await stage.site.script('activities.php', { activities })) as { cmids: [number, number] };
    return cmids;
  }

  async function play(page: Page, cmid: number, visits: Visit[]): Promise<string[][]> {
    const told: string[][] = [];
    for (const visit of visits) {
      await page.goto(`${stage.site.url}/mod/scorm/view.php?id=${cmid}`);
      if (visit === null) {
        assert.equal(await page.getByRole('button', { name: 'Enter' }).count(), 0, 'there is a way in');
        continue;
      }
      if (visit.organization) {
        // The list sends itself by script, which comes last, once it differs from what it was when it was entered.
        await page.waitForLoadState('networkidle');
        const list = page.locator('select[name="organization"]');
        await list.focus();
        const chosen = page.waitForEvent('load');
        await list.selectOption({ label: visit.organization });
        await chosen;
      }
      if (visit.afresh) {
        await page.getByLabel('Start a new attempt').check();
      }
      await page.getByRole('button', { name: visit.by ?? 'Enter' }).click();
      for (const [at, [sco, calls]] of visit.scos.entries()) {
        if (at > 0) {
          await openSco(page, sco);
        }
        told.push(await call(page, sco, calls));
      }
      await exitActivity(page);
    }
    return told;
  }

  async function found(cmid: number): Promise<Records> {
    return records(stage.site, cmid, ids.learner);
  }

  async function hide(cmid: number): Promise<void> {
    await instructor.goto(`${stage.site.url}/course/modedit.php?update=${cmid}&return=1`);
    await instructor.locator('.collapseexpand').first().click();
    await instructor.locator('#id_visible').selectOption('0');
    await saveForm(instructor);
  }

  async function reset(): Promise<void> {
    await instructor.goto(`${stage.site.url}/course/reset.php?id=${ids.course}`);
    await instructor.locator('.collapseexpand').first().click();
    await instructor.locator('#id_reset_scorm').check();
    await instructor.locator('#id_submitbutton').click();
    await instructor.getByRole('dialog').getByRole('button', { name: 'Reset course' }).click();
    await instructor.getByRole('cell', { name: 'Done' }).first().waitFor();
  }
});

/** What a SCO itself has reported; that mod_scorm notes the time of each entry is its own affair. */
function reported(of: Records): string[] {
  return of.tracks.map((row) => row.element).filter((element) => element !== 'x.start.time');
}

function lesson(calls: Call[]): NonNullable<Visit> {
  return { scos: [['lesson', [...begin, ...calls]]] };
}

function get(...names: string[]): Call[] {
  return names.map((name) => ['GetValue', `cmi.core.${name}`]);
}

function set(values: Record<string, string>): Call[] {
  return Object.entries(values).map(([name, value]) => ['SetValue', `cmi.core.${name}`, value]);
}

async function until(so: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await so()); tries++) {
    assert.ok(tries < 60, 'it did not come true');
    await sleep(250);
  }
}
