// A site gets plugin and extension from what `make dist` makes, as the README says, plays a package, is upgraded from
// older versions, and is rid of the plugin again. On a stock Moodle, each release with its own database engine.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { internet } from '../../site/internet.mjs';
import { repo, state } from '../../site/paths.mjs';
import { run } from '../../site/process.mjs';
import { people, type Site } from '../../site/site.mjs';
import { accessible } from '../lib/axe.ts';
import { picture } from '../lib/browser.ts';
import { configure, enterPlayer, fillForm, pickFile, saveForm } from '../lib/moodle.ts';
import { Course } from '../lib/player.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

const component = 'local_externalscormbridge';
const dist = join(state, `dist-${release}`);

/** The oldest version that can be upgraded: older ones were never on a site that somebody uses. */
const oldest = 2026112002;

const made = (pattern: RegExp): string => {
  const name = readdirSync(dist).find((file) => pattern.test(file));
  assert.ok(name, `make dist made no ${String(pattern)}`);
  return join(dist, name);
};

describe(`installing on Moodle ${release}, ${internet ? 'default settings' : 'with the development switch'}`, { skip: missing }, () => {
  let stage: Stage;
  let site: Site;
  let admin: Page;

  before(async () => {
    await run([join(repo, 'tests/dist/make'), 'plugin', 'extension'], { env: { DIST: dist }, timeout: 30 * 60_000 });
    stage = await Stage.set(async (bare) => {
      bare.extension = '';
      await bare.prepareStock();
    });
    site = stage.site;
    admin = await stage.person('admin');
  });
  after(() => stage?.strike());

  test('without the extension Moodle says what is missing, and installs nothing', (context) =>
    witnessed(context, admin, async () => {
      await upload(admin, site);
      await admin.getByText('The PHP extension "scormbridge"').first().waitFor();
      await picture(admin, `install-without-extension-${release}`);
      assert.deepEqual(await traces(site), {});
      rmSync(site.plugin, { recursive: true });
    }));

  test('the extension is that of the archive for PIE, and runs', async () => {
    const folder = join(dist, 'extension');
    mkdirSync(folder);
    await run(['unzip', '-q', made(/^php_scormbridge-[\d.]+_php\d\.\d-\w+-linux-(glibc|musl)\.zip$/), '-d', folder]);
    await site.stopWeb();
    site.extension = join(folder, 'scormbridge.so');
    await site.start();
    assert.match(await run(['php', ...(await site.phpOptions()), '-m']), /^scormbridge$/m);
  });

  test('the sources in the plugin\'s zip are those of its script', async () => {
    const folder = join(dist, 'plugin');
    await run(['unzip', '-q', made(/^local_externalscormbridge-[\d.]+\.zip$/), '-d', folder]);
    const js = join(folder, 'externalscormbridge/js');
    const command = /^npx esbuild (.*)$/m.exec(readFileSync(join(js, 'src/README.md'), 'utf8'))?.[1] ?? '';
    const esbuild = join(repo, 'js/node_modules/.bin/esbuild');
    await run([esbuild, ...command.replace('../controller.js', '../again.js').replaceAll("'", '').split(' ')], { cwd: join(js, 'src') });
    const [shipped, again] = ['controller.js', 'again.js'].map((name) => readFileSync(join(js, name), 'utf8'));
    assert.equal(shipped?.replace(/^\/\*!.*?\*\/\n/s, ''), again);
  });

  test('the plugin is installed from its zip on Moodle\'s own page', (context) =>
    witnessed(context, admin, async () => {
      await upload(admin, site);
      await admin.getByRole('button', { name: 'Continue' }).click();
      await admin.getByRole('button', { name: 'Upgrade Moodle database now' }).click();
      await admin.getByRole('button', { name: 'Continue' }).click({ timeout: 300_000 });
      // Moodle shows the settings that are new and saves them as they are.
      await admin.getByRole('button', { name: 'Save changes' }).first().click();
      await admin.goto(`${site.url}/admin/settings.php?section=${component}`);
      await admin.getByRole('heading', { name: 'External SCORM Bridge' }).first().waitFor();
      await accessible(admin, 'the settings of a new site', '#region-main');
      await picture(admin, `install-settings-${release}`);
      await soundSchema(site);
    }));

  test('a host on the list is all it takes to play a package', (context) =>
    witnessed(context, admin, async () => {
      await site.script('fixtures.php', { people });
      await configure(admin, site, component, { allowlist: stage.cdn.host, ...(internet ? {} : { devmode: true }) });
      const [instructor, learner] = await stage.people('instructor', 'learner');
      await fillForm(instructor, site, ids.course, { name: 'Bees', url: stage.manifest('scorm12-single') });
      const cmid = await saveForm(instructor);
      await enterPlayer(learner, site, cmid);
      await Course.running(learner);
      assert.deepEqual(site.phpErrors(), []);
    }));

  test('uninstalled, it leaves no table, no setting, no task and no right behind, and Moodle goes on', async () => {
    await site.moodle('admin/cli/uninstall_plugins.php', `--plugins=${component}`, '--run');
    rmSync(site.plugin, { recursive: true, force: true });
    await site.moodle('admin/cli/purge_caches.php');
    assert.deepEqual(await traces(site), {});
    await soundSchema(site);
    const learner = await stage.person('learner');
    await learner.goto(`${site.url}/course/view.php?id=${String(ids.course)}`);
    await learner.getByRole('link', { name: 'Bees' }).first().click();
    await learner.locator('#page-mod-scorm-view').waitFor();
    assert.deepEqual(site.phpErrors(), []);
  });

  for (const from of ['the oldest version that anybody may have', 'the version before this one'] as const) {
    test(`upgraded from ${from}, a site has the tables of a new one and keeps what it had`, async (context) => {
      const earlier = await versions();
      const version = from.startsWith('the oldest') ? earlier.find((one) => one.number >= oldest) : earlier.at(-1);
      if (!version) {
        context.skip('this copy of the repository has no history to take an older version from');
        return;
      }
      await site.prepareStock();
      await site.stopWeb();
      const older = join(dist, 'older');
      rmSync(older, { recursive: true, force: true });
      mkdirSync(older);
      await run(['sh', '-c', `git -C '${repo}' archive '${version.commit}' moodle-plugin | tar -x -C '${older}'`]);
      await run(['cp', '-a', join(older, 'moodle-plugin'), site.plugin]);
      await site.moodle('admin/cli/upgrade.php', '--non-interactive');
      await site.moodle('admin/cli/cfg.php', `--component=${component}`, '--name=allowlist', '--set=kept.example.com');
      rmSync(site.plugin, { recursive: true });
      await run(['unzip', '-q', made(/^local_externalscormbridge-[\d.]+\.zip$/), '-d', join(site.plugin, '..')]);
      await site.moodle('admin/cli/upgrade.php', '--non-interactive');
      await soundSchema(site);
      assert.match(await site.moodle('admin/cli/cfg.php', `--component=${component}`, '--name=allowlist'), /kept\.example\.com/);
      assert.deepEqual(site.phpErrors(), []);
    });
  }
});

