// What docs/provider-guide.md tells providers is true: its course and its webhook are taken out of the guide as they
// stand there and run against the server, and its table of endpoints is the one of the API document.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { Chrome, picture } from '../e2e/lib/browser.ts';
import { findFrame } from '../e2e/lib/player.ts';
import { signIn, type Caller } from '../site/lms-api.mjs';
import { LmsSite, lmsPeople } from '../site/lms.mjs';
import { repo, state } from '../site/paths.mjs';
import { run, stopAll } from '../site/process.mjs';

const guide = readFileSync(join(repo, 'docs/provider-guide.md'), 'utf8');

/** What the guide calls the LMS, and what its readers put their own into. */
const EXAMPLE_LMS = 'https://lms.example';

/** The one block of code in this language. */
function block(language: string): string {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code ?? '');
  assert.equal(blocks.length, 1, `the guide has ${String(blocks.length)} blocks of ${language}`);
  return blocks[0] ?? '';
}

/** Puts a reader's values where the guide shows examples; each must be there. */
function filled(code: string, values: Record<string, string>): string {
  return Object.entries(values).reduce((text, [example, value]) => {
    assert.ok(text.includes(example), `the guide's code no longer has ${example}`);
    return text.replaceAll(example, value);
  }, code);
}

interface AttemptView {
  id: string;
  learner: string;
  status: string;
  progress: number;
  score: { raw: number; max: number } | null;
}

describe("the provider's guide", () => {
  const folder = join(state, 'packages', 'guide');
  const site = new LmsSite('guide', 20, { game: folder });
  let chrome: Chrome;
  let teacher: Caller;

  before(async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.html'), filled(block('html'), { [EXAMPLE_LMS]: site.url }));
    await site.start();
    teacher = await signIn(site.url, lmsPeople.teacher);
    chrome = await Chrome.launch();
  });
  after(async () => {
    await chrome?.close();
    await site.stop();
    await stopAll();
  });

  async function opened(person: 'ana' | 'ben'): Promise<Page> {
    const page = await chrome.person();
    await page.goto(`${site.url}/courses/${site.courses.game}`);
    await page.getByLabel('Log-in').fill(lmsPeople[person].login);
    await page.getByLabel('Password').fill(lmsPeople[person].password);
    await page.keyboard.press('Enter');
    return page;
  }

  async function playing(page: Page, how: 'Start' | 'Continue'): Promise<Frame> {
    await page.getByRole('link', { name: how, exact: true }).click();
    const frame = await findFrame(page, '#count');
    await frame.getByText('Meadow pairs, normal').waitFor();
    return frame;
  }

  async function count(frame: Frame, to: number): Promise<void> {
    await frame.getByRole('button', { name: 'Count' }).click();
    await frame.locator('#shown', { hasText: String(to) }).waitFor();
    if (to < 5) {
      // The button is free again when everything is kept.
      await frame.locator('#count:enabled').waitFor();
    }
  }

  async function attempt(learner: string): Promise<AttemptView> {
    const { items } = (await teacher('GET', `/api/courses/${site.courses.game}/attempts`)) as { items: AttemptView[] };
    const found = items.find((one) => one.learner === learner);
    assert.ok(found, `${learner} has no attempt`);
    return found;
  }

  test('its course saves where a learner is, reports progress, is resumed, and ends with a grade', async () => {
    const ana = await opened('ana');
    let course = await playing(ana, 'Start');
    await count(course, 1);
    await count(course, 2);
    const { status, progress } = await attempt('Ana Learner');
    assert.deepEqual({ status, progress }, { status: 'started', progress: 40 });

    await ana.getByRole('link', { name: 'Back to the course' }).click();
    course = await playing(ana, 'Continue');
    await course.locator('#shown', { hasText: '2' }).waitFor();
    for (const to of [3, 4, 5]) {
      await count(course, to);
    }
    await ana.getByText('Completed. Well done!').waitFor();
    await picture(ana, 'lms-guide');
    assert.equal(await course.locator('#trouble').textContent(), '');
    const end = await attempt('Ana Learner');
    assert.deepEqual([end.status, end.progress, end.score], ['passed', 100, { raw: 5, max: 5 }]);
  });

  test("its webhook reports a grade that ends an attempt, and the course is told that it has ended", async () => {
    const ben = await opened('ben');
    const course = await playing(ben, 'Start');
    await count(course, 1);
    const admin = await signIn(site.url, lmsPeople.admin);
    const { secret } = (await admin('POST', `/api/providers/${site.provider}/webhook-secret`, {})) as { secret: string };
    const { id } = await attempt('Ben Learner');
    const script = filled(block('python'), { [`"${EXAMPLE_LMS}"`]: `"${site.url}"`, '"b2b2…"': `"${site.provider}"`, '"whsec_…"': `"${secret}"`, '"a1a1…"': `"${id}"` });
    await run(['python3', '-'], { input: script, env: { no_proxy: '*' } });
    const end = await attempt('Ben Learner');
    assert.deepEqual([end.status, end.score], ['passed', { raw: 8, max: 10 }]);

    await course.getByRole('button', { name: 'Count' }).click();
    await course.getByRole('alert').getByText('the attempt is closed').waitFor();
  });

  test('its table names every endpoint of the runtime API with its scope, and no other', () => {
    const rows = [...guide.matchAll(/^\| `(GET|POST) ([a-z/-]+)[^`]*` \| (?:`([a-z.]+)`|([a-z ]+)) \|/gm)];
    const told = rows.map(([, method, path, scope, other]) => `${method ?? ''} ${path ?? ''}: ${scope ?? other ?? ''}`);
    const { paths } = JSON.parse(readFileSync(join(repo, 'docs/openapi.json'), 'utf8')) as {
      paths: Record<string, Record<string, { security: { runtime?: string[] }[] }>>;
    };
    // Who has no runtime token shows something else.
    const others: Record<string, string> = { 'auth/exchange': 'launch token', outcomes: 'webhook signature' };
    const offered = Object.entries(paths)
      // Where a signed URL leads to is no endpoint to call by name.
      .filter(([path]) => path.startsWith('/api/runtime/') && !path.includes('{'))
      .flatMap(([path, methods]) => Object.entries(methods).map(([method, { security }]) => {
        const name = path.slice('/api/runtime/'.length);
        return `${method.toUpperCase()} ${name}: ${others[name] ?? security[0]?.runtime?.[0] ?? 'any'}`;
      }));
    assert.deepEqual(told.toSorted(), offered.toSorted());
  });
});
