// A package that changes on its CDN while learners are at it: the instructor sees the difference before anything happens.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { sleep } from '../../site/process.mjs';
import { accessible } from '../lib/axe.ts';
import { picture } from '../lib/browser.ts';
import { enterPlayer, exitActivity, fillForm, openSco, saveForm } from '../lib/moodle.ts';
import { Course } from '../lib/player.ts';
import { records } from '../lib/records.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

/** A computer's window and a telephone's. */
const widths = { wide: 1280, narrow: 400 };

describe(`the page about a package on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let admin: Page;
  let instructor: Page;
  let learner: Page;
  let cmid: number;
  let file: string;
  let original: string;

  before(async () => {
    stage = await Stage.set();
    [admin, instructor, learner] = await stage.people('admin', 'instructor', 'learner');
    await stage.allowCdn(admin);
    await stage.settings(admin, { contenthost: stage.site.contentHost });
    file = join(stage.cdn.root, 'scorm12-multi/imsmanifest.xml');
    original = readFileSync(file, 'utf8');
    await fillForm(instructor, stage.site, ids.course, { name: 'Water', url: stage.manifest('scorm12-multi') });
    cmid = await saveForm(instructor);
  });

  after(async () => {
    await stage?.strike();
  });

  /** Puts the manifest on the CDN with some changes, or without any as it was at first. */
  function publish(edits: [string | RegExp, string][]): void {
    writeFileSync(file, edits.reduce((text, [from, to]) => text.replace(from, to), original));
  }

  const river = /<item identifier="lesson-river"[^]*?<\/item>/;
  const open = () => instructor.goto(`${stage.site.url}/local/externalscormbridge/package.php?id=${cmid}`);
  const part = (text: string) => instructor.locator('#scormbridge-package tbody tr').filter({ hasText: text });

  /** Presses "Check now", by keyboard. */
  async function check(): Promise<void> {
    await instructor.waitForLoadState('networkidle');
    const button = instructor.getByRole('button', { name: 'Check now' });
    // Moodle's drawers take the focus for a moment when they have opened or closed.
    for (let tries = 1; !(await button.evaluate((node) => node === document.activeElement)); tries++) {
      assert.ok(tries < 20, 'the button is not what comes after the link');
      await instructor.getByRole('link', { name: stage.manifest('scorm12-multi') }).focus();
      await instructor.keyboard.press('Tab');
      await sleep(100);
    }
    await instructor.keyboard.press('Enter');
  }

  /** Pictures of the page at both widths, held to the rules of accessibility. */
  async function shown(name: string): Promise<void> {
    for (const [size, width] of Object.entries(widths)) {
      await instructor.setViewportSize({ width, height: 1800 });
      const index = instructor.getByRole('button', { name: 'Close course index' });
      if (width === widths.narrow && (await index.isVisible())) {
        await index.click();
        await index.waitFor({ state: 'hidden' });
      }
      await accessible(instructor, `${name}, ${size}`, '#region-main');
      await picture(instructor, `package-${name}-${size}-${release}`);
      const overflow = await instructor.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${name} is ${overflow} pixels wider than a window of ${width}`);
    }
    await instructor.setViewportSize({ width: widths.wide, height: 900 });
  }

  test('says where a package is, how it reaches learners and why, and checks it by keyboard, once', async (context) => {
    await witnessed(context, instructor, async () => {
      await instructor.goto(`${stage.site.url}/mod/scorm/view.php?id=${cmid}`);
      const link = instructor.getByRole('menuitem', { name: 'Package', exact: true });
      if (!(await link.isVisible())) {
        await instructor.locator('.secondary-navigation').getByRole('menuitem', { name: 'More' }).click();
      }
      await link.click();
      await instructor.getByText('SCORM 1.2', { exact: true }).waitFor();
      await instructor.getByRole('heading', { name: 'Parts that can be played: 3' }).waitFor();
      assert.match((await part('Content host').textContent()) ?? '', /In use/);
      assert.match((await part('Direct').textContent()) ?? '', /Not possible: the package has no relay beside it/);
      await shown('unchanged');

      // A check that takes long, so that there is time to look.
      await instructor.evaluate(() => document.addEventListener('submit', (event) => event.preventDefault()));
      await check();
      await instructor.getByText('Checking the package. Please wait').waitFor();
      assert.equal(await instructor.getByRole('button', { name: 'Check now' }).isDisabled(), true);
      await open();
      await check();
      await instructor.getByText('The package is still the one that this activity plays.').waitFor();

      stage.cdn.broken.add('/scorm12-multi/imsmanifest.xml');
      await instructor.getByRole('button', { name: 'Check now' }).click();
      await instructor.getByRole('alert').getByText('status 503').waitFor();
      await shown('failed');
      stage.cdn.broken.clear();
      await learner.goto(`${stage.site.url}/local/externalscormbridge/package.php?id=${cmid}`);
      await learner.getByText(/do not currently have permissions/).waitFor();
    });
  });

  test('a change waits while learners go on, is told, reviewed, and accepted only as it was seen', async (context) => {
    await witnessed(context, instructor, async () => {
      await enterPlayer(learner, stage.site, cmid);
      const rain = await Course.running(learner, 'Rain');
      await rain.click('Next');
      await rain.leave('Save and leave');
      await openSco(learner, 'River');
      const course = await Course.running(learner, 'River');
      await course.leave('Save and leave');
      await exitActivity(learner);

      const snow = '<item identifier="lesson-snow" identifierref="res-rain"><title>Snow</title></item>';
      publish([[river, snow], ['<title>Rain<', '<title>Rain and hail<'], ['masteryscore>50', 'masteryscore>60']]);
      await open();
      await instructor.getByRole('button', { name: 'Check now' }).click();
      await instructor.getByText('Nothing has changed here yet: please review it.').waitFor();
      assert.match((await part('lesson-rain').textContent()) ?? '', /Changed\s+Title: Rain → Rain and hail\s+Results stay/);
      assert.match((await part('lesson-river').textContent()) ?? '', /Removed\s+Learners whose results are deleted: 1/);
      assert.match((await part('lesson-snow').textContent()) ?? '', /Added/);
      assert.match((await part('water-test').textContent()) ?? '', /masteryscore: 50 → 60/);
      await shown('review');
      await instructor.goto(`${stage.site.url}/message/output/popup/notifications.php`);
      await instructor.getByText('The package of "Water" has changed: please review').first().waitFor();

      // Learners see nothing of it yet.
      await enterPlayer(learner, stage.site, cmid);
      await learner.locator('#scorm_toc').getByText('River', { exact: true }).waitFor();
      await exitActivity(learner);
      const before = await records(stage.site, cmid, ids.learner);

      // It changes once more while the instructor reads.
      await open();
      publish([[river, ''], ['<title>Rain<', '<title>Rain and hail<']]);
      await instructor.getByRole('button', { name: 'Accept the new package' }).click();
      assert.equal(await instructor.getByLabel('I understand that the results').evaluate((box) => box.matches(':invalid')), true);
      await instructor.getByLabel('I understand that the results').focus();
      await instructor.keyboard.press('Space');
      await instructor.keyboard.press('Tab');
      await instructor.keyboard.press('Enter');
      await instructor.getByText('has changed again since you looked at it, so nothing was accepted').waitFor();
      assert.deepEqual((await records(stage.site, cmid, ids.learner)).scoes, before.scoes);
      assert.equal(await part('lesson-snow').count(), 0);

      await instructor.getByLabel('I understand that the results').check();
      await instructor.getByRole('button', { name: 'Accept the new package' }).click();
      await instructor.getByText('The new package was accepted.').waitFor();
      await instructor.getByRole('heading', { name: 'Parts that can be played: 2' }).waitFor();
      await shown('accepted');

      const after = await records(stage.site, cmid, ids.learner);
      const of = (sco: string, from: typeof after) => from.tracks.filter((track) => track.sco === sco);
      assert.ok(of('lesson-rain', before).length > 0);
      assert.deepEqual(of('lesson-rain', after), of('lesson-rain', before), 'what stays keeps its tracks');
      assert.deepEqual(of('lesson-river', after), []);
      await enterPlayer(learner, stage.site, cmid);
      await learner.locator('#scorm_toc').getByText('Rain and hail', { exact: true }).waitFor();
      assert.equal(await learner.locator('#scorm_toc').getByText('River', { exact: true }).count(), 0);
      assert.equal(await (await Course.running(learner, 'Rain')).fact('current'), 'drop', 'the learner goes on from there');
      await exitActivity(learner);
    });
  });

  test('the command line checks a URL, and takes changes over when told to', async (context) => {
    await witnessed(context, instructor, async () => {
      const cli = (name: string, ...args: string[]) => stage.site.moodle(`local/externalscormbridge/cli/${name}.php`, ...args);
      const said = await cli('check_url', stage.manifest('scorm2004-single'));
      assert.match(said, /SCORM 2004, 4th edition\n.*\n {4}The living soil \(soil-course\): http.*\/scorm2004-single\/index\.html/);
      assert.match(said, /Direct: Not possible: the package has no relay beside it/);
      assert.match(said, /Content host: In use/);
      await assert.rejects(cli('check_url', 'https://cdn.example.com/'), /failed \(1\)[^]*not on this site's list of allowed sources/);
      await assert.rejects(cli('check_url', stage.manifest('nowhere')), /failed \(1\)/);
      await assert.rejects(cli('check_url'), /failed \(2\)/);

      assert.match(await cli('refresh_packages', `--cmid=${cmid}`), /1\/1 scorm \d+, .*: unchanged\n1 unchanged, 0 taken, 0 waiting, 0 failed/);
      publish([]);
      await assert.rejects(cli('refresh_packages', `--course=${ids.course}`), /failed \(3\)[^]*added: River \(lesson-river\)/);
      assert.match(await cli('refresh_packages', '--accept'), /: taken\n[^]*0 unchanged, 1 taken/);
      await assert.rejects(cli('refresh_packages', '--cmid=x'), /failed \(2\)/);
      stage.cdn.broken.add('/scorm12-multi/imsmanifest.xml');
      await assert.rejects(cli('refresh_packages'), /failed \(1\)[^]*status 503/);
      stage.cdn.broken.clear();
      assert.deepEqual(stage.site.phpErrors(), [], 'PHP logged nothing');
    });
  });
});
