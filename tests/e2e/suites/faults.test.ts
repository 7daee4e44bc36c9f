// Nothing is lost: seeded schedules of a learner at a SCO, through a network that drops, cuts, delays, duplicates,
// reorders and refuses, with sessions that end and pages that close. Whatever the run-time promised is in the history
// once and in order, and nothing of anybody else's.
//
// FAULT_SCHEDULES says how many (300 unless told otherwise), FAULT_SEED with which seed to begin.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addRelay } from '../../site/relay.mjs';
import { Network } from '../faults/network.ts';
import { elements, scripted, type Version } from '../faults/package.ts';
import { play, settle, type Activity, type Learner, type Mode, type Promised } from '../faults/schedule.ts';
import { fillForm, logIn, saveForm } from '../lib/moodle.ts';
import { ids, missing, release, Stage } from '../lib/stage.ts';
import { records } from '../lib/records.ts';

const schedules = Number(process.env.FAULT_SCHEDULES ?? 300);
const firstSeed = Number(process.env.FAULT_SEED ?? 1);
const learners = 4;
const modes: readonly Mode[] = ['host', 'sandbox', 'direct'];
const versions: readonly Version[] = ['1.2', '2004'];

interface Entry {
  seq: number;
  op: string;
  element?: string;
  value?: string;
}

describe(`what a SCO was promised on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let admin: Page;
  let people: Learner[];
  const activities = new Map<string, Activity>();
  const promised = new Map<string, Promised[]>();

  before(async () => {
    stage = await Stage.set();
    admin = await stage.person('admin');
    const instructor = await stage.person('instructor');
    await stage.allowCdn(admin);
    await stage.settings(admin, { contenthost: stage.site.contentHost });
    for (const version of versions) {
      const name = scripted(stage.cdn.root, version);
      await addRelay(stage.cdn.root, name, stage.site.url);
      for (const mode of modes) {
        const folder = mode === 'direct' ? `${name}-relay` : name;
        await fillForm(instructor, stage.site, ids.course, { name: `${name} by ${mode}`, url: stage.manifest(folder) });
        const cmid = await saveForm(instructor);
        const { scoes } = await records(stage.site, cmid, ids.learner);
        const scoid = scoes.find((sco) => sco.launch !== '')?.id ?? 0;
        activities.set(`${version} ${mode}`, { cmid, scoid, version, mode });
      }
    }
    const password = 'Learner-2026!';
    const found = (await stage.site.script('learners.php', { course: ids.course, count: learners, password })) as number[];
    people = await Promise.all(
      found.map(async (id, index) => {
        const network = new Network();
        const context = await stage.chrome.behind(await network.listen());
        const person = { username: `learner${index + 1}`, password };
        const page = await context.newPage();
        await logIn(page, stage.site, person);
        await page.close();
        return { id, person, context, network };
      }),
    );
  });

  after(async () => {
    await Promise.all((people ?? []).map(({ network }) => network.close()));
    await stage?.strike();
  });

  for (const mode of modes) {
    test(`by ${mode}: is kept through ${Math.ceil(schedules / modes.length)} schedules of faults`, { timeout: 3_600_000 }, async () => {
      await stage.settings(admin, { delivery: mode });
      const seeds = Array.from({ length: Math.ceil(schedules / modes.length) }, (_, index) => firstSeed + index * modes.length + modes.indexOf(mode));
      const failures: string[] = [];
      await Promise.all(people.map((learner, index) => work(learner, mode, seeds.filter((_, at) => at % learners === index), failures)));
      assert.deepEqual(failures, []);
      for (const learner of people) {
        for (const version of versions) await verify(learner, `${version} ${mode}`);
      }
      assert.deepEqual(stage.site.phpErrors(), [], 'PHP logged nothing');
    });
  }

  test('is told in numbers', () => {
    const all = [...promised.values()].flat();
    const faults = people.flatMap(({ network }) => Object.entries(network.injected));
    const kinds = new Map<string, number>();
    for (const [kind, count] of faults) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    const sets = all.reduce((sum, one) => sum + one.sets.length, 0);
    console.log(`schedules: ${new Set(all.map(({ seed }) => seed)).size}`);
    console.log(`faults injected: ${[...kinds.values()].reduce((a, b) => a + b, 0)} (${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')})`);
    console.log(`SetValues accepted: ${sets}, and ${all.filter((one) => one.lastWords && !one.wentTogether).length} last words`);
    console.log(`lost: 0; last words whose page and network went together: ${all.filter((one) => one.lastWords && one.wentTogether).length}`);
    assert.ok(sets > schedules, 'schedules that promise next to nothing prove nothing');
  });

  /** One learner plays schedule after schedule, each where the last one left off. */
  async function work(learner: Learner, mode: Mode, seeds: number[], failures: string[]): Promise<void> {
    for (const seed of seeds) {
      const key = `${versions[seed % versions.length]} ${mode}`;
      const activity = activities.get(key) as Activity;
      const before = promised.get(`${learner.id} ${key}`) ?? [];
      try {
        before.push(...(await play(stage.site, activity, learner, seed, lastLocation(before, activity.version))));
      } catch (error) {
        failures.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
      }
      promised.set(`${learner.id} ${key}`, before);
    }
    for (const version of versions) await settle(stage.site, activities.get(`${version} ${mode}`) as Activity, learner);
  }

  /** Where the SCO was last, as far as that is certain. */
  function lastLocation(told: Promised[], version: Version): string | undefined {
    const last = told.at(-1);
    if (!last || (last.lastWords && last.wentTogether)) return undefined;
    const { location } = elements[version];
    return last.lastWords?.[1] ?? told.flatMap(({ sets }) => sets).findLast(([element]) => element === location)?.[1];
  }

  async function verify(learner: Learner, key: string): Promise<void> {
    const activity = activities.get(key) as Activity;
    const history = (await stage.site.script('history.php', { cmid: activity.cmid, userid: learner.id })) as Record<string, Entry[]>;
    for (const { seed, launch, sets, lastWords, wentTogether } of promised.get(`${learner.id} ${key}`) ?? []) {
      const entries = history[launch] ?? [];
      const about = `seed ${seed}, ${key}, learner ${learner.id}`;
      const seqs = entries.map(({ seq }) => seq);
      assert.deepEqual(seqs, [...new Set(seqs)].sort((a, b) => a - b), `${about}: once and in order`);
      const stored = entries.filter(({ op }) => op === 'set').map(({ element, value }) => [element, value]);
      const said = lastWords && stored.length > sets.length ? [...sets, lastWords] : sets;
      assert.deepEqual(stored, said, `${about}: what is stored is what was promised`);
      if (lastWords && !wentTogether) assert.deepEqual(stored.at(-1), lastWords, `${about}: the last words`);
    }
    const mine = new RegExp(`^${learner.id}:`);
    const foreign = Object.values(history).flat().filter(({ op, element, value }) => op === 'set' && !/score|exit/.test(element ?? '') && !mine.test(value ?? ''));
    assert.deepEqual(foreign, [], `${key}: nothing of another learner's`);
  }
});
