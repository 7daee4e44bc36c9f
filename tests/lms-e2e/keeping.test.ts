// Nothing that the run-time has answered with "true" is lost: not by leaving, not while the server is away, not when a
// session ends; and nobody else at the same browser gets it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { elements, scripted, type Version } from '../e2e/faults/package.ts';
import { Chrome, patience, picture } from '../e2e/lib/browser.ts';
import { findFrame } from '../e2e/lib/player.ts';
import { signIn } from '../site/lms-api.mjs';
import { LmsSite, lmsPeople } from '../site/lms.mjs';
import { sleep, stopAll } from '../site/process.mjs';
import { accessible } from '../e2e/lib/axe.ts';
import { enter, signedIn, type Person } from './people.ts';

type Call = (method: string, path: string, body?: unknown) => Promise<Record<string, never>>;

const unloads = ['beforeunload', 'pagehide', 'unload'] as const;

/** What the scripts of the package are driven by. */
async function sets(sco: Frame, ...pairs: [string, string][]): Promise<void> {
  const taken = await sco.evaluate((all) => (window as unknown as { sets: (pairs: unknown) => unknown[] }).sets(all).length, pairs);
  assert.equal(taken, pairs.length, 'the run-time refuses a value');
}

async function commits(sco: Frame): Promise<void> {
  assert.equal(await sco.evaluate(() => (window as unknown as { commit: () => string }).commit()), 'true');
}

async function running(page: Page): Promise<Frame> {
  return findFrame(page, 'html[data-state="running"]');
}

async function says(page: Page, text: string): Promise<void> {
  await page.locator('.scormbridge-status').getByText(text).waitFor();
}

