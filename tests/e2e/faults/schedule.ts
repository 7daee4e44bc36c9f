// One learner at one SCO for a few seconds, under a network that fails: what is done, and when, follows from the seed.
// Answers what the SCO was promised: every call that its run-time answered with "true".
import assert from 'node:assert/strict';
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { sleep } from '../../site/process.mjs';
import type { Site } from '../../site/site.mjs';
import { logIn, type Person } from '../lib/moodle.ts';
import { picture } from '../lib/browser.ts';
import { release } from '../lib/stage.ts';
import { findFrame } from '../lib/player.ts';
import type { Network } from './network.ts';
import { elements, type Version } from './package.ts';
import { Random } from './random.ts';

export type Mode = 'direct' | 'host' | 'sandbox';

/** A SCORM activity with one scripted SCO. */
export interface Activity {
  cmid: number;
  scoid: number;
  version: Version;
  mode: Mode;
}

/** One learner in one browser. */
export interface Learner {
  id: number;
  person: Person;
  context: BrowserContext;
  network: Network;
}

export type Pair = [element: string, value: string];

/** What one launch was promised. */
export interface Promised {
  seed: number;
  launch: string;
  sets: Pair[];
  /** Said while the page was taken away. */
  lastWords?: LastWords;
}

export interface LastWords {
  pair: Pair;
  /** The run-time has accepted them: a browser that is too busy may take a page away without its last events. */
  said: boolean;
  /** Page and network went together: all requests that held the words met a fault. Only then may they be missing. */
  wentTogether: boolean;
}

const kinds = ['chatty', 'large', 'unload', 'pages', 'popup'] as const;
const leavings = ['close', 'reload', 'navigate', 'back', 'end', 'crash'] as const;

/** What a page is given before it is killed to keep what its SCO said, in milliseconds: more than it was ever seen to take. */
const KEEPING_MS = 1_000;

/** Characters of every plane, and the ones that trip transports up. */
const letters = ['a', 'é', '養', '\u{1F41D}', '\u{10FFFD}', '"', '\\', '\n', '<', '\u2028'];

/** Plays a schedule, where the earlier ones left off, and adds to them what its SCO was promised. */
export async function play(site: Site, activity: Activity, learner: Learner, seed: number, earlier: Promised[]): Promise<void> {
  const random = new Random(seed);
  const kind = random.pick(activity.mode === 'sandbox' ? kinds.slice(0, 3) : kinds);
  const leaving = kind === 'unload' ? random.pick(leavings.slice(0, 4)) : random.pick(leavings);
  const { network, context } = learner;
  const { location } = elements[activity.version];

  network.heal();
  network.note(`seed ${seed}: ${kind}, ${activity.mode}, SCORM ${activity.version}, leaves by ${leaving}`);
  const page = await context.newPage();
  page.on('dialog', (dialog) => void dialog.accept().catch(() => {}));
  await page.goto(`${site.url}/mod/scorm/loadSCO.php?id=${activity.cmid}&scoid=${activity.scoid}&mode=normal`);
  let sco = await running(page);
  const known = lastLocation(earlier, location);
  if (known !== undefined) assert.equal(await sco.evaluate(`get("${location}")`), known, 'the first read');
  const promised: Promised = { seed, launch: await launchOf(page), sets: [] };
  earlier.push(promised);
  network.fail(new Random(seed ^ 0x5eed), random.pick([0.1, 0.3, 0.6]));

  let count = 0;
  const act = async (where: Frame | Page, steps: number): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      const pairs = Array.from({ length: random.between(1, 4) }, (): Pair => value(activity.version, random, kind === 'large', `${learner.id}:${seed}:${++count}`));
      promised.sets.push(...((await where.evaluate(`sets(${script(pairs)})`)) as Pair[]));
      if (random.chance(0.3)) await where.evaluate('commit()');
      if (random.chance(network.offline ? 0.5 : 0.06)) network.offline = !network.offline;
      await sleep(random.between(0, 120));
    }
  };

  // A SCO that ends without a word about it is complete, and next time only looked at: nothing would count any more.
  const { exit, status } = elements[activity.version];
  const first: Pair[] = [[exit, 'suspend'], [status, 'incomplete']];
  promised.sets.push(...((await sco.evaluate(`sets(${script(first)})`)) as Pair[]));
  await act(sco, random.between(3, 10));
  if (kind === 'pages') {
    await sco.evaluate('location.href = "second.html"');
    sco = await findFrame(page, 'html[data-state="running"]:has(h1:text-is("Second page"))');
    await act(sco, random.between(2, 6));
  }
  if (kind === 'popup') {
    const [popup] = await Promise.all([context.waitForEvent('page'), sco.evaluate('void window.open("second.html")')]);
    await popup.waitForSelector('html[data-state="running"]', { state: 'attached' });
    await act(popup, random.between(2, 6));
    await popup.close();
  }
  if (random.chance(0.06)) await loseSession(site, learner);
  await act(sco, random.between(1, 4));

  if (kind === 'unload') {
    const on = random.pick(['beforeunload', 'pagehide', 'unload']);
    const pair: Pair = [location, `${learner.id}:${seed}:last`];
    promised.lastWords = { pair, said: false, wentTogether: false };
    network.follow(pair[1]);
    await sco.evaluate(`void (lastWords = ${script({ on, element: pair[0], value: pair[1] })})`);
    network.note(`last words in ${on}`);
  }
  network.note('leaves');
  switch (leaving) {
    case 'reload':
      await page.reload();
      await running(page);
      break;
    case 'navigate':
      await page.goto(`${site.url}/mod/scorm/view.php?id=${activity.cmid}`, { waitUntil: 'commit' });
      break;
    case 'back':
      // Over what the SCO itself has added to the tab's history.
      await Promise.all([page.waitForURL('about:blank'), page.evaluate('void history.go(1 - history.length)')]);
      break;
    case 'end':
      await sco.evaluate('end()');
      break;
    case 'crash':
      await sleep(KEEPING_MS);
      await Promise.all([page.waitForEvent('crash'), page.goto('chrome://crash').catch(() => {})]);
      break;
    case 'close':
  }
  const closed = page.waitForEvent('close', { timeout: 10_000 }).then(() => true, () => false);
  await page.close({ runBeforeUnload: leaving !== 'crash' });
  // A browser that does not close the tab after all is ended the hard way.
  if (!(await closed)) await page.close();
  // What is still on its way would come after the next schedule's first read.
  await network.quiet();
  if (promised.lastWords) {
    const [, words] = promised.lastWords.pair;
    promised.lastWords.said = network.accepted(words);
    promised.lastWords.wentTogether = network.fate(words) === 'cut off';
  }
}

