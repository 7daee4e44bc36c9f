// Nothing is lost: seeded schedules of a learner at a SCO, through a network that drops, cuts, delays, duplicates,
// reorders and refuses, with sessions that end and pages that close. Whatever the run-time promised is in the history
// once and in order, nothing of anybody else's is, and the tables are what the history makes of them.
//
// FAULT_SCHEDULES says how many (24 unless told otherwise), FAULT_SEED with which seed to begin. What went over the network
// is left in a log for each learner.
//
// Feature: external-scorm-bridge, Property 5: Tracking Data Capture and Persistence
// Feature: external-scorm-bridge, Property 10: Tracking History Completeness
// Feature: external-scorm-bridge, Property 19: Session Expiration Data Preservation
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { state } from '../../site/paths.mjs';
import { addRelay } from '../../site/relay.mjs';
import { Network } from '../faults/network.ts';
import { elements, scripted, type Version } from '../faults/package.ts';
import { lastLocation, play, settle, type Activity, type Learner, type Mode, type Pair, type Promised } from '../faults/schedule.ts';
import { judge, type Entry } from '../faults/verdict.ts';
import { fillForm, logIn, saveForm } from '../lib/moodle.ts';
import { ids, missing, release, Stage } from '../lib/stage.ts';
import { records } from '../lib/records.ts';

const schedules = Number(process.env.FAULT_SCHEDULES ?? 24);
const firstSeed = Number(process.env.FAULT_SEED ?? 1);
const learners = 4;
const modes: readonly Mode[] = ['host', 'sandbox', 'direct'];
const versions: readonly Version[] = ['1.2', '2004'];

test('what is lost, doubled, out of order or never said is noticed, and last words are let off only when they went with the network', () => {
  const a: Pair = ['cmi.location', '4:1:1'];
  const b: Pair = ['cmi.location', '4:1:2'];
  const last: Pair = ['cmi.location', '4:1:last'];
  const told = (wentTogether?: boolean, said = true): Promised => ({
    seed: 1, launch: 'x', sets: [a, b], ...(wentTogether === undefined ? {} : { lastWords: { pair: last, said, wentTogether } }),
  });
  const verdict = (of: Promised, ...pairs: Pair[]): string => {
    const entries = pairs.map(([element, value], at): Entry => ({ seq: at + 1, op: 'set', element, value }));
    const { promised, stored, lost, byNature, wrong } = judge(of, entries);
    return `${promised} promised, ${stored} stored, ${lost.length} lost, ${byNature} by nature, ${wrong.length} wrong`;
  };
  assert.equal(verdict(told(), a, b), '2 promised, 2 stored, 0 lost, 0 by nature, 0 wrong');
  assert.equal(verdict(told()), '2 promised, 0 stored, 2 lost, 0 by nature, 0 wrong');
  assert.equal(verdict(told(), a), '2 promised, 1 stored, 1 lost, 0 by nature, 0 wrong');
  assert.equal(verdict(told(), a, b, b), '2 promised, 3 stored, 0 lost, 0 by nature, 1 wrong');
  assert.equal(verdict(told(), b, a), '2 promised, 2 stored, 0 lost, 0 by nature, 1 wrong');
  assert.equal(verdict(told(), a, b, ['cmi.location', '5:1:1']), '2 promised, 3 stored, 0 lost, 0 by nature, 1 wrong');
  assert.equal(verdict(told(false), a, b, last), '3 promised, 3 stored, 0 lost, 0 by nature, 0 wrong');
  assert.equal(verdict(told(false), a, b), '3 promised, 2 stored, 1 lost, 0 by nature, 0 wrong');
  assert.equal(verdict(told(true), a, b), '3 promised, 2 stored, 0 lost, 1 by nature, 0 wrong');
  assert.equal(verdict(told(false, false), a, b), '2 promised, 2 stored, 0 lost, 0 by nature, 0 wrong');
  assert.equal(verdict(told(false, false), a, b, last), '3 promised, 3 stored, 0 lost, 0 by nature, 0 wrong');
  assert.equal(verdict(told(true), a, last), '3 promised, 2 stored, 1 lost, 0 by nature, 0 wrong');
});