for (const [at, mode] of (['host', 'sandbox'] as const).entries()) {
  describe(`work outlives what happens to its page, content delivered by ${mode}`, () => {
    const settings = '[rates]\nsign_in = { per_minute = 1000, burst = 1000 }\nuser_route = { per_minute = 10000, burst = 1000 }\n';
    const site = new LmsSite(`keeping-${mode}`, 48 + at * 3, { contentHost: mode === 'host', settings });
    let chrome: Chrome;

    before(async () => {
      await site.start();
      for (const version of ['1.2', '2004'] as const) scripted(site.cdn?.root ?? '', version);
      chrome = await Chrome.launch();
    });
    after(async () => {
      await chrome?.close();
      await site.stop();
      await stopAll();
    });

    /** A fresh course with both learners in it. */
    class Lesson {
      private constructor(
        readonly version: Version,
        private readonly places: Record<string, string>,
      ) {}

      static async of(version: Version): Promise<Lesson> {
        const teacher: Call = await signIn(site.url, lmsPeople.teacher);
        const made = await teacher('POST', '/api/courses', {
          title: 'Scripted', launch_kind: 'scorm', launch_url: site.manifest(`scripted-${version}`), published: true,
        });
        const found = await teacher('PUT', `/api/courses/${String(made.id)}/scorm-package`, {});
        assert.equal(found.delivery, mode);
        const places: Record<string, string> = {};
        for (const person of ['ana', 'ben'] as const) {
          const joins: Call = await signIn(site.url, lmsPeople[person]);
          places[person] = String((await joins('POST', `/api/courses/${String(made.id)}/enrollments`, {})).id);
        }
        return new Lesson(version, places);
      }

      async open(page: Page, person: Person = 'ana'): Promise<Frame> {
        await page.goto(this.page(person));
        return running(page);
      }

      page(person: Person): string {
        return `${site.url}/learn/${this.places[person]}`;
      }

      /** Why the next launch of somebody is refused. */
      async refusal(person: Person): Promise<string> {
        const call: Call = await signIn(site.url, lmsPeople[person]);
        return call('POST', `/api/enrollments/${this.places[person]}/scorm-launches`, {}).then(
          () => '',
          (error: unknown) => /"code":"(\w+)"/.exec(String(error))?.[1] ?? String(error),
        );
      }

      /** What the next launch of somebody would read. */
      async stored(person: Person, element: string): Promise<string | undefined> {
        const call: Call = await signIn(site.url, lmsPeople[person]);
        const stage = await call('POST', `/api/enrollments/${this.places[person]}/scorm-launches`, {});
        const seed: { elements: [string, string][] } = stage.seed ?? { elements: [] };
        return seed.elements.find(([name]) => name === element)?.[1];
      }

      async waitFor(element: string, value: string): Promise<void> {
        const end = Date.now() + patience;
        for (let seen = await this.stored('ana', element); seen !== value; seen = await this.stored('ana', element)) {
          assert.ok(Date.now() < end, `${element} is ${String(seen)}, not ${value}`);
          await sleep(250);
        }
      }
    }

    for (const version of ['1.2', '2004'] as const) {
      test(`SCORM ${version}: what a SCO says and ends with while its page is taken away is stored`, async () => {
        const { exit, suspend } = elements[version];
        const status: [string, string] = version === '1.2' ? ['cmi.core.lesson_status', 'incomplete'] : ['cmi.completion_status', 'incomplete'];
        const lesson = await Lesson.of(version);
        for (const on of unloads) {
          for (const leave of ['closes the tab', 'types another address']) {
            const ana = await signedIn(site, chrome, 'ana');
            const sco = await lesson.open(ana);
            await sets(sco, [exit, 'suspend'], status);
            const value = `said on ${on} by somebody who ${leave}`;
            await sco.evaluate(`lastWords = ${JSON.stringify({ on, element: suspend, value })}`);
            if (leave === 'closes the tab') await ana.close({ runBeforeUnload: true });
            else await ana.goto(`${site.url}/courses`);
            await lesson.waitFor(suspend, value);
            await ana.context().close();
          }
        }
      });
    }

    test('a server that is away for a while gets everything when it is back', async () => {
      const lesson = await Lesson.of('2004');
      const ana = await signedIn(site, chrome, 'ana');
      const sco = await lesson.open(ana);
      await says(ana, 'All changes saved');
      await site.halt();
      await sets(sco, ['cmi.exit', 'suspend'], ['cmi.location', 'before the end'], ['cmi.suspend_data', 'written while nobody listens']);
      await commits(sco);
      await says(ana, 'The site cannot be reached. Your answers are kept');
      await accessible(ana, 'the player of a site that is away');
      await picture(ana, `lms-keeping-away-${mode}`);
      await site.resume();
      // By itself.
      await says(ana, 'All changes saved');
      await lesson.waitFor('cmi.location', 'before the end');
      await lesson.waitFor('cmi.suspend_data', 'written while nobody listens');
      await ana.context().close();
    });

    test('what was not saved when its page went is sent by the next page', async () => {
      const lesson = await Lesson.of('2004');
      const ana = await signedIn(site, chrome, 'ana');
      let sco = await lesson.open(ana);
      await says(ana, 'All changes saved');
      await site.halt();
      await sets(sco, ['cmi.exit', 'suspend'], ['cmi.suspend_data', 'kept by the browser']);
      await says(ana, 'The site cannot be reached');
      const kept = await ana.evaluate(dump);
      assert.ok(kept.entries >= 2, 'the browser keeps what is not saved');
      assert.ok(!kept.text.includes('kept by the browser'), 'and nobody reads it there');
      await assert.rejects(ana.reload());
      await site.resume();
      sco = await lesson.open(ana);
      assert.equal(await sco.evaluate(() => (window as unknown as { get: (name: string) => string }).get('cmi.suspend_data')), 'kept by the browser');
      assert.equal(await lesson.stored('ana', 'cmi.suspend_data'), 'kept by the browser');
      await says(ana, 'All changes saved');
      assert.equal((await ana.evaluate(dump)).entries, 0, 'what is saved is not kept any longer');
      await ana.context().close();
    });

    test('when the session ends, the learner signs in in another tab, and the page goes on', async () => {
      const lesson = await Lesson.of('1.2');
      const ana = await signedIn(site, chrome, 'ana');
      const sco = await lesson.open(ana);
      await says(ana, 'All changes saved');
      const other = await ana.context().newPage();
      await signOut(other);
      await sets(sco, ['cmi.suspend_data', 'said to nobody']);
      await commits(sco);
      await says(ana, 'You are no longer signed in');
      await accessible(ana, 'the player of somebody who is not signed in');
      await picture(ana, `lms-keeping-signed-out-${mode}`);
      assert.equal(await lesson.stored('ana', 'cmi.suspend_data'), '');
      const [tab] = await Promise.all([ana.context().waitForEvent('page'), ana.getByRole('button', { name: 'Sign in' }).click()]);
      await enter(tab, 'ana');
      await says(ana, 'All changes saved');
      assert.equal(await lesson.stored('ana', 'cmi.suspend_data'), 'said to nobody');
      await sets(sco, ['cmi.suspend_data', 'and on it goes']);
      await lesson.waitFor('cmi.suspend_data', 'and on it goes');
      await ana.context().close();
    });

    test('somebody else who signs in at the same browser never gets it, and it waits for its learner', async () => {
      const lesson = await Lesson.of('1.2');
      const ana = await signedIn(site, chrome, 'ana');
      const sco = await lesson.open(ana);
      await says(ana, 'All changes saved');
      const other = await ana.context().newPage();
      await signOut(other);
      await other.goto(`${site.url}/sign-in`);
      await enter(other, 'ben');
      await sets(sco, ['cmi.suspend_data', 'for Ana alone']);
      await commits(sco);
      await says(ana, 'Somebody else has signed in here');
      await accessible(ana, 'the player beside another person');
      await picture(ana, `lms-keeping-other-person-${mode}`);
      const his = await lesson.open(other, 'ben');
      assert.equal(await his.evaluate(() => (window as unknown as { get: (name: string) => string }).get('cmi.suspend_data')), '');
      await sets(his, ['cmi.suspend_data', 'of Ben']);
      await says(other, 'All changes saved');
      assert.equal(await lesson.stored('ben', 'cmi.suspend_data'), 'of Ben');
      assert.equal(await lesson.stored('ana', 'cmi.suspend_data'), '', 'nothing was sent in his name, nor in hers');
      // Her tab goes as well: now the browser alone has it, under his eyes.
      await ana.close();
      const next = await lesson.open(other, 'ben');
      assert.equal(await next.evaluate(() => (window as unknown as { get: (name: string) => string }).get('cmi.suspend_data')), 'of Ben');
      assert.ok((await other.evaluate(dump)).entries >= 1, 'it still waits');
      await signOut(other);
      await other.goto(`${site.url}/sign-in`);
      await enter(other, 'ana');
      await lesson.open(other);
      assert.equal(await lesson.stored('ana', 'cmi.suspend_data'), 'for Ana alone');
      assert.equal(await lesson.stored('ben', 'cmi.suspend_data'), 'of Ben');
      await other.context().close();
    });

    test('of two tabs the one that was opened first is told, and what it was promised is kept', async () => {
      const lesson = await Lesson.of('1.2');
      const ana = await signedIn(site, chrome, 'ana');
      const first = await lesson.open(ana);
      const tab = await ana.context().newPage();
      const second = await lesson.open(tab);
      await sets(second, ['cmi.core.lesson_location', 'of the second']);
      await says(tab, 'All changes saved');
      await lesson.waitFor('cmi.core.lesson_location', 'of the second');
      await sets(first, ['cmi.core.lesson_location', 'of the first'], ['cmi.core.score.raw', '40']);
      await says(ana, 'This activity was opened again elsewhere');
      await picture(ana, `lms-keeping-superseded-${mode}`);
      assert.equal(await lesson.stored('ana', 'cmi.core.lesson_location'), 'of the second');
      assert.equal(await lesson.stored('ana', 'cmi.core.score.raw'), '40');
      await ana.context().close();
    });

    test('what cannot be opened any more is given up only when the learner says so', async () => {
      const lesson = await Lesson.of('1.2');
      const ana = await signedIn(site, chrome, 'ana');
      const first = await lesson.open(ana);
      await sets(first, ['cmi.core.exit', 'suspend'], ['cmi.suspend_data', 'sealed with a key that goes'], ['cmi.core.score.raw', '40']);
      await commits(first);
      await says(ana, 'All changes saved');
      await ana.goto(`${site.url}/courses`);
      await site.halt();
      await site.resumeWithAnotherSealingKey();
      const refused = await lesson.refusal('ana');
      assert.equal(refused, 'state_unreadable');
      await ana.goto(lesson.page('ana'));
      await ana.getByRole('status').getByText('What was saved of this part cannot be read any more').waitFor();
      const button = ana.getByRole('button', { name: 'Begin this part anew' });
      await accessible(ana, 'the question whether to begin anew');
      await picture(ana, `lms-keeping-unreadable-${mode}`);
      await button.focus();
      await ana.keyboard.press('Enter');
      const again = await running(ana);
      const get = (name: string) => again.evaluate((element) => (window as unknown as { get: (name: string) => string }).get(element), name);
      assert.equal(await get('cmi.suspend_data'), '');
      assert.equal(await get('cmi.core.score.raw'), '40', 'results stay');
      await sets(again, ['cmi.core.exit', 'suspend'], ['cmi.suspend_data', 'from the start']);
      await lesson.waitFor('cmi.suspend_data', 'from the start');
      await ana.context().close();
    });

    async function signOut(page: Page): Promise<void> {
      await page.goto(`${site.url}/courses`);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(/\/sign-in/);
    }
  });
}

/** How many entries the browser keeps, and everything that can be read of them. */
async function dump(): Promise<{ entries: number; text: string }> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('scormbridge');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('no database'));
  });
  const all = await new Promise<{ data: ArrayBuffer }[]>((resolve) => {
    const request = database.transaction('entries').objectStore('entries').getAll() as IDBRequest<{ data: ArrayBuffer }[]>;
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return { entries: all.length, text: all.map(({ data }) => new TextDecoder('latin1').decode(data)).join('\n') };
}
