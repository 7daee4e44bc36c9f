// What an administrator is told about the site: whether all is right, which way of delivery works, which value is wrong.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { repo } from '../../site/paths.mjs';
import { addRelay } from '../../site/relay.mjs';
import { accessible } from '../lib/axe.ts';
import { picture } from '../lib/browser.ts';
import { missing, release, Stage, witnessed } from '../lib/stage.ts';

const plugin = 'local_externalscormbridge';

describe(`what an administrator is told on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let admin: Page;

  before(async () => {
    stage = await Stage.set();
    admin = await stage.person('admin');
    for (const name of ['sample', 'torn']) {
      cpSync(join(repo, 'moodle-plugin/sample'), join(stage.cdn.root, name), { recursive: true });
      await addRelay(stage.cdn.root, name, stage.site.url);
    }
    await stage.allowCdn(admin);
  });

  after(async () => {
    await stage?.strike();
  });

  const open = (page: Page, name: string) => page.goto(`${stage.site.url}/local/externalscormbridge/${name}.php`);
  const check = (name: string) => admin.locator(`[data-check="${name}"]`);
  const section = (mode: string) => admin.locator(`#scormbridge-trial section[data-mode="${mode}"]`);
  const steps = (mode: string) => section(mode).locator('li').allInnerTexts();

  /** At a desk and on a telephone. */
  async function pictures(name: string): Promise<void> {
    await picture(admin, `${name}-${release}`);
    await admin.setViewportSize({ width: 400, height: 900 });
    await picture(admin, `${name}-${release}-400`);
    const wide = await admin.evaluate(() => document.documentElement.scrollWidth);
    await admin.setViewportSize({ width: 1280, height: 900 });
    assert.ok(wide <= 400, `${name} is ${wide} wide on a telephone`);
  }

  /** Plays a package, and waits for what comes of each way of delivery. */
  async function play(url: string): Promise<Record<string, string | null>> {
    await admin.getByLabel('Package URL').fill(url);
    await admin.locator('#scormbridge-trial button:enabled').waitFor();
    await admin.getByLabel('Package URL').press('Enter');
    await admin.getByText(/^Done: /).waitFor();
    const verdicts: Record<string, string | null> = {};
    for (const mode of ['direct', 'host', 'sandbox']) {
      verdicts[mode] = await section(mode).getAttribute('data-verdict');
    }
    return verdicts;
  }

  test('the checks say what is so and what to do, and change with the site', async (context) => {
    await witnessed(context, admin, async () => {
      await admin.goto(`${stage.site.url}/admin/settings.php?section=${plugin}`);
      await admin.getByRole('link', { name: 'Diagnose: is all right for packages to play?' }).click();
      await check('engine').getByText(/is loaded/).waitFor();
      await check('sandbox').getByText(/Content is answered under/).waitFor();
      await check('clock').getByText(/web server's clock agrees/).waitFor();
      await check('delivery').getByText(/There is no content host/).waitFor();
      await check('tasks').getByText(/Set up Moodle's cron/).waitFor();
      await accessible(admin, 'the checks', '#region-main');
      await pictures('diagnose');

      await stage.settings(admin, { contenthost: stage.site.contentHost });
      await stage.site.moodle('admin/cli/scheduled_task.php', `--execute=\\${plugin}\\task\\retry_results`);
      await open(admin, 'diagnose');
      await check('contenthost').getByText(/Content is answered under/).waitFor();
      await check('isolation').getByText(/has no part in/).waitFor();
      await check('tasks').getByText(/All tasks run/).waitFor();
      await admin.locator('.alert').getByText('All is well.').waitFor();
    });
  });

  test('Moodle\'s own reports and the command line show the same', async (context) => {
    await witnessed(context, admin, async () => {
      await admin.goto(`${stage.site.url}/report/status/index.php`);
      await admin.getByRole('row', { name: /PHP extension/ }).getByText(/is loaded/).waitFor();
      await admin.goto(`${stage.site.url}/report/security/index.php`);
      await admin.getByRole('row', { name: /Isolation of the content host/ }).waitFor();
      const status = await stage.site.moodle('admin/cli/checks.php', '--verbose', `--filter=${plugin}`);
      assert.match(status, /^OK/);
      assert.match(status, new RegExp(`${plugin}_engine`));
      const told = JSON.parse(await stage.site.moodle('local/externalscormbridge/cli/diagnose.php', '--json')) as { check: string; status: string }[];
      assert.equal(told.length, 16);
      assert.deepEqual(told.filter(({ status }) => ['error', 'critical', 'warning'].includes(status)), []);
    });
  });

  test('the sample package plays by each way of delivery, by keyboard alone, and nothing of it is stored', async (context) => {
    await witnessed(context, admin, async () => {
      const { rows } = await stage.site.script('tables.php');
      await open(admin, 'trial');
      assert.deepEqual(await play(stage.manifest('sample-relay')), { direct: 'works', host: 'works', sandbox: 'works' });
      for (const mode of ['direct', 'host', 'sandbox']) {
        const told = (await steps(mode)).join('\n');
        assert.match(told, /Relay and handshake: well \(after \d+ ms\)/);
        assert.match(told, /Initialize: well/);
        assert.match(told, /Values written and read back: well/);
        assert.match(told, /Accepted by the site: well \(\d+ ms\)/);
        assert.match(told, /End of the session: well/);
      }
      await accessible(admin, 'a trial', '#region-main');
      await pictures('trial');
      assert.deepEqual((await stage.site.script('tables.php')).rows, rows);
      assert.deepEqual(stage.site.phpErrors(), [], 'PHP logged nothing');
    });
  });

  test('a package of somebody else plays too, and a way that is closed says why', async (context) => {
    await witnessed(context, admin, async () => {
      await open(admin, 'trial');
      assert.deepEqual(await play(stage.manifest('scorm12-single')), { direct: 'unusable', host: 'works', sandbox: 'works' });
      await section('direct').getByText(/no relay beside it/).waitFor();
      await admin.getByLabel('Package URL').fill('https://elsewhere.example.com/imsmanifest.xml');
      await admin.getByRole('button', { name: 'Play it' }).click();
      await admin.getByText(/is not on this site's list of allowed sources/).waitFor();
    });
  });

  test('a way that does not work says so, and what to do about it', async (context) => {
    await witnessed(context, admin, async () => {
      await stage.settings(admin, { playertimeout: '5' });
      await open(admin, 'trial');
      stage.cdn.broken.add('/torn-relay/scormbridge/relay.js');
      const verdicts = await play(stage.manifest('torn-relay'));
      assert.deepEqual(verdicts, { direct: 'fails', host: 'works', sandbox: 'works' });
      await section('direct').getByText(/Write the relay beside the package again/).waitFor();
      assert.match((await steps('direct')).join('\n'), /Relay and handshake: failed .*does not answer/);
      await accessible(admin, 'a trial that failed', '#region-main');
      await picture(admin, `trial-failed-${release}`);
    });
  });

  test('keys are changed on the command line, and packages play on', async (context) => {
    const rotate = (...options: string[]) => stage.site.moodle('local/externalscormbridge/cli/rotate_keys.php', ...options);
    await witnessed(context, admin, async () => {
      assert.match(await rotate('--rotate', '--keys=tickets,data', '--dry-run'), /tickets: would get a new key/);
      assert.match(await rotate('--rotate', '--reseal', '--keys=tickets,data'), /tickets: the current key is now k2\n.*data: the current key is now k2\n.*left 0/s);
      assert.match(await rotate(), /tickets: k1, k2; current k2, made .*sealed with k1: 0 in tracks/s);
      await assert.rejects(rotate('--drop-old'), /data: k1 stays: the current key is too young/);
      await assert.rejects(rotate('--keys=doors'), /doors/);
      await open(admin, 'trial');
      assert.deepEqual(await play(stage.manifest('sample-relay')), { direct: 'works', host: 'works', sandbox: 'works' });
    });
  });

  test('every setting refuses a value that would stop packages, and says why', async (context) => {
    const bad: [string, string, RegExp][] = [
      ['allowlist', 'https://cdn.example.com', /leave out "https:\/\/"/],
      ['ports', '443, https', /https is not a port/],
      ['maxurllength', '99999', /whole number from 100 to 8192/],
      ['contenthost', stage.site.url, /another host name than Moodle/],
      ['connecttimeout', '0', /whole number from 1 to 60/],
      ['readtimeout', 'soon', /whole number from 1 to 300/],
      ['totaltimeout', '-1', /whole number from 1 to 600/],
      ['probetimeout', '601', /whole number from 1 to 600/],
      ['playertimeout', '4', /whole number from 5 to 300/],
      ['maxmanifestmb', '65', /whole number from 1 to 64/],
      ['maxfilemb', '0', /whole number from 1 to 65536/],
      ['savinginterval', '1', /whole number from 100 to 60000/],
      ['committimeout', '5.5', /whole number from 5 to 300/],
      ['sessiontimeout[v]', '-1', /too low.*minimum/],
      ['checkinterval[v]', '0', /too low.*minimum/],
      ['launchlifetime[v]', '0', /too low.*minimum/],
      ['historylifetime[v]', '-5', /too low.*minimum/],
    ];
    await witnessed(context, admin, async () => {
      for (const [name, value, said] of bad) {
        await admin.goto(`${stage.site.url}/admin/settings.php?section=${plugin}`);
        const field = admin.locator(`[name="s_${plugin}_${name}"]`);
        const setting = admin.locator('.form-item', { has: field });
        assert.notEqual((await setting.locator('.form-setting > :is(.form-description, .form-text)').last().innerText()).trim(), '', `${name} has no help`);
        await field.evaluate((node) => node.setAttribute('type', 'text'));
        await field.fill(value);
        await admin.getByRole('button', { name: 'Save changes' }).click();
        await admin.waitForLoadState();
        const error = admin.locator('.form-item', { has: admin.locator(`[name="s_${plugin}_${name}"]`) }).locator('.error').first();
        assert.match(await error.innerText().catch(() => ''), said, `${name} took ${value}`);
      }
      await picture(admin, `settings-refused-${release}`);
    });
  });

  test('nobody but an administrator gets in', async (context) => {
    const learner = await stage.person('learner');
    await witnessed(context, learner, async () => {
      for (const page of ['diagnose', 'trial']) {
        await open(learner, page);
        await learner.getByText(/Access denied|do not currently have permissions|Section error/).waitFor();
      }
    });
  });
});