/** Gives the plugin's zip to Moodle's page for that, and goes as far as the environment is checked. */
async function upload(admin: Page, site: Site): Promise<void> {
  await admin.goto(`${site.url}/admin/tool/installaddon/index.php`);
  const zip = made(/^local_externalscormbridge-[\d.]+\.zip$/);
  await pickFile(admin, admin.getByRole('button', { name: 'Choose a file...' }), zip);
  await admin.locator('.filepicker-filename a').waitFor();
  await admin.getByRole('button', { name: 'Install plugin from the ZIP file' }).click();
  await admin.getByText('Validation successful').first().waitFor();
  await admin.getByRole('button', { name: 'Continue' }).click();
  await admin.waitForLoadState();
}

/** What of the component is in the database. */
async function traces(site: Site): Promise<unknown> {
  return site.script('traces.php', { component });
}

/** Moodle's own comparison of the database with what the code says it should be. */
async function soundSchema(site: Site): Promise<void> {
  assert.match(await site.moodle('admin/cli/check_database_schema.php'), /Database structure is ok/);
}

/** Earlier versions of the plugin in the history of this repository, oldest first. */
async function versions(): Promise<{ commit: string; number: number }[]> {
  const file = 'moodle-plugin/version.php';
  const commits = (await run(['git', '-C', repo, 'log', '--format=%H', '--', file]).catch(() => '')).split('\n').filter(Boolean);
  const all = await Promise.all(
    commits.map(async (commit) => {
      const text = await run(['git', '-C', repo, 'show', `${commit}:${file}`]);
      return { commit, number: Number(/\$plugin->version = (\d+)/.exec(text)?.[1]) };
    }),
  );
  const current = all[0]?.number ?? 0;
  return all.filter(({ number }) => number < current).reverse();
}