/** Where the SCO was last, if it was anywhere, and as far as that is certain. */
export function lastLocation(promised: readonly Promised[], location: string): string | undefined {
  let last: string | undefined;
  for (const { sets, lastWords } of promised) {
    last = sets.findLast(([element]) => element === location)?.[1] ?? last;
    if (lastWords) last = lastWords.said && !lastWords.wentTogether ? lastWords.pair[1] : undefined;
  }
  return last;
}

/** The learner comes back, with a network that works: the browser sends what it has kept. */
export async function settle(site: Site, activity: Activity, learner: Learner): Promise<void> {
  learner.network.heal();
  learner.network.note('comes back');
  const page = await learner.context.newPage();
  await page.goto(`${site.url}/mod/scorm/loadSCO.php?id=${activity.cmid}&scoid=${activity.scoid}&mode=normal`);
  await running(page);
  await page.close();
  await learner.network.quiet();
}

async function running(page: Page): Promise<Frame> {
  const frame = await findFrame(page, 'html[data-state="running"]').catch(async (error: unknown) => {
    await picture(page, `failed-faults-${release}`);
    throw error;
  });
  assert.equal(await frame.evaluate('began'), 'true');
  return frame;
}

/** The launch that a page plays, and that counts. */
async function launchOf(page: Page): Promise<string> {
  const text = await page.locator('#scormbridge-stage').textContent();
  const { launch, seed } = JSON.parse(text ?? '') as { launch: string; seed: { mode: string } };
  assert.equal(seed.mode, 'normal', 'what is only looked at promises nothing');
  return launch;
}

/** The learner's session is gone, and after a while the learner signs in again in another tab. */
async function loseSession(site: Site, learner: Learner): Promise<void> {
  learner.network.note('signed out');
  learner.network.injected.signout += 1;
  await learner.context.clearCookies({ name: /^MoodleSession/ });
  await sleep(1_000);
  const tab = await learner.context.newPage();
  await logIn(tab, site, learner.person);
  await tab.close();
}

function value(version: Version, random: Random, large: boolean, mark: string): Pair {
  const { location, suspend, score } = elements[version];
  const what = random.pick(['location', 'suspend', 'suspend', 'score']);
  if (what === 'location') return [location, mark];
  // A score says nothing about who set it, but its place among the others does.
  if (what === 'score') return [score, String(random.between(0, 100))];
  // SCORM 1.2 takes 4,096 characters where the site is strict.
  const length = large ? random.between(500, 1_900) : random.between(0, 200);
  return [suspend, `${mark} ${Array.from({ length }, () => random.pick(letters)).join('')}`];
}

/** Code for a value, with nothing in it that a parser could take for something else. */
function script(of: unknown): string {
  return JSON.stringify(of).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
