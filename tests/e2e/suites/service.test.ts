// A Moodle that reaches the core by the local service: what an administrator sees of it, and what a learner loses when it
// is down for a while, which is nothing. That packages play by it is told by the story.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { byService } from '../../site/core.mjs';
import { accessible } from '../lib/axe.ts';
import { picture } from '../lib/browser.ts';
import { enterPlayer, exitActivity, fillForm, saveForm } from '../lib/moodle.ts';
import { Course } from '../lib/player.ts';
import { records } from '../lib/records.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

const skip = missing || (byService ? false : 'wants SCORMBRIDGE_CORE=service');

describe(`Moodle ${release} on the local service`, { skip }, () => {
  let stage: Stage;
  let admin: Page;
  let instructor: Page;
  let learner: Page;

  before(async () => {
    stage = await Stage.set();
    [admin, instructor, learner] = await stage.people('admin', 'instructor', 'learner');
    await stage.allowCdn(admin);
  });

  after(async () => {
    await stage?.strike();
  });

  /** What the diagnose page says of the core. */
  async function core(says: RegExp): Promise<void> {
    await admin.goto(`${stage.site.url}/local/externalscormbridge/diagnose.php`);
    await admin.getByText(says).first().waitFor();
  }

  /** What a browser gets that asks for content, without a ticket. */
  function content(): Promise<{ status: number; text: string }> {
    return admin.evaluate(async () => {
      const answer = await fetch('/local/externalscormbridge/content.php/none/index.html');
      return { status: answer.status, text: await answer.text() };
    });
  }

  test('the settings and the diagnosis tell an administrator of the service, and that it is down', async (context) => {
    await witnessed(context, admin, async () => {
      await admin.goto(`${stage.site.url}/admin/settings.php?section=local_externalscormbridge`);
      const address = admin.locator('#admin-serviceaddress');
      await address.scrollIntoViewIfNeeded();
      await picture(admin, `service-settings-${release}`);
      await core(/The local service \d+\.\d+\.\d+ answers/);
      await picture(admin, `service-diagnosis-${release}`);
      assert.equal((await content()).status, 403);

      await stage.site.stopService();
      await core(/The core does not answer/);
      await admin.getByText(/does not answer \(.+\)\. Start it with/).first().waitFor();
      await accessible(admin, `service-down-${release}`, '#region-main');
      await picture(admin, `service-down-${release}`);
      assert.deepEqual(await content(), { status: 503, text: 'service_unreachable\n' });

      await stage.site.startService();
      await core(/The local service \d+\.\d+\.\d+ answers/);
      assert.equal((await content()).status, 403);
    });
  });

  test('what a learner does while the service is down is saved when it is back', async (context) => {
    const url = stage.manifest('scorm12-single');
    const cmid = await witnessed(context, instructor, async () => {
      await fillForm(instructor, stage.site, ids.course, { name: 'Bees', url, completion: true });
      return saveForm(instructor);
    });
    await witnessed(context, learner, async () => {
      await enterPlayer(learner, stage.site, cmid);
      const course = await Course.running(learner);
      await course.waitFor('facts', 'loaded');
      await course.click('Next');
      await course.waitFor('current', 'summer');
      const stored = await records(stage.site, cmid, ids.learner);

      await stage.site.stopService();
      await course.write('Your notes', 'written while nobody answered');
      const refused = learner.waitForResponse((answer) => answer.url().includes('local_externalscormbridge_commit'));
      await course.click('Save');
      assert.match(await (await refused).text(), /"error":true/);
      await picture(learner, `service-down-player-${release}`);
      await stage.site.startService();

      await course.leave('Save and leave');
      assert.deepEqual(await course.failures(), []);
      await exitActivity(learner);
      const end = await records(stage.site, cmid, ids.learner);
      assert.doesNotMatch(JSON.stringify(stored), /written while nobody answered/);
      assert.match(JSON.stringify(end), /written while nobody answered/);
    });
  });
});