describe(`what a SCO was promised on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let admin: Page;
  let people: Learner[];
  const activities = new Map<string, Activity>();
  const promised = new Map<string, Promised[]>();
  const total = { schedules: 0, promised: 0, lastWords: 0, stored: 0, lost: 0, byNature: 0 };

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
    const folder = join(state, 'e2e/faults');
    mkdirSync(folder, { recursive: true });
    for (const { id, network } of people ?? []) writeFileSync(join(folder, `${release}-learner-${id}.log`), `${network.log.join('\n')}\n`);
    await stage?.strike();
  });

  for (const mode of modes) {
    test(`by ${mode}: is kept through ${Math.ceil(schedules / modes.length)} schedules of faults`, { timeout: 3_600_000 }, async () => {
      await stage.settings(admin, { delivery: mode });
      const seeds = Array.from({ length: Math.ceil(schedules / modes.length) }, (_, index) => firstSeed + index * modes.length + modes.indexOf(mode));
      const failures: string[] = [];
      await Promise.all(people.map((learner, index) => work(learner, mode, seeds.filter((_, at) => at % learners === index), failures)));
      for (const learner of people) {
        for (const version of versions) failures.push(...(await verify(learner, mode, version)));
      }
      assert.deepEqual(failures, []);
      const verified = await stage.site.moodle('local/externalscormbridge/cli/verify_history.php');
      assert.match(verified, /^[1-9]\d* agree, 0 differ, 0 busy$/m, 'the tables are what the history makes of them');
      // Moodle notes a sign-in form that is older than its session: a late answer to the player's tab may have brought another.
      const logged = stage.site.phpErrors().filter((line) => !line.includes('Invalid Login Token'));
      assert.deepEqual(logged, [], 'PHP logged nothing');
    });
  }

  test('is told in numbers', () => {
    const kinds = new Map<string, number>();
    for (const [kind, count] of people.flatMap(({ network }) => Object.entries(network.injected))) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    const faults = [...kinds.values()].reduce((a, b) => a + b, 0);
    console.log(`schedules: ${total.schedules}`);
    console.log(`faults injected: ${faults} (${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')})`);
    console.log(`SetValues accepted: ${total.promised}, among them ${total.lastWords} last words`);
    console.log(`stored: ${total.stored}`);
    console.log(`lost: ${total.lost}`);
    console.log(`lost by nature (last words, when page and network went together): ${total.byNature}`);
    assert.equal(total.lost, 0);
    assert.equal(total.stored + total.byNature, total.promised);
    assert.ok(faults > schedules && total.promised > 10 * schedules, 'schedules that promise or suffer next to nothing prove nothing');
  });

  /** One learner plays schedule after schedule, each where the last one left off, and comes back at the end. */
  async function work(learner: Learner, mode: Mode, seeds: number[], failures: string[]): Promise<void> {
    for (const seed of seeds) {
      const version = versions[seed % versions.length] as Version;
      const earlier = promised.get(`${learner.id} ${version} ${mode}`) ?? [];
      promised.set(`${learner.id} ${version} ${mode}`, earlier);
      try {
        await play(stage.site, activity(version, mode), learner, seed, earlier);
      } catch (error) {
        failures.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (const version of versions) await settle(stage.site, activity(version, mode), learner);
  }

  /** Compares what one learner was promised with what there is; answers what is wrong. */
  async function verify(learner: Learner, mode: Mode, version: Version): Promise<string[]> {
    const { cmid } = activity(version, mode);
    const told = promised.get(`${learner.id} ${version} ${mode}`) ?? [];
    const history = (await stage.site.script('history.php', { cmid, userid: learner.id })) as Record<string, Entry[]>;
    const failures: string[] = [];
    for (const one of told) {
      const verdict = judge(one, history[one.launch] ?? []);
      total.schedules += 1;
      total.promised += verdict.promised;
      total.lastWords += verdict.promised - one.sets.length;
      total.stored += verdict.stored;
      total.lost += verdict.lost.length;
      total.byNature += verdict.byNature;
      const about = `seed ${one.seed}, learner ${learner.id}, ${mode}, SCORM ${version}`;
      failures.push(...verdict.lost.map((pair) => `${about}: lost ${JSON.stringify(pair).slice(0, 120)}`));
      failures.push(...verdict.wrong.map((what) => `${about}: ${what.slice(0, 160)}`));
    }
    const location = lastLocation(told, elements[version].location);
    const { tracks } = await records(stage.site, cmid, learner.id);
    const stored = tracks.find(({ element }) => element === elements[version].location)?.value;
    if (location !== undefined && stored !== location) failures.push(`learner ${learner.id}, ${mode}, SCORM ${version}: at ${stored} instead of ${location}`);
    const mine = new RegExp(`^${learner.id}:`);
    const foreign = Object.values(history).flat().filter(({ element, value }) => /location|suspend_data/.test(element ?? '') && !mine.test(value ?? ''));
    return [...failures, ...foreign.map(({ value }) => `learner ${learner.id} has another learner's ${value?.slice(0, 40)}`)];
  }

  function activity(version: Version, mode: Mode): Activity {
    return activities.get(`${version} ${mode}`) as Activity;
  }
});
