// How long a value that a SCO has set can still be lost: until the browser has kept it, for when the browser dies, and
// until the server has it, for when browser and network die together. Moodle, content host, one value every 300 ms,
// nothing committed; once for each saving interval.
import type { Frame } from 'playwright-core';
import { elements, scripted } from '../e2e/faults/package.ts';
import { fillForm, saveForm } from '../e2e/lib/moodle.ts';
import { findFrame } from '../e2e/lib/player.ts';
import { records } from '../e2e/lib/records.ts';
import { ids, Stage } from '../e2e/lib/stage.ts';
import { sleep } from '../site/process.mjs';

const values = 100;

/** Milliseconds; 2,000 is what a new site has. */
const intervals = [500, 2_000, 5_000];

/** Milliseconds of the computer's clock at which something was seen in the stage page, by entry. */
interface Seen {
  kept: Record<number, number>;
  stored: Record<number, number>;
}

export async function durability(): Promise<void> {
  const stage = await Stage.set();
  try {
    const admin = await stage.person('admin');
    await stage.allowCdn(admin);
    await stage.settings(admin, { contenthost: stage.site.contentHost, delivery: 'host' });
    const instructor = await stage.person('instructor');
    await fillForm(instructor, stage.site, ids.course, { name: 'Durability', url: stage.manifest(scripted(stage.cdn.root, '1.2')) });
    const cmid = await saveForm(instructor);
    const { scoes } = await records(stage.site, cmid, ids.learner);
    const scoid = scoes.find(({ launch }) => launch !== '')?.id ?? 0;
    const learner = await stage.person('learner');
    await learner.addInitScript(watch);
    for (const interval of intervals) {
      await stage.settings(admin, { savinginterval: String(interval) });
      await learner.goto(`${stage.site.url}/mod/scorm/loadSCO.php?id=${cmid}&scoid=${scoid}&mode=normal`);
      const set = await act(await findFrame(learner, 'html[data-state="running"]'));
      await sleep(interval + 5_000);
      const seen = await learner.evaluate(() => (window as unknown as { seen: Seen }).seen);
      console.log(`\nsaving interval ${interval} ms: from SetValue until it survives, ${Object.keys(set).length} values, milliseconds`);
      line('the death of the browser (kept in the browser)     ', set, seen.kept);
      line('the death of browser and network (with the server) ', set, seen.stored);
    }
  } finally {
    await stage.strike();
  }
}

/** Sets values and answers when each was promised, by entry. The first entry is Initialize. */
function act(sco: Frame): Promise<Record<number, number>> {
  return sco.evaluate(
    async ({ element, count }) => {
      const course = window as unknown as { set: (element: string, value: string) => string };
      const times: Record<number, number> = {};
      for (let n = 1; n <= count; n++) {
        if (course.set(element, `place ${n}`) === 'true') {
          times[n + 1] = performance.timeOrigin + performance.now();
        }
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      return times;
    },
    { element: elements['1.2'].location, count: values },
  );
}

/**
 * In the stage page: notes when transactions of the browser's database end, and when the server has answered. Runs as
 * text of its own, so it has no function with a name: those lean on a helper of the translator's.
 */
function watch(): void {
  const seen: Seen = { kept: {}, stored: {} };
  (window as unknown as { seen: Seen }).seen = seen;
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: [value: { seq?: number }]): IDBRequest<IDBValidKey> {
    const [{ seq }] = args;
    if (seq !== undefined) {
      this.transaction.addEventListener('complete', () => (seen.kept[seq] ??= performance.timeOrigin + performance.now()));
    }
    return Reflect.apply(put, this, args) as IDBRequest<IDBValidKey>;
  };
  const { fetch } = window;
  window.fetch = async (...args) => {
    const response = await fetch(...args);
    const answer = (await response.clone().json().catch(() => undefined)) as { 0?: { data?: { ack?: number } } } | undefined;
    for (let seq = answer?.[0]?.data?.ack ?? 0; seq > 0 && seen.stored[seq] === undefined; seq--) {
      seen.stored[seq] = performance.timeOrigin + performance.now();
    }
    return response;
  };
}

function line(what: string, from: Record<number, number>, until: Record<number, number>): void {
  const waits = Object.entries(from).map(([seq, time]) => (until[Number(seq)] ?? Number.POSITIVE_INFINITY) - time);
  waits.sort((a, b) => a - b);
  const at = (share: number): string => (waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN).toFixed(0).padStart(6);
  console.log(`${what}: median ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)}`);
}
