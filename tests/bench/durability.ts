// How long a value that a SCO has set can still be lost: until the browser has kept it, for when the browser dies, and
// until the server has it, for when the device dies. Moodle, content host, one value every 300 ms, nothing committed.
import type { Frame } from 'playwright-core';
import { elements, scripted } from '../e2e/faults/package.ts';
import { fillForm, saveForm } from '../e2e/lib/moodle.ts';
import { findFrame } from '../e2e/lib/player.ts';
import { ids, Stage } from '../e2e/lib/stage.ts';
import { sleep } from '../site/process.mjs';

const values = 100;

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
    const learner = await stage.person('learner');
    await learner.addInitScript(watch);
    await learner.goto(`${stage.site.url}/mod/scorm/loadSCO.php?id=${cmid}&mode=normal`);
    const sco = await findFrame(learner, 'html[data-state="running"]');
    const set = await act(sco);
    await sleep(5_000);
    const seen = await learner.evaluate(() => (window as unknown as { seen: Seen }).seen);
    console.log(`\nfrom SetValue until it survives, ${values} values, milliseconds`);
    line('the death of the browser (kept in the browser)', set, seen.kept);
    line('the death of the device  (stored by the server)', set, seen.stored);
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

/** In the stage page: notes when transactions of the browser's database end, and when the server has answered. */
function watch(): void {
  const seen: Seen = { kept: {}, stored: {} };
  (window as unknown as { seen: Seen }).seen = seen;
  const now = (): number => performance.timeOrigin + performance.now();
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: [value: { seq?: number }]): IDBRequest<IDBValidKey> {
    const [{ seq }] = args;
    if (seq !== undefined) {
      this.transaction.addEventListener('complete', () => (seen.kept[seq] ??= now()));
    }
    return Reflect.apply(put, this, args) as IDBRequest<IDBValidKey>;
  };
  const { fetch } = window;
  window.fetch = async (...args) => {
    const response = await fetch(...args);
    const [first] = (await response.clone().json().catch(() => [])) as { data?: { ack?: number } }[];
    for (let seq = first?.data?.ack ?? 0; seq > 0 && seen.stored[seq] === undefined; seq--) {
      seen.stored[seq] = now();
    }
    return response;
  };
}

function line(what: string, from: Record<number, number>, until: Record<number, number>): void {
  const waits = Object.entries(from).map(([seq, time]) => (until[Number(seq)] ?? Number.POSITIVE_INFINITY) - time);
  waits.sort((a, b) => a - b);
  const at = (share: number): string => (waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN).toFixed(0).padStart(6);
  console.log(`${what}: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`);
}
